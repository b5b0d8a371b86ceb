import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { unusable } from './data-folder.ts'
import { DatabaseError, sqliteCode } from './database-error.ts'

/**
 * Holds a data folder for this process alone. The lock is a file lock of SQLite on `host.lock`, so the operating system
 * takes it back however the process ends; nothing has to be cleaned up after a crash.
 *
 * @throws DatabaseError `locked` when another process holds the folder, and those of a folder that takes nothing.
 */
export function lockDataFolder(dataDir: string, holder: () => string): () => void {
  const file = join(dataDir, 'host.lock')
  const lock = openLock(file, dataDir)
  try {
    lock.pragma('locking_mode = EXCLUSIVE')
    lock.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    lock.close()
    if (!sqliteCode(error)?.startsWith('SQLITE_BUSY')) throw unusable(error, dataDir) ?? error
    throw new DatabaseError(
      'locked',
      `Another Hookline already uses the data folder ${dataDir}${holder()}: use that one, stop it first, or name another folder with --data.`,
      { cause: error },
    )
  }
  return () => lock.close()
}

function openLock(file: string, dataDir: string): Sqlite.Database {
  try {
    keepPrivate(file)
    return new Sqlite(file, { timeout: 0 })
  } catch (error) {
    throw unusable(error, dataDir) ?? error
  }
}

/**
 * Who may open the file may lock it, and keep every host from starting. It is not opened here to set its permissions: closing it would
 * release what SQLite holds in this process.
 */
function keepPrivate(file: string): void {
  try {
    writeFileSync(file, '', { flag: 'wx', mode: 0o600 })
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
    try {
      chmodSync(file, 0o600)
    } catch {
      // On a disk without permissions, or of another user: then SQLite says whether it may be locked.
    }
  }
}
