import { cpSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { temporaryFolder } from '../db/test-database.ts'
import { systemClock } from '../domain/time/clock.ts'
import { enableZap, testApp } from '../test-app.ts'
import { hasServer, startNats } from '../test-servers.ts'
import { createCaughtUp } from './caught-up.ts'
import { openNats } from './nats/open-nats.ts'
import { encode } from './records.ts'
import { countingTarget, fleetHost, QUICK, sendOrder, telling, untilFleet } from './test-fleet.ts'

/** More than a host runs at once. */
const EVENTS = 150

describe.skipIf(!hasServer.nats)('a fleet in trouble', () => {
  let server: Awaited<ReturnType<typeof startNats>>
  let fleets = 0
  beforeAll(async () => {
    server = await startNats()
  })
  afterAll(() => server.stop())
  const nextUrl = (): string => `nats://127.0.0.1:${server.port}?fleet=x${++fleets}`

  test('without the log a host runs its own events, and one that only takes in keeps them for later', {
    timeout: 120_000,
  }, async () => {
    const broken = await startNats()
    const url = `nats://127.0.0.1:${broken.port}`
    const target = await countingTarget()
    const office = await fleetHost({ url, name: 'office' })
    const edge = await fleetHost({ url, name: 'edge', roles: ['intake'] })
    await enableZap(office.client, telling(target.url))
    await enableZap(office.client, telling(target.url, { concurrency: 'queued' }, 'queue'))
    await untilFleet(edge.client, ({ zaps }) => zaps.length === 2)
    await broken.stopAlone()
    const alone = await untilFleet(office.client, ({ state }) => state === 'alone')
    expect(alone.problem).toMatchObject({ code: 'unreachable', message: expect.stringContaining(String(broken.port)) })
    await untilFleet(edge.client, ({ state }) => state === 'alone')
    const kept = await sendOrder(edge.app.hooksUrl, {})
    // Other hosts may have some of this queue at work.
    const queued = await sendOrder(office.app.hooksUrl, {}, 'queue')
    const own = await sendOrder(office.app.hooksUrl, {})
    await target.until(() => target.keys.size === 1)
    expect([...target.keys.keys()]).toEqual([`${own.replace('evt_', 'run_')}:tell`])
    expect((await edge.client.outbox.stats()).pending).toBe(1)
    await broken.restart()
    await target.until(() => target.keys.size === 3)
    for (const id of [kept, queued]) expect(target.keys.has(`${id.replace('evt_', 'run_')}:tell`)).toBe(true)
    await untilFleet(edge.client, ({ state, members: [self] }) => state === 'connected' && self?.relayed === 0)
    await Promise.all([office.app.stop(), edge.app.stop()])
    await broken.stop()
  })

  test('a log that comes back empty is filled again: nothing is lost, zaps and schedules go on', {
    timeout: 120_000,
  }, async () => {
    const broken = await startNats()
    const url = `nats://127.0.0.1:${broken.port}`
    const target = await countingTarget()
    const office = await fleetHost({ url, name: 'office', roles: ['intake'] })
    const worker = await fleetHost({ url, name: 'worker', roles: ['worker'] })
    await enableZap(office.client, telling(target.url, { concurrency: 'queued' }))
    await enableZap(office.client, {
      steps: [
        { id: 'every', uses: 'schedule.cron', input: { every: '1h' } },
        { id: 'tell', uses: 'http.request', input: { method: 'POST', url: target.url } },
      ],
      edges: [{ from: 'every', to: 'tell' }],
    })
    await untilFleet(office.client, ({ members: [self] }) => self?.owns === 1)
    await untilFleet(worker.client, ({ zaps }) => zaps.length === 2)
    await worker.client.fleet.drain({ host: 'worker' })
    for (let n = 0; n < 5; n++) await sendOrder(office.app.hooksUrl, { n })
    await untilFleet(
      office.client,
      ({ members: [self] }) => self !== undefined && self.relayed > 0 && self.relayed + self.outgoing === 5,
    )
    await broken.stopAlone()
    rmSync(join(broken.folder, 'data'), { recursive: true })
    await broken.restart()
    await worker.client.fleet.drain({ host: 'worker', on: false })
    await sendOrder(office.app.hooksUrl, { n: 5 })
    await target.until(() => target.keys.size === 6)
    expect([...target.keys.values()].map(([first]) => first?.body)).toEqual(
      [0, 1, 2, 3, 4, 5].map((n) => JSON.stringify({ n })),
    )
    await untilFleet(office.client, ({ members: [self] }) => self?.relayed === 0 && self.owns === 1)
    const late = await fleetHost({ url, name: 'late', roles: ['worker'] })
    await untilFleet(late.client, ({ zaps }) => zaps.length === 2)
    await Promise.all([office.app.stop(), worker.app.stop(), late.app.stop()])
    await broken.stop()
  })

  test('a log that is full is told of once, and gets what waits when there is room', { timeout: 120_000 }, async () => {
    const full = await startNats({ keeps: 200_000 })
    const url = `nats://127.0.0.1:${full.port}`
    const target = await countingTarget()
    const log = { info: vi.fn(), warn: vi.fn(), error: vi.fn() }
    const office = await fleetHost({ url, name: 'office', roles: ['intake'] }, { log })
    await enableZap(office.client, telling(target.url))
    const pad = Array.from({ length: 900 }, () => crypto.randomUUID()).join('')
    for (let n = 0; n < 20; n++) await sendOrder(office.app.hooksUrl, { n, pad })
    await untilFleet(
      office.client,
      ({ members: [self] }) => self !== undefined && self.relayed > 0 && self.outgoing > 0,
    )
    const refusals = log.warn.mock.calls.filter(([message]) => /no room .*to publish an event/.test(String(message)))
    expect(refusals).toHaveLength(1)
    const worker = await fleetHost({ url, name: 'worker', roles: ['worker'] })
    await target.until(() => target.keys.size === 20)
    await Promise.all([office.app.stop(), worker.app.stop()])
    await full.stop()
  })

  test('an event of a host whose clock is an hour ahead runs at once on another', { timeout: 120_000 }, async () => {
    const url = nextUrl()
    const target = await countingTarget()
    const clock = { ...systemClock, now: () => systemClock.now() + 3_600_000 }
    const early = await fleetHost({ url, name: 'early', roles: ['intake'] }, { clock })
    const log = { info: vi.fn(), warn: vi.fn(), error: vi.fn() }
    await fleetHost({ url, name: 'worker', roles: ['worker'] }, { log })
    await enableZap(early.client, telling(target.url))
    await sendOrder(early.app.hooksUrl, {})
    await target.until(() => target.keys.size === 1)
    await untilFleet(early.client, ({ members: [self] }) => self?.relayed === 0)
    // Then it would only have come when the sweeper found what lies in the future, and said so.
    expect(log.warn).not.toHaveBeenCalled()
  })

  test('two hosts of one name: the second is told, works alone, and joins when the first has gone', {
    timeout: 120_000,
  }, async () => {
    const url = nextUrl()
    const target = await countingTarget()
    const first = await fleetHost({ url, name: 'office' })
    const second = await testApp({ fleet: { url, name: 'office', roles: ['intake', 'worker'], times: QUICK } })
    const told = await untilFleet(second.client, ({ problem }) => problem !== null)
    expect(told.problem?.message).toContain('--name')
    await enableZap(second.client, telling(target.url))
    await sendOrder(second.app.hooksUrl, {})
    await target.until(() => target.keys.size === 1)
    expect((await first.client.fleet.get())?.members).toHaveLength(1)
    await first.app.stop()
    await untilFleet(second.client, ({ state }) => state === 'connected')
  })

  test.each(['office', 'annex'])(
    'a copy of a host’s folder is refused as "%s" while the original works, and runs nothing of what is in it',
    { timeout: 120_000 },
    async (name) => {
      const url = nextUrl()
      const target = await countingTarget()
      const office = await fleetHost({ url, name: 'office' })
      await enableZap(office.client, telling(target.url))
      const answerNow = target.hold()
      const id = await sendOrder(office.app.hooksUrl, {})
      await target.until(() => target.keys.size === 1)
      // With a run that is under way.
      const folder = temporaryFolder()
      cpSync(office.folder, folder, { recursive: true })
      const times = { ...QUICK, aloneMs: 60_000 }
      const copy = await testApp({ dataDir: folder, fleet: { url, name, roles: ['intake', 'worker'], times } })
      const told = await untilFleet(copy.client, ({ problem }) => problem !== null)
      expect(told.problem).toMatchObject({ code: 'copy', message: expect.stringContaining('the host "office" works') })
      await sendOrder(copy.app.hooksUrl, {})
      expect([...target.keys.values()].map((requests) => requests.length)).toEqual([1])
      expect((await copy.client.runs.get({ id: id.replace('evt_', 'run_') })).run.status).toBe('running')
      expect((await office.client.fleet.get())?.state).toBe('connected')
      answerNow()
      await office.app.stop()
      // It may be meant to take the place of the original.
      await untilFleet(copy.client, ({ state }) => state === 'connected')
      await target.until(() => target.keys.size === 2)
    },
  )

  test('a record that is none of ours is set aside, and those behind it go on', { timeout: 120_000 }, async () => {
    const url = nextUrl()
    const target = await countingTarget()
    const office = await fleetHost({ url, name: 'office' })
    const edge = await fleetHost({ url, name: 'edge', roles: ['intake'] })
    await enableZap(office.client, telling(target.url, { concurrency: 'queued' }))
    await sendOrder(office.app.hooksUrl, {})
    await target.until(() => target.keys.size === 1)
    const [zap] = await office.client.zaps.list()
    const log = await openNats({
      url,
      fleet: `x${fleets}`,
      host: 'vandal',
      deliveryMs: 1_000,
      log: { warn: () => undefined },
    })
    const text = (value: string): Uint8Array => new TextEncoder().encode(value)
    const poisons = [
      text(''),
      text('{'),
      text('{"v":1}'),
      new Uint8Array([0x1f, 0x8b, 1, 2, 3]),
      text('[1]'),
      text('{"v":"x"}'),
    ]
    for (const [n, bytes] of poisons.entries()) {
      for (const order of [null, zap?.id ?? ''])
        await log.events.publish({ id: `p${n}${order}`, key: 'k', order, bytes })
    }
    // Of a host that is newer than all that are there: it waits for one that can read it.
    await log.events.publish({ id: 'newer', key: 'k', order: null, bytes: text('{"v":2,"event":{}}') })
    await log.state.put('zap/newer', text('{"v":2}'))
    await log.registers.swap('host/newer', 0, text('{"v":2}'))
    await log.registers.swap('owner/newer', 0, text('{"v":2}'))
    await log.mail.send('edge', text('{"v":2}'))
    await log.state.put('zap/none', text('garbage'))
    await log.mail.send('edge', text('garbage'))
    await sendOrder(edge.app.hooksUrl, {})
    await target.until(() => target.keys.size === 2)
    await untilFleet(edge.client, ({ members: [self] }) => self?.relayed === 0 && self.outgoing === 0)
    const fleet = await untilFleet(
      office.client,
      ({ happened }) => happened.filter(({ kind }) => kind === 'set-aside').length === 12,
    )
    expect(fleet.happened[0]).toMatchObject({ kind: 'set-aside', host: 'office' })
    const { waiting, held } = await log.events.lag()
    expect(waiting + held).toBe(1)
    await log.close()
  })

  test('what the state had when it was asked has been dealt with when a host has caught up', {
    timeout: 120_000,
  }, async () => {
    const url = nextUrl()
    const [a, b] = await Promise.all(
      ['a', 'b'].map((host) =>
        openNats({ url, fleet: `x${fleets}`, host, deliveryMs: 1_000, log: { warn: () => undefined } }),
      ),
    )
    const caughtUp = createCaughtUp({ name: 'b', clock: systemClock })
    await expect(caughtUp.now()).rejects.toMatchObject({ code: 'unreachable' })
    const seen: string[] = []
    let notes: Promise<void> = Promise.resolve()
    await b?.state.watch((entry) => {
      notes = notes.then(async () => {
        await new Promise((resolve) => setImmediate(resolve))
        seen.push(entry.key)
        await caughtUp.note(entry)
      })
    })
    if (b !== undefined) caughtUp.start(b)
    for (let n = 0; n < 20; n++) await a?.state.put(`zap/${n}`, new Uint8Array([n]))
    await caughtUp.now()
    expect(seen.filter((key) => key.startsWith('zap/'))).toHaveLength(20)
    await Promise.all([a?.close(), b?.close()])
  })

  test('a host that says nothing when it is asked for what it has holds up no events of others', {
    timeout: 120_000,
  }, async () => {
    const url = nextUrl()
    const target = await countingTarget()
    const office = await fleetHost({ url, name: 'office' })
    const id = await enableZap(office.client, telling(target.url))
    const log = await openNats({
      ...{ url, fleet: `x${fleets}`, host: 'hung', deliveryMs: 1_000 },
      log: { warn: () => undefined },
    })
    const asked = Promise.withResolvers<void>()
    let questions = 0
    await log.mail.answer(() => {
      if (++questions === EVENTS) asked.resolve()
      return new Promise(() => undefined)
    })
    for (let n = 0; n < EVENTS; n++) {
      const event = `evt_${String(n).padStart(26, '0')}`
      const record = { event, zap: id, version: 1, hash: 'none', trigger: 'hook', receivedAt: 0 }
      const bytes = await encode({ ...record, origin: 'hung', isHeld: false, data: null })
      await log.events.publish({ id: event, key: id, order: null, bytes })
    }
    // More than there are slots: each of them would be held until it is given up.
    await asked.promise
    await sendOrder(office.app.hooksUrl, {})
    await target.until(() => target.keys.size === 1)
    expect(questions).toBe(EVENTS)
    await log.close()
  })

  test('what only a host has that was taken out of the fleet is set aside', { timeout: 120_000 }, async () => {
    const url = nextUrl()
    const office = await fleetHost({ url, name: 'office' })
    await fleetHost({ url, name: 'warehouse' })
    const id = await enableZap(office.client, telling('http://127.0.0.1:9'))
    const options = { url, fleet: `x${fleets}`, host: 'ghost', deliveryMs: 1_000, log: { warn: () => undefined } }
    const log = await openNats(options)
    const event = { event: `evt_${'0'.repeat(26)}`, zap: id, version: 1, hash: 'none', trigger: 'hook', receivedAt: 0 }
    const bytes = await encode({ ...event, origin: 'ghost', isHeld: false, data: null })
    await log.events.publish({ id: 'lost', key: id, order: null, bytes })
    const fleet = await untilFleet(office.client, ({ happened }) => happened.some(({ kind }) => kind === 'set-aside'))
    expect(fleet.happened.find(({ kind }) => kind === 'set-aside')).toMatchObject({
      record: `lost (${id})`,
      why: expect.stringContaining('only ghost has'),
    })
    expect(await log.events.lag()).toEqual({ waiting: 0, held: 0 })
    await log.close()
  })

  test('a drained host takes no more and ends what it has; one that is gone can be removed, one that is there cannot', {
    timeout: 120_000,
  }, async () => {
    const url = nextUrl()
    const target = await countingTarget()
    const office = await fleetHost({ url, name: 'office', roles: ['intake'] })
    const [a, b] = await Promise.all([
      fleetHost({ url, name: 'a', roles: ['worker'] }),
      fleetHost({ url, name: 'b', roles: ['worker'] }),
    ])
    await enableZap(office.client, telling(target.url))
    await office.client.fleet.drain({ host: 'a' })
    await untilFleet(office.client, ({ members }) =>
      members.some(({ name, state }) => name === 'a' && state === 'draining'),
    )
    for (let n = 0; n < 10; n++) await sendOrder(office.app.hooksUrl, { n })
    await target.until(() => target.keys.size === 10)
    expect((await a.client.runs.list({})).runs).toHaveLength(0)
    expect((await b.client.runs.list({})).runs).toHaveLength(10)
    await expect(office.client.fleet.remove({ host: 'a' })).rejects.toThrow('alive')
    await a.app.stop()
    await untilFleet(office.client, ({ members }) =>
      members.some(({ name, state }) => name === 'a' && state === 'gone'),
    )
    await office.client.fleet.remove({ host: 'a' })
    const { members } = await untilFleet(office.client, (fleet) => fleet.members.length === 2)
    expect(members.map(({ name }) => name)).toEqual(['office', 'b'])
  })
})
