import { isJsonObject, type Json } from '../../../core/domain/values/json.ts'

/** What can be done with a value depends on which of these it is. */
export type ValueKind = 'text' | 'number' | 'date' | 'list' | 'object' | 'boolean'

/** A day or a time as programs write it; longer texts are none. */
const DATE = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])([T ][\d:.,+\-Z]{4,24})?$/

/** The kind of a value; null for null and for one that is not known. */
export function kindOf(value: Json | undefined): ValueKind | null {
  if (value === undefined || value === null) return null
  if (typeof value === 'string') return value.length <= 40 && DATE.test(value) ? 'date' : 'text'
  if (typeof value === 'number') return 'number'
  if (typeof value === 'boolean') return 'boolean'
  return isJsonObject(value) ? 'object' : 'list'
}
