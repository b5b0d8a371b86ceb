import { expect, test, vi } from 'vitest'
import { leaseDue, reclaimMessage } from '../db/message-leases.ts'
import type { Database } from '../db/open.ts'
import { SUSPECT_CRASHES } from './lease-round.ts'
import { accept, dispatcherUnderTest } from './test-dispatcher.ts'

/** The first message of the zap `a` was being worked on when its process ended, so many times by now; it is in the queue again. */
function crashFirst(database: Database, now: number, { crashes = SUSPECT_CRASHES, dueAt = now } = {}): Promise<void> {
  return database.write((tx) => {
    const terms = { zapId: 'a', limit: 1, now, until: 0, token: 'gone.1', maxCrashes: 99 }
    for (const { id } of leaseDue(tx, terms)) reclaimMessage(tx, { id, crashes }, dueAt)
  })
}

test('a run that was under way at two crashes runs with nothing beside it', async () => {
  const { database, clock, dispatcher, held } = await dispatcherUnderTest()
  await accept(database, 'a', 3)
  for (let crashes = 1; crashes <= SUSPECT_CRASHES; crashes++) await crashFirst(database, clock.now(), { crashes })
  dispatcher.expectSuspects()
  await vi.waitFor(() => expect(held.map((run) => run.message.crashes)).toEqual([SUSPECT_CRASHES]))
  dispatcher.wake('a')
  await dispatcher.runOnce()
  expect(held).toHaveLength(1)
  await held[0]?.end()
  await vi.waitFor(() => expect(held).toHaveLength(3))
})

test('a suspect that takes long has the process to itself only for a moment', async () => {
  const { database, clock, dispatcher, held } = await dispatcherUnderTest()
  await accept(database, 'a', 3)
  await crashFirst(database, clock.now())
  dispatcher.expectSuspects()
  await vi.waitFor(() => expect(held).toHaveLength(1))
  dispatcher.wake('a')
  await dispatcher.runOnce()
  expect(held).toHaveLength(1)
  clock.advance(500)
  await vi.waitFor(() => expect(held).toHaveLength(3))
})

test('suspects that an earlier process took back and never ran are run, alone, without anybody telling', async () => {
  const { database, clock, dispatcher, held } = await dispatcherUnderTest()
  await dispatcher.stop(0)
  await accept(database, 'a', 2)
  await crashFirst(database, clock.now())
  dispatcher.start()
  await vi.waitFor(() => expect(held.map((run) => run.message.crashes)).toEqual([SUSPECT_CRASHES]))
  await held[0]?.end()
  await vi.waitFor(() => expect(held).toHaveLength(2))
})

test.each(['parallel', 'queued'] as const)('a suspect whose time comes later is not forgotten (%s)', async (mode) => {
  const { database, clock, dispatcher, held } = await dispatcherUnderTest({ mode, maxParallel: 10, share: 1 })
  await accept(database, 'a', 2)
  // As after the clock was set back.
  await crashFirst(database, clock.now(), { dueAt: clock.now() + 60_000 })
  dispatcher.wake('a')
  await dispatcher.runOnce()
  await vi.waitFor(() => expect(held).toHaveLength(mode === 'queued' ? 0 : 1))
  clock.advance(60_000)
  await vi.waitFor(() => {
    clock.advance(1_000)
    expect(held.some((run) => run.message.crashes === SUSPECT_CRASHES)).toBe(true)
  })
})

test('a suspect has the process to itself until its last commit is on the disk', async () => {
  const { database, clock, dispatcher, held } = await dispatcherUnderTest()
  await accept(database, 'a', 3)
  await crashFirst(database, clock.now())
  dispatcher.expectSuspects()
  await vi.waitFor(() => expect(held).toHaveLength(1))
  dispatcher.wake('a')
  held[0]?.leave()
  await dispatcher.runOnce()
  expect(held).toHaveLength(1)
  await held[0]?.end()
  await vi.waitFor(() => expect(held).toHaveLength(3))
})
