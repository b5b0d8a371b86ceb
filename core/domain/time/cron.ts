import { Cron } from 'croner'
import { zoneOf } from './zone.ts'

/** Five fields, or six with seconds before them. */
const MODE = '5-or-6-parts'

/** The due times of a cron expression. */
export type CronTimes = {
  /** The first due time after a moment, in milliseconds since 1970 UTC; null when there is none any more. */
  next(after: number): number | null
}

/** Why a text is no cron expression, or null. */
export function cronProblem(text: string): string | null {
  // Croner takes a date too, for a single time; that is no schedule.
  if (text.length > 1_000 || !/^\s*(?:@[a-z]+|\S+(?:\s+\S+){4,5})\s*$/i.test(text)) {
    return 'is not a cron expression, such as 0 9 * * 1-5'
  }
  const outside = numberOutside(text)
  if (outside !== null) return `is not a cron expression (${outside})`
  try {
    return wallTimes(text)(Date.now()) === null ? 'names a date that never comes' : null
  } catch (error) {
    return `is not a cron expression (${error instanceof Error ? error.message.replace(/^CronPattern: /, '') : String(error)})`
  }
}

/** What each field counts, in the order in which they are written, and from where to where. */
const FIELDS = [
  ['second', 0, 59],
  ['minute', 0, 59],
  ['hour', 0, 23],
  ['day of the month', 1, 31],
  ['month', 1, 12],
  ['day of the week', 0, 7],
] as const

/** The first number that its field does not know, in words: Croner counts days and months from 0, and names other numbers than were written. */
function numberOutside(text: string): string | null {
  const fields = text.trim().split(/\s+/)
  const known = FIELDS.slice(-fields.length)
  for (const [at, [name, least, most]] of known.entries()) {
    for (const part of fields[at]?.split(',') ?? []) {
      const [times = ''] = part.split('/')
      for (const end of times.split('-')) {
        const written = /^\d+/.exec(end)?.[0]
        if (written === undefined || (Number(written) >= least && Number(written) <= most)) continue
        return `the ${name} is ${written}, but must be from ${least} to ${most}`
      }
    }
  }
  return null
}

/**
 * The due times of an expression by the clocks of a zone, through their changes too (ADR 26).
 *
 * - An expression that names hours (`30 2,14 * * *`, `0 0-22/2 * * *`) is due once at each time that it names: at the first of two where the clocks
 *   go back, and when the clocks have jumped where they jump over it. What they jump over at once is due once.
 * - An expression of every hour (`0,30 * * * *`) just goes on: it is due whenever the clocks show such a minute.
 *
 * @throws Error for what is no expression (see {@link cronProblem}) and RangeError for what is no zone.
 */
export function cronTimes(expression: string, zoneName: string): CronTimes {
  const zone = zoneOf(zoneName)
  const nextWall = wallTimes(expression)

  function nextNamed(after: number): number | null {
    let wall: number | null = after + zone.offsetAt(after)
    for (;;) {
      wall = nextWall(wall)
      if (wall === null) return null
      const at = zone.firstAt(wall)
      // Not so while the clocks show for a second time what they have shown: that was due the first time.
      if (at > after) return at
    }
  }

  function nextOfEveryHour(after: number): number | null {
    for (let from = after; ; ) {
      const end = zone.nextChange(from)
      const offset = zone.offsetAt(from)
      const wall = nextWall(from === after ? from + offset : from + offset - 1)
      if (wall === null) return null
      // Years away, behind a change that was not looked for.
      if (end === Number.POSITIVE_INFINITY && zone.offsetAt(wall - offset) !== offset) return zone.firstAt(wall)
      if (wall - offset < end) return wall - offset
      from = end
    }
  }

  return { next: isOfEveryHour(expression) ? nextOfEveryHour : nextNamed }
}

/** The times of a clock that never changes, written as if they were UTC. */
function wallTimes(expression: string): (after: number) => number | null {
  const times = new Cron(expression, { timezone: 'UTC', mode: MODE })
  return (after) => times.nextRun(new Date(after))?.getTime() ?? null
}

function isOfEveryHour(expression: string): boolean {
  const fields = expression.trim().split(/\s+/)
  if (fields.length < 5) return fields[0]?.toLowerCase() === '@hourly'
  const hours = fields.at(-4) ?? '*'
  const midnight = new Date(Date.UTC(2026, 0, 1) - 1)
  return (
    new Cron(`0 0 ${hours} * * *`, { timezone: 'UTC', mode: MODE }).nextRuns(24, midnight).at(-1)?.getTime() ===
    Date.UTC(2026, 0, 1, 23)
  )
}
