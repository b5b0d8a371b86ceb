import { hasLeasedMessage } from '../db/message-leases.ts'
import type { Database } from '../db/open.ts'
import { cancelMessages } from '../db/outbox-messages.ts'
import { findAnyRun, type RunRow } from '../db/run-rows.ts'
import { getRunState, insertRun } from '../db/runs.ts'
import type { Log } from '../domain/host/log.ts'
import type { RunReason } from '../domain/runs/run-reason.ts'
import { isTerminal, runTransitions } from '../domain/runs/states.ts'
import type { Clock } from '../domain/time/clock.ts'
import type { Engine } from '../engine/engine.ts'
import type { CancelReason } from '../engine/run/end-run.ts'
import type { EndEffects, Signals } from '../signals.ts'
import type { Dispatcher } from './dispatcher.ts'

/** Ends runs before their steps do. */
export type RunStopper = {
  /** Ends a run wherever it is: under way, waiting, or not begun. Does nothing to one that has ended. */
  stopRun(run: RunRow, why: CancelReason): Promise<void>
  /** Ends a run that no worker has in hand, such as one that needs review, as failed. Does nothing to one that has ended. */
  failIdleRun(runId: string, reason: RunReason): Promise<void>
}

/** Looks at a run that passes from one worker to the next before it is ended without waiting for either. */
const MAX_LOOKS = 5

export function createRunStopper(config: {
  readonly database: Database
  readonly clock: Clock
  readonly log: Log
  readonly dispatcher: Pick<Dispatcher, 'cancel'>
  readonly engine: Pick<Engine, 'end'>
  readonly signals: Signals
}): RunStopper {
  const { database, clock, log, dispatcher, engine, signals } = config

  signals.on('run:ended', ({ abandonedIds }) => {
    if (abandonedIds.length === 0) return
    stopAbandoned(abandonedIds).catch((error: unknown) =>
      log.error('Runs that no other run waits for could not be ended; they go on.', {
        runIds: abandonedIds,
        error: String(error),
      }),
    )
  })

  /**
   * A run may pass from waiting to being under way meanwhile (its retry comes due, or its call ends with a retry to come), so this looks
   * again until it has ended.
   */
  async function stopRun(run: RunRow, why: CancelReason): Promise<void> {
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
        // A lease without a worker (one that could not write) is not waited for: it ends by finding the run cancelled.
        if (looks < MAX_LOOKS && hasLeasedMessage(tx, id)) return undefined
        // A run that waits for a person's word is stopped by it: that counts as failed.
        const end = state === 'needs-review' ? 'failed' : 'cancelled'
        return { effects: engine.end(tx, id, { state: end, reason: { code: why }, now }) }
      })
      if (done === undefined) continue
      if (done.effects !== undefined) signals.emit('run:ended', done.effects)
      return
    }
  }

  async function stopAbandoned(runIds: readonly string[]): Promise<void> {
    for (const runId of runIds) {
      const run = await findAnyRun(database.reader, runId)
      if (run === undefined || isTerminal(runTransitions, run.state)) continue
      await stopRun(run, 'abandoned')
      signals.emit('run:changed', [runId])
    }
  }

  return {
    stopRun,
    async failIdleRun(runId, reason) {
      const end = { state: 'failed' as const, reason, now: clock.now() }
      const effects = await database.write((tx) => engine.end(tx, runId, end))
      if (effects !== undefined) signals.emit('run:ended', effects)
    },
  }
}
