import { StepError } from '../../domain/runs/step-error.ts'
import { parseRetryAfter } from '../../domain/time/backoff.ts'
import { isJsonList, type Json, textOf } from '../../domain/values/json.ts'
import { isLargeValue } from '../../domain/values/large-value.ts'
import { readPath, valueAt } from '../kit/path.ts'

/** What a service says of a call that it refused. */
export type Refusal = {
  /** In its own words. */
  readonly says: string
  /** The status that its words mean, where it answers 200 or another one to everything. */
  readonly status?: number
  /** How long it asks to wait, where that stands in the body. */
  readonly retryAfterMs?: number
}

/** How a service answers, as far as it is not by its status. */
export type AnswerRule = {
  /** Where in the body of a refusal its words stand: paths, the first that holds a text. */
  readonly says?: readonly string[]
  /** A refusal that stands in an answer of status 200; null for an answer that is none. */
  readonly refusal?: (body: Json) => Refusal | null
  /** Milliseconds that a refusal asks to wait, where that does not stand in `Retry-After`. */
  readonly waits?: (body: Json, headers: Readonly<Record<string, string>>, now: number) => number | undefined
  /** Statuses that mean something else at this service: 403 is "too many requests" at Google, with some words. */
  readonly means?: (status: number, body: Json) => number
}

/** Where most services have their words. */
const COMMON: readonly string[] = [
  'error.message',
  'error_description',
  'message',
  'detail',
  'errors.0.message',
  'error',
  'title',
  'errors.0',
  'description',
]

/** Longest words of a service in a message of ours. */
const LONGEST_WORDS = 300

/** What happened, by the status of an answer that says no. `at` names the service. */
export function serviceError(given: {
  readonly title: string
  readonly account: string | undefined
  readonly rule: AnswerRule
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Json
  readonly method: string
  readonly path: string
  readonly now: number
}): StepError {
  const { title, rule, headers, body, now, method, path } = given
  const found = rule.refusal?.(body) ?? null
  const told = found?.status ?? given.status
  const status = rule.means?.(told, body) ?? told
  const words = (found?.says ?? wordsIn(body, rule.says ?? [])).slice(0, LONGEST_WORDS)
  const says = words === '' ? `(${method} ${path} answered ${given.status})` : `“${words}” (${given.status})`
  const retryAfterMs =
    found?.retryAfterMs ?? rule.waits?.(body, headers, now) ?? parseRetryAfter(headers['retry-after'], now)
  return new StepError({
    code: `http-${status}`,
    message: `${sentence(title, status, given.account)} ${says}`,
    retryable: status >= 500 || status === 408 || status === 425 || status === 429,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  })
}

function sentence(title: string, status: number, account: string | undefined): string {
  const named = account === undefined ? 'an account' : `the account "${account}"`
  if (status === 401) {
    return account === undefined
      ? `${title} asks who you are: choose an account in this step.`
      : `${title} does not take ${named}: connect it again, or enter a new secret under Credentials.`
  }
  if (status === 403)
    return `${title} does not allow this with ${named}: give it the right there, or choose another account.`
  if (status === 404 || status === 410)
    return `${title} does not find this: look at what the step names, and whether the account may see it.`
  if (status === 409) return `${title} says that this is there already, or was changed meanwhile.`
  if (status === 413) return `This is more than ${title} takes at once: send less.`
  if (status === 429) return `${title} asks to wait: too much was asked of it.`
  if (status === 408 || status === 425 || status >= 500)
    return `${title} has trouble of its own; the step is tried again.`
  return `${title} does not take this: look at the fields of the step.`
}

/** The words of a service in the body of a refusal. A whole page in place of them is none. */
export function wordsIn(body: Json, own: readonly string[]): string {
  if (typeof body === 'string') {
    const text = body.trim()
    if (/^<(?:!doctype|html|\?xml)/i.test(text)) return ''
    return text.replace(/\s+/g, ' ')
  }
  for (const path of [...own, ...COMMON]) {
    const value = valueAt(body, readPath(path)) ?? null
    const found =
      typeof value === 'string'
        ? value
        : isJsonList(value)
          ? value.filter((one) => typeof one === 'string').join('; ')
          : ''
    if (found.trim() !== '') return found.trim().replace(/\s+/g, ' ')
  }
  return body === null || isLargeValue(body) ? '' : textOf(body)
}
