import { compareSortables, type Sortable, sortable } from '../../connectors/kit/order.ts'
import type { RowQuery } from '../../connectors/table-access.ts'
import type { Tx } from '../../db/executor.ts'
import { type DataRow, getRow, insertKey, type LookupKey, listKeys, lookUp, rowsAfter } from '../../db/table-rows.ts'
import type { DataTable } from '../../db/tables.ts'
import { StepError } from '../../domain/runs/step-error.ts'
import { lookupKey } from '../../domain/tables/lookup-key.ts'
import { columnsIn, equalsIn, fitsFilter, ROW_FACTS, type RowFilter } from '../../domain/tables/row-filter.ts'
import { notThere, placeOf, shownColumns } from '../../domain/tables/table.ts'
import type { Json } from '../../domain/values/json.ts'

/** Rows that one transaction reads: what waits behind it waits for a few milliseconds. */
const SLICE = 1_000
/** Rows from which a column that must equal a value is worth an index. */
const WORTH_A_KEY = 5_000
/** Ways to look rows of one table up; each makes every change a little slower. */
export const MOST_KEYS = 8

/** Reads cells of a row by the names of columns. */
export function cellReader(table: DataTable): (row: DataRow) => (column: string) => Json {
  const places = new Map<string, number>()
  const place = (column: string): number => {
    const known = places.get(column)
    if (known !== undefined) return known
    const at = placeOf(table.columns, column)
    places.set(column, at)
    return at
  }
  return (row) => (column) => {
    const at = place(column)
    if (at >= 0) return row.cells[at] ?? null
    if (column === '@id') return row.id
    if (column === '@created') return new Date(row.createdAt).toISOString()
    return column === '@changed' ? new Date(row.changedAt).toISOString() : null
  }
}

/** Throws a StepError `no-column` for a column that the table does not have. */
export function checkColumns(table: DataTable, columns: readonly string[]): void {
  for (const name of columns) {
    if (placeOf(table.columns, name) >= 0 || ROW_FACTS.some((fact) => fact === name)) continue
    const names = shownColumns(table.columns).map(({ column }) => column.name)
    throw notThere('column', name, ` in the table “${table.name}”`, names)
  }
}

export function checkQuery(table: DataTable, { filter, sort }: Pick<RowQuery, 'filter' | 'sort'>): void {
  checkColumns(table, [...columnsIn(filter), ...sort.map(({ column }) => column)])
}

/** What is found; `more`: that there are others beyond the limit. */
export type Found = { readonly rows: readonly DataRow[]; readonly more: boolean }

/** Looks through rows that come in parts, in the order in which they were added. */
export function createSearch(table: DataTable, query: RowQuery) {
  const read = cellReader(table)
  const found: { row: DataRow; keys: readonly Sortable[] }[] = []
  const { filter, sort, limit, zone } = query
  const sorts = sort.length > 0
  let more = false
  const compare = (a: (typeof found)[number], b: (typeof found)[number]): number => {
    for (const [at, { order }] of sort.entries()) {
      const difference = compareSortables(a.keys[at], b.keys[at], order === 'desc')
      if (difference !== 0) return difference
    }
    return a.row.id - b.row.id
  }
  const keep = (): void => {
    found.sort(compare)
    more ||= found.length > limit
    found.length = Math.min(found.length, limit)
  }
  return {
    /** False when no more need be looked at. */
    look(rows: readonly DataRow[]): boolean {
      for (const row of rows) {
        const cell = read(row)
        if (!fitsFilter(filter, cell, zone)) continue
        if (!sorts && found.length >= limit) {
          more = true
          return false
        }
        found.push({ row, keys: sort.map((by) => sortKey(cell(by.column), by, zone)) })
      }
      // Only the first ones are wanted: the others need not be remembered.
      if (sorts && found.length > 2 * limit + SLICE) keep()
      return true
    },
    end(): Found {
      if (sorts) keep()
      return { rows: found.map(({ row }) => row), more }
    },
  }
}

function sortKey(value: Json, { column, as }: RowQuery['sort'][number], zone: string): Sortable {
  try {
    return sortable(value, as, zone)
  } catch (error) {
    const details = StepError.from(error)
    throw new StepError({ ...details, message: `The column “${column}”: ${details.message}` }, { cause: error })
  }
}

/** Whether a row is meant, when it is looked at once more. */
export function fits(table: DataTable, row: DataRow, filter: RowFilter, zone: string): boolean {
  return fitsFilter(filter, cellReader(table)(row), zone)
}

/** What a search may look up instead of looking through everything; undefined where it cannot. */
export function lookUpFor(tx: Tx, table: DataTable, query: RowQuery): Found | undefined {
  const single = query.filter
  if ('all' in single) {
    const byId = single.all.find((part) => 'column' in part && part.column === '@id' && part.op === 'eq')
    if (byId !== undefined && 'column' in byId && placeOf(table.columns, '@id') < 0) {
      const id = Number(byId.right ?? Number.NaN)
      return searchIn(table, query, Number.isSafeInteger(id) ? [getRow(tx, table.id, id)] : [])
    }
  }
  const equals = new Map(
    [...equalsIn(query.filter)].map(([column, value]) => [placeOf(table.columns, column), value] as const),
  )
  if (equals.size === 0) return undefined
  const key = listKeys(tx, table.id).find(
    ({ columns, indexedTo }) => indexedTo === null && columns.every((place) => equals.has(place)),
  )
  if (key === undefined) return undefined
  const value = lookupKey(key.columns.map((place) => equals.get(place) ?? null))
  const ids = lookUp(tx, key.id, value, 0, 2 * SLICE + 1)
  // That many rows with one key are better looked through in parts.
  if (ids.length > 2 * SLICE) return undefined
  return searchIn(
    table,
    query,
    ids.map((id) => getRow(tx, table.id, id)),
  )
}

function searchIn(table: DataTable, query: RowQuery, rows: readonly (DataRow | undefined)[]): Found {
  const search = createSearch(table, query)
  search.look(rows.filter((row) => row !== undefined))
  return search.end()
}

/** Columns for which a key would pay; undefined where none would. */
export function keyWorthHaving(tx: Tx, table: DataTable, filter: RowFilter): readonly number[] | undefined {
  if (table.rowCount < WORTH_A_KEY) return undefined
  const [place] = [...equalsIn(filter).keys()].map((column) => placeOf(table.columns, column)).filter((at) => at >= 0)
  return place === undefined || listKeys(tx, table.id).length >= MOST_KEYS ? undefined : [place]
}

/** The way to look rows up by these columns; a new one still has to be filled. */
export function keyFor(tx: Tx, tableId: number, columns: readonly number[]): LookupKey | undefined {
  const same = (key: LookupKey): boolean => key.columns.join() === columns.join()
  const keys = listKeys(tx, tableId)
  const known = keys.find(same)
  if (known !== undefined || keys.length >= MOST_KEYS) return known
  insertKey(tx, tableId, columns)
  return listKeys(tx, tableId).find(same)
}

/** A part of a table's rows in one transaction. */
export function sliceAfter(tx: Tx, table: DataTable, after: number): { rows: DataRow[]; last: number | null } {
  const rows = rowsAfter(tx, table.id, after, SLICE)
  return { rows, last: rows.length < SLICE ? null : (rows.at(-1)?.id ?? null) }
}
