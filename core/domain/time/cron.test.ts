import { describe, expect, it } from 'vitest'
import { cronProblem, cronTimes } from './cron.ts'

const MINUTE = 60_000
const DAY = 1_440

/** Minutes of two years in a zone: what its clocks show at each, in minutes since 1970 as if they were UTC. Reads dates, not offsets. */
function clocks(zone: string, year: number): { start: number; walls: Float64Array; changes: number[] } {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  })
  const read = (minute: number): number => {
    const of = Object.fromEntries(format.formatToParts(minute * MINUTE).map(({ type, value }) => [type, Number(value)]))
    return Date.UTC(of.year ?? 0, (of.month ?? 0) - 1, of.day, of.hour, of.minute) / MINUTE
  }
  const start = Date.UTC(year, 0, 1) / MINUTE
  const count = Date.UTC(year + 2, 0, 1) / MINUTE - start
  const walls = new Float64Array(count)
  const changes: number[] = []
  /** Where the first and the last are as far from each other as on a clock that is not changed, it is not: no zone changes there and back in a day. */
  const fill = (from: number, end: number): void => {
    const [first, last] = [read(start + from), read(start + end - 1)]
    if (last - first !== end - 1 - from) {
      const middle = Math.floor((from + end) / 2)
      fill(from, middle)
      fill(middle, end)
      return
    }
    for (let at = from; at < end; at++) walls[at] = first + at - from
    if (from > 0 && first !== (walls[from - 1] ?? 0) + 1) changes.push(from)
  }
  for (let from = 0; from < count; from += DAY) fill(from, from + DAY)
  return { start, walls, changes }
}

type Fields = { minutes: number[]; hours: number[]; isDay?: (date: Date) => boolean; isEveryHour?: boolean }
const range = (from: number, to: number, step = 1) =>
  Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, at) => from + at * step)
const everyHour = { hours: range(0, 23), isEveryHour: true }

const EXPRESSIONS: Record<string, Fields> = {
  '30 2,14 * * *': { minutes: [30], hours: [2, 14] },
  '0,30 2 * * *': { minutes: [0, 30], hours: [2] },
  '30 2 * * *': { minutes: [30], hours: [2] },
  '15 1 * * *': { minutes: [15], hours: [1] },
  '0 0 * * *': { minutes: [0], hours: [0] },
  '30 0 * * *': { minutes: [30], hours: [0] },
  '59 23 * * *': { minutes: [59], hours: [23] },
  '0 3 * * *': { minutes: [0], hours: [3] },
  '*/15 2 * * *': { minutes: range(0, 59, 15), hours: [2] },
  '*/20 1-3 * * *': { minutes: range(0, 59, 20), hours: [1, 2, 3] },
  '0 */2 * * *': { minutes: [0], hours: range(0, 23, 2) },
  '45 0-22/3 * * *': { minutes: [45], hours: range(0, 22, 3) },
  '10 2 * * 0': { minutes: [10], hours: [2], isDay: (date) => date.getUTCDay() === 0 },
  '0 9 30 * *': { minutes: [0], hours: [9], isDay: (date) => date.getUTCDate() === 30 },
  '5 2 1 * FRI': { minutes: [5], hours: [2], isDay: (date) => date.getUTCDate() === 1 || date.getUTCDay() === 5 },
  '0 2 L * *': {
    minutes: [0],
    hours: [2],
    isDay: (date) => new Date(date.getTime() + DAY * MINUTE).getUTCDate() === 1,
  },
  '0 2 * 3,10 SUN#L': {
    minutes: [0],
    hours: [2],
    isDay: (date) =>
      date.getUTCDay() === 0 &&
      [2, 9].includes(date.getUTCMonth()) &&
      new Date(date.getTime() + 7 * DAY * MINUTE).getUTCMonth() !== date.getUTCMonth(),
  },
  '@daily': { minutes: [0], hours: [0] },
  '* * * * *': { minutes: range(0, 59), ...everyHour },
  '*/30 * * * *': { minutes: [0, 30], ...everyHour },
  '0 * * * *': { minutes: [0], ...everyHour },
  '15 */1 * * *': { minutes: [15], ...everyHour },
  '*/50 0-23 * * *': { minutes: [0, 50], ...everyHour },
  '@hourly': { minutes: [0], ...everyHour },
  '20 * * * 6': { minutes: [20], ...everyHour, isDay: (date) => date.getUTCDay() === 6 },
}

/** The minutes, counted from the start, at which an expression is due: a walk along the clocks. */
function dueMinutes(walls: Float64Array, { minutes, hours, isDay, isEveryHour }: Fields): number[] {
  const first = Math.floor((walls[0] ?? 0) / DAY) * DAY
  const isDue = new Uint8Array((walls.at(-1) ?? 0) - first + 2 * DAY)
  for (let day = first; day - first < isDue.length; day += DAY) {
    if (isDay !== undefined && !isDay(new Date(day * MINUTE))) continue
    for (const hour of hours) for (const minute of minutes) isDue[day - first + hour * 60 + minute] = 1
  }
  const due: number[] = []
  let reached = walls[0] ?? 0
  for (const [at, wall] of walls.entries()) {
    if (isEveryHour === true) {
      if (isDue[wall - first] === 1) due.push(at)
      continue
    }
    let isReached = false
    for (; reached < wall; reached++) if (isDue[reached + 1 - first] === 1) isReached = true
    if (isReached) due.push(at)
  }
  return due[0] === 0 ? due.slice(1) : due
}

