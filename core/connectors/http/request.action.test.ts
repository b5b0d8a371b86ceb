import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { StepError, type StepErrorDetails } from '../../domain/runs/step-error.ts'
import { isJsonObject, type Json } from '../../domain/values/json.ts'
import { createGuardedFetch } from '../../engine/guarded-fetch.ts'
import type { Credential } from '../credential.ts'
import { runAction } from '../test-context.ts'
import { fileWorld } from '../test-files.ts'
import { httpRequest } from './request.action.ts'

type Seen = { method: string; url: string; headers: IncomingHttpHeaders; body: string }
type Reply = { status?: number; headers?: Record<string, string>; body?: string | Uint8Array }

const guarded = createGuardedFetch()
let server: Server
let base: string
let seen: Seen[] = []
let reply: Reply = {}

beforeAll(async () => {
  server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request.setEncoding('utf8')) body += chunk
    seen.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers, body })
    response.writeHead(reply.status ?? 200, reply.headers).end(reply.body)
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})

beforeEach(() => {
  seen = []
  reply = {}
})

afterAll(async () => {
  await guarded.close()
  await new Promise((closed) => server.close(closed))
})

const credentials: Record<string, Credential> = {
  token: { type: 'secret', secret: 'sesame\n' },
  bearer: { type: 'bearer', secret: 'sesame' },
  basic: { type: 'basic', secret: 'ada:pä:ss' },
  header: { type: 'header', secret: 'X-Api-Key: k:1' },
  query: { type: 'query', secret: '{"name":"api_key","value":"a&b"}' },
  broken: { type: 'header', secret: 'no colon' },
}

async function send(input: Record<string, Json>) {
  const { output } = await runAction(
    httpRequest,
    { url: `${base}/path`, ...input },
    {
      idempotencyKey: 'run_1:post',
      scope: { n: 7, t: 'say "hi"' },
      fetch: guarded.fetch,
      large: fileWorld().large,
      credential: async (ref) => credentials[ref.$credential] ?? { type: 'secret', secret: '' },
    },
  )
  if (!isJsonObject(output)) throw new Error('the output is no object')
  return output
}

async function failure(input: Record<string, Json>): Promise<StepErrorDetails> {
  const thrown: unknown = await send(input).then(
    () => new Error('it succeeded'),
    (error: unknown) => error,
  )
  expect(thrown).toBeInstanceOf(StepError)
  return StepError.from(thrown)
}

