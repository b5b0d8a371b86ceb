import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { Agent, request } from 'node:http'
import { connect } from 'node:net'
import { gzipSync } from 'node:zlib'
import Sqlite from 'better-sqlite3'
import { expect, onTestFinished, test } from 'vitest'
import { databaseFile } from '../db/open.ts'
import { enableZap, type TestClient, testApp } from '../test-app.ts'

const hook = (input: Record<string, unknown>) => ({
  id: 'hook',
  uses: 'webhook.catch',
  input: { path: 'in', ...input },
})

async function send(url: string, body: string, headers: Record<string, string> = {}) {
  const response = await fetch(url, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', ...headers },
  })
  return { status: response.status, headers: response.headers, text: await response.text() }
}

test('a signed webhook is only taken from who has the secret, also after the secret was replaced', async () => {
  const { app, client } = await testApp()
  await client.credentials.set({ name: 'shop', secret: 'first' })
  await enableZap(client, {
    steps: [hook({ verify: { scheme: 'github', secrets: [{ $credential: 'shop' }] } })],
    edges: [],
  })
  const url = `${app.hooksUrl}/hooks/in`
  const body = '{"n":1}'
  const signed = (secret: string) => ({
    'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
  })
  expect((await send(url, body)).status).toBe(401)
  expect((await send(url, body, signed('wrong'))).status).toBe(401)
  expect((await send(url, '{"n":2}', signed('first'))).status).toBe(401)
  expect((await send(url, body, signed('first'))).status).toBe(200)
  await client.credentials.set({ name: 'shop', secret: 'second' })
  expect((await send(url, body, signed('first'))).status).toBe(401)
  expect((await send(url, body, signed('second'))).status).toBe(200)
  await expect.poll(async () => (await client.runs.list({})).runs.length).toBe(2)
})

test('a webhook whose credential is missing is refused, not let in', async () => {
  const { app, client } = await testApp()
  await enableZap(client, {
    steps: [hook({ verify: { scheme: 'bearer', secrets: [{ $credential: 'nobody' }] } })],
    edges: [],
  })
  expect((await send(`${app.hooksUrl}/hooks/in`, '{}', { authorization: 'Bearer ' })).status).toBe(401)
  expect((await client.runs.list({})).runs).toEqual([])
})

test('the answer is the one that the zap says', async () => {
  const { app, client } = await testApp()
  const respond = { status: 202, headers: { 'x-shop': 'yes' }, body: { thanks: '{{ hook.body.name }}' } }
  await enableZap(client, { steps: [hook({ respond })], edges: [] })
  const answer = await send(`${app.hooksUrl}/hooks/in`, '{"name":"Ada"}')
  expect(answer.status).toBe(202)
  expect(answer.headers.get('x-shop')).toBe('yes')
  expect(JSON.parse(answer.text)).toEqual({ thanks: 'Ada' })
})

test('an answer that cannot be rendered does not refuse the event', async () => {
  const { app, client } = await testApp()
  const respond = { status: 200, body: 'Thank you, {{ hook.body.nothing.at.all | upcase }} and {{ hook.body.x }}' }
  await enableZap(client, { steps: [hook({ respond })], edges: [] })
  expect((await send(`${app.hooksUrl}/hooks/in`, '{}')).status).toBe(200)
  await expect.poll(async () => (await client.runs.list({})).runs.length).toBe(1)
})

test('a webhook without a path has an address that nobody can guess, and that stays', async () => {
  const first = await testApp()
  const zap = { steps: [{ id: 'hook', uses: 'webhook.catch', input: {} }], edges: [] }
  const id = await enableZap(first.client, zap)
  const [address] = (await first.client.zaps.get({ id })).webhooks
  expect(new URL(address?.url ?? '').pathname).toMatch(/^\/hooks\/[\w-]{24}$/)
  expect((await send(address?.url ?? '', '{}')).status).toBe(200)
  await first.app.stop()
  const second = await testApp({ dataDir: first.folder })
  const [again] = (await second.client.zaps.get({ id })).webhooks
  expect(new URL(again?.url ?? '').pathname).toBe(new URL(address?.url ?? '').pathname)
})

test('one path belongs to one zap, and who comes second is told to whom', async () => {
  const { client } = await testApp()
  await enableZap(client, { name: 'First', steps: [hook({})], edges: [] })
  await expect(enableZap(client, { name: 'Second', steps: [hook({})], edges: [] })).rejects.toThrow(/First/)
  await enableZap(client, { name: 'Other method', steps: [hook({ methods: ['PUT'] })], edges: [] })
})

