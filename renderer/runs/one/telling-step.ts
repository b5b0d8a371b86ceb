import type { ShownStepRun } from '../../steps/shown-step-run.ts'

const BY_INTEREST: readonly ShownStepRun['status'][] = ['failed', 'needs-review', 'waiting', 'running', 'filtered']

/**
 * The step to show first: where the run failed, waits, is or was filtered; else the last one that did something. A step in the body of a loop comes
 * before the loop, which fails and waits only because its body does.
 */
export function tellingStep(steps: readonly ShownStepRun[]): ShownStepRun | null {
  for (const status of BY_INTEREST) {
    const [first, ...others] = steps.filter((step) => step.status === status)
    if (first !== undefined)
      return others.reduce((found, step) => (depthOf(step) > depthOf(found) ? step : found), first)
  }
  return steps.findLast((step) => step.status === 'succeeded') ?? steps[0] ?? null
}

function depthOf(step: ShownStepRun): number {
  return step.scope === '' ? 0 : step.scope.split('.').length
}
