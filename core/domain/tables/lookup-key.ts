import { numberKey, numericOf } from '../values/decimal.ts'
import { canonical, type Json, jsonEquals } from '../values/json.ts'

/** Characters of a key; those of longer values begin alike, and are told apart by the rows themselves. */
const MAX_CHARS = 300

/**
 * The text by which rows are looked up: values that a condition calls equal have the same one, and so may others. So what is found by it is
 * looked at once more.
 */
export function lookupKey(values: readonly Json[]): string {
  const [first = null] = values
  const key = values.length === 1 ? keyOf(first) : JSON.stringify(values.map(keyOf))
  return key.length <= MAX_CHARS ? key : key.slice(0, MAX_CHARS)
}

function keyOf(value: Json): string {
  if (value === null) return ''
  if (typeof value === 'object') return `{${canonical(value)}`
  const number = numericOf(value)
  return number === undefined ? `=${value}` : `#${numberKey(number)}`
}

/** Whether two values are one and the same as keys: the same JSON, or a number and the text that is written so (`7` and `"7"`). */
export function isSameKey(a: Json, b: Json): boolean {
  if (a === b) return true
  if (a === null || b === null) return false
  if (typeof a !== 'object' && typeof b !== 'object') return String(a) === String(b)
  return typeof a === 'object' && typeof b === 'object' && jsonEquals(a, b)
}
