import type { StepRun } from '../../core/contract/values.ts'

const BY_INTEREST: readonly StepRun['status'][] = ['failed', 'waiting', 'running']

/** The step to show first: where the run failed, waits or is; else the last one that did something. */
export function tellingStep(steps: readonly StepRun[]): StepRun | null {
  for (const status of BY_INTEREST) {
    const found = steps.find((step) => step.status === status)
    if (found !== undefined) return found
  }
  return steps.findLast((step) => step.status === 'succeeded') ?? steps[0] ?? null
}
