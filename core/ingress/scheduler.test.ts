import { expect, test, vi } from 'vitest'
import type { Timetable } from '../connectors/define.ts'
import type { Database } from '../db/open.ts'
import { temporaryDatabase } from '../db/test-database.ts'
import { insertZap } from '../db/zaps.ts'
import { manualClock } from '../domain/clock.ts'
import { blankZap } from '../domain/zap-file.ts'
import type { LiveSchedule } from './live-triggers.ts'
import { createScheduler } from './scheduler.ts'

const log = { info: vi.fn(), warn: vi.fn(), error: vi.fn() }
const MINUTE = 60_000

/** A schedule that is due at every multiple of `every` milliseconds. */
function schedule(every: number, missed: Timetable['missed'] = 'once', spec = String(every)): LiveSchedule {
  const timetable: Timetable = { missed, next: (after) => (Math.floor(after / every) + 1) * every }
  return { zapId: 'zap', zapName: 'A zap', version: 1, stepId: 'schedule', spec, timetable }
}

async function setUp(database: Database, clock: ReturnType<typeof manualClock>, schedules: LiveSchedule[]) {
  const accepted = vi.fn()
  const scheduler = createScheduler({ database, clock, log, accepted })
  await scheduler.setSchedules(schedules)
  return { scheduler, accepted }
}

async function newDatabase(): Promise<Database> {
  const database = temporaryDatabase()
  await database.write((tx) => insertZap(tx, { id: 'zap', draft: blankZap('A zap'), now: 0 }))
  return database
}

async function events(database: Database): Promise<{ dueAt: string; missed: number }[]> {
  const rows: { data: string }[] = await database.reader('trigger_event').orderBy('id').select('data')
  return rows.map((row) => JSON.parse(row.data)).map(({ dueAt, missed }) => ({ dueAt, missed }))
}

const at = (ms: number): string => new Date(ms).toISOString()

test('a schedule fires at its times, once each', async () => {
  const database = await newDatabase()
  const clock = manualClock(10)
  const { scheduler, accepted } = await setUp(database, clock, [schedule(MINUTE)])
  expect(await scheduler.runOnce()).toBe(0)
  clock.advance(MINUTE)
  expect(await scheduler.runOnce()).toBe(1)
  expect(await scheduler.runOnce()).toBe(0)
  expect(accepted).toHaveBeenCalledExactlyOnceWith(['zap'])
  expect(await events(database)).toEqual([{ dueAt: at(MINUTE), missed: 0 }])
})

test('a due time makes one event, however often the computer restarts', async () => {
  const database = await newDatabase()
  const clock = manualClock(10)
  await setUp(database, clock, [schedule(MINUTE)])
  clock.advance(MINUTE)
  for (let restart = 0; restart < 3; restart++) {
    const { scheduler } = await setUp(database, clock, [schedule(MINUTE)])
    await scheduler.runOnce()
  }
  expect(await events(database)).toHaveLength(1)
})

test.each([
  ['once', [{ dueAt: at(5 * MINUTE), missed: 4 }]],
  ['all', [1, 2, 3, 4, 5].map((n) => ({ dueAt: at(n * MINUTE), missed: 0 }))],
] as const)('times that were missed, with the policy "%s"', async (missed, expected) => {
  const database = await newDatabase()
  const clock = manualClock(10)
  await setUp(database, clock, [schedule(MINUTE, missed)])
  clock.advance(5 * MINUTE)
  const { scheduler } = await setUp(database, clock, [schedule(MINUTE, missed)])
  await scheduler.runOnce()
  expect(await events(database)).toEqual(expected)
})

test('with "skip", a time that passed more than a minute ago is left out', async () => {
  const database = await newDatabase()
  const clock = manualClock(10)
  const hourly = 60 * MINUTE
  await setUp(database, clock, [schedule(hourly, 'skip')])
  clock.advance(hourly + 2 * MINUTE)
  const { scheduler } = await setUp(database, clock, [schedule(hourly, 'skip')])
  expect(await scheduler.runOnce()).toBe(0)
  clock.advance(hourly - 2 * MINUTE)
  expect(await scheduler.runOnce()).toBe(1)
})

test('a year of missed seconds is caught up in a moment, with a hundred events at most', async () => {
  const database = await newDatabase()
  const clock = manualClock(0)
  await setUp(database, clock, [schedule(1_000, 'all')])
  clock.advance(365 * 24 * 60 * MINUTE)
  const { scheduler } = await setUp(database, clock, [schedule(1_000, 'all')])
  expect(await scheduler.runOnce()).toBe(100)
  expect((await events(database)).at(-1)?.dueAt).toBe(at(clock.now()))
})

test('a changed schedule counts from now, and a removed one never fires', async () => {
  const database = await newDatabase()
  const clock = manualClock(10)
  await setUp(database, clock, [schedule(MINUTE)])
  clock.advance(3 * MINUTE)
  const { scheduler } = await setUp(database, clock, [schedule(7 * MINUTE)])
  expect(await scheduler.runOnce()).toBe(0)
  await scheduler.setSchedules([])
  clock.advance(60 * MINUTE)
  expect(await scheduler.runOnce()).toBe(0)
  expect(await events(database)).toEqual([])
})

test('while paused nothing fires', async () => {
  const database = await newDatabase()
  const clock = manualClock(10)
  const { scheduler } = await setUp(database, clock, [schedule(MINUTE)])
  scheduler.setPaused(true)
  clock.advance(MINUTE)
  expect(await scheduler.runOnce()).toBe(0)
  scheduler.setPaused(false)
  expect(await scheduler.runOnce()).toBe(1)
})

test('a due time that was stored while the clock was ahead does not silence the schedule', async () => {
  const database = await newDatabase()
  const ahead = manualClock(400 * 24 * 60 * MINUTE)
  await setUp(database, ahead, [schedule(MINUTE)])
  const clock = manualClock(10)
  const { scheduler } = await setUp(database, clock, [schedule(MINUTE)])
  expect(await scheduler.runOnce()).toBe(0)
  clock.advance(MINUTE)
  expect(await scheduler.runOnce()).toBe(1)
})
