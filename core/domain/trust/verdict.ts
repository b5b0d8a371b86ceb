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
  /** From an address that is not on the webhook's list, from a web page that may not call, or by a name that is not ours. */
  'not-allowed',
  /** More than may come in such a time, or be under way at once. */
  'rate-limited',
  /** All was paused, or there was no room on the disk. */
  'paused',
] as const
export type Verdict = (typeof VERDICTS)[number]

/** Verdicts of requests that were neither taken in nor answered as they should be. */
export const REFUSALS: readonly Verdict[] = VERDICTS.filter(
  (verdict) => !['accepted', 'duplicate', 'handshake', 'captured'].includes(verdict),
)