describe('what is sent', () => {
  it.each<[string, Record<string, Json>, string, string | undefined]>([
    ['an object as JSON', { body: { a: 1 } }, '{"a":1}', 'application/json'],
    ['a number as JSON', { body: 5 }, '5', 'application/json'],
    ['text as text', { body: 'héllo' }, 'héllo', 'text/plain; charset=utf-8'],
    ['JSON that was typed', { body: '{ "a": 1.0 }' }, '{ "a": 1.0 }', 'application/json'],
    ['JSON with pills in it', { body: '[{{ n }}, "{{ t }}"]' }, '[7, "say \\"hi\\""]', 'application/json'],
    [
      'JSON called something else',
      { body: '[{{ n }}]', headers: { 'Content-Type': 'application/vnd.x+json' } },
      '[7]',
      'application/vnd.x+json',
    ],
    ['JSON that is to be text', { body: '["{{ t }}"]', bodyType: 'text' }, '["say "hi""]', 'text/plain; charset=utf-8'],
    ['what only looks like JSON', { body: '[{{ n }}] and {{ t }}' }, '[7] and say "hi"', 'text/plain; charset=utf-8'],
    ['JSON text as it is', { body: '{ "a": 1 }', bodyType: 'json' }, '{ "a": 1 }', 'application/json'],
    ['other text as a JSON string', { body: 'a', bodyType: 'json' }, '"a"', 'application/json'],
    ['an explicit null', { body: null, bodyType: 'json' }, 'null', 'application/json'],
    ['an object as text', { body: { a: 1 }, bodyType: 'text' }, '{"a":1}', 'text/plain; charset=utf-8'],
    [
      'a form',
      { body: { a: 'x y', b: [1, 2], c: { d: 1 }, e: null }, bodyType: 'form' },
      'a=x+y&b=1&b=2&c=%7B%22d%22%3A1%7D',
      'application/x-www-form-urlencoded',
    ],
    ['nothing', {}, '', undefined],
    ['nothing for null', { body: null }, '', undefined],
  ])('%s', async (_name, input, body, type) => {
    await send({ method: 'POST', ...input })
    expect(seen).toMatchObject([{ method: 'POST', body }])
    expect(seen[0]?.headers['content-type']).toBe(type)
  })

  it.each([
    ['GET', 'none', undefined],
    ['HEAD', 'none', undefined],
    ['OPTIONS', 'none', undefined],
    ['PUT', 'idempotent', 'run_1:post'],
    ['DELETE', 'idempotent', 'run_1:post'],
    ['POST', 'keyed', 'run_1:post'],
    ['PATCH', 'keyed', 'run_1:post'],
  ])('%s is %s, with the idempotency key %s', async (method, effect, key) => {
    await send({ method })
    expect(seen[0]?.headers['idempotency-key']).toBe(key)
    const { effect: effectOf } = httpRequest
    expect(typeof effectOf === 'function' && effectOf(httpRequest.input.parse({ url: base, method }))).toBe(effect)
  })

  it('takes the user’s headers before its own, and no null', async () => {
    const headers = {
      'Idempotency-Key': 'mine',
      'Content-Type': 'application/vnd.x+json',
      'X-Count': 3,
      'X-None': null,
    }
    await send({ method: 'POST', body: {}, headers })
    expect(seen[0]?.headers).toMatchObject({
      'idempotency-key': 'mine',
      'content-type': 'application/vnd.x+json',
      'x-count': '3',
    })
    expect(seen[0]?.headers).not.toHaveProperty('x-none')
  })

  it('adds the query to that of the address', async () => {
    await send({ url: `${base}/p?a=1`, query: { b: 'x y&', c: [1, true], d: null } })
    expect(seen[0]?.url).toBe('/p?a=1&b=x+y%26&c=1&c=true')
  })

  it.each([
    ['?a=%20b+c&a&=x', '?a=%20b+c&a&=x&q=1'],
    ['?a=1&', '?a=1&q=1'],
    ['?', '?q=1'],
    ['', '?q=1'],
    ["?sig=a%2Fb%3D&t=~!*()'", '?sig=a%2Fb%3D&t=~!*()%27&q=1'],
    ['?a[]=1;b=2&a[]=%5B#part', '?a[]=1;b=2&a[]=%5B&q=1'],
  ])('leaves the query %s of the address as it is written', async (query, sent) => {
    await send({ url: `${base}/p${query}`, query: { q: 1 } })
    expect(seen[0]?.url).toBe(`/p${sent}`)
  })

  it.each([
    ['token', 'authorization', 'Bearer sesame'],
    ['bearer', 'authorization', 'Bearer sesame'],
    ['basic', 'authorization', `Basic ${Buffer.from('ada:pä:ss').toString('base64')}`],
    ['header', 'x-api-key', 'k:1'],
  ])('carries a credential of type %s', async ($credential, header, value) => {
    await send({ auth: { $credential }, headers: { Authorization: 'other' } })
    expect(seen[0]?.headers[header]).toBe(value)
  })

  it('carries a credential of type query, in place of a parameter of that name', async () => {
    await send({ auth: { $credential: 'query' }, url: `${base}/path?x=%20a&api_key=old&b`, query: { q: 1 } })
    expect(seen[0]?.url).toBe('/path?x=%20a&b&q=1&api_key=a%26b')
  })

  it.each<[string, Record<string, Json>, string]>([
    ['a line break in a header', { headers: { 'X-A': 'a\r\nX-B: b' } }, 'bad-input'],
    ['a control character in a header', { headers: { 'X-A': 'a\u0001' } }, 'bad-input'],
    ['an emoji in a header', { headers: { 'X-A': 'hi 🎉' } }, 'bad-input'],
    ...['Content-Length', 'Transfer-Encoding', 'connection', 'Upgrade', 'Expect', 'Keep-Alive', 'TE', 'Trailer'].map(
      (name): [string, Record<string, Json>, string] => [
        `the header ${name}`,
        { headers: { [name]: '1' } },
        'bad-input',
      ],
    ),
    ['JSON that is none', { method: 'POST', body: '{"a": oops}', bodyType: 'json' }, 'bad-input'],
    ['a list as a form', { method: 'POST', body: [1], bodyType: 'form' }, 'bad-input'],
    ['a credential that is no header', { auth: { $credential: 'broken' } }, 'bad-credential'],
    ['an address that is none', { url: 'http://' }, 'bad-url'],
  ])('is refused with %s before anything is sent', async (_name, input, code) => {
    expect(await failure(input)).toMatchObject({ code, retryable: false })
    expect(seen).toEqual([])
  })
})

