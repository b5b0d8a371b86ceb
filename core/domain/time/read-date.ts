import { parseMoment } from './moment.ts'
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

type Parts = {
  readonly year: string
  readonly month: number
  readonly day: string
  readonly rest: readonly (string | undefined)[]
}

/**
 * The moment, in milliseconds since 1970 UTC, that a value of a template names; undefined for what is no date, or one that has to be guessed (`03/04/2026`).
 * Numbers and numeric texts are seconds or milliseconds since 1970, as `parseMoment` tells them apart. A date or time without a zone is one of `zoneName`, and a
 * date alone its midnight. The computer's own zone has no part in it.
 */
export function readDate(value: unknown, zoneName: string): number | undefined {
  if (typeof value === 'number') return parseMoment(value)
  if (typeof value !== 'string' || value.length > MAX_CHARS) return undefined
  const text = value.trim().toLowerCase().replace(/\s+/g, ' ')
  if (/^[+-]?\d+(\.\d+)?$/.test(text)) return parseMoment(Number(text))
  const parts = partsOf(text)
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
