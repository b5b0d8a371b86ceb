import { StepError } from '../runs/step-error.ts'
import { type ConditionOp, evaluateRow } from '../templates/condition.ts'
import { looksNumeric, numericOf } from '../values/decimal.ts'
import type { Json } from '../values/json.ts'

/** One condition over a column of a row. */
export type RowCondition = { readonly column: string; readonly op: ConditionOp; readonly right?: Json | undefined }

/** Which rows are meant: those for which all, or any, of the parts hold. No parts at all in `all`: every row. */
export type RowFilter = { readonly all: readonly RowPart[] } | { readonly any: readonly RowPart[] }
export type RowPart = RowCondition | RowFilter

/** Every row. */
export const EVERY_ROW: RowFilter = { all: [] }

/** Facts of a row that are none of its columns: `@id` is its number, the others are times. A column of that very name goes before. */
export const ROW_FACTS = ['@id', '@created', '@changed'] as const

/** Reads a cell by the name of its column. */
export type ReadCell = (column: string) => Json

/** Whether a row is meant. Throws a {@link StepError} `bad-input` that names the column for values that cannot be compared. */
export function fitsFilter(filter: RowFilter, cell: ReadCell, zone: string): boolean {
  const fits = (part: RowPart): boolean => {
    if ('all' in part) return part.all.every(fits)
    if ('any' in part) return part.any.some(fits)
    try {
      return evaluateRow({ left: cell(part.column), op: part.op, right: part.right }, () => zone)
    } catch (error) {
      const details = StepError.from(error)
      throw new StepError({ ...details, message: `The column “${part.column}”: ${details.message}` }, { cause: error })
    }
  }
  return fits(filter)
}

/** The columns that a filter reads. */
export function columnsIn(filter: RowFilter): string[] {
  const names = new Set<string>()
  const walk = (part: RowPart): void => {
    if ('all' in part) part.all.forEach(walk)
    else if ('any' in part) part.any.forEach(walk)
    else names.add(part.column)
  }
  walk(filter)
  return [...names]
}

/** Columns that must equal one value each for a row to be meant, as far as that can be looked up: see `lookupKey`. */
export function equalsIn(filter: RowFilter): ReadonlyMap<string, Json> {
  const found = new Map<string, Json>()
  if (!('all' in filter)) return found
  for (const part of filter.all) {
    if ('column' in part && part.op === 'eq' && isLookedUp(part.right ?? null) && !found.has(part.column))
      found.set(part.column, part.right ?? null)
  }
  return found
}

/** Whether all that equals a value has its `lookupKey`, and nothing is left that could only be compared with an error. */
function isLookedUp(value: Json): boolean {
  if (typeof value === 'number') return true
  if (typeof value !== 'string' || value.trim() === '') return false
  if (/^\s*(?:true|false)\s*$/i.test(value.slice(0, 20))) return false
  return numericOf(value) !== undefined || !looksNumeric(value)
}
