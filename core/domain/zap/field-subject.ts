import type { Step } from './zap-file.ts'

/** A step as its author knows it. */
export function stepName(step: Pick<Step, 'id' | 'name'>): string {
  return step.name === undefined || step.name === step.id ? `"${step.id}"` : `"${step.name}" (${step.id})`
}

/** How every sentence about a field of a step's input begins, so that a form can say the rest below the field itself. */
export function fieldSubject(path: readonly PropertyKey[], step: Pick<Step, 'id' | 'name'>): string {
  return `"${path.map(String).join('.') || 'input'}" of the step ${stepName(step)}`
}
