import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import busboy from '@fastify/busboy'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { StepError } from '../../domain/runs/step-error.ts'
import { isJsonObject, type Json } from '../../domain/values/json.ts'
import { createGuardedFetch } from '../../engine/guarded-fetch.ts'
import { runAction } from '../test-context.ts'
import { fileWorld } from '../test-files.ts'
import { httpRequest } from './request.action.ts'
import { dispositionName } from './request-answer.ts'

type Seen = { url: string; headers: IncomingHttpHeaders; body: Buffer }
type Reply = { status?: number; headers?: Record<string, string | string[]>; body?: string | Uint8Array }

const guarded = createGuardedFetch()
let base = ''
let seen: Seen[] = []
let world: ReturnType<typeof fileWorld>
let answer: (request: Seen) => Reply = () => ({})

const server = createServer(async (request, response) => {
  const pieces: Buffer[] = []
  for await (const piece of request) pieces.push(piece)
  const one = { url: request.url ?? '', headers: request.headers, body: Buffer.concat(pieces) }
  seen.push(one)
  const { status = 200, headers = {}, body } = answer(one)
  response.writeHead(status, headers).end(body)
})

beforeAll(async () => {
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})

beforeEach(() => {
  seen = []
  answer = () => ({})
  world = fileWorld()
})

afterAll(async () => {
  await guarded.close()
  server.closeAllConnections()
  await new Promise((closed) => server.close(closed))
})

async function send(input: Record<string, Json>, scope: Record<string, Json> = {}): Promise<Record<string, Json>> {
  const { files, large } = world
  const { output } = await runAction(
    httpRequest,
    { url: `${base}/path`, ...input },
    { fetch: guarded.fetch, files, large, scope, credential: async () => ({ type: 'bearer', secret: 'sesame' }) },
  )
  if (!isJsonObject(output)) throw new Error('the output is no object')
  return { ...output }
}

const failure = (input: Record<string, Json>, scope?: Record<string, Json>) =>
  send(input, scope).then(
    (output) => output,
    (error: unknown) => (error instanceof StepError ? error.details : error),
  )

type Part = { name: string; filename?: string; type?: string; text: string }

/** What a server reads of form data. */
async function partsOf({ headers, body }: Seen): Promise<Part[]> {
  const parts: Part[] = []
  const reader = busboy({ headers: { ...headers, 'content-type': headers['content-type'] ?? '' } })
  reader.on('field', (name, text) => parts.push({ name, text }))
  reader.on('file', (name, stream, filename, _encoding, type) => {
    const part = { name, filename, type, text: '' }
    parts.push(part)
    stream.on('data', (piece: Buffer) => {
      part.text += piece.toString('latin1')
    })
  })
  await new Promise((done) => reader.on('finish', done).end(body))
  return parts
}

