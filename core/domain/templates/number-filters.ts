import { toValue } from 'liquidjs'
import { notANumber, numericOf, writtenNumber } from '../values/decimal.ts'
import type { Json } from '../values/json.ts'

/**
 * The filters that calculate. LiquidJS's own take for 0 what is no number (`"3,5" | times: 2`), which is a wrong value without a word;
 * these throw, and name it. Numeric texts count as numbers, as they do in conditions.
 */
export const numberFilters: { readonly [name: string]: (...values: unknown[]) => unknown } = {
  abs: (value) => calculated(Math.abs(number(value))),
  ceil: (value) => calculated(Math.ceil(number(value))),
  floor: (value) => calculated(Math.floor(number(value))),
  round: (value, places) => calculated(round(number(value), places === undefined ? 0 : number(places))),
  plus: (value, other) => calculated(number(value) + number(other)),
  minus: (value, other) => calculated(number(value) - number(other)),
  times: (value, other) => calculated(number(value) * number(other)),
  divided_by(value, other, whole) {
    const quotient = number(value) / divisor(other)
    return calculated(toValue(whole) === true ? Math.floor(quotient) : quotient)
  },
  modulo(value, other) {
    const by = divisor(other)
    return calculated(((number(value) % by) + by) % by)
  },
  at_least: (value, other) => Math.max(number(value), number(other)),
  at_most: (value, other) => Math.min(number(value), number(other)),
  sum(list, property) {
    const items: unknown = toValue(list)
    const name: unknown = toValue(property)
    let total = 0
    for (const item of Array.isArray(items) ? items : [items]) {
      const value: unknown = toValue(name === undefined ? item : member(item, name))
      // A list has no place for a default; what an item lacks adds nothing.
      if (value !== null && value !== undefined) total += number(value)
    }
    return calculated(total)
  },
  to_integer: number,
  number: (value, mark) => readNumber(toValue(value), toValue(mark) ?? '.'),
  format_number: (value, example) => writeNumber(number(value), String(toValue(example) ?? '1,500.75')),
}

function number(value: unknown): number {
  const plain: unknown = toValue(value)
  const numeric = numericOf(plain)
  if (typeof numeric === 'number') return numeric
  if (numeric === undefined) throw new Error(notANumber((plain ?? null) as Json)) // templates read JSON
  throw new Error(
    `${numeric.length > 60 ? `${numeric.slice(0, 60)}…` : numeric} has more digits than can be calculated with`,
  )
}

function divisor(value: unknown): number {
  const by = number(value)
  if (by === 0) throw new Error('the result is not a number: this is a division by zero')
  return by
}

function calculated(result: number): number {
  if (!Number.isFinite(result)) throw new Error('the result is larger than any number')
  return result
}

function member(item: unknown, name: unknown): unknown {
  let value: unknown = item
  for (const key of String(name).split('.')) {
    const holder: unknown = value
    value =
      typeof holder === 'object' && holder !== null && Object.hasOwn(holder, key) ? Reflect.get(holder, key) : null
  }
  return value
}

/** Halves away from zero, by the decimal digits that are seen and not by those of the double: 1.005 to two places is 1.01. */
function round(value: number, places: number): number {
  const scaled = shift(Math.abs(value), places)
  if (!(scaled <= Number.MAX_SAFE_INTEGER)) return value
  const rounded = shift(Math.round(scaled), -places)
  return value < 0 ? -rounded : rounded
}

function shift(value: number, places: number): number {
  const [mantissa, power = '0'] = String(value).split('e')
  return Number(`${mantissa}e${Number(power) + places}`)
}

/** The number of a text as people write it: its decimal mark is `mark`, other marks stand between groups of digits, and a currency around it does not count. */
function readNumber(value: unknown, mark: unknown): unknown {
  if (typeof value !== 'string') return number(value)
  if (mark !== '.' && mark !== ',') throw new Error('number takes the decimal mark: "." or ","')
  const numeric = writtenNumber(value, mark)
  if (numeric === undefined) return number(value)
  return number(numeric)
}

/** Characters of an example of a number. */
const MAX_EXAMPLE_CHARS = 60
/** What may stand between the digits of a number: marks, blanks of three widths, and apostrophes. */
const SEPARATOR = "[.,' \u00a0\u202f\u2019]"
const EXAMPLE = new RegExp(`^([^\\d]*)(\\d+(?:${SEPARATOR}\\d+)*)([^\\d]*)$`, 'u')

/**
 * A number as the number of an example is written: with its marks, as many decimals, and what stands around it (`1.500,75 €`). The last mark is the
 * decimal one, unless three digits follow it and no other mark stands before it (`1,500`).
 */
function writeNumber(value: number, example: string): string {
  const [, before = '', digits = '', after = ''] = (example.length <= MAX_EXAMPLE_CHARS && EXAMPLE.exec(example)) || []
  const groups = digits.split(new RegExp(SEPARATOR, 'u'))
  const marks = digits.match(new RegExp(SEPARATOR, 'gu')) ?? []
  const last = marks.at(-1) ?? ''
  const isGrouped = groups.at(-1)?.length === 3 && groups[0] !== '0' && marks.every((mark) => mark === last)
  const decimal = isGrouped || !/[.,]/.test(last) ? '' : last
  const group = marks[0] !== undefined && (decimal === '' || marks.length > 1) ? marks[0] : ''
  const whole = decimal === '' ? groups : groups.slice(0, -1)
  const isExample =
    digits !== '' &&
    (group === '' || group !== decimal) &&
    marks.every((mark, at) => mark === (decimal !== '' && at === marks.length - 1 ? decimal : group)) &&
    (group === '' || whole.slice(1).every((part) => part.length === 3))
  if (!isExample) {
    throw new Error(
      `“${example.slice(0, MAX_EXAMPLE_CHARS)}” is no example of a number, such as 1,500.75 or 1.500,75 €`,
    )
  }
  const rounded = round(Math.abs(value), decimal === '' ? 0 : (groups.at(-1)?.length ?? 0))
  if (rounded >= 1e21) throw new Error('the number is too large to be written with all its digits')
  const [left = '', right] = rounded.toFixed(decimal === '' ? 0 : Math.min(100, groups.at(-1)?.length ?? 0)).split('.')
  const grouped = group === '' ? left : inThrees(left).join(group)
  const sign = value < 0 && rounded !== 0 ? '-' : ''
  return `${sign}${before}${grouped}${right === undefined ? '' : decimal + right}${after}`
}

/** Digits in groups of three, from the right. */
function inThrees(digits: string): string[] {
  const groups: string[] = []
  for (let end = digits.length; end > 0; end -= 3) groups.unshift(digits.slice(Math.max(0, end - 3), end))
  return groups
}
