import { expect, onTestFinished, test, vi } from 'vitest'
import { type LeasedMessage, leaseDue, reclaimMessage } from '../db/message-leases.ts'
import type { Database } from '../db/open.ts'
import { countOpenMessages } from '../db/outbox-counts.ts'
import { settleMessage } from '../db/outbox-messages.ts'
import { temporaryDatabase } from '../db/test-database.ts'
import { insertVersion, insertZap } from '../db/zaps.ts'
import { manualClock } from '../domain/clock.ts'
import { noFailpoint } from '../domain/failpoint.ts'
import { blankZap } from '../domain/zap-file.ts'
import type { BegunRun } from '../engine/begin-run.ts'
import { acceptEvent } from '../ingress/accept-event.ts'
import { createDispatcher } from './dispatcher.ts'
import { SUSPECT_CRASHES, type ZapPolicy } from './lease-round.ts'

const log = { info: vi.fn(), warn: vi.fn(), error: vi.fn() }

/** A run that the test ends when it wants. */
type Held = { message: LeasedMessage; signal: AbortSignal; end(): Promise<void>; fail(error: Error): void }

/** A database that does every operation twice, as it may when a batch of them fails and is done again one by one. */
function redoing(database: Database): Database {
  return {
    ...database,
    write: (operation) =>
      database.write((tx) => {
        tx.run('SAVEPOINT redone')
        operation(tx)
        tx.run('ROLLBACK TO redone')
        tx.run('RELEASE redone')
        return operation(tx)
      }),
  }
}

async function setUp(
  policy: ZapPolicy | ((zapId: string) => ZapPolicy) = { mode: 'parallel', maxParallel: 10, share: 1 },
  slots = 10,
) {
  const database = temporaryDatabase()
  const clock = manualClock(1_000_000)
  const held: Held[] = []
  const told: string[] = []
  const dispatcher = createDispatcher({
    database: redoing(database),
    clock,
    log,
    failpoint: noFailpoint,
    host: 'host',
    slots,
    policyOf(_tx, zapId) {
      if (zapId === 'broken') throw new Error('cannot be read')
      return typeof policy === 'function' ? policy(zapId) : policy
    },
    // The dispatcher only hands the run on, so the message is all of it that matters here.
    begin: (_tx, message) => {
      if (message.zapId === 'broken') throw new Error('cannot be read')
      return { message } as BegunRun
    },
    execute: ({ message }, signal) => {
      const done = Promise.withResolvers<void>()
      held.push({
        message,
        signal,
        async end() {
          await database.write((tx) => settleMessage(tx, message, 'delivered', clock.now()))
          done.resolve()
        },
        fail: (error) => done.reject(error),
      })
      signal.addEventListener('abort', () => done.resolve())
      return done.promise
    },
    end: (_tx, runId) => ({ zapIds: [], runIds: [runId], abandonedIds: [] }),
    tell: ({ runIds }) => told.push(...runIds),
    progressed: vi.fn(),
    changed: vi.fn(),
  })
  dispatcher.start()
  onTestFinished(async () => {
    const stopped = dispatcher.stop(0)
    clock.advance(0)
    await stopped
  })
  return { database, clock, dispatcher, held, told }
}

/** Accepts `count` events of a zap. */
async function accept(database: Database, zapId: string, count: number, now = 1_000_000): Promise<void> {
  await database.write((tx) => {
    insertZap(tx, { id: zapId, draft: blankZap(zapId), now: 0 })
    insertVersion(tx, { zapId, kind: 'published', definition: blankZap(zapId), now: 0 })
    for (let n = 0; n < count; n++) {
      acceptEvent(tx, { zapId, version: 1, triggerStepId: 'hook', dedupeKey: null, data: { n }, receivedAt: now })
    }
  })
}

test('what was left in the queue is found at the start', async () => {
  const { database, dispatcher, held } = await setUp()
  await accept(database, 'a', 2)
  dispatcher.wake('a')
  await vi.waitFor(() => expect(held).toHaveLength(2))
})

test('the safety net finds what nobody told of', async () => {
  const { database, clock, held } = await setUp()
  await accept(database, 'a', 1)
  await vi.waitFor(() => {
    clock.advance(1_000)
    expect(held).toHaveLength(1)
  })
})

test('one zap cannot take all slots of the others, and a slot that is freed is used', async () => {
  const { database, dispatcher, held } = await setUp({ mode: 'parallel', share: 1, maxParallel: 2 }, 3)
  await accept(database, 'a', 5)
  await accept(database, 'b', 5)
  dispatcher.wake('a')
  dispatcher.wake('b')
  await vi.waitFor(() => expect(held.map((run) => run.message.zapId).sort()).toEqual(['a', 'a', 'b']))
  await held[0]?.end()
  await vi.waitFor(() => expect(held).toHaveLength(4))
})

