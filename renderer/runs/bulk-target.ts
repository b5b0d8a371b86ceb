import type { BulkJob, RunSummary } from '../../core/contract/values.ts'
import { isTerminal, type RunState, runTransitions } from '../../core/domain/states.ts'

/** Whether a run can be replayed: only once it has ended. */
export function canBeReplayed(status: RunState): boolean {
  return isTerminal(runTransitions, status)
}

/** Whether a run can be cancelled. One that needs review is stopped by a person's word on it. */
export function canBeCancelled(status: RunState): boolean {
  return status === 'running' || status === 'waiting'
}

/** Tells which of the selected runs an action is for; the others are left alone. */
export function bulkTarget(action: BulkJob['action']): (run: Pick<RunSummary, 'status'>) => boolean {
  return (run) => (action === 'replay' ? canBeReplayed(run.status) : canBeCancelled(run.status))
}
