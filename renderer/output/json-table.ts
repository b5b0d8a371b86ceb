import { isJsonList, isJsonObject, type Json, type JsonObject } from '../../core/domain/values/json.ts'
import { childPath } from '../ui/json/json-tree.ts'

/** A list of objects as a table. */
export type JsonTable = {
  /** Where the list stands. */
  readonly path: string
  readonly columns: readonly string[]
  readonly rows: readonly JsonObject[]
}

const LOOKED_AT = 200
const MAX_COLUMNS = 30
/** How far inside a value a list is looked for: the body of an answer, and what an API wraps its lists in. */
const MAX_DEPTH = 3

/** The first list of objects in a value, the nearest to its root; null where there is none. */
export function jsonTable(root: Json, rootPath: string): JsonTable | null {
  let level: (readonly [string, Json])[] = [[rootPath, root]]
  for (let depth = 0; depth <= MAX_DEPTH; depth++) {
    const next: (readonly [string, Json])[] = []
    for (const [path, value] of level) {
      const rows = objectsOf(value)
      if (rows) return { path, columns: columnsOf(rows), rows }
      if (isJsonObject(value)) {
        for (const [key, child] of Object.entries(value)) next.push([childPath(path, key), child])
      }
    }
    level = next
  }
  return null
}

function objectsOf(value: Json): readonly JsonObject[] | null {
  if (!isJsonList(value) || value.length === 0) return null
  const objects = value.filter((item): item is JsonObject => isJsonObject(item))
  return objects.length === value.length ? objects : null
}

function columnsOf(rows: readonly JsonObject[]): readonly string[] {
  const columns = new Set(rows.slice(0, LOOKED_AT).flatMap((row) => Object.keys(row)))
  return [...columns].slice(0, MAX_COLUMNS)
}

/** The numbers of the rows in which `search` stands. */
export function rowsWith(table: JsonTable, search: string): readonly number[] {
  const word = search.toLowerCase()
  return table.rows.flatMap((row, at) => (JSON.stringify(row).toLowerCase().includes(word) ? [at] : []))
}