describe.each([
  ['Europe/Berlin', 2026, 4],
  ['America/New_York', 2026, 4],
  ['Australia/Lord_Howe', 2026, 4],
  ['Pacific/Apia', 2011, 5],
  ['Africa/Casablanca', 2024, 4],
  ['Africa/Casablanca', 2026, null],
  ['Africa/Cairo', 2026, 4],
  ['Asia/Kolkata', 2026, 0],
  ['America/Santiago', 2026, 4],
])('in %s, two years from %i', (zone, year, changeCount) => {
  const { start, walls, changes } = clocks(zone, year)

  it('the clocks change as often as expected', () => {
    // What is ahead in Morocco is decided as it comes.
    if (changeCount !== null) expect(changes).toHaveLength(changeCount)
  })

  it.each(Object.entries(EXPRESSIONS))('%s is due when the clocks say', (expression, fields) => {
    const times = cronTimes(expression, zone)
    const expected = dueMinutes(walls, fields)
    // What is due often is compared around the changes, and over the first days: forty due times on each side, and three hours at least.
    const around = Math.max(DAY / 8, Math.round((40 * walls.length) / expected.length))
    const windows =
      expected.length > 500
        ? [0, ...changes].map((at) => [Math.max(0, at - around), Math.min(walls.length - 1, at + around)] as const)
        : [[0, walls.length - 1] as const]
    for (const [from, to] of windows) {
      const due: number[] = []
      for (let at = times.next((start + from) * MINUTE); at !== null; at = times.next(at)) {
        const minute = at / MINUTE - start
        if (minute > to) break
        due.push(minute)
      }
      expect(due).toEqual(expected.filter((minute) => minute > from && minute <= to))
    }
  })
})

it('is due next after any moment, not only after a due time', () => {
  const times = cronTimes('30 2,14 * * *', 'Europe/Berlin')
  const due: number[] = []
  for (let at = times.next(Date.UTC(2026, 0, 1)) ?? 0; due.length < 800; at = times.next(at) ?? 0) due.push(at)
  for (let at = Date.UTC(2026, 0, 2), next = 0; at < Date.UTC(2026, 11, 31); at += 17 * MINUTE + 1) {
    while ((due[next] ?? 0) <= at) next++
    expect(times.next(at)).toBe(due[next])
  }
})

it('counts seconds through a change of the clocks', () => {
  const named = cronTimes('*/30 59 1,2 * * *', 'Europe/Berlin')
  // 2:59 does not exist: what the clocks jump over is due once, at 3:00 summer time.
  expect(named.next(Date.UTC(2026, 2, 29, 0, 59, 30))).toBe(Date.UTC(2026, 2, 29, 1))
  expect(named.next(Date.UTC(2026, 2, 29, 1))).toBe(Date.UTC(2026, 2, 29, 23, 59))
  const steady = cronTimes('*/30 * * * * *', 'Europe/Berlin')
  expect(steady.next(Date.UTC(2026, 2, 29, 0, 59, 30))).toBe(Date.UTC(2026, 2, 29, 1))
  expect(steady.next(Date.UTC(2026, 9, 25, 0, 59, 30))).toBe(Date.UTC(2026, 9, 25, 1))
})

describe('what is no expression', () => {
  it.each([
    ['0 0 32 * *', 'the day of the month is 32, but must be from 1 to 31'],
    ['0 0 0 * *', 'the day of the month is 0, but must be from 1 to 31'],
    ['0 0 1-40 * *', 'the day of the month is 40, but must be from 1 to 31'],
    ['0 0 1,0/5 * *', 'the day of the month is 0, but must be from 1 to 31'],
    ['0 0 40W * *', 'the day of the month is 40, but must be from 1 to 31'],
    ['0 0 1 13 *', 'the month is 13, but must be from 1 to 12'],
    ['0 0 1 0 *', 'the month is 0, but must be from 1 to 12'],
    ['60 * * * *', 'the minute is 60, but must be from 0 to 59'],
    ['0 24 * * *', 'the hour is 24, but must be from 0 to 23'],
    ['0 0 * * 8', 'the day of the week is 8, but must be from 0 to 7'],
    ['61 0 0 * * *', 'the second is 61, but must be from 0 to 59'],
    ['0 0 99999999999999999999 * *', 'the day of the month is 99999999999999999999, but must be from 1 to 31'],
  ])('%s: %s', (expression, why) => {
    expect(cronProblem(expression)).toBe(`is not a cron expression (${why})`)
  })

  it.each([
    '0 0 1-31 1-12 0-7',
    '59 59 23 31 12 7',
    '0 0 L * *',
    '0 0 15W * *',
    '0 2 * 3,10 SUN#L',
    '*/15 * * * 5#2',
    '@daily',
    '0 0 */5 jan-mar *',
  ])('%s is one', (expression) => expect(cronProblem(expression)).toBeNull())
})
