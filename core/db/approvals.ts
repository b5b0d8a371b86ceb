import type { Knex } from 'knex'
import type { Tx } from './executor.ts'

export type ApprovalDecision = 'approved' | 'declined' | 'expired' | 'withdrawn'

/** A question that a run asks a person. `data` is JSON text. */
export type ApprovalRow = {
  readonly runId: string
  readonly stepId: string
  readonly scope: string
  readonly message: string
  readonly data: string
  readonly requestedAt: number
  readonly expiresAt: number | null
  readonly decision: ApprovalDecision | null
  readonly note: string | null
  readonly decidedAt: number | null
}

/** Asks a question, unless it was asked before (a repeat of the step after a crash). */
export function insertApproval(tx: Tx, approval: Omit<ApprovalRow, 'decision' | 'note' | 'decidedAt'>): void {
  tx.run(
    `INSERT INTO approval (run_id, step_id, scope, message, data, requested_at, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT DO NOTHING`,
    [
      approval.runId,
      approval.stepId,
      approval.scope,
      approval.message,
      approval.data,
      approval.requestedAt,
      approval.expiresAt,
    ],
  )
}

/** Records a decision. False when the question was decided already, or its time ran out. */
export function decideApproval(
  tx: Tx,
  at: { runId: string; stepId: string; scope: string },
  decision: 'approved' | 'declined',
  note: string | null,
  now: number,
): boolean {
  const changes = tx.run(
    `UPDATE approval SET decision = ?, note = ?, decided_at = ?
      WHERE run_id = ? AND step_id = ? AND scope = ? AND decision IS NULL AND (expires_at IS NULL OR expires_at > ?)`,
    [decision, note, now, at.runId, at.stepId, at.scope, now],
  )
  return changes > 0
}

/** The time of a question ran out. */
export function expireApproval(tx: Tx, at: { runId: string; stepId: string; scope: string }, now: number): void {
  tx.run(
    `UPDATE approval SET decision = 'expired', decided_at = ?
      WHERE run_id = ? AND step_id = ? AND scope = ? AND decision IS NULL`,
    [now, at.runId, at.stepId, at.scope],
  )
}

/** Takes back what a run still asks, as it has ended. */
export function withdrawApprovals(tx: Tx, runId: string, now: number): void {
  tx.run(`UPDATE approval SET decision = 'withdrawn', decided_at = ? WHERE run_id = ? AND decision IS NULL`, [
    now,
    runId,
  ])
}

const columns = (reader: Knex): Knex.QueryBuilder =>
  reader('approval').select(
    'approval.run_id as runId',
    'approval.step_id as stepId',
    'approval.scope',
    'approval.message',
    'approval.data',
    'approval.requested_at as requestedAt',
    'approval.expires_at as expiresAt',
    'approval.decision',
    'approval.note',
    'approval.decided_at as decidedAt',
  )

/** What a run has asked so far. */
export async function findApprovals(reader: Knex, runId: string): Promise<ApprovalRow[]> {
  return columns(reader).where({ run_id: runId })
}

/** Open questions with their zaps, the oldest first; 1,000 at most. */
export async function listOpenApprovals(
  reader: Knex,
): Promise<(ApprovalRow & { readonly zapId: string; readonly zapName: string })[]> {
  return columns(reader)
    .join('run', 'run.id', 'approval.run_id')
    .join('zap', 'zap.id', 'run.zap_id')
    .whereNull('approval.decision')
    .orderBy('approval.requested_at')
    .limit(1_000)
    .select('zap.id as zapId', 'zap.name as zapName')
}

export async function countOpenApprovals(reader: Knex): Promise<number> {
  const row: { count: number } | undefined = await reader('approval')
    .whereNull('decision')
    .first(reader.raw('count(*) AS count'))
  return row?.count ?? 0
}
