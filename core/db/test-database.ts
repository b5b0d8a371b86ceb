import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { type Database, openDatabase, type SyncWal } from './open.ts'

/** A folder for one test, removed after it. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'hookline-test-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }))
  return folder
}

/** A real database in a folder of its own, closed after the test. */
export function temporaryDatabase(sync?: SyncWal): Database {
  const folder = temporaryFolder()
  const database = openDatabase(folder, sync)
  onTestFinished(() => database.close())
  return database
}
