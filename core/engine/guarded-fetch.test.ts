import type { LookupAddress, LookupOptions, lookup as systemLookup } from 'node:dns'
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib'
import { expect, onTestFinished, test } from 'vitest'
import type { FetchRequest, FetchResponse } from '../connectors/action-context.ts'
import { StepError } from '../domain/runs/step-error.ts'
import { type FetchGuard, NO_GUARD } from './fetch-guard.ts'
import { createGuardedFetch } from './guarded-fetch.ts'
import { secretsFor, signInSecrets } from './step-secrets.ts'

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(async () => {
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  })
  // A server that listens on a port has an AddressInfo.
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

function get(
  url: string,
  more: Partial<FetchRequest> = {},
  secrets = secretsFor([]),
): Promise<Omit<FetchResponse, 'body'> & { body: string }> {
  const guarded = createGuardedFetch()
  onTestFinished(() => guarded.close())
  const wanted: FetchRequest = {
    method: 'GET',
    url,
    headers: {},
    body: null,
    signal: new AbortController().signal,
    maxBytes: 1_000,
    ...more,
  }
  return guarded
    .fetch(wanted, { ...NO_GUARD, secrets })
    .then((response) => ({ ...response, body: Buffer.from(response.body).toString() }))
}

type Answered = (error: null, address: string | LookupAddress[], family?: number) => void

async function codeOf(work: Promise<unknown>): Promise<string> {
  const thrown = await work.then(
    () => 'nothing was thrown',
    (error: unknown) => error,
  )
  return thrown instanceof StepError ? thrown.details.code : String(thrown)
}

test('a link-local address is refused, also behind a redirect and in odd spellings', async () => {
  expect(await codeOf(get('http://169.254.169.254/latest/meta-data'))).toBe('address-refused')
  expect(await codeOf(get('http://0xa9fea9fe/'))).toBe('address-refused')
  expect(await codeOf(get('http://[::ffff:169.254.169.254]/'))).toBe('address-refused')
  const url = await serve((_request, response) => {
    response.writeHead(302, { location: 'http://169.254.169.254/' }).end()
  })
  expect(await codeOf(get(url))).toBe('address-refused')
})

test('a name is judged by where it leads when the connection is made, for every step anew', async () => {
  const url = await serve((_request, response) => response.end('near'))
  const { port } = new URL(url)
  const leadsTo: Record<string, string> = { 'near.example': '127.0.0.1', 'metadata.example': '169.254.169.254' }
  const lookup = ((name: string, options: LookupOptions, callback: Answered) => {
    const found = { address: leadsTo[name] ?? '127.0.0.1', family: 4 }
    if (options.all === true) callback(null, [found])
    else callback(null, found.address, found.family)
  }) as typeof systemLookup // of its many shapes only these two are called
  const guarded = createGuardedFetch(undefined, lookup)
  onTestFinished(() => guarded.close())
  const signal = new AbortController().signal
  const ask = (name: string, guard: FetchGuard) =>
    guarded.fetch(
      { method: 'GET', url: `http://${name}:${port}/`, headers: {}, body: null, signal, maxBytes: 100 },
      guard,
    )
  const asked: string[] = []
  const afar: FetchGuard = {
    ...NO_GUARD,
    mayBeLocal: () => false,
    refuseLocal(to) {
      asked.push(to.hostname)
      return NO_GUARD.refuseLocal(to, to)
    },
  }
  expect(await codeOf(ask('near.example', afar))).toBe('not-permitted')
  expect((await ask('near.example', NO_GUARD)).status).toBe(200)
  // The connection of the step that may go there is no way for the one that may not.
  expect(await codeOf(ask('near.example', afar))).toBe('not-permitted')
  expect(asked).toEqual(['near.example', 'near.example'])
  expect(await codeOf(ask('metadata.example', NO_GUARD))).toBe('address-refused')
})

test('only http and https are spoken', async () => {
  expect(await codeOf(get('file:///etc/passwd'))).toBe('bad-url')
  expect(await codeOf(get('nonsense'))).toBe('bad-url')
})

/** Two origins: the first redirects to `location` of the second, each notes what it is sent. */
async function twoOrigins(status: number, location: string) {
  const seen: { at: 'first' | 'other'; url: string; headers: IncomingHttpHeaders }[] = []
  const other = await serve((request, response) => {
    seen.push({ at: 'other', url: request.url ?? '', headers: request.headers })
    response.end('other')
  })
  const first = await serve((request, response) => {
    seen.push({ at: 'first', url: request.url ?? '', headers: request.headers })
    const again = request.url?.startsWith('/start') ? '/again' : `${other}${location}`
    response.writeHead(status, { location: again }).end()
  })
  return { first, other, seen }
}

