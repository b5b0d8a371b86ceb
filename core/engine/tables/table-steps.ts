import { inTurns } from '../../connectors/kit/in-turns.ts'
import type {
  ChangedRows,
  FoundRows,
  RowBatches,
  RowQuery,
  TableAccess,
  WrittenRows,
} from '../../connectors/table-access.ts'
import type { Tx } from '../../db/executor.ts'
import { getMemoryChange, insertMemoryChange } from '../../db/memory.ts'
import type { Database } from '../../db/open.ts'
import { type DataRow, enterKey, getRow, type LookupKey, rowsAfter, setIndexedTo } from '../../db/table-rows.ts'
import { type DataTable, getTableByName, insertTable, tableNames } from '../../db/tables.ts'
import {
  checkTableName,
  excerpt,
  notThere,
  placeOf,
  refusal,
  rowObject,
  shownColumns,
  TABLE_LIMITS,
} from '../../domain/tables/table.ts'
import type { Clock } from '../../domain/time/clock.ts'
import type { Json, JsonObject } from '../../domain/values/json.ts'
import { fromStored, toStored } from '../../domain/values/stored-json.ts'
import type { Signals } from '../../signals.ts'
import type { StepRef } from '../step-services.ts'
import {
  checkQuery,
  createSearch,
  type Found,
  fits,
  keyFor,
  keyWorthHaving,
  lookUpFor,
  MOST_KEYS,
  sliceAfter,
} from './table-search.ts'
import type { TableWatch } from './table-watch.ts'
import { type Author, keyOf, type TableWriter, writeTable } from './table-writer.ts'

/** Rows that one transaction changes. */
const PART = 250
/** Rows that one transaction enters into a key. */
const FILLED = 400
/** Rows of a result that are told one by one. */
const SHOWN = 1_000
/** Rows of a table that is looked through within the transaction that changes it. */
const SMALL = 2_000
/** Times that a column of a large table is looked through before it gets a key. */
const WORTH_TIMES = 3
/** Times that a search is made anew, as others changed what it had found before it could. */
const ROUNDS = 5

export type TableServices = {
  readonly database: Database
  readonly clock: Clock
  readonly signals: Signals
  readonly watch: TableWatch
}

/** The part of a table, where it is too large for one transaction: which rows are meant, and what became of them. */
type PartResult = {
  rows: readonly JsonObject[]
  ids: readonly number[]
  count: number
  skipped: number
  held: readonly string[]
}