describe('what comes back', () => {
  it.each<[string, Reply, unknown, string | undefined]>([
    ['JSON', { headers: { 'content-type': 'application/json' }, body: '{"a":[1]}' }, { a: [1] }, undefined],
    [
      'problem+json',
      { headers: { 'content-type': 'application/problem+json; charset=utf-8' }, body: '5' },
      5,
      undefined,
    ],
    ['broken JSON', { headers: { 'content-type': 'application/json' }, body: '{' }, '{', undefined],
    ['text', { headers: { 'content-type': 'text/plain' }, body: '{"a":1}' }, '{"a":1}', undefined],
    [
      'latin-1',
      { headers: { 'content-type': 'text/plain; charset="iso-8859-1"' }, body: Buffer.from([0xe9]) },
      'é',
      undefined,
    ],
    ['XML', { headers: { 'content-type': 'application/atom+xml' }, body: '<a/>' }, '<a/>', undefined],
    ['bytes', { headers: { 'content-type': 'image/png' }, body: Buffer.from([1, 2, 255]) }, 'AQL/', 'base64'],
    ['text without a type', { body: 'héllo' }, 'héllo', undefined],
    ['bytes without a type', { body: Buffer.from([255]) }, '/w==', 'base64'],
    ['nothing', { status: 204 }, null, undefined],
  ])('%s', async (_name, answer, body, encoding) => {
    reply = answer
    const output = await send({})
    expect(output.body).toEqual(body)
    expect(output.encoding).toBe(encoding)
    expect(output).toMatchObject({ status: answer.status ?? 200, url: `${base}/path` })
  })

  it.each<[number, boolean]>([
    [400, false],
    [401, false],
    [404, false],
    [408, true],
    [409, false],
    [425, true],
    [429, true],
    [500, true],
    [503, true],
  ])('%i is an error, retryable: %s', async (status, retryable) => {
    reply = { status, headers: { 'content-type': 'text/plain' }, body: `no\n  way${'!'.repeat(500)}` }
    const error = await failure({ url: `${base}/path?token=secret`, method: 'POST' })
    expect(error).toMatchObject({ code: `http-${status}`, retryable })
    expect(error.message).toMatch(new RegExp(`^POST ${base}/path answered ${status}: no way!+…$`))
    expect(error.message.length).toBeLessThan(300)
  })

  it('hands every answer on where asked', async () => {
    reply = { status: 500, headers: { 'content-type': 'application/json' }, body: '{"error":1}' }
    expect(await send({ failOn: 'never' })).toMatchObject({ status: 500, body: { error: 1 } })
  })

  it.each([
    ['120', 120_000],
    ['Tue, 24 Nov 2026 09:01:00 GMT', 60_000],
    ['-1', 0],
    ['999999999', 86_400_000],
  ])('Retry-After: %s asks for %i ms', async (value, retryAfterMs) => {
    reply = { status: 503, headers: { 'retry-after': value } }
    expect(await failure({})).toMatchObject({ code: 'http-503', retryAfterMs })
  })

  it('is no larger than allowed', async () => {
    reply = { body: 'x'.repeat(2_000) }
    expect(await failure({ maxBytes: 1_000 })).toMatchObject({ code: 'too-large', retryable: false })
  })
})
