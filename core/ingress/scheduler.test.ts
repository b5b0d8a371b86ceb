import { expect, test, vi } from 'vitest'
import { testCatalogue } from '../connectors/test-catalogue.ts'
import type { Timetable } from '../connectors/trigger-sources.ts'
import type { Database } from '../db/open.ts'
import { temporaryDatabase } from '../db/test-database.ts'
import { insertVersion, insertZap, setEnabled, setLiveVersion, setRemoved } from '../db/zaps.ts'
import { type Clock, manualClock } from '../domain/time/clock.ts'
import { blankZap } from '../domain/zap/zap-file.ts'
import type { Outbox } from '../outbox/outbox.ts'
import { outboxAtRest } from '../outbox/test-outbox.ts'
import type { LiveSchedule } from './live-triggers.ts'
import { createScheduler } from './scheduler.ts'
import { readTriggers } from './trigger-kinds.ts'

const log = { info: vi.fn(), warn: vi.fn(), error: vi.fn() }
const MINUTE = 60_000

/** A schedule that is due at every multiple of `every` milliseconds. */
function schedule(every: number, missed: Timetable['missed'] = 'once', spec = String(every)): LiveSchedule {
  const timetable: Timetable = { missed, next: (after) => (Math.floor(after / every) + 1) * every }
  return { zapId: 'zap', zapName: 'A zap', version: 1, settings: {}, stepId: 'schedule', spec, timetable }
}

/** Stores events as the outbox does, and tells the zaps of those that are no repeats. */
function outboxOf(database: Database, clock: Clock, accepted: (zapIds: readonly string[]) => void = vi.fn()) {
  const outbox = outboxAtRest(database, clock, log)
  return {
    async acceptAll(choose: Parameters<Outbox['acceptAll']>[0]) {
      const all = await outbox.acceptAll(choose)
      const zapIds = new Set(all.flatMap(({ zapId, isDuplicate }) => (isDuplicate ? [] : [zapId])))
      if (zapIds.size > 0) accepted([...zapIds])
      return all
    },
  }
}

async function setUp(database: Database, clock: ReturnType<typeof manualClock>, schedules: LiveSchedule[]) {
  const accepted = vi.fn()
  const scheduler = createScheduler({ database, clock, log, outbox: outboxOf(database, clock, accepted) })
  await scheduler.setSchedules(schedules)
  return { scheduler, accepted }
}

