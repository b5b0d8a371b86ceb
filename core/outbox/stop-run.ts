import { hasLeasedMessage } from '../db/message-leases.ts'
import type { Database } from '../db/open.ts'
import { cancelMessages } from '../db/outbox-messages.ts'
import { findAnyRun, getRunState, insertRun, type RunRow } from '../db/runs.ts'
import type { Clock } from '../domain/clock.ts'
import { isTerminal, runTransitions } from '../domain/states.ts'
import { endIdleRun } from '../engine/end-idle-run.ts'
import { CANCEL_REASONS } from '../engine/end-run.ts'
import type { EndEffects, RunEndings } from '../engine/run-endings.ts'
import type { Dispatcher } from './dispatcher.ts'

/** Ends runs before their steps do. */
export type RunStopper = {
  /** Ends a run wherever it is: under way, waiting, or not begun. Does nothing to one that has ended. */
  stop(run: RunRow, why: keyof typeof CANCEL_REASONS): Promise<void>
  /** Ends runs that were called by one that has ended: nobody is left who wants what they give. */
  stopAbandoned(runIds: readonly string[]): Promise<void>
}

/** Looks at a run that passes from one worker to the next before it is ended without waiting for either. */
const MAX_LOOKS = 5

export function createRunStopper(config: {
  database: Database
  clock: Clock
  dispatcher: Dispatcher
  endings: RunEndings
  changed(runIds: readonly string[]): void
}): RunStopper {
  const { database, clock, dispatcher, endings } = config

  /**
   * A run may pass from waiting to being under way meanwhile (its retry comes due, or its call ends with a retry to come), so this looks
   * again until it has ended.
   */
  async function stop(run: RunRow, why: keyof typeof CANCEL_REASONS): Promise<void> {
    const { id } = run
    for (let looks = 1; ; looks++) {
      await dispatcher.cancel(id, why)
      const now = clock.now()
      const done = await database.write((tx): { effects?: EndEffects | undefined } | undefined => {
        let state = getRunState(tx, id)
        if (state === undefined && cancelMessages(tx, id, now) > 0) {
          // It was accepted and never begun: the history gets a line that says what became of it.
          insertRun(tx, { ...run, now: run.startedAt })
          state = 'running'
        }
        if (state === undefined || isTerminal(runTransitions, state)) return {}
        // A lease that nobody works under (its worker could not write) is not waited for: it ends by finding the run cancelled.
        if (looks < MAX_LOOKS && hasLeasedMessage(tx, id)) return undefined
        // A run that waits for a person's word is stopped by it: that counts as failed.
        const end = state === 'needs-review' ? 'failed' : 'cancelled'
        return { effects: endIdleRun(tx, id, { state: end, reason: CANCEL_REASONS[why], now }, endings) }
      })
      if (done === undefined) continue
      if (done.effects !== undefined) endings.announce(done.effects)
      return
    }
  }

  return {
    stop,
    async stopAbandoned(runIds) {
      for (const runId of runIds) {
        const run = await findAnyRun(database.reader, runId)
        if (run === undefined || isTerminal(runTransitions, run.state)) continue
        await stop(run, 'abandoned')
        config.changed([runId])
      }
    },
  }
}
