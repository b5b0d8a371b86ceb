import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { REST } from '@discordjs/rest'
import { expect, onTestFinished, test } from 'vitest'
import { type WebSocket, WebSocketServer } from 'ws'
import type { StepError } from '../../domain/runs/step-error.ts'
import { systemClock } from '../../domain/time/clock.ts'
import type { Json } from '../../domain/values/json.ts'
import { enableZap, type TestClient, testApp } from '../../test-app.ts'
import { apps } from '../apps.ts'

/** A service that tells by WebSockets: each connection is handed to `tell`. */
async function teller(tell: (socket: WebSocket, request: IncomingMessage, say: (value: Json) => void) => void) {
  const server = createServer((_request, response) => response.writeHead(403).end('No.'))
  const sockets = new WebSocketServer({ noServer: true })
  const open: WebSocket[] = []
  let isShut = false
  server.on('upgrade', (request, stream, head) => {
    if (isShut) return void stream.end('HTTP/1.1 401 Unauthorized\r\n\r\n')
    sockets.handleUpgrade(request, stream, head, (socket) => {
      open.push(socket)
      tell(socket, request, (value) => socket.send(JSON.stringify(value)))
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    for (const socket of open) socket.terminate()
    server.closeAllConnections()
    server.close()
  })
  const shut = (value: boolean): void => {
    isShut = value
  }
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, open, shut } // it listens on a port
}

const zapOf = (uses: string, input: Record<string, Json>, field: string) => ({
  steps: [
    { id: 'new', uses, input: { account: { $credential: 'mine' }, ...input } },
    { id: 'set', uses: 'data.set', input: { fields: { told: `{{ new.${field} }}` } } },
  ],
  edges: [{ from: 'new', to: 'set' }],
})

async function told(client: TestClient, zapId: string): Promise<unknown[]> {
  const { runs } = await client.runs.list({ zapId })
  const whole = await Promise.all(runs.toReversed().map(({ id }) => client.runs.get({ id })))
  return whole.flatMap(({ steps }) => steps.flatMap(({ step, output }) => (step === 'set' ? [output] : [])))
}

test('Home Assistant is signed in to within the connection, and what it tells starts runs, also after it broke', async () => {
  const said: Json[] = []
  const event = (at: string, state: string): Json => ({
    id: 1,
    type: 'event',
    event: { variables: { trigger: { entity_id: 'light.a', to_state: { state, last_updated: at } } } },
  })
  let connections = 0
  const service = await teller((socket, _request, say) => {
    const number = ++connections
    say({ type: 'auth_required' })
    socket.on('message', (data) => {
      const message = JSON.parse(String(data)) as { type: string }
      said.push(message)
      if (message.type === 'auth') say({ type: 'auth_ok' })
      if (message.type !== 'subscribe_trigger') return
      say({ id: 1, type: 'result', success: true })
      say(event(`t${number}`, 'on'))
      // The same once more starts nothing.
      say(event(`t${number}`, 'on'))
      socket.send('no JSON')
      if (number === 1) socket.terminate()
    })
  })
  const { client } = await testApp()
  const secret = JSON.stringify({ server: service.url, token: 'T' })
  await client.credentials.set({ name: 'mine', type: 'home-assistant', secret })
  const id = await enableZap(
    client,
    zapOf('home-assistant.state-changed', { entity: 'light.a' }, 'to_state.last_updated'),
  )
  await expect.poll(() => told(client, id), { timeout: 15_000 }).toEqual([{ told: 't1' }])
  await expect.poll(async () => (await client.zaps.polls({ id }))[0]?.connection).not.toBe('connected')
  await client.zaps.pollNow({ id, step: 'new' })
  await expect.poll(() => told(client, id), { timeout: 15_000 }).toEqual([{ told: 't1' }, { told: 't2' }])
  expect(said.slice(0, 2)).toEqual([
    { type: 'auth', access_token: 'T' },
    { id: 1, type: 'subscribe_trigger', trigger: { platform: 'state', entity_id: 'light.a' } },
  ])
}, 30_000)

test('Mattermost tells of the posts of a channel, with the account in the headers', async () => {
  const seen: unknown[] = []
  const post = (id: string, channel: string): Json => ({
    event: 'posted',
    data: { post: JSON.stringify({ id, channel_id: channel, message: 'hi' }) },
  })
  const service = await teller((_socket, request, say) => {
    seen.push([request.url, request.headers.authorization])
    say({ event: 'hello' })
    say(post('p1', 'other'))
    say({ event: 'posted', data: { post: 'no JSON' } })
    say(post('p2', 'mine'))
  })
  const { client } = await testApp()
  const secret = JSON.stringify({ server: service.url, token: 'T' })
  await client.credentials.set({ name: 'mine', type: 'mattermost', secret })
  const id = await enableZap(client, zapOf('mattermost.new-post', { channel: 'mine' }, 'id'))
  await expect.poll(() => told(client, id)).toEqual([{ told: 'p2' }])
  expect(seen).toEqual([['/api/v4/websocket', 'Bearer T']])
})

test('Mastodon tells what is wanted, as text in its JSON', async () => {
  const seen: unknown[] = []
  const service = await teller((_socket, request, say) => {
    seen.push([request.url, request.headers.authorization])
    say({ event: 'update', payload: '{"id":"1"}' })
    say({ event: 'notification', payload: 'no JSON' })
    say({ event: 'notification', payload: '{"id":"2","type":"mention"}' })
  })
  const { client } = await testApp()
  await client.credentials.set({
    name: 'mine',
    type: 'mastodon',
    secret: JSON.stringify({ server: service.url, token: 'T' }),
  })
  const id = await enableZap(client, zapOf('mastodon.stream', {}, 'id'))
  await expect.poll(() => told(client, id)).toEqual([{ told: '2' }])
  expect(seen).toEqual([['/api/v1/streaming?stream=user', 'Bearer T']])
})

test('a token that is not taken is said, with what to do', async () => {
  const service = await teller(() => undefined)
  service.shut(true)
  const { client } = await testApp()
  const secret = JSON.stringify({ server: service.url, token: 'T' })
  await client.credentials.set({ name: 'mine', type: 'gotify', secret })
  const id = await enableZap(client, zapOf('gotify.message-stream', {}, 'id'))
  await expect
    .poll(async () => JSON.stringify(await client.zaps.polls({ id })))
    .toMatch(/does not take the account \(401\).*Credentials/)
})

/** Lets a trigger keep its connection on its own, to a service whose address is not ours to choose; `asked` are the addresses of its requests. */
async function keepAlone(id: string, given: Record<string, Json>, cursor: Json | null, answer: Json) {
  const app = await apps.find((one) => one.id === id.split('.')[0])?.load()
  const trigger = app?.connectors.find((one) => one.id === id)
  if (trigger?.kind !== 'trigger' || trigger.source.from !== 'connection') throw new Error('it keeps no connection')
  const taken: { keys: string[]; place: Json }[] = []
  const asked: string[] = []
  const { connect } = await import('node:net')
  let isReady = false
  const context = {
    http: async ({ url }: { url: string }) => {
      asked.push(url)
      const body = Buffer.from(JSON.stringify(answer))
      const headers = { 'content-type': 'application/json' }
      return { status: 200, headers, cookies: [], body, url, isWithoutSecrets: false }
    },
    connect: async ({ host, port }: { host: string; port: number }) => connect(port, host),
    credential: async () => ({ type: 'x', secret: '{"token":"tok"}' }),
    large: {},
    clock: systemClock,
    signal: new AbortController().signal,
    cursor,
    ready: async () => {
      isReady = true
    },
    take: async (events: readonly { key: string }[], place: Json) =>
      void taken.push({ keys: events.map(({ key }) => key), place }),
    input: trigger.input.parse({ account: { $credential: 'x' }, ...given }),
  }
  const end = await trigger.source.keep(context as never).then(
    () => null,
    (error: unknown) => error as StepError,
  )
  return { taken, asked, end, isReady }
}

/** Discord's gateway as its documentation has it, with what each connection said and the address that it came by. */
async function gateway() {
  const said: { path: string; messages: Json[] }[] = []
  const create = (id: string, channel: string) => ({ id, channel_id: channel, guild_id: 'g' })
  const service = await teller((socket, request, say) => {
    const one = { path: request.url ?? '', messages: [] as Json[] }
    const number = said.push(one)
    say({ op: 10, d: { heartbeat_interval: 200 }, s: null, t: null })
    socket.on('message', (data) => {
      const message = JSON.parse(String(data)) as { op: number }
      one.messages.push(message as Json)
      if (message.op === 1) say({ op: 11 })
      if (message.op === 2) {
        const url = service.url.replace('http', 'ws')
        const user = { id: '1' }
        const d = {
          v: 10,
          session_id: 'S',
          resume_gateway_url: `${url}/again`,
          user,
          guilds: [],
          application: { id: '1' },
        }
        say({ op: 0, t: 'READY', s: 1, d })
        say({ op: 0, t: 'MESSAGE_CREATE', s: 2, d: create('m1', 'c') })
        say({ op: 0, t: 'MESSAGE_CREATE', s: 3, d: create('m2', 'other') })
        say({ op: 0, t: 'TYPING_START', s: 4, d: {} })
      }
      if (message.op === 6) {
        say({ op: 0, t: 'MESSAGE_CREATE', s: 5, d: create('m3', 'c') })
        say({ op: 0, t: 'RESUMED', s: 6, d: {} })
      }
      // A second beat shows that the first one was answered.
      if (number === 1 && one.messages.filter((beat) => Object(beat).op === 1).length === 2) socket.terminate()
    })
  })
  return { service, said, url: service.url.replace('http', 'ws') }
}

test('Discord’s gateway is kept by beats and resumed where it broke, as its own library does', async () => {
  const ours = await gateway()
  const first = await keepAlone('discord.gateway', { channel: 'c' }, null, { url: ours.url })
  expect(first.asked).toEqual(['https://discord.com/api/v10/gateway/bot'])
  expect(first.isReady).toBe(true)
  expect(first.end?.details).toMatchObject({ code: 'connection', retryable: true })
  expect(first.taken.flatMap(({ keys }) => keys)).toEqual(['m1'])
  const place = first.taken.at(-1)?.place ?? null
  expect(place).toEqual({ session: 'S', url: `${ours.url}/again`, seq: 2 })
  // As after a restart: what came meanwhile is told again, and the session goes on.
  const second = keepAlone('discord.gateway', { channel: 'c' }, place, { url: 'ws://127.0.0.1:1' })
  await expect.poll(() => ours.said[1]?.messages.some((one) => Object(one).op === 1)).toBe(true)
  ours.service.open.at(-1)?.send(JSON.stringify({ op: 9, d: false }))
  const { taken, asked, end } = await second
  expect(asked).toEqual([])
  expect(taken.flatMap(({ keys }) => keys)).toEqual(['m3'])
  // The session is over: the next connection begins anew.
  expect(taken.at(-1)).toEqual({ keys: [], place: 1 })
  expect(end?.details).toMatchObject({ retryable: true })

  const theirs = await gateway()
  const { WebSocketManager } = await import('@discordjs/ws')
  const limits = { total: 10, remaining: 10, reset_after: 0, max_concurrency: 1 }
  const answer = { url: theirs.url, shards: 1, session_start_limit: limits }
  const manager = new WebSocketManager({
    token: 'tok',
    intents: 1 + 512 + 4_096 + 32_768,
    rest: new REST({ makeRequest: async () => Response.json(answer) }).setToken('tok'),
  })
  await manager.connect()
  await expect.poll(() => theirs.said[1]?.messages.some((one) => Object(one).op === 1), { timeout: 15_000 }).toBe(true)
  await manager.destroy()
  const shapes = ({ said }: typeof ours) =>
    said.slice(0, 2).map(({ path, messages }) => {
      const [hello, beat] = [
        messages.find((one) => Object(one).op !== 1),
        messages.findLast((one) => Object(one).op === 1),
      ]
      const { token, intents, properties, session_id } = Object(Object(hello).d)
      return {
        path,
        op: Object(hello).op,
        token,
        intents,
        session_id,
        properties: properties && Object.keys(properties).sort(),
        // The number is that of the last event; ours stored the one of the last that counted.
        beats: Number.isInteger(Object(beat).d),
      }
    })
  expect(shapes(ours)).toEqual(shapes(theirs))
}, 30_000)

test('Discord says why a bot may not hear of something', async () => {
  const service = await teller((socket, _request, say) => {
    say({ op: 10, d: { heartbeat_interval: 60_000 } })
    socket.on('message', () => socket.close(4_014, 'Disallowed intent(s).'))
  })
  const { end } = await keepAlone('discord.gateway', {}, null, { url: service.url.replace('http', 'ws') })
  expect(end?.details).toMatchObject({ retryable: false, message: expect.stringContaining('Message Content Intent') })
})

test('ntfy tells what comes, and after a break what came meanwhile, also before the first message', async () => {
  const seen: unknown[] = []
  const line = (id: string) => ({ id, event: 'message', time: 1_764_000_000, topic: 'x', message: id })
  const service = await teller((_socket, request, say) => {
    seen.push([request.url, request.headers.authorization])
    say({ id: 'o', event: 'open', time: 1_763_000_000, topic: 'x' })
    if (seen.length > 1) say(line(`m${seen.length}`))
    say({ id: 'k', event: 'keepalive', time: 1, topic: 'x' })
  })
  const { client } = await testApp()
  await client.credentials.set({ name: 'mine', type: 'basic', secret: 'ada:pass:word' })
  const id = await enableZap(client, zapOf('ntfy.stream', { topic: 'x', server: service.url }, 'message'))
  const connection = async () => (await client.zaps.polls({ id }))[0]?.connection
  const breakOff = async (): Promise<void> => {
    service.open.at(-1)?.terminate()
    await expect.poll(connection).not.toBe('connected')
    await client.zaps.pollNow({ id, step: 'new' })
  }
  await expect.poll(connection, { timeout: 15_000 }).toBe('connected')
  await breakOff()
  await expect.poll(() => told(client, id)).toEqual([{ told: 'm2' }])
  await breakOff()
  await expect.poll(() => told(client, id)).toEqual([{ told: 'm2' }, { told: 'm3' }])
  const user = `Basic ${Buffer.from('ada:pass:word').toString('base64')}`
  expect(seen).toEqual([
    ['/x/ws', user],
    ['/x/ws?since=1763000000', user],
    ['/x/ws?since=m2', user],
  ])
}, 30_000)

test.each<[string, Record<string, Json>, Json, Json, string]>([
  [
    'trigger',
    { trigger: { platform: 'sun', event: 'sunset' } },
    { type: 'subscribe_trigger', trigger: { platform: 'sun', event: 'sunset' } },
    { variables: { trigger: { platform: 'sun' } }, context: { id: '1' } },
    'platform',
  ],
  [
    'event',
    { event: 'tag_scanned' },
    { type: 'subscribe_events', event_type: 'tag_scanned' },
    { event_type: 'tag_scanned', data: { tag_id: 'a' } },
    'event_type',
  ],
])(
  'Home Assistant is asked for its %s, and says what it does not take',
  async (name, input, asked, event, field) => {
    let isTaken = true
    const said: Json[] = []
    const service = await teller((socket, _request, say) => {
      say({ type: 'auth_required' })
      socket.on('message', (data) => {
        const message = JSON.parse(String(data)) as { type: string }
        said.push(message)
        if (message.type === 'auth') return say({ type: 'auth_ok' })
        say({ id: 1, type: 'result', success: isTaken, error: { code: 'x', message: 'Unknown thing' } })
        if (isTaken) say({ id: 1, type: 'event', event })
      })
    })
    const { client } = await testApp()
    const secret = JSON.stringify({ server: service.url, token: 'T' })
    await client.credentials.set({ name: 'mine', type: 'home-assistant', secret })
    const id = await enableZap(client, zapOf(`home-assistant.${name}`, input, field))
    await expect.poll(async () => (await told(client, id)).length).toBe(1)
    expect(said[1]).toEqual({ id: 1, ...Object(asked) })
    isTaken = false
    service.open.at(-1)?.terminate()
    await expect.poll(async () => (await client.zaps.polls({ id }))[0]?.connection).not.toBe('connected')
    await client.zaps.pollNow({ id, step: 'new' })
    await expect
      .poll(async () => JSON.stringify(await client.zaps.polls({ id })), { timeout: 10_000 })
      .toContain('Unknown thing')
  },
  30_000,
)

test('Slack is told that an event is stored, after it is', async () => {
  const app = await apps.find(({ id }) => id === 'slack')?.load()
  const trigger = app?.connectors.find(({ id }) => id === 'slack.event-socket-mode')
  if (trigger?.kind !== 'trigger' || trigger.source.from !== 'connection') throw new Error('it keeps no connection')
  const order: unknown[] = []
  const service = await teller((socket, _request, say) => {
    say({ type: 'hello' })
    say({ type: 'events_api', envelope_id: 'e1', payload: { event_id: 'Ev1', event: { text: 'hi' } } })
    socket.on('message', (data) => {
      order.push(JSON.parse(String(data)))
      socket.close(1000)
    })
  })
  const { connect } = await import('node:net')
  const answer = { ok: true, url: service.url.replace('http', 'ws') }
  const context = {
    http: async ({ url }: { url: string }) => ({
      status: 200,
      headers: { 'content-type': 'application/json' },
      cookies: [],
      body: Buffer.from(JSON.stringify(answer)),
      url,
      isWithoutSecrets: false,
    }),
    connect: async ({ host, port }: { host: string; port: number }) => connect(port, host),
    credential: async () => ({ type: 'slack.app-level', secret: '{"token":"xapp-1"}' }),
    large: {},
    clock: { now: () => 0, after: () => () => undefined },
    signal: new AbortController().signal,
    cursor: null,
    ready: async () => void order.push('ready'),
    take: async (events: readonly { key: string }[]) => void order.push(events.map(({ key }) => key)),
    input: trigger.input.parse({ account: { $credential: 'x' } }),
  }
  await trigger.source.keep(context as never)
  expect(order).toEqual([[], 'ready', ['Ev1'], { envelope_id: 'e1' }])
})
