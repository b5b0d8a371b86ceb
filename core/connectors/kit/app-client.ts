import type { z } from 'zod'
import { StepError } from '../../domain/runs/step-error.ts'
import { shownAddress } from '../../domain/values/address-text.ts'
import type { Json } from '../../domain/values/json.ts'
import { issueWords } from '../../domain/zap/issue-words.ts'
import type { FetchResponse } from '../action-context.ts'
import type { AppClient, AppRequest } from '../app-request.ts'
import type { CredentialRef } from '../credential.ts'
import { type AnswerRule, serviceError } from '../service/answers.ts'
import { holdsNoNumber } from '../service/request.ts'
import type { ServiceContext } from '../service-context.ts'
import { encodeBody } from './encode-body.ts'
import { encodeParts } from './encode-parts.ts'
import { failedAnswer } from './failed-answer.ts'
import { readBody, shownHeaders } from './read-body.ts'
import { requestHeaders } from './request-headers.ts'

/** Bytes of an answer: services say little, and what is large is asked for with `maxBytes`. */
const DEFAULT_MAX_BYTES = 8_388_608

/** What a client has to know of a service. */
export type ServiceAddress = {
  readonly address: string
  readonly account: CredentialRef | undefined
  /** What people call it; its address when absent. */
  readonly title?: string
  /** Other addresses of the same service, to which its account may go as well; with `*` for a part of them the account stays behind. */
  readonly alsoAt?: readonly string[]
  /** How it says no, as far as that is not by its status. */
  readonly answers?: AnswerRule
  /** Whether an idempotency key goes along with what changes something; true when absent. */
  readonly takesKey?: boolean
}

/**
 * Calls a service: signed in, with our idempotency key on what changes something, and with an answer that says no as a
 * {@link StepError} that says whether it may be tried again.
 */
export function appClient(
  ctx: Pick<ServiceContext, 'http' | 'large' | 'clock' | 'idempotencyKey'>,
  at: ServiceAddress,
): AppClient {
  return async (asked) => {
    const { method = 'GET', path, query = {}, headers = {}, maxBytes } = asked
    const base = at.address.endsWith('/') ? at.address : `${at.address}/`
    const url = URL.parse(path, base)
    if (url === null) {
      throw new StepError({ code: 'bad-url', message: `"${shownAddress(base)}" is not an address.`, retryable: false })
    }
    // The account is for this service alone, also where an answer says where to go on.
    const origins = [base, ...(at.alsoAt ?? [])].map((address) => new URL(address).origin)
    const isSigned = asked.withoutAccount === true
    if (!origins.some((origin) => (origin.includes('*') ? isSigned && isBelow(origin, url) : origin === url.origin))) {
      const message = `The service at ${shownAddress(base)} led to ${url.origin}, which is another one: its account does not go there.`
      throw new StepError({ code: 'other-service', message, retryable: false })
    }
    for (const [name, value] of Object.entries(query)) {
      if (typeof value === 'object') for (const one of value) url.searchParams.append(name, one)
      else if (value !== undefined) url.searchParams.set(name, String(value))
    }
    if (asked.body !== undefined && holdsNoNumber(asked.body, Number.POSITIVE_INFINITY)) {
      const message = `A number was to go to ${at.title ?? url.origin} where none is: look at what the step's fields with numbers hold.`
      throw new StepError({ code: 'bad-input', message, retryable: false })
    }
    const encoded = encodedBody(asked)
    const given = Object.entries(headers).flatMap(([name, value]): [string, string][] =>
      value === undefined ? [] : [[name, value]],
    )
    const response = await ctx.http({
      method,
      url: url.href,
      credential: isSigned ? undefined : at.account,
      headers: requestHeaders({
        given: Object.fromEntries(given),
        contentType: encoded?.contentType,
        idempotencyKey: method === 'GET' || at.takesKey === false ? undefined : ctx.idempotencyKey,
      }),
      body: encoded?.content ?? null,
      maxBytes: maxBytes ?? DEFAULT_MAX_BYTES,
    })
    const answer = await readBody(response, ctx.large)
    const now = ctx.clock.now()
    if (at.title !== undefined) {
      const rule = at.answers ?? {}
      const isTaken = asked.takes?.includes(response.status) === true
      const isNo = !isTaken && (response.status >= 400 || (rule.refusal?.(answer.body) ?? null) !== null)
      if (isNo) {
        const { status, headers: told } = response
        const account = at.account?.$credential
        const shown = decodedPath(url)
        const { title } = at
        throw serviceError({ title, account, rule, status, headers: told, body: answer.body, method, path: shown, now })
      }
      if (asked.takesFile !== true) {
        const came = insteadOfAnswer(response, answer.body)
        if (came !== null) throw noAnswer(at.title, came, method)
      }
    } else if (response.status >= 400) throw failedAnswer(method, url, response, answer.body, now)
    return {
      status: response.status,
      headers: shownHeaders(response),
      body: answer.body,
      bytes: response.body,
      as: (schema) => bodyAs(schema, answer.body, `${method} ${url.origin}${url.pathname}`),
    }
  }
}

