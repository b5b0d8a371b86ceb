import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { expect, onTestFinished, test } from 'vitest'
import { migrate, schemaVersion } from './migrate.ts'
import type { Migration, Rebuild } from './migration.ts'
import { temporaryFolder } from './test-database.ts'

const first: Migration = {
  version: 1,
  name: 'zaps and runs',
  statements: [
    'CREATE TABLE zap (id TEXT NOT NULL PRIMARY KEY) STRICT',
    `CREATE TABLE run (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      zap TEXT NOT NULL REFERENCES zap (id),
      word TEXT NOT NULL CHECK (word IN ('a', 'b')),
      finer TEXT,
      shown TEXT GENERATED ALWAYS AS (coalesce(finer, word)) VIRTUAL
    ) STRICT`,
    'CREATE INDEX run_shown ON run (shown)',
    'CREATE INDEX run_finer ON run (finer)',
    "CREATE TRIGGER run_kept BEFORE DELETE ON run WHEN old.word = 'b' BEGIN SELECT RAISE(ABORT, 'kept'); END",
    'CREATE TABLE step (run INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE, name TEXT NOT NULL) STRICT',
  ],
}

const rebuild: Rebuild = {
  table: 'run',
  create: `CREATE TABLE run (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    zap TEXT NOT NULL REFERENCES zap (id),
    word TEXT NOT NULL,
    shown TEXT GENERATED ALWAYS AS (word) VIRTUAL
  ) STRICT`,
  values: { word: 'coalesce(finer, word)' },
  drops: ['finer'],
  without: ['run_finer'],
}
const second = (rebuilds: readonly Rebuild[], statements: readonly string[] = []): Migration => ({
  version: 2,
  name: 'open words',
  rebuilds,
  statements,
})

function oldDatabase(): Sqlite.Database {
  const connection = new Sqlite(join(temporaryFolder(), 'old.db'))
  onTestFinished(() => void connection.close())
  connection.pragma('foreign_keys = ON')
  migrate(connection, () => undefined, [first])
  connection.exec(`INSERT INTO zap VALUES ('z');
    INSERT INTO run (zap, word, finer) VALUES ('z', 'a', NULL), ('z', 'b', 'fine'), ('z', 'a', NULL), ('z', 'a', NULL);
    DELETE FROM run WHERE id IN (3, 4);
    INSERT INTO step VALUES (1, 'one'), (2, 'two')`)
  return connection
}

const all = (connection: Sqlite.Database, sql: string): unknown[] => connection.prepare(sql).all()
const dump = (connection: Sqlite.Database): unknown[] =>
  ['sqlite_schema', 'zap', 'run', 'step', 'sqlite_sequence'].map((table) => all(connection, `SELECT * FROM ${table}`))

test('a table is made anew with its rows, numbers, indexes and triggers, and what refers to it stays', () => {
  const connection = oldDatabase()
  const backups: number[] = []
  migrate(connection, (from) => backups.push(from), [first, second([rebuild])])
  expect(backups).toEqual([1])
  expect(all(connection, 'SELECT * FROM run')).toEqual([
    { id: 1, zap: 'z', word: 'a', shown: 'a' },
    { id: 2, zap: 'z', word: 'fine', shown: 'fine' },
  ])
  expect(all(connection, 'SELECT * FROM step')).toHaveLength(2)
  expect(all(connection, `SELECT name FROM sqlite_schema WHERE tbl_name = 'run' AND type <> 'table'`)).toEqual([
    { name: 'run_shown' },
    { name: 'run_kept' },
  ])
  // The number of a row that was deleted is not given again.
  connection.exec(`INSERT INTO run (zap, word) VALUES ('z', 'new')`)
  expect(all(connection, 'SELECT max(id) AS id FROM run')).toEqual([{ id: 5 }])
  // Foreign keys are on again, and lead to the new table.
  expect(() => connection.exec(`INSERT INTO step VALUES (9, 'nowhere')`)).toThrow(/FOREIGN KEY/)
  connection.exec('DELETE FROM run WHERE id = 1')
  expect(all(connection, 'SELECT name FROM step')).toEqual([{ name: 'two' }])
  expect(connection.pragma('integrity_check', { simple: true })).toBe('ok')
})

test.each<[string, readonly Rebuild[], readonly string[], RegExp]>([
  [
    'rows that refer to what is gone',
    [rebuild],
    ['DELETE FROM run WHERE id = 1'],
    /row 1 of step refers to a row of run/,
  ],
  ['statements that fail', [rebuild], ['not SQL'], /syntax error/],
  ['rows that the new table does not take', [{ ...rebuild, values: { word: 'NULL' } }], [], /NOT NULL/],
  ['a column that is forgotten', [{ ...rebuild, drops: [] }], [], /no finer, and nothing says that it may go/],
  ['an index that there is not', [{ ...rebuild, without: ['run_other'] }], [], /run has no run_other/],
  ['another table than it names', [{ ...rebuild, create: 'CREATE TABLE runs (id)' }], [], /must begin with/],
])('a rebuild with %s changes nothing', (_what, rebuilds, statements, message) => {
  const connection = oldDatabase()
  const before = dump(connection)
  expect(() => migrate(connection, () => undefined, [first, second(rebuilds, statements)])).toThrow(message)
  expect(dump(connection)).toEqual(before)
  expect(schemaVersion(connection)).toBe(1)
  expect(connection.pragma('foreign_keys', { simple: true })).toBe(1)
})
