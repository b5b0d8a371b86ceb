import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { enableZap, testApp } from '../test-app.ts'

async function listening() {
  const { app, client } = await testApp()
  await enableZap(client, { steps: [{ id: 'hook', uses: 'webhook.catch', input: { path: 'in' } }], edges: [] })
  const { host, port } = new URL(app.hooksUrl)

  /** Opens a connection from one of this computer's addresses. */
  function open(text: string, localAddress = '127.0.0.1'): { socket: Socket; received(): string } {
    const socket = connect({ port: Number(port), host: '127.0.0.1', localAddress })
    onTestFinished(() => void socket.destroy())
    let received = ''
    socket.setEncoding('utf8').on('data', (chunk) => {
      received += chunk
    })
    socket.on('error', () => undefined)
    if (text !== '') socket.write(text)
    return { socket, received: () => received }
  }
  const head = (more: string): string => `POST /hooks/in HTTP/1.1\r\nHost: ${host}\r\n${more}\r\n`
  const post = (localAddress?: string) => open(`${head('Content-Length: 2\r\n')}{}`, localAddress)
  return { app, client, open, head, post }
}

async function lastNote({ client }: Pick<Awaited<ReturnType<typeof testApp>>, 'client'>): Promise<string> {
  const { requests } = await client.inbox.list({ verdict: 'rate-limited' })
  return requests[0]?.note ?? ''
}

test('however many connections say nothing, the next sender is answered', async () => {
  const { open, post } = await listening()
  const idle = Array.from({ length: 700 }, () => open(''))
  await Promise.all(idle.slice(0, 500).map(({ socket }) => (socket.connecting ? once(socket, 'connect') : undefined)))
  const sender = post()
  await expect.poll(sender.received).toContain('200 OK')
})

test('however many connections send their bodies slowly, the next sender is answered', async () => {
  const { open, head, post } = await listening()
  for (let n = 0; n < 512; n++) {
    const slow = open(`${head('Content-Length: 1000\r\nExpect: 100-continue\r\n')}{`)
    await expect.poll(slow.received, { interval: 2 }).toContain('100 Continue')
  }
  for (let n = 0; n < 3; n++) {
    const sender = post()
    await expect.poll(sender.received).toContain('200 OK')
  }
})

test('with a tunnel open one address holds no more than its share of connections, and others come in', async () => {
  const { app, client, open, head, post } = await listening()
  await client.inbox.setSettings({ ...(await client.inbox.settings()), connectionsPerAddress: 5 })
  const way = { provider: 'manual', url: app.hooksUrl } as const
  await client.tunnel.configure({ isOn: true, way })
  await expect.poll(async () => (await client.system.status()).tunnel.state).toBe('open')
  const slow = Array.from({ length: 4 }, () => underWay())
  await Promise.all(slow)
  // One that waits for nothing makes room.
  const idle = open('')
  await once(idle.socket, 'connect')
  const sixth = post()
  await expect.poll(sixth.received).toContain('200 OK')
  await underWay()
  // When none of them does, the next is turned away, but only from there.
  const refused = open('')
  await once(refused.socket, 'close')
  expect(refused.received()).toMatch(/^HTTP\/1\.1 503 [\s\S]*retry-after: 5/)
  const other = post('127.0.0.2')
  await expect.poll(other.received).toContain('200 OK')

  /** A request whose body does not come, from when the listener works on it. */
  async function underWay(): Promise<void> {
    const { received } = open(head('Expect: 100-continue\r\nContent-Length: 10\r\n'))
    await expect.poll(received).toContain('100 Continue')
  }
})

test('behind a tunnel that tells its senders apart each has its share of requests under way', async () => {
  const { app, client, open, head } = await listening()
  await client.inbox.setSettings({ ...(await client.inbox.settings()), connectionsPerAddress: 3 })
  await client.tunnel.configure({
    isOn: true,
    way: { provider: 'manual', url: app.hooksUrl, addressHeader: 'x-real-ip' },
  })
  await expect.poll(async () => (await client.system.status()).tunnel.state).toBe('open')
  const from = (address: string, body: string) => open(head(`X-Real-IP: ${address}\r\nContent-Length: 2\r\n`) + body)
  const slow = Array.from({ length: 3 }, () => from('203.0.113.7', '{'))
  await expect
    .poll(async () => {
      const next = from('203.0.113.7', '{}')
      await once(next.socket, 'data')
      return next.received()
    })
    .toContain('429')
  expect(await lastNote({ client })).toContain('203.0.113.7')
  const other = from('203.0.113.8', '{}')
  await expect.poll(other.received).toContain('200 OK')
  for (const { socket } of slow) socket.write('}')
  await expect.poll(() => slow.every(({ received }) => received().includes('200 OK'))).toBe(true)
  const again = from('203.0.113.7', '{}')
  await expect.poll(again.received).toContain('200 OK')
})

test('bodies that are being received are held in bounded memory, and what is beyond it is asked to come back', async () => {
  const { client, open, head, post } = await listening()
  const small = async () => {
    const sender = post()
    await expect.poll(sender.received).toContain('200 OK')
  }
  // 64 MB for all: thirteen of these.
  const slow = Array.from({ length: 13 }, () => open(`${head('Content-Length: 5000000\r\n')}{`))
  await expect
    .poll(async () => {
      const next = open(`${head('Content-Length: 5000000\r\n')}{`)
      // What is let in hears nothing.
      await Promise.race([once(next.socket, 'data'), small()])
      return next.received()
    })
    .toMatch(/503[\s\S]*retry-after/)
  expect(await lastNote({ client })).toContain('memory')
  // A small one is always let in.
  await small()
  for (const { socket } of slow) socket.destroy()
  await expect
    .poll(async () => {
      const next = open(`${head('Content-Length: 100000\r\n')}"${'x'.repeat(99_998)}"`)
      await once(next.socket, 'data')
      return next.received()
    })
    .toContain('200 OK')
})

/** Turns of the event loop until something is so. */
async function turnsUntil(isSo: () => boolean): Promise<number> {
  let turns = 0
  for (; !isSo(); turns++) await new Promise((resolve) => setImmediate(resolve))
  return turns
}

test('a sender that sends a thousand requests before it has an answer gets all of them, a few at a time', async () => {
  const { open, head } = await listening()
  const { received } = open(head('Content-Length: 0\r\n').repeat(1_000))
  const answers = (): number => received().split('HTTP/1.1 200 OK').length - 1
  await turnsUntil(() => answers() > 0)
  expect(await turnsUntil(() => answers() === 1_000)).toBeGreaterThan(1_000 / 16)
}, 30_000)

test('a body of very many chunks is read in many turns', async () => {
  const { open, head } = await listening()
  const chunks = 300_000
  const { socket, received } = open(head('Transfer-Encoding: chunked\r\nContent-Type: text/plain\r\n'))
  await once(socket, 'connect')
  socket.write(`${'1\r\na\r\n'.repeat(chunks)}0\r\n\r\n`)
  expect(await turnsUntil(() => received().includes('200 OK'))).toBeGreaterThan(chunks / 512)
}, 30_000)
