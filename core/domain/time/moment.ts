import { z } from 'zod'
import type { Json } from '../values/json.ts'

/** Numbers below it count as seconds since 1970: as seconds it is the year 5138, as milliseconds the spring of 1973. */
const FIRST_MS = 100_000_000_000

/** Seconds or milliseconds since 1970, as text. */
export const UNIX = /^[+-]?(?:[0-9]{10}|[0-9]{13})(?:\.[0-9]+)?$/

const dateTime = z.iso.datetime({ offset: true })

/**
 * The moment, in milliseconds since 1970 UTC, that a value names: an ISO 8601 date and time with its zone (`Z` or `+05:30`), or a
 * number of seconds or milliseconds since 1970, which as text has 10 digits or 13: fewer are a year or a date without its dashes. Undefined for anything else: a time without a zone would mean
 * something else on every computer.
 */
export function parseMoment(value: Json): number | undefined {
  if (typeof value === 'number') return fromNumber(value)
  if (typeof value !== 'string') return undefined
  const text = value.trim()
  if (UNIX.test(text)) return fromNumber(Number(text))
  // A blank in place of the T, no seconds, and a zone such as +0530 are common; `Date.parse` alone would take much that is no time.
  const strict = text
    .replace(/^(\d{4}-\d{2}-\d{2}) /, '$1T')
    .replace(/(T\d{2}:\d{2})(?=Z|[+-])/, '$1:00')
    .replace(/([+-]\d{2})(\d{2})$/, '$1:$2')
  return dateTime.safeParse(strict).success ? Date.parse(strict) : undefined
}

/** Latest moment that a `Date` can hold. */
const LAST_MS = 8_640_000_000_000_000

function fromNumber(value: number): number | undefined {
  const ms = Math.round(Math.abs(value) < FIRST_MS ? value * 1_000 : value)
  return Math.abs(ms) <= LAST_MS ? ms : undefined
}
