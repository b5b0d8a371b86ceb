import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { onTestFinished } from 'vitest'
import { migrate } from './migrate.ts'
import { type Database, databaseFile, openDatabase, type SyncWal } from './open.ts'

/** A folder for one test, removed after it. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'hookline-test-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }))
  return folder
}

let empty: Buffer | undefined

/**
 * Puts an empty database into a folder, as Hookline makes one there by itself. To do that takes ten times as long as to open one, and
 * thousands of tests want one.
 */
export function putEmptyDatabase(folder: string): void {
  empty ??= emptyDatabase()
  writeFileSync(databaseFile(folder), empty, { mode: 0o600 })
}

function emptyDatabase(): Buffer {
  const connection = new Sqlite(':memory:')
  connection.pragma('auto_vacuum = INCREMENTAL')
  migrate(connection, () => undefined)
  const bytes = connection.serialize()
  connection.close()
  return bytes
}

/** A real database in a folder of its own, closed after the test. */
export function temporaryDatabase(sync?: SyncWal): Database {
  const folder = temporaryFolder()
  putEmptyDatabase(folder)
  const database = openDatabase(folder, sync)
  onTestFinished(() => database.close())
  return database
}
