import { z } from 'zod'
import type { Tx } from './executor.ts'
import { integer, nullable, oneOf, rowOf, text } from './row.ts'

/** Failures in a row that are an incident. */
export const POLL_FAILURES = 5

/** How polls of a trigger go. Times are milliseconds since 1970 UTC. */
export type PollState = {
  /** When the next one is due; null while the trigger is not polled. */
  readonly nextAt: number | null
  readonly polledAt: number | null
  readonly succeededAt: number | null
  /** Failures since the last success. */
  readonly failures: number
  readonly failingSince: number | null
  /** Why the last poll failed; null when it did not. */
  readonly error: { readonly code: string; readonly message: string } | null
}

/** What keeps a row: polls, or a connection that is kept. */
export type PollKind = 'poll' | 'connection'

/** `subject` is what is polled, as text; `cursor` the JSON of where the next poll goes on, null before the first success. */
export type PollRow = PollState & {
  readonly kind: PollKind
  readonly zapId: string
  readonly stepId: string
  readonly subject: string
  readonly cursor: string | null
}

const pollRow = rowOf({
  zapId: text,
  stepId: text,
  kind: oneOf(['poll', 'connection']),
  subject: text,
  cursor: nullable(text),
  nextAt: nullable(integer),
  polledAt: nullable(integer),
  succeededAt: nullable(integer),
  failures: integer,
  failingSince: nullable(integer),
  error: nullable(text),
})

const errorSchema = z.object({ code: z.string(), message: z.string() })

const SELECT = `SELECT zap_id AS zapId, step_id AS stepId, kind, subject, cursor, next_at AS nextAt, polled_at AS polledAt,
  succeeded_at AS succeededAt, failures, failing_since AS failingSince, error FROM poll_cursor`

function toPoll({ error, ...row }: ReturnType<typeof pollRow>): PollRow {
  return { ...row, error: error === null ? null : errorSchema.parse(JSON.parse(error)) }
}

/** The rows of one kind. */
export function getPolls(tx: Tx, kind: PollKind): PollRow[] {
  return tx.all(pollRow, `${SELECT} WHERE kind = ?`, [kind]).map(toPoll)
}

export function getPoll(tx: Tx, zapId: string, stepId: string): PollRow | undefined {
  const row = tx.get(pollRow, `${SELECT} WHERE zap_id = ? AND step_id = ?`, [zapId, stepId])
  return row && toPoll(row)
}

export function writePoll(tx: Tx, row: PollRow): void {
  const { error } = row
  tx.run(
    `INSERT INTO poll_cursor (zap_id, step_id, kind, subject, cursor, next_at, polled_at, succeeded_at, failures, failing_since, error)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (zap_id, step_id) DO UPDATE SET kind = excluded.kind, subject = excluded.subject, cursor = excluded.cursor, next_at = excluded.next_at,
        polled_at = excluded.polled_at, succeeded_at = excluded.succeeded_at, failures = excluded.failures,
        failing_since = excluded.failing_since, error = excluded.error`,
    [
      row.zapId,
      row.stepId,
      row.kind,
      row.subject,
      row.cursor,
      row.nextAt,
      row.polledAt,
      row.succeededAt,
      row.failures,
      row.failingSince,
      error && JSON.stringify(error),
    ],
  )
}

export function deletePoll(tx: Tx, zapId: string, stepId: string): void {
  tx.run('DELETE FROM poll_cursor WHERE zap_id = ? AND step_id = ?', [zapId, stepId])
}

const failingRow = rowOf({ zapId: text, zapName: text, stepId: text, failures: integer, error: nullable(text) })

/** Triggers whose polls fail and fail: so often in a row, or since before a moment. */
export function failingPolls(
  tx: Tx,
  limits: { readonly failures: number; readonly since: number },
): { zapId: string; zapName: string; stepId: string; failures: number; message: string }[] {
  return tx
    .all(
      failingRow,
      `SELECT zap_id AS zapId, zap.name AS zapName, step_id AS stepId, failures, error FROM poll_cursor
        JOIN zap ON zap.id = zap_id
        WHERE next_at IS NOT NULL AND (failures >= ? OR failing_since <= ?) ORDER BY failing_since`,
      [limits.failures, limits.since],
    )
    .map(({ error, ...row }) => ({
      ...row,
      message: error === null ? '' : errorSchema.parse(JSON.parse(error)).message,
    }))
}
