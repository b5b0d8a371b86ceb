import type { RunSummary, StepRun } from '../../core/contract/values.ts'
import type { RoundCounts } from './round-counts.ts'

/** A step of a run as a person is to see it. `rounds` is there where it stands for several rounds of a loop. */
export type ShownStepRun = Omit<StepRun, 'status'> & {
  readonly status: StepRun['status'] | 'needs-review'
  readonly rounds?: RoundCounts
}

/** How a step of a run stands, as badges say it: a test may have taken its output from elsewhere, or may stand before it. */
export function shownStatus(
  run: Pick<ShownStepRun, 'status' | 'given' | 'waitsFor'>,
): ShownStepRun['status'] | 'given' | 'paused' {
  if (run.given !== null) return 'given'
  return run.waitsFor === 'pause' ? 'paused' : run.status
}

/** The steps of a run. Where Hookline stopped in the middle of one and asks a person, that step is not running any more. */
export function shownStepRuns(run: Pick<RunSummary, 'status'>, steps: readonly StepRun[]): readonly ShownStepRun[] {
  if (run.status !== 'needs-review') return steps
  return steps.map((step) => (step.status === 'running' ? { ...step, status: 'needs-review' } : step))
}
