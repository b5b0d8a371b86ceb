/** What can become of a request that reaches the webhook listener. */
export const VERDICTS = [
  'accepted',
  'duplicate',
  /** A sender's question whether the address is real; it was answered, and makes no run. */
  'handshake',
  /** Somebody waited for it in the editor, and no zap that is switched on listens there. */
  'captured',
  'bad-signature',
  'unknown-path',
  'too-large',
  'too-deep',
  'unreadable',
  /** From an address that is not on the webhook's list. */
  'not-allowed',
  'rate-limited',
  'paused',
] as const
export type Verdict = (typeof VERDICTS)[number]

/** Verdicts of requests that were neither taken in nor answered as they should be. */
export const REFUSALS: readonly Verdict[] = VERDICTS.filter(
  (verdict) => !['accepted', 'duplicate', 'handshake', 'captured'].includes(verdict),
)
