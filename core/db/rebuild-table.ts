import type Sqlite from 'better-sqlite3'
import type { Rebuild } from './migration.ts'

/**
 * Makes a table anew by SQLite's own procedure (https://www.sqlite.org/lang_altertable.html#otheralter, steps 3 to 9). It must run inside a
 * transaction that began with foreign keys off: with them on, dropping the old table would delete every row that refers to it.
 *
 * @throws Error when the new table lacks a column that is not meant to go, or SQLite's own error.
 */
export function rebuildTable(connection: Sqlite.Database, rebuild: Rebuild): void {
  const { table, create, values = {}, drops = [], without = [] } = rebuild
  const made = `rebuilt_${table}`
  const begin = `CREATE TABLE ${table} (`
  if (!create.startsWith(begin)) throw new Error(`the rebuild of ${table} must begin with "${begin}"`)
  const belongings = connection
    .prepare<[string], { name: string; sql: string }>(
      `SELECT name, sql FROM sqlite_schema WHERE tbl_name = ? AND type IN ('index', 'trigger') AND sql IS NOT NULL`,
    )
    .all(table)
  const unknown = without.filter((name) => !belongings.some((one) => one.name === name))
  if (unknown.length > 0) throw new Error(`${table} has no ${unknown.join(', ')} that could be left out`)

  connection.exec(`CREATE TABLE ${made} (${create.slice(begin.length)}`)
  const old = columnsOf(connection, table)
  const wanted = columnsOf(connection, made)
  const lost = old.filter((column) => !wanted.includes(column) && !drops.includes(column))
  if (lost.length > 0) throw new Error(`the new ${table} has no ${lost.join(', ')}, and nothing says that it may go`)
  const copied = wanted.filter((column) => column in values || old.includes(column))
  const sources = copied.map((column) => values[column] ?? column)
  // A full scan goes along the table itself, so the rows keep their order; numbered rows keep their numbers.
  connection.exec(`INSERT INTO ${made} (${copied.join(', ')}) SELECT ${sources.join(', ')} FROM ${table}`)
  const counted = keptCounter(connection, table)
  connection.exec(`DROP TABLE ${table}`)
  connection.exec(`ALTER TABLE ${made} RENAME TO ${table}`)
  if (counted !== null) connection.prepare('UPDATE sqlite_sequence SET seq = ? WHERE name = ?').run(counted, table)
  for (const { name, sql } of belongings) if (!without.includes(name)) connection.exec(sql)
}

/** Columns that a row is written with: generated ones are not among them. */
function columnsOf(connection: Sqlite.Database, table: string): string[] {
  return connection
    .prepare<[string], { name: string }>('SELECT name FROM pragma_table_info(?)')
    .all(table)
    .map(({ name }) => name)
}

/** The highest number that a table with AUTOINCREMENT has ever given; null for other tables. */
function keptCounter(connection: Sqlite.Database, table: string): number | null {
  const hasCounters = connection.prepare(`SELECT 1 FROM sqlite_schema WHERE name = 'sqlite_sequence'`).get()
  if (hasCounters === undefined) return null
  const kept = connection
    .prepare<[string], { seq: number }>('SELECT seq FROM sqlite_sequence WHERE name = ?')
    .get(table)
  return kept?.seq ?? null
}

/** Throws an `Error` that names the first row whose foreign key leads nowhere. */
export function checkForeignKeys(connection: Sqlite.Database): void {
  const [broken] = connection
    .prepare<[], { table: string; rowid: number | null; parent: string }>(
      'SELECT "table", rowid, parent FROM pragma_foreign_key_check LIMIT 1',
    )
    .all()
  if (broken !== undefined) {
    throw new Error(
      `row ${broken.rowid ?? '?'} of ${broken.table} refers to a row of ${broken.parent} that is not there`,
    )
  }
}
