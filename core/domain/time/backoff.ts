import type { StepErrorDetails } from '../runs/step-error.ts'
import type { StepSettings } from '../zap/zap-file.ts'

/**
 * Retries of a step that says nothing else: attempts in all, and bounds of the pauses between them in milliseconds. They span a day
 * ({@link retrySpanMs}), so that an outage of minutes, or a night, leaves no dead letters.
 */
export const DEFAULT_RETRY = { maxAttempts: 60, baseMs: 1_000, capMs: 3_600_000 } as const

/** Milliseconds from the first attempt to the last one on average, by {@link nextDelayMs}: half of each pause's ceiling. */
export function retrySpanMs({
  maxAttempts,
  baseMs,
  capMs,
}: {
  maxAttempts: number
  baseMs: number
  capMs: number
}): number {
  let span = 0
  for (let attempt = 1; attempt < maxAttempts; attempt++) span += Math.min(capMs, baseMs * 2 ** (attempt - 1)) / 2
  return span
}

/**
 * Longest wait, in milliseconds, that a `Retry-After` may ask for: one day. Beyond it a run would look forgotten, and a
 * wrong clock on the other side could park it for years.
 */
export const MAX_RETRY_AFTER_MS = 86_400_000

/** Which failures of a step are tried again, as its settings say. */
export type RetryOn = NonNullable<NonNullable<StepSettings['retry']>['on']>

/** The code of a step that was cut off, and that its zap says is never to be repeated. */
export const CUT_OFF = 'cut-off'

/**
 * Codes of failures that are never tried again: of those that come before anything was done, and would come again until the zap itself is
 * mended, and of what must not be done twice.
 */
const HOPELESS_CODES: readonly string[] = ['bad-input', 'template', 'template-syntax', CUT_OFF]

/** Whether a failure is one that is tried again, as far as its kind is concerned. */
export function retries(error: Pick<StepErrorDetails, 'code' | 'retryable'>, on: RetryOn = 'transient'): boolean {
  if (HOPELESS_CODES.includes(error.code)) return false
  if (on === 'any') return true
  if (on === 'transient') return error.retryable
  return on.some((code) => (code.endsWith('*') ? error.code.startsWith(code.slice(0, -1)) : error.code === code))
}

/**
 * Milliseconds until the attempt that follows attempt number `attempt` (the first is 1): exponential with full jitter,
 * so anything from 0 to `baseMs` after the first, twice that after the second, and never more than `capMs`. What the
 * other side asked for (`retryAfterMs`) is a minimum. `random` gives a number from 0 up to but not including 1.
 */
export function nextDelayMs(options: {
  attempt: number
  baseMs: number
  capMs: number
  retryAfterMs?: number | undefined
  random: () => number
}): number {
  const { attempt, baseMs, capMs, retryAfterMs = 0, random } = options
  const ceiling = Math.min(capMs, baseMs * 2 ** Math.max(0, attempt - 1))
  return Math.max(Math.round(random() * ceiling), Math.min(Math.max(0, retryAfterMs), MAX_RETRY_AFTER_MS))
}

/**
 * Milliseconds that a `Retry-After` header asks for, counted from `nowMs`: seconds or an HTTP date (RFC 9110, section
 * 10.2.3). What is past or negative is 0, more than {@link MAX_RETRY_AFTER_MS} is cut to it; undefined when the header is
 * absent or says neither.
 */
export function parseRetryAfter(header: string | null | undefined, nowMs: number): number | undefined {
  const text = header?.trim()
  if (text === undefined || text === '') return undefined
  if (/^[+-]?\d+(\.\d+)?$/.test(text)) return clamp(Number(text) * 1_000)
  const date = parseHttpDate(text)
  return date === undefined ? undefined : clamp(date - nowMs)
}

function clamp(ms: number): number {
  return Math.min(Math.max(0, Math.round(ms)), MAX_RETRY_AFTER_MS)
}

/** The three forms of an HTTP date, and ISO 8601, which some services send. `Date.parse` alone would accept "attempt 3". */
function parseHttpDate(text: string): number | undefined {
  let ms = Number.NaN
  if (/^[A-Z][a-z]+, \d{2}[ -][A-Z][a-z]{2}[ -]\d{2,4} \d{2}:\d{2}:\d{2} GMT$/.test(text)) ms = Date.parse(text)
  // The oldest form, asctime's, names no zone and means UTC.
  else if (/^[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d{2}:\d{2}:\d{2} \d{4}$/.test(text)) ms = Date.parse(`${text} GMT`)
  else if (/^\d{4}-\d{2}-\d{2}T[\d:.]+(Z|[+-]\d{2}:\d{2})$/.test(text)) ms = Date.parse(text)
  return Number.isNaN(ms) ? undefined : ms
}
