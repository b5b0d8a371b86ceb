import { expect, onTestFinished, test, vi } from 'vitest'
import type { Database } from '../db/open.ts'
import {
  countOpenMessages,
  type LeasedMessage,
  leaseDue,
  reclaimMessage,
  settleMessage,
} from '../db/outbox-messages.ts'
import { temporaryDatabase } from '../db/test-database.ts'
import { insertVersion, insertZap } from '../db/zaps.ts'
import { manualClock } from '../domain/clock.ts'
import { noFailpoint } from '../domain/failpoint.ts'
import { blankZap } from '../domain/zap-file.ts'
import type { BegunRun } from '../engine/begin-run.ts'
import { acceptEvent } from '../ingress/accept-event.ts'
import { createDispatcher, SUSPECT_CRASHES, type ZapPolicy } from './dispatcher.ts'

const log = { info: vi.fn(), warn: vi.fn(), error: vi.fn() }

/** A run that the test ends when it wants. */
type Held = { message: LeasedMessage; signal: AbortSignal; end(): Promise<void>; fail(error: Error): void }

async function setUp(policy: ZapPolicy = { mode: 'parallel', maxParallel: 10, share: 1 }, slots = 10) {
  const database = temporaryDatabase()
  const clock = manualClock(1_000_000)
  const held: Held[] = []
  const dispatcher = createDispatcher({
    database,
    clock,
    log,
    failpoint: noFailpoint,
    host: 'host',
    slots,
    policyOf(_tx, zapId) {
      if (zapId === 'broken') throw new Error('cannot be read')
      return policy
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
    endReplaced: () => undefined,
    tell: vi.fn(),
    changed: vi.fn(),
  })
  dispatcher.start()
  onTestFinished(async () => {
    const stopped = dispatcher.stop(0)
    clock.advance(0)
    await stopped
  })
  return { database, clock, dispatcher, held }
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
  const { database, clock, dispatcher, held } = await setUp()
  await accept(database, 'broken', 2)
  await accept(database, 'a', 1)
  dispatcher.wake('broken')
  dispatcher.wake('a')
  await vi.waitFor(() => expect(held.map((run) => run.message.zapId)).toEqual(['a']))
  await vi.waitFor(async () => {
    expect(await countOpenMessages(database.reader, clock.now())).toMatchObject({ pending: 0, leased: 1, dead: 2 })
  })
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
  const { database, clock, dispatcher, held } = await setUp()
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
