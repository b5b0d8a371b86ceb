import { connect } from 'node:net'
import { generate, type Packet } from 'mqtt-packet'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { temporaryFolder } from '../../db/test-database.ts'
import type { Json } from '../../domain/values/json.ts'
import { enableZap, outputsOf, runToEnd, type TestClient, testApp } from '../../test-app.ts'
import { hasServer, startMosquitto } from '../../test-servers.ts'
import { isTopic, isTopicFilter } from './mqtt-session.ts'

const PASSWORD = 'long-password'
let broker: Awaited<ReturnType<typeof startMosquitto>> | undefined
beforeAll(async () => {
  if (hasServer.mosquitto) broker = await startMosquitto(PASSWORD)
})
afterAll(() => broker?.stop())

async function account(client: TestClient, more: Record<string, Json> = {}): Promise<void> {
  const secret = JSON.stringify({ url: `mqtt://127.0.0.1:${broker?.port}`, user: 'ada', password: PASSWORD, ...more })
  await client.credentials.set({ name: 'house', type: 'mqtt', secret })
}

const hearing = (topic: string, more: Record<string, Json> = {}) => ({
  steps: [
    { id: 'told', uses: 'mqtt.message', input: { account: { $credential: 'house' }, topic, ...more } },
    { id: 'keep', uses: 'data.set', input: { fields: { told: '{{ told }}' } } },
  ],
  edges: [{ from: 'told', to: 'keep' }],
})

/** An app that says things; it is not the one that hears. */
async function speaker(more: Record<string, Json> = {}) {
  const { client } = await testApp()
  await account(client, more)
  const id = await enableZap(client, {
    steps: [
      { id: 'go', uses: 'manual.run', input: {} },
      {
        id: 'say',
        uses: 'mqtt.publish',
        input: {
          account: { $credential: 'house' },
          topic: '{{ go.topic }}',
          payload: '{{ go.payload }}',
          retain: '{{ go.retain }}',
        },
        settings: { retry: { maxAttempts: 1 } },
      },
    ],
    edges: [{ from: 'go', to: 'say' }],
  })
  const say = async (topic: string, payload: Json, retain = false) => {
    const { steps } = await runToEnd(client, id, { topic, payload, retain })
    const step = steps.find((one) => one.step === 'say')
    return { output: step?.output, error: step?.attempts.at(-1)?.error, text: JSON.stringify(steps) }
  }
  return { client, say }
}

const connected = (client: TestClient, id: string) =>
  expect.poll(async () => (await client.zaps.polls({ id }))[0]?.connection, { timeout: 15_000 }).toBe('connected')
const payloads = async (client: TestClient, id: string) =>
  (await outputsOf(client, id, 'keep')).map((output) => (output as { told: { payload: Json } }).told.payload)

