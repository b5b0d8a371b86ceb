import type { Knex } from 'knex'
import type { Tx } from './executor.ts'
import { nullable, rowOf, text } from './row.ts'

export type ApprovalDecision = 'approved' | 'declined' | 'chosen' | 'expired' | 'withdrawn'

/** Which question of which run: one for each step and round. */
export type ApprovalAt = { readonly runId: string; readonly stepId: string; readonly scope: string }

/** A question that a run asks a person. `data` and `form` are JSON text. */
export type ApprovalRow = ApprovalAt & {
  readonly message: string
  readonly data: string
  /** What there is to fill in and to choose from; null where it is yes or no. */
  readonly form: string | null
  readonly requestedAt: number
  readonly expiresAt: number | null
  /** Until when its link answers it. */
  readonly linkUntil: number
  readonly decision: ApprovalDecision | null
  /** The choice, where one was chosen. */
  readonly choice: string | null
  readonly note: string | null
  readonly decidedAt: number | null
  readonly via: string | null
}

/** What a person decided. */
export type Decided = {
  readonly decision: Extract<ApprovalDecision, 'approved' | 'declined' | 'chosen'>
  readonly choice: string | null
  readonly note: string | null
  readonly via: 'app' | 'link'
}

/** Asks a question, unless it was asked before (a repeat of the step after a crash). */
export function insertApproval(
  tx: Tx,
  approval: Omit<ApprovalRow, 'decision' | 'choice' | 'note' | 'decidedAt' | 'via'>,
): void {
  const { runId, stepId, scope, message, data, form, requestedAt, expiresAt, linkUntil } = approval
  tx.run(
    `INSERT INTO approval (run_id, step_id, scope, message, data, form, requested_at, expires_at, link_until)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
    [runId, stepId, scope, message, data, form, requestedAt, expiresAt, linkUntil],
  )
}

/** Records a decision. False when the question was decided already, or its time, or that of its link, has run out. */
export function decideApproval(tx: Tx, at: ApprovalAt, { decision, choice, note, via }: Decided, now: number): boolean {
  const changes = tx.run(
    `UPDATE approval SET decision = ?, choice = ?, note = ?, via = ?, decided_at = ?
      WHERE run_id = ? AND step_id = ? AND scope = ? AND decision IS NULL AND (expires_at IS NULL OR expires_at > ?)
      AND (? = 'app' OR link_until > ?)`,
    [decision, choice, note, via, now, at.runId, at.stepId, at.scope, now, via, now],
  )
  return changes > 0
}

const answerRow = rowOf({ answer: nullable(text) })

/**
 * The time of a question ran out: closes it, unless it was answered before. Returns that answer, as JSON text, or null. Whichever of the two
 * comes first in the database holds.
 */
export function expireApproval(tx: Tx, at: ApprovalAt, now: number): string | null {
  tx.run(
    `UPDATE approval SET decision = 'expired', decided_at = ?
      WHERE run_id = ? AND step_id = ? AND scope = ? AND decision IS NULL`,
    [now, at.runId, at.stepId, at.scope],
  )
  const step = tx.get(answerRow, 'SELECT answer FROM step_run WHERE run_id = ? AND step_id = ? AND scope = ?', [
    at.runId,
    at.stepId,
    at.scope,
  ])
  return step?.answer ?? null
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
    'approval.form',
    'approval.requested_at as requestedAt',
    'approval.expires_at as expiresAt',
    'approval.link_until as linkUntil',
    'approval.decision',
    'approval.choice',
    'approval.note',
    'approval.decided_at as decidedAt',
    'approval.via',
  )

/** What a run has asked so far, the oldest first. */
export async function findApprovals(reader: Knex, runId: string): Promise<ApprovalRow[]> {
  return columns(reader).where({ run_id: runId }).orderBy('approval.requested_at')
}

export async function findApproval(reader: Knex, at: ApprovalAt): Promise<ApprovalRow | undefined> {
  return columns(reader).where({ run_id: at.runId, step_id: at.stepId, scope: at.scope }).first()
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
