import type { TableEvent } from '../../connectors/trigger-sources.ts'
import type { Tx } from '../../db/executor.ts'
import {
  type DataRow,
  deleteRow,
  enterKey,
  getRow,
  insertRow,
  type LookupKey,
  leaveKey,
  listKeys,
  lookUp,
  type RowWriter,
  updateRow,
} from '../../db/table-rows.ts'
import { changeTable, countRows, type DataTable } from '../../db/tables.ts'
import { typeOfValues } from '../../domain/tables/column-type.ts'
import { isSameKey, lookupKey } from '../../domain/tables/lookup-key.ts'
import { type Column, checkColumnName, excerpt, placeOf, refusal, TABLE_LIMITS } from '../../domain/tables/table.ts'
import { type Json, type JsonObject, jsonEquals } from '../../domain/values/json.ts'
import { toStored } from '../../domain/values/stored-json.ts'
import type { ChangeCause, RowChange, Started, TableWatch } from './table-watch.ts'

/** Who changes a table, and when. */
export type Author = {
  /** Null for a person. */
  readonly by: RowWriter | null
  readonly cause: ChangeCause | null
  readonly now: number
}

/** Changes rows of one table inside of a transaction. What it did counts when {@link TableWriter.end} was called. */
export type TableWriter = {
  /** The table, with columns that were added meanwhile. */
  readonly table: DataTable
  /** The cells of values by name, over those of a row; columns that there are not yet are added where `adds` says so. */
  cellsOf(values: JsonObject, over: readonly Json[], adds: boolean): Json[]
  /** A new row; `id` is that of one which was deleted and comes back. */
  insert(cells: readonly Json[], id?: number): DataRow
  /** The row as it is then; the same where nothing differs. */
  update(row: DataRow, cells: readonly Json[]): DataRow
  remove(row: DataRow): void
  /** The oldest row with these values in these columns. */
  findByKey(key: LookupKey, values: readonly Json[]): DataRow | undefined
  /** Counts what was done, and stores the events of zaps that watch for it. */
  end(): Started
}

export function writeTable(tx: Tx, table: DataTable, author: Author, watch: TableWatch): TableWriter {
  let now = table
  let keys: LookupKey[] | undefined
  let nextRow = table.nextRow
  let added = 0
  const changes: RowChange[] = []
  const keysOf = (): LookupKey[] => (keys ??= listKeys(tx, table.id))

  function note(event: TableEvent, row: DataRow, before: DataRow | null): void {
    changes.push({ event, row, before, revision: now.revision + changes.length + 1 })
  }

  function addColumn(name: string, value: Json): number {
    const shown = now.columns.filter(({ deleted }) => deleted !== true).length
    if (shown >= TABLE_LIMITS.columns || now.columns.length >= 4 * TABLE_LIMITS.columns) {
      throw refusal(
        `The table “${now.name}” has ${shown} columns, and can have no more: “${excerpt(name)}” was not added.`,
      )
    }
    const columns: Column[] = [...now.columns, { name: checkColumnName(name), type: typeOfValues([value]) }]
    now = changeTable(tx, now, { columns }, author.now)
    return columns.length - 1
  }

  function checked(cells: readonly Json[]): readonly Json[] {
    const size = toStored(cells).length
    if (size > TABLE_LIMITS.rowChars) {
      throw refusal(
        `A row of the table “${now.name}” would have ${Math.ceil(size / 1024)} KB, and can have ${TABLE_LIMITS.rowChars / 1024}: write what is large to a file, or keep a part of it.`,
        'too-large',
      )
    }
    return cells
  }

  return {
    get table() {
      return now
    },
    cellsOf(values, over, adds) {
      const cells = [...over]
      for (const [name, value] of Object.entries(values)) {
        let place = placeOf(now.columns, name)
        if (place < 0 && adds) place = addColumn(name, value)
        if (place < 0) continue
        while (cells.length <= place) cells.push(null)
        cells[place] = value
      }
      // What is empty at the end says nothing.
      while (cells.length > 0 && cells.at(-1) === null) cells.pop()
      return cells
    },
    insert(cells, id = nextRow) {
      if (now.rowCount + added >= TABLE_LIMITS.rows) {
        throw refusal(
          `The table “${now.name}” has ${TABLE_LIMITS.rows.toLocaleString('en-US')} rows, and can have no more: delete some, or begin another table.`,
        )
      }
      const row: DataRow = {
        id,
        cells: checked(cells),
        createdAt: author.now,
        changedAt: author.now,
        by: author.by,
      }
      insertRow(tx, table.id, row)
      for (const key of keysOf()) enterKey(tx, key.id, keyOf(key, row.cells), id)
      nextRow = Math.max(nextRow, id + 1)
      added++
      note('created', row, null)
      return row
    },
    update(row, cells) {
      if (jsonEquals(row.cells, cells)) return row
      const changed: DataRow = { ...row, cells: checked(cells), changedAt: author.now, by: author.by }
      updateRow(tx, table.id, changed)
      for (const key of keysOf()) {
        const [before, after] = [keyOf(key, row.cells), keyOf(key, cells)]
        if (before === after) continue
        leaveKey(tx, key.id, before, row.id)
        enterKey(tx, key.id, after, row.id)
      }
      note('changed', changed, row)
      return changed
    },
    remove(row) {
      deleteRow(tx, table.id, row.id)
      for (const key of keysOf()) leaveKey(tx, key.id, keyOf(key, row.cells), row.id)
      added--
      note('removed', { ...row, changedAt: author.now }, row)
    },
    findByKey(key, values) {
      for (let after = 0; ; ) {
        const found = lookUp(tx, key.id, lookupKey(values), after, 50)
        for (const id of found) {
          const row = getRow(tx, table.id, id)
          if (row && key.columns.every((place, at) => isSameKey(row.cells[place] ?? null, values[at] ?? null)))
            return row
          after = id
        }
        if (found.length < 50) return undefined
      }
    },
    end() {
      if (changes.length > 0) countRows(tx, table.id, { nextRow, added, changes: changes.length }, author.now)
      return watch.accept(tx, now, changes, author.cause, author.now)
    },
  }
}

/** The text by which a row is found. */
export function keyOf(key: LookupKey, cells: readonly Json[]): string {
  return lookupKey(key.columns.map((place) => cells[place] ?? null))
}
