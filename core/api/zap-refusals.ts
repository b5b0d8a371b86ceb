import type { ZapRow } from '../db/zaps.ts'
import type { Problem } from '../domain/problem.ts'

/** Why something cannot be done with a zap, as sentences for the person who wanted it. */
export const noZap = (id: string): string => `There is no zap ${id}.`

export function notPublished(zap: ZapRow, problems: readonly Problem[]): string {
  const [first] = problems
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : ''
  return `The zap "${zap.name}" cannot run yet: ${first?.message ?? ''}${more}`
}
