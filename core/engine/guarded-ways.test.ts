import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { type AddressInfo, connect, type Server, type Socket } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import type { FetchRequest } from '../connectors/action-context.ts'
import { StepError } from '../domain/runs/step-error.ts'
import { type FetchGuard, NO_GUARD } from './fetch-guard.ts'
import { createGuardedFetch } from './guarded-fetch.ts'
import { CERTIFICATE, KEY } from './test-certificate.ts'

async function portOf(server: Server): Promise<number> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => sockets.add(socket))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy()
    server.close()
    await once(server, 'close')
  })
  return (server.address() as AddressInfo).port // a server that listens on a port has an AddressInfo
}

/** A proxy that tunnels and forwards, and remembers what it was asked; with `wants`, only who says that. */
async function startProxy(wants?: string) {
  const asked: string[] = []
  const isAllowed = ({ headers }: IncomingMessage) => wants === undefined || headers['proxy-authorization'] === wants
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`)
    response.writeHead(isAllowed(request) ? 200 : 407).end('by the proxy')
  })
  server.on('connect', (request, socket, head) => {
    asked.push(`CONNECT ${request.url}`)
    socket.on('error', () => undefined)
    if (!isAllowed(request)) {
      socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n')
      return
    }
    const [host = '', port = ''] = (request.url ?? '').split(':')
    const there = connect(Number(port), host, () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n')
      there.write(head)
      socket.pipe(there).pipe(socket)
    })
    there.on('error', () => socket.destroy())
    socket.on('close', () => there.destroy())
  })
  return { asked, port: await portOf(server) }
}

async function get(url: string, terms: Partial<FetchRequest>, guard?: FetchGuard): Promise<string> {
  const guarded = createGuardedFetch()
  const signal = new AbortController().signal
  try {
    const request = { method: 'GET', url, headers: {}, body: null, signal, maxBytes: 1_000, ...terms }
    return Buffer.from((await guarded.fetch(request, guard)).body).toString()
  } catch (error) {
    return StepError.from(error).code
  } finally {
    await guarded.close()
  }
}

test('a certificate is trusted by one request alone, by name or blindly', async () => {
  const port = await portOf(createTlsServer({ key: KEY, cert: CERTIFICATE }, (_, response) => response.end('hello')))
  const url = `https://127.0.0.1:${port}/`
  expect(await get(url, { tls: { insecure: true } })).toBe('hello')
  // Trusted, but for the name other.example alone.
  expect(await get(url, { tls: { trust: CERTIFICATE } })).toBe('certificate')
  expect(await get(url, {})).toBe('certificate')
  const lookup = (_name: string, options: { all?: boolean }, found: (...args: unknown[]) => void) =>
    options.all === true ? found(null, [{ address: '127.0.0.1', family: 4 }]) : found(null, '127.0.0.1', 4)
  const named = createGuardedFetch(undefined, lookup as typeof import('node:dns').lookup)
  const signal = new AbortController().signal
  const request = {
    method: 'GET',
    url: `https://other.example:${port}/`,
    headers: {},
    body: null,
    signal,
    maxBytes: 99,
  }
  const { body } = await named.fetch({ ...request, tls: { trust: CERTIFICATE } })
  expect(Buffer.from(body).toString()).toBe('hello')
  await expect(named.fetch(request)).rejects.toMatchObject({ details: { code: 'certificate' } })
  await named.close()
})

test('a request goes through a proxy: forwarded, or by a tunnel where it is encrypted', async () => {
  const { asked, port } = await startProxy()
  const proxy = `http://127.0.0.1:${port}`
  expect(await get('http://target.example/a?b=1', { proxy })).toBe('by the proxy')
  const secure = await portOf(createTlsServer({ key: KEY, cert: CERTIFICATE }, (_, response) => response.end('hello')))
  expect(await get(`https://127.0.0.1:${secure}/`, { proxy, tls: { insecure: true } })).toBe('hello')
  expect(await get(`https://127.0.0.1:${secure}/`, { proxy })).toBe('certificate')
  expect(asked).toEqual([
    'GET http://target.example/a?b=1',
    `CONNECT 127.0.0.1:${secure}`,
    `CONNECT 127.0.0.1:${secure}`,
  ])
})

test('a proxy is signed in to by its address, and what it refuses is said', async () => {
  const { port } = await startProxy(`Basic ${Buffer.from('ada:p ss').toString('base64')}`)
  expect(await get('http://target.example/', { proxy: `http://ada:p%20ss@127.0.0.1:${port}` })).toBe('by the proxy')
  const guarded = createGuardedFetch()
  const signal = new AbortController().signal
  const proxy = `http://ada:wrong@127.0.0.1:${port}`
  const request = { method: 'GET', url: 'https://target.example/', headers: {}, body: null, signal, maxBytes: 9, proxy }
  const error = await guarded.fetch(request).catch((thrown: unknown) => StepError.from(thrown))
  expect(error).toMatchObject({ code: 'proxy', retryable: false, message: expect.stringContaining('407') })
  expect(JSON.stringify(error)).not.toContain('wrong')
  await guarded.close()
})

test('a proxy is held to what its step may reach', async () => {
  const { asked, port } = await startProxy()
  const refuse = (url: URL) =>
    new StepError({ code: 'not-permitted', message: `${url.host} is not permitted.`, retryable: false })
  const guard: FetchGuard = {
    ...NO_GUARD,
    mayBeLocal: () => false,
    refuseLocal: refuse,
    checkStart(url) {
      if (url.hostname === 'proxy.example') throw refuse(url)
    },
  }
  expect(await get('http://target.example/', { proxy: `http://127.0.0.1:${port}` }, guard)).toBe('not-permitted')
  expect(await get('http://target.example/', { proxy: 'http://proxy.example' }, guard)).toBe('not-permitted')
  expect(await get('http://target.example/', { proxy: 'http://169.254.169.254' })).toBe('address-refused')
  expect(await get('http://target.example/', { proxy: 'ftp://proxy.example' })).toBe('bad-url')
  expect(asked).toEqual([])
})

test('what is wrong with a proxy is said of it, and not of what lies behind it', async () => {
  const closed = createServer()
  closed.listen(0, '127.0.0.1')
  await once(closed, 'listening')
  const { port } = closed.address() as AddressInfo // as above
  closed.close()
  await once(closed, 'close')
  const guarded = createGuardedFetch()
  const signal = new AbortController().signal
  const failure = (url: string, proxy: string) =>
    guarded
      .fetch({ method: 'GET', url, headers: {}, body: null, signal, maxBytes: 9, proxy })
      .then(() => null, StepError.from)
  for (const url of ['http://target.example/', 'https://target.example/']) {
    const gone = await failure(url, `http://ada:s3cret@127.0.0.1:${port}`)
    expect(gone).toMatchObject({ code: 'network', retryable: true })
    expect(gone?.message).toContain(`127.0.0.1:${port}`)
    expect(gone?.message).not.toMatch(/target\.example|s3cret/)
    const unreadable = await failure(url, `http://ada:s3cret%ZZ@127.0.0.1:${port}`)
    expect(unreadable).toMatchObject({ code: 'bad-url', message: expect.stringContaining('%25') })
    expect(unreadable?.message).not.toContain('s3cret')
  }
  await guarded.close()
})
