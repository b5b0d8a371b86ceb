/** Width of the two parts of a success bar, in percent; null when nothing ended in the period. */
export type SuccessShare = { readonly succeeded: number; readonly failed: number; readonly words: string }

/**
 * The share of runs that succeeded. A single failure among thousands still gets a visible piece, and a single success
 * among failures too: a bar that looks full or empty must be so.
 */
export function successShare(counts: { succeeded: number; failed: number }): SuccessShare | null {
  const total = counts.succeeded + counts.failed
  if (total === 0) return null
  const exact = (counts.succeeded / total) * 100
  const isMixed = counts.succeeded > 0 && counts.failed > 0
  const succeeded = isMixed ? Math.min(94, Math.max(6, exact)) : exact
  // 99.96 % must not read as 100 % while one of them failed.
  const shown = isMixed ? Math.min(99, Math.max(1, Math.round(exact))) : Math.round(exact)
  return { succeeded, failed: 100 - succeeded, words: `${shown} %` }
}
