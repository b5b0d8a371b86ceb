import type { HistoryJob, HistorySettings } from '../../core/contract/values.ts'
import { formatBytes } from '../ui/words/format-bytes.ts'

const runs = (count: number): string => (count === 1 ? '1 run' : `${count.toLocaleString('en')} runs`)

/** A job that goes on: "Deleting 12 of 50 runs". */
export function jobProgress({ kind, done, total }: HistoryJob): string {
  return kind === 'prune'
    ? `Deleting ${done.toLocaleString('en')} of ${runs(total)}`
    : `Giving back ${formatBytes(done)} of ${formatBytes(total)}`
}

/** What became of a job, as a toast says it. */
export function jobResult(job: HistoryJob): { title: string; detail?: string; tone: 'success' | 'neutral' | 'error' } {
  const { kind, state, done, freedBytes, message } = job
  const values = freedBytes > 0 ? `, and ${formatBytes(freedBytes)} of large values` : ''
  const title = kind === 'prune' ? `Deleted ${runs(done)}${values}` : `Gave ${formatBytes(done)} back to the disk`
  if (state === 'failed')
    return { title: `${title}, then it broke off`, detail: message ?? 'No reason is known.', tone: 'error' }
  if (state === 'stopped') return { title: `${title}, then stopped`, tone: 'neutral' }
  if (kind === 'prune' && done > 0) {
    return { title, detail: 'New runs use the space. "Shrink now" gives it back to the disk.', tone: 'success' }
  }
  return { title, tone: 'success' }
}

/** How long runs are kept, as a sentence about those that go: "Runs that …". */
export function whatGoes({ keepSucceededDays, keepFailedDays }: HistorySettings): string {
  const days = (count: number): string => (count === 1 ? 'a day' : `${count.toLocaleString('en')} days`)
  if (keepSucceededDays === 0 && keepFailedDays === 0) return 'All runs are kept for ever.'
  if (keepSucceededDays === keepFailedDays) return `Runs that ended more than ${days(keepFailedDays)} ago.`
  const parts = [
    ...(keepSucceededDays > 0
      ? [`succeeded, were filtered out or were cancelled, and ended more than ${days(keepSucceededDays)} ago`]
      : []),
    ...(keepFailedDays > 0 ? [`failed or were replayed, and ended more than ${days(keepFailedDays)} ago`] : []),
  ]
  return `Runs that ${parts.join('; those that ')}.`
}