describe('form data', () => {
  it('has texts, numbers, files of steps and files of folders', async () => {
    world.put('pictures/cat.png', 'PNG')
    const kept = await world.large.keep('made by a step', 'bytes')
    const made = { filename: 'note “1”.txt', contentType: 'text/plain', bytes: kept.bytes, content: kept }
    await send(
      {
        method: 'POST',
        bodyType: 'multipart',
        fields: {
          title: 'Ca{{ t }}',
          count: 2,
          none: null,
          tags: ['a', 'b'],
          photo: { file: world.at('pictures/cat.png') },
          all: ['{{ made }}', { file: world.at('pictures', '{{ name }}.png') }],
        },
      },
      { t: 't', made, name: 'cat' },
    )
    const [request] = seen
    if (request === undefined) throw new Error('nothing was sent')
    expect(await partsOf(request)).toEqual([
      { name: 'title', text: 'Cat' },
      { name: 'count', text: '2' },
      { name: 'tags', text: 'a' },
      { name: 'tags', text: 'b' },
      { name: 'photo', filename: 'cat.png', type: 'image/png', text: 'PNG' },
      { name: 'all', filename: 'note “1”.txt', type: 'text/plain', text: 'made by a step' },
      { name: 'all', filename: 'cat.png', type: 'image/png', text: 'PNG' },
    ])
  })

  it('sends a part under another name and of another type, as its author says', async () => {
    world.put('rows.txt', 'a,b')
    const meta = { text: '{"n":1}', contentType: 'application/json\r\nX-Other: 1' }
    const rows = { file: world.at('rows.txt'), filename: 'März "1".csv', contentType: 'text/csv' }
    await send({ method: 'POST', bodyType: 'multipart', fields: { meta, rows, outside: '{{ body }}' } }, { body: meta })
    const body = seen[0]?.body.toString('utf8')
    expect(body).toContain('name="meta"\r\nContent-Type: application/jsonX-Other: 1\r\n\r\n{"n":1}\r\n')
    expect(body).toContain('name="rows"; filename="März %221%22.csv"\r\nContent-Type: text/csv\r\n\r\na,b\r\n')
    expect(body).toContain('name="outside"\r\n\r\n{')
  })

  it('takes no path from outside for a file', async () => {
    world.put('secret.txt', 'secret')
    const scope = { body: { photo: { file: world.at('secret.txt') }, all: { a: { file: world.at('secret.txt') } } } }
    await send({ method: 'POST', bodyType: 'multipart', fields: { photo: '{{ body.photo }}' } }, scope)
    await send({ method: 'POST', bodyType: 'multipart', fields: '{{ body.all }}' }, scope)
    for (const request of seen) {
      const [part] = await partsOf(request)
      expect(part?.filename).toBeUndefined()
      expect(JSON.parse(part?.text ?? '')).toEqual({ file: world.at('secret.txt') })
    }
    expect(seen).toHaveLength(2)
  })

  it.each<[string, Record<string, Json>, string, RegExp]>([
    ['nothing', {}, 'bad-input', /needs "fields"/],
    ['nothing but null', { fields: { a: null } }, 'bad-input', /needs "fields"/],
    ['a file that is not there', { fields: { a: { file: 'nowhere.txt' } } }, 'no-file', /nowhere\.txt/],
  ])('of %s is refused in words', async (_what, input, code, says) => {
    const found = await failure({ method: 'POST', bodyType: 'multipart', ...input })
    expect(found).toMatchObject({ code, message: expect.stringMatching(says) })
    expect(seen).toEqual([])
  })
})

describe('a file as it is', () => {
  it('goes as its own type', async () => {
    world.put('cat.png', Buffer.from([0x89, 0, 255]))
    await send({ method: 'PUT', bodyType: 'binary', body: world.at('cat.png') })
    expect(seen[0]?.headers['content-type']).toBe('image/png')
    expect(seen[0]?.body).toEqual(Buffer.from([0x89, 0, 255]))
  })

  it('is nothing where there is none', async () => {
    await send({ method: 'POST', bodyType: 'binary' })
    expect(seen[0]?.body.length).toBe(0)
  })

  it('must be one', async () => {
    expect(await failure({ method: 'POST', bodyType: 'binary', body: { a: 1 } })).toMatchObject({
      code: 'bad-input',
      message: expect.stringContaining('"body" takes a file'),
    })
  })
})