async function newDatabase(): Promise<Database> {
  const database = temporaryDatabase()
  await database.write((tx) => {
    insertZap(tx, { id: 'zap', draft: blankZap('A zap'), now: 0 })
    insertVersion(tx, { zapId: 'zap', kind: 'published', definition: blankZap('A zap'), now: 0 })
    setLiveVersion(tx, 'zap', 1, 0)
    setEnabled(tx, 'zap', true, 0)
  })
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

const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** A clock that can be set, as the computer's can: its timers do not notice. */
function settableClock(start: number): Clock & { set(ms: number): void } {
  let now = start
  return {
    now: () => now,
    after: () => () => undefined,
    set: (ms) => {
      now = ms
    },
  }
}

/** What a zap's schedule step says, as the app reads it. */
function cron(input: Record<string, string>, timezone: string): LiveSchedule {
  const definition = {
    ...blankZap('A zap'),
    settings: { timezone },
    steps: [{ id: 'schedule', uses: 'schedule.cron', input }],
  }
  const [found] = readTriggers(testCatalogue, [{ id: 'zap', version: 1, definition }], 'secret').schedule
  if (found === undefined) throw new Error('no schedule')
  return found
}

/** Goes through a stretch of time in small steps, as a running scheduler does; returns the due times that made events. */
async function dueTimesBetween(live: LiveSchedule, from: string, to: string, stepMs = 10 * MINUTE): Promise<string[]> {
  const database = await newDatabase()
  const clock = settableClock(Date.parse(from))
  const scheduler = createScheduler({ database, clock, log, outbox: outboxOf(database, clock) })
  await scheduler.setSchedules([live])
  for (let now = Date.parse(from); now <= Date.parse(to); now += stepMs) {
    clock.set(now)
    await scheduler.runOnce()
  }
  return (await events(database)).map(({ dueAt }) => dueAt.replace(':00.000Z', 'Z'))
}

test('a fixed time comes once on the day that spring shortens and once on the day that autumn lengthens', async () => {
  const night = cron({ cron: '30 2 * * *' }, 'Europe/Berlin')
  expect(await dueTimesBetween(night, '2026-03-28T00:00:00Z', '2026-03-30T12:00:00Z')).toEqual([
    '2026-03-28T01:30Z',
    '2026-03-29T01:00Z',
    '2026-03-30T00:30Z',
  ])
  expect(await dueTimesBetween(night, '2026-10-24T00:00:00Z', '2026-10-26T12:00:00Z')).toEqual([
    '2026-10-24T00:30Z',
    '2026-10-25T00:30Z',
    '2026-10-26T01:30Z',
  ])
})

test('another time zone counts from now in that zone: nothing fires for what passed in the old one', async () => {
  const database = await newDatabase()
  const clock = settableClock(Date.parse('2026-06-01T05:00:00Z'))
  const scheduler = createScheduler({ database, clock, log, outbox: outboxOf(database, clock) })
  const nine = { cron: '0 9 * * *' }
  await scheduler.setSchedules([cron(nine, 'Europe/Berlin')])
  // It is due at 7:00 UTC; before that, the zap moves to New York, where nine o'clock is at 13:00 UTC.
  clock.set(Date.parse('2026-06-01T06:59:00Z'))
  await scheduler.setSchedules([cron(nine, 'America/New_York')])
  clock.set(Date.parse('2026-06-01T08:00:00Z'))
  expect(await scheduler.runOnce()).toBe(0)
  clock.set(Date.parse('2026-06-01T13:00:30Z'))
  expect(await scheduler.runOnce()).toBe(1)
  expect(await events(database)).toEqual([{ dueAt: '2026-06-01T13:00:00.000Z', missed: 0 }])
})

test.each(['once', 'skip', 'all'] as const)(
  'a clock that jumps a day ahead and back makes no second event of a due time ("%s")',
  async (missed) => {
    const database = await newDatabase()
    const start = 100 * DAY
    const clock = settableClock(start + 10)
    const scheduler = createScheduler({ database, clock, log, outbox: outboxOf(database, clock) })
    await scheduler.setSchedules([schedule(HOUR, missed)])
    const look = async (at: number) => {
      clock.set(at)
      await scheduler.runOnce()
    }
    await look(start + HOUR + 5)
    // Set a day ahead by mistake, and right again a minute later.
    await look(start + DAY + HOUR + 5)
    await look(start + HOUR + MINUTE)
    for (let hour = 2; hour <= 30; hour++) await look(start + hour * HOUR + 5)
    const due = (await events(database)).map(({ dueAt }) => dueAt)
    expect(new Set(due).size).toBe(due.length)
    // And it fell silent at no time: every hour had its event.
    for (let hour = 1; hour <= 30; hour++) expect(due).toContain(at(start + hour * HOUR))
  },
)

test('a clock that is set back a day says once more that it is due, and nothing is accepted twice', async () => {
  const database = await newDatabase()
  const clock = settableClock(100 * DAY + 10)
  const accepted = vi.fn()
  const scheduler = createScheduler({ database, clock, log, outbox: outboxOf(database, clock, accepted) })
  await scheduler.setSchedules([schedule(HOUR)])
  clock.set(100 * DAY + HOUR)
  expect(await scheduler.runOnce()).toBe(1)
  clock.set(99 * DAY + HOUR + MINUTE)
  await scheduler.runOnce()
  clock.set(100 * DAY + HOUR)
  await scheduler.runOnce()
  expect((await events(database)).filter(({ dueAt }) => dueAt === at(100 * DAY + HOUR))).toHaveLength(1)
})

test.each([
  ['switched off', (tx: Parameters<typeof setEnabled>[0]) => setEnabled(tx, 'zap', false, 0)],
  ['deleted', (tx: Parameters<typeof setEnabled>[0]) => setRemoved(tx, 'zap', 1)],
])('a zap that was %s never fires, even before the scheduler is told', async (_how, change) => {
  const database = await newDatabase()
  const clock = manualClock(10)
  const { scheduler } = await setUp(database, clock, [schedule(MINUTE)])
  clock.advance(MINUTE)
  await database.write(change)
  expect(await scheduler.runOnce()).toBe(0)
  expect(await events(database)).toEqual([])
})

test('a crash between an event and the next due time loses neither: both are one commit', async () => {
  const database = await newDatabase()
  const clock = manualClock(10)
  const { scheduler } = await setUp(database, clock, [schedule(MINUTE)])
  clock.advance(MINUTE)
  const failing: Database = {
    ...database,
    write: (operation) =>
      database.write((tx) => {
        operation(tx)
        throw new Error('the power is gone')
      }),
  }
  const crashing = createScheduler({ database: failing, clock, log, outbox: outboxOf(failing, clock) })
  await expect(crashing.runOnce()).rejects.toThrow('the power is gone')
  expect(await events(database)).toEqual([])
  expect(await scheduler.runOnce()).toBe(1)
})

test('while paused a schedule that is due costs nothing: nobody looks until the pause is over', async () => {
  const database = await newDatabase()
  let writes = 0
  const counting: Database = {
    ...database,
    write: (operation) => {
      writes++
      return database.write(operation)
    },
  }
  const clock = manualClock(10)
  const scheduler = createScheduler({ database: counting, clock, log, outbox: outboxOf(counting, clock) })
  await scheduler.setSchedules([schedule(MINUTE)])
  await scheduler.start()
  scheduler.setPaused(true)
  const before = writes
  for (let n = 0; n < 10; n++) {
    clock.advance(MINUTE)
    await database.write(() => undefined)
  }
  expect(writes).toBe(before)
  scheduler.setPaused(false)
  await vi.waitFor(async () => expect(await events(database)).toHaveLength(1))
  await scheduler.stop()
})

test('a computer that wakes fires at once what it slept through', async () => {
  const database = await newDatabase()
  const clock = settableClock(10)
  const accepted = vi.fn()
  const scheduler = createScheduler({ database, clock, log, outbox: outboxOf(database, clock, accepted) })
  await scheduler.setSchedules([schedule(HOUR)])
  await scheduler.start()
  clock.set(8 * HOUR + 10)
  scheduler.look()
  await vi.waitFor(() => expect(accepted).toHaveBeenCalledOnce())
  expect(await events(database)).toEqual([{ dueAt: at(8 * HOUR), missed: 7 }])
  await scheduler.stop()
})
