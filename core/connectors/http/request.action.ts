import { z } from 'zod'
import { hostTouches } from '../../domain/trust/touches.ts'
import { jsonSchema } from '../../domain/values/json.ts'
import { isLargeValue, LAZY_BYTES, type LargeValue } from '../../domain/values/large-value.ts'
import type { LargeValues } from '../action-context.ts'
import { defineAction, type Effect } from '../define.ts'
import { encodeBody } from '../kit/encode-body.ts'
import { failedAnswer } from '../kit/failed-answer.ts'
import { headersSchema, largeType, readBody, shownHeaders } from '../kit/read-body.ts'
import { requestHeaders } from '../kit/request-headers.ts'
import { unfinishedAddress } from '../kit/unfinished.ts'
import { addressOf, requestFields } from './request-fields.ts'

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'] as const
type Method = (typeof METHODS)[number]

/** What a repeat does, by RFC 9110, section 9.2; POST and PATCH carry our idempotency key. */
const EFFECTS: Readonly<Record<Method, Effect>> = {
  GET: 'none',
  HEAD: 'none',
  OPTIONS: 'none',
  PUT: 'idempotent',
  DELETE: 'idempotent',
  POST: 'keyed',
  PATCH: 'keyed',
}

/** Bytes of an answer's body: what a step takes when it says nothing, and the most that it may ask for. */
const DEFAULT_MAX_BYTES = 67_108_864
const LARGEST_MAX_BYTES = 268_435_456

/** Sends a request to any address, and gives what comes back. */
export const httpRequest = defineAction({
  id: 'http.request',
  title: 'HTTP request',
  description: 'Sends an HTTP request and passes its response on.',
  keywords: [
    'http',
    'api',
    'rest',
    'fetch',
    'get',
    'post',
    'curl',
    'url',
    'call',
    'request',
    'download',
    'get contents of url',
    'make a request',
  ],
  icon: 'globe',
  category: 'http',
  summary: '{method} {url}',
  effect: (input) => EFFECTS[input.method],
  touches({ method, url }) {
    const reads = method === undefined || method === 'GET' || method === 'HEAD' || method === 'OPTIONS'
    return hostTouches(url, reads ? 'reads' : 'writes')
  },
  timeoutMs: 30_000,
  takesLarge: true,
  actsByFetch: true,
  input: z.strictObject({
    method: z.enum(METHODS).default('GET').meta({ title: 'Method' }),
    ...requestFields,
    failOn: z
      .enum(['4xx-5xx', 'never'])
      .default('4xx-5xx')
      .meta({
        title: 'Fail when the answer is',
        description: 'If it never fails, the next steps see the status and decide.',
        ui: { advanced: true, labels: { '4xx-5xx': 'An error (status 400 to 599)', never: 'Never' } },
      }),
    maxBytes: z
      .int()
      .min(1)
      .max(LARGEST_MAX_BYTES)
      .default(DEFAULT_MAX_BYTES)
      .meta({
        title: 'Largest answer',
        description: 'Bytes of the answer beyond which the step fails.',
        ui: { advanced: true, unit: 'bytes' },
      }),
  }),
  unfinished: ({ url }) => unfinishedAddress(url, ['url']),
  output: z.object({
    status: z.int(),
    headers: headersSchema,
    /** JSON as its value, text as text, anything else in base64; null when there is none. */
    body: jsonSchema,
    /** Present where `body` is base64. */
    encoding: z.literal('base64').optional(),
    /** Where something in `body` is not as it was sent. */
    note: z.string().optional(),
    url: z.string(),
  }),
  sample: {
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: { ok: true },
    url: 'https://example.com/orders',
  },
  async run(ctx) {
    const { method, auth, failOn, maxBytes } = ctx.input
    const url = addressOf(ctx.input)
    const { body: given, bodyType } = ctx.input
    const body = isLargeValue(given) ? await largeBody(given, bodyType, ctx.large) : encodeBody(given, bodyType)
    const response = await ctx.http({
      method,
      url: url.href,
      credential: auth,
      headers: requestHeaders({
        given: ctx.input.headers ?? {},
        contentType: body?.contentType,
        idempotencyKey: EFFECTS[method] === 'none' ? undefined : ctx.idempotencyKey,
      }),
      body: method === 'HEAD' ? null : (body?.content ?? null),
      maxBytes,
    })
    const answer =
      response.body.length > LAZY_BYTES
        ? { body: await ctx.large.keep(response.body, largeType(response.headers)) }
        : await readBody(response, ctx.large)
    if (failOn === '4xx-5xx' && response.status >= 400) {
      throw failedAnswer(method, url, response, answer.body, ctx.clock.now())
    }
    return { output: { status: response.status, headers: shownHeaders(response), ...answer, url: response.url } }
  },
})

/** A large value as a body: as its own kind says, or as the step does. */
async function largeBody(
  value: LargeValue,
  type: 'json' | 'form' | 'text' | undefined,
  large: LargeValues,
): Promise<{ content: Uint8Array; contentType: string }> {
  const own = value.type === 'value' ? 'json' : value.type
  const kind = type === 'json' || type === 'text' ? type : own
  const contentTypes = {
    json: 'application/json',
    text: 'text/plain; charset=utf-8',
    bytes: 'application/octet-stream',
  }
  return { content: await large.read(value), contentType: contentTypes[kind] }
}
