import { z } from 'zod'
import { parseRetryAfter } from '../../domain/backoff.ts'
import { type Json, jsonSchema } from '../../domain/json.ts'
import { StepError } from '../../domain/step-error.ts'
import { type Credential, credentialRefSchema, defineAction, type Effect, type FetchResponse } from '../define.ts'

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

const MAX_RESPONSE_BYTES = 5 * 1_048_576

/** Statuses that mean "not now", beside the 5xx ones: timeout, too early, too many requests. */
const RETRYABLE = new Set([408, 425, 429])

const scalar = z.union([z.string(), z.number(), z.boolean()])

/** Sends a request to any address, and gives what comes back. */
export const httpRequest = defineAction({
  id: 'http.request',
  title: 'HTTP request',
  description: 'Calls another program’s address, and goes on with its answer.',
  icon: 'globe',
  category: 'http',
  summary: '{method} {url}',
  effect: (input) => EFFECTS[input.method],
  timeoutMs: 30_000,
  input: z.strictObject({
    method: z.enum(METHODS).default('GET').meta({ title: 'Method' }),
    url: z
      .string()
      .min(1, { error: 'needs an address, such as https://example.com/orders' })
      .regex(/^\s*https?:\/\//i, { error: 'must begin with http:// or https://' })
      .meta({ title: 'Address', ui: { widget: 'template', placeholder: 'https://example.com/orders' } }),
    query: z
      .record(z.string(), scalar)
      .optional()
      .meta({ title: 'Query', description: 'Added to the address.', ui: { widget: 'key-value', advanced: true } }),
    headers: z
      .record(z.string().regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/, { error: 'is not the name of a header' }), scalar)
      .optional()
      .meta({ title: 'Headers', ui: { widget: 'key-value', advanced: true } }),
    body: jsonSchema.optional().meta({
      title: 'Body',
      description: 'One {{ … }} that is an object or a list is sent as JSON.',
      ui: { widget: 'template-long', showIf: { field: 'method', in: ['POST', 'PUT', 'PATCH', 'DELETE'] } },
    }),
    bodyType: z
      .enum(['json', 'form', 'text'])
      .optional()
      .meta({
        title: 'Send the body as',
        description: 'Without a choice: objects and lists as JSON, text as text.',
        ui: { advanced: true, showIf: { field: 'method', in: ['POST', 'PUT', 'PATCH', 'DELETE'] } },
      }),
    auth: credentialRefSchema
      .optional()
      .meta({
        title: 'Credential',
        description: 'Signs you in; it is kept apart from the zap.',
        ui: { widget: 'credential' },
      }),
    failOn: z
      .enum(['4xx-5xx', 'never'])
      .default('4xx-5xx')
      .meta({
        title: 'Fail when the answer is',
        description: 'With "never", the next steps see the status and decide.',
        ui: { advanced: true },
      }),
  }),
  output: z.object({
    status: z.int(),
    headers: z.record(z.string(), z.string()),
    body: jsonSchema,
    url: z.string(),
  }),
  sample: {
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: { ok: true },
    url: 'https://example.com/orders',
  },
  async run(ctx) {
    const { method, failOn } = ctx.input
    const url = withQuery(ctx.input.url.trim(), ctx.input.query ?? {})
    const { body, contentType } = encodeBody(ctx.input.body, ctx.input.bodyType)
    const headers: Record<string, string> = {}
    if (contentType !== null) headers['content-type'] = contentType
    if (EFFECTS[method] !== 'none') headers['idempotency-key'] = ctx.idempotencyKey
    headers['user-agent'] = 'Hookline'
    for (const [name, value] of Object.entries(ctx.input.headers ?? {})) headers[name.toLowerCase()] = String(value)
    if (ctx.input.auth !== undefined) Object.assign(headers, authorize(await ctx.credential(ctx.input.auth)))
    const sendsBody = method !== 'GET' && method !== 'HEAD'
    const response = await ctx.fetch({
      method,
      url: url.href,
      headers,
      body: sendsBody ? body : null,
      signal: ctx.signal,
      maxBytes: MAX_RESPONSE_BYTES,
    })
    if (failOn === '4xx-5xx' && response.status >= 400) throw failure(method, url, response, ctx.clock.now())
    return {
      output: {
        status: response.status,
        headers: { ...response.headers },
        body: decodeBody(response),
        url: response.url,
      },
    }
  },
})

