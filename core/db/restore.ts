import { chmodSync, copyFileSync, existsSync, statSync } from 'node:fs'
import Sqlite from 'better-sqlite3'
import { restoreBlobs } from './blob-copies.ts'
import { prepareDataFolder } from './data-folder.ts'
import { lockDataFolder } from './data-lock.ts'
import { DatabaseError } from './database-error.ts'
import { checkIntegrity, syncToDisk } from './integrity.ts'
import { migrations, schemaVersion } from './migrate.ts'
import { databaseFile } from './open.ts'
import { refuseForeignSchema } from './own-schema.ts'
import { putInPlace, removeCopy, setAsideWords, uncheckedCopy } from './restore-files.ts'
import { checkSettings } from './settings.ts'
import { checkZaps } from './zaps.ts'

/**
 * What a restore did: how large the database now is, where the one before it lies, if there was one, and which files beside the backup
 * were left out, as they are no large values.
 */
export type Restored = {
  readonly file: string
  readonly bytes: number
  readonly keptAside: string | null
  readonly refusedFiles: readonly string[]
}

/**
 * Puts a backup in the place of a data folder's database. The backup is copied, the copy is checked from end to end, its large values are
 * put beside those that are there, and only then the old database moves aside, whole, to a name that tells when. Nothing is ever deleted.
 *
 * @throws DatabaseError `locked` while a host uses the folder, `corrupt`, `newer`, `foreign` or `unreadable` when the backup is no good,
 * `unwritable` when something in the data folder is in the way; the database is as it was then.
 */
export function restoreDatabase(dataDir: string, backup: string, holder: () => string, now: number): Restored {
  // Before anything opens it: to open a pipe is to wait for its other end.
  const found = statSync(backup, { throwIfNoEntry: false })
  if (!found?.isFile()) {
    const why = found === undefined ? `There is no backup file ${backup}` : `${backup} is no regular file`
    throw new DatabaseError('corrupt', `${why}: check the path.`)
  }
  prepareDataFolder(dataDir)
  const unlock = lockDataFolder(dataDir, holder)
  const file = databaseFile(dataDir)
  const copy = uncheckedCopy(file)
  try {
    removeCopy(copy)
    copyFileSync(backup, copy)
    // A backup may be read-only, or open to all; its copy is neither, from the first moment.
    chmodSync(copy, 0o600)
    syncToDisk(copy)
    checkBackup(copy, backup)
    const { refused } = restoreBlobs(backup, dataDir)
    const keptAside = putInPlace(file, now)
    return { file, bytes: statSync(file).size, keptAside, refusedFiles: refused }
  } catch (error) {
    if (error instanceof DatabaseError) throw error
    const reason = error instanceof Error ? error.message : String(error)
    throw new DatabaseError(
      'unwritable',
      `The backup ${backup} was not restored, and the database is as it was: put right what is in the way (${reason}), then restore again.`,
      { cause: error },
    )
  } finally {
    removeCopy(copy)
    unlock()
  }
}

function checkBackup(copy: string, backup: string): void {
  try {
    checkIntegrity(copy)
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error
    throw new DatabaseError(
      'corrupt',
      `The backup ${backup} is damaged or no database; nothing was changed: choose another backup.`,
      { cause: error },
    )
  }
  const connection = new Sqlite(copy, { readonly: true })
  try {
    const version = schemaVersion(connection)
    const newest = migrations.at(-1)?.version ?? 0
    if (version > newest) {
      throw new DatabaseError(
        'newer',
        `The backup ${backup} was written by a newer Hookline; nothing was changed: install that one first.`,
      )
    }
    if (version === 0) {
      throw new DatabaseError(
        'corrupt',
        `${backup} is a database, but not one of Hookline's; nothing was changed: choose another backup.`,
      )
    }
    refuseForeignSchema(connection, `The backup ${backup}`)
    checkZaps(connection)
    checkSettings(connection)
  } finally {
    connection.close()
  }
}

/** What can be said of a data folder's database from outside, also while a host uses it. */
export type DatabaseReport = {
  readonly exists: boolean
  readonly bytes: number
  /** Of these, what is not used. */
  readonly freeBytes: number
  /** Why no host can start with it, or with the lack of it. */
  readonly problem: string | null
}

/** Reads the whole database, without changing anything. */
export function inspectDatabase(dataDir: string): DatabaseReport {
  const file = databaseFile(dataDir)
  if (!existsSync(file)) return { exists: false, bytes: 0, freeBytes: 0, problem: setAsideWords(file) }
  const { size } = statSync(file)
  try {
    const connection = new Sqlite(file, { readonly: true, timeout: 5000 })
    try {
      const result = connection.pragma('integrity_check(1)', { simple: true })
      const pragma = (name: string): number => Number(connection.pragma(name, { simple: true }))
      const freeBytes = pragma('freelist_count') * pragma('page_size')
      return { exists: true, bytes: size, freeBytes, problem: result === 'ok' ? null : String(result) }
    } finally {
      connection.close()
    }
  } catch (error) {
    return { exists: true, bytes: size, freeBytes: 0, problem: error instanceof Error ? error.message : String(error) }
  }
}
