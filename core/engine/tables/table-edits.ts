import type { RowBatches } from '../../connectors/table-access.ts'
import type { Tx } from '../../db/executor.ts'
import { getRow } from '../../db/table-rows.ts'
import { changeTable, type DataTable, getTable, getTableByName, setTableRemoved } from '../../db/tables.ts'
import { StepError } from '../../domain/runs/step-error.ts'
import { typeOfValues } from '../../domain/tables/column-type.ts'
import {
  type Column,
  checkColumnName,
  checkTableName,
  placeOf,
  refusal,
  TABLE_LIMITS,
  tableKey,
} from '../../domain/tables/table.ts'
import type { Json, JsonObject } from '../../domain/values/json.ts'
import { newTable, type TableServices } from './table-steps.ts'
import { type Author, writeTable } from './table-writer.ts'

/** A change of one row, with its cells by the places of their columns. */
export type RowEdit =
  | { readonly do: 'set'; readonly row: number; readonly cells: ReadonlyMap<number, Json> }
  | { readonly do: 'insert'; readonly row?: number | undefined; readonly cells: ReadonlyMap<number, Json> }
  | { readonly do: 'remove'; readonly row: number }

/** A column as a person wants it. */
export type WantedColumn = Omit<Column, 'former' | 'deleted' | 'order'> & { readonly id?: number | undefined }

/** What people do with tables, at the screens and on the command line. Throws a {@link StepError} for what cannot be done. */
export type TableEdits = {
  create(name: string, columns: readonly WantedColumn[]): Promise<DataTable>
  rename(id: number, name: string): Promise<DataTable>
  setColumns(id: number, columns: readonly WantedColumn[]): Promise<DataTable>
  remove(id: number): Promise<void>
  restore(id: number): Promise<DataTable>
  /** Changes rows, all or none. Rows that are gone are left out. Returns what undoes it, and which rows were touched. */
  edit(id: number, edits: readonly RowEdit[]): Promise<{ undo: RowEdit[]; rows: number[] }>
  /**
   * Adds rows in parts; makes the table where there is none, with the first of them. `columns` are asked for when there are no more rows: a new
   * table has them in that order. An error says how many rows were added before.
   */
  addAll(
    name: string,
    batches: RowBatches,
    columns?: () => readonly string[],
  ): Promise<{ table: DataTable; rows: number; madeTable: boolean }>
}

export function createTableEdits(services: TableServices): TableEdits {
  const { database, clock, signals, watch } = services
  const byHand = (): Author => ({ by: null, cause: null, now: clock.now() })

  async function written<Result>(change: (tx: Tx, started: Set<string>) => Result): Promise<Result> {
    const started = new Set<string>()
    const result = await database.write((tx) => {
      started.clear()
      return change(tx, started)
    })
    if (started.size > 0) signals.emit('zap:due', [...started])
    signals.emit('tables:changed')
    return result
  }

  function need(tx: Tx, id: number): DataTable {
    const table = getTable(tx, id)
    if (table === undefined || table.removedAt !== null) throw refusal('This table was deleted.', 'no-table')
    return table
  }

  function checkFree(tx: Tx, name: string, own?: number): string {
    const checked = checkTableName(name)
    const other = getTableByName(tx, checked)
    // A former name is free.
    if (other !== undefined && other.id !== own && tableKey(other.name) === tableKey(checked)) {
      throw refusal(`There is a table “${other.name}” already: choose another name.`, 'name-taken')
    }
    return checked
  }

  return {
    create: (name, columns) => written((tx) => newTable(tx, checkFree(tx, name), asColumns([], columns), clock.now())),
    rename: (id, name) =>
      written((tx) => changeTable(tx, need(tx, id), { name: checkFree(tx, name, id) }, clock.now())),
    setColumns: (id, columns) =>
      written((tx) => {
        const table = need(tx, id)
        return changeTable(tx, table, { columns: asColumns(table.columns, columns) }, clock.now())
      }),
    remove: (id) => written((tx) => setTableRemoved(tx, need(tx, id).id, clock.now())),
    restore: (id) =>
      written((tx) => {
        const table = getTable(tx, id)
        if (table === undefined) throw refusal('This table is gone for good.', 'no-table')
        checkFree(tx, table.name, id)
        setTableRemoved(tx, id, null)
        return { ...table, removedAt: null }
      }),
    edit: (id, edits) =>
      written((tx, started) => {
        const table = need(tx, id)
        const writer = writeTable(tx, table, byHand(), watch)
        const undo: RowEdit[] = []
        const rows: number[] = []
        for (const edit of edits) {
          const before = edit.row === undefined ? undefined : getRow(tx, id, edit.row)
          if (edit.do === 'insert') {
            // A row that had this number may be back meanwhile, and one that no row had is not taken.
            const isFree = before === undefined && edit.row !== undefined && edit.row < table.nextRow
            const row = writer.insert(over([], edit.cells, table), isFree ? edit.row : undefined)
            undo.push({ do: 'remove', row: row.id })
            rows.push(row.id)
          } else if (before !== undefined && edit.do === 'set') {
            const old = [...edit.cells.keys()].map((place) => [place, before.cells[place] ?? null] as const)
            writer.update(before, over(before.cells, edit.cells, table))
            undo.push({ do: 'set', row: before.id, cells: new Map(old) })
            rows.push(before.id)
          } else if (before !== undefined) {
            writer.remove(before)
            const cells = before.cells.map((value, place) => [place, value] as const)
            undo.push({ do: 'insert', row: before.id, cells: new Map(cells) })
            rows.push(before.id)
          }
        }
        for (const zapId of writer.end().zapIds) started.add(zapId)
        return { undo: undo.reverse(), rows }
      }),
    async addAll(name, batches, columns = () => []) {
      let table: DataTable | undefined
      let madeTable = false
      let rows = 0

      /** Adds some rows to the table, which is made first where there is none. */
      const add = (batch: readonly JsonObject[]): Promise<DataTable> =>
        written((tx, started) => {
          let into = table === undefined ? getTableByName(tx, name) : need(tx, table.id)
          if (into === undefined) {
            into = newTable(tx, checkTableName(name), columnsFor(batch), clock.now())
            madeTable = true
          }
          const writer = writeTable(tx, into, byHand(), watch)
          for (const values of batch) writer.insert(writer.cellsOf(values, [], true))
          for (const zapId of writer.end().zapIds) started.add(zapId)
          return writer.table
        })

      try {
        for await (const batch of batches) {
          table = await add(batch)
          rows += batch.length
        }
      } catch (error) {
        if (rows === 0 || !(error instanceof StepError)) throw error
        const message = `${error.details.message} The ${rows.toLocaleString('en-US')} rows before it were added.`
        throw new StepError({ ...error.details, message }, { cause: error })
      }
      table ??= await add([])
      const { id } = table
      if (madeTable) {
        table = await written((tx) => {
          const known = need(tx, id)
          return changeTable(tx, known, { columns: inOrder(known.columns, columns()) }, clock.now())
        })
      }
      return { table, rows, madeTable }
    },
  }
}

