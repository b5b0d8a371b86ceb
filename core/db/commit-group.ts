import { channel } from 'node:diagnostics_channel'
import type Sqlite from 'better-sqlite3'
import { DatabaseError, sqliteCode } from './database-error.ts'
import { createTx, type Tx } from './executor.ts'

/** Writes that arrive while the disk is busy, or in the same turn of the event loop, share one transaction and one flush to disk. */
export type CommitGroup = {
  /**
   * Runs `operation` in the next shared transaction and resolves with its result once that is on the disk. An operation that
   * throws is rolled back alone; a commit that fails (disk full) rejects all of it, and nothing of it is stored.
   *
   * Rejects with a DatabaseError `not-stored` when the disk failed to take a commit, and from then on always: what the operating
   * system then says about the file can be wrong. Whether that commit is stored shows at the next start.
   */
  write<T>(operation: (tx: Tx) => T): Promise<T>
  /** Resolves when everything that was written before is on the disk. Rejects as {@link write} does. */
  flush(): Promise<void>
  /** Begins no transaction until what it returns is called; one that is under way goes on. Not to be held longer than it must. */
  hold(): () => void
  /** Flushes, and refuses what is written from now on. */
  close(): Promise<void>
  readonly stats: CommitStats
}

/** Counters since the database was opened, for measurements. */
export type CommitStats = {
  readonly commits: number
  readonly operations: number
  /** Milliseconds of the main thread inside transactions. */
  readonly ms: number
  /** Times that the disk was waited for: commits that changed something. */
  readonly syncs: number
  /** Milliseconds of waiting for the disk, during which the main thread was free. */
  readonly syncMs: number
  /** Rows that were deleted. */
  readonly deleted: number
}

/**
 * Calls `done` once all that was committed before is on the disk, or with the error that prevented it; never before it returns.
 */
export type SyncToDisk = (done: (error: Error | null) => void) => void

/** No transaction holds more operations than this, so that a burst cannot delay its first caller without bound. */
const MAX_OPERATIONS = 512

/** Milliseconds that an operation waits for another program's lock on the database. */
const PATIENCE_MS = 5_000
/** Pauses in milliseconds before the lock is tried again; the last one as often as need be. */
const LOCK_PAUSES_MS = [1, 2, 5, 10, 25]

type Waiting = {
  /** Until when it waits for a lock, by `performance.now()`; not set before it met one. */
  until?: number
  operation: (tx: Tx) => unknown
  resolve: (value: unknown) => void
  reject: (reason: unknown) => void
}

/** Where a benchmark that is loaded into the process hears the counters after every commit; nobody else listens. */
const commits = channel('hookline:commit')

type Outcome = { ok: true; value: unknown } | { ok: false; error: unknown }

/**
 * Makes the commit group of a writer connection, which nothing else may write through. A commit of that connection need not wait for
 * the disk (`synchronous=NORMAL`): the group waits by `sync`, and holds every answer back until then. See docs/adr/0006.
 *
 * The connection must not wait for locks by itself (`busy_timeout=0`), as that would stop the thread; the group does, in pauses.
 *
 * One batch is under way at a time: the next is committed when the disk has the one before. So a batch is as large as the disk is
 * slow, and what an operation reads of another one is always on the disk already, or shares its fate.
 */
