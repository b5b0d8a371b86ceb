import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Fleet } from '../contract/fleet-values.ts'
import { enableZap, testServer } from '../test-app.ts'
import { hasServer, startNats } from '../test-servers.ts'
import { countingTarget, fleetHost, fleetProcess, sendOrder, telling, untilFleet } from './test-fleet.ts'

describe.skipIf(!hasServer.nats)('hosts that are joined', () => {
  let server: Awaited<ReturnType<typeof startNats>>
  let fleets = 0
  beforeAll(async () => {
    server = await startNats()
  })
  afterAll(() => server.stop())
  const nextUrl = (): string => `nats://127.0.0.1:${server.port}?fleet=t${++fleets}`

  test('what one host takes in another runs, once, and the first hears of the end', { timeout: 120_000 }, async () => {
    const url = nextUrl()
    const target = await countingTarget()
    const office = await fleetHost({ url, name: 'office', roles: ['intake'] })
    const warehouse = await fleetHost({ url, name: 'warehouse', roles: ['worker'] })
    await enableZap(office.client, telling(target.url))
    const ids: string[] = []
    for (let n = 0; n < 20; n++) ids.push(await sendOrder(office.app.hooksUrl, { n }))
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
    // What can be done to a run is done where it is, and the others say where that is.
    await expect(office.client.runs.replay({ id: first?.id ?? '' })).rejects.toThrow('is on the host "warehouse"')
    const letGo = target.hold()
    const id = `run_${(await sendOrder(office.app.hooksUrl, {})).slice(4)}`
    await target.until(() => target.keys.size === 21)
    await expect
      .poll(() => office.client.runs.cancel({ id }).catch(({ message }: Error) => message))
      .toContain('is on the host "warehouse"')
    expect((await warehouse.client.runs.cancel({ id })).status).toBe('cancelled')
    letGo()
    await untilFleet(office.client, ({ members: [self] }) => self?.relayed === 0)
  })
  test('what a host had that is killed, others do, with the same keys, and its schedules are theirs', {
    timeout: 120_000,
  }, async () => {
    const url = nextUrl()
    const target = await countingTarget()
    const office = await fleetHost({ url, name: 'office', roles: ['intake'] })
    const doomed = await fleetProcess({ url, name: 'doomed' })
    await untilFleet(office.client, ({ members }) => members.some(({ name }) => name === 'doomed'))
    const id = await enableZap(office.client, telling(`${target.url}/slow`))
    // Which host keeps a schedule follows from the zap's id: this goes on until it is the one that is to be killed.
    let due = 0
    for (let isThere = false; !isThere; ) {
      due++
      await enableZap(office.client, {
        steps: [
          { id: 'every', uses: 'schedule.cron', input: { every: '1s', missed: 'all' } },
          {
            id: 'tell',
            uses: 'http.request',
            input: { method: 'POST', url: `${target.url}/due/${due}`, body: '{{ every.dueAt }}' },
          },
        ],
        edges: [{ from: 'every', to: 'tell' }],
      })
      const { members } = await untilFleet(office.client, (fleet) => owned(fleet) === due)
      isThere = members.some(({ name, owns }) => name === 'doomed' && owns > 0)
    }
    await target.until(() => dueTimes().length >= 2)
    // It has some of them in hand, and does not finish.
    const held = target.hold()
    const ids: string[] = []
    for (let n = 0; n < 10; n++) ids.push(await sendOrder(n % 2 === 0 ? office.app.hooksUrl : doomed.hooksUrl, { n }))
    await target.until(() => [...target.keys.keys()].filter((key) => ids.includes(eventOf(key))).length === 10)
    await doomed.kill()
    held()
    const warehouse = await fleetHost({ url, name: 'warehouse', roles: ['worker'] })
    const fleet = await untilFleet(office.client, ({ members }) => {
      const self = members.find(({ isSelf }) => isSelf)
      const gone = members.find(({ name }) => name === 'doomed')
      return gone?.state === 'gone' && self?.relayed === 0 && self.outgoing === 0 && self.owns === due
    })
    expect(fleet.happened.some(({ kind }) => kind === 'gone')).toBe(true)
    // All that the office had answered for has run to its end; no event came under two keys.
    const { runs } = await warehouse.client.runs.list({ zapId: id })
    expect(runs.every(({ status }) => status === 'succeeded')).toBe(true)
    expect([...target.keys.keys()].filter((key) => ids.includes(eventOf(key))).toSorted()).toEqual(
      ids.map((one) => `${one.replace('evt_', 'run_')}:tell`).toSorted(),
    )
    // Each due time once and none left out, through the handover.
    const before = dueTimes().length
    await target.until(() => dueTimes().length >= before + 2)
    const times = [...new Set(dueTimes())].toSorted((one, other) => one - other)
    expect(times.length).toBe(dueTimes().length)
    for (const [index, at] of times.slice(1).entries()) expect(at - (times[index] ?? 0)).toBe(1_000)

    function dueTimes(): number[] {
      return [...target.keys.values()].flatMap(([request]) =>
        request?.path === `/due/${due}` ? [Date.parse(request.body.replaceAll('"', ''))] : [],
      )
    }
  })

  test('what a poll found when its host was killed, the next host finds under the same keys', {
    timeout: 120_000,
  }, async () => {
    const url = nextUrl()
    const target = await countingTarget()
    let items = 0
    const list = await testServer((_request, response) => {
      response.setHeader('content-type', 'application/json').end(JSON.stringify([...Array(++items).keys()]))
    })
    const office = await fleetHost({ url, name: 'office' })
    const doomed = await fleetProcess({ url, name: 'doomed' })
    await untilFleet(office.client, ({ members }) => members.some(({ name }) => name === 'doomed'))
    await office.client.fleet.drain({ host: 'office' })
    await enableZap(office.client, {
      steps: [
        { id: 'new', uses: 'http.poll', input: { url: list, every: '1s', first: 'all' } },
        { id: 'tell', uses: 'http.request', input: { method: 'POST', url: target.url, body: '{{ new.item }}' } },
      ],
      edges: [{ from: 'new', to: 'tell' }],
    })
    // What it has just found it cannot have told the others of.
    await target.until(() => target.keys.size === 2)
    await doomed.kill()
    await office.client.fleet.drain({ host: 'office', on: false })
    await target.until(() => target.keys.size > 3)
    const bodies = [...target.keys.values()].map(([request]) => request?.body)
    expect(new Set(bodies).size).toBe(bodies.length)
  })

  test('of a queued zap one event runs at a time, in order, whichever hosts there are', {
    timeout: 120_000,
  }, async () => {
    const url = nextUrl()
    const target = await countingTarget()
    const office = await fleetHost({ url, name: 'office', roles: ['intake'] })
    const others = await Promise.all([
      fleetHost({ url, name: 'a', roles: ['worker'] }),
      fleetHost({ url, name: 'b', roles: ['worker'] }),
    ])
    await enableZap(office.client, telling(target.url, { concurrency: 'queued' }))
    const ids: string[] = []
    for (let n = 0; n < 12; n++) ids.push(await sendOrder(office.app.hooksUrl, { n }))
    await target.until(() => target.keys.size === 12)
    expect([...target.keys.keys()].map(eventOf)).toEqual(ids)
    expect(target.mostAtOnce()).toBe(1)
    expect(others).toHaveLength(2)
  })
})

const owned = ({ members }: Fleet): number => members.reduce((sum, { owns }) => sum + owns, 0)

const eventOf = (key: string): string => key.replace(/^run_/, 'evt_').replace(/:.*$/, '')
