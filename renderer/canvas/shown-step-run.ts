import type { RunSummary, StepRun } from '../../core/contract/values.ts'

/** A step of a run as a person is to see it. */
export type ShownStepRun = Omit<StepRun, 'status'> & { readonly status: StepRun['status'] | 'needs-review' }

/** The steps of a run. Where Hookline stopped in the middle of one and asks a person, that step is not running any more. */
export function shownStepRuns(run: Pick<RunSummary, 'status'>, steps: readonly StepRun[]): readonly ShownStepRun[] {
  if (run.status !== 'needs-review') return steps
  return steps.map((step) => (step.status === 'running' ? { ...step, status: 'needs-review' } : step))
}
