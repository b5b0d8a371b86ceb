import { parseMoment, UNIX } from './moment.ts'
import { zoneOf } from './zone.ts'

/** Characters of a text that may be a date. */
const MAX_CHARS = 100
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']

const TIME = '(\\d{1,2}):(\\d{2})(?::(\\d{2})(?:[.,](\\d{1,9}))?)?(?: ?([ap])\\.?m\\.?)?'
const ZONE = '(?: ?(?:(z)|(?:utc|gmt)?([+-])(\\d{2}):?(\\d{2})?|(utc|gmt)))?(?: ?\\([a-z0-9 +-]{1,50}\\))?'
/** `2026-11-26`, `2026-11-26T09:30:00.000+01:00`, `2026/11/26 09:30`. */
const YEAR_FIRST = new RegExp(`^(\\d{4})([-/])(\\d{1,2})\\2(\\d{1,2})(?:(?:t|,? )${TIME}${ZONE})?$`)
/** `20261126T093000Z`, as calendars have it. */
const COMPACT = /^(\d{4})(\d{2})(\d{2})t(\d{2})(\d{2})(\d{2})?(z)?$/
/** `Thu, 26 Nov 2026 09:30:00 +0100`, as mails have it. */
const DAY_FIRST = new RegExp(`^(?:[a-z]{3,9},? )?(\\d{1,2})[ -]([a-z]{3,9})\\.?,?[ -](\\d{4})(?:,? ${TIME}${ZONE})?$`)
/** `November 26, 2026 9:30 AM`, and as JavaScript writes it. */
const MONTH_FIRST = new RegExp(
  `^(?:[a-z]{3,9},? )?([a-z]{3,9})\\.? (\\d{1,2})(?:st|nd|rd|th)?,? (\\d{4})(?:,? (?:at )?${TIME}${ZONE})?$`,
)

/** `2026-W49-1`, `2026W491` and `2026-W49`: the days of a week, from Monday. */
const WEEK_DATE = /^(\d{4})(-?)w(\d{2})(?:\2([1-7]))?(?=$|[t ])/
/** `2026-334`: the day of the year. */
const DAY_OF_YEAR = /^(\d{4})-(\d{3})(?=$|[t ])/
const DAY_MS = 86_400_000

/** A text with the date before its time written as `2026-11-26`, where it is in another form of ISO 8601. What is no such date stays as it is. */
function calendarDate(text: string): string {
  const day = /^\d{4}$/.test(text)
    ? `${text}-01-01`
    : /^\d{4}-\d{2}$/.test(text)
      ? `${text}-01`
      : text.replace(/^(\d{4})(\d{2})(\d{2})(?=$| )/, '$1-$2-$3')
  if (day !== text) return day
  const week = WEEK_DATE.exec(text)
  if (week !== null) {
    const [whole, year, , number, weekday = '1'] = week
    // The 4th of January is in the first week.
    const days = (Number(number) - 1) * 7 + Number(weekday) - 1
    const monday = (inYear: number): number => {
      const fourth = new Date(0).setUTCFullYear(inYear, 0, 4)
      return fourth - ((new Date(fourth).getUTCDay() + 6) % 7) * DAY_MS
    }
    const at = monday(Number(year)) + days * DAY_MS
    const isThere = Number(number) > 0 && at < monday(Number(year) + 1)
    return isThere ? isoDay(at) + text.slice(whole.length) : text
  }
  const ordinal = DAY_OF_YEAR.exec(text)
  if (ordinal !== null) {
    const [whole, year, number] = ordinal
    const at = new Date(0).setUTCFullYear(Number(year), 0, Number(number))
    return new Date(at).getUTCFullYear() === Number(year) ? isoDay(at) + text.slice(whole.length) : text
  }
  return text
}

const isoDay = (at: number): string => new Date(at).toISOString().slice(0, 10)

type Parts = {
  readonly year: string
  readonly month: number
  readonly day: string
  readonly rest: readonly (string | undefined)[]
}

/**
 * The moment, in milliseconds since 1970 UTC, that a value of a template names; undefined for what is no date, or one that has to be guessed (`03/04/2026`).
 * Numbers, and texts of 10 or 13 digits, are seconds or milliseconds since 1970, as `parseMoment` tells them apart. A text of 4 digits is a year, one of 8 a date
 * (ISO 8601). A date or time without a zone is one of `zoneName`, and a date alone its midnight; a year, month or week begins with its first day. The computer's own zone has no part in it.
 */
export function readDate(value: unknown, zoneName: string): number | undefined {
  if (typeof value === 'number') return parseMoment(value)
  if (typeof value !== 'string' || value.length > MAX_CHARS) return undefined
  const text = value.trim().toLowerCase().replace(/\s+/g, ' ')
  if (UNIX.test(text)) return parseMoment(text)
  const parts = partsOf(calendarDate(text))
  return parts === undefined ? undefined : momentOf(parts, zoneName)
}

function partsOf(text: string): Parts | undefined {
  const iso = YEAR_FIRST.exec(text)
  if (iso !== null) return { year: iso[1] ?? '', month: Number(iso[3]), day: iso[4] ?? '', rest: iso.slice(5) }
  const compact = COMPACT.exec(text)
  if (compact !== null) {
    const [, year = '', month, day = '', hour, minute, second, z] = compact
    return { year, month: Number(month), day, rest: [hour, minute, second, undefined, undefined, z] }
  }
  const dayFirst = DAY_FIRST.exec(text)
  if (dayFirst !== null) {
    const [, day = '', month, year = '', ...rest] = dayFirst
    return { year, month: monthOf(month), day, rest }
  }
  const monthFirst = MONTH_FIRST.exec(text)
  if (monthFirst === null) return undefined
  const [, month, day = '', year = '', ...rest] = monthFirst
  return { year, month: monthOf(month), day, rest }
}

function monthOf(name = ''): number {
  return MONTHS.indexOf(name.slice(0, 3)) + 1
}

function momentOf({ year, month, day, rest }: Parts, zoneName: string): number | undefined {
  const [hours = '0', minutes = '0', seconds = '0', fraction = '0', half, z, sign, zoneHours, zoneMinutes = '0', utc] =
    rest
  let hour = Number(hours)
  if (half !== undefined) {
    if (hour < 1 || hour > 12) return undefined
    hour = (hour % 12) + (half === 'p' ? 12 : 0)
  }
  const ms = Math.floor(Number(`0.${fraction}`) * 1_000)
  const wall = new Date(0).setUTCFullYear(Number(year), month - 1, Number(day)) + clock(hour, minutes, seconds, ms)
  const written = new Date(wall)
  // The 30th of February would be the 2nd of March.
  const isThere =
    written.getUTCMonth() + 1 === month && written.getUTCDate() === Number(day) && written.getUTCHours() === hour
  if (!isThere || Number(minutes) > 59 || Number(seconds) > 59) return undefined
  if (z !== undefined || utc !== undefined) return wall
  if (sign === undefined) return zoneOf(zoneName).firstAt(wall)
  return wall - (sign === '-' ? -1 : 1) * clock(Number(zoneHours), zoneMinutes, '0', 0)
}

function clock(hours: number, minutes: string, seconds: string, ms: number): number {
  return ((hours * 60 + Number(minutes)) * 60 + Number(seconds)) * 1_000 + ms
}
