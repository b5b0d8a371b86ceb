import type { Knex } from 'knex'
import { z } from 'zod'
import { type Column, columnSchema, tableKey } from '../domain/tables/table.ts'
import type { Tx } from './executor.ts'
import { integer, nullable, type Read, rowOf, text } from './row.ts'

/** A table that zaps and people fill. */
export type DataTable = {
  readonly id: number
  readonly name: string
  /** Names that it had before, under which zaps still find it. */
  readonly former: readonly string[]
  readonly columns: readonly Column[]
  /** The number that the next row gets. */
  readonly nextRow: number
  readonly rowCount: number
  /** Counts every change of every row. */
  readonly revision: number
  readonly createdAt: number
  readonly changedAt: number
  readonly removedAt: number | null
}

const COLUMNS = `id, name, former, columns, next_row AS nextRow, row_count AS rowCount, revision, created_at AS createdAt,
  changed_at AS changedAt, removed_at AS removedAt`

const tableRow = rowOf({
  id: integer,
  name: text,
  former: text,
  columns: text,
  nextRow: integer,
  rowCount: integer,
  revision: integer,
  createdAt: integer,
  changedAt: integer,
  removedAt: nullable(integer),
})

const columnsSchema = z.array(columnSchema)
const namesSchema = z.array(z.string())

/** Lists of columns that were read lately: every change of a row reads that of its table. */
const read = new Map<string, readonly Column[]>()
const MOST_READ = 100

function readColumns(json: string): readonly Column[] {
  const known = read.get(json)
  if (known !== undefined) return known
  const columns = columnsSchema.parse(JSON.parse(json))
  if (read.size >= MOST_READ) read.clear()
  read.set(json, columns)
  return columns
}

const toTable = (row: Read<typeof tableRow>): DataTable => ({
  ...row,
  former: row.former === '[]' ? [] : namesSchema.parse(JSON.parse(row.former)),
  columns: readColumns(row.columns),
})

/** The table of a name, or of one that it had before and no other has now. */
export function getTableByName(tx: Tx, name: string): DataTable | undefined {
  const key = tableKey(name)
  const row =
    tx.get(tableRow, `SELECT ${COLUMNS} FROM data_table WHERE name_key = ? AND removed_at IS NULL`, [key]) ??
    tx.get(
      tableRow,
      `SELECT ${COLUMNS} FROM data_table WHERE removed_at IS NULL AND former <> '[]'
        AND EXISTS (SELECT 1 FROM json_each(former) WHERE value = ?) ORDER BY id DESC LIMIT 1`,
      [key],
    )
  return row === undefined ? undefined : toTable(row)
}

/** The table of an id, also one that was removed. */
export function getTable(tx: Tx, id: number): DataTable | undefined {
  const row = tx.get(tableRow, `SELECT ${COLUMNS} FROM data_table WHERE id = ?`, [id])
  return row === undefined ? undefined : toTable(row)
}

/** Every table that was not removed, by name. */
export async function listTables(reader: Knex): Promise<DataTable[]> {
  const rows: unknown[] = await reader.raw(
    `SELECT ${COLUMNS} FROM data_table WHERE removed_at IS NULL ORDER BY name_key`,
  )
  return rows.map((row) => toTable(tableRow(row)))
}

/** As {@link getTable}, to be shown. */
export async function findTable(reader: Knex, id: number): Promise<DataTable | undefined> {
  const [row]: unknown[] = await reader.raw(`SELECT ${COLUMNS} FROM data_table WHERE id = ?`, [id])
  return row === undefined ? undefined : toTable(tableRow(row))
}

const keyColumnsRow = rowOf({ tableId: integer, columns: text })
const placesSchema = z.array(z.int())

/** The places of the columns by which zaps look rows up, by table, to be shown. */
export async function findKeyColumns(reader: Knex): Promise<Map<number, ReadonlySet<number>>> {
  const rows: unknown[] = await reader.raw('SELECT table_id AS tableId, columns FROM data_key')
  const found = new Map<number, Set<number>>()
  for (const { tableId, columns } of rows.map((row) => keyColumnsRow(row))) {
    const places = found.get(tableId) ?? new Set()
    for (const place of placesSchema.parse(JSON.parse(columns))) places.add(place)
    found.set(tableId, places)
  }
  return found
}

