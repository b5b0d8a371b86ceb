import { useState } from 'react'
import type { HistoryJob } from '../../core/contract/values.ts'
import { Button } from '../ui/controls/button.tsx'
import { Progress } from '../ui/page/progress.tsx'
import { stopHistoryJob } from './history.ts'
import { jobProgress } from './history-words.ts'

/** How far a job is that goes on, and how to stop it. */
export function HistoryJobLine({ job }: { job: HistoryJob }) {
  const [stopping, setStopping] = useState(false)
  const words = jobProgress(job)
  return (
    <div className="flex items-center gap-3">
      <span className="w-64 shrink-0 truncate font-medium tabular-nums">{words}</span>
      <Progress value={job.done} total={job.total} label={words} />
      <Button
        size="sm"
        loading={stopping}
        onClick={() => {
          setStopping(true)
          void stopHistoryJob()
        }}
      >
        {stopping ? 'Stopping…' : 'Stop'}
      </Button>
    </div>
  )
}
