import { numericOf } from '../values/decimal.ts'
import type { Json } from '../values/json.ts'
import type { ColumnType } from './table.ts'

/** A day, with or without a time, as ISO 8601 has it. */
const ISO_DATE = /^\d{4}-\d{2}-\d{2}(?:[T ][0-9:.]{4,20}(?:Z|[+-]\d{2}:?\d{2})?)?$/

/** What a column is whose first values these are: what all of them are, but for empty ones; text where they differ. */
export function typeOfValues(values: readonly Json[]): ColumnType {
  let type: ColumnType | undefined
  for (const value of values) {
    if (value === null || value === '') continue
    const own = typeOf(value)
    if (type !== undefined && own !== type) return 'text'
    type = own
  }
  return type ?? 'text'
}

function typeOf(value: Json): ColumnType {
  if (typeof value === 'number') return 'number'
  if (typeof value === 'boolean') return 'boolean'
  if (typeof value === 'object') return 'json'
  if (value.length <= 40 && ISO_DATE.test(value)) return 'date'
  // A number with more digits than a double has comes as text; a house number with a zero before it is none.
  return value.length > 15 && !/^[+-]?0\d/.test(value) && numericOf(value) !== undefined ? 'number' : 'text'
}
