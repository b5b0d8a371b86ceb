import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { type WebSocket, WebSocketServer } from 'ws'
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
