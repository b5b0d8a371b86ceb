import { useEffect, useState } from 'react'
import type { BulkJob } from '../../../core/contract/values.ts'
import { Button } from '../../ui/controls/button.tsx'
import { Progress } from '../../ui/page/progress.tsx'
import { cancelBulk, useBulk } from './bulk.ts'
import { progressWords } from './bulk-jobs.ts'

/** Milliseconds of a job that are not worth a line. */
const PATIENCE_MS = 400

/** How far the jobs over many runs are. Nothing where none is under way. */
export function BulkProgress() {
  const jobs = useBulk()
  const running = jobs.filter((job) => job.state === 'running')
  const isLong = useIsLong(running.length > 0)
  if (running.length === 0 || !isLong) return null
  return (
    <ul aria-label="Jobs under way" className="mb-3 flex flex-col gap-2">
      {running.map((job) => (
        <JobLine key={job.id} job={job} />
      ))}
    </ul>
  )
}

/** Whether something has gone on for a while: what is over at once should not push the list down and up again. */
function useIsLong(isGoing: boolean): boolean {
  const [isLong, setLong] = useState(false)
  useEffect(() => {
    setLong(false)
    if (!isGoing) return
    const timer = setTimeout(() => setLong(true), PATIENCE_MS)
    return () => clearTimeout(timer)
  }, [isGoing])
  return isLong
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
