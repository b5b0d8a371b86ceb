import type { LeftOut, RunSummary } from '../../../core/contract/values.ts'
import { isTerminal, type RunState, runTransitions, type ShownRunState } from '../../../core/domain/runs/states.ts'

/** What is to be done with many runs. */
export type BulkChoice = {
  readonly action: 'replay' | 'cancel'
  readonly fromFailed?: boolean
  readonly version?: 'same' | 'newest'
  /** What a replay takes along although it was replayed before, or is a test. */
  readonly include?: readonly LeftOut[]
}

/** Whether a run can be replayed: only once it has ended. */
export function canBeReplayed(status: RunState): boolean {
  return isTerminal(runTransitions, status)
}

/** Whether an ended run has a step to go on from: one that succeeded has none. */
export function canGoOnFromFailed(status: RunState): boolean {
  return canBeReplayed(status) && status !== 'succeeded'
}

/** Whether a run can be cancelled. One that needs review is stopped by a person's word on it. */
export function canBeCancelled(status: RunState): boolean {
  return status === 'running' || status === 'waiting'
}

/** Which runs a choice is for; the others are left alone. */
export function bulkTarget({ action, fromFailed = false }: BulkChoice): (status: RunState) => boolean {
  if (action === 'cancel') return canBeCancelled
  return fromFailed ? canGoOnFromFailed : canBeReplayed
}

/** Why a replay leaves a run out by itself, or null; as the host says it. */
export function leftOutAs(run: Pick<RunSummary, 'test' | 'replays'>): LeftOut | null {
  if (run.test) return 'tests'
  return run.replays.length > 0 ? 'replayed' : null
}

/** The state of what a filter finds, as far as choices go by it. */
export function stateBehind(shown: ShownRunState): RunState {
  if (shown === 'filtered') return 'succeeded'
  return shown === 'replayed' ? 'failed' : shown
}
