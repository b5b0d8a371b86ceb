import { useState } from 'react'
import type { BulkJob } from '../../core/contract/values.ts'
import { cancelBulk, useBulk } from '../stores/bulk.ts'
import { progressWords } from '../stores/bulk-jobs.ts'
import { Button } from '../ui/button.tsx'
import { Progress } from '../ui/progress.tsx'

/** How far the jobs over many runs are. Nothing where none is under way. */
export function BulkProgress() {
  const jobs = useBulk((state) => state.jobs)
  const running = jobs.filter((job) => job.state === 'running')
  if (running.length === 0) return null
  return (
    <ul aria-label="Jobs under way" className="mb-3 flex flex-col gap-2">
      {running.map((job) => (
        <JobLine key={job.id} job={job} />
      ))}
    </ul>
  )
}

function JobLine({ job }: { job: BulkJob }) {
  // Stays until the job is over: what is in hand is finished first.
  const [stopping, setStopping] = useState(false)
  const words = progressWords(job)
  const stop = async () => {
    setStopping(true)
    if (!(await cancelBulk(job.id))) setStopping(false)
  }
  return (
    <li className="flex items-center gap-3 rounded-lg border border-line bg-surface py-2 pr-2 pl-4 shadow-card">
      <span className="w-60 shrink-0 truncate font-medium tabular-nums">{words}</span>
      <Progress value={job.processed} total={job.total} label={words} />
      {job.skipped > 0 && (
        <span className="shrink-0 text-sm text-ink-faint tabular-nums">
          {job.skipped.toLocaleString('en')} left alone
        </span>
      )}
      <Button size="sm" loading={stopping} onClick={() => void stop()}>
        {stopping ? 'Stopping…' : 'Stop'}
      </Button>
    </li>
  )
}
