import type Sqlite from 'better-sqlite3'

/** What SQLite takes as a parameter. Booleans are stored as 0 and 1, times as milliseconds since 1970 UTC. */
export type SqlValue = string | number | bigint | Uint8Array | null

/**
 * A transaction that is open right now: the first argument of every repository function that writes. Its calls are
 * synchronous, so that many operations can share one commit without ever interleaving (see docs/adr/0002).
 */
export type Tx = {
  /** Runs a statement and gives the number of rows that it changed. */
  run(sql: string, params?: readonly SqlValue[]): number
  /** The first row, or undefined. `Row` is the caller's word for the columns that its SQL names. */
  get<Row>(sql: string, params?: readonly SqlValue[]): Row | undefined
  all<Row>(sql: string, params?: readonly SqlValue[]): Row[]
}

/** Wraps a connection; every statement is compiled once and kept for as long as the connection. */
export function createTx(connection: Sqlite.Database): Tx {
  const statements = new Map<string, Sqlite.Statement>()
  const statement = (sql: string): Sqlite.Statement => {
    let found = statements.get(sql)
    if (found === undefined) {
      found = connection.prepare(sql)
      statements.set(sql, found)
    }
    return found
  }
  // The columns of a row are known to the SQL's author alone: these two casts are where they become types.
  return {
    run: (sql, params = []) => statement(sql).run(params).changes,
    get: <Row>(sql: string, params: readonly SqlValue[] = []) => statement(sql).get(params) as Row | undefined,
    all: <Row>(sql: string, params: readonly SqlValue[] = []) => statement(sql).all(params) as Row[],
  }
}
