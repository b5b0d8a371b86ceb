// A thread of its own: opens a large database once, as the main thread will, which reads all of it and brings its format up to date.
import { parentPort, workerData } from 'node:worker_threads'
import { z } from 'zod'
import { DatabaseError } from './database-error.ts'
import { openDatabase } from './open.ts'

export type PrepareOrder = { readonly dataDir: string }

/** What the thread says: that the database is fit to be used, or why not. */
export type PrepareNews =
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly code: DatabaseError['code'] | null; readonly message: string }

const { dataDir } = z.object({ dataDir: z.string() }).parse(workerData)

async function work(): Promise<void> {
  await openDatabase(dataDir).close()
}

work().then(
  () => parentPort?.postMessage({ kind: 'done' } satisfies PrepareNews),
  (error: unknown) => {
    const code = error instanceof DatabaseError ? error.code : null
    const message = error instanceof Error ? error.message : String(error)
    parentPort?.postMessage({ kind: 'failed', code, message } satisfies PrepareNews)
  },
)