export function createCommitGroup(connection: Sqlite.Database, sync: SyncToDisk): CommitGroup {
  const tx = createTx(connection)
  const begin = connection.prepare('BEGIN IMMEDIATE')
  const commitAll = connection.prepare('COMMIT')
  const rollback = connection.prepare('ROLLBACK')
  const savepoint = connection.prepare('SAVEPOINT operation')
  const rollbackTo = connection.prepare('ROLLBACK TO operation')
  const release = connection.prepare('RELEASE operation')
  const stats = { commits: 0, operations: 0, ms: 0, syncs: 0, syncMs: 0, deleted: 0 }
  const waiting: Waiting[] = []
  /** A batch is committing or syncing, or will be at the end of this turn. */
  let isBusy = false
  /** How often in a row another program held the lock. */
  let lockTries = 0
  let holds = 0
  /** A transaction would have begun, but for a hold. */
  let isOverdue = false
  /** Why nothing is written any more. */
  let refusal: Error | null = null

  /**
   * Runs the operations of an open transaction. A savepoint each would cost a sixth of all time in SQLite, for failures that hardly
   * ever happen; so the first one that fails after it wrote is undone with everything, and what its neighbours wrote is written
   * again. Those behind it have savepoints.
   */
  function runAll(batch: readonly Waiting[]): Outcome[] {
    const outcomes: Outcome[] = []
    let isGuarded = false
    for (const { operation } of batch) {
      const mark = tx.mark()
      if (isGuarded) savepoint.run()
      try {
        outcomes.push({ ok: true, value: operation(tx) })
        if (isGuarded) release.run()
      } catch (error) {
        // After a full disk SQLite may have rolled the whole transaction back by itself.
        if (!connection.inTransaction) throw error
        outcomes.push({ ok: false, error })
        if (isGuarded) {
          rollbackTo.run()
          release.run()
          tx.forget(mark)
        } else if (tx.mark() > mark) {
          rollback.run()
          tx.forget(mark)
          begin.run()
          tx.redo()
          isGuarded = true
        }
      }
    }
    return outcomes
  }

  /** Runs a batch in one transaction, and tells its callers when the disk has it. */
  function commit(batch: readonly Waiting[]): void {
    const started = performance.now()
    let outcomes: Outcome[] = []
    let hasWritten = true
    try {
      begin.run()
    } catch (error) {
      stats.ms += performance.now() - started
      if (isLock(error)) waitForLock(batch, error)
      else
        settle(
          batch,
          batch.map(() => ({ ok: false, error })),
        )
      return
    }
    lockTries = 0
    try {
      outcomes = runAll(batch)
      hasWritten = tx.mark() > 0
      commitAll.run()
    } catch (error) {
      if (connection.inTransaction) rollback.run()
      outcomes = batch.map(() => ({ ok: false, error }))
      hasWritten = false
    } finally {
      tx.forget(0)
      stats.commits++
      stats.operations += batch.length
      stats.deleted = tx.deleted()
      stats.ms += performance.now() - started
    }
    // What was only read is on the disk already: the batches before this one are.
    if (hasWritten) waitForDisk(batch, outcomes)
    else settle(batch, outcomes)
  }

  /**
   * Tries again later, without stopping the thread meanwhile: SQLite itself would sleep in it. What waited for too long is refused; what comes
   * meanwhile joins the next try.
   */
  function waitForLock(batch: readonly Waiting[], error: unknown): void {
    const now = performance.now()
    for (const entry of batch) entry.until ??= now + PATIENCE_MS
    const [given, left] = [
      batch.filter(({ until = now }) => until <= now),
      batch.filter(({ until = now }) => until > now),
    ]
    for (const entry of given) entry.reject(error)
    waiting.unshift(...left)
    const pause = LOCK_PAUSES_MS[Math.min(lockTries++, LOCK_PAUSES_MS.length - 1)]
    setTimeout(commitNext, pause)
  }

  function waitForDisk(batch: readonly Waiting[], outcomes: readonly Outcome[]): void {
    const started = performance.now()
    sync((error) => {
      stats.syncs++
      stats.syncMs += performance.now() - started
      if (commits.hasSubscribers) commits.publish(stats)
      if (error === null) settle(batch, outcomes)
      else refuse(notStored(error), batch)
    })
  }

  function settle(batch: readonly Waiting[], outcomes: readonly Outcome[]): void {
    batch.forEach((entry, index) => {
      const outcome = outcomes[index]
      if (outcome?.ok) entry.resolve(outcome.value)
      else entry.reject(outcome?.error)
    })
    // At the end of this turn, so that what those callers write next is part of it.
    setImmediate(commitNext)
  }

  function commitNext(): void {
    if (holds > 0) {
      isOverdue = true
      return
    }
    if (waiting.length === 0) {
      isBusy = false
      return
    }
    commit(waiting.splice(0, MAX_OPERATIONS))
  }

  function refuse(reason: Error, batch: readonly Waiting[]): void {
    refusal = reason
    isBusy = false
    for (const entry of [...batch, ...waiting.splice(0)]) entry.reject(reason)
  }

  function write<T>(operation: (tx: Tx) => T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (refusal !== null) {
        reject(refusal)
        return
      }
      // The promise's T is the operation's T: each entry keeps the two together.
      waiting.push({ operation, resolve: resolve as (value: unknown) => void, reject })
      if (isBusy) return
      isBusy = true
      setImmediate(commitNext)
    })
  }

  // Operations keep their order, so one that does nothing comes after everything that was written before.
  const flush = (): Promise<void> => write(() => undefined)

  function hold(): () => void {
    holds++
    let isHeld = true
    return () => {
      if (!isHeld) return
      isHeld = false
      holds--
      if (holds > 0 || !isOverdue) return
      isOverdue = false
      commitNext()
    }
  }

  return {
    write,
    flush,
    hold,
    async close() {
      const flushed = flush()
      refusal ??= new Error('the database is closed')
      await flushed
    },
    stats,
  }
}

function isLock(error: unknown): boolean {
  return sqliteCode(error)?.startsWith('SQLITE_BUSY') === true
}

function notStored(cause: Error): DatabaseError {
  return new DatabaseError(
    'not-stored',
    `The disk did not store what Hookline wrote (${cause.message}), so Hookline writes nothing more: check the disk, then start Hookline again.`,
    { cause },
  )
}
