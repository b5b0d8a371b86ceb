import { type AttemptRow, insertAttempt } from '../../db/attempts.ts'
import type { Tx } from '../../db/executor.ts'
import { type HeldMessage, holdsLease, leaseOf, type MessageLease } from '../../db/message-leases.ts'
import type { Database } from '../../db/open.ts'
import { type StepRunRow, writeStepRun } from '../../db/step-runs.ts'

/** A step of a run, or of one round of a loop in it. */
export function stepKey(scope: string, stepId: string): string {
  return `${scope}/${stepId}`
}

/** The lease of a run's message ran out or was taken: this worker must not write anything about the run any more. */
export class LeaseLostError extends Error {
  constructor(message: HeldMessage) {
    super(`the lease of outbox message ${leaseOf(message)?.id ?? 'unstored'} (${message.runId}) is lost`)
    this.name = 'LeaseLostError'
  }
}

/**
 * What one worker writes about one run. Lines are gathered until something makes them durable: the start of a step that has
 * an effect, the end of one while others still run, or the end of the run.
 */
export type RunJournal = {
  step(row: StepRunRow): void
  /** Whether a step, by its `stepKey`, was done or passed by in this delivery. */
  hasClosed(key: string): boolean
  attempt(row: AttemptRow): void
  /** Anything else that belongs to the lines around it. */
  add(line: (tx: Tx) => void): void
  /** Commits what was gathered. Rejects with a {@link LeaseLostError} when the run is no longer this worker's. */
  flush(): Promise<void>
  /** Commits what was gathered together with `ending`, which settles the message and says whether its lease still held. */
  end(ending: (tx: Tx, lease: MessageLease) => boolean): Promise<void>
}

export function createRunJournal(database: Database, message: HeldMessage): RunJournal {
  let lines: ((tx: Tx) => void)[] = []
  const closed = new Set<string>()

  function take(): (tx: Tx) => void {
    const taken = lines
    lines = []
    return (tx) => {
      for (const line of taken) line(tx)
    }
  }

  return {
    step(row) {
      if (row.finishedAt !== null) closed.add(stepKey(row.scope, row.stepId))
      lines.push((tx) => writeStepRun(tx, message.runId, row))
    },
    hasClosed: (key) => closed.has(key),
    add: (line) => lines.push(line),
    attempt: (row) => lines.push((tx) => insertAttempt(tx, message.runId, row)),
    flush() {
      const write = take()
      return database.write((tx) => {
        const lease = leaseOf(message)
        if (lease === null || !holdsLease(tx, lease)) throw new LeaseLostError(message)
        write(tx)
      })
    },
    end(ending) {
      const write = take()
      return database.write((tx) => {
        const lease = leaseOf(message)
        // Its event was not stored, so there is no run to write about.
        if (lease === null) throw new LeaseLostError(message)
        write(tx)
        if (!ending(tx, lease)) throw new LeaseLostError(message)
      })
    },
  }
}
