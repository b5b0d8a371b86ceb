import { createHmac } from 'node:crypto'
import { expect, test, vi } from 'vitest'
import { z } from 'zod'
import { appHook } from '../connectors/app-triggers.ts'
import { createCatalogue, loadedList } from '../connectors/catalogue.ts'
import { builtInCredentialTypes } from '../connectors/credential-types.ts'
import { defineApp } from '../connectors/define-app.ts'
import { ownConnectors } from '../connectors/test-catalogue.ts'
import type { Hook } from '../connectors/trigger-sources.ts'
import type { Database } from '../db/open.ts'
import { temporaryDatabase } from '../db/test-database.ts'
import { insertVersion, insertZap, setEnabled, setLiveVersion } from '../db/zaps.ts'
import { StepError } from '../domain/runs/step-error.ts'
import { manualClock } from '../domain/time/clock.ts'
import { blankZap } from '../domain/zap/zap-file.ts'
import { createSignals } from '../signals.ts'
import { enableZap, type Received, type TestClient, testApp, testServer } from '../test-app.ts'
import { createSubscriptions, type LiveHook, type SubscribedTriggers } from './subscriptions.ts'

type Sub = { id: string; url: string; secret: string; renewed: number }

/** A service that calls those who subscribed, over HTTP. */
async function hub() {
  const subs: Sub[] = []
  const seen: Received[] = []
  const state = { refuses: 0, items: [] as { id: string }[] }
  const answerTo = async (
    request: Received,
    response: Parameters<Parameters<typeof testServer>[0]>[1],
  ): Promise<void> => {
    seen.push(request)
    const { method, path, body } = request
    const [, , id] = path.split('/')
    const answer = (status: number, value: unknown = {}): void => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))
    }
    if (state.refuses > 0) return answer(state.refuses)
    if (path.startsWith('/items')) return answer(200, state.items)
    if (method === 'GET')
      return answer(
        200,
        subs.filter((sub) => id === undefined || sub.id === id),
      )
    const known = subs.find((sub) => sub.id === id)
    if (method === 'DELETE') {
      if (known === undefined) return answer(404)
      subs.splice(subs.indexOf(known), 1)
      return answer(204)
    }
    if (method === 'PUT' && known !== undefined) {
      known.renewed++
      return answer(200, known)
    }
    const { callback, secret } = JSON.parse(body) as { callback: string; secret: string }
    const challenge = await fetch(`${callback}?challenge=abc`).catch(() => undefined)
    if (challenge !== undefined && (await challenge.text()) !== 'abc') return answer(400)
    const made = { id: `s${seen.length}`, url: callback, secret, renewed: 0 }
    subs.push(made)
    answer(201, made)
  }
  const url = await testServer((request, response) => void answerTo(request, response))
  return { url, subs, seen, state }
}

const subSchema = z.object({ id: z.string(), url: z.string() })

const hubApp = defineApp({
  id: 'hub',
  title: 'Hub',
  icon: '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"></svg>',
  hue: 10,
  address: ({ server }) => String(server),
  actions: [],
  triggers: [
    appHook({
      name: 'item',
      title: 'New item',
      description: 'Starts for each item.',
      summary: '{server}',
      input: z.strictObject({ server: z.string().meta({ title: 'Server' }) }),
      output: z.object({ id: z.string() }),
      sample: { id: '1' },
      verify: {
        scheme: 'hmac',
        header: 'x-hub-signature',
        signs: '{body}',
        algorithm: 'sha256',
        encoding: 'hex',
      } as never,
      handshake: ({ query }) =>
        typeof query.challenge === 'string' ? { status: 200, headers: {}, body: query.challenge } : null,
      events: ({ body }) =>
        z
          .array(z.object({ id: z.string() }))
          .parse(body)
          .map((item) => ({ key: item.id, data: item })),
      async subscribe({ http, url, secret }) {
        const { id } = (await http({ method: 'POST', path: 'subs', body: { callback: url, secret } })).as(subSchema)
        return { subscription: { id } }
      },
      async unsubscribe({ http, subscription }) {
        await http({ method: 'DELETE', path: `subs/${z.object({ id: z.string() }).parse(subscription).id}` })
      },
      async poll({ http }) {
        const items = (await http({ path: 'items' })).as(z.array(z.object({ id: z.string() })))
        return { events: items.map((item) => ({ key: item.id, data: item })), cursor: 1 }
      },
    }),
  ],
})

