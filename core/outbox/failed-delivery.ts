import { sqliteCode } from '../db/database-error.ts'
import type { Tx } from '../db/executor.ts'
import { type LeasedMessage, returnMessage, settleMessage } from '../db/outbox-messages.ts'
import { moveRun } from '../db/runs.ts'
import { DEFAULT_RETRY, nextDelayMs } from '../domain/backoff.ts'

/**
 * Whether an error is about one message alone, such as a version that this Hookline cannot read; false when the disk or the
 * database failed, which says nothing against the message.
 */
export function isAboutMessage(error: unknown): boolean {
  const code = sqliteCode(error)
  return code === undefined || code.startsWith('SQLITE_CONSTRAINT')
}

/** Takes a message whose run cannot be begun out of the queue, so that it does not hold up the others for ever. Gives the reason. */
export function buryUnbegun(tx: Tx, message: LeasedMessage, error: unknown, now: number): string {
  const reason = `Hookline could not begin this run: ${textOf(error)}`
  settleMessage(tx, message, 'dead', now, reason)
  moveRun(tx, message.runId, 'failed', { reason, finishedAt: now, resumesAt: null })
  return reason
}

/** Gives a message back after an error that no step caused: ours, or the disk's. The run is tried again later, but not for ever. */
export function giveBack(tx: Tx, message: LeasedMessage, error: unknown, now: number): void {
  const reason = `Hookline itself failed: ${textOf(error)}`
  if (message.deliveries < DEFAULT_RETRY.maxAttempts) {
    const delay = nextDelayMs({ ...DEFAULT_RETRY, attempt: message.deliveries, random: Math.random })
    returnMessage(tx, message, now + delay, reason)
  } else if (settleMessage(tx, message, 'dead', now, reason)) {
    moveRun(tx, message.runId, 'failed', { reason, finishedAt: now, resumesAt: null })
  }
}

const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
