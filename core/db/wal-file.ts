import { closeSync, fdatasync, fstatSync, openSync, statSync } from 'node:fs'
import type { SyncToDisk } from './commit-group.ts'

/** The write-ahead log of an open database, as a file whose writes can be waited for without stopping the main thread. */
export type WalFile = {
  readonly sync: SyncToDisk
  /** No sync may be under way. */
  close(): void
}

/**
 * Opens the log of a database that a connection of this process has open in WAL mode. SQLite keeps that file for as long as the
 * connection lives, starts again at its beginning after a checkpoint, and writes nothing else on a commit.
 *
 * A sync asks the system for what SQLite asks it under `synchronous=FULL`: `fdatasync`; on macOS `F_FULLFSYNC`, which Node chooses
 * by itself; on Windows `FlushFileBuffers`, which wants a handle that may write. To close this handle is harmless: SQLite's locks are
 * on the database and its `-shm` file, neither of which may ever be opened and closed here.
 *
 * @throws the system's error when there is no log or it cannot be opened; an Error when it is being replaced.
 */
export function openWalFile(databaseFile: string): WalFile {
  const path = `${databaseFile}-wal`
  const handle = openSync(path, 'r+')
  const open = fstatSync(handle, { bigint: true })
  const named = statSync(path, { bigint: true, throwIfNoEntry: false })
  if (named?.ino !== open.ino || named.dev !== open.dev) {
    closeSync(handle)
    throw new Error(`another program replaces ${path}`)
  }
  return {
    // Without a name, what is on the disk would not be found at the next start.
    sync: (done) =>
      fdatasync(handle, (error) => done(error ?? (isNamed(handle) ? null : new Error(`${path} was deleted`)))),
    close: () => closeSync(handle),
  }
}

function isNamed(handle: number): boolean {
  return fstatSync(handle).nlink > 0
}
