import type Sqlite from 'better-sqlite3'
import { createTx, type Tx } from './executor.ts'

/** Writes that arrive in the same turn of the event loop share one transaction and one flush to disk. */
export type CommitGroup = {
  /**
   * Runs `operation` in the next shared transaction and resolves with its result once that is committed. An operation that
   * throws is rolled back alone; a commit that fails (disk full) rejects everyone in it, and nothing of it is stored.
   */
  write<T>(operation: (tx: Tx) => T): Promise<T>
  /** Commits what is waiting, at once. */
  flush(): void
  /** Commits so far and the milliseconds that they took, for measurements. */
  readonly stats: { readonly commits: number; readonly operations: number; readonly ms: number }
}

/** No transaction holds more operations than this, so that a burst cannot delay its first caller without bound. */
const MAX_OPERATIONS = 512

type Waiting = {
  operation: (tx: Tx) => unknown
  resolve: (value: unknown) => void
  reject: (reason: unknown) => void
}

type Outcome = { ok: true; value: unknown } | { ok: false; error: unknown }

/** Makes the commit group of a writer connection, which nothing else may write through. */
export function createCommitGroup(connection: Sqlite.Database): CommitGroup {
  const tx = createTx(connection)
  const stats = { commits: 0, operations: 0, ms: 0 }
  const waiting: Waiting[] = []
  let scheduled = false

  function runAlone(operation: (tx: Tx) => unknown): Outcome {
    tx.run('SAVEPOINT operation')
    try {
      const value = operation(tx)
      tx.run('RELEASE operation')
      return { ok: true, value }
    } catch (error) {
      // After a full disk SQLite may have rolled the whole transaction back; then there is no savepoint to return to.
      if (!connection.inTransaction) throw error
      tx.run('ROLLBACK TO operation')
      tx.run('RELEASE operation')
      return { ok: false, error }
    }
  }

  function commit(batch: readonly Waiting[]): void {
    const started = performance.now()
    const outcomes: Outcome[] = []
    try {
      tx.run('BEGIN IMMEDIATE')
      for (const entry of batch) outcomes.push(runAlone(entry.operation))
      tx.run('COMMIT')
    } catch (error) {
      if (connection.inTransaction) tx.run('ROLLBACK')
      for (const entry of batch) entry.reject(error)
      return
    } finally {
      stats.commits++
      stats.operations += batch.length
      stats.ms += performance.now() - started
    }
    batch.forEach((entry, index) => {
      const outcome = outcomes[index]
      if (outcome?.ok) entry.resolve(outcome.value)
      else entry.reject(outcome?.error)
    })
  }

  function flush(): void {
    scheduled = false
    while (waiting.length > 0) {
      const batch = waiting.splice(0, MAX_OPERATIONS)
      commit(batch)
    }
  }

  return {
    write<T>(operation: (tx: Tx) => T): Promise<T> {
      return new Promise<T>((resolve, reject) => {
        // The promise's T is the operation's T: each entry keeps the two together.
        waiting.push({ operation, resolve: resolve as (value: unknown) => void, reject })
        if (scheduled) return
        scheduled = true
        setImmediate(flush)
      })
    },
    flush,
    stats,
  }
}
