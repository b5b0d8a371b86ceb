import { expect, test, vi } from 'vitest'
import { acceptEvent } from '../db/accept-event.ts'
import { reclaimMessage } from '../db/message-leases.ts'
import { countOpenMessages } from '../db/outbox-counts.ts'
import { returnMessage } from '../db/outbox-messages.ts'
import { DEFAULT_RETRY } from '../domain/time/backoff.ts'
import { accept, dispatcherUnderTest } from './test-dispatcher.ts'

test('what was left in the queue is found at the start', async () => {
  const { database, dispatcher, held } = await dispatcherUnderTest()
  await accept(database, 'a', 2)
  dispatcher.wake('a')
  await vi.waitFor(() => expect(held).toHaveLength(2))
})

test('the safety net finds what nobody told of', async () => {
  const { database, clock, held } = await dispatcherUnderTest()
  await accept(database, 'a', 1)
  await vi.waitFor(() => {
    clock.advance(1_000)
    expect(held).toHaveLength(1)
  })
})

test('a message whose run cannot be begun is put aside, and holds up nobody', async () => {
  const { database, clock, dispatcher, held, told } = await dispatcherUnderTest()
  await accept(database, 'broken', 2)
  await accept(database, 'a', 1)
  dispatcher.wake('broken')
  dispatcher.wake('a')
  await vi.waitFor(() => expect(held.map((run) => run.message.zapId)).toEqual(['a']))
  await vi.waitFor(async () => {
    expect(await countOpenMessages(database.reader, clock.now())).toMatchObject({ pending: 0, leased: 1, dead: 2 })
  })
  // Whoever called them must not wait for ever.
  await vi.waitFor(() => expect(told).toHaveLength(2))
})

test('a zap in order begins its next run when the one before has ended', async () => {
  const { database, dispatcher, held } = await dispatcherUnderTest({ mode: 'queued', share: 1, maxParallel: 10 })
  await accept(database, 'a', 3)
  dispatcher.wake('a')
  for (let n = 1; n <= 3; n++) {
    await vi.waitFor(() => expect(held).toHaveLength(n))
    await held[n - 1]?.end()
  }
  expect(held.map((run) => run.id())).toEqual(held.map((run) => run.id()).toSorted((a, b) => a - b))
})

test('a message that is not due yet is leased when its time comes', async () => {
  const { database, clock, dispatcher, held } = await dispatcherUnderTest()
  await accept(database, 'a', 1, clock.now() + 500)
  dispatcher.wake('a')
  await dispatcher.runOnce()
  expect(held).toHaveLength(0)
  clock.advance(500)
  await vi.waitFor(() => expect(held).toHaveLength(1))
})

test('while paused nothing is leased; afterwards everything is', async () => {
  const { database, dispatcher, held } = await dispatcherUnderTest()
  dispatcher.setPaused(true)
  await accept(database, 'a', 1)
  dispatcher.wake('a')
  await dispatcher.runOnce()
  expect(held).toHaveLength(0)
  dispatcher.setPaused(false)
  await vi.waitFor(() => expect(held).toHaveLength(1))
})

test('an error of our own returns the message for later, and gives up after the attempts of a day', async () => {
  const { database, clock, dispatcher, held, told } = await dispatcherUnderTest()
  await accept(database, 'a', 1)
  dispatcher.wake('a')
  for (let delivery = 1; delivery <= DEFAULT_RETRY.maxAttempts; delivery++) {
    await vi.waitFor(() => {
      clock.advance(3_600_000)
      expect(held).toHaveLength(delivery)
    })
    held[delivery - 1]?.fail(new Error('our mistake'))
  }
  await vi.waitFor(async () => {
    expect(await countOpenMessages(database.reader, clock.now())).toMatchObject({ pending: 0, leased: 0, dead: 1 })
  })
  await vi.waitFor(() => expect(told).toEqual([held[0]?.message.runId]))
})

test('an error of the disk never makes a dead letter', async () => {
  const { database, clock, dispatcher, held } = await dispatcherUnderTest()
  await accept(database, 'a', 1)
  dispatcher.wake('a')
  for (let delivery = 1; delivery <= DEFAULT_RETRY.maxAttempts + 1; delivery++) {
    await vi.waitFor(() => {
      clock.advance(3_600_000)
      expect(held).toHaveLength(delivery)
    })
    held[delivery - 1]?.fail(Object.assign(new Error('disk full'), { code: 'SQLITE_FULL' }))
  }
  await vi.waitFor(async () => {
    expect(await countOpenMessages(database.reader, clock.now())).toMatchObject({ leased: 0, dead: 0, waiting: 1 })
  })
})

