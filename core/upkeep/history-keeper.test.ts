import { setImmediate as turn } from 'node:timers/promises'
import { expect, test, vi } from 'vitest'
import { createBlobStore } from '../db/blobs.ts'
import { temporaryDatabase, temporaryFolder } from '../db/test-database.ts'
import { noFailpoint } from '../domain/runs/failpoint.ts'
import type { HistoryJob } from '../domain/settings/history-settings.ts'
import { createSignals } from '../signals.ts'
import { BusyError, createHistoryKeeper } from './history-keeper.ts'
import { DAY_MS, makeRuns, makeZaps, NOW, oldRun, runIds } from './test-history.ts'

const log = { info: vi.fn(), warn: vi.fn(), error: vi.fn() }

/** A keeper with 300 runs that are older than it keeps them, and one that is not; its clock can jump. */
async function setUp() {
  const database = temporaryDatabase()
  let now = NOW
  let due = (): void => undefined
  const clock = {
    now: () => now,
    after(_ms: number, callback: () => void) {
      due = callback
      return () => undefined
    },
  }
  const ended = Promise.withResolvers<HistoryJob>()
  const signals = createSignals(log)
  signals.on('history:progressed', (job) => {
    if (job.state !== 'running') ended.resolve(job)
  })
  const keeper = await createHistoryKeeper({
    database,
    blobs: createBlobStore(temporaryFolder()),
    clock,
    log,
    failpoint: noFailpoint,
    signals,
  })
  await makeZaps(database, ['zap'])
  await makeRuns(database, [
    ...Array.from({ length: 300 }, (_, n) => oldRun(n, NOW - 91 * DAY_MS + n * 1_000)),
    oldRun(1_000, NOW - DAY_MS),
  ])
  const look = async (setAheadMs: number): Promise<number> => {
    now += 3_600_000 + setAheadMs
    due()
    await turn()
    await keeper.stop()
    return (await runIds(database)).length
  }
  return { database, keeper, look, ended: ended.promise }
}

test('it looks by itself, and deletes what is older than it is kept', async () => {
  const { keeper, look } = await setUp()
  keeper.start()
  expect(await look(0)).toBeLessThan(301)
})

test('a clock that has just jumped ahead is not believed at once', async () => {
  const { keeper, look } = await setUp()
  keeper.start()
  expect(await look(40 * DAY_MS)).toBe(301)
})

test('one job at a time; a stopped one says how far it came, and the rest goes with the next', async () => {
  const { database, keeper, ended } = await setUp()
  expect(await keeper.count()).toBe(300)
  const begun = await keeper.prune()
  expect(begun).toMatchObject({ kind: 'prune', state: 'running', total: 300, done: 0 })
  await expect(keeper.prune()).rejects.toThrow(BusyError)
  await expect(keeper.shrink()).rejects.toThrow(BusyError)
  expect(await keeper.runOnce()).toBe(0)
  keeper.stopJob()
  const job = await ended
  expect(job.state).toBe('stopped')
  expect((await runIds(database)).length).toBe(301 - job.done)
  expect(await keeper.runOnce()).toBe(300 - job.done)
  await keeper.stop()
})
