import type { Json } from './json.ts'

/** Characters of the longest text that counts as a number. */
const MAX_NUMBER_CHARS = 1_000
/** A plain decimal number. Each alternative begins with what no other can, so that no text is looked at twice. */
const PLAIN_NUMBER = /^[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,9})?$/
/** A number as people write it, with marks between groups of digits, a currency or a percent sign: `1,500.00`, `3,5`, `€ 20`. */
const WRITTEN_NUMBER = /^[+\-−]?\p{Sc}?\s?[+\-−]?[0-9](?:[0-9.,'’_\u00a0\u202f ]*[0-9])?\s?[\p{Sc}%]?$/u

/** A number: a double, or the text of one with more digits than a double has (see `readJson`). */
export type Numeric = number | string

/**
 * The number of a value: a finite number itself; of a text that is nothing but a plain decimal number (`12`, `-1.5`, `1e3`, blanks around
 * it allowed), its double, or, where a double would change it, the text. Undefined for anything else. Takes time in proportion to the text.
 */
export function numericOf(value: unknown): Numeric | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined
  if (typeof value !== 'string' || value.length > MAX_NUMBER_CHARS) return undefined
  const text = value.trim()
  if (!PLAIN_NUMBER.test(text)) return undefined
  return isExact(text) ? Number(text) : text
}

/** A number as a program wrote it: a number where a double holds it exactly, else its text. */
export function exactNumber(text: string): Numeric {
  return numericOf(text) ?? text
}

/** Whole numbers in groups of three digits, `1,500,000`, or of three after groups of two, `15,00,000`, all with the same mark between them. */
const GROUPED =
  /^(?:[1-9][0-9]{0,2}(?:([.,'’_\s])[0-9]{3}(?:\1[0-9]{3})*)|[1-9][0-9]?(?:([.,'’_\s])[0-9]{2}(?:\2[0-9]{2})*\2[0-9]{3}))$/
/** A fraction, which may be in groups of three digits, as ISO 80000 has it. */
const FRACTION = /^(?:[0-9]*|[0-9]{3}(?:[_\s][0-9]{3})*[_\s][0-9]{1,3})$/

/**
 * The number of a text as people write it: its decimal mark is `mark`, other marks stand between groups of digits, and a sign of currency around it does not
 * count. Undefined for what is none: marks that stand elsewhere than between such groups make a date, a version or a list, but no number.
 */
export function writtenNumber(text: string, mark: '.' | ','): Numeric | undefined {
  const parts = text.length > 100 ? null : /^([+\-−]?)\s?\p{Sc}?\s?([+\-−]?)([0-9.,'’_\s]*)\p{Sc}?$/u.exec(text.trim())
  if (parts === null) return undefined
  const [whole = '', fraction = '', more] = (parts[3] ?? '').trim().split(mark, 3)
  if (more !== undefined || !FRACTION.test(fraction)) return undefined
  if (!/^[0-9]*$/.test(whole) && (whole.includes(mark) || !GROUPED.test(whole))) return undefined
  const [units, parted] = [whole, fraction].map((digits) => digits.replaceAll(/[^0-9]/g, ''))
  const number = parted === '' ? units : `${units}.${parted}`
  return numericOf(`${parts[1]}${parts[2]}`.replace('−', '-') + number)
}

/** Whether a text that is no plain number was meant as one, such as `1,500.00` or `20 %`. */
export function looksNumeric(text: string): boolean {
  return text.length <= 100 && WRITTEN_NUMBER.test(text.trim())
}

/** Less than, equal to or greater than 0, as `a` is to `b`; exact, whatever their number of digits. */
export function compareNumerics(a: Numeric, b: Numeric): number {
  if (typeof a === 'number' && typeof b === 'number') return a < b ? -1 : a > b ? 1 : 0
  const left = decimalOf(String(a))
  const right = decimalOf(String(b))
  if (left.sign !== right.sign) return left.sign - right.sign
  const [leftSize, rightSize] = [left.digits.length + left.power, right.digits.length + right.power]
  if (leftSize !== rightSize) return left.sign * (leftSize - rightSize)
  // No zeros stand at either end, so that digits of the same size are in the order of their texts.
  return left.digits === right.digits ? 0 : left.digits < right.digits ? -left.sign : left.sign
}

/**
 * How two values stand to one another, as {@link compareNumerics}; undefined where one is absent (null or an empty text) or both are
 * something that has no order. Numbers and numeric texts go by their value, any two other texts letter by letter, so that ISO dates in
 * the same zone go by time.
 *
 * @throws Error that names a value which stands beside a number and is none, and a number that is written in another way (`1,500.00`).
 */
export function orderOf(left: Json, right: Json): number | undefined {
  if (isAbsent(left) || isAbsent(right)) return undefined
  const a = numericOf(left)
  const b = numericOf(right)
  if (a !== undefined && b !== undefined) return compareNumerics(a, b)
  if (a !== undefined || b !== undefined) throw new Error(notANumber(a === undefined ? left : right))
  if (typeof left !== 'string' || typeof right !== 'string') return undefined
  if (looksNumeric(left) && looksNumeric(right)) throw new Error(notANumber(left))
  return left < right ? -1 : left > right ? 1 : 0
}

/**
 * Refuses to say that two values differ where one of them is a number that is only written in another way. Beside a number every such text is
 * refused; beside a text that is a number (`1500`), those that one of the two decimal marks would make the same.
 *
 * @throws Error that names the text, and the remedy.
 */
export function checkSameStyle(left: Json, right: Json): void {
  for (const [value, other] of [
    [left, right],
    [right, left],
  ] as const) {
    if (typeof value !== 'string' || !looksNumeric(value) || numericOf(value) !== undefined) continue
    const number = numericOf(other)
    if (number === undefined) continue
    const means = (mark: '.' | ','): boolean => {
      const read = writtenNumber(value, mark)
      return read !== undefined && compareNumerics(read, number) === 0
    }
    if (typeof other === 'number' || means('.') || means(',')) throw new Error(notANumber(value))
  }
}

function isAbsent(value: Json): boolean {
  return value === null || (typeof value === 'string' && value.trim() === '')
}

/** Whether reading a decimal number as a double loses nothing that was written. */
export function isExact(source: string): boolean {
  const value = Number(source)
  if (!Number.isFinite(value)) return false
  const written = decimalOf(source)
  return isSame(written, decimalOf(String(value))) || isSame(written, decimalOf(value.toPrecision(17)))
}

/** A decimal number in one form: its digits without zeros at either end, and the power of ten of the last one. */
type Decimal = { readonly sign: -1 | 0 | 1; readonly digits: string; readonly power: number }

function isSame(a: Decimal, b: Decimal): boolean {
  return a.sign === b.sign && a.power === b.power && a.digits === b.digits
}

function decimalOf(source: string): Decimal {
  const lower = source.toLowerCase()
  const [mantissa = '', exponent = '0'] = lower.split('e', 2)
  const isNegative = mantissa.startsWith('-')
  const isSigned = isNegative || mantissa.startsWith('+')
  const [whole = '', fraction = ''] = (isSigned ? mantissa.slice(1) : mantissa).split('.', 2)
  const digits = whole + fraction
  let start = 0
  while (digits.charCodeAt(start) === 0x30) start++
  if (start === digits.length) return { sign: 0, digits: '', power: 0 }
  let end = digits.length
  while (digits.charCodeAt(end - 1) === 0x30) end--
  const power = Number(exponent) - fraction.length + (digits.length - end)
  return { sign: isNegative ? -1 : 1, digits: digits.slice(start, end), power }
}

/** A text that two numbers have in common when they are equal, however they are written: `7`, `"7.0"` and `"07"`. */
export function numberKey(value: Numeric): string {
  const { sign, digits, power } = decimalOf(String(value))
  return sign === 0 ? '0' : `${sign < 0 ? '-' : ''}${digits}e${power}`
}

/** Digits that numbers which are added up may lie apart: `1e999999` and 1 would need a million of them. */
const MAX_SPAN = 2_000

/** Digits that a quotient is worked out to: enough for every one by up to a million that comes to an end, and more than it is rounded to. */
const MEAN_DIGITS = 40
/** Significant digits of a quotient that does not come to an end: as many as every double keeps. */
const ROUNDED_DIGITS = 15

/** Adds up numbers exactly, so that 0.1 and 0.2 make 0.3. */
export function createSum(): {
  /** @throws Error for a number that is too far from the others. */
  add(value: Numeric): void
  /**
   * The sum as a double; as text, with all digits, where it has more of them than a double has and is whole, or has such numbers in it.
   *
   * @throws Error for a sum that no double comes near to, unless there was text that none does either.
   */
  total(): Numeric
  /** The sum divided by a count above 0: exact where that comes to an end, else rounded to 15 digits; as a double or text as the sum is. */
  mean(count: number): Numeric
} {
  let digits = 0n
  let power = 0
  let hasTexts = false
  return {
    add(value) {
      hasTexts ||= typeof value === 'string'
      const one = decimalOf(String(value))
      if (one.sign === 0) return
      if (digits === 0n) power = one.power
      const lowest = Math.min(power, one.power)
      if (Math.max(power, one.power) - lowest > MAX_SPAN) {
        throw new Error(`${value} is too large or too small to be added to the other numbers`)
      }
      digits =
        digits * 10n ** BigInt(power - lowest) +
        BigInt(one.sign) * BigInt(one.digits) * 10n ** BigInt(one.power - lowest)
      power = lowest
    },
    total() {
      const text = `${digits}e${power}`
      if (!hasTexts && !Number.isFinite(Number(text))) throw new Error('The sum is larger than the largest number')
      const isWhole = power >= 0 || digits % 10n ** BigInt(-power) === 0n
      return (hasTexts || isWhole) && !isExact(text) ? plainText(text) : Number(text)
    },
    mean(count) {
      const shifted = digits * 10n ** BigInt(MEAN_DIGITS)
      const quotient = shifted / BigInt(count)
      const isWhole = quotient * BigInt(count) === shifted
      const cut = isWhole ? 0 : String(quotient < 0n ? -quotient : quotient).length - ROUNDED_DIGITS
      const half = 5n * 10n ** BigInt(Math.max(0, cut - 1))
      const rounded = cut > 0 ? (quotient + (quotient < 0n ? -half : half)) / 10n ** BigInt(cut) : quotient
      const at = power - MEAN_DIGITS + Math.max(0, cut)
      const text = `${rounded}e${at}`
      return hasTexts && !isExact(text) ? plainText(text) : Number(text)
    },
  }
}

/** A decimal number without an exponent, and without zeros behind its fraction. */
function plainText(source: string): string {
  const { sign, digits, power } = decimalOf(source)
  if (sign === 0) return '0'
  const minus = sign < 0 ? '-' : ''
  if (power >= 0) return `${minus}${digits}${'0'.repeat(power)}`
  const padded = digits.padStart(1 - power, '0')
  return `${minus}${padded.slice(0, power)}.${padded.slice(power)}`
}

/** What to say of a value in a place for a number: what it is, and what to do about it. */
export function notANumber(value: Json): string {
  if (value === null) return 'There is no number (null): say with "| default: 0" what counts instead'
  if (typeof value === 'boolean') return `${value} is not a number`
  if (typeof value === 'object') return `${Array.isArray(value) ? 'A list' : 'An object'} is not a number`
  const text = String(value)
  if (text.trim() === '') return 'An empty text is not a number: say with "| default: 0" what counts instead'
  const shown = `“${text.length > 60 ? `${text.slice(0, 60)}…` : text}”`
  if (!looksNumeric(text)) return `${shown} is not a number`
  if (text.includes('%')) return `${shown} is not a plain number such as 1500.5: take the % out, with "| remove: '%'"`
  return `${shown} is not a plain number such as 1500.5: name its decimal mark, with "| number: '.'" or "| number: ','"`
}
