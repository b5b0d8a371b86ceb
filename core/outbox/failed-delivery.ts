import { sqliteCode } from '../db/database-error.ts'
import type { Tx } from '../db/executor.ts'
import type { LeasedMessage } from '../db/message-leases.ts'
import { returnFailedMessage, settleMessage } from '../db/outbox-messages.ts'
import { moveRun } from '../db/runs.ts'
import type { RunReason } from '../domain/runs/run-reason.ts'
import { DEFAULT_RETRY, nextDelayMs } from '../domain/time/backoff.ts'
import type { Engine } from '../engine/engine.ts'
import type { EndEffects } from '../signals.ts'

/**
 * Whether an error is about one message alone, such as a version that this Hookline cannot read; false when the disk or the
 * database failed, which says nothing against the message.
 */
export function isAboutMessage(error: unknown): boolean {
  const code = sqliteCode(error)
  return code === undefined || code.startsWith('SQLITE_CONSTRAINT')
}

/** Takes a message whose run cannot be begun out of the queue, so that it does not hold up the others for ever. */
export function giveUpUnbegun(
  tx: Tx,
  message: LeasedMessage,
  failure: { readonly error: unknown; readonly now: number },
  end: Engine['end'],
): { reason: RunReason; effects: EndEffects | undefined } {
  const reason = { code: 'not-begun', message: textOf(failure.error) } as const
  settleMessage(tx, message, 'dead', failure.now, reason)
  return { reason, effects: fail(tx, message.runId, { reason, now: failure.now }, end) }
}

/**
 * Returns a message to the queue after an error that no step caused. The run is tried again on the default schedule of retries: for about
 * a day after an error about this message, and without end after one of the disk or the database, for which no event may be lost.
 * Returns what to announce when it is given up.
 */
export function giveBack(
  tx: Tx,
  message: LeasedMessage,
  failure: { readonly error: unknown; readonly now: number },
  end: Engine['end'],
): EndEffects | undefined {
  const { error, now } = failure
  const attempt = message.failures + 1
  if (attempt < DEFAULT_RETRY.maxAttempts || !isAboutMessage(error)) {
    const delay = nextDelayMs({ ...DEFAULT_RETRY, attempt, random: Math.random })
    returnFailedMessage(tx, message, now + delay)
    return undefined
  }
  const reason = { code: 'internal', message: textOf(error) } as const
  if (!settleMessage(tx, message, 'dead', now, reason)) return undefined
  return fail(tx, message.runId, { reason, now }, end)
}

/** Ends a run that was given up. What that starts elsewhere must not keep it from its end. */
function fail(
  tx: Tx,
  runId: string,
  { reason, now }: { reason: RunReason; now: number },
  end: Engine['end'],
): EndEffects | undefined {
  try {
    return end(tx, runId, { state: 'failed', reason, now })
  } catch (error) {
    if (!isAboutMessage(error)) throw error
    moveRun(tx, runId, 'failed', { reason, finishedAt: now, resumesAt: null })
    return undefined
  }
}

const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