/** Tables as a step works with them. `by` is the step and run that asks, as its idempotency key says it. */
export function createTableSteps(services: TableServices): (at: StepRef, by: string) => TableAccess {
  const { database, clock, signals, watch } = services
  /** How often values were looked for in columns of large tables that have no key. */
  const lookedFor = new Map<string, number>()

  return (at, by) => {
    const author = (): Author => ({
      by: { zapId: at.zapId, runId: at.runId },
      cause: { runId: at.runId, eventId: at.eventId, depth: at.depth },
      now: clock.now(),
    })

    /** Does something once, in one transaction; a repeat gets what came of it the first time. */
    async function once<Result extends Json>(
      part: string,
      change: (tx: Tx, started: Set<string>) => Result,
    ): Promise<Result> {
      const started = new Set<string>()
      let isNew = false
      const result = await database.write((tx) => {
        started.clear()
        isNew = false
        const done = getMemoryChange(tx, by + part)
        // What stands there was written by this very change.
        if (done !== undefined) return fromStored(done) as Result
        const made = change(tx, started)
        insertMemoryChange(tx, by + part, toStored(made), clock.now())
        isNew = true
        return made
      })
      if (started.size > 0) signals.emit('zap:due', [...started])
      if (isNew) signals.emit('tables:changed')
      return result
    }

    /** Changes rows of a table; returns what is to be remembered of it. */
    function changing<Result>(tx: Tx, table: DataTable, started: Set<string>, work: (writer: TableWriter) => Result) {
      const writer = writeTable(tx, table, author(), watch)
      const result = work(writer)
      const { zapIds, held } = writer.end()
      for (const zapId of zapIds) started.add(zapId)
      return { result, held: [...held] }
    }

    async function find(name: string, query: RowQuery): Promise<FoundRows & { more: boolean }> {
      const { table, rows, more } = await search(name, query)
      const objects: JsonObject[] = []
      // Of a hundred thousand rows, in turns with everything else.
      await inTurns(
        (function* () {
          for (const row of rows) {
            if (objects.length % 64 === 0) yield
            objects.push(rowObject(table.columns, row.cells))
          }
        })(),
      )
      return { rows: objects, ids: rows.map(({ id }) => id), more }
    }

    /** Finds rows, in parts where the table is large and has no key for it. */
    async function search(name: string, query: RowQuery): Promise<Found & { readonly table: DataTable }> {
      const begin = await database.write((tx) => {
        const table = needTable(tx, name)
        checkQuery(table, query)
        const looked = lookUpFor(tx, table, query)
        const wanted = looked === undefined ? keyWorthHaving(tx, table, query.filter) : undefined
        return { table, looked, wanted }
      })
      const { table, looked, wanted } = begin
      if (looked !== undefined) return { ...looked, table }
      if (wanted !== undefined) keepKey(table.id, wanted)
      const work = createSearch(table, query)
      for (let after: number | null = 0; after !== null; ) {
        const from: number = after
        const slice: ReturnType<typeof sliceAfter> = await database.write((tx) => sliceAfter(tx, table, from))
        if (!work.look(slice.rows)) break
        after = slice.last
      }
      return { ...work.end(), table }
    }

    /** Makes a key in the background for what is looked for again and again. */
    function keepKey(tableId: number, columns: readonly number[]): void {
      const name = `${tableId}/${columns.join()}`
      const times = (lookedFor.get(name) ?? 0) + 1
      lookedFor.set(name, times)
      // Without it the rows are looked through, as this time.
      if (times === WORTH_TIMES) void fillKey(tableId, columns).catch(() => undefined)
    }

    /** Makes a way to look rows up and fills it, in parts. False where there are too many already. */
    async function fillKey(tableId: number, columns: readonly number[]): Promise<boolean> {
      for (;;) {
        const state = await database.write((tx) => {
          const key = keyFor(tx, tableId, columns)
          if (key === undefined) return 'none'
          if (key.indexedTo === null) return 'ready'
          fillPart(tx, tableId, key)
          return 'more'
        })
        if (state !== 'more') return state === 'ready'
      }
    }

    async function write(
      name: string,
      batches: RowBatches,
      options: Parameters<TableAccess['write']>[2],
    ): Promise<WrittenRows> {
      const { key } = options
      const all = { rows: [] as JsonObject[], ids: [] as number[], count: 0, created: 0, madeTable: false }
      const held = new Set<string>()
      let part = 0
      for await (const batch of batches) {
        for (let from = 0; from < Math.max(batch.length, 1); from += PART) {
          const rows = batch.slice(from, from + PART)
          const room = Math.max(0, SHOWN - all.rows.length)
          const name = part === 0 ? '' : `#${part}`
          const write = () => once(name, (tx, started) => writePart(tx, started, rows, room))
          const done = await write().catch(async (error: unknown) => {
            if (!(error instanceof UnfilledKey)) throw error
            await fillKey(error.tableId, error.columns)
            return write()
          })
          part++
          all.rows.push(...done.rows)
          all.ids.push(...done.ids)
          all.count += done.count
          all.created += done.created
          all.madeTable ||= done.madeTable
          for (const zap of done.held) held.add(zap)
        }
      }
      return { ...all, held: [...held] }

      function writePart(tx: Tx, started: Set<string>, rows: readonly JsonObject[], room: number) {
        const known = getTableByName(tx, name)
        const table = known ?? makeTable(tx, name, options.makesTable, clock.now())
        const { result, held: own } = changing(tx, table, started, (writer) => {
          const written: DataRow[] = []
          let created = 0
          let lookup: LookupKey | undefined
          for (const values of rows) {
            if (!options.makesColumns) checkNames(writer.table, values)
            if (key === null) {
              written.push(writer.insert(writer.cellsOf(values, [], true)))
              created++
              continue
            }
            const wanted = key.map((column) => keyValue(values, column, name))
            // Adds the columns that are not there, so that they can be looked up.
            const fresh = writer.cellsOf(values, [], true)
            lookup ??= readyKey(tx, writer.table, key)
            const before = writer.findByKey(lookup, wanted)
            if (before === undefined) created++
            written.push(
              before === undefined
                ? writer.insert(fresh)
                : writer.update(before, writer.cellsOf(values, before.cells, true)),
            )
          }
          return { ...shown(writer.table, written.slice(0, room)), count: written.length, created }
        })
        return { ...result, held: own, madeTable: known === undefined }
      }
    }

    /** Changes rows that a query finds: in one transaction where that is possible, else in parts of those that were found. */
    async function change(
      name: string,
      query: RowQuery,
      make: (writer: TableWriter, row: DataRow) => DataRow,
    ): Promise<ChangedRows> {
      const all = { rows: [] as JsonObject[], ids: [] as number[], count: 0 }
      const held = new Set<string>()
      const take = (part: PartResult): void => {
        all.rows.push(...part.rows)
        all.ids.push(...part.ids)
        all.count += part.count
        for (const zap of part.held) held.add(zap)
      }
      const apply = (tx: Tx, started: Set<string>, table: DataTable, rows: readonly DataRow[], room: number) =>
        changing(tx, table, started, (writer) => {
          const changed = rows.map((row) => make(writer, row))
          return { ...shown(writer.table, changed.slice(0, room)), count: changed.length }
        })

      const small = await once('', (tx, started): PartResult & { isLarge: boolean } => {
        const table = needTable(tx, name)
        checkQuery(table, query)
        const found = lookUpFor(tx, table, query) ?? (table.rowCount <= SMALL ? searchAll(tx, table, query) : undefined)
        if (found === undefined) return { rows: [], ids: [], count: 0, skipped: 0, held: [], isLarge: true }
        const { result, held: own } = apply(tx, started, table, found.rows, SHOWN)
        return { ...result, skipped: 0, held: own, isLarge: false }
      })
      take(small)
      if (!small.isLarge) return { ...all, held: [...held] }

      for (let round = 0; round < ROUNDS && all.count < query.limit; round++) {
        const left = { ...query, limit: query.limit - all.count }
        const found = await planned(`#${round}`, name, left)
        let skipped = 0
        for (let from = 0; from < found.length; from += PART) {
          const ids = found.slice(from, from + PART)
          const room = Math.max(0, SHOWN - all.rows.length)
          const part = await once(`#${round}.${from / PART}`, (tx, started): PartResult => {
            const table = needTable(tx, name)
            const rows = ids.flatMap((id) => getRow(tx, table.id, id) ?? [])
            // Others may have changed them since they were found.
            const still = rows.filter((row) => fits(table, row, query.filter, query.zone))
            const { result, held: own } = apply(tx, started, table, still, room)
            return { ...result, skipped: ids.length - still.length, held: own }
          })
          take(part)
          skipped += part.skipped
        }
        if (skipped === 0) break
      }
      return { ...all, held: [...held] }
    }

    /** The rows that a query finds, remembered before any of them is changed. */
    async function planned(part: string, name: string, query: RowQuery): Promise<readonly number[]> {
      const known = await database.write((tx) => getMemoryChange(tx, by + part))
      if (known !== undefined) return fromStored(known) as readonly number[] // written below
      const { rows } = await search(name, query)
      return once(part, () => rows.map(({ id }) => id))
    }

    return {
      find,
      write,
      update: (name, query, values) =>
        change(name, query, (writer, row) => writer.update(row, writer.cellsOf(values, row.cells, true))),
      remove: (name, query) =>
        change(name, query, (writer, row) => {
          writer.remove(row)
          return row
        }),
    }
  }
}