function withQuery(address: string, query: Readonly<Record<string, string | number | boolean>>): URL {
  const url = URL.parse(address)
  if (url === null) {
    throw new StepError({ code: 'bad-url', message: `"${address.slice(0, 200)}" is not an address.`, retryable: false })
  }
  for (const [name, value] of Object.entries(query)) url.searchParams.append(name, String(value))
  return url
}

function encodeBody(
  body: Json | undefined,
  type: 'json' | 'form' | 'text' | undefined,
): { body: string | null; contentType: string | null } {
  if (body === undefined) return { body: null, contentType: null }
  const kind = type ?? (typeof body === 'string' ? 'text' : 'json')
  if (kind === 'text') {
    return { body: typeof body === 'string' ? body : JSON.stringify(body), contentType: 'text/plain; charset=utf-8' }
  }
  if (kind === 'form') return { body: encodeForm(body), contentType: 'application/x-www-form-urlencoded' }
  // A text that is JSON already is sent as it is; any other text becomes a JSON string.
  return {
    body: typeof body === 'string' && isJson(body) ? body : JSON.stringify(body),
    contentType: 'application/json',
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

function encodeForm(body: Json): string {
  if (typeof body === 'string') return body
  if (body === null || typeof body !== 'object' || Array.isArray(body)) {
    throw new StepError({
      code: 'bad-input',
      message: 'A form body must be an object of names and values.',
      retryable: false,
    })
  }
  const form = new URLSearchParams()
  for (const [name, value] of Object.entries(body)) {
    for (const item of Array.isArray(value) ? value : [value]) {
      form.append(name, typeof item === 'string' ? item : JSON.stringify(item))
    }
  }
  return form.toString()
}

function authorize({ type, secret }: Credential): Record<string, string> {
  if (type === 'basic')
    return { authorization: `Basic ${btoa(String.fromCharCode(...new TextEncoder().encode(secret)))}` }
  if (type === 'header') {
    const at = secret.indexOf(':')
    return { [secret.slice(0, at).trim().toLowerCase()]: secret.slice(at + 1).trim() }
  }
  return { authorization: `Bearer ${secret}` }
}

/** JSON as its value, text as text; what is neither as base64. */
function decodeBody({ headers, body }: FetchResponse): Json {
  if (body.length === 0) return null
  const [type = '', ...parameters] = (headers['content-type'] ?? '').split(';')
  const charset = parameters.map((part) => /^\s*charset="?([^"]+)"?\s*$/i.exec(part)?.[1]).find((found) => found)
  let text: string
  try {
    text = new TextDecoder(charset ?? 'utf-8', { fatal: true }).decode(body)
  } catch {
    return btoa(Array.from(body, (byte) => String.fromCharCode(byte)).join(''))
  }
  const isJsonType = /^\s*application\/(.+\+)?json\s*$/i.test(type)
  if (!isJsonType) return text
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

function failure(method: Method, url: URL, response: FetchResponse, now: number): StepError {
  const { status, headers } = response
  const body = decodeBody(response)
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const excerpt = text === 'null' ? '' : `: ${text.slice(0, 200)}${text.length > 200 ? '…' : ''}`
  const retryAfterMs = parseRetryAfter(headers['retry-after'], now)
  return new StepError({
    code: `http-${status}`,
    message: `${method} ${url.origin}${url.pathname} answered ${status}${excerpt}`,
    retryable: status >= 500 || RETRYABLE.has(status),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  })
}
