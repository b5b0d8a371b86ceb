import { Agent, request } from 'node:http'
import { connect, type Socket } from 'node:net'
import { z } from 'zod'
import type { RunningHost } from '../e2e/fixtures/headless-host.ts'
import { enableZap } from '../e2e/fixtures/seeded-runs.ts'
import { expect, test } from '../e2e/fixtures/test.ts'
import { relayZap } from '../e2e/fixtures/zap-files.ts'
import { outboxSchema, post, runsSchema } from './senders.ts'

/** Opens a connection to the webhooks, and remembers how it ended. */
function open(host: RunningHost): { socket: Socket; received(): string; closed: Promise<unknown> } {
  const socket = connect(Number(new URL(host.hooks).port), '127.0.0.1')
  let received = ''
  socket.setEncoding('utf8').on('data', (chunk) => {
    received += chunk
  })
  socket.on('error', () => undefined)
  return { socket, received: () => received, closed: new Promise((resolve) => socket.once('close', resolve)) }
}

test.beforeEach(async ({ host, target }) => {
  await enableZap(host.dataDir, 'relay', relayZap('in', target.url))
})

test.afterEach(({ host }) => {
  expect(host.child.exitCode ?? host.child.signalCode).toBeNull()
})

test('senders that never come to the end of their headers are cut off, and hold up nobody', async ({
  host,
  target,
}) => {
  const slow = Array.from({ length: 50 }, () => open(host))
  for (const { socket } of slow) socket.write('POST /hooks/in HTTP/1.1\r\nHost: localhost\r\n')
  const drip = setInterval(() => {
    for (const { socket } of slow) if (socket.writable) socket.write('x-more: 1\r\n')
  }, 500)
  expect(await post(host, 'in', { n: 1 })).toMatchObject({ status: 200 })
  await Promise.all(slow.map(({ closed }) => closed))
  clearInterval(drip)
  for (const { received } of slow) expect(received()).toMatch(/^(HTTP\/1\.1 408 |$)/)
  await target.until((requests) => requests.length === 1)
})

test('a flood of headers is refused, and nothing of it is stored', async ({ host, target }) => {
  const many = Object.fromEntries(Array.from({ length: 5_000 }, (_, n) => [`x-${n}`, 'y']))
  const large = { 'x-large': 'y'.repeat(200_000) }
  for (const headers of [many, large]) {
    const { socket, received, closed } = open(host)
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
    socket.write(`POST /hooks/in HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n${lines.join('')}\r\n`)
    await closed
    expect(received()).toContain(' 431 ')
  }
  expect((await host.ask(runsSchema, 'run', 'list')).runs).toEqual([])
  expect(await post(host, 'in', { n: 1 })).toMatchObject({ status: 200 })
  await target.until((requests) => requests.length === 1)
})

test('of 1,000 connections that say nothing none stays, the screens go on, and webhooks come in again', async ({
  host,
  target,
}) => {
  const idle = Array.from({ length: 1_000 }, () => open(host))
  await Promise.race(idle.map(({ closed }) => closed))
  // The screens have a door of their own.
  expect((await fetch(host.ui)).status).toBe(200)
  await host.ask(z.unknown(), 'status')
  await expect(async () => expect(await post(host, 'in', { n: 1 })).toMatchObject({ status: 200 })).toPass({
    timeout: 40_000,
  })
  await target.until((requests) => requests.length === 1)
  await Promise.all(idle.map(({ closed }) => closed))
})

test('1,000 repeats of one event at once are one event and one run', async ({ host, target }) => {
  const agent = new Agent({ keepAlive: true, maxSockets: 200 })
  const repeat = (): Promise<string> =>
    new Promise((resolve, reject) => {
      const headers = { 'content-type': 'application/json', 'webhook-id': 'msg_1' }
      const sent = request(`${host.hooks}/hooks/in`, { method: 'POST', agent, headers }, async (response) => {
        let text = ''
        for await (const chunk of response.setEncoding('utf8')) text += chunk
        resolve(text)
      })
      sent.on('error', reject)
      sent.end('{"n":1}')
    })
  const answers = await Promise.all(Array.from({ length: 1_000 }, repeat))
  agent.destroy()
  const parsed = answers.map((text) => z.object({ id: z.string(), status: z.string() }).parse(JSON.parse(text)))
  expect(new Set(parsed.map(({ id }) => id)).size).toBe(1)
  expect(parsed.filter(({ status }) => status === 'accepted')).toHaveLength(1)
  await target.until((requests) => requests.length >= 1)
  await expect(async () => {
    expect(await host.ask(outboxSchema, 'outbox')).toMatchObject({ pending: 0, leased: 0, delivered: 1 })
  }).toPass()
  expect((await host.ask(runsSchema, 'run', 'list')).runs).toHaveLength(1)
  expect(target.requests).toHaveLength(1)
})
