import type { Tx } from '../../db/executor.ts'
import { cancelMessages, wakeMessage } from '../../db/outbox-messages.ts'
import { getRunForEnd, getRunZap, moveRun } from '../../db/runs.ts'
import { abandonedRuns, answerCallers, skipOpenSteps } from '../../db/step-runs.ts'
import { endPause } from '../../db/test-runs.ts'
import { getEvent, type TriggerEventRow } from '../../db/trigger-events.ts'
import type { RunReason } from '../../domain/runs/run-reason.ts'
import type { StepErrorDetails } from '../../domain/runs/step-error.ts'
import type { EndEffects } from '../../signals.ts'
import type { FailureWatch } from './failure-watch.ts'

/** A run that ends in this very transaction. */
export type EndedRun = {
  readonly runId: string
  readonly zapId: string
  readonly zapName: string
  readonly event: TriggerEventRow
  readonly state: 'succeeded' | 'failed' | 'cancelled'
  readonly reason: RunReason | null
  /** The step that failed it, if one did, with its error. */
  readonly failure: { readonly id: string; readonly name: string; readonly error: StepErrorDetails } | null
  readonly startedAt: number
  readonly finishedAt: number
}

/**
 * What the end of a run starts elsewhere: the run that called it goes on, those that it called and did not wait out are ended,
 * and zaps that watch for failures get an event.
 */
export type RunEndings = {
  /** To be called in the transaction that ends a run. Its result is to be emitted as `run:ended` after the commit. */
  record(tx: Tx, run: EndedRun): EndEffects
}

const NONE: readonly string[] = []

export function createRunEndings(failures: Pick<FailureWatch, 'accept'>): RunEndings {
  return {
    record(tx, run) {
      const watchers = run.state === 'failed' ? failures.accept(tx, run) : []
      // One that succeeded has waited out all that it called.
      const abandonedIds = run.state === 'succeeded' ? NONE : abandonedRuns(tx, run.runId)
      const { runId, state, finishedAt } = run
      const others = { runId, state, finishedAt, zapIds: watchers, runIds: NONE, abandonedIds }
      const { parentRunId } = run.event
      if (parentRunId === null) return others
      const isAwaited = answerCallers(tx, parentRunId, run.runId) > 0
      const callerZap = isAwaited ? getRunZap(tx, parentRunId) : undefined
      if (callerZap === undefined) return others
      wakeMessage(tx, parentRunId, run.finishedAt)
      return { ...others, zapIds: [...watchers, callerZap], runIds: [parentRunId] }
    },
  }
}

/** Ends a run that no worker has in hand. Undefined when it is over already or there is none; else what to emit as `run:ended` after the commit. */
export function endIdleRun(
  tx: Tx,
  runId: string,
  end: { state: 'cancelled' | 'failed'; reason: RunReason; now: number },
  endings: RunEndings,
): EndEffects | undefined {
  const run = getRunForEnd(tx, runId)
  const event = run === undefined ? undefined : getEvent(tx, run.eventId)
  if (run === undefined || event === undefined) return undefined
  const { state, reason, now } = end
  if (!moveRun(tx, runId, state, { reason, finishedAt: now, resumesAt: null })) return undefined
  cancelMessages(tx, runId, now)
  skipOpenSteps(tx, runId, now)
  endPause(tx, runId)
  const { zapId, zapName, startedAt } = run
  return endings.record(tx, { runId, zapId, zapName, event, state, reason, failure: null, startedAt, finishedAt: now })
}
