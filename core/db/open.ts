import { chmodSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type Sqlite from 'better-sqlite3'
import knex, { type Knex } from 'knex'
import { type Failpoint, noFailpoint } from '../domain/runs/failpoint.ts'
import { type BackupRequest, backUp } from './back-up.ts'
import { removeUnfinishedBlobs } from './blobs.ts'
import { createCheckpointer } from './checkpointer.ts'
import { type CommitGroup, createCommitGroup } from './commit-group.ts'
import { sqliteCode } from './database-error.ts'
import { lockedByAnother, openChecked, syncToDisk } from './integrity.ts'
import { forgetSound, knownSoundSince, noteSound } from './known-sound.ts'
import { migrate, migrations } from './migrate.ts'
import { refuseForeignCode } from './own-schema.ts'
import { finishRestore } from './restore-files.ts'
import { addTextSearch } from './run-search.ts'
import { openWalFile, type WalFile } from './wal-file.ts'

/** An open database: one connection that writes, one that only reads. */
export type Database = {
  readonly file: string
  /**
   * Reads, off the write path. It never sees uncommitted rows, and cannot change any. It may see a row a moment before that is on the
   * disk: fit to be shown, but whatever must not be said or done too early has to go through {@link write}, also to read.
   */
  readonly reader: Knex
  readonly write: CommitGroup['write']
  readonly stats: CommitGroup['stats']
  /** Writes a consistent copy to a file that does not exist yet, and checks it, in another thread. It appears whole or not at all. */
  backup(request: BackupRequest): Promise<{ bytes: number }>
  /** Whether a backup is under way. Files of large values that are deleted meanwhile would be missing in it. */
  isBackingUp(): boolean
  /**
   * Gives unused pages at the end of the file back, for about `ms` milliseconds, and moves pages there for it. Returns how many unused bytes
   * are left. The file is shorter after {@link checkpoint}.
   */
  shrink(ms: number): Promise<number>
  /** Folds the write-ahead log into the file, as far as no reader needs it, in another thread. */
  checkpoint(): Promise<void>
  /**
   * Ends a backup that is under way, stores what is waiting, folds the write-ahead log into the file, and closes both connections.
   * Rejects when that failed.
   */
  close(): Promise<void>
}

/** The database of a data folder. */
export function databaseFile(dataDir: string): string {
  return join(dataDir, 'hookline.db')
}

/** Which format the tables have with this version of Hookline. */
const FORMAT = migrations.at(-1)?.version ?? 0

/** Whether the database of a data folder is as it was left by a Hookline that ended as it should, so that it need not be read from end to end. */
export function isKnownSound(dataDir: string): boolean {
  return knownSoundSince(databaseFile(dataDir), FORMAT) !== null
}

type Pragma = readonly [name: string, value: string | number, expected: string | number]

/** What every connection sets and then reads back: a pragma that SQLite ignores is a promise that we would break. */
const PRAGMAS: readonly Pragma[] = [
  ['journal_mode', 'WAL', 'wal'],
  ['synchronous', 'FULL', 2],
  ['busy_timeout', 5000, 5000],
  ['foreign_keys', 'ON', 1],
  ['trusted_schema', 'OFF', 0],
  ['cell_size_check', 'ON', 1],
  ['journal_size_limit', 67_108_864, 67_108_864],
  ['cache_size', -4_000, -4_000],
  // macOS returns from fsync before the disk has the data; these make it wait. Elsewhere they change nothing.
  ['fullfsync', 'ON', 1],
  ['checkpoint_fullfsync', 'ON', 1],
]

/** The end of a file's name while it is being written. */
const PART = '.part'

/** Pages that are given back before the time is looked at: well under a millisecond. */
const SHRINK_PAGES = 64

/** Keeps a copy of a database in its old format beside it. What an earlier try left unfinished goes. */
function backUpBeforeUpgrade(connection: Sqlite.Database, dataDir: string, fromVersion: number): void {
  const folder = join(dataDir, 'backups')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  for (const name of readdirSync(folder)) if (name.endsWith(PART)) rmSync(join(folder, name), { force: true })
  const file = join(folder, `before-upgrade-from-${fromVersion}-${Date.now()}.db`)
  connection.prepare('VACUUM INTO ?').run(`${file}${PART}`)
  chmodSync(`${file}${PART}`, 0o600)
  syncToDisk(`${file}${PART}`)
  renameSync(`${file}${PART}`, file)
}

/** How an open database waits for the disk. Tests put their own in its place. */
export type SyncWal = (wal: WalFile, done: Parameters<WalFile['sync']>[0]) => void

/**
 * Opens the database of a data folder, making or migrating it as needed. `isChecked`: it was read from end to end a moment ago; without that it is, unless
 * {@link isKnownSound} says that it need not be.
 *
 * @throws DatabaseError `corrupt`, `newer`, `foreign` or `set-aside`; the files are then as they were.
 */
export function openDatabase(
  dataDir: string,
  sync: SyncWal = (wal, done) => wal.sync(done),
  failpoint: Failpoint = noFailpoint,
  isChecked = false,
): Database {
  const file = databaseFile(dataDir)
  finishRestore(file)
  removeUnfinishedBlobs(dataDir)
  const isNew = !existsSync(file)
  const soundSince = isNew ? null : knownSoundSince(file, FORMAT)
  const writer = openChecked(file, isNew, isChecked || soundSince !== null)
  const checkedAt = soundSince ?? Date.now()
  forgetSound(file)
  let reader: Knex
  let wal: WalFile
  try {
    refuseForeignCode(writer, `The database ${file}`)
    for (const pragma of PRAGMAS) setPragma(writer, pragma)
    const backUp = (fromVersion: number): void => backUpBeforeUpgrade(writer, dataDir, fromVersion)
    migrate(writer, backUp, migrations, failpoint)
    // Better said now, in a sentence, than by whoever writes first.
    writer.exec('BEGIN IMMEDIATE')
    writer.exec('ROLLBACK')
    // From here on the commit group alone writes, and waits for the disk by itself; see docs/adr/0006.
    setPragma(writer, ['synchronous', 'NORMAL', 1])
    // Nor does SQLite fold the log in inside a commit; see docs/adr/0052.
    setPragma(writer, ['wal_autocheckpoint', 0, 0])
    // It waits for locks by itself as well: SQLite would stop the thread for as long.
    setPragma(writer, ['busy_timeout', 0, 0])
    wal = openWalFile(file)
    reader = openReader(file)
  } catch (error) {
    writer.close()
    throw sqliteCode(error)?.startsWith('SQLITE_BUSY') ? lockedByAnother(file, error) : error
  }
  const group = createCommitGroup(writer, (done) =>
    sync(wal, (error) => {
      done(error)
      if (error === null) checkpointer.look()
    }),
  )
  const { hold, stats } = group
  const checkpointer = createCheckpointer({ file, writer, hold, deleted: () => stats.deleted })
  const closing = new AbortController()
  const backups = new Set<Promise<unknown>>()
  return {
    file,
    reader,
    write: group.write,
    stats,
    async backup(request) {
      await group.flush()
      const { signal } = request
      const ends = signal === undefined ? closing.signal : AbortSignal.any([closing.signal, signal])
      const made = backUp(dataDir, file, request, ends, failpoint)
      const over: Promise<unknown> = made.catch(() => undefined).then(() => backups.delete(over))
      backups.add(over)
      return made
    },
    isBackingUp: () => backups.size > 0,
    shrink: (ms) =>
      // What a neighbour's failure undoes of this is done by the next call: the pages are still unused then.
      group.write(() => {
        const end = performance.now() + ms
        checkpointer.scatters()
        const pageBytes = Number(writer.pragma('page_size', { simple: true }))
        for (;;) {
          writer.exec(`PRAGMA incremental_vacuum(${SHRINK_PAGES})`)
          failpoint('during-shrink')
          const left = Number(writer.pragma('freelist_count', { simple: true })) * pageBytes
          if (left === 0 || performance.now() >= end) return left
        }
      }),
    checkpoint: checkpointer.run,
    async close() {
      closing.abort(new Error('Hookline was stopped before the backup was whole.'))
      const [failure] = await Promise.all([group.close().catch((error: Error) => error), ...backups])
      try {
        await checkpointer.close()
        await reader.destroy()
        // After a failure of the disk nothing may be taken out of the log, which alone may hold what was stored before.
        if (failure === undefined) {
          setPragma(writer, ['busy_timeout', 5000, 5000])
          writer.pragma('wal_checkpoint(TRUNCATE)')
        }
      } finally {
        wal.close()
        writer.close()
      }
      if (failure !== undefined) throw failure
      noteSound(file, FORMAT, checkedAt)
    },
  }
}

function setPragma(connection: Sqlite.Database, [name, value, expected]: Pragma): void {
  connection.pragma(`${name} = ${value}`)
  const actual = connection.pragma(name, { simple: true })
  if (actual !== expected) throw new Error(`SQLite kept ${name} at ${String(actual)} instead of ${expected}`)
}

function openReader(file: string): Knex {
  return knex({
    client: 'better-sqlite3',
    useNullAsDefault: true,
    connection: { filename: file, options: { readonly: true } },
    pool: {
      min: 1,
      max: 1,
      // It has one connection, and keeps it: to look every second for one too many would wake an idle computer.
      reapIntervalMillis: 2 ** 31 - 1,
      afterCreate(connection: Sqlite.Database, done: (error: Error | null, connection: Sqlite.Database) => void) {
        // A reader of a write-ahead log waits for no writer; what else may lock it is over in a moment, or must not stop the thread.
        connection.pragma('busy_timeout = 40')
        connection.pragma('trusted_schema = OFF')
        addTextSearch(connection)
        done(null, connection)
      },
    },
  })
}