const nameRow = rowOf({ name: text })

/** Names of all tables, for those who look for one that is not there. */
export function tableNames(tx: Tx): string[] {
  return tx
    .all(nameRow, 'SELECT name FROM data_table WHERE removed_at IS NULL ORDER BY name_key')
    .map((row) => row.name)
}

export function insertTable(tx: Tx, name: string, columns: readonly Column[], now: number): DataTable {
  const row = tx.get(
    tableRow,
    `INSERT INTO data_table (name, name_key, columns, created_at, changed_at) VALUES (?, ?, ?, ?, ?) RETURNING ${COLUMNS}`,
    [name, tableKey(name), JSON.stringify(columns), now, now],
  )
  if (row === undefined) throw new Error('the new table is not there')
  return toTable(row)
}

/** Other columns, or another name: the one before is kept among the former ones. */
export function changeTable(
  tx: Tx,
  table: DataTable,
  change: { readonly name?: string; readonly columns?: readonly Column[] },
  now: number,
): DataTable {
  const { name = table.name, columns = table.columns } = change
  const isRenamed = tableKey(name) !== tableKey(table.name)
  const former = isRenamed
    ? [tableKey(table.name), ...table.former.filter((one) => one !== tableKey(name))].slice(0, 10)
    : table.former
  tx.run(
    `UPDATE data_table SET name = ?, name_key = ?, former = ?, columns = ?, changed_at = ?, revision = revision + 1 WHERE id = ?`,
    [name, tableKey(name), JSON.stringify(former), JSON.stringify(columns), now, table.id],
  )
  return { ...table, name, former, columns, changedAt: now, revision: table.revision + 1 }
}

/** What became of a table's rows. */
export function countRows(
  tx: Tx,
  id: number,
  counts: { readonly nextRow: number; readonly added: number; readonly changes: number },
  now: number,
): void {
  tx.run(
    `UPDATE data_table SET next_row = max(next_row, ?), row_count = row_count + ?, revision = revision + ?, changed_at = ?
      WHERE id = ?`,
    [counts.nextRow, counts.added, counts.changes, now, id],
  )
}

/** Takes a table away, or back. */
export function setTableRemoved(tx: Tx, id: number, removedAt: number | null): void {
  tx.run('UPDATE data_table SET removed_at = ? WHERE id = ?', [removedAt, id])
}

const idRow = rowOf({ id: integer })

/** Forgets up to `limit` rows of tables that were removed before a time, and the tables that have none left. Returns how many rows there were. */
export function forgetTables(tx: Tx, removedBefore: number, limit: number): number {
  const gone = tx.get(idRow, 'SELECT id FROM data_table WHERE removed_at < ? ORDER BY id LIMIT 1', [removedBefore])
  if (gone === undefined) return 0
  const from = gone.id * ROWS_APART
  const rows = tx.run(
    'DELETE FROM data_row WHERE place IN (SELECT place FROM data_row WHERE place >= ? AND place < ? LIMIT ?)',
    [from, from + ROWS_APART, limit],
  )
  const keys = tx.all(idRow, 'SELECT id FROM data_key WHERE table_id = ?', [gone.id])
  let entries = 0
  for (const { id } of keys) {
    entries += tx.run(
      'DELETE FROM data_key_entry WHERE (key_id, value, row) IN (SELECT key_id, value, row FROM data_key_entry WHERE key_id = ? LIMIT ?)',
      [id, limit],
    )
  }
  if (rows === 0 && entries === 0) {
    tx.run('DELETE FROM data_key WHERE table_id = ?', [gone.id])
    tx.run('DELETE FROM data_table WHERE id = ?', [gone.id])
    return limit
  }
  return Math.max(rows, entries)
}

/** The places of a table's rows begin at its id times this. */
export const ROWS_APART = 2 ** 32
