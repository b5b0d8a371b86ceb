import Sqlite from 'better-sqlite3'
import { DatabaseError } from './database-error.ts'
import { migrate, migrations, schemaVersion } from './migrate.ts'

type SchemaObject = { readonly type: string; readonly name: string; readonly sql: string | null }

/**
 * What SQLite writes down for tables and indexes. The text counts, and not the type beside it: SQLite goes by the text alone, so a forged
 * schema can call a trigger a table.
 */
const TABLE_OR_INDEX = /^CREATE (?:TABLE|INDEX|UNIQUE INDEX) /

/**
 * Refuses a database with a trigger, a view or a virtual table: Hookline makes none, and what another program planted there would run,
 * or answer, as a part of Hookline. Reads the schema only.
 *
 * @throws DatabaseError `foreign`, with the name of the object.
 */
export function refuseForeignCode(connection: Sqlite.Database, where: string): void {
  for (const { type, name, sql } of objectsOf(connection)) {
    if (sql !== null && !TABLE_OR_INDEX.test(sql)) throw foreign(where, `the ${kindOf(type, sql)} "${name}"`)
  }
}

/**
 * Refuses a database whose schema is not, object for object, the one that Hookline makes of this version. A changed table is refused as
 * well: its default values and checks decide what a new row says.
 *
 * @throws DatabaseError `foreign`, with the name of the object.
 */
export function refuseForeignSchema(connection: Sqlite.Database, where: string): void {
  refuseForeignCode(connection, where)
  const version = schemaVersion(connection)
  const own = new Sqlite(':memory:')
  try {
    migrate(
      own,
      () => undefined,
      migrations.filter((migration) => migration.version <= version),
    )
    const expected = new Map(objectsOf(own).map((object) => [object.name, object]))
    for (const { type, name, sql } of objectsOf(connection)) {
      const ours = expected.get(name)
      // Statistics and the like, which SQLite keeps for itself under names that a statement cannot make.
      if (ours === undefined && name.startsWith('sqlite_')) continue
      if (ours === undefined) throw foreign(where, `the ${type} "${name}"`)
      if (normalised(sql) !== normalised(ours.sql)) {
        throw foreign(where, `another ${type} "${name}" than Hookline makes`)
      }
      expected.delete(name)
    }
    const [missing] = expected.values()
    if (missing !== undefined) throw foreign(where, `no ${missing.type} "${missing.name}"`)
  } finally {
    own.close()
  }
}

function objectsOf(connection: Sqlite.Database): SchemaObject[] {
  return connection.prepare<[], SchemaObject>('SELECT type, name, sql FROM sqlite_master ORDER BY name').all()
}

/** Line breaks and indents of the program's source end up in the schema, and mean nothing. */
const normalised = (sql: string | null): string => (sql ?? '').replace(/\s+/g, ' ').trim()

function kindOf(type: string, sql: string): string {
  if (type !== 'table') return type
  return sql.startsWith('CREATE VIRTUAL TABLE ') ? 'virtual table' : 'forged table'
}

function foreign(where: string, what: string): DatabaseError {
  return new DatabaseError(
    'foreign',
    `${where} has ${what}, which is not Hookline's and could change what Hookline does; nothing was changed: ` +
      'use a backup that Hookline made, or take that out with a database browser.',
  )
}