test('what is secret does not follow a redirect to another port, but does within an origin', async () => {
  const { first, other, seen } = await twoOrigins(307, '/')
  const answer = await get(
    `${first}/start`,
    {
      headers: {
        Authorization: 'Bearer one',
        Cookie: 'two',
        'X-Shop-Key': 'three',
        'x-api-key': 'four',
        'x-private-token': 'five',
        'x-plain': 'six',
        'x-copied': 'it is "seven-eight-nine"',
      },
      secretHeaders: ['x-shop-key'],
    },
    secretsFor([{ name: 'shop', value: 'seven-eight-nine' }]),
  )
  expect(answer).toMatchObject({ url: `${other}/`, isWithoutSecrets: true })
  const names = ['authorization', 'cookie', 'x-shop-key', 'x-api-key', 'x-private-token', 'x-plain', 'x-copied']
  expect(seen.map(({ at, headers }) => [at, names.filter((name) => name in headers)])).toEqual([
    ['first', names],
    ['first', names],
    ['other', ['x-plain']],
  ])
  expect(Object.keys(seen[2]?.headers ?? {})).not.toContain('referer')
})

test('what was left behind stays behind, also when the way leads back', async () => {
  const seen: (string | undefined)[] = []
  const back = await serve((_request, response) => {
    response.writeHead(302, { location: `${first}/end` }).end()
  })
  const first = await serve((request, response) => {
    seen.push(request.headers.authorization)
    if (request.url === '/end') response.end('end')
    else response.writeHead(302, { location: back }).end()
  })
  await get(first, { headers: { authorization: 'Bearer one' } })
  expect(seen).toEqual(['Bearer one', undefined])
})

test('a redirect that takes the whole address along leaves its secret parameters behind', async () => {
  const { first, seen } = await twoOrigins(302, '/moved?page=2&code=one&api_key=two&q=secret%20three')
  await get(
    `${first}/list?page=2&code=one&api_key=two&q=secret%20three`,
    { secretQuery: ['code'] },
    secretsFor([{ name: 'q', value: 'secret three' }]),
  )
  expect(seen.at(-1)).toMatchObject({ at: 'other', url: '/moved?page=2' })
})

test.each([
  ['the path', 302, '/bot12345:abcdef/send', null],
  ['the body', 307, '/', '{"key":"12345:abcdef"}'],
  ['bytes of the body', 308, '/', Buffer.from('12345:abcdef')],
])('a redirect to another origin with a credential in %s is refused', async (_where, status, location, body) => {
  const { first, seen } = await twoOrigins(status, location)
  const secrets = secretsFor([{ name: 'bot', value: '12345:abcdef' }])
  const thrown = get(`${first}/x`, { method: 'POST', body }, secrets)
  expect(await codeOf(thrown)).toBe('redirect-refused')
  await expect(thrown).rejects.toThrow(/redirected to http:\/\/127\.0\.0\.1:\d+, and the credential would go along/)
  expect(seen.map(({ at }) => at)).toEqual(['first'])
})

test('the user and password of an address are sent as Basic, to its own origin alone, and are seen nowhere', async () => {
  const { first, other, seen } = await twoOrigins(302, '/')
  const withSignIn = (url: string, signIn: string): string => url.replace('//', `//${signIn}@`)
  const { url } = await get(withSignIn(`${first}/start`, 'ada:p%C3%A4ss%40w%ord'))
  const basic = `Basic ${Buffer.from('ada:päss@w%ord').toString('base64')}`
  // A per cent sign that stands for itself leaves the whole as it is written.
  const raw = `Basic ${Buffer.from('ada:p%C3%A4ss%40w%ord').toString('base64')}`
  expect(seen.map(({ headers }) => headers.authorization)).toEqual([raw, raw, undefined])
  expect(url).toBe(`${other}/`)
  seen.length = 0
  const own = await get(withSignIn(other, 'ada:p%C3%A4ss%40w%25ord'))
  expect(own.url).toBe(`${other}/`)
  expect(seen[0]?.headers.authorization).toBe(basic)
  seen.length = 0
  await get(withSignIn(other, 'ada:other'), { headers: { Authorization: 'Bearer own' } })
  expect(seen[0]?.headers.authorization).toBe('Bearer own')
})

