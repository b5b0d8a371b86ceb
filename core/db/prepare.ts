import { statSync } from 'node:fs'
import { Worker } from 'node:worker_threads'
import { DatabaseError } from './database-error.ts'
import { databaseFile } from './open.ts'
import type { PrepareNews, PrepareOrder } from './prepare-worker.ts'

/** Bytes from which the thread is worth its start: SQLite reads about half a gigabyte a second, so this is what the main thread does in 30 ms. */
export const LARGE_BYTES = 16 * 1_048_576

/** The size of a data folder's database in bytes; 0 where there is none. */
export function databaseBytes(dataDir: string): number {
  return statSync(databaseFile(dataDir), { throwIfNoEntry: false })?.size ?? 0
}

/**
 * Checks a database from end to end and brings its format up to date, in a thread of its own, so that this one goes on meanwhile. The caller
 * holds the lock of the folder. Afterwards `openDatabase` need not check it again.
 *
 * @throws DatabaseError as `openDatabase` does; the files are then as they were.
 */
export async function prepareInThread(dataDir: string): Promise<void> {
  const order: PrepareOrder = { dataDir }
  // As it is written in tests, and as it is built.
  const name = import.meta.url.endsWith('.ts') ? './prepare-worker.ts' : './prepare-worker.js'
  const worker = new Worker(new URL(name, import.meta.url), { workerData: order })
  const ended = Promise.withResolvers<void>()
  worker.on('message', (news: PrepareNews) => {
    if (news.kind === 'done') ended.resolve()
    else ended.reject(news.code === null ? new Error(news.message) : new DatabaseError(news.code, news.message))
  })
  worker.on('error', ended.reject)
  worker.on('exit', (code) => ended.reject(new Error(`The thread that reads the database ended with code ${code}.`)))
  try {
    await ended.promise
  } finally {
    await worker.terminate()
  }
}
