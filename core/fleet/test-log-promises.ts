import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Consumption, Delivery, EventRecord, FleetLog, OpenLog, RegisterEntry, StateEntry } from './log.ts'

/** So long a delivery may be without a sign in these tests. */
const DELIVERY_MS = 2_000

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
const text = (data: Uint8Array | null): string | null => (data === null ? null : new TextDecoder().decode(data))

/** What `core/fleet/log.ts` promises, tried on a real broker: each adapter runs this suite. `start` returns the broker's URL, and what ends it. */
export function logPromises(open: OpenLog, start: () => Promise<{ url: string; stop(): Promise<void> }>): void {
  let broker: Awaited<ReturnType<typeof start>>
  let fleets = 0

  beforeAll(async () => {
    broker = await start()
  }, 60_000)
  afterAll(() => broker.stop())

  /** Each has a fleet of its own, so that they can wait for the broker side by side. */
  function promise(name: string, keep: (openAs: (host: string) => Promise<FleetLog>) => Promise<void>): void {
    test.concurrent(name, { timeout: 30_000 }, async () => {
      const fleet = `test${process.pid}-${++fleets}`
      const opened: FleetLog[] = []
      try {
        await keep(async (host) => {
          const log = await open({
            url: broker.url,
            fleet,
            host,
            deliveryMs: DELIVERY_MS,
            log: { warn: () => undefined },
          })
          opened.push(log)
          return log
        })
      } finally {
        await Promise.all(opened.map((log) => log.close()))
      }
    })
  }

  const record = (id: string, order: string | null = null): EventRecord => ({
    id,
    key: 'zap_1',
    order,
    bytes: bytes(`event ${id}`),
  })

  promise('an event goes to one of two consumers, and not again once it is acknowledged', async (openAs) => {
    const [a, b] = [await openAs('a'), await openAs('b')]
    const all = collect<Delivery>()
    const room = (): number => 10
    const groups = [await a.events.consume({ room, take: all.add }), await b.events.consume({ room, take: all.add })]
    for (let i = 0; i < 20; i++) await a.events.publish(record(`e${i}`))
    const deliveries = await all.first(20)
    expect(deliveries.map(({ id }) => id).toSorted()).toEqual([...Array(20).keys()].map((i) => `e${i}`).toSorted())
    expect(deliveries[0]).toMatchObject({ key: 'zap_1', order: null })
    expect(text(deliveries[0]?.bytes ?? null)).toBe(`event ${deliveries[0]?.id}`)
    for (const { position } of deliveries) expect(await a.events.isWaiting(position)).toBe(true)
    await Promise.all(deliveries.map((delivery) => delivery.ack()))
    for (const { position } of deliveries) expect(await b.events.isWaiting(position)).toBe(false)
    expect(await a.events.lag()).toEqual({ waiting: 0, held: 0 })
    await stopAll(groups)
    const after = collect<Delivery>()
    await b.events.consume({ room, take: after.add })
    await a.events.publish(record('last'))
    expect((await after.first(1))[0]?.id).toBe('last')
    expect(after.count()).toBe(1)
  })

  promise('what a host did not acknowledge comes to another when it is gone', async (openAs) => {
    const [a, b] = [await openAs('a'), await openAs('b')]
    const atA = collect<Delivery>()
    await a.events.consume({ room: () => 10, take: atA.add })
    await b.events.publish(record('one'))
    await atA.first(1)
    await a.close()
    const atB = collect<Delivery>()
    await b.events.consume({ room: () => 10, take: atB.add })
    expect((await atB.first(1))[0]).toMatchObject({ id: 'one', key: 'zap_1' })
  })

  promise('a consumer without room gets nothing, and what it has room for when it says so', async (openAs) => {
    const log = await openAs('a')
    let room = 2
    const got = collect<Delivery>()
    const consumption = await log.events.consume({
      room: () => room,
      take(delivery) {
        room--
        got.add(delivery)
      },
    })
    for (let i = 0; i < 5; i++) await log.events.publish(record(`r${i}`))
    await got.first(2)
    expect((await log.events.lag()).waiting).toBe(3)
    room = 3
    consumption.wake()
    await got.first(5)
  })

  promise('of one order, an event is at another host only after the one before is acknowledged', async (openAs) => {
    const [a, b] = [await openAs('a'), await openAs('b')]
    const all = collect<Delivery & { readonly at: string }>()
    const open: { id: string; at: string }[] = []
    for (const [at, log] of [['a', a] as const, ['b', b] as const]) {
      await log.events.consume({
        room: () => 10,
        take(delivery) {
          // Those before it are acknowledged, or here, too.
          expect(open.filter((one) => one.at !== at)).toEqual([])
          open.push({ id: delivery.id, at })
          all.add({ ...delivery, at })
        },
      })
    }
    for (let i = 0; i < 6; i++) await a.events.publish(record(`o${i}`, 'queue of zap_1'))
    for (let i = 0; i < 6; i++) {
      const delivery = (await all.first(i + 1))[i]
      expect(delivery).toMatchObject({ id: `o${i}`, order: 'queue of zap_1' })
      open.shift()
      await delivery?.ack()
    }
  })

  promise('what a host passes on comes again', async (openAs) => {
    const log = await openAs('a')
    const got = collect<Delivery>()
    await log.events.consume({ room: () => 10, take: got.add })
    await log.events.publish(record('passed'))
    await (await got.first(1))[0]?.pass(1)
    const again = (await got.first(2))[1]
    expect(again).toMatchObject({ id: 'passed', key: 'zap_1', order: null })
    await again?.ack()
  })

  promise('the newest value of each key is there for those that come later, and changes for all', async (openAs) => {
    const [a, b] = [await openAs('a'), await openAs('b')]
    await a.state.put('zap/one', bytes('1'))
    await a.state.put('zap/one', bytes('2'))
    await a.state.put('zap/two', bytes('x'))
    await a.state.put('zap/two', null)
    const seen = new Map<string, string | null>()
    const entries = collect<StateEntry>()
    await b.state.watch((entry) => {
      seen.set(entry.key, text(entry.bytes))
      entries.add(entry)
    })
    expect(seen.get('zap/one')).toBe('2')
    expect(seen.get('zap/two') ?? null).toBeNull()
    await a.state.put('zap/one', bytes('3'))
    await entries.until(() => seen.get('zap/one') === '3')
    await b.state.put('zap/one', null)
    await entries.until(() => seen.get('zap/one') === null)
  })

  promise('of hosts that swap the same value one wins, and all see which', async (openAs) => {
    const [a, b] = [await openAs('a'), await openAs('b')]
    const [atA, atB] = [collect<RegisterEntry>(), collect<RegisterEntry>()]
    await a.registers.watch(atA.add)
    const won = await Promise.all([a.registers.swap('lease', 0, bytes('a')), b.registers.swap('lease', 0, bytes('b'))])
    expect(won.filter((revision) => revision !== null)).toHaveLength(1)
    const first = Math.max(...won.map((revision) => revision ?? 0))
    const winner = won[0] === null ? 'b' : 'a'
    expect((await atA.first(1)).map(({ key, bytes, revision }) => [key, text(bytes), revision])).toEqual([
      ['lease', winner, first],
    ])
    await b.registers.watch(atB.add)
    expect(text(atB.now()[0]?.bytes ?? null)).toBe(winner)
    expect(await a.registers.swap('lease', 0, bytes('late'))).toBeNull()
    const second = await b.registers.swap('lease', first, bytes('next'))
    expect(second).toBeGreaterThan(first)
    expect(await a.registers.swap('lease', first, bytes('late'))).toBeNull()
    expect(await a.registers.swap('lease', second ?? 0, null)).toBeGreaterThan(second ?? 0)
    await atB.until(() => atB.now().at(-1)?.bytes === null)
    await atA.until(() => atA.now().at(-1)?.bytes === null)
    expect(atA.now().map((entry) => text(entry.bytes))).toEqual([winner, 'next', null])
  })

  promise('letters wait for their host, and come again until they are read', async (openAs) => {
    const [a, b] = [await openAs('a'), await openAs('b')]
    await a.mail.send('b', bytes('one'))
    await a.mail.send('b', bytes('two'))
    const read = collect<string | null>()
    let isFirst = true
    await b.mail.receive(async (letter) => {
      read.add(text(letter))
      if (isFirst) {
        isFirst = false
        throw new Error('the disk is full')
      }
    })
    await read.first(3)
    expect(read.now()).toEqual(['one', 'one', 'two'])
  })

  promise(
    'a host answers what another asks, also a moment before it listened, and one that is not there does not',
    async (openAs) => {
      const [a, b] = [await openAs('a'), await openAs('b')]
      const early = a.mail.ask('b', bytes('early'), 5_000)
      await b.mail.answer(async (question) => {
        if (text(question) === 'fail') throw new Error('there is none')
        return bytes(`answer to ${text(question)}`)
      })
      expect(text(await early)).toBe('answer to early')
      expect(text(await a.mail.ask('b', bytes('this'), 5_000))).toBe('answer to this')
      await expect(a.mail.ask('b', bytes('fail'), 5_000)).rejects.toMatchObject({ code: 'no-answer' })
      await expect(a.mail.ask('nobody', bytes('this'), 500)).rejects.toMatchObject({ code: 'no-answer' })
    },
  )

  promise('says how the brokers are, and refuses what is too large before it is sent', async (openAs) => {
    const log = await openAs('a')
    const facts = await log.facts()
    expect(facts.brokersUp).toBe(facts.brokers)
    expect(facts.brokers).toBeGreaterThan(0)
    expect(log.maxBytes).toBeLessThanOrEqual(1_048_576)
    const large = { ...record('large'), bytes: new Uint8Array(log.maxBytes + 1) }
    await expect(log.events.publish(large)).rejects.toMatchObject({ code: 'too-large' })
    await log.events.publish({ ...large, bytes: large.bytes.subarray(1) })
    expect(log.address).not.toContain('@')
  })
}

async function stopAll(all: readonly Consumption[]): Promise<void> {
  await Promise.all(all.map((one) => one.stop()))
}

/** Things that come, and promises of them. */
function collect<T>() {
  const all: T[] = []
  let look = (): void => undefined
  async function until(isSo: () => boolean): Promise<void> {
    while (!isSo()) {
      await new Promise<void>((resolve) => {
        look = resolve
      })
    }
  }
  return {
    add(one: T): void {
      all.push(one)
      look()
    },
    until,
    async first(count: number): Promise<readonly T[]> {
      await until(() => all.length >= count)
      return all
    },
    now: (): readonly T[] => all,
    count: (): number => all.length,
  }
}