describe('an answer', () => {
  it.each<[string, Record<string, Json>, Reply, Json]>([
    [
      'as a file',
      { answerAs: 'file' },
      { headers: { 'content-type': 'text/csv', 'content-disposition': 'attachment; filename="a b.csv"' }, body: 'a;b' },
      { body: null, file: { filename: 'a b.csv', contentType: 'text/csv', bytes: 3 } },
    ],
    [
      'as a file that is named by the address',
      { answerAs: 'file' },
      { headers: { 'content-type': 'application/pdf' }, body: 'PDF' },
      { body: null, file: { filename: 'path', contentType: 'application/pdf', bytes: 3 } },
    ],
    [
      'of bytes, also as a file',
      {},
      { body: Buffer.from([255]) },
      { body: '/w==', encoding: 'base64', file: { bytes: 1 } },
    ],
    [
      'that is JSON, as text',
      { answerAs: 'text' },
      { headers: { 'content-type': 'application/json' }, body: '{"a":1}' },
      { body: '{"a":1}' },
    ],
    [
      'of another character set, as text',
      { answerAs: 'text' },
      { headers: { 'content-type': 'application/octet-stream; charset=iso-8859-1' }, body: Buffer.from([0xe9]) },
      { body: 'é' },
    ],
    [
      'that is called text, as JSON',
      { answerAs: 'json' },
      { headers: { 'content-type': 'text/html' }, body: '{"a":[1]}' },
      { body: { a: [1] } },
    ],
    ['that is one word, as JSON', { answerAs: 'json' }, { body: '"done"' }, { body: 'done' }],
    ['of nothing, as JSON', { answerAs: 'json' }, { status: 204 }, { body: null }],
  ])('%s', async (_what, input, reply, expected) => {
    answer = () => reply
    expect(await send(input)).toMatchObject(Object(expected))
  })

  it('that must be JSON and is none is an error that shows its beginning', async () => {
    answer = () => ({ headers: { 'content-type': 'text/html' }, body: '<h1>Sign in</h1>' })
    expect(await failure({ answerAs: 'json' })).toMatchObject({
      code: 'bad-answer',
      message: expect.stringContaining('<h1>Sign in</h1>'),
    })
  })

  it('says its cookies, and is kept where it leads elsewhere', async () => {
    answer = () => ({ status: 302, headers: { location: '/there', 'set-cookie': ['a=1', 'b=2; Path=/'] } })
    expect(await send({ redirects: 'keep' })).toMatchObject({
      status: 302,
      headers: { location: '/there' },
      setCookies: ['a=1', 'b=2; Path=/'],
    })
    expect(seen).toHaveLength(1)
  })

  it.each([
    ['attachment; filename=plain.txt', 'plain.txt'],
    ['attachment; filename="a \\"b\\".txt"; x=1', 'a "b".txt'],
    ["attachment; filename=old.txt; filename*=UTF-8''na%C3%AFve.txt", 'naïve.txt'],
    ['attachment; filename="../../etc/passwd"', 'passwd'],
    ["attachment; filename*=utf-8''%ff", undefined],
    ['inline', undefined],
    [`attachment; filename="${'x'.repeat(5_000)}"`, undefined],
  ])('with the disposition %.60s has the name %s', (header, name) => {
    expect(dispositionName(header)).toBe(name)
  })
})

/** A service with seven items, two a page, that leads to the next page in the way that is asked for. */
function listing(how: string): (request: Seen) => Reply {
  return ({ url, body }) => {
    const { searchParams } = new URL(url, base)
    const told = body.length > 0 ? JSON.parse(body.toString()) : Object.fromEntries(searchParams)
    const page = how === 'offset' ? Number(told.skip ?? 0) / 2 : Number(told.page ?? told.after ?? 1) - 1
    const items = [1, 2, 3, 4, 5, 6, 7].slice(page * 2, page * 2 + 2)
    const next = `${base}/path?keep=a%20b&page=${page + 2}`
    const hasNext = page < 3
    return {
      headers: {
        'content-type': 'application/json',
        ...(how === 'link' && hasNext && { link: `<${next}>; rel="next"` }),
      },
      body: JSON.stringify({ data: { items }, meta: hasNext ? { after: String(page + 2), next } : {} }),
    }
  }
}