test('a zap with a backlog does not keep the others from their turn', async () => {
  const { database, dispatcher, held } = await setUp({ mode: 'parallel', share: 1, maxParallel: 10 }, 2)
  await accept(database, 'busy', 9)
  dispatcher.wake('busy')
  await vi.waitFor(() => expect(held).toHaveLength(2))
  await accept(database, 'other', 1)
  dispatcher.wake('other')
  await held[0]?.end()
  await vi.waitFor(() => expect(held.map((run) => run.message.zapId)).toEqual(['busy', 'busy', 'other']))
})

test('a message whose run cannot be begun is put aside, and holds up nobody', async () => {
  const { database, clock, dispatcher, held, told } = await setUp()
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
  const { database, dispatcher, held } = await setUp({ mode: 'queued', share: 1, maxParallel: 10 })
  await accept(database, 'a', 3)
  dispatcher.wake('a')
  for (let n = 1; n <= 3; n++) {
    await vi.waitFor(() => expect(held).toHaveLength(n))
    await held[n - 1]?.end()
  }
  expect(held.map((run) => run.message.id)).toEqual(held.map((run) => run.message.id).toSorted((a, b) => a - b))
})

test('a message that is not due yet is leased when its time comes', async () => {
  const { database, clock, dispatcher, held } = await setUp()
  await accept(database, 'a', 1, clock.now() + 500)
  dispatcher.wake('a')
  await dispatcher.runOnce()
  expect(held).toHaveLength(0)
  clock.advance(500)
  await vi.waitFor(() => expect(held).toHaveLength(1))
})

test('while paused nothing is leased; afterwards everything is', async () => {
  const { database, dispatcher, held } = await setUp()
  dispatcher.setPaused(true)
  await accept(database, 'a', 1)
  dispatcher.wake('a')
  await dispatcher.runOnce()
  expect(held).toHaveLength(0)
  dispatcher.setPaused(false)
  await vi.waitFor(() => expect(held).toHaveLength(1))
})

test('a run that was under way at two crashes runs with nothing beside it', async () => {
  const { database, clock, dispatcher, held } = await setUp()
  await accept(database, 'a', 3)
  await database.write((tx) => {
    for (let crash = 0; crash < SUSPECT_CRASHES; crash++) {
      const terms = { zapId: 'a', limit: 1, now: clock.now(), until: 0, token: 'gone.1', maxCrashes: 99 }
      for (const { id } of leaseDue(tx, terms)) reclaimMessage(tx, { id, crashes: crash + 1 }, clock.now())
    }
  })
  dispatcher.expectSuspects()
  await vi.waitFor(() => expect(held.map((run) => run.message.crashes)).toEqual([SUSPECT_CRASHES]))
  dispatcher.wake('a')
  await dispatcher.runOnce()
  expect(held).toHaveLength(1)
  await held[0]?.end()
  await vi.waitFor(() => expect(held).toHaveLength(3))
})

