import { existsSync } from 'node:fs'
import { rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { Failpoint } from '../domain/runs/failpoint.ts'
import type { BackupNews, BackupOrder } from './backup-worker.ts'
import { blobsBeside } from './blob-copies.ts'
import { syncFolder } from './blobs.ts'

/** What a backup is to be called and how it goes. */
export type BackupRequest = {
  /** A path that does not exist yet. */
  readonly file: string
  /** An older backup in the same folder: large values that it has are not copied again. */
  readonly older?: string | null
  /** A number that the copy says of itself (SQLite's `application_id`). */
  readonly mark?: number
  readonly signal?: AbortSignal
  /** Hears how much of the database is copied: from 0 to 1. */
  progress?(share: number): void
}

/** Why no backup was written, with the system's or SQLite's code. */
export class BackupError extends Error {
  readonly code: string | null

  constructor(code: string | null, message: string) {
    super(message)
    this.name = 'BackupError'
    this.code = code
  }
}

/** The end of names while they are written. */
const PART = '.part'

/** The names that a backup has before it is whole. A crash leaves them behind. */
export const partsOf = (file: string): readonly string[] => [
  ...['', '-journal', '-wal', '-shm'].map((suffix) => `${file}${PART}${suffix}`),
  `${blobsBeside(file)}${PART}`,
]

/** Takes away what an unfinished backup of this name left. */
export async function removeParts(file: string): Promise<void> {
  for (const path of partsOf(file)) await rm(path, { recursive: true, force: true })
}

/**
 * Copies an open database with its large values, in a thread of its own, reads the copy from end to end, and gives both their names once
 * they are whole and on the disk; nothing has those names before.
 *
 * @throws BackupError when that failed; the reason of `signal` when it aborted. Nothing is left then.
 */
export async function backUp(
  dataDir: string,
  database: string,
  request: BackupRequest,
  signal: AbortSignal,
  failpoint: Failpoint,
): Promise<{ bytes: number }> {
  const { file } = request
  const part = `${file}${PART}`
  const blobsPart = `${blobsBeside(file)}${PART}`
  await removeParts(file)
  try {
    signal.throwIfAborted()
    // Only its owner may read it, from the first byte on.
    await writeFile(part, '', { mode: 0o600, flag: 'wx' })
    const order = { file: database, dataDir, part, blobsPart, older: request.older ?? null, mark: request.mark ?? 0 }
    await inThread(order, signal, (share) => {
      failpoint('during-backup')
      request.progress?.(share)
    })
    failpoint('before-backup-has-its-name')
    if (existsSync(file)) throw new BackupError('EEXIST', `${file} exists already: choose another name.`)
    // The large values first: what has the name of a backup has all that belongs to it.
    if (existsSync(blobsPart)) await rename(blobsPart, blobsBeside(file))
    await rename(part, file)
    await syncFolder(dirname(file))
    return { bytes: (await stat(file)).size }
  } catch (error) {
    await removeParts(file).catch(() => undefined)
    if (!existsSync(file)) await rm(blobsBeside(file), { recursive: true, force: true }).catch(() => undefined)
    throw error
  }
}

async function inThread(order: BackupOrder, signal: AbortSignal, progress: (share: number) => void): Promise<void> {
  // As it is written in tests, and as it is built.
  const name = import.meta.url.endsWith('.ts') ? './backup-worker.ts' : './backup-worker.js'
  const worker = new Worker(new URL(name, import.meta.url), { workerData: order })
  const ended = Promise.withResolvers<void>()
  const stop = (): void => ended.reject(signal.reason)
  signal.addEventListener('abort', stop, { once: true })
  worker.on('message', (news: BackupNews) => {
    if (news.kind === 'progress') progress(news.share)
    else if (news.kind === 'done') ended.resolve()
    else ended.reject(new BackupError(news.code, news.message))
  })
  worker.on('error', (error) => ended.reject(error))
  worker.on('exit', (code) => ended.reject(new Error(`its thread ended with code ${code}`)))
  try {
    await ended.promise
  } finally {
    signal.removeEventListener('abort', stop)
    // It writes nothing more from here on, so what it left can be taken away.
    await worker.terminate()
  }
}
