// A thread of its own: copies a database that is in use, and reads the copy from end to end, which takes seconds for each gigabyte.
import { chmodSync, closeSync, fsyncSync, openSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import Sqlite from 'better-sqlite3'
import { z } from 'zod'
import { copyBlobs } from './blob-copies.ts'
import { checkIntegrity, syncToDisk } from './integrity.ts'

export type BackupOrder = {
  /** The database, which this process has open. */
  readonly file: string
  readonly dataDir: string
  /** Where the copy goes, and the large values. */
  readonly part: string
  readonly blobsPart: string
  readonly older: string | null
  readonly mark: number
}

/** What the thread says: how far it is, and at the end that all is on the disk, or why not. */
export type BackupNews =
  | { readonly kind: 'progress'; readonly share: number }
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly code: string | null; readonly message: string }

const orderSchema: z.ZodType<BackupOrder> = z.object({
  file: z.string(),
  dataDir: z.string(),
  part: z.string(),
  blobsPart: z.string(),
  older: z.string().nullable(),
  mark: z.int(),
})

/** Pages (4 KB each) that are copied between two looks around: a thread that is to end does so then. */
const PAGES = 1_024
/** Steps after which the disk is waited for. Gigabytes handed to it at once would keep commits waiting behind them. */
const STEPS_A_SYNC = 8

function say(news: BackupNews): void {
  parentPort?.postMessage(news)
}

async function copyDatabase({ file, part }: BackupOrder): Promise<void> {
  const source = new Sqlite(file, { readonly: true, timeout: 5000 })
  let handle: number | undefined
  try {
    // What is committed from here on is not in the copy, so that no commit makes it begin again.
    source.exec('BEGIN')
    source.prepare('SELECT 1 FROM sqlite_schema LIMIT 1').get()
    let steps = 0
    await source.backup(part, {
      progress({ totalPages, remainingPages }) {
        handle ??= openSync(part, 'r')
        if (++steps % STEPS_A_SYNC === 0) fsyncSync(handle)
        say({ kind: 'progress', share: totalPages === 0 ? 0 : 1 - remainingPages / totalPages })
        return PAGES
      },
    })
  } finally {
    if (handle !== undefined) closeSync(handle)
    source.close()
  }
}

/** Makes the copy a file that needs no other beside it, and marks whose it is. */
function finish({ part, mark }: BackupOrder): void {
  const copy = new Sqlite(part)
  try {
    copy.pragma('journal_mode = DELETE')
    copy.pragma(`application_id = ${mark}`)
  } finally {
    copy.close()
  }
}

async function work(order: BackupOrder): Promise<void> {
  await copyDatabase(order)
  chmodSync(order.part, 0o600)
  finish(order)
  checkIntegrity(order.part)
  // After the database: whatever it refers to is there by now, and is never changed.
  await copyBlobs(order.dataDir, order.blobsPart, order.older)
  syncToDisk(order.part)
}

work(orderSchema.parse(workerData)).then(
  () => say({ kind: 'done' }),
  (error: unknown) => {
    const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null
    say({ kind: 'failed', code, message: error instanceof Error ? error.message : String(error) })
  },
)