test('an error of our own gives the message back for later, and gives up after eight times', async () => {
  const { database, clock, dispatcher, held, told } = await setUp()
  await accept(database, 'a', 1)
  dispatcher.wake('a')
  for (let delivery = 1; delivery <= 8; delivery++) {
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

test('a run whose lease was taken away is told to stop', async () => {
  const { database, clock, dispatcher, held } = await setUp()
  await accept(database, 'a', 1)
  dispatcher.wake('a')
  await vi.waitFor(() => expect(held).toHaveLength(1))
  await database.write((tx) => reclaimMessage(tx, { id: held[0]?.message.id ?? 0, crashes: 1 }, clock.now() + 1e9))
  await vi.waitFor(() => {
    clock.advance(20_000)
    expect(held[0]?.signal.reason).toBe('lease-lost')
  })
})

test('a suspect that takes long has the process to itself only for a moment', async () => {
  const { database, clock, dispatcher, held } = await setUp()
  await accept(database, 'a', 3)
  await database.write((tx) => {
    const terms = { zapId: 'a', limit: 1, now: clock.now(), until: 0, token: 'gone.1', maxCrashes: 99 }
    for (const { id } of leaseDue(tx, terms)) reclaimMessage(tx, { id, crashes: SUSPECT_CRASHES }, clock.now())
  })
  dispatcher.expectSuspects()
  await vi.waitFor(() => expect(held).toHaveLength(1))
  dispatcher.wake('a')
  await dispatcher.runOnce()
  expect(held).toHaveLength(1)
  clock.advance(500)
  await vi.waitFor(() => expect(held).toHaveLength(3))
})

/** Counts what is under way by zap. */
const underWay = (held: readonly Held[]): Record<string, number> =>
  Object.fromEntries(
    [...Map.groupBy(held, (run) => run.message.zapId)].map(([zapId, runs]) => [zapId, runs.length]).sort(),
  )

test('when places are short, each zap has them by its priority, also at once after a start', async () => {
  const shares: Record<string, number> = { high: 4, normal: 2, low: 1 }
  const policy = (zapId: string): ZapPolicy => ({ mode: 'parallel', maxParallel: 50, share: shares[zapId] ?? 1 })
  const { database, dispatcher, held } = await setUp(policy, 14)
  dispatcher.setPaused(true)
  for (const zapId of ['low', 'normal', 'high']) {
    await accept(database, zapId, 30)
    dispatcher.wake(zapId)
  }
  dispatcher.setPaused(false)
  await vi.waitFor(() => expect(underWay(held)).toEqual({ high: 8, low: 2, normal: 4 }))
})

test('places that others do not want go to whoever has more to do', async () => {
  const { database, dispatcher, held } = await setUp({ mode: 'parallel', maxParallel: 50, share: 1 }, 10)
  dispatcher.setPaused(true)
  await accept(database, 'much', 30)
  await accept(database, 'little', 2)
  dispatcher.wake('much')
  dispatcher.wake('little')
  dispatcher.setPaused(false)
  await vi.waitFor(() => expect(underWay(held)).toEqual({ little: 2, much: 8 }))
})

test('a low priority is slow, and never hopeless', async () => {
  const policy = (zapId: string): ZapPolicy => ({ mode: 'parallel', maxParallel: 50, share: zapId === 'high' ? 4 : 1 })
  const { database, dispatcher, held } = await setUp(policy, 1)
  dispatcher.setPaused(true)
  await accept(database, 'high', 9)
  await accept(database, 'low', 9)
  dispatcher.wake('high')
  dispatcher.wake('low')
  dispatcher.setPaused(false)
  await vi.waitFor(() => expect(underWay(held)).toEqual({ high: 1 }))
  for (let n = 0; n < 17; n++) {
    await held[n]?.end()
    await vi.waitFor(() => expect(held).toHaveLength(n + 2))
  }
  expect(underWay(held)).toEqual({ high: 9, low: 9 })
})

test('suspects that an earlier process took back and never ran are run, alone, without anybody telling', async () => {
  const { database, clock, dispatcher, held } = await setUp()
  await dispatcher.stop(0)
  await accept(database, 'a', 2)
  await database.write((tx) => {
    const terms = { zapId: 'a', limit: 1, now: clock.now(), until: 0, token: 'gone.1', maxCrashes: 99 }
    for (const { id } of leaseDue(tx, terms)) reclaimMessage(tx, { id, crashes: SUSPECT_CRASHES }, clock.now())
  })
  dispatcher.start()
  await vi.waitFor(() => expect(held.map((run) => run.message.crashes)).toEqual([SUSPECT_CRASHES]))
  await held[0]?.end()
  await vi.waitFor(() => expect(held).toHaveLength(2))
})

test.each(['parallel', 'queued'] as const)('a suspect whose time comes later is not forgotten (%s)', async (mode) => {
  const { database, clock, dispatcher, held } = await setUp({ mode, maxParallel: 10, share: 1 })
  await accept(database, 'a', 2)
  await database.write((tx) => {
    const terms = { zapId: 'a', limit: 1, now: clock.now(), until: 0, token: 'gone.1', maxCrashes: 99 }
    // As after the clock was set back.
    for (const { id } of leaseDue(tx, terms)) reclaimMessage(tx, { id, crashes: SUSPECT_CRASHES }, clock.now() + 60_000)
  })
  dispatcher.wake('a')
  await dispatcher.runOnce()
  await vi.waitFor(() => expect(held).toHaveLength(mode === 'queued' ? 0 : 1))
  clock.advance(60_000)
  await vi.waitFor(() => {
    clock.advance(1_000)
    expect(held.some((run) => run.message.crashes === SUSPECT_CRASHES)).toBe(true)
  })
})

test('an event that comes while others are being leased is not overlooked', async () => {
  const { database, dispatcher, held } = await setUp({ mode: 'parallel', maxParallel: 100, share: 1 }, 100)
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
  const { database, clock, dispatcher, held } = await setUp()
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