test('a run whose lease was taken away is told to stop', async () => {
  const { database, clock, dispatcher, held } = await dispatcherUnderTest()
  await accept(database, 'a', 1)
  dispatcher.wake('a')
  await vi.waitFor(() => expect(held).toHaveLength(1))
  await database.write((tx) => reclaimMessage(tx, { id: held[0]?.id() ?? 0, crashes: 1 }, clock.now() + 1e9))
  await vi.waitFor(() => {
    clock.advance(20_000)
    expect(held[0]?.signal.reason).toBe('lease-lost')
  })
})

test('an event that comes while others are being leased is not overlooked', async () => {
  const { database, dispatcher, held } = await dispatcherUnderTest(
    { mode: 'parallel', maxParallel: 100, share: 1 },
    100,
  )
  await accept(database, 'a', 1)
  const event = { zapId: 'a', version: 1, triggerStepId: 'hook', dedupeKey: null, data: {}, receivedAt: 1_000_000 }
  dispatcher.wake('a')
  // In the same commit as the lease, and after it: the lease does not see it, and its waking comes as the lease is told of.
  for (let n = 0; n < 20; n++) {
    dispatcher.wake('a')
    await database.write((tx) => acceptEvent(tx, event)).then(() => dispatcher.wake('a'))
  }
  // The clock stands still, so the safety net is never cast.
  await vi.waitFor(() => expect(held).toHaveLength(21))
})

test('a long run keeps its lease for as long as its process lives, also over a sleep of the computer', async () => {
  const { database, clock, dispatcher, held } = await dispatcherUnderTest()
  await accept(database, 'a', 1)
  dispatcher.wake('a')
  await vi.waitFor(() => expect(held).toHaveLength(1))
  const leasedUntil = async (): Promise<number> =>
    (await database.reader('outbox_message').first('leased_until as at')).at
  const begun = await leasedUntil()
  clock.advance(20_000)
  await vi.waitFor(async () => expect(await leasedUntil()).toBe(begun + 20_000))
  // Eight hours of sleep: the lease is long over, nobody took it, and the first heartbeat renews it.
  clock.advance(8 * 3_600_000)
  await vi.waitFor(async () => {
    clock.advance(20_000)
    expect(await leasedUntil()).toBeGreaterThan(clock.now())
  })
  expect(held[0]?.signal.aborted).toBe(false)
  await held[0]?.end()
  await vi.waitFor(async () =>
    expect(await countOpenMessages(database.reader, clock.now())).toMatchObject({ leased: 0 }),
  )
})

test('what is being leased when the dispatcher stops has ended by the time that it has stopped', async () => {
  const { database, clock, dispatcher, held } = await dispatcherUnderTest()
  await accept(database, 'a', 1)
  await dispatcher.runOnce()
  dispatcher.wake('a')
  const stopped = dispatcher.stop(0)
  clock.advance(0)
  await stopped
  expect(held.map(({ signal }) => signal.aborted)).toEqual([true])
  await database.write(() => undefined)
  expect(held).toHaveLength(1)
})

test('a message whose time comes while a round is being committed is leased at once after that', async () => {
  const { database, clock, dispatcher, held } = await dispatcherUnderTest()
  await accept(database, 'a', 1, clock.now() + 500)
  await dispatcher.runOnce()
  dispatcher.wake('a')
  clock.advance(500)
  await vi.waitFor(() => expect(held).toHaveLength(1))
})

test('what comes after a stop and another start runs as ever', async () => {
  const { database, clock, dispatcher, held } = await dispatcherUnderTest()
  await accept(database, 'a', 1)
  dispatcher.wake('a')
  await vi.waitFor(() => expect(held).toHaveLength(1))
  const stopped = dispatcher.stop(0)
  clock.advance(0)
  await stopped
  await database.write((tx) => returnMessage(tx, { id: 1, leaseToken: held[0]?.message.leaseToken ?? '' }, clock.now()))
  dispatcher.start()
  await vi.waitFor(() => expect(held.map(({ signal }) => signal.aborted)).toEqual([true, false]))
})
