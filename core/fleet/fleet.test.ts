import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { enableZap } from '../test-app.ts'
import { hasServer, startNats } from '../test-servers.ts'
import { countingTarget, fleetHost, untilFleet } from './test-fleet.ts'

describe.skipIf(!hasServer.nats)('hosts that are joined', () => {
  let server: Awaited<ReturnType<typeof startNats>>
  let fleets = 0
  beforeAll(async () => {
    server = await startNats()
  })
  afterAll(() => server.stop())
  const nextUrl = (): string => `nats://127.0.0.1:${server.port}?fleet=t${++fleets}`

  /** A zap that tells the target of each event. */
  const telling = (target: string, settings = {}) => ({
    steps: [
      { id: 'hook', uses: 'webhook.catch', input: { path: 'orders' } },
      { id: 'tell', uses: 'http.request', input: { method: 'POST', url: target, body: '{{ hook.body }}' } },
    ],
    edges: [{ from: 'hook', to: 'tell' }],
    settings,
  })

  const send = async (hooksUrl: string, body: object): Promise<string> => {
    const response = await fetch(`${hooksUrl}/hooks/orders`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    expect(response.status).toBe(200)
    const { id } = (await response.json()) as { id: string } // the answer of a webhook
    return id
  }

  test('what one host takes in another runs, once, and the first hears of the end', { timeout: 30_000 }, async () => {
    const url = nextUrl()
    const target = await countingTarget()
    const office = await fleetHost({ url, name: 'office', roles: ['intake'] })
    const warehouse = await fleetHost({ url, name: 'warehouse', roles: ['worker'] })
    await enableZap(office.client, telling(target.url))
    const ids: string[] = []
    for (let n = 0; n < 20; n++) ids.push(await send(office.app.hooksUrl, { n }))
    await target.until(() => target.keys.size === 20)
    expect([...target.keys.keys()].toSorted()).toEqual(ids.map((id) => `${id.replace('evt_', 'run_')}:tell`).toSorted())
    const fleet = await untilFleet(office.client, ({ members }) => {
      const [self, other] = members
      return self?.relayed === 0 && self.outgoing === 0 && other?.name === 'warehouse'
    })
    expect(fleet.members.map(({ name, state, roles }) => [name, state, roles])).toEqual([
      ['office', 'connected', ['intake']],
      ['warehouse', 'connected', ['worker']],
    ])
    expect((await warehouse.client.runs.list({})).runs).toHaveLength(20)
    expect((await office.client.runs.list({})).runs).toHaveLength(0)
    const { runs } = await office.client.fleet.runs({})
    expect(new Set(runs.map(({ host }) => host))).toEqual(new Set(['warehouse']))
    expect(runs).toHaveLength(20)
    const [first] = runs
    const detail = await office.client.fleet.run({ host: 'warehouse', id: first?.id ?? '' })
    expect(detail.run.status).toBe('succeeded')
  })
})
