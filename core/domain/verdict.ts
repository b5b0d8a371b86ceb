/** What can become of a request that reaches the webhook listener. */
export const VERDICTS = [
  'accepted',
  'duplicate',
  'bad-signature',
  'unknown-path',
  'too-large',
  'too-deep',
  'unreadable',
  'paused',
] as const
export type Verdict = (typeof VERDICTS)[number]
