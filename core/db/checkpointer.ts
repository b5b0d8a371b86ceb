import { Worker } from 'node:worker_threads'
import type Sqlite from 'better-sqlite3'
import { z } from 'zod'
import type { CheckpointNews, CheckpointOrder } from './checkpoint-worker.ts'

/**
 * Folds the write-ahead log into the database in a thread of its own. SQLite would do it inside the commit that makes the log long, and the
 * main thread would wait there for the disk to take some thousand scattered pages. See docs/adr/0052.
 */
export type Checkpointer = {
  /** Looks how long the log is, after a commit; some microseconds. What has to be done is begun and not waited for. */
  look(): void
  /**
   * Folds in what there is, as far as nothing reads from it, and returns what the log took to the disk. Resolves also where that failed: the
   * log keeps it.
   */
  run(): Promise<void>
  /** Ends the thread, after what it has in hand. */
  close(): Promise<void>
}

/** Pages (4 KB each) of the log that are not in the database yet, from which they are folded in. A page that is written again and again is folded in once. */
const PAGES = 4_000
/** The thread ends when it had nothing to do for so many milliseconds. */
const IDLE_MS = 10_000
/** Times that the log is folded in while commits go on, and make it longer, before they wait for it. */
const TRIES = 4

const stateRow = z.object({ log: z.int(), checkpointed: z.int() })

/**
 * `writer` must not fold the log in by itself (`wal_autocheckpoint=0`). `hold` keeps commits waiting until what it returns is called, and
 * must not be called by a commit.
 */
export function createCheckpointer(config: {
  readonly file: string
  readonly writer: Sqlite.Database
  hold(): () => void
}): Checkpointer {
  const { file, writer, hold } = config
  // It does nothing but to tell.
  const readState = writer.prepare('PRAGMA wal_checkpoint(NOOP)')
  let worker: Worker | undefined
  let idle: NodeJS.Timeout | undefined
  let underWay: Promise<void> | null = null
  /** A fold that left something behind, as a reader still needed it, is worth another when the log has grown so long. */
  let wantedFrom = PAGES
  let isClosed = false

  const state = () => stateRow.parse(readState.get())
  const pending = (): number => {
    const { log, checkpointed } = state()
    return log - checkpointed
  }

  function start(): Worker {
    const order: CheckpointOrder = { file }
    // As it is written in tests, and as it is built.
    const name = import.meta.url.endsWith('.ts') ? './checkpoint-worker.ts' : './checkpoint-worker.js'
    const started = new Worker(new URL(name, import.meta.url), { workerData: order })
    started.unref()
    return started
  }

  /** Has the thread fold once. False when it could not. */
  async function fold(): Promise<boolean> {
    clearTimeout(idle)
    try {
      worker ??= start()
    } catch {
      // The system has no thread to spare.
      return false
    }
    const mine = worker
    const ended = Promise.withResolvers<boolean>()
    const heard = ({ error }: CheckpointNews): void => ended.resolve(error === null)
    const lost = (): void => {
      if (worker === mine) worker = undefined
      ended.resolve(false)
    }
    mine.once('message', heard).once('error', lost).once('exit', lost)
    mine.postMessage(null)
    const isFolded = await ended.promise
    mine.off('message', heard).off('error', lost).off('exit', lost)
    if (worker !== undefined) {
      idle = setTimeout(() => void end(), IDLE_MS)
      idle.unref()
    }
    return isFolded
  }

  async function end(): Promise<void> {
    clearTimeout(idle)
    const ending = worker
    worker = undefined
    await ending?.terminate()
  }

  /**
   * Folds most of the log while commits go on behind it. A log starts again at its beginning only when nothing of it is left to be folded
   * in: so at last what came meanwhile, which is little, while commits wait.
   */
  async function foldAll(): Promise<void> {
    let { log, checkpointed } = state()
    for (let tries = 1; tries <= TRIES && log > checkpointed; tries++) {
      const isLast = log - checkpointed < PAGES || tries === TRIES
      const resume = tries > 1 && isLast ? hold() : () => undefined
      const before = checkpointed
      try {
        // Without a thread as SQLite does it.
        if (!(await fold()) && !isClosed) writer.pragma('wal_checkpoint(PASSIVE)')
      } catch {
        // The disk is full, or fails: the next commit says so, and until then the log keeps what is in it.
        break
      } finally {
        resume()
      }
      ;({ log, checkpointed } = state())
      // A reader still needs the rest.
      if (checkpointed === before) break
    }
    // Also after a failure: what cannot be done now is not tried again at every commit.
    wantedFrom = log - checkpointed + PAGES
  }

  function folded(): Promise<void> {
    underWay ??= foldAll().finally(() => {
      underWay = null
    })
    return underWay
  }

  async function run(): Promise<void> {
    await folded()
    if (isClosed || pending() > 0) return
    try {
      // There is nothing left to write: it ends the log, and cuts its file off.
      writer.pragma('wal_checkpoint(TRUNCATE)')
    } catch {
      // Something reads from it.
    }
  }

  return {
    look() {
      if (underWay === null && !isClosed && pending() >= wantedFrom) void folded().catch(() => undefined)
    },
    run,
    async close() {
      isClosed = true
      await underWay?.catch(() => undefined)
      await end()
    },
  }
}
