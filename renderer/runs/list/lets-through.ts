import type { RunSummary } from '../../../core/contract/values.ts'
import { encodeTimeAsId } from '../../../core/domain/host/ids.ts'
import { boundsOf, type RunFilter } from './run-filter.ts'

/** Whether a filter lets a run through, as far as a screen can tell: only the host knows what is in it, so the text is left out. */
export function letsThrough({ zapId, status, when }: RunFilter, run: RunSummary, now: number): boolean {
  const { since, until } = boundsOf(when, now)
  return (
    (zapId === undefined || run.zapId === zapId) &&
    (status === undefined || run.shownAs === status) &&
    (since === undefined || run.id >= encodeTimeAsId('run', since)) &&
    (until === undefined || run.id < encodeTimeAsId('run', until))
  )
}
