import { StepError } from '../../domain/runs/step-error.ts'
import { parseRetryAfter } from '../../domain/time/backoff.ts'
import type { Json } from '../../domain/values/json.ts'
import { isLargeValue } from '../../domain/values/large-value.ts'
import type { FetchResponse } from '../action-context.ts'

/** Statuses that mean "not now", beside the 5xx ones: timeout, too early, too many requests. */
const RETRYABLE = new Set([408, 425, 429])

/** Why an answer may say that nobody signed in, though the step does. */
const redirectHint = (url: string): string =>
  ` (It redirected to ${new URL(url).origin}, where the credential does not go along: use that address if it is the right one.)`

/** The error of an answer that says no. The query stays out of its message, as secrets travel there. */
export function failedAnswer(method: string, url: URL, response: FetchResponse, body: Json, now: number): StepError {
  const { status, headers } = response
  const whole = body === null || isLargeValue(body) ? '' : typeof body === 'string' ? body : JSON.stringify(body)
  const text = whole.slice(0, 1_000).trim().replace(/\s+/g, ' ')
  const excerpt = text === '' ? '' : `: ${text.length > 200 ? `${text.slice(0, 199)}…` : text}`
  const hint = response.isWithoutSecrets && (status === 401 || status === 403) ? redirectHint(response.url) : ''
  const retryAfterMs = parseRetryAfter(headers['retry-after'], now)
  return new StepError({
    code: `http-${status}`,
    message: `${method} ${url.origin}${url.pathname} answered ${status}${excerpt}${hint}`,
    retryable: status >= 500 || RETRYABLE.has(status),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  })
}
