import type { Database } from '../db/open.ts'
import { forgetRequestsBefore } from '../db/webhook-requests.ts'
import type { Log } from '../domain/host/log.ts'
import type { Clock } from '../domain/time/clock.ts'
import { repeat } from '../domain/time/repeat.ts'

/** Takes requests out of the inbox that are older than the user keeps them. Their events and runs stay. */
export type InboxPruner = {
  start(): void
  /** Resolves when the round under way is over, which it ends early. */
  stop(): Promise<void>
  /** Returns how many went. */
  runOnce(): Promise<number>
}

const DAY_MS = 86_400_000
const INTERVAL_MS = 3_600_000
/** Milliseconds after the start before the first look: what waits to run goes first. */
const FIRST_MS = 30_000
/** Batches of one look; the rest waits for the next, so that nothing else waits for long. */
const BATCHES = 200

export function createInboxPruner(config: {
  readonly database: Database
  readonly clock: Clock
  readonly log: Log
  /** Days that a request is kept; 0: for ever. */
  keepDays(): number
}): InboxPruner {
  const { database, clock, log } = config
  let isStopped = false

  async function prune(): Promise<number> {
    let gone = 0
    for (let batch = 0; batch < BATCHES && !isStopped; batch++) {
      const days = config.keepDays()
      const before = clock.now() - days * DAY_MS
      const went = days === 0 ? 0 : await database.write((tx) => forgetRequestsBefore(tx, before))
      if (went === 0) break
      gone += went
    }
    return gone
  }

  const failed = 'The inbox could not be tidied.'
  const rounds = repeat({ clock, log, failed, everyMs: INTERVAL_MS, firstMs: FIRST_MS, run: prune })
  return {
    start: rounds.start,
    stop() {
      isStopped = true
      return rounds.stop()
    },
    runOnce: rounds.now,
  }
}
