// A thread of its own: folds the write-ahead log into the database when it is told to, and waits for the disk meanwhile.
import { parentPort, workerData } from 'node:worker_threads'
import Sqlite from 'better-sqlite3'

export type CheckpointOrder = { readonly file: string }
/** What the thread says after each time: nothing, or why it could not. */
export type CheckpointNews = { readonly error: string | null }

// From the thread that started this one. Nothing more is loaded here than is needed: a start takes the time of many pages.
const { file } = workerData as CheckpointOrder

// A log is folded in by its own connection in the same process: SQLite's locks are kept by it for all of them.
const connection = new Sqlite(file, { timeout: 0, fileMustExist: true })
for (const pragma of ['synchronous = FULL', 'fullfsync = ON', 'checkpoint_fullfsync = ON', 'cache_size = -512'])
  connection.pragma(pragma)
// It takes no lock that a commit or a reader needs.
const fold = connection.prepare('PRAGMA wal_checkpoint(PASSIVE)')

parentPort?.on('message', () => {
  let error: string | null = null
  try {
    fold.get()
  } catch (thrown) {
    error = thrown instanceof Error ? thrown.message : String(thrown)
  }
  parentPort?.postMessage({ error } satisfies CheckpointNews)
})
