import { inTurns } from '../../connectors/kit/in-turns.ts'
import { compareSortables, type Sortable, sortable, sortedPlaces } from '../../connectors/kit/order.ts'
import type { Database } from '../../db/open.ts'
import { type DataRow, findRows, findRowsAfter, findRowsById } from '../../db/table-rows.ts'
import { type DataTable, findTable } from '../../db/tables.ts'
import { type ConditionOp, evaluateRow } from '../../domain/templates/condition.ts'
import { createSum, type Numeric, numericOf } from '../../domain/values/decimal.ts'
import { type Json, textOf } from '../../domain/values/json.ts'

/** Which rows of a table are looked at, with columns by their places. */
export type View = {
  readonly filters: readonly { readonly column: number; readonly op: ConditionOp; readonly right?: Json | undefined }[]
  readonly sort: readonly { readonly column: number; readonly order: 'asc' | 'desc' }[]
  readonly search: string
}

export type ViewPage = { readonly total: number; readonly rows: readonly DataRow[]; readonly sum: Numeric | null }

/** Shows parts of tables, of any size, without holding anything else up. */
export type TableViews = {
  /** Undefined when there is no such table. Throws a StepError where values cannot be compared as a filter wants. */
  page(
    id: number,
    view: View,
    part: { readonly offset: number; readonly limit: number; readonly sum: number | null },
    zone: string,
  ): Promise<ViewPage | undefined>
}

/** Rows that are read at once. */
const SLICE = 500
/** Views that are remembered: a person looks at one, and some screens may be open. */
const MOST_VIEWS = 8
/** A view is made again no sooner than after so many times what it took to make it, however often zaps change the table. */
const REST = 3

/** The numbers of the rows of a view in its order, as of a revision of the table; what it took to make it. */
type Made = {
  readonly revision: number
  readonly at: number
  readonly tookMs: number
  readonly ids: Uint32Array
  readonly sums: Map<number, Numeric | null>
}

export function createTableViews({ reader }: Pick<Database, 'reader'>): TableViews {
  const views = new Map<string, Promise<Made>>()

  async function made(table: DataTable, view: View, sum: number | null, zone: string): Promise<Made> {
    const key = JSON.stringify([table.id, view, sum, zone])
    for (let known = views.get(key); known !== undefined; ) {
      const done = await known
      if (done.revision >= table.revision) return done
      const rest = done.at + REST * done.tookMs - performance.now()
      if (rest > 0) await new Promise((resolve) => setTimeout(resolve, rest))
      // Another page of the same view may have begun to make it again meanwhile.
      const newer = views.get(key)
      if (newer === known) break
      known = newer
    }
    const making = make(table, view, sum, zone)
    views.set(key, making)
    making.catch(() => views.delete(key))
    for (const old of views.keys()) {
      if (views.size <= MOST_VIEWS) break
      views.delete(old)
    }
    return making
  }

  /** Goes through all rows, in parts. */
  async function make(table: DataTable, view: View, sum: number | null, zone: string): Promise<Made> {
    const began = performance.now()
    const search = view.search.trim().toLowerCase()
    const places = table.columns.flatMap(({ deleted }, place) => (deleted === true ? [] : [place]))
    const ids: number[] = []
    const columns: Sortable[][] = view.sort.map(() => [])
    const total = createSum()
    let summed = 0
    const fits = (row: DataRow): boolean =>
      view.filters.every(({ column, op, right }) =>
        evaluateRow({ left: row.cells[column] ?? null, op, right }, () => zone),
      ) &&
      (search === '' ||
        places.some((place) =>
          textOf(row.cells[place] ?? null)
            .toLowerCase()
            .includes(search),
        ))
    for (let after: number | undefined = 0; after !== undefined; ) {
      const rows: DataRow[] = await findRowsAfter(reader, table.id, after, SLICE)
      for (const row of rows) {
        if (!fits(row)) continue
        ids.push(row.id)
        for (const [at, { column }] of view.sort.entries()) {
          columns[at]?.push(sortable(row.cells[column] ?? null, 'auto', zone))
        }
        const number = sum === null ? undefined : numericOf(row.cells[sum] ?? null)
        if (number !== undefined && summed >= 0) summed = added(total, number) ? summed + 1 : -1
      }
      after = rows.length < SLICE ? undefined : rows.at(-1)?.id
      // Everything else has its turn between two parts.
      await new Promise((resolve) => setImmediate(resolve))
    }
    const order =
      view.sort.length === 0
        ? ids
        : await inTurns(
            sorted(
              ids,
              columns.map((cells, at) => ({ cells, isDescending: view.sort[at]?.order === 'desc' })),
            ),
          )
    return {
      revision: table.revision,
      at: performance.now(),
      tookMs: performance.now() - began,
      ids: Uint32Array.from(order),
      sums: new Map(sum === null ? [] : [[sum, summed > 0 ? total.total() : null]]),
    }
  }

  return {
    async page(id, view, { offset, limit, sum }, zone) {
      const table = await findTable(reader, id)
      if (table === undefined || table.removedAt !== null) return undefined
      const isWhole = view.filters.length === 0 && view.sort.length === 0 && view.search.trim() === ''
      if (isWhole && sum === null) {
        return { total: table.rowCount, rows: await findRows(reader, id, offset, limit), sum: null }
      }
      const { ids, sums } = await made(table, view, sum, zone)
      const wanted = [...ids.subarray(offset, offset + limit)]
      const found = await findRowsById(reader, id, wanted)
      const rows = wanted.flatMap((row) => found.get(row) ?? [])
      return { total: ids.length, rows, sum: sum === null ? null : (sums.get(sum) ?? null) }
    },
  }
}

/** False for a number that is too far from the others to be added to them. */
function added(total: ReturnType<typeof createSum>, number: Numeric): boolean {
  try {
    total.add(number)
    return true
  } catch {
    return false
  }
}

function* sorted(
  ids: readonly number[],
  columns: readonly { readonly cells: readonly Sortable[]; readonly isDescending: boolean }[],
): Generator<undefined, number[], undefined> {
  const places = yield* sortedPlaces(ids.length, (a, b) => {
    for (const { cells, isDescending } of columns) {
      const order = compareSortables(cells[a], cells[b], isDescending)
      if (order !== 0) return order
    }
    return 0
  })
  return Array.from(places, (place) => ids[place] ?? 0)
}