describe('pages', () => {
  const all = [1, 2, 3, 4, 5, 6, 7]
  it.each<[string, string, Record<string, Json>, Record<string, Json>]>([
    ['by the header Link', 'link', { next: 'link-header' }, {}],
    ['by a word that goes into the address', 'cursor', { next: 'cursor', at: 'meta.after', as: 'after' }, {}],
    [
      'by a word that goes into the body',
      'cursor',
      { next: 'cursor', at: 'meta.after', as: 'after', in: 'body' },
      { method: 'POST', body: { filter: 'x' } },
    ],
    ['by number', 'page', { next: 'page' }, {}],
    ['by count', 'offset', { next: 'offset', as: 'skip' }, {}],
    ['by an address in the answer', 'address', { next: 'url-in-body', at: 'meta.next' }, {}],
  ])('follow each other %s', async (_what, how, pages, input) => {
    answer = listing(how)
    const output = await send({ url: `${base}/path?keep=a%20b`, ...input, pages: { items: 'data.items', ...pages } })
    expect(output).toMatchObject({ status: 200, items: all, hasMore: false })
    if (input.method !== 'POST') for (const { url } of seen) expect(url).toContain('keep=a%20b')
    else for (const { body } of seen) expect(JSON.parse(body.toString())).toMatchObject({ filter: 'x' })
  })

  it('end at the most that are wanted, and say that more are left', async () => {
    answer = listing('link')
    expect(await send({ pages: { next: 'link-header', items: 'data.items', max: 2 } })).toMatchObject({
      items: [1, 2, 3, 4],
      hasMore: true,
    })
    expect(seen).toHaveLength(2)
  })

  it('are read at one address, wherever an answer leads to', async () => {
    answer = () => ({ headers: { link: '<http://other.example/steal>; rel="next"' }, body: '[1]' })
    const input = { answerAs: 'json', auth: { $credential: 'mine' }, pages: { next: 'link-header' } }
    expect(await failure(input)).toMatchObject({
      code: 'pages-elsewhere',
      message: expect.stringContaining('http://other.example'),
    })
    expect(seen).toHaveLength(1)
  })

  it('fail as a whole where one of them fails', async () => {
    answer = (request) => (request.url.includes('page=3') ? { status: 503 } : listing('page')(request))
    expect(await failure({ pages: { next: 'page', items: 'data.items' } })).toMatchObject({
      code: 'http-503',
      retryable: true,
    })
  })

  it.each<[string, Record<string, string>, string, Record<string, Json>]>([
    ['an address that leads to itself', { link: '</>; rel="next"' }, '[1]', { next: 'link-header' }],
    ['a word that stays the same', {}, '{"items":[1],"next":"x"}', { next: 'cursor', at: 'next', items: 'items' }],
  ])('that have no end fail the step: %s', async (_what, headers, body, pages) => {
    answer = () => ({ headers, body })
    expect(await failure({ url: `${base}/`, answerAs: 'json', pages })).toMatchObject({ code: 'pages-loop' })
    expect(seen.length).toBeLessThan(3)
  })

  it('fail the step where items would be missing without a word', async () => {
    answer = () => ({ headers: { 'content-type': 'text/html' }, body: '<p>Sign in</p>' })
    expect(await failure({ pages: { next: 'link-header' } })).toMatchObject({ code: 'bad-page' })
    const large = JSON.stringify(['x'.repeat(5_000_000)])
    answer = () => ({ headers: { 'content-type': 'application/json' }, body: large })
    expect(await failure({ pages: { next: 'page' } })).toMatchObject({
      code: 'bad-page',
      message: expect.stringContaining('5 MB'),
    })
  })

  it('are no larger together than an answer may be', async () => {
    answer = listing('page')
    const pages = { next: 'page', items: 'data.items' }
    expect(await failure({ pages, maxBytes: 150 })).toMatchObject({ code: 'too-large' })
    expect(seen.length).toBeGreaterThan(1)
  })

  it('have a key of their own each where they are asked for by POST', async () => {
    answer = listing('page')
    await send({ method: 'POST', body: {}, pages: { next: 'page', in: 'body', items: 'data.items' } })
    const keys = seen.map(({ headers }) => headers['idempotency-key'])
    expect(keys.length).toBeGreaterThan(2)
    expect(new Set(keys).size).toBe(keys.length)
  })

  it('need to know where the next one is', () => {
    const parsed = httpRequest.input.safeParse({ url: base, pages: { next: 'cursor' } })
    expect(parsed.error?.issues).toMatchObject([{ path: ['pages', 'at'] }])
  })
})