test('no error names the secrets of an address', async () => {
  const closed = await serve((request) => {
    request.socket.destroy()
  })
  for (const address of [
    closed.replace('//', '//ada:sesame@'),
    'http://ada:sesame@:99999/',
    'ftp://ada:sesame@host/',
    'http://169.254.169.254:80/?key=sesame',
    'http://ada:sesame@[::1/?key=sesame',
  ]) {
    const thrown = await get(address).catch((error: unknown) => error)
    expect(thrown).toBeInstanceOf(StepError)
    expect(String(thrown)).not.toContain('sesame')
  }
})

test('an answer that echoes a credential comes back without it: body, headers and address', async () => {
  const basic = Buffer.from('ada:correct horse').toString('base64')
  const url = await serve((request, response) => {
    const { authorization = '' } = request.headers
    response.setHeader('x-echo', authorization)
    if (request.url === '/large') response.end('x'.repeat(3_000_000 - 7) + authorization + 'y'.repeat(2_000_000))
    else response.end(JSON.stringify({ authorization, password: 'correct horse', form: 'p=correct+horse' }))
  })
  const secrets = secretsFor(signInSecrets('shop', 'ada', 'correct horse'))
  const wanted = { headers: { authorization: `Basic ${basic}` }, maxBytes: 10_000_000 }
  const small = await get(`${url}/?pass=correct%20horse`, wanted, secrets)
  expect(JSON.parse(small.body)).toEqual({
    authorization: 'Basic [secret: shop]',
    password: '[secret: shop]',
    form: 'p=[secret: shop]',
  })
  expect(small.headers['x-echo']).toBe('Basic [secret: shop]')
  expect(small.url).toBe(`${url}/?pass=[secret: shop]`)
  const large = await get(`${url}/large`, wanted, secrets)
  expect(large.body.indexOf(basic)).toBe(-1)
  expect(large.body.indexOf('Basic [secret: shop]yyy')).toBe(3_000_000 - 7)
})

test('a POST that is redirected with 303 becomes a GET without a body; with 307 it stays what it was', async () => {
  const methods: string[] = []
  const url = await serve((request, response) => {
    methods.push(request.method ?? '')
    const redirects: Record<string, number> = { '/see': 303, '/keep': 307 }
    const status = redirects[request.url ?? '']
    if (status === undefined) response.end('done')
    else response.writeHead(status, { location: '/end' }).end()
  })
  await get(`${url}/see`, { method: 'POST', body: 'x' })
  await get(`${url}/keep`, { method: 'POST', body: 'x' })
  expect(methods).toEqual(['POST', 'GET', 'POST', 'POST'])
})

test('a redirect loop ends', async () => {
  const url = await serve((_request, response) => {
    response.writeHead(302, { location: '/' }).end()
  })
  expect(await codeOf(get(url))).toBe('too-many-redirects')
})

test('an answer over the cap is refused, also one that only unpacks to more', async () => {
  const url = await serve((request, response) => {
    if (request.url === '/plain') response.end('x'.repeat(2_000))
    else response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('x'.repeat(100_000)))
  })
  expect(await codeOf(get(`${url}/plain`))).toBe('too-large')
  expect(await codeOf(get(`${url}/bomb`))).toBe('too-large')
})

test.each([
  [401, false],
  [404, false],
  [429, true],
  [503, true],
])('of a refusal %i that is over the cap its status is told', async (status, retryable) => {
  const url = await serve((_request, response) => void response.writeHead(status).end('x'.repeat(2_000)))
  await expect(get(url)).rejects.toMatchObject({
    details: { code: `http-${status}`, retryable, message: expect.stringContaining(`${url}/ answered ${status}`) },
  })
})

test.each([
  ['gzip', gzipSync('hello'), 'hello'],
  ['deflate', deflateSync('hello'), 'hello'],
  ['br', brotliCompressSync('hello'), 'hello'],
  ['deflate', deflateRawSync('hello'), 'hello'],
  ['zstd', zstdCompressSync('hello'), 'hello'],
  ['gzip, br', brotliCompressSync(gzipSync('hello')), 'hello'],
  ['br,deflate', deflateRawSync(brotliCompressSync('hello')), 'hello'],
  ['GZIP, identity', gzipSync('hello'), 'hello'],
  ['gzip', '', ''],
  ['deflate', '', ''],
  ['zstd', '', ''],
  ['identity', 'hello', 'hello'],
  ['none', 'hello', 'hello'],
  ['gzip, unheard-of', 'hello', 'hello'],
])('an answer that is packed by %s is unpacked', async (encoding, packed, body) => {
  const url = await serve((_request, response) => {
    response.writeHead(200, { 'content-encoding': encoding }).end(packed)
  })
  expect((await get(url)).body).toBe(body)
})