const catalogue = createCatalogue([loadedList([...ownConnectors, ...hubApp.connectors], builtInCredentialTypes)])

async function found(client: TestClient, zapId: string): Promise<unknown[]> {
  const { runs } = await client.runs.list({ zapId })
  const details = await Promise.all(runs.toReversed().map(({ id }) => client.runs.get({ id })))
  return details.map(({ steps }) => steps.find(({ step }) => step === 'set')?.output)
}

const zapOf = (server: string) => ({
  name: 'Items',
  steps: [
    { id: 'new', uses: 'hub.item', input: { server, every: '1h' } },
    { id: 'set', uses: 'data.set', input: { fields: { id: '{{ new.id }}' } } },
  ],
  edges: [{ from: 'new', to: 'set' }],
})

const signed = (sub: Sub | undefined, items: unknown, secret = sub?.secret ?? '') => {
  const body = JSON.stringify(items)
  const signature = createHmac('sha256', secret).update(body).digest('hex')
  const headers = { 'content-type': 'application/json', 'x-hub-signature': signature }
  return fetch(sub?.url ?? '', { method: 'POST', body, headers })
}

test('a service is told to call, proves itself, starts runs, and is told to stop', async () => {
  const service = await hub()
  const { app, client } = await testApp({ catalogue })
  await client.tunnel.configure({ isOn: true, way: { provider: 'manual', url: app.hooksUrl } })
  const id = await enableZap(client, zapOf(service.url))
  await expect
    .poll(() => client.zaps.subscriptions({ id }))
    .toMatchObject([{ step: 'new', state: 'active', isPolled: false }])
  const [sub] = service.subs
  expect(sub?.url).toMatch(/\/hooks\/[\w-]{24}$/)
  expect((await signed(sub, [{ id: 'a' }, { id: 'b' }])).status).toBe(200)
  expect((await signed(sub, [{ id: 'b' }])).status).toBe(200)
  await expect.poll(() => found(client, id)).toHaveLength(2)
  expect((await signed(sub, [{ id: 'x' }], 'forged')).status).toBe(401)
  expect((await signed(sub, { not: 'a list' })).status).toBe(400)
  expect((await signed(sub, [])).status).toBe(200)
  expect((await client.inbox.list({})).requests.map(({ verdict }) => verdict).sort()).toEqual(
    ['accepted', 'bad-signature', 'duplicate', 'handshake', 'handshake', 'unreadable'].sort(),
  )
  const [accepted] = (await client.inbox.list({ verdict: 'accepted' })).requests
  await client.inbox.replay({ id: accepted?.id ?? 0 })
  await expect.poll(() => found(client, id)).toHaveLength(3)

  await client.zaps.publish({ id })
  expect(service.subs).toHaveLength(1)
  await client.zaps.setEnabled({ id, enabled: false })
  await expect.poll(() => service.subs).toEqual([])
  expect((await signed(sub, [{ id: 'late' }])).status).toBe(404)
})

test('without a tunnel the service is asked instead, says so, and what both find starts one run', async () => {
  const service = await hub()
  service.state.items = [{ id: 'old' }]
  const { app, client } = await testApp({ catalogue })
  const id = await enableZap(client, zapOf(service.url))
  await expect.poll(() => client.zaps.subscriptions({ id })).toMatchObject([{ state: 'unreachable', isPolled: true }])
  await client.zaps.pollNow({ id, step: 'new' })
  service.state.items = [{ id: 'new' }, { id: 'old' }]
  await client.zaps.pollNow({ id, step: 'new' })
  // There is no cursor but the keys here: what was there before is found again, and known.
  await expect.poll(() => found(client, id)).toContainEqual({ id: 'new' })
  const before = (await found(client, id)).length
  await client.tunnel.configure({ isOn: true, way: { provider: 'manual', url: app.hooksUrl } })
  await expect.poll(() => client.zaps.subscriptions({ id })).toMatchObject([{ state: 'active', isPolled: false }])
  await expect.poll(() => client.zaps.polls({ id })).toEqual([])
  await signed(service.subs[0], [{ id: 'new' }])
  expect(await found(client, id)).toHaveLength(before)
})

