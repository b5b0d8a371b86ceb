import type { RunSummary } from '../../core/contract/values.ts'
import { elapsedMs, formatDuration } from '../ui/words/duration.ts'
import { useNow } from '../ui/words/use-now.ts'

/** How long a run took, or has taken so far. */
export function RunDuration({ run }: { run: RunSummary }) {
  const isOpen = run.finishedAt === null && (run.status === 'running' || run.status === 'waiting')
  const now = useNow(isOpen, 500)
  if (run.finishedAt === null && !isOpen) return <span className="text-ink-faint">–</span>
  return <>{formatDuration(elapsedMs(run.startedAt, run.finishedAt, now))}</>
}