test('every request is in the inbox with its verdict, and what the event has is not kept twice', async () => {
  const { app, client, folder } = await testApp()
  await enableZap(client, { steps: [hook({})], edges: [] })
  const url = `${app.hooksUrl}/hooks/in`
  await send(url, '{"n":1}', { 'webhook-id': 'a' })
  await send(url, '{"n":1}', { 'webhook-id': 'a' })
  await send(url, '{ "n": 2 }', { 'webhook-id': 'b' })
  await send(`${app.hooksUrl}/hooks/nowhere`, '{}')
  await app.stop()
  const { openDatabase } = await import('../db/open.ts')
  const database = openDatabase(folder)
  const rows = await database.reader('webhook_request').orderBy('id').select('verdict', 'status', 'body', 'headers')
  const text = (body: Uint8Array | null): string | null => (body === null ? null : Buffer.from(body).toString())
  expect(rows.map((row) => [row.verdict, row.status, text(row.body), row.headers === null])).toEqual([
    ['accepted', 200, null, true],
    ['duplicate', 200, '{"n":1}', false],
    ['accepted', 200, '{ "n": 2 }', true],
    ['unknown-path', 404, '{}', false],
  ])
  await database.close()
})

test('an answer with an impossible header is not sent, but the event is stored and the sender told so', async () => {
  const { app, client } = await testApp()
  const respond = { status: 202, headers: { 'bad name': 'x' }, body: 'hi' }
  await enableZap(client, { steps: [hook({ respond })], edges: [] })
  const answer = await send(`${app.hooksUrl}/hooks/in`, '{}')
  expect(answer.status).toBe(200)
  expect(JSON.parse(answer.text)).toMatchObject({ status: 'accepted' })
})

test('neither a body that never comes nor a sender that never pauses keeps the host from stopping', async () => {
  const { app, client } = await testApp()
  await enableZap(client, { steps: [hook({})], edges: [] })
  const { port } = new URL(app.hooksUrl)
  const slow = connect(Number(port), '127.0.0.1')
  slow.on('error', () => undefined)
  slow.write(`POST /hooks/in HTTP/1.1\r\nHost: localhost:${port}\r\nContent-Length: 100\r\n\r\nabc`)

  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  onTestFinished(() => agent.destroy())
  let isOver = false
  const busy = (): void => {
    const sent = request({ port, path: '/hooks/in', method: 'POST', agent }, (response) => {
      response.resume().on('end', () => {
        if (!isOver) busy()
      })
    })
    sent.on('error', () => undefined).end('{}')
  }
  busy()
  await expect.poll(async () => (await client.runs.list({})).runs.length).toBeGreaterThan(5)
  const startedAt = performance.now()
  await app.stop()
  isOver = true
  expect(performance.now() - startedAt).toBeLessThan(5_000)
})

test('a request that is under way when the host stops is answered, and its connection ends with that', async () => {
  const { app, client } = await testApp()
  await enableZap(client, { steps: [hook({})], edges: [] })
  const sender = connect(Number(new URL(app.hooksUrl).port), '127.0.0.1')
  let answered = ''
  sender.setEncoding('utf8').on('data', (chunk) => {
    answered += chunk
  })
  const ended = once(sender, 'end')
  sender.write(`POST /hooks/in HTTP/1.1\r\nHost: ${new URL(app.hooksUrl).host}\r\nContent-Length: 4\r\n\r\nab`)
  // One whose headers came later is surely seen before the stop.
  expect((await fetch(`${app.hooksUrl}/hooks/in`, { method: 'POST', body: 'x' })).status).toBe(200)
  const stopped = app.stop()
  sender.write('cd')
  await Promise.all([ended, stopped])
  expect(answered).toMatch(/^HTTP\/1\.1 200 OK\r\n[\s\S]*connection: close\r\n[\s\S]*"accepted"/i)
})

test('a body arrives the same however it is sent', async () => {
  const { app, client } = await testApp()
  const respond = { status: 200, body: '{{ hook.body }}' }
  await enableZap(client, { steps: [hook({ respond })], edges: [] })
  const text = JSON.stringify({ names: Array.from({ length: 20_000 }, (_, n) => `Ada ${n} Lovelace’s`) })
  const url = `${app.hooksUrl}/hooks/in`
  const headers = { 'content-type': 'application/json' }
  const plain = await fetch(url, { method: 'POST', headers, body: text })
  expect(await plain.text()).toBe(text)
  const gzip = { ...headers, 'content-encoding': 'gzip' }
  const zipped = await fetch(url, { method: 'POST', headers: gzip, body: gzipSync(text) })
  expect(await zipped.text()).toBe(text)
  const chunked = await fetch(url, { method: 'POST', headers, body: new Blob([text]).stream(), duplex: 'half' })
  expect(await chunked.text()).toBe(text)
})

test('a sender that breaks off in the middle makes no run, and the inbox says so', async () => {
  const { app, client, folder } = await testApp()
  await enableZap(client, { steps: [hook({})], edges: [] })
  const inbox = new Sqlite(databaseFile(folder), { readonly: true })
  onTestFinished(() => void inbox.close())
  const socket = connect(Number(new URL(app.hooksUrl).port), '127.0.0.1')
  const half = `POST /hooks/in HTTP/1.1\r\nhost: ${new URL(app.hooksUrl).host}\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{"half":`
  socket.write(half, () => socket.destroy())
  await expect.poll(() => inbox.prepare('SELECT verdict FROM webhook_request').pluck().all()).toEqual(['unreadable'])
  expect((await client.runs.list({})).runs).toEqual([])
})

