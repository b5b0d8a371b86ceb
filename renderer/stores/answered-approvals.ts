import type { Approval } from '../../core/contract/values.ts'

/** A name for a question that no other has. */
export function approvalKey({ runId, step, scope }: Pick<Approval, 'runId' | 'step' | 'scope'>): string {
  return `${runId} ${step} ${scope}`
}

/**
 * The open questions together with those among the `shown` that have been answered since, in the order in which they were asked. A
 * question that is neither was answered elsewhere, and goes.
 */
export function withAnswered(open: readonly Approval[], shown: readonly Approval[]): readonly Approval[] {
  const known = new Set(open.map(approvalKey))
  const answered = shown.filter((one) => one.decision !== null && !known.has(approvalKey(one)))
  return [...open, ...answered].toSorted((a, b) => compare(a.requestedAt, b.requestedAt) || compare(a.runId, b.runId))
}

function compare(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1
}
