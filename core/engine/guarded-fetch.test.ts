import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import { expect, onTestFinished, test } from 'vitest'
import type { FetchRequest } from '../connectors/define.ts'
import { StepError } from '../domain/step-error.ts'
import { createGuardedFetch, isRefusedAddress } from './guarded-fetch.ts'

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

function get(url: string, more: Partial<FetchRequest> = {}): Promise<{ status: number; body: string; url: string }> {
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
  return guarded.fetch(wanted).then((response) => ({ ...response, body: Buffer.from(response.body).toString() }))
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  const thrown = await work.then(
    () => 'nothing was thrown',
    (error: unknown) => error,
  )
  return thrown instanceof StepError ? thrown.details.code : String(thrown)
}

test.each([
  ['169.254.169.254', true],
  ['169.254.0.1', true],
  ['fe80::1', true],
  ['fd00:ec2::254', true],
  ['::ffff:169.254.169.254', true],
  ['224.0.0.1', true],
  ['127.0.0.1', false],
  ['::1', false],
  ['192.168.1.7', false],
  ['10.0.0.1', false],
  ['93.184.216.34', false],
])('whether %s is refused: %s', (address, isRefused) => {
  expect(isRefusedAddress(address)).toBe(isRefused)
})

test('a link-local address is refused, also behind a redirect and in odd spellings', async () => {
  expect(await codeOf(get('http://169.254.169.254/latest/meta-data'))).toBe('address-refused')
  expect(await codeOf(get('http://0xa9fea9fe/'))).toBe('address-refused')
  expect(await codeOf(get('http://[::ffff:169.254.169.254]/'))).toBe('address-refused')
  const url = await serve((_request, response) => {
    response.writeHead(302, { location: 'http://169.254.169.254/' }).end()
  })
  expect(await codeOf(get(url))).toBe('address-refused')
})

test('only http and https are spoken', async () => {
  expect(await codeOf(get('file:///etc/passwd'))).toBe('bad-url')
  expect(await codeOf(get('nonsense'))).toBe('bad-url')
})

test('credentials do not follow a redirect to another origin, but do within one', async () => {
  const seen: (string | undefined)[] = []
  const other = await serve((request, response) => {
    seen.push(request.headers.authorization)
    response.end('other')
  })
  const first = await serve((request, response) => {
    seen.push(request.headers.authorization)
    const location = request.url === '/start' ? '/again' : `${other}/`
    response.writeHead(307, { location }).end()
  })
  const answer = await get(`${first}/start`, { headers: { Authorization: 'Bearer secret' } })
  expect(answer.url).toBe(`${other}/`)
  expect(seen).toEqual(['Bearer secret', 'Bearer secret', undefined])
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
  ['gzip', gzipSync('hello'), 'hello'],
  ['deflate', deflateSync('hello'), 'hello'],
  ['br', brotliCompressSync('hello'), 'hello'],
  ['gzip', '', ''],
  ['identity', 'hello', 'hello'],
])('an answer that is packed by %s is unpacked', async (encoding, packed, body) => {
  const url = await serve((_request, response) => {
    response.writeHead(200, { 'content-encoding': encoding }).end(packed)
  })
  expect((await get(url)).body).toBe(body)
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
