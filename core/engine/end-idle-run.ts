import type { Tx } from '../db/executor.ts'
import { cancelMessages } from '../db/outbox-messages.ts'
import { getRunForEnd, moveRun } from '../db/runs.ts'
import { skipOpenSteps } from '../db/step-runs.ts'
import { endPause } from '../db/test-runs.ts'
import { getEvent } from '../db/trigger-events.ts'
import type { RunReason } from '../domain/run-reason.ts'
import type { EndEffects } from '../signals.ts'
import type { RunEndings } from './run-endings.ts'

/** Ends a run that nobody is working on. Undefined when it is over already or there is none; else what to announce after the commit. */
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
