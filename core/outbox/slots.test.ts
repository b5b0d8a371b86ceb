import { expect, test, vi } from 'vitest'
import { rowOf } from '../db/row.ts'
import type { ZapPolicy } from './lease-round.ts'
import { accept, dispatcherUnderTest, type Held } from './test-dispatcher.ts'

/** Counts what is under way by zap. */
const underWay = (held: readonly Held[]): Record<string, number> =>
  Object.fromEntries(
    [...Map.groupBy(held, (run) => run.message.zapId)].map(([zapId, runs]) => [zapId, runs.length]).sort(),
  )

test('one zap cannot take all slots of the others, and a slot that is freed is used', async () => {
  const { database, dispatcher, held } = await dispatcherUnderTest({ mode: 'parallel', share: 1, maxParallel: 2 }, 3)
  await accept(database, 'a', 5)
  await accept(database, 'b', 5)
  dispatcher.wake('a')
  dispatcher.wake('b')
  await vi.waitFor(() => expect(held.map((run) => run.message.zapId).sort()).toEqual(['a', 'a', 'b']))
  await held[0]?.end()
  await vi.waitFor(() => expect(held).toHaveLength(4))
})

test('a zap with a backlog does not keep the others from their turn', async () => {
  const { database, dispatcher, held } = await dispatcherUnderTest({ mode: 'parallel', share: 1, maxParallel: 10 }, 2)
  await accept(database, 'busy', 9)
  dispatcher.wake('busy')
  await vi.waitFor(() => expect(held).toHaveLength(2))
  await accept(database, 'other', 1)
  dispatcher.wake('other')
  await held[0]?.end()
  await vi.waitFor(() => expect(held.map((run) => run.message.zapId)).toEqual(['busy', 'busy', 'other']))
})

test('when places are short, each zap has them by its priority, also at once after a start', async () => {
  const shares: Record<string, number> = { high: 4, normal: 2, low: 1 }
  const policy = (zapId: string): ZapPolicy => ({ mode: 'parallel', maxParallel: 50, share: shares[zapId] ?? 1 })
  const { database, dispatcher, held } = await dispatcherUnderTest(policy, 14)
  dispatcher.setPaused(true)
  for (const zapId of ['low', 'normal', 'high']) {
    await accept(database, zapId, 30)
    dispatcher.wake(zapId)
  }
  dispatcher.setPaused(false)
  await vi.waitFor(() => expect(underWay(held)).toEqual({ high: 8, low: 2, normal: 4 }))
})

test('places that others do not want go to whoever has more to do', async () => {
  const { database, dispatcher, held } = await dispatcherUnderTest({ mode: 'parallel', maxParallel: 50, share: 1 }, 10)
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
  const { database, dispatcher, held } = await dispatcherUnderTest(policy, 1)
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

test('a run of which only the last commit is left gives its place to the next, once', async () => {
  const { database, dispatcher, held } = await dispatcherUnderTest({ mode: 'parallel', maxParallel: 1, share: 1 }, 1)
  await accept(database, 'a', 4)
  dispatcher.wake('a')
  await vi.waitFor(() => expect(held).toHaveLength(1))
  held[0]?.leave()
  await vi.waitFor(() => expect(held).toHaveLength(2))
  await held[0]?.end()
  await dispatcher.runOnce()
  expect(held).toHaveLength(2)
  await held[1]?.end()
  await vi.waitFor(() => expect(held).toHaveLength(3))
})

test('where runs go one at a time, the next waits until the one before is over', async () => {
  const { database, dispatcher, held } = await dispatcherUnderTest({ mode: 'queued', maxParallel: 1, share: 1 })
  await accept(database, 'a', 2)
  dispatcher.wake('a')
  await vi.waitFor(() => expect(held).toHaveLength(1))
  held[0]?.leave()
  await dispatcher.runOnce()
  expect(held).toHaveLength(1)
  await held[0]?.end()
  await vi.waitFor(() => expect(held).toHaveLength(2))
})

test('a run whose last commit fails comes again, and takes no place from the one that has its place', async () => {
  const policy = { mode: 'parallel', maxParallel: 1, share: 1 } as const
  const { database, clock, dispatcher, held } = await dispatcherUnderTest(policy)
  await accept(database, 'a', 2)
  dispatcher.wake('a')
  await vi.waitFor(() => expect(held).toHaveLength(1))
  held[0]?.leave()
  await vi.waitFor(() => expect(held).toHaveLength(2))
  held[0]?.fail(new Error('the disk is full'))
  await database.write(() => undefined)
  clock.advance(60_000)
  await dispatcher.runOnce()
  expect(held).toHaveLength(2)
  await held[1]?.end()
  await vi.waitFor(() => expect(held.map(({ message }) => message.deliveries)).toEqual([1, 1, 2]))
})

test("where runs go one at a time, the slot of one that is about to be over is another zap's", async () => {
  const { database, dispatcher, held } = await dispatcherUnderTest({ mode: 'queued', maxParallel: 1, share: 1 }, 1)
  await accept(database, 'a', 2)
  await accept(database, 'b', 1)
  dispatcher.wake('a')
  dispatcher.wake('b')
  await vi.waitFor(() => expect(held).toHaveLength(1))
  held[0]?.leave()
  await vi.waitFor(() => expect(held.map((run) => run.message.zapId)).toEqual(['a', 'b']))
})

test('a round that was asked for before the last commit of a run does not begin the next one ahead of it', async () => {
  const policy = { mode: 'parallel', maxParallel: 1, share: 1 } as const
  const { database, dispatcher, held } = await dispatcherUnderTest(policy)
  await accept(database, 'a', 2)
  dispatcher.wake('a')
  await vi.waitFor(() => expect(held).toHaveLength(1))
  await dispatcher.runOnce()
  // A commit has 512 operations at most: this round is the last of one, and the end of the run in the next.
  for (let n = 0; n < 511; n++) void database.write(() => undefined)
  const round = dispatcher.runOnce()
  const leased = database.write((tx) => tx.all(rowOf({}), `SELECT 1 FROM outbox_message WHERE state = 'leased'`).length)
  const end = held[0]?.end()
  held[0]?.leave()
  await Promise.all([round, end])
  expect(await leased).toBe(1)
  await vi.waitFor(() => expect(held).toHaveLength(2))
})

test('a zap of which runs only wait for their last commit has its turn like one without any', async () => {
  const { database, dispatcher, held } = await dispatcherUnderTest({ mode: 'parallel', maxParallel: 50, share: 1 }, 4)
  await accept(database, 'a', 5)
  dispatcher.wake('a')
  await vi.waitFor(() => expect(held).toHaveLength(4))
  await accept(database, 'b', 10)
  dispatcher.setPaused(true)
  for (const run of held.slice(0, 3)) run.leave()
  dispatcher.wake('b')
  dispatcher.setPaused(false)
  await vi.waitFor(() => expect(underWay(held)).toEqual({ a: 5, b: 2 }))
})
