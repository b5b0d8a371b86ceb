import { Worker } from 'node:worker_threads'
import type Sqlite from 'better-sqlite3'
import type { CheckpointNews, CheckpointOrder } from './checkpoint-worker.ts'
import { integer, rowOf } from './row.ts'

/**
 * Folds the write-ahead log into the database: what is little and lies together in the main thread, in some milliseconds; what is much, or
 * lies all over the file, in a thread of its own, as the disk takes its time for it. See docs/adr/0052.
 */
export type Checkpointer = {
  /** To be called after each commit: looks how long the log is, now and then. What has to be done is begun and not waited for. */
  look(): void
  /** Tells that what is written now lies all over the file. */
  scatters(): void
  /**
   * Folds in what there is, as far as nothing reads from it, in the thread, and returns what the log took to the disk. Resolves also where that
   * failed: the log keeps it.
   */
  run(): Promise<void>
  /** Ends the thread, after what it has in hand. */
  close(): Promise<void>
}

/** Pages (4 KB each) of the log that are not in the database yet, from which the main thread folds them in. A page that is written again and again is folded in once. */
const NEAR_PAGES = 1_000
/** So many are too much for it: one commit wrote them, or a reader kept them in the log. */
const MANY_PAGES = 2_000
/** From so many on the thread folds them in: each time costs it a wait of the commits. */
const FAR_PAGES = 4_000
/** Where so many rows were deleted since the last time, pages all over the file have changed. */
const MANY_DELETED = 50
/**
 * Milliseconds of the main thread beyond which the disk is too slow for that, or the computer too busy: then the thread does it for a while, and for
 * twice as long each time that it was still so.
 */
const SLOW_MS = 20
const FIRST_REST_MS = 5_000
const LONGEST_REST_MS = 320_000
/** To look costs a twentieth of a millisecond, so it is done after one commit of so many. */
const COMMITS_A_LOOK = 4
/** The thread ends when it had nothing to do for so many milliseconds. */
const IDLE_MS = 10_000
/** Times that the log is folded in while commits go on, and make it longer, before they wait for it. */
const TRIES = 4

const stateRow = rowOf({ log: integer, checkpointed: integer })

/**
 * `writer` must not fold the log in by itself (`wal_autocheckpoint=0`). `deleted` counts the rows that were ever deleted. `hold` keeps commits
 * waiting until what it returns is called, and must not be called by a commit.
 */
export function createCheckpointer(config: {
  readonly file: string
  readonly writer: Sqlite.Database
  deleted(): number
  hold(): () => void
  /** Milliseconds since any moment; tests put their own in its place. */
  now?(): number
}): Checkpointer {
  const { file, writer, deleted, hold, now = () => performance.now() } = config
  // It does nothing but to tell.
  const readState = writer.prepare('PRAGMA wal_checkpoint(NOOP)')
  const foldHere = writer.prepare('PRAGMA wal_checkpoint(PASSIVE)')
  let worker: Worker | undefined
  let idle: NodeJS.Timeout | undefined
  let underWay: Promise<void> | null = null
  /** A fold that left something behind, as a reader still needed it, is worth another when the log has grown. */
  let left = 0
  let deletedBefore = 0
  let isScattered = false
  let commits = 0
  let slowUntil = Number.NEGATIVE_INFINITY
  let restMs = FIRST_REST_MS
  let isClosed = false

  const state = () => stateRow(readState.get())
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
  async function foldInThread(): Promise<void> {
    let { log, checkpointed } = state()
    for (let tries = 1; tries <= TRIES && log > checkpointed; tries++) {
      const isLast = log - checkpointed < FAR_PAGES || tries === TRIES
      const resume = tries > 1 && isLast ? hold() : () => undefined
      const before = checkpointed
      try {
        // Without a thread as SQLite does it.
        if (!(await fold()) && !isClosed) foldHere.get()
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
    folded(log - checkpointed)
  }

  /** Folds all of the log in one turn, in which no commit comes between. */
  function foldNow(): void {
    if (isClosed) return
    const startedAt = now()
    try {
      foldHere.get()
    } catch {
      // As above.
    }
    folded(pending())
    const endedAt = now()
    const isSlow = endedAt - startedAt > SLOW_MS
    if (isSlow) slowUntil = endedAt + restMs
    restMs = isSlow ? Math.min(2 * restMs, LONGEST_REST_MS) : FIRST_REST_MS
  }

  /** Also after a failure: what cannot be done now is not tried again at every commit. */
  function folded(pages: number): void {
    left = pages
    isScattered = false
    deletedBefore = deleted()
  }

  function begin(fold: () => Promise<void>): Promise<void> {
    underWay ??= fold().finally(() => {
      underWay = null
    })
    return underWay
  }

  async function run(): Promise<void> {
    // What was begun in the main thread is no more than a turn.
    await underWay?.catch(() => undefined)
    await begin(foldInThread)
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
      if (underWay !== null || isClosed || ++commits < COMMITS_A_LOOK) return
      commits = 0
      const pages = pending()
      if (pages < left + NEAR_PAGES) return
      const isNear =
        pages < MANY_PAGES && !isScattered && now() >= slowUntil && deleted() - deletedBefore < MANY_DELETED
      // The answers of that commit go first, and the next commit, whose wait for the disk it shares.
      if (isNear) void begin(() => turn().then(foldNow)).catch(() => undefined)
      else if (pages >= left + FAR_PAGES) void begin(foldInThread).catch(() => undefined)
    },
    scatters() {
      isScattered = true
    },
    run,
    async close() {
      isClosed = true
      await underWay?.catch(() => undefined)
      await end()
    },
  }
}

/** The next turn of the loop. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
