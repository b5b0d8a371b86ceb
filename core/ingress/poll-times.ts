import type { PollState } from '../db/polls.ts'
import type { StepErrorDetails } from '../domain/runs/step-error.ts'

/** The first pause after a failure, and the longest one after many, unless a trigger is polled more rarely anyway. */
const RETRY_BASE_MS = 60_000
const RETRY_CAP_MS = 3_600_000
/** The longest that a service may ask to wait. */
const MAX_ASKED_MS = 86_400_000

/** How a poll ended. */
export type PollEnd = { readonly at: number } & (
  | { readonly ok: true }
  | { readonly ok: false; readonly error: StepErrorDetails }
)

/**
 * The state after a poll. After a success the next one comes in `everyMs`; after failures in longer and longer pauses, of which half is left
 * to chance, and not before the time for which the service asked. One that fails for good is not asked more often than `everyMs`. Without a
 * network nothing is counted.
 */
export function afterPoll(before: PollState, end: PollEnd, everyMs: number, random: () => number): PollState {
  const { at } = end
  if (end.ok) {
    return { nextAt: at + everyMs, polledAt: at, succeededAt: at, failures: 0, failingSince: null, error: null }
  }
  const { code, message, retryable, needsNetwork = false, retryAfterMs = 0 } = end.error
  const error = { code, message }
  if (needsNetwork) return { ...before, nextAt: at + Math.min(everyMs, RETRY_BASE_MS), error }
  const failures = before.failures + 1
  const base = Math.min(everyMs, RETRY_BASE_MS)
  // Beyond 2 ** 30 the cap holds anyway.
  const ceiling = Math.min(Math.max(everyMs, RETRY_CAP_MS), base * 2 ** Math.min(failures - 1, 30))
  const backoff = Math.round(ceiling / 2 + (random() * ceiling) / 2)
  const pause = Math.max(backoff, retryable ? 0 : everyMs, Math.min(retryAfterMs, MAX_ASKED_MS))
  return { ...before, nextAt: at + pause, polledAt: at, failures, failingSince: before.failingSince ?? at, error }
}

/** The longest that a poll is ever put off: what is later was stored while the clock was ahead. */
export function latestPoll(now: number, everyMs: number): number {
  return now + Math.max(everyMs, RETRY_CAP_MS, MAX_ASKED_MS)
}