/** The table of a name. Throws a StepError `no-table` that names the nearest ones. */
export function needTable(tx: Tx, name: string): DataTable {
  const table = getTableByName(tx, name)
  if (table === undefined) throw notThere('table', name, '', tableNames(tx))
  return table
}

function makeTable(tx: Tx, name: string, makes: boolean, now: number): DataTable {
  if (!makes) throw notThere('table', name, '', tableNames(tx))
  return newTable(tx, name, [], now)
}

/** A new table. Throws a StepError for a name that it cannot have. */
export function newTable(tx: Tx, name: string, columns: DataTable['columns'], now: number): DataTable {
  if (tableNames(tx).length >= TABLE_LIMITS.tables) {
    throw refusal(`There are ${TABLE_LIMITS.tables} tables, and can be no more: delete some.`)
  }
  return insertTable(tx, checkTableName(name), columns, now)
}

function checkNames(table: DataTable, values: JsonObject): void {
  for (const column of Object.keys(values)) {
    if (placeOf(table.columns, column) >= 0) continue
    const names = shownColumns(table.columns).map((one) => one.column.name)
    throw notThere('column', column, ` in the table “${table.name}”`, names)
  }
}

function keyValue(values: JsonObject, column: string, table: string): Json {
  const value = Object.hasOwn(values, column) ? (values[column] ?? null) : null
  if (value !== null && value !== '') return value
  throw refusal(
    `Rows of the table “${excerpt(table)}” are told apart by “${excerpt(column)}”, and ${Object.hasOwn(values, column) ? 'there it is empty' : 'it is missing'} in the values: give it a value.`,
  )
}