test('an answer that comes byte by byte is unpacked too', async () => {
  const url = await serve(async (request, response) => {
    response.writeHead(200, { 'content-encoding': 'deflate' })
    for (const byte of request.url === '/raw' ? deflateRawSync('hello') : deflateSync('hello')) {
      await new Promise((written) => response.write(Buffer.of(byte), written))
    }
    response.end()
  })
  expect((await get(`${url}/raw`)).body).toBe('hello')
  expect((await get(`${url}/wrapped`)).body).toBe('hello')
})

test('an answer is not packed more than a few times', async () => {
  const url = await serve((_request, response) => {
    response.writeHead(200, { 'content-encoding': Array(50).fill('gzip').join(', ') }).end('x')
  })
  expect(await codeOf(get(url))).toBe('bad-encoding')
})

test('headers with UTF-8 in them are text, those in latin1 too, and cookies stay apart', async () => {
  const url = await serve((_request, response) => {
    response.setHeader('x-utf8', Buffer.from('größe ☃').toString('latin1'))
    response.setHeader('x-latin1', 'größe')
    response.setHeader('set-cookie', ['a=1; Expires=Thu, 26 Nov 2026 09:30:00 GMT', 'b=2'])
    response.setHeader('x-many', ['1', '2'])
    response.end()
  })
  const { headers, cookies } = await get(url)
  expect(headers).toMatchObject({ 'x-utf8': 'größe ☃', 'x-latin1': 'größe', 'x-many': '1, 2' })
  expect(cookies).toEqual(['a=1; Expires=Thu, 26 Nov 2026 09:30:00 GMT', 'b=2'])
})

test('a redirect may have UTF-8 in it, and one to nowhere is an answer', async () => {
  const seen: string[] = []
  const url = await serve((request, response) => {
    seen.push(request.url ?? '')
    if (request.url === '/empty') response.writeHead(302, { location: '' }).end('here')
    else if (request.url === '/from') {
      response.writeHead(302, { location: Buffer.from('/größe?q=☃').toString('latin1') }).end()
    } else response.end('there')
  })
  expect(await get(`${url}/from`)).toMatchObject({ status: 200, body: 'there' })
  expect(seen).toEqual(['/from', '/gr%C3%B6%C3%9Fe?q=%E2%98%83'])
  expect(await get(`${url}/empty`)).toMatchObject({ status: 302, body: 'here' })
})

test('an answer that is not packed as it says, or not to its end, is refused', async () => {
  const url = await serve((request, response) => {
    const packed = request.url === '/other' ? 'hello' : gzipSync('hello').subarray(0, 15)
    response.writeHead(200, { 'content-encoding': 'gzip' }).end(packed)
  })
  expect(await codeOf(get(`${url}/other`))).toBe('bad-encoding')
  expect(await codeOf(get(`${url}/half`))).toBe('bad-encoding')
})

test('a packed answer of which the connection is lost half way can be asked for again', async () => {
  const url = await serve((_request, response) => {
    response.writeHead(200, { 'content-encoding': 'gzip', 'content-length': 1_000 })
    response.write(gzipSync('hello').subarray(0, 15), () => response.socket?.destroy())
  })
  expect(await codeOf(get(url))).toBe('network')
})

test('a closed port and a connection that is cut off can be retried, and are named without the query', async () => {
  const url = await serve((request) => {
    request.socket.destroy()
  })
  const thrown = await get(`${url}/x?token=secret`).catch((error: unknown) => error)
  expect(thrown).toBeInstanceOf(StepError)
  const { details } = thrown instanceof StepError ? thrown : { details: undefined }
  expect(details).toMatchObject({ code: 'network', retryable: true })
  expect(details?.message).not.toContain('secret')
})

test('an abort ends a call that is never answered, with the reason of the abort', async () => {
  const arrived = Promise.withResolvers<void>()
  const url = await serve(() => arrived.resolve())
  const controller = new AbortController()
  const call = get(url, { signal: controller.signal }).catch((error: unknown) => error)
  await arrived.promise
  controller.abort('cancelled')
  expect(await call).toBe('cancelled')
})
