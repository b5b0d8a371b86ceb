import { appendFileSync } from 'node:fs'

/** An event that the host said is stored. */
export type Acknowledged = {
  readonly eventId: string
  /** The webhook's path. */
  readonly path: string
  readonly n: number
  /** The id that the sender gave it, or null. */
  readonly senderId: string | null
}

/** What happened from outside in one round: what was promised, and what a person allowed. */
export type RoundRecord = {
  readonly acknowledged: Acknowledged[]
  /** Repeats that were answered as such. */
  duplicates: number
  /** How often a person had the cut-off steps of a run done again, by run. */
  readonly runAgain: Map<string, number>
  /** Runs of which a person took cut-off steps for done. */
  readonly markedDone: Set<string>
  readonly counts: Map<string, number>
  count(what: string): void
  /** Writes a line into the log of operations. */
  log(line: string): void
}

/** Starts a record whose log of operations is kept in a file, as it may be needed after a crash of the harness too. */
export function createRecord(logFile: string): RoundRecord {
  const startedAt = performance.now()
  const counts = new Map<string, number>()
  return {
    acknowledged: [],
    duplicates: 0,
    runAgain: new Map(),
    markedDone: new Set(),
    counts,
    count: (what) => counts.set(what, (counts.get(what) ?? 0) + 1),
    log: (line) => appendFileSync(logFile, `${((performance.now() - startedAt) / 1_000).toFixed(3)} ${line}\n`),
  }
}
