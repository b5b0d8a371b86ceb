import type { RowFilter } from '../domain/tables/row-filter.ts'
import type { JsonObject } from '../domain/values/json.ts'
import type { OrderBy } from './kit/order.ts'

/** Which rows of a table are meant, in which order, and how many of them at most. */
export type RowQuery = {
  readonly filter: RowFilter
  readonly sort: readonly RowOrder[]
  readonly limit: number
  /** In which dates without one are. */
  readonly zone: string
}

export type RowOrder = { readonly column: string; readonly order: 'asc' | 'desc'; readonly as: OrderBy }

/** Rows with their numbers, which stay theirs for ever. */
export type FoundRows = { readonly rows: readonly JsonObject[]; readonly ids: readonly number[] }

/** Rows that were changed. Of many only the first are in `rows` and `ids`. */
export type ChangedRows = FoundRows & {
  readonly count: number
  /** Names of zaps that watch the table and were not started, as this change is their own. */
  readonly held: readonly string[]
}

export type WrittenRows = ChangedRows & {
  /** How many of them are new. */
  readonly created: number
  /** Whether the table was made for them. */
  readonly madeTable: boolean
}

/** Rows to be written, some hundred at a time: each time the same ones, as a repeat of the step finds its change by its place among them. */
export type RowBatches = Iterable<readonly JsonObject[]> | AsyncIterable<readonly JsonObject[]>

/**
 * Tables that people and zaps share. Every change is made once for each step and run: a repeat gets the result of the first time. More rows than
 * fit into one transaction are changed in parts. Throws a {@link StepError} `no-table` or `no-column` that names the nearest ones.
 */
export type TableAccess = {
  /** `more`: that there are others beyond the limit. */
  find(table: string, query: RowQuery): Promise<FoundRows & { readonly more: boolean }>
  /** Adds rows; with `key` columns, those of which there is a row with the same values are put over it. */
  write(
    table: string,
    rows: RowBatches,
    options: { readonly key: readonly string[] | null; readonly makesTable: boolean; readonly makesColumns: boolean },
  ): Promise<WrittenRows>
  update(table: string, query: RowQuery, values: JsonObject): Promise<ChangedRows>
  remove(table: string, query: RowQuery): Promise<ChangedRows>
}
