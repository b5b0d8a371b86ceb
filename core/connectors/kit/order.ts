import { z } from 'zod'
import { StepError } from '../../domain/runs/step-error.ts'
import { readDate } from '../../domain/time/read-date.ts'
import { compareNumerics, type Numeric, notANumber, numericOf } from '../../domain/values/decimal.ts'
import type { Json } from '../../domain/values/json.ts'

/** How values are put in order: by what they are, or all as one kind. */
export type OrderBy = 'auto' | 'number' | 'text' | 'date'

/** A value as it stands in an order. `rank` puts those of different kinds one after the other; undefined stands for what is missing. */
export type Sortable = { readonly rank: number; readonly value: Numeric | boolean } | undefined

const NUMBER = 0
const MOMENT = 1
const TEXT = 2
const BOOLEAN = 3
const OTHER = 4

/** An ISO date, with or without a time: what is put in order by time without being asked for. */
const ISO_DATE = /^[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[T ][0-9:.]{4,20}(?:Z|[+-][0-9]{2}:?[0-9]{2})?)?$/

// The same order on every computer.
const collator = new Intl.Collator('en')

/**
 * A value as it stands in an order. Null, nothing and blank text are missing. Numbers and numeric texts go by value, ISO dates by time, other texts
 * as a dictionary has them.
 *
 * @throws StepError `bad-input` for what is no number or date where it must be one.
 */
export function sortable(value: Json | undefined, as: OrderBy, zone: string): Sortable {
  if (value === undefined || value === null || (typeof value === 'string' && value.trim() === '')) return undefined
  if (as === 'text') return { rank: TEXT, value: typeof value === 'object' ? JSON.stringify(value) : String(value) }
  const numeric = numericOf(value)
  if (as === 'number') {
    if (numeric === undefined) throw refusal(`${notANumber(value)}.`)
    return { rank: NUMBER, value: numeric }
  }
  if (as === 'date') {
    const at = readDate(value, zone)
    if (at === undefined)
      throw refusal(
        `${shown(value)} is not a date that is understood, such as 2026-11-26 or 2026-11-26T09:30:00+01:00.`,
      )
    return { rank: MOMENT, value: at }
  }
  if (numeric !== undefined) return { rank: NUMBER, value: numeric }
  if (typeof value === 'string') {
    const at = value.length <= 40 && ISO_DATE.test(value) ? readDate(value, zone) : undefined
    return at === undefined ? { rank: TEXT, value } : { rank: MOMENT, value: at }
  }
  return typeof value === 'boolean' ? { rank: BOOLEAN, value } : { rank: OTHER, value: JSON.stringify(value) }
}

/** Less than, equal to or greater than 0, as `a` stands before, beside or behind `b`. What is missing stands last, in either direction. */
export function compareSortables(a: Sortable, b: Sortable, isDescending = false): number {
  if (a === undefined || b === undefined) return a === b ? 0 : a === undefined ? 1 : -1
  const order = a.rank === b.rank ? sameKind(a, b) : a.rank - b.rank
  return isDescending ? -order : order
}

function sameKind(a: NonNullable<Sortable>, b: NonNullable<Sortable>): number {
  if (a.rank === TEXT || a.rank === OTHER) return collator.compare(String(a.value), String(b.value))
  if (a.rank === BOOLEAN) return Number(a.value) - Number(b.value)
  return compareNumerics(a.value as Numeric, b.value as Numeric) // numbers and moments are numeric
}

/** Places that are put in order at once: a fraction of a millisecond, and most of the comparisons of a list of any length. */
const AT_ONCE = 256

/** Sorts the places of so many items: a stable order, made in steps of bounded time (merge sort). */
export function* sortedPlaces(
  count: number,
  compare: (a: number, b: number) => number,
): Generator<undefined, Uint32Array, undefined> {
  let from = Uint32Array.from({ length: count }, (_, at) => at)
  for (let start = 0; start < count; start += AT_ONCE) {
    yield
    from.subarray(start, start + AT_ONCE).sort(compare)
  }
  let to = new Uint32Array(count)
  for (let width = AT_ONCE; width < count; width *= 2) {
    for (let start = 0; start < count; start += 2 * width) {
      yield* mergedPlaces(from, to, start, Math.min(start + width, count), Math.min(start + 2 * width, count), compare)
    }
    ;[from, to] = [to, from]
  }
  return from
}

/** Merges two parts, each in order, which lie beside each other; of equal items those of the former part go first. */
function* mergedPlaces(
  from: Uint32Array,
  to: Uint32Array,
  start: number,
  middle: number,
  end: number,
  compare: (a: number, b: number) => number,
): Generator<undefined, void, undefined> {
  let left = start
  let right = middle
  let at = start
  while (at < end) {
    const until = Math.min(at + AT_ONCE, end)
    for (; at < until; at++) {
      const takesLeft = left < middle && (right >= end || compare(from[left] ?? 0, from[right] ?? 0) <= 0)
      to[at] = (takesLeft ? from[left++] : from[right++]) ?? 0
    }
    yield
  }
}

function refusal(message: string): StepError {
  return new StepError({ code: 'bad-input', message, retryable: false })
}

function shown(value: Json): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return `“${text.length > 60 ? `${text.slice(0, 60)}…` : text}”`
}

/** How a list or a table is put in order: the fields of a row beside what it is ordered by. */
export const orderFields = {
  order: z
    .enum(['asc', 'desc'])
    .default('asc')
    .meta({ title: 'Order', ui: { labels: { asc: 'Smallest first', desc: 'Largest first' } } }),
  as: z
    .enum(['auto', 'number', 'text', 'date'])
    .default('auto')
    .meta({
      title: 'Compare as',
      ui: { labels: { auto: 'What they are', number: 'Numbers', text: 'Text', date: 'Dates' } },
    }),
}
