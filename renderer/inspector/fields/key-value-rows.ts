import { isJsonObject, type Json, type JsonObject } from '../../../core/domain/values/json.ts'

/** A row of a table of names and values, as it is typed: its name may be empty, or there twice. */
export type KeyValueRow = { readonly key: number; readonly name: string; readonly value: Json }

/** The rows of what is stored. A blank name stands for one that was not given yet. */
export function rowsOf(stored: Json | undefined, nextKey: () => number): readonly KeyValueRow[] {
  if (stored === undefined || !isJsonObject(stored)) return []
  return Object.entries(stored).map(([name, value]) => ({
    key: nextKey(),
    name: name.trim() === '' ? '' : name,
    value,
  }))
}

/**
 * What is stored of the rows; undefined for nothing. A row that has a value and no name is stored under a blank one, so that nothing that was
 * typed is lost, and the host asks for the name before it lets the zap go live.
 */
export function objectOfRows(rows: readonly KeyValueRow[]): JsonObject | undefined {
  const blank = blankNames(rows)
  const entries = rows.flatMap((row): [string, Json][] => {
    const name = row.name.trim()
    if (name !== '') return [[name, row.value]]
    const own = blank.get(row)
    return own === undefined ? [] : [[own, row.value]]
  })
  return entries.length === 0 ? undefined : Object.fromEntries(entries)
}

/** The names of rows that have none but a value: blanks, each one longer than the one before. */
export function blankNames(rows: readonly KeyValueRow[]): ReadonlyMap<KeyValueRow, string> {
  const nameless = rows.filter((row) => row.name.trim() === '' && row.value !== '')
  return new Map(nameless.map((row, at) => [row, ' '.repeat(at)]))
}
