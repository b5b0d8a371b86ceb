import { isJsonObject, type Json, type JsonObject } from '../../../core/domain/values/json.ts'
import type { InputPath } from '../../draft/operations/input-path.ts'

/** Whether every condition of a group must hold, or one of them is enough. */
export type Mode = 'all' | 'any'

/** A group of conditions with where its rows are kept. */
export type ConditionRows = { readonly mode: Mode; readonly rows: readonly JsonObject[]; readonly path: InputPath }

/** A new row that asks for nothing yet. */
export const BLANK_CONDITION: JsonObject = { left: '', op: 'eq', right: '' }

/** The conditions of a group: a filter's input, or an item of another group's rows. */
export function conditionRows(group: Json | undefined, path: InputPath): ConditionRows {
  const value = isJsonObject(group) ? group : {}
  const mode: Mode = Array.isArray(value.any) && !Array.isArray(value.all) ? 'any' : 'all'
  const rows: Json = value[mode] ?? []
  return { mode, rows: Array.isArray(rows) ? rows.filter(isJsonObject) : [], path: [...path, mode] }
}

/** The group with its rows under the other word. What else it holds stays. */
export function withMode(group: JsonObject, mode: Mode): JsonObject {
  const { rows } = conditionRows(group, [])
  const { all: _all, any: _any, ...rest } = group
  return { ...rest, [mode]: rows }
}

/** The group without one of its rows. */
export function withoutRow(group: JsonObject, index: number): JsonObject {
  const { mode, rows } = conditionRows(group, [])
  return { ...group, [mode]: rows.toSpliced(index, 1) }
}

/** The group with one more row at its end. */
export function withRow(group: JsonObject, row: JsonObject): JsonObject {
  const { mode, rows } = conditionRows(group, [])
  return { ...group, [mode]: [...rows, row] }
}

/** Whether a row is a group of its own. */
export function isGroup(row: JsonObject): boolean {
  return Array.isArray(row.all) || Array.isArray(row.any)
}

/** Whether a row has not been filled in at all. */
export function isBlankCondition(row: Json): boolean {
  return isJsonObject(row) && row.left === '' && (row.right === undefined || row.right === '')
}