test('a service that refuses is tried again, and an incident until it takes the subscription', async () => {
  const service = await hub()
  service.state.refuses = 401
  const { app, client } = await testApp({ catalogue })
  await client.tunnel.configure({ isOn: true, way: { provider: 'manual', url: app.hooksUrl } })
  const id = await enableZap(client, zapOf(service.url))
  await expect.poll(async () => (await client.zaps.subscriptions({ id }))[0]?.error?.code).toBe('http-401')
  expect(await client.zaps.subscriptions({ id })).toMatchObject([{ state: 'pending', isPolled: true }])
})

/** The triggers of one zap, on a database; the calls go to the hub over HTTP. */
function harness(
  database: Database,
  service: Awaited<ReturnType<typeof hub>>,
  clock = manualClock(),
  more: Partial<Hook<Record<string, unknown>>> & { expiresInMs?: number } = {},
) {
  const { expiresInMs, ...own } = more
  const ask = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const response = await fetch(`${service.url}/${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    if (response.status >= 400)
      throw new StepError({ code: `http-${response.status}`, message: 'It says no.', retryable: false })
    return response.status === 204 ? null : response.json()
  }
  const expiry = () => (expiresInMs === undefined ? {} : { expiresAt: clock.now() + expiresInMs })
  const idOf = (subscription: unknown): string => z.object({ id: z.string() }).parse(subscription).id
  const source: Hook<Record<string, unknown>> = {
    subject: () => 'one',
    verify: null,
    events: () => [],
    async subscribe({ url, secret }) {
      return { subscription: { id: idOf(await ask('POST', 'subs', { callback: url, secret })) }, ...expiry() }
    },
    async find({ url }) {
      const subs = z.array(subSchema).parse(await ask('GET', 'subs'))
      const mine = subs.find((sub) => sub.url === url)
      return mine === undefined ? null : { subscription: { id: mine.id }, ...expiry() }
    },
    async renew({ subscription }) {
      await ask('PUT', `subs/${idOf(subscription)}`)
      return { subscription, ...expiry() }
    },
    isThere: async ({ subscription }) =>
      z.array(z.unknown()).parse(await ask('GET', `subs/${idOf(subscription)}`)).length > 0,
    unsubscribe: async ({ subscription }) => void (await ask('DELETE', `subs/${idOf(subscription)}`)),
    ...own,
  }
  const file = blankZap('A zap')
  const step = { id: 'new', uses: 'test', input: {} }
  const live = (subject = 'one'): LiveHook => ({
    zapId: 'zap',
    zapName: 'A zap',
    version: 1,
    settings: {},
    stepId: 'new',
    subject,
    input: {},
    source,
    caller: { zapId: 'zap', file, step },
    fallback: null,
  })
  const state: { base: string | null; applied: SubscribedTriggers | undefined } = {
    base: 'http://127.0.0.1:1',
    applied: undefined,
  }
  const subscriptions = createSubscriptions({
    database,
    clock,
    log,
    signals: createSignals(log),
    call: (_caller, work) => work({} as never),
    secret: 'key',
    urlOf: (path) => (state.base === null ? null : state.base + path),
    seal: async (text) => Buffer.from(text),
    open: async (sealed) => Buffer.from(sealed).toString(),
    read: async () => live(),
    async apply(applied) {
      state.applied = applied
    },
  })
  return { subscriptions, live, state, clock }
}

const log = { info: vi.fn(), warn: vi.fn(), error: vi.fn() }
const DAY = 86_400_000

async function newDatabase(): Promise<Database> {
  const database = temporaryDatabase()
  await database.write((tx) => {
    const file = { ...blankZap('A zap'), steps: [{ id: 'new', uses: 'test', input: {} }] }
    insertZap(tx, { id: 'zap', draft: file, now: 0 })
    insertVersion(tx, { zapId: 'zap', kind: 'published', definition: file, now: 0 })
    setLiveVersion(tx, 'zap', 1, 0)
    setEnabled(tx, 'zap', true, 0)
  })
  return database
}

test('a subscription is renewed before it ends, made anew where it is gone, and moves with the address', async () => {
  const service = await hub()
  const { subscriptions, live, state, clock } = harness(await newDatabase(), service, undefined, {
    expiresInMs: 10 * DAY,
  })
  await subscriptions.set([live()])
  await subscriptions.runOnce()
  expect(service.subs).toHaveLength(1)
  clock.advance(8 * DAY)
  await subscriptions.runOnce()
  expect(service.subs.map(({ renewed }) => renewed)).toEqual([0])
  clock.advance(1.5 * DAY)
  await subscriptions.runOnce()
  expect(service.subs.map(({ renewed }) => renewed)).toEqual([1])
  // Deleted by hand at the service.
  service.subs.length = 0
  clock.advance(DAY)
  await subscriptions.runOnce()
  await subscriptions.runOnce()
  expect(service.subs).toHaveLength(1)
  const [old] = service.subs
  state.base = 'http://127.0.0.1:2'
  await subscriptions.runOnce()
  await subscriptions.runOnce()
  expect(service.subs.map(({ url }) => url.slice(0, 18))).toEqual(['http://127.0.0.1:2'])
  expect(service.subs).not.toContain(old)
  // Without an address for a while, what stands there stays.
  state.base = null
  await subscriptions.runOnce()
  expect(service.subs).toHaveLength(1)
  expect(subscriptions.of('zap')).toMatchObject([{ state: 'unreachable' }])
})

test('another subject is another subscription; a trigger that cannot be read for now keeps its own', async () => {
  const service = await hub()
  const database = await newDatabase()
  const { subscriptions, live } = harness(database, service)
  await subscriptions.set([live()])
  await subscriptions.runOnce()
  const [first] = service.subs
  await subscriptions.set([])
  await subscriptions.runOnce()
  expect(service.subs).toEqual([first])
  await subscriptions.set([live('two')])
  await subscriptions.runOnce()
  expect(service.subs).toHaveLength(1)
  expect(service.subs).not.toContain(first)
})

test('an end that fails is tried for a day, and what is gone already counts as ended', async () => {
  const service = await hub()
  const database = await newDatabase()
  const { subscriptions, live, clock } = harness(database, service)
  const off = () => database.write((tx) => setEnabled(tx, 'zap', false, 0))
  await subscriptions.set([live()])
  await subscriptions.runOnce()
  service.state.refuses = 500
  await off()
  await subscriptions.set([])
  await subscriptions.runOnce()
  clock.advance(60_000)
  service.state.refuses = 0
  await subscriptions.runOnce()
  expect(service.subs).toEqual([])

  await database.write((tx) => setEnabled(tx, 'zap', true, 0))
  await subscriptions.set([live()])
  await subscriptions.runOnce()
  service.subs.length = 0
  await off()
  await subscriptions.set([])
  await subscriptions.runOnce()
  service.state.refuses = 500
  expect(await database.reader('subscription').select('id')).toEqual([])
})

class CrashError extends Error {}

/** A database of a process that dies around its write number `write`: nothing is written from then on. */
function mortal(
  database: Database,
  crash: { write: number; when: 'before' | 'after' },
): Database & { isDead(): boolean } {
  let writes = 0
  let isDead = false
  return {
    ...database,
    isDead: () => isDead,
    async write(operation) {
      writes++
      if (isDead || (writes === crash.write && crash.when === 'before')) isDead = true
      if (isDead) throw new CrashError('dead')
      const result = await database.write(operation)
      if (writes === crash.write) isDead = true
      if (isDead) throw new CrashError('dead')
      return result
    },
  }
}

test('wherever the process dies, one subscription stands while the zap is on, and none when it is off', async () => {
  let died = 0
  for (let write = 1; write <= 16; write++) {
    for (const when of ['before', 'after'] as const) {
      const service = await hub()
      const database = await newDatabase()
      const dying = mortal(database, { write, when })
      const first = harness(dying, service)
      const isOff = { value: false }
      try {
        await first.subscriptions.set([first.live()])
        await first.subscriptions.runOnce()
        isOff.value = true
        await database.write((tx) => setEnabled(tx, 'zap', false, 0))
        await first.subscriptions.set([])
        await first.subscriptions.runOnce()
      } catch (error) {
        if (!(error instanceof CrashError)) throw error
      }
      if (dying.isDead()) died++
      if (!isOff.value) {
        const second = harness(database, service, manualClock(DAY))
        await second.subscriptions.set([second.live()])
        await second.subscriptions.runOnce()
        await second.subscriptions.runOnce()
        expect(service.subs, `on, ${when} write ${write}`).toHaveLength(1)
      }
      const third = harness(database, service, manualClock(2 * DAY))
      await database.write((tx) => setEnabled(tx, 'zap', false, 0))
      await third.subscriptions.set([])
      await third.subscriptions.runOnce()
      await third.subscriptions.runOnce()
      expect(service.subs, `off, ${when} write ${write}`).toEqual([])
      expect(await database.reader('subscription').select('id')).toEqual([])
    }
  }
  expect(died).toBeGreaterThan(12)
})
