import type Sqlite from 'better-sqlite3'
import type { Row } from './row.ts'

/** What SQLite takes as a parameter. Booleans are stored as 0 and 1, times as milliseconds since 1970 UTC. */
export type SqlValue = string | number | bigint | Uint8Array | null

/**
 * A transaction that is open right now: the first argument of every repository function that writes. Its calls are
 * synchronous, so that many operations can share one commit without ever interleaving (see docs/adr/0002).
 *
 * What a statement does must follow from its parameters and the database alone (no `random()`, no `datetime('now')`): it may be
 * run a second time, when a neighbour in the same commit had to be undone.
 */
export type Tx = {
  /** Runs a statement and returns the number of rows that it changed. */
  run(sql: string, params?: readonly SqlValue[]): number
  /** The first row, or undefined. Throws an `Error` when a column holds something else than `row` says. */
  get<T>(row: Row<T>, sql: string, params?: readonly SqlValue[]): T | undefined
  all<T>(row: Row<T>, sql: string, params?: readonly SqlValue[]): T[]
  /** Whether there is a row at all. */
  has(sql: string, params?: readonly SqlValue[]): boolean
}

/** Remembers the statements of a transaction that changed something, so that they can be done once more. */
export type RecordingTx = Tx & {
  /** How many there are now; 0 when the transaction has changed nothing. */
  mark(): number
  /** Forgets those after a mark. */
  forget(mark: number): void
  /** Does those that are remembered once more, on a database that is as it was before the first of them. */
  redo(): void
  /** Rows that were deleted since the connection was opened, those that were then undone included. */
  deleted(): number
}

const NO_PARAMS: readonly SqlValue[] = []

/** What a statement may change: nothing, rows (then it says how many), or something that is not counted in rows. */
type Kind = 'reads' | 'rows' | 'deletes' | 'other'
type Compiled = { readonly statement: Sqlite.Statement; readonly kind: Kind }
type Done = { readonly statement: Sqlite.Statement; readonly params: readonly SqlValue[] }

const ROWS = /^\s*(INSERT|UPDATE|DELETE)\b/i
const DELETES = /^\s*DELETE\b/i

function kindOf(sql: string): Kind {
  if (!ROWS.test(sql)) return 'other'
  return DELETES.test(sql) ? 'deletes' : 'rows'
}

/** Wraps a connection; every statement is compiled once and kept for as long as the connection. */
export function createTx(connection: Sqlite.Database): RecordingTx {
  const statements = new Map<string, Compiled>()
  const done: Done[] = []
  let deleted = 0

  const compiled = (sql: string): Compiled => {
    let found = statements.get(sql)
    if (found === undefined) {
      const statement = connection.prepare(sql)
      found = { statement, kind: statement.readonly ? 'reads' : kindOf(sql) }
      statements.set(sql, found)
    }
    return found
  }
  const record = ({ statement, kind }: Compiled, params: readonly SqlValue[], rows: number): void => {
    if (kind === 'reads' || (kind !== 'other' && rows === 0)) return
    done.push({ statement, params })
    if (kind === 'deletes') deleted += rows
  }
  const firstOf = (sql: string, params: readonly SqlValue[]): unknown => {
    const found = compiled(sql)
    const row = found.statement.get(params)
    record(found, params, row === undefined ? 0 : 1)
    return row
  }
  return {
    run(sql, params = NO_PARAMS) {
      const found = compiled(sql)
      const { changes } = found.statement.run(params)
      record(found, params, changes)
      return changes
    },
    get(row, sql, params = NO_PARAMS) {
      const first = firstOf(sql, params)
      return first === undefined ? undefined : row(first)
    },
    all(row, sql, params = NO_PARAMS) {
      const found = compiled(sql)
      const rows = found.statement.all(params)
      record(found, params, rows.length)
      return rows.map(row)
    },
    has: (sql, params = NO_PARAMS) => firstOf(sql, params) !== undefined,
    mark: () => done.length,
    forget(mark) {
      done.length = mark
    },
    redo() {
      for (const { statement, params } of done) {
        if (statement.reader) statement.all(params)
        else statement.run(params)
      }
    },
    deleted: () => deleted,
  }
}