/** Whether an address is below a name such as `https://*.example.com`. */
function isBelow(pattern: string, { protocol, host }: URL): boolean {
  const [scheme = '', name = ''] = pattern.split('//*')
  return name.startsWith('.') && protocol === scheme && host.endsWith(name)
}

/** A path for a message; what is no text in it stays encoded. */
function decodedPath({ pathname }: URL): string {
  try {
    return decodeURIComponent(pathname)
  } catch {
    return pathname
  }
}

/** What came with a status of success in place of an answer; null for an answer. Services may also answer with a word. */
function insteadOfAnswer(answer: Pick<FetchResponse, 'headers' | 'body'>, read: Json): 'page' | 'part' | null {
  if (typeof read !== 'string') return null
  if (isPage(answer.body)) return 'page'
  return /\bjson\b/i.test(answer.headers['content-type'] ?? '') && !beginning(answer.body).startsWith('"')
    ? 'part'
    : null
}

/** Whether an answer is a web page, as one to sign in is. */
export const isPage = (body: Uint8Array): boolean => /^<(?:!doctype html|html|head|body)\b/i.test(beginning(body))

const beginning = (body: Uint8Array): string => Buffer.from(body.subarray(0, 100)).toString('utf8').trimStart()

function noAnswer(title: string, came: 'page' | 'part', method: string): StepError {
  if (came === 'page') {
    const message = `A web page came in place of an answer of ${title}: look whether the network asks you to sign in first.`
    return new StepError({ code: 'bad-answer', message, retryable: true })
  }
  // It may have done what was asked, which must not be done twice.
  const isSafe = method !== 'POST' && method !== 'PATCH'
  const message = `${title} answered with something that is cut off or no JSON${isSafe ? '' : ': look there whether it was done'}.`
  return new StepError({ code: 'bad-answer', message, retryable: isSafe })
}

function encodedBody({ body, bodyType = 'json', bytes, parts }: AppRequest) {
  if (bytes !== undefined) return bytes
  return parts === undefined ? encodeBody(body, bodyType) : encodeParts(parts)
}

/** Names the first thing that is not as it should be: a body may be a whole page of HTML. */
function bodyAs<Output>(schema: z.ZodType<Output>, body: Json, what: string): Output {
  const parsed = schema.safeParse(body, { error: issueWords })
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  const at = issue === undefined || issue.path.length === 0 ? 'the answer' : `"${issue.path.map(String).join('.')}"`
  const message = `${what} answered something else than this service does (${at} ${issue?.message ?? 'does not fit'}): look at its address, and whether the network asks you to sign in first.`
  throw new StepError({ code: 'bad-answer', message, retryable: true })
}
