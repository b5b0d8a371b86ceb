import type { z } from 'zod'
import { StepError } from '../../domain/runs/step-error.ts'
import { shownAddress } from '../../domain/values/address-text.ts'
import type { Json } from '../../domain/values/json.ts'
import type { ActionContext } from '../action-context.ts'
import type { CredentialRef } from '../credential.ts'
import { encodeBody } from './encode-body.ts'
import { failedAnswer } from './failed-answer.ts'
import { readBody, shownHeaders } from './read-body.ts'
import { requestHeaders } from './request-headers.ts'

/** Bytes of an answer: services say little, and what is large is asked for with `maxBytes`. */
const DEFAULT_MAX_BYTES = 8_388_608

export type AppRequest = {
  /** `GET` when absent. */
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Below the app's address, or a whole address of the same service. */
  readonly path: string
  /** What is undefined is left out. */
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>
  readonly headers?: Readonly<Record<string, string | undefined>>
  /** Sent as JSON, unless `bodyType` says otherwise. */
  readonly body?: Json
  readonly bodyType?: 'json' | 'form' | 'text'
  readonly maxBytes?: number
}

export type AppAnswer = {
  readonly status: number
  readonly headers: ReturnType<typeof shownHeaders>
  /** JSON as its value, text as text, anything else in base64; null when there is none. */
  readonly body: Json
  /** The body, as far as it is what the schema says. Throws the schema's error for a service that answers otherwise. */
  as<Output>(schema: z.ZodType<Output>): Output
}

/**
 * Calls a service: signed in, with our idempotency key on what changes something, and with an answer from 400 on as a
 * {@link StepError} that says whether it may be tried again.
 */
export function appClient(
  ctx: Pick<ActionContext<unknown>, 'http' | 'large' | 'clock' | 'idempotencyKey'>,
  at: { readonly address: string; readonly account: CredentialRef | undefined },
): (request: AppRequest) => Promise<AppAnswer> {
  return async ({ method = 'GET', path, query = {}, headers = {}, body, bodyType = 'json', maxBytes }) => {
    const base = at.address.endsWith('/') ? at.address : `${at.address}/`
    const url = URL.parse(path, base)
    if (url === null) {
      throw new StepError({ code: 'bad-url', message: `"${shownAddress(base)}" is not an address.`, retryable: false })
    }
    // The account is for this service alone, also where an answer says where to go on.
    if (url.origin !== new URL(base).origin) {
      const message = `The service at ${shownAddress(base)} led to ${url.origin}, which is another one: its account does not go there.`
      throw new StepError({ code: 'other-service', message, retryable: false })
    }
    for (const [name, value] of Object.entries(query)) {
      if (value !== undefined) url.searchParams.set(name, String(value))
    }
    const encoded = encodeBody(body, bodyType)
    const given = Object.entries(headers).flatMap(([name, value]): [string, string][] =>
      value === undefined ? [] : [[name, value]],
    )
    const response = await ctx.http({
      method,
      url: url.href,
      credential: at.account,
      headers: requestHeaders({
        given: Object.fromEntries(given),
        contentType: encoded?.contentType,
        idempotencyKey: method === 'GET' ? undefined : ctx.idempotencyKey,
      }),
      body: encoded?.content ?? null,
      maxBytes: maxBytes ?? DEFAULT_MAX_BYTES,
    })
    const answer = await readBody(response, ctx.large)
    if (response.status >= 400) throw failedAnswer(method, url, response, answer.body, ctx.clock.now())
    return {
      status: response.status,
      headers: shownHeaders(response),
      body: answer.body,
      as: (schema) => schema.parse(answer.body),
    }
  }
}
