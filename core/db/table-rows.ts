import type { Knex } from 'knex'
import { z } from 'zod'
import { isJsonList, type Json } from '../domain/values/json.ts'
import { fromStored, toStored } from '../domain/values/stored-json.ts'
import type { Tx } from './executor.ts'
import { integer, nullable, type Read, rowOf, text } from './row.ts'
import { ROWS_APART } from './tables.ts'

/** A row of a table. */
export type DataRow = {
  /** Its number in the table: the same for ever, and never another row's. */
  readonly id: number
  /** A value for each column, by the column's place; what is missing at the end is empty. */
  readonly cells: readonly Json[]
  readonly createdAt: number
  readonly changedAt: number
  /** Which zap and run wrote it last; null for a person. */
  readonly by: RowWriter | null
}

export type RowWriter = { readonly zapId: string; readonly runId: string }

const COLUMNS = 'place, cells, created_at AS createdAt, changed_at AS changedAt, by_zap AS byZap, by_run AS byRun'
const dataRow = rowOf({
  place: integer,
  cells: text,
  createdAt: integer,
  changedAt: integer,
  byZap: nullable(text),
  byRun: nullable(text),
})

function toRow({ place, cells, createdAt, changedAt, byZap, byRun }: Read<typeof dataRow>): DataRow {
  const values = fromStored(cells)
  return {
    id: place % ROWS_APART,
    cells: isJsonList(values) ? values : [],
    createdAt,
    changedAt,
    by: byZap === null || byRun === null ? null : { zapId: byZap, runId: byRun },
  }
}

const placeOf = (tableId: number, id: number): number => tableId * ROWS_APART + id

export function getRow(tx: Tx, tableId: number, id: number): DataRow | undefined {
  const row = tx.get(dataRow, `SELECT ${COLUMNS} FROM data_row WHERE place = ?`, [placeOf(tableId, id)])
  return row === undefined ? undefined : toRow(row)
}

/** Up to `limit` rows behind one, in the order in which they were added. */
export function rowsAfter(tx: Tx, tableId: number, after: number, limit: number): DataRow[] {
  return tx
    .all(dataRow, `SELECT ${COLUMNS} FROM data_row WHERE place > ? AND place < ? ORDER BY place LIMIT ?`, [
      placeOf(tableId, after),
      placeOf(tableId + 1, 0),
      limit,
    ])
    .map(toRow)
}

/** A part of a table's rows in the order in which they were added, to be shown. */
export async function findRows(reader: Knex, tableId: number, offset: number, limit: number): Promise<DataRow[]> {
  const rows: unknown[] = await reader.raw(
    `SELECT ${COLUMNS} FROM data_row WHERE place > ? AND place < ? ORDER BY place LIMIT ? OFFSET ?`,
    [placeOf(tableId, 0), placeOf(tableId + 1, 0), limit, offset],
  )
  return rows.map((row) => toRow(dataRow(row)))
}

/** As {@link rowsAfter}, to be shown. */
export async function findRowsAfter(reader: Knex, tableId: number, after: number, limit: number): Promise<DataRow[]> {
  const rows: unknown[] = await reader.raw(
    `SELECT ${COLUMNS} FROM data_row WHERE place > ? AND place < ? ORDER BY place LIMIT ?`,
    [placeOf(tableId, after), placeOf(tableId + 1, 0), limit],
  )
  return rows.map((row) => toRow(dataRow(row)))
}

/** Rows by their numbers, to be shown; those that are gone are left out. */
export async function findRowsById(
  reader: Knex,
  tableId: number,
  ids: readonly number[],
): Promise<Map<number, DataRow>> {
  const places = JSON.stringify(ids.map((id) => placeOf(tableId, id)))
  const rows: unknown[] = await reader.raw(
    `SELECT ${COLUMNS} FROM data_row WHERE place IN (SELECT value FROM json_each(?))`,
    [places],
  )
  return new Map(rows.map((row) => toRow(dataRow(row))).map((row) => [row.id, row]))
}

export function insertRow(tx: Tx, tableId: number, row: DataRow): void {
  tx.run('INSERT INTO data_row (place, cells, created_at, changed_at, by_zap, by_run) VALUES (?, ?, ?, ?, ?, ?)', [
    placeOf(tableId, row.id),
    toStored(row.cells),
    row.createdAt,
    row.changedAt,
    row.by?.zapId ?? null,
    row.by?.runId ?? null,
  ])
}

export function updateRow(tx: Tx, tableId: number, row: DataRow): void {
  tx.run('UPDATE data_row SET cells = ?, changed_at = ?, by_zap = ?, by_run = ? WHERE place = ?', [
    toStored(row.cells),
    row.changedAt,
    row.by?.zapId ?? null,
    row.by?.runId ?? null,
    placeOf(tableId, row.id),
  ])
}

export function deleteRow(tx: Tx, tableId: number, id: number): void {
  tx.run('DELETE FROM data_row WHERE place = ?', [placeOf(tableId, id)])
}

/** Columns of a table by which rows are looked up. */
export type LookupKey = {
  readonly id: number
  /** Places of the columns. */
  readonly columns: readonly number[]
  /** The row up to which its entries are there; null when all are. */
  readonly indexedTo: number | null
}

const keyRow = rowOf({ id: integer, columns: text, indexedTo: nullable(integer) })
const placesSchema = z.array(z.int())

/** Lists of places that were read: there are few, and every change of a row reads those of its table. */
const read = new Map<string, readonly number[]>()
const MOST_READ = 1_000

function readPlaces(json: string): readonly number[] {
  const known = read.get(json)
  if (known !== undefined) return known
  const places = placesSchema.parse(JSON.parse(json))
  if (read.size >= MOST_READ) read.clear()
  read.set(json, places)
  return places
}

const entryRow = rowOf({ row: integer })

export function listKeys(tx: Tx, tableId: number): LookupKey[] {
  return tx
    .all(keyRow, 'SELECT id, columns, indexed_to AS indexedTo FROM data_key WHERE table_id = ? ORDER BY id', [tableId])
    .map(({ columns, ...key }) => ({ ...key, columns: readPlaces(columns) }))
}

/** A new way to look rows up; those that are there already are still to be entered. */
export function insertKey(tx: Tx, tableId: number, columns: readonly number[]): void {
  tx.run('INSERT INTO data_key (table_id, columns, indexed_to) VALUES (?, ?, 0) ON CONFLICT DO NOTHING', [
    tableId,
    JSON.stringify(columns),
  ])
}

export function setIndexedTo(tx: Tx, keyId: number, row: number | null): void {
  tx.run('UPDATE data_key SET indexed_to = ? WHERE id = ?', [row, keyId])
}

export function enterKey(tx: Tx, keyId: number, value: string, row: number): void {
  tx.run('INSERT INTO data_key_entry (key_id, value, row) VALUES (?, ?, ?) ON CONFLICT DO NOTHING', [keyId, value, row])
}

export function leaveKey(tx: Tx, keyId: number, value: string, row: number): void {
  tx.run('DELETE FROM data_key_entry WHERE key_id = ? AND value = ? AND row = ?', [keyId, value, row])
}

/** Numbers of up to `limit` rows that have this key, the oldest first, behind one of them. */
export function lookUp(tx: Tx, keyId: number, value: string, after: number, limit: number): number[] {
  return tx
    .all(entryRow, 'SELECT row FROM data_key_entry WHERE key_id = ? AND value = ? AND row > ? ORDER BY row LIMIT ?', [
      keyId,
      value,
      after,
      limit,
    ])
    .map(({ row }) => row)
}
