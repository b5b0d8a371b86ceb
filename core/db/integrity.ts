import { chmodSync, closeSync, fsyncSync, openSync } from 'node:fs'
import Sqlite from 'better-sqlite3'
import { DatabaseError, sqliteCode } from './database-error.ts'

/**
 * Opens a database file that SQLite finds sound at first sight, which takes seconds for each gigabyte, or that `isChecked` already; a new
 * one is made so that only its owner may read it.
 *
 * @throws DatabaseError `corrupt` or `locked`; the file is then as it was.
 */
export function openChecked(file: string, isNew: boolean, isChecked = false): Sqlite.Database {
  const connection = new Sqlite(file, { timeout: 5000 })
  try {
    if (isNew) {
      // It holds what senders sent; the files that SQLite adds beside it get the same permissions.
      chmodSync(file, 0o600)
      connection.pragma('auto_vacuum = INCREMENTAL')
    } else if (!isChecked) {
      const result = connection.pragma('quick_check(1)', { simple: true })
      if (result !== 'ok') throw corrupt(file, new Error(String(result)))
    }
    return connection
  } catch (error) {
    connection.close()
    throw asDatabaseError(file, error)
  }
}

/**
 * Reads a whole database file and throws a DatabaseError `corrupt` unless SQLite finds it sound. Used on backups, before
 * they are trusted and before they are restored. Takes seconds for each gigabyte.
 */
export function checkIntegrity(file: string): void {
  const connection = new Sqlite(file, { timeout: 5000 })
  try {
    const result = connection.pragma('integrity_check(1)', { simple: true })
    if (result !== 'ok') throw corrupt(file, new Error(String(result)))
  } catch (error) {
    throw asDatabaseError(file, error)
  } finally {
    connection.close()
  }
}

/** Waits until a file's content is on the disk, and not just on its way. */
export function syncToDisk(file: string): void {
  const handle = openSync(file, 'r+')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}

export function lockedByAnother(file: string, cause: unknown): DatabaseError {
  return new DatabaseError(
    'locked',
    `The database ${file} is locked by another program, such as a database browser or a backup: end that, then start Hookline again.`,
    { cause },
  )
}

function asDatabaseError(file: string, error: unknown): unknown {
  const code = sqliteCode(error)
  if (code === 'SQLITE_NOTADB' || code?.startsWith('SQLITE_CORRUPT')) return corrupt(file, error)
  return code?.startsWith('SQLITE_BUSY') ? lockedByAnother(file, error) : error
}

function corrupt(file: string, cause: unknown): DatabaseError {
  return new DatabaseError(
    'corrupt',
    `The database ${file} is damaged; nothing was changed: put a backup in its place with "hookline restore FILE", ` +
      'which keeps the damaged files beside it.',
    { cause },
  )
}
