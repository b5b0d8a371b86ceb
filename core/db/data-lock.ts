import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { DatabaseError, sqliteCode } from './database-error.ts'

/**
 * Holds a data folder for this process alone. The lock is a file lock of SQLite on `host.lock`, so the operating system
 * takes it back however the process ends; nothing has to be cleaned up after a crash.
 *
 * @throws DatabaseError `locked` when another process holds the folder.
 */
export function lockDataFolder(dataDir: string, holder: () => string): () => void {
  const lock = new Sqlite(join(dataDir, 'host.lock'), { timeout: 0 })
  try {
    lock.pragma('locking_mode = EXCLUSIVE')
    lock.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    lock.close()
    if (!sqliteCode(error)?.startsWith('SQLITE_BUSY')) throw error
    throw new DatabaseError(
      'locked',
      `Another Hookline already uses the data folder ${dataDir}${holder()}: use that one, stop it first, or name another folder with --data.`,
      { cause: error },
    )
  }
  return () => lock.close()
}
