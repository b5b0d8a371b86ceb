import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { SECRET, startStore } from '../connectors/s3/test-store.ts'
import { enableZap, type TestClient, testServer } from '../test-app.ts'
import { hasServer, startNats } from '../test-servers.ts'
import { readStoreAddress } from './store-address.ts'
import { countingTarget, fleetHost, sendOrder, telling, untilFleet } from './test-fleet.ts'

describe.skipIf(!hasServer.nats)('what hosts share', () => {
  let server: Awaited<ReturnType<typeof startNats>>
  let fleets = 0
  beforeAll(async () => {
    server = await startNats()
  })
  afterAll(() => server.stop())
  const nextUrl = (): string => `nats://127.0.0.1:${server.port}?fleet=s${++fleets}`

  /** Waits until a host knows its zaps otherwise. */
  async function untilZaps(
    client: TestClient,
    isSo: (zaps: Awaited<ReturnType<TestClient['zaps']['list']>>) => boolean,
  ) {
    const events = await client.events.watch()
    await events.next()
    for (;;) {
      if (isSo(await client.zaps.list())) break
      await events.next()
    }
    await events.return?.()
  }

  test('a zap that is published, switched off or deleted on one host is so on all', { timeout: 120_000 }, async () => {
    const url = nextUrl()
    const target = await countingTarget()
    const office = await fleetHost({ url, name: 'office', roles: ['intake'] })
    const warehouse = await fleetHost({ url, name: 'warehouse', roles: ['worker'] })
    const id = await enableZap(office.client, telling(`${target.url}/one`))
    await sendOrder(office.app.hooksUrl, {})
    await target.until(() => target.keys.size === 1)
    await untilZaps(warehouse.client, ([zap]) => zap?.status === 'enabled')
    const fleet = await warehouse.client.fleet.get()
    expect(fleet?.zaps).toEqual([{ id, by: 'office' }])
    // Changed where it did not come from.
    const zap = await warehouse.client.zaps.get({ id })
    const draft = { ...zap.draft, ...telling(`${target.url}/two`) }
    await warehouse.client.zaps.saveDraft({ id, baseRevision: zap.draftRevision, draft })
    await warehouse.client.zaps.publish({ id, enable: true })
    await untilZaps(office.client, ([there]) => there?.liveVersion === 2)
    // What comes while the listener is told of the new version may still be the old one's.
    const paths = () => [...target.keys.values()].flat().map(({ path }) => path)
    for (let sent = 2; paths().at(-1) !== '/two'; sent++) {
      await sendOrder(office.app.hooksUrl, {})
      await target.until(() => target.keys.size === sent)
    }
    await warehouse.client.zaps.setEnabled({ id, enabled: false })
    await untilZaps(office.client, ([there]) => there?.status === 'disabled')
    await office.client.zaps.remove({ id })
    await untilZaps(warehouse.client, (zaps) => zaps.length === 0)
  })

  test('an event too large for the log goes by parts, and its sender gets the answer of a step elsewhere', {
    timeout: 120_000,
  }, async () => {
    const url = nextUrl()
    const office = await fleetHost({ url, name: 'office', roles: ['intake'] })
    await fleetHost({ url, name: 'warehouse', roles: ['worker'] })
    await enableZap(office.client, {
      steps: [
        { id: 'hook', uses: 'webhook.catch', input: { path: 'orders' } },
        {
          id: 'answer',
          uses: 'webhook.respond',
          input: { status: 201, body: { last: '{{ hook.body.items | last }}' } },
        },
      ],
      edges: [{ from: 'hook', to: 'answer' }],
    })
    // Noise, which does not get smaller when it is packed: 3 MB, and 200 KB that stay in the event itself.
    for (const count of [150_000, 9_000]) {
      const items = Array.from({ length: count }, (_, n) => `${n}-${crypto.randomUUID().slice(0, 16)}`)
      const response = await fetch(`${office.app.hooksUrl}/hooks/orders`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ items }),
      })
      expect([response.status, await response.json()]).toEqual([201, { last: items.at(-1) }])
    }
  })

  test('large values lie sealed in a store until their runs have ended, and are had from there when their host is gone', {
    timeout: 120_000,
  }, async () => {
    const url = nextUrl()
    const bucket = await startStore()
    const store = readStoreAddress(
      `${bucket.endpoint.replace('://', `://AKIAADA:${encodeURIComponent(SECRET)}@`)}/reports/of-fleets?region=eu-central-1`,
      {},
    )
    const shared = { url, store, key: 'correct horse battery staple' }
    const target = await countingTarget()
    const office = await fleetHost({ ...shared, name: 'office', roles: ['intake'] })
    const warehouse = await fleetHost({ ...shared, name: 'warehouse', roles: ['worker'] })
    const zap = telling(target.url)
    const body = '{{ hook.body.items | last }}'
    await enableZap(office.client, {
      ...zap,
      steps: zap.steps.map((step) => (step.id === 'tell' ? { ...step, input: { ...step.input, body } } : step)),
    })
    // Of two parts in the store, and of one.
    for (const [round, count] of [90_000, 6_000].entries()) {
      await warehouse.client.fleet.drain({ host: 'warehouse' })
      const items = Array.from({ length: count }, (_, n) => `${n}-marked-${crypto.randomUUID()}`)
      await sendOrder(office.app.hooksUrl, { items })
      await bucket.until(() => bucket.objects.size === 2 - round)
      expect(
        [...bucket.objects.keys()].every((name) => /^of-fleets\/s\d+\/evt_\w+\/(\w{64}|event)\/\d$/.test(name)),
      ).toBe(true)
      for (const { body } of bucket.objects.values()) expect(body.includes('marked')).toBe(false)
      if (round === 1) {
        await office.app.stop()
        await untilFleet(warehouse.client, ({ members }) => members.some(({ state }) => state === 'gone'))
      }
      await warehouse.client.fleet.drain({ host: 'warehouse', on: false })
      await target.until(() => target.keys.size === round + 1)
      expect([...target.keys.values()].at(-1)?.[0]?.body).toBe(items.at(-1))
      await bucket.until(() => bucket.objects.size === 0)
    }
  })

  test('a host that lacks a credential takes nothing of its zaps, until it is shared', {
    timeout: 120_000,
  }, async () => {
    const url = nextUrl()
    const key = 'correct horse battery staple'
    const target = await countingTarget()
    const office = await fleetHost({ url, name: 'office', roles: ['intake'], key })
    const warehouse = await fleetHost({ url, name: 'warehouse', roles: ['worker'], key })
    const stranger = await fleetHost({ url, name: 'stranger', roles: ['worker'], key: 'another passphrase' })
    await office.client.credentials.set({ name: 'ledger', type: 'bearer', secret: 'top-secret' })
    const zap = telling(target.url)
    await enableZap(office.client, {
      ...zap,
      steps: zap.steps.map((step) =>
        step.id === 'tell' ? { ...step, input: { ...step.input, auth: { $credential: 'ledger' } } } : step,
      ),
    })
    await sendOrder(office.app.hooksUrl, {})
    const lacking = await untilFleet(
      office.client,
      ({ members }) => members.filter(({ lacks }) => lacks.length > 0).length === 2,
    )
    expect(lacking.members.find(({ name }) => name === 'warehouse')?.lacks).toMatchObject([
      { credential: 'ledger', zaps: [{ name: 'Test' }] },
    ])
    expect(target.keys.size).toBe(0)
    await office.client.fleet.share({ credential: 'ledger', shared: true })
    await target.until(() => target.keys.size === 1)
    const [[request] = []] = target.keys.values()
    expect(request?.headers.authorization).toBe('Bearer top-secret')
    expect((await warehouse.client.runs.list({})).runs).toHaveLength(1)
    const refused = await untilFleet(stranger.client, ({ credentials }) => credentials.problem !== null)
    expect(refused.credentials.problem).toContain('HOOKLINE_FLEET_KEY')
    expect(await stranger.client.credentials.list()).toEqual([])
  })
  test('a poll goes to another host with how far it has come', { timeout: 120_000 }, async () => {
    const url = nextUrl()
    const target = await countingTarget()
    const items = [1, 2]
    const list = await testServer((_request, response) => {
      response.setHeader('content-type', 'application/json').end(JSON.stringify(items))
    })
    const a = await fleetHost({ url, name: 'a' })
    const b = await fleetHost({ url, name: 'b' })
    await enableZap(a.client, {
      steps: [
        { id: 'new', uses: 'http.poll', input: { url: list, every: '1s', first: 'all' } },
        { id: 'tell', uses: 'http.request', input: { method: 'POST', url: target.url, body: '{{ new.item }}' } },
      ],
      edges: [{ from: 'new', to: 'tell' }],
    })
    await target.until(() => target.keys.size === 2)
    const { members } = await untilFleet(a.client, (fleet) => fleet.members.some(({ owns }) => owns === 1))
    const owner = members.find(({ owns }) => owns === 1)?.name ?? ''
    const other = owner === 'a' ? b : a
    await other.client.fleet.drain({ host: owner })
    await untilFleet(other.client, (fleet) => fleet.members.some(({ name, owns }) => name !== owner && owns === 1))
    items.push(3)
    await target.until(() => target.keys.size === 3)
    expect(
      [...target.keys.values()]
        .flat()
        .map(({ body }) => body)
        .toSorted(),
    ).toEqual(['1', '2', '3'])
  })
})