/** The way to look up by columns that are there. Throws an {@link UnfilledKey} where it has to be filled first, in transactions of its own. */
function readyKey(tx: Tx, table: DataTable, columns: readonly string[]): LookupKey {
  const places = columns.map((column) => placeOf(table.columns, column))
  const key = keyFor(tx, table.id, places)
  if (key === undefined) throw tooManyKeys(table)
  if (key.indexedTo === null) return key
  if (table.rowCount > FILLED) throw new UnfilledKey(table.id, places)
  fillPart(tx, table.id, key)
  return { ...key, indexedTo: null }
}

/** A way to look rows up that not all rows of its table can be found by yet. */
class UnfilledKey extends Error {
  readonly tableId: number
  readonly columns: readonly number[]
  constructor(tableId: number, columns: readonly number[]) {
    super('a key is not filled yet')
    this.tableId = tableId
    this.columns = columns
  }
}

function fillPart(tx: Tx, tableId: number, key: LookupKey): void {
  const rows = rowsAfter(tx, tableId, key.indexedTo ?? 0, FILLED)
  for (const row of rows) enterKey(tx, key.id, keyOf(key, row.cells), row.id)
  setIndexedTo(tx, key.id, rows.length < FILLED ? null : (rows.at(-1)?.id ?? null))
}

function tooManyKeys(table: DataTable) {
  return refusal(
    `Rows of the table “${table.name}” are told apart in ${MOST_KEYS} ways already, and can be in no more: use the same key columns in all steps that write to it.`,
  )
}

function searchAll(tx: Tx, table: DataTable, query: RowQuery): Found {
  const work = createSearch(table, query)
  for (let after: number | null = 0; after !== null; ) {
    const slice: ReturnType<typeof sliceAfter> = sliceAfter(tx, table, after)
    if (!work.look(slice.rows)) break
    after = slice.last
  }
  return work.end()
}

function shown(table: DataTable, rows: readonly DataRow[]): FoundRows {
  return { rows: rows.map((row) => rowObject(table.columns, row.cells)), ids: rows.map(({ id }) => id) }
}
