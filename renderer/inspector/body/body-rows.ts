import { objectOfJsonTemplate } from '../../../core/domain/templates/json-template.ts'
import { isJsonObject, type Json, type JsonObject } from '../../../core/domain/values/json.ts'
import { type InputPath, valueAt, withValueAt } from '../../draft/operations/input-path.ts'

/** A line of a body: a value by its name, or an object or a list with lines below it. */
export type BodyRow = {
  readonly path: InputPath
  readonly name: string | number
  readonly value: Json
  readonly depth: number
  /** How many lines stand below it; null for a value that has none. */
  readonly inside: number | null
}

/** Lines and levels that rows can show; what has more is text. */
const MAX_ROWS = 200
const MAX_DEPTH = 6

/** The body as rows show it; null for one that only text can say. Nothing is an empty one. */
export function rowsBody(value: Json | undefined): JsonObject | null {
  if (value === undefined || value === null) return {}
  const body = typeof value === 'string' ? objectOfJsonTemplate(value) : isJsonObject(value) ? value : null
  return body !== null && bodyRows(body) !== null ? body : null
}

/** The lines of a body, in order; null for too many of them, or too deep ones. */
export function bodyRows(body: JsonObject): readonly BodyRow[] | null {
  const rows: BodyRow[] = []
  const walk = (value: Json, path: InputPath): boolean => {
    if (path.length > MAX_DEPTH || rows.length > MAX_ROWS) return false
    return membersOf(value).every(([name, member]) => {
      const members = membersOf(member)
      const inside = members.length === 0 ? null : members.length
      rows.push({ path: [...path, name], name, value: member, depth: path.length, inside })
      return walk(member, [...path, name])
    })
  }
  return walk(body, []) ? rows : null
}

/** The body with a value at a path, or without one there. An object that is left empty goes with its last value. */
export function withRow(body: JsonObject, path: InputPath, value: Json | undefined): JsonObject {
  const changed = withValueAt(body, path, value)
  const object = isJsonObject(changed) ? changed : {}
  const parent = path.slice(0, -1)
  const left = valueAt(object, parent)
  return value === undefined && parent.length > 0 && left !== undefined && membersOf(left).length === 0
    ? withRow(object, parent, undefined)
    : object
}

/**
 * Where a name that was typed leads to from an object: `a.b` into an object of its own, `a[]` into a list. Null for none, and for one that is there.
 */
export function pathOfName(body: JsonObject, parent: InputPath, name: string): InputPath | null {
  const parts = name.trim().split('.')
  const path = parts.flatMap((part): InputPath => (part.endsWith('[]') ? [part.slice(0, -2), 0] : [part]))
  const isName = path.every((part) => typeof part === 'number' || part !== '')
  if (!isName || path.length > MAX_DEPTH) return null
  const whole = [...parent, ...path]
  const last = whole.at(-1)
  // One more of a list that is there.
  if (last === 0) {
    const list = valueAt(body, whole.slice(0, -1))
    return Array.isArray(list) ? [...whole.slice(0, -1), list.length] : list === undefined ? whole : null
  }
  return valueAt(body, whole) === undefined && fits(body, whole) ? whole : null
}

/** The body with a line called otherwise, at its place; null where that name cannot be. */
export function renamed(body: JsonObject, path: InputPath, name: string): JsonObject | null {
  const parent = path.slice(0, -1)
  const own = path.at(-1)
  if (typeof own !== 'string') return null
  if (own === name.trim()) return body
  const value = valueAt(body, path)
  const to = pathOfName(withRow(body, path, undefined), parent, name)
  if (value === undefined || to === null) return null
  if (to.length > path.length) return withRow(withRow(body, path, undefined), to, value)
  const siblings = valueAt(body, parent)
  const key = String(to.at(-1))
  const entries = isJsonObject(siblings) ? Object.entries(siblings) : []
  const changed = Object.fromEntries(entries.map(([one, item]) => [one === own ? key : one, item]))
  return parent.length === 0 ? changed : withRow(body, parent, changed)
}

/** The body with a line moved up or down among those beside it. */
export function moved(body: JsonObject, path: InputPath, by: 1 | -1): JsonObject {
  const parent = path.slice(0, -1)
  const siblings: Json | undefined = valueAt(body, parent)
  if (siblings === undefined) return body
  const members = membersOf(siblings)
  const at = members.findIndex(([name]) => name === path.at(-1))
  const member = members[at]
  if (member === undefined || at + by < 0 || at + by >= members.length) return body
  const order = members.toSpliced(at, 1).toSpliced(at + by, 0, member)
  const changed = Array.isArray(siblings) ? order.map(([, item]) => item) : Object.fromEntries(order)
  if (parent.length === 0) return isJsonObject(changed) ? changed : body
  return withRow(body, parent, changed)
}

function membersOf(value: Json): readonly (readonly [string | number, Json])[] {
  if (Array.isArray(value)) return value.map((item: Json, at) => [at, item] as const)
  return isJsonObject(value) ? Object.entries(value) : []
}

/** Whether everything on the way to a path is an object or list, or not there yet. */
function fits(body: JsonObject, path: InputPath): boolean {
  return path.slice(0, -1).every((_, at) => {
    const here = valueAt(body, path.slice(0, at + 1))
    return here === undefined || isJsonObject(here) || Array.isArray(here)
  })
}
