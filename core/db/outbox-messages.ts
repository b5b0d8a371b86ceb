import type { Knex } from 'knex'
import { type RunReason, storedReason } from '../domain/runs/run-reason.ts'
import type { Tx } from './executor.ts'
import type { LeasedMessage, MessageLease, ReservedMessage } from './message-leases.ts'
import { integer, nullable, rowOf, text } from './row.ts'

const idRow = rowOf({ id: integer })
const zapRow = rowOf({ zapId: text })

export type NewMessage = {
  kind: LeasedMessage['kind']
  zapId: string
  version: number
  eventId: string
  runId: string
  availableAt: number
  now: number
  /** `pending` when absent. */
  state?: 'pending' | 'outgoing'
}

export function insertMessage(tx: Tx, message: NewMessage): void {
  tx.run(
    `INSERT INTO outbox_message (kind, state, zap_id, version, event_id, run_id, available_at, created_at)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      message.kind,
      message.state ?? 'pending',
      message.zapId,
      message.version,
      message.eventId,
      message.runId,
      message.availableAt,
      message.now,
    ],
  )
}

/** Stores the message of a run that begins at once, as its worker holds it already, and notes its id there. */
export function insertReserved(tx: Tx, message: ReservedMessage, now: number): void {
  const { zapId, version, eventId, runId, leaseToken, leasedUntil } = message
  const row = tx.get(
    idRow,
    `INSERT INTO outbox_message
      (kind, state, zap_id, version, event_id, run_id, available_at, deliveries, lease_token, leased_until, created_at)
      VALUES ('start-run', 'leased', ?, ?, ?, ?, ?, 1, ?, ?, ?) RETURNING id`,
    [zapId, version, eventId, runId, now, leaseToken, leasedUntil, now],
  )
  if (row === undefined) throw new Error(`the message of ${runId} was not stored`)
  message.row.id = row.id
}

/**
 * Done with; `reason` says why it was given up, if it was. False when the lease was lost: then what else the transaction holds must
 * not happen either.
 */
export function settleMessage(
  tx: Tx,
  message: MessageLease,
  to: 'delivered' | 'dead',
  now: number,
  reason: RunReason | null = null,
): boolean {
  const { code, data } = storedReason(reason)
  const changes = tx.run(
    `UPDATE outbox_message
      SET state = ?, settled_at = ?, lease_token = NULL, leased_until = NULL, reason_code = ?, reason_data = ?
      WHERE id = ? AND state = 'leased' AND lease_token = ?`,
    [to, now, code, data, message.id, message.leaseToken],
  )
  return changes > 0
}

/** Back into the queue, for a retry at `availableAt` or because the host stops. False when the lease was lost. */
export function returnMessage(tx: Tx, message: MessageLease, availableAt: number): boolean {
  const changes = tx.run(
    `UPDATE outbox_message SET state = 'pending', available_at = ?, lease_token = NULL, leased_until = NULL, crashes = 0
      WHERE id = ? AND state = 'leased' AND lease_token = ?`,
    [availableAt, message.id, message.leaseToken],
  )
  return changes > 0
}

/** Back into the queue after a failed delivery that no step caused, which is counted. False when the lease was lost. */
export function returnFailedMessage(tx: Tx, message: MessageLease, availableAt: number): boolean {
  tx.run(`UPDATE outbox_message SET failures = failures + 1 WHERE id = ? AND state = 'leased' AND lease_token = ?`, [
    message.id,
    message.leaseToken,
  ])
  return returnMessage(tx, message, availableAt)
}

/** Makes the message of a run that rests due. False when there is none: it is worked on, or over. */
export function wakeMessage(tx: Tx, runId: string, now: number): boolean {
  const changes = tx.run(
    `UPDATE outbox_message SET available_at = ? WHERE run_id = ? AND state = 'pending' AND deliveries > 0 AND available_at > ?`,
    [now, runId, now],
  )
  return changes > 0
}

/** Takes back the messages of a run that no worker has in hand. Returns how many; looks through what is pending only when none rests. */
export function cancelMessages(tx: Tx, runId: string, now: number): number {
  const sql = `UPDATE outbox_message SET state = 'cancelled', settled_at = ? WHERE run_id = ? AND state = 'pending'`
  return tx.run(`${sql} AND deliveries > 0`, [now, runId]) || tx.run(sql, [now, runId])
}

/** A due message whose run was never begun. */
type FreshMessage = {
  readonly id: number
  readonly runId: string
  readonly eventId: string
  readonly version: number
  /** Whether a run called for it, and may wait for its end. */
  readonly isAwaited: boolean
}

const freshRow = rowOf({ id: integer, runId: text, eventId: text, version: integer, parentRunId: nullable(text) })

/** Due messages of a zap whose runs were never begun, in order of arrival. */
export function freshMessages(tx: Tx, zapId: string, now: number): FreshMessage[] {
  return tx
    .all(
      freshRow,
      `SELECT message.id, run_id AS runId, event_id AS eventId, version, parent_run_id AS parentRunId
        FROM outbox_message AS message JOIN trigger_event AS event ON event.id = event_id
        WHERE state = 'pending' AND message.zap_id = ? AND available_at <= ? AND kind = 'start-run' AND deliveries = 0
        ORDER BY message.id`,
      [zapId, now],
    )
    .map(({ parentRunId, ...message }) => ({ ...message, isAwaited: parentRunId !== null }))
}

/** Runs that were accepted and not begun, in order of arrival: of one zap, or of all. */
export async function findUnbegunRuns(reader: Knex, zapId: string | undefined): Promise<string[]> {
  const query = reader('outbox_message').where({ state: 'pending', kind: 'start-run', deliveries: 0 }).orderBy('id')
  if (zapId !== undefined) void query.where({ zap_id: zapId })
  return (await query.select('run_id')).map((row: { run_id: string }) => row.run_id)
}

/** Takes back one message that no worker has in hand. */
export function cancelMessage(tx: Tx, id: number, now: number): void {
  tx.run(`UPDATE outbox_message SET state = 'cancelled', settled_at = ? WHERE id = ? AND state = 'pending'`, [now, id])
}

/**
 * Makes due what was never begun and lies in the future: it came while the clock was ahead, and would wait until then. Returns the zaps
 * that it is about.
 */
export function makeDueUnbegun(tx: Tx, now: number): string[] {
  const rows = tx.all(
    zapRow,
    `UPDATE outbox_message SET available_at = ? WHERE id IN (
        SELECT message.id FROM zap CROSS JOIN outbox_message AS message
          WHERE message.zap_id = zap.id AND message.state = 'pending' AND available_at > ? AND deliveries = 0
      )
      RETURNING zap_id AS zapId`,
    [now, now],
  )
  return [...new Set(rows.map(({ zapId }) => zapId))]
}

/**
 * Makes due what lies in the future although it waits for nothing any more: its answer came, or it was taken back from a worker, while
 * the clock was ahead. Returns the zaps that it is about. It looks at every run that rests.
 */
export function makeDueRested(tx: Tx, now: number): string[] {
  const rows = tx.all(
    zapRow,
    `UPDATE outbox_message SET available_at = ? WHERE id IN (
        SELECT message.id FROM zap CROSS JOIN outbox_message AS message
          WHERE message.zap_id = zap.id AND message.state = 'pending' AND available_at > ? AND deliveries > 0
            AND (
              EXISTS (SELECT 1 FROM run WHERE run.id = message.run_id AND run.state = 'running')
              OR EXISTS (SELECT 1 FROM step_run
                WHERE step_run.run_id = message.run_id AND step_run.state = 'waiting' AND answer IS NOT NULL)
            )
      )
      RETURNING zap_id AS zapId`,
    [now, now],
  )
  return [...new Set(rows.map(({ zapId }) => zapId))]
}
