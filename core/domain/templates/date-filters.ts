import { type Context, toValue } from 'liquidjs'
import { readDate } from '../time/read-date.ts'
import { writeDate } from '../time/write-date.ts'
import { hostZone, zoneOf } from '../time/zone.ts'
import { isJsonObject, type Json, textOf } from '../values/json.ts'

type Filter = (this: { context: Context }, ...values: unknown[]) => string

const USUAL_FORMAT = '%A, %B %-e, %Y at %-l:%M %P %z'

/**
 * The filters that write dates. LiquidJS's own take the computer's zone, and its rules of the wrong moment; these take the zone that they are told, or the
 * zap's (`zap.timezone`), and name what is no date.
 */
export const dateFilters: { readonly [name: string]: Filter } = {
  date(value, format, zone) {
    const plain: unknown = toValue(format)
    return written(
      this.context,
      value,
      plain === undefined || plain === null ? USUAL_FORMAT : textOf(plain as Json),
      zone,
    ) // templates read JSON
  },
  ago(value) {
    return fromNow(momentOf(this.context, value) - nowMs(this.context.environments))
  },
  date_to_xmlschema(value) {
    return written(this.context, value, '%FT%T%:z')
  },
  date_to_rfc822(value) {
    return written(this.context, value, '%a, %d %b %Y %T %z')
  },
  date_to_string(value, kind, style) {
    return written(this.context, value, dayFormat('%b', kind, style))
  },
  date_to_long_string(value, kind, style) {
    return written(this.context, value, dayFormat('%B', kind, style))
  },
}

function dayFormat(month: string, kind: unknown, style: unknown): string {
  if (toValue(kind) !== 'ordinal') return `%d ${month} %Y`
  return toValue(style) === 'US' ? `${month} %-d%q, %Y` : `%-d%q ${month} %Y`
}

function written(context: Context, value: unknown, format: string, wanted?: unknown): string {
  const zone = zoneName(toValue(wanted), context.environments)
  return writeDate(momentOf(context, value, zone), format, zone)
}

function momentOf(context: Context, value: unknown, zone: string = zoneName(undefined, context.environments)): number {
  const plain: unknown = toValue(value)
  const isNow = plain === 'now' || plain === 'today'
  const at = readDate(isNow ? nowOf(context.environments) : plain, zone)
  if (at === undefined) throw new Error(notADate((plain ?? null) as Json)) // templates read JSON
  return at
}

const nowMs = (scope: unknown): number => readDate(nowOf(scope), 'UTC') ?? Date.now()

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
/** From the largest; a month and a year are as long as they are on average. */
const UNITS: readonly (readonly [ms: number, name: string])[] = [
  [365.25 * DAY, 'year'],
  [30.4375 * DAY, 'month'],
  [DAY, 'day'],
  [HOUR, 'hour'],
  [MINUTE, 'minute'],
]

/** A time by how far it is from now, in its largest unit, which is over: `2 days ago`, `in 3 hours`, `just now`. */
function fromNow(ms: number): string {
  const size = Math.abs(ms)
  const unit = UNITS.find(([length]) => size >= length)
  if (unit === undefined) return 'just now'
  const count = Math.floor(size / unit[0])
  const words = `${count} ${unit[1]}${count === 1 ? '' : 's'}`
  return ms < 0 ? `${words} ago` : `in ${words}`
}

/** The one moment that a whole run calls now. */
function nowOf(scope: unknown): unknown {
  const now: unknown = isJsonObject(scope) ? scope.now : undefined
  return now ?? Date.now()
}

function zoneName(wanted: unknown, scope: unknown): string {
  if (wanted === undefined || wanted === null || wanted === '') {
    const zap: unknown = isJsonObject(scope) ? scope.zap : undefined
    return isJsonObject(zap) && typeof zap.timezone === 'string' ? zap.timezone : hostZone()
  }
  // As in LiquidJS, a number is minutes west of UTC.
  const name = typeof wanted === 'number' ? offsetName(-wanted) : String(wanted)
  try {
    return zoneOf(name).name
  } catch {
    throw new Error(`“${name.slice(0, 60)}” is not a known time zone, such as Europe/Berlin`)
  }
}

function offsetName(minutes: number): string {
  const size = Math.abs(minutes)
  const [hours, rest] = [Math.floor(size / 60), size % 60].map((part) => String(part).padStart(2, '0'))
  return `${minutes < 0 ? '-' : '+'}${hours}:${rest}`
}

function notADate(value: Json): string {
  if (value === null) return 'There is no date (null): say with "| default: …" what counts instead'
  const text = textOf(value)
  if (text.trim() === '') return 'An empty text is not a date: say with "| default: …" what counts instead'
  return `“${text.length > 60 ? `${text.slice(0, 60)}…` : text}” is not a date, such as 2026-11-26 or 2026-11-26T09:30:00Z`
}