describe.skipIf(!hasServer.mosquitto)('a real Mosquitto', () => {
  test('a message starts a run with what it says, in every alphabet, as JSON where it is some', async () => {
    const { client } = await testApp()
    await account(client)
    const id = await enableZap(client, hearing('a/+/motion'))
    await connected(client, id)
    const { say } = await speaker()
    expect((await say('a/Küche 🎉/motion', { occupancy: true, big: '9007199254740993' })).output).toEqual({
      topic: 'a/Küche 🎉/motion',
      bytes: 43,
    })
    await expect.poll(async () => (await outputsOf(client, id, 'keep')).length).toBe(1)
    expect(await outputsOf(client, id, 'keep')).toMatchObject([
      {
        told: {
          topic: 'a/Küche 🎉/motion',
          payload: '{"occupancy":true,"big":"9007199254740993"}',
          encoding: 'utf8',
          json: { occupancy: true },
          retained: false,
          qos: 1,
        },
      },
    ])
    await say('b/Küche/motion', 'not heard')
    await say('a/hall/motion', '')
    await expect.poll(() => payloads(client, id)).toHaveLength(2)
    expect((await payloads(client, id)).at(-1)).toBe('')
  })

  test.each([
    ['version 5', { version: '5' }],
    ['a WebSocket', {}],
  ])('by %s messages go both ways, and what comes while nothing listens is kept', async (way, more) => {
    const url = way.endsWith('WebSocket') ? { url: `ws://127.0.0.1:${broker?.socketPort}/mqtt` } : {}
    const dataDir = temporaryFolder()
    const first = await testApp({ dataDir })
    await account(first.client, { ...more, ...url })
    expect(await first.client.credentials.test({ name: 'house' })).toMatchObject({ ok: true })
    const topic = way.replaceAll(' ', '-')
    const id = await enableZap(first.client, hearing(`${topic}/#`))
    await connected(first.client, id)
    const { say } = await speaker({ ...more, ...url })
    await say(`${topic}/a`, '1'.repeat(70_000))
    await expect
      .poll(async () => (await payloads(first.client, id)).map((text) => String(text).length))
      .toEqual([70_000])
    await first.app.stop()
    await say(`${topic}/a`, '2')
    const second = await testApp({ dataDir })
    await expect.poll(async () => (await payloads(second.client, id)).at(-1)).toBe('2')
    // What a sender says beside its message reaches those who speak version 5.
    const properties = { contentType: 'text/plain', userProperties: { room: 'hall' } }
    const socket = connect(broker?.port ?? 0, '127.0.0.1')
    const write = (packet: Packet): boolean => socket.write(generate(packet, { protocolVersion: 5 }))
    const user = { username: 'ada', password: Buffer.from(PASSWORD) }
    write({ cmd: 'connect', protocolVersion: 5, clean: true, clientId: 'x', keepalive: 0, ...user })
    write({ cmd: 'publish', topic: `${topic}/b`, payload: '3', qos: 0, retain: false, dup: false, properties })
    await expect.poll(async () => (await payloads(second.client, id)).at(-1)).toBe('3')
    socket.destroy()
    expect((await outputsOf(second.client, id, 'keep')).slice(1)).toMatchObject([
      { told: { properties: null } },
      { told: { properties: 'version' in more ? { contentType: 'text/plain', user: { room: 'hall' } } : null } },
    ])
  })

  test('version 5 says why a user is not taken, and an address that is no WebSocket what to look at', async () => {
    const { client } = await testApp()
    await account(client, { version: '5', password: 'wrong' })
    expect(await client.credentials.test({ name: 'house' })).toMatchObject({
      ok: false,
      message: expect.stringContaining('does not take user and password'),
    })
    await account(client, { url: `ws://127.0.0.1:${broker?.port}/mqtt` })
    expect(await client.credentials.test({ name: 'house' })).toMatchObject({
      ok: false,
      message: expect.stringContaining('no broker of MQTT over WebSockets'),
    })
  })

  test('what comes while nothing runs, or while the broker restarts, is neither lost nor doubled', async () => {
    const dataDir = temporaryFolder()
    const first = await testApp({ dataDir })
    await account(first.client)
    const id = await enableZap(first.client, hearing('kept/#'))
    await connected(first.client, id)
    const { say } = await speaker()
    await say('kept/a', '1')
    await expect.poll(() => payloads(first.client, id)).toEqual(['1'])
    await first.app.stop()
    for (const n of ['2', '3', '4']) await say('kept/a', n)
    const second = await testApp({ dataDir })
    await expect.poll(() => payloads(second.client, id)).toEqual(['1', '2', '3', '4'])
    await broker?.stopAlone()
    await expect.poll(async () => (await second.client.zaps.polls({ id }))[0]?.connection).toBe('waiting')
    await broker?.restart()
    await second.client.zaps.pollNow({ id, step: 'told' })
    await say('kept/a', '5')
    await expect.poll(() => payloads(second.client, id)).toEqual(['1', '2', '3', '4', '5'])
  })

  test('a message that the broker keeps starts one run, however often it is connected to', async () => {
    const { say } = await speaker()
    await say('state/lamp', 'on', true)
    onTestFinished(async () => void (await say('state/lamp', '', true)))
    const { client } = await testApp()
    await account(client)
    const id = await enableZap(client, hearing('state/#'))
    await expect.poll(() => payloads(client, id)).toEqual(['on'])
    await account(client)
    await connected(client, id)
    await say('state/lamp', 'off', true)
    await expect.poll(() => payloads(client, id)).toEqual(['on', 'off'])
  })

  test('what came while the zap was off is left out', async () => {
    const { client } = await testApp()
    await account(client)
    const id = await enableZap(client, hearing('off/#'))
    await connected(client, id)
    await client.zaps.setEnabled({ id, enabled: false })
    const { say } = await speaker()
    await say('off/a', 'missed')
    await client.zaps.setEnabled({ id, enabled: true })
    await connected(client, id)
    await say('off/a', 'heard')
    await expect.poll(() => payloads(client, id)).toEqual(['heard'])
  })

  test.each<[string, Record<string, Json>, string, RegExp]>([
    ['a wrong password', { password: 'another-password' }, 'sign-in', /enter them again/],
    ['an address of something else', { url: 'https://example.com' }, 'bad-credential', /mqtt:\/\//],
    ['a password in the address', { url: 'mqtt://ada:x@127.0.0.1' }, 'bad-credential', /fields of their own/],
    ['a port where nothing is', { url: 'mqtt://127.0.0.1:9' }, 'network', /nothing listens there/],
  ])('%s is told with what to do, and no secret', async (_words, more, code, message) => {
    const { client, say } = await speaker(more)
    const { error, text } = await say('a', 'b')
    expect(error).toMatchObject({ code, message: expect.stringMatching(message) })
    expect(text).not.toMatch(/another-password|long-password/)
    expect(await client.credentials.test({ name: 'house' })).toMatchObject({
      ok: false,
      message: expect.stringMatching(message),
    })
  })

  test('the account is tested, also over TLS, whose certificate is looked at', async () => {
    const { client } = await speaker()
    expect(await client.credentials.test({ name: 'house' })).toMatchObject({
      ok: true,
      account: `ada at 127.0.0.1:${broker?.port}`,
    })
    const url = `mqtts://127.0.0.1:${broker?.tlsPort}`
    await account(client, { url, tls: 'any' })
    expect(await client.credentials.test({ name: 'house' })).toMatchObject({ ok: true })
    await account(client, { url })
    expect(await client.credentials.test({ name: 'house' })).toMatchObject({
      ok: false,
      message: expect.stringMatching(/certificate/),
    })
  })
})

test.each<[string, boolean, boolean]>([
  ['home/kitchen', true, true],
  ['home/+/x', true, false],
  ['home/#', true, false],
  ['#', true, false],
  ['home/#/x', false, false],
  ['home/a+', false, false],
  ['', false, false],
  ['a\0b', false, false],
  ['x'.repeat(65_536), false, false],
])('the topic %j can be subscribed to: %s, and published to: %s', (topic, subscribed, published) => {
  expect([isTopicFilter(topic), isTopic(topic)]).toEqual([subscribed, published])
})
