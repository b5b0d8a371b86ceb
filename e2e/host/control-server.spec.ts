import { generateKeyPairSync } from 'node:crypto'
import { request } from 'node:http'
import { connect } from 'node:net'
import { WebSocket } from 'ws'
import type { RunningHost } from '../fixtures/headless-host.ts'
import { expect, test } from '../fixtures/test.ts'

test.use({ shares: true })

function partsOf(host: RunningHost): { origin: string; port: string; token: string } {
  const url = new URL(host.ui)
  return { origin: url.origin, port: url.port, token: url.hash.replace('#token=', '') }
}

/** Sends exactly these lines; `fetch` would not let us lie about the Host. */
function raw(port: string, lines: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), '127.0.0.1', () =>
      socket.write(`${lines.join('\r\n')}\r\nConnection: close\r\n\r\n`),
    )
    let text = ''
    socket.setEncoding('utf8').on('data', (chunk) => {
      text += chunk
    })
    socket.on('end', () => resolve(text.split('\r\n')[0] ?? ''))
    socket.on('error', reject)
  })
}

const pageKey = (): string =>
  generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
    .publicKey.export({ format: 'der', type: 'spki' })
    .toString('base64url')

/** The status of a WebSocket handshake. */
function handshake(origin: string, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve) => {
    const { 'sec-websocket-protocol': protocols = '', ...rest } = headers
    const offered = protocols === '' ? [] : protocols.split(', ')
    const socket = new WebSocket(`${origin.replace('http', 'ws')}/rpc`, offered, { headers: rest })
    socket.on('open', () => {
      socket.terminate()
      resolve(101)
    })
    socket.on('unexpected-response', (_request, response) => {
      response.resume()
      resolve(response.statusCode ?? 0)
    })
    socket.on('error', () => undefined)
  })
}

test('the page comes with headers that keep everything foreign out', async ({ host }) => {
  const response = await fetch(partsOf(host).origin)
  expect(response.status).toBe(200)
  expect(response.headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
  expect(response.headers.get('content-security-policy')).toContain("script-src 'self';")
  expect(response.headers.get('x-content-type-options')).toBe('nosniff')
  expect(response.headers.get('referrer-policy')).toBe('no-referrer')
  expect(response.headers.get('access-control-allow-origin')).toBeNull()
})

test('another Host, a missing one and two of them are refused before anything is looked at', async ({ host }) => {
  const { port } = partsOf(host)
  expect(await raw(port, ['GET / HTTP/1.1', `Host: 127.0.0.1:${port}`])).toContain('200')
  expect(await raw(port, ['GET / HTTP/1.1', 'Host: evil.example'])).toContain('403')
  expect(await raw(port, ['GET / HTTP/1.0'])).toContain('403')
  expect(await raw(port, ['GET / HTTP/1.1', `Host: 127.0.0.1:${port}`, 'Host: evil.example'])).toMatch(/40[03]/)
})

test('the code of an address opens one session: once, and only for this page', async ({ host }) => {
  const { origin, token } = partsOf(host)
  const body = JSON.stringify({ code: token, key: pageKey() })
  const open = (sent: string, headers: Record<string, string>): Promise<Response> =>
    fetch(`${origin}/session`, {
      method: 'POST',
      body: sent,
      headers: { 'content-type': 'application/json', ...headers },
    })
  expect((await open(body, {})).status).toBe(403)
  expect((await open(JSON.stringify({ code: 'wrong', key: pageKey() }), { 'x-hookline': '1' })).status).toBe(401)
  expect((await open(JSON.stringify({ code: token, key: 'wrong' }), { 'x-hookline': '1' })).status).toBe(401)
  expect((await open('not json', { 'x-hookline': '1' })).status).toBe(401)
  expect((await open('x'.repeat(100_000), { 'x-hookline': '1' })).status).toBe(401)
  expect((await open(body, { 'x-hookline': '1', origin: 'https://evil.example' })).status).toBe(403)
  const opened = await open(body, { 'x-hookline': '1' })
  expect(opened.status).toBe(200)
  expect(opened.headers.get('set-cookie')).toBeNull()
  expect((await open(body, { 'x-hookline': '1' })).status).toBe(401)
})

test('the contract is spoken with nobody who only has a code, a cookie, a bearer or a made-up answer', async ({
  host,
}) => {
  const { origin, port, token } = partsOf(host)
  expect(await handshake(origin, {})).toBe(401)
  for (const headers of [
    { authorization: `Bearer ${token}` },
    { cookie: `hookline_${port}=${token}`, origin },
    { 'sec-websocket-protocol': `hookline, session.${token}` },
    { 'sec-websocket-protocol': `hookline, session.${token}.${token}` },
  ]) {
    expect(await handshake(origin, headers)).toBe(401)
  }
})

test('a name that was made to point at this computer opens nothing', async ({ host }) => {
  const { origin, port, token } = partsOf(host)
  const rebound = `evil.example:${port}`
  expect(await handshake(origin, { host: rebound, origin: `http://${rebound}` })).toBe(401)
  for (const line of [
    'GET / HTTP/1.1',
    'GET /rpc HTTP/1.1',
    'POST /session HTTP/1.1',
    'POST /session/challenge HTTP/1.1',
  ]) {
    const lines = [line, `Host: ${rebound}`, `X-Code: ${token}`, 'X-Hookline: 1', 'Content-Length: 0']
    expect(await raw(port, lines)).toContain('403')
  }
})

test('no path leads out of the folder of the screens', async ({ host }) => {
  const { port } = partsOf(host)
  for (const path of [
    '/../headless/cli.js',
    '/..%2fheadless%2fcli.js',
    '/%2e%2e/headless/cli.js',
    '/assets/..%2f..%2fheadless/cli.js',
  ]) {
    const status = await new Promise<number>((resolve, reject) => {
      request({ host: '127.0.0.1', port, path }, (response) => {
        response.resume()
        resolve(response.statusCode ?? 0)
      })
        .on('error', reject)
        .end()
    })
    expect(status, path).toBe(404)
  }
})

test('the webhook listener knows nothing of the control server', async ({ host }) => {
  for (const path of ['/', '/rpc', '/session', '/session/challenge', '/index.html']) {
    const response = await fetch(`${host.hooks}${path}`)
    expect(response.status).toBe(404)
  }
})
