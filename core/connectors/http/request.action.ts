import { z } from 'zod'
import { hostTouches } from '../../domain/trust/touches.ts'
import { jsonSchema } from '../../domain/values/json.ts'
import type { FetchResponse } from '../action-context.ts'
import { defineAction, type Effect } from '../define.ts'
import { failedAnswer } from '../kit/failed-answer.ts'
import { fileValueSchema } from '../kit/file-value.ts'
import { headersSchema, shownHeaders } from '../kit/read-body.ts'
import { requestHeaders } from '../kit/request-headers.ts'
import { withQuery } from '../kit/signed-in.ts'
import { unfinishedAddress } from '../kit/unfinished.ts'
import { ANSWERS_AS, answerOf } from './request-answer.ts'
import { BODY_TYPES, bodyOf, bodyTouches } from './request-body.ts'
import { addressOf, bodyTypeField, requestFields, termsOf } from './request-fields.ts'
import { itemsOfPages, jsonOf, pagesSchema } from './request-pages.ts'

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

/** Methods that change something, for which it matters what a repeat does. */
const CHANGES = METHODS.filter((method) => EFFECTS[method] !== 'none')

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
  effect({ method, repeat }) {
    const effect = EFFECTS[method]
    return effect === 'none' || repeat === 'key' ? effect : 'unsafe'
  },
  whenCutOff: ({ repeat }) => (repeat === 'never' ? 'fail' : 'ask'),
  touches(input) {
    const { method, url, proxy } = input
    const reads = method === undefined || method === 'GET' || method === 'HEAD' || method === 'OPTIONS'
    return [...hostTouches(url, reads ? 'reads' : 'writes'), ...hostTouches(proxy, 'writes'), ...bodyTouches(input)]
  },
  timeoutMs: 30_000,
  takesLarge: true,
  actsByFetch: true,
  input: z.strictObject({
    method: z.enum(METHODS).default('GET').meta({ title: 'Method' }),
    ...requestFields,
    bodyType: bodyTypeField(BODY_TYPES),
    fields: z
      .record(z.string(), jsonSchema)
      .optional()
      .meta({
        title: 'Form data',
        description: 'Texts, and files of earlier steps. A file of your folders is { "file": "photo.jpg" }.',
        ui: { widget: 'key-value', showIf: { field: 'bodyType', in: ['multipart'] } },
      }),
    repeat: z
      .enum(['key', 'ask', 'never'])
      .default('key')
      .meta({
        title: 'If it is cut off',
        description: 'Hookline stops, or the connection breaks, when the request is on its way: it may have arrived.',
        ui: {
          showIf: { field: 'method', in: [...CHANGES] },
          labels: {
            key: 'Send it again with the same Idempotency-Key',
            ask: 'Ask me',
            never: 'Do not send it again: the step fails',
          },
        },
      }),
    answerAs: z
      .enum(ANSWERS_AS)
      .default('auto')
      .meta({
        title: 'Take the answer as',
        ui: {
          advanced: true,
          labels: { auto: 'What it says it is', file: 'A file', text: 'Text', json: 'JSON' },
        },
      }),
    pages: pagesSchema.optional().meta({
      title: 'Pages',
      description: 'Reads a list that comes in parts, to its end.',
      ui: { advanced: true, showIf: { field: 'method', in: ['GET', 'POST'] } },
    }),
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
        description: 'Bytes of the answer, or of all pages together, beyond which the step fails.',
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
    /** Present where the answer is taken as a file, or is neither JSON nor text. */
    file: fileValueSchema.optional(),
    /** Of all pages, where `pages` says how they follow each other; `body` is that of the last one. */
    items: z.array(jsonSchema).optional(),
    /** Whether pages were left. */
    hasMore: z.boolean().optional(),
    setCookies: z.array(z.string()),
    /** Where something in `body` is not as it was sent. */
    note: z.string().optional(),
    url: z.string(),
  }),
  sample: {
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: { ok: true },
    setCookies: [],
    url: 'https://example.com/orders',
  },
  async run(ctx) {
    const { method, auth, failOn, maxBytes, pages, answerAs } = ctx.input
    const url = addressOf(ctx.input)
    const body = await bodyOf(ctx.input, ctx)
    const isKeyed = EFFECTS[method] !== 'none' && ctx.input.repeat === 'key'
    const terms = { method, credential: auth, ...termsOf(ctx.input) }
    /** Of all pages together, as the step holds them all. */
    let left = maxBytes
    let page = 0
    async function ask(at: URL, content: string | Uint8Array | null) {
      page++
      const headers = requestHeaders({
        given: ctx.input.headers ?? {},
        contentType: body?.contentType,
        // Each page is a request of its own: with the key of the first, its answer would come again.
        idempotencyKey: isKeyed ? `${ctx.idempotencyKey}${page === 1 ? '' : `:${page}`}` : undefined,
      })
      const response = await ctx.http({
        ...terms,
        headers,
        maxBytes: left,
        url: at.href,
        body: method === 'HEAD' ? null : content,
      })
      left = Math.max(1, left - response.body.length)
      const answer = await answerOf(response, answerAs, ctx.large)
      if (failOn === '4xx-5xx' && response.status >= 400)
        throw failedAnswer(method, at, response, answer.body, ctx.clock.now())
      return { response, answer }
    }
    if (pages === undefined) return { output: outputOf(await ask(url, body?.content ?? null)) }

    const json = typeof body?.content === 'string' && pages.in === 'body' ? jsonOf(body.content) : undefined
    let asked: Awaited<ReturnType<typeof ask>> | undefined
    const { items, hasMore } = await itemsOfPages(
      async ({ path, query = {}, body: next }) => {
        const parameters = Object.entries(query).map(([name, value]) => [name, String(value)] as const)
        const content = next === undefined ? (body?.content ?? null) : JSON.stringify(next)
        asked = await ask(new URL(withQuery(path, Object.fromEntries(parameters))), content)
        return { headers: shownHeaders(asked.response), body: asked.answer.body }
      },
      { path: url.href, ...(json !== undefined && { body: json }) },
      pages,
    )
    if (asked === undefined) throw new Error('no page was asked for')
    return { output: { ...outputOf(asked), items, hasMore } }
  },
})

function outputOf({ response, answer }: { response: FetchResponse; answer: Awaited<ReturnType<typeof answerOf>> }) {
  const { status, cookies, url } = response
  return { status, headers: shownHeaders(response), ...answer, setCookies: [...cookies], url }
}
