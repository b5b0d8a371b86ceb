/** A step of a run, or of one round of a loop in it. */
export function stepKey(scope: string, stepId: string): string {
  return `${scope}/${stepId}`
}
