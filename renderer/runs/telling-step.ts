import type { ShownStepRun } from '../canvas/shown-step-run.ts'

const BY_INTEREST: readonly ShownStepRun['status'][] = ['failed', 'needs-review', 'waiting', 'running']

/** The step to show first: where the run failed, waits or is; else the last one that did something. */
export function tellingStep(steps: readonly ShownStepRun[]): ShownStepRun | null {
  for (const status of BY_INTEREST) {
    const found = steps.find((step) => step.status === status)
    if (found !== undefined) return found
  }
  return steps.findLast((step) => step.status === 'succeeded') ?? steps[0] ?? null
}
