import type { Approval } from '../../core/contract/values.ts'

/** A name for a question that no other has. */
export function approvalKey({ runId, step, scope }: Pick<Approval, 'runId' | 'step' | 'scope'>): string {
  return `${runId} ${step} ${scope}`
}

/**
 * The open questions together with those among the `shown` that were answered here, or are being answered (their keys are in
 * `answering`), in the order in which they were asked. A list of open questions may have been read before an answer that is known
 * here by now, or before the answer to it has come back: what was answered stays answered, and what is being answered stays. A
 * question that is neither open nor one of these was answered elsewhere, and goes.
 */
export function withAnswered(
  open: readonly Approval[],
  shown: readonly Approval[],
  answering: ReadonlySet<string>,
): readonly Approval[] {
  const kept = shown.filter((one) => one.decision !== null || answering.has(approvalKey(one)))
  const known = new Set(kept.map(approvalKey))
  return [...open.filter((one) => !known.has(approvalKey(one))), ...kept].toSorted(
    (a, b) => compare(a.requestedAt, b.requestedAt) || compare(a.runId, b.runId),
  )
}

function compare(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1
}