/** Every line of the inbox with one verdict. */
async function linesOf(client: TestClient, verdict: 'refused' | 'accepted') {
  const lines: Awaited<ReturnType<typeof client.inbox.list>>['requests'] = []
  for (let cursor: number | undefined; ; ) {
    const page = await client.inbox.list({ verdict, limit: 500, cursor })
    lines.push(...page.requests)
    if (page.next === null) return lines
    cursor = page.next
  }
}

test('a flood of refused requests leaves only the newest in the inbox, and every accepted one', async () => {
  const { app, client } = await testApp()
  await enableZap(client, { steps: [hook({})], edges: [] })
  await send(`${app.hooksUrl}/hooks/in`, '{"n":1}')
  const flood = async (lane: number) => {
    for (let n = 0; n < 230; n++) await send(`${app.hooksUrl}/hooks/nowhere/${lane}/${n}`, 'x')
  }
  await Promise.all(Array.from({ length: 10 }, (_, lane) => flood(lane)))
  await send(`${app.hooksUrl}/hooks/last`, 'x')
  const refused = await linesOf(client, 'refused')
  expect(refused.length).toBeGreaterThanOrEqual(2_000)
  expect(refused.length).toBeLessThanOrEqual(2_100)
  expect(refused[0]?.path).toBe('/hooks/last')
  expect(await linesOf(client, 'accepted')).toHaveLength(1)
})

test('of a flood of bad signatures the inbox keeps samples, counts the others, and has room for what else is refused', async () => {
  const { app, client } = await testApp()
  await client.credentials.set({ name: 'shop', secret: 'first' })
  const verify = { scheme: 'github', secrets: [{ $credential: 'shop' }] }
  await enableZap(client, { steps: [hook({ verify })], edges: [] })
  await send(`${app.hooksUrl}/hooks/nowhere`, 'x')
  const flood = async () => {
    for (let n = 0; n < 100; n++) {
      const { status } = await send(`${app.hooksUrl}/hooks/in`, '{}', {
        'x-hub-signature-256': `sha256=${'0'.repeat(64)}`,
      })
      expect(status).toBe(401)
    }
  }
  const startedAt = performance.now()
  await Promise.all(Array.from({ length: 5 }, flood))
  const seconds = Math.ceil((performance.now() - startedAt) / 1_000)
  const bad = async () => (await linesOf(client, 'refused')).filter((line) => line.verdict === 'bad-signature')
  expect((await bad()).length).toBeLessThanOrEqual(61 + seconds)
  await expect.poll(async () => (await bad()).reduce((sum, line) => sum + 1 + line.repeats, 0)).toBe(500)
  expect((await linesOf(client, 'refused')).some((line) => line.verdict === 'unknown-path')).toBe(true)
  expect((await client.runs.list({})).runs).toEqual([])
})

test('a body in a coding that is not known is refused and kept, and one in words that mean nothing is taken', async () => {
  const { app, client } = await testApp()
  await enableZap(client, { steps: [hook({})], edges: [] })
  const url = `${app.hooksUrl}/hooks/in`
  for (const coding of ['klingon', 'gzip, klingon', 'constructor', 'gzip,gzip,gzip,gzip']) {
    const told = await send(url, '{"n":1}', { 'content-encoding': coding })
    expect(told.status, coding).toBe(415)
    expect(JSON.parse(told.text)).toMatchObject({ error: { code: 'unknown-encoding' } })
    expect(told.headers.get('accept-encoding')).toContain('gzip')
  }
  const [newest] = (await client.inbox.list({ verdict: 'unreadable' })).requests
  const kept = await client.inbox.get({ id: newest?.id ?? 0 })
  expect(Buffer.from(kept.body ?? '', 'base64').toString()).toBe('{"n":1}')
  for (const coding of ['none', 'identity', 'UTF-8', '', 'identity, identity']) {
    expect((await send(url, '{"n":1}', { 'content-encoding': coding })).status, coding).toBe(200)
  }
})

test('of a signature that is tried again and again over a large body no more is calculated than an exchange of keys needs', async () => {
  const { app, client } = await testApp()
  const secrets = [{ $credential: 'key' }]
  await client.credentials.set({ name: 'key', secret: `whpk_${Buffer.alloc(32, 1).toString('base64')}` })
  await enableZap(client, { steps: [hook({ verify: { scheme: 'standard-webhooks', secrets } })], edges: [] })
  const signature = `v1a,${Buffer.alloc(64).toString('base64')}`
  const time = async (count: number) => {
    const startedAt = performance.now()
    const headers = {
      'webhook-id': 'a',
      'webhook-timestamp': String(Math.floor(Date.now() / 1_000)),
      'webhook-signature': Array.from({ length: count }, () => signature).join(' '),
    }
    expect((await send(`${app.hooksUrl}/hooks/in`, 'x'.repeat(4_000_000), headers)).status).toBe(401)
    return performance.now() - startedAt
  }
  await time(1)
  const one = Math.min(await time(1), await time(1))
  expect(Math.min(await time(120), await time(120))).toBeLessThan(20 * one)
})
