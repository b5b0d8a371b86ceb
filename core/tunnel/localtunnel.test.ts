import { once } from 'node:events'
import { createServer as createHttpServer } from 'node:http'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { expect, onTestFinished, test, vi } from 'vitest'
import { openLocaltunnel } from './localtunnel.ts'

/** A server of localtunnel that does `treat` with every connection that is held open to it. */
async function brokenServer(treat: (socket: Socket) => void) {
  const seen = vi.fn()
  const tunnel = createServer((socket) => {
    seen()
    socket.on('error', () => undefined)
    treat(socket)
  }).listen(0, '127.0.0.1')
  await once(tunnel, 'listening')
  const { port } = tunnel.address() as AddressInfo // a server that listens on a port has one
  const asked = createHttpServer((_request, response) => {
    response.end(JSON.stringify({ url: 'http://x.localhost', port, max_conn_count: 10 }))
  }).listen(0, '127.0.0.1')
  await once(asked, 'listening')
  onTestFinished(() => {
    tunnel.close()
    asked.close()
  })
  const server = `http://127.0.0.1:${(asked.address() as AddressInfo).port}`
  const log = { info: vi.fn(), warn: vi.fn(), error: vi.fn() }
  const site = { port: 9, log, pidFile: '', signal: new AbortController().signal }
  const open = await openLocaltunnel({ provider: 'localtunnel', server }, site)
  onTestFinished(() => open.close())
  return { open, seen }
}

test('a server that ends every connection at once is asked with pauses, and given up', async () => {
  const { open, seen } = await brokenServer((socket) => socket.destroy())
  expect(await open.closed).toMatch(/does not know this tunnel any more/)
  expect(seen.mock.calls.length).toBeLessThanOrEqual(50)
}, 30_000)

test('a server that says something and ends the connection gets no more than twenty in a second', async () => {
  const startedAt = performance.now()
  const { seen } = await brokenServer((socket) => socket.end('x'))
  await expect.poll(() => seen.mock.calls.length, { timeout: 10_000 }).toBeGreaterThan(40)
  const seconds = (performance.now() - startedAt) / 1_000
  expect(seen.mock.calls.length).toBeLessThanOrEqual(10 + 20 * (seconds + 1))
})
