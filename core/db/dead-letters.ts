import type { Knex } from 'knex'
import { type RunReason, readReason, storedReason } from '../domain/runs/run-reason.ts'
import type { Tx } from './executor.ts'

/** A person has dealt with the dead letters of a run. Returns how many there were. */
export function handleDeadLetters(tx: Tx, zapId: string, runId: string, now: number): number {
  return tx.run(
    `UPDATE outbox_message SET handled_at = ?
      WHERE zap_id = ? AND run_id = ? AND state = 'dead' AND handled_at IS NULL`,
    [now, zapId, runId],
  )
}

/** Takes an expired lease out of the queue for good, because working on it again would do harm. */
export function markDead(
  tx: Tx,
  { id, crashes }: { id: number; crashes: number },
  now: number,
  reason: RunReason,
): void {
  const { code, data } = storedReason(reason)
  tx.run(
    `UPDATE outbox_message
      SET state = 'dead', settled_at = ?, lease_token = NULL, leased_until = NULL,
        reason_code = ?, reason_data = ?, crashes = ?
      WHERE id = ? AND state = 'leased'`,
    [now, code, data, crashes, id],
  )
}

/** A message that was given up and not dealt with yet. */
export type DeadLetterRow = {
  readonly id: number
  readonly zapId: string
  readonly zapName: string
  readonly runId: string
  readonly reason: RunReason | null
  readonly at: number
}

/** Dead letters that were not dealt with, the newest first. */
export async function listDeadLetters(reader: Knex, limit: number): Promise<DeadLetterRow[]> {
  type Row = Omit<DeadLetterRow, 'reason'> & { code: string | null; data: string | null; text: string | null }
  const rows: Row[] = await reader('outbox_message')
    .join('zap', 'zap.id', 'outbox_message.zap_id')
    // Written out, and not in the order of the table: else SQLite takes no index of dead letters, and goes through all that ever was.
    .whereRaw(`outbox_message.state = 'dead' AND outbox_message.handled_at IS NULL`)
    .orderByRaw('+outbox_message.id DESC')
    .limit(limit)
    .select(
      'outbox_message.id',
      'zap.id as zapId',
      'zap.name as zapName',
      'outbox_message.run_id as runId',
      'outbox_message.reason_code as code',
      'outbox_message.reason_data as data',
      'outbox_message.last_error as text',
      'outbox_message.settled_at as at',
    )
  return rows.map(({ code, data, text, ...row }) => ({ ...row, reason: readReason({ code, data, text }) }))
}

/** Takes dead letters off the list: those with these ids, or all. Returns how many. */
export function dismissDeadLetters(tx: Tx, ids: readonly number[] | undefined, now: number): number {
  const sql = `UPDATE outbox_message SET handled_at = ? WHERE state = 'dead' AND handled_at IS NULL`
  if (ids === undefined) return tx.run(sql, [now])
  return tx.run(`${sql} AND id IN (SELECT value FROM json_each(?))`, [now, JSON.stringify(ids)])
}