/** Cells with others put over them, of columns that there are. */
function over(cells: readonly Json[], others: ReadonlyMap<number, Json>, table: DataTable): Json[] {
  const next = [...cells]
  for (const [place, value] of others) {
    if (place >= table.columns.length) continue
    while (next.length <= place) next.push(null)
    next[place] = value
  }
  while (next.length > 0 && next.at(-1) === null) next.pop()
  return next
}

/** The columns that a table has then. What is missing keeps its place, so that it can come back with its cells. */
function asColumns(before: readonly Column[], wanted: readonly WantedColumn[]): Column[] {
  const names = new Set<string>()
  const next: Column[] = before.map(({ order: _, ...column }) => ({ ...column, deleted: true }))
  for (const [order, { id, name, type, choices = [], width }] of wanted.entries()) {
    checkColumnName(name)
    if (names.has(name))
      throw refusal(`Two columns cannot both be called “${name.slice(0, 60)}”: choose another name.`, 'name-taken')
    names.add(name)
    const old = id === undefined ? undefined : before[id]
    const former = old === undefined ? [] : [...(old.name === name ? [] : [old.name]), ...(old.former ?? [])]
    const column: Column = {
      name,
      type,
      order,
      ...(choices.length > 0 && { choices: [...new Set(choices)] }),
      ...(former.length > 0 && { former: [...new Set(former)].filter((one) => one !== name).slice(0, 10) }),
      ...(width !== undefined && { width }),
    }
    if (id === undefined) next.push(column)
    else if (old === undefined) throw refusal(`There is no column with the number ${id} in this table.`, 'no-column')
    else next[id] = column
  }
  return next
}

/** Columns of a table that was just made, in the order in which its file has them: one without any row is there, too. */
function inOrder(before: readonly Column[], names: readonly string[]): Column[] {
  const orders = new Map(names.map((name, order) => [name, order]))
  const known = before.map((column) => ({ ...column, order: orders.get(column.name) ?? names.length }))
  const missing = names.filter((name) => placeOf(before, name) < 0).slice(0, TABLE_LIMITS.columns - before.length)
  return [
    ...known,
    ...missing.map((name) => ({ name: checkColumnName(name), type: 'text' as const, order: orders.get(name) ?? 0 })),
  ]
}

/** The columns of a new table, by the first rows that come into it. */
function columnsFor(rows: readonly JsonObject[]): Column[] {
  const names = new Set(rows.flatMap((row) => Object.keys(row)))
  return [...names].slice(0, TABLE_LIMITS.columns).map((name) => ({
    name: checkColumnName(name),
    type: typeOfValues(rows.map((row) => (Object.hasOwn(row, name) ? (row[name] ?? null) : null))),
  }))
}
