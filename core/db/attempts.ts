import type { Knex } from 'knex'
import type { Tx } from './executor.ts'
import { integer, rowOf, text } from './row.ts'

/**
 * An attempt that did not succeed. The last, successful one needs no row of its own: the step run has its number and times.
 */
export type AttemptRow = {
  readonly stepId: string
  readonly scope: string
  readonly n: number
  readonly startedAt: number
  readonly finishedAt: number
  readonly errorCode: string
  readonly errorMessage: string
}

/** An attempt that ended with the process; it does not count against the step's attempts. */
export const INTERRUPTED = 'interrupted'

/** Keeps an attempt's error. Its step run must exist. */
export function insertAttempt(tx: Tx, runId: string, attempt: AttemptRow): void {
  tx.run(
    `INSERT INTO attempt (run_id, step_id, scope, n, started_at, finished_at, error_code, error_message)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      runId,
      attempt.stepId,
      attempt.scope,
      attempt.n,
      attempt.startedAt,
      attempt.finishedAt,
      attempt.errorCode,
      attempt.errorMessage,
    ],
  )
}

/** As {@link insertAttempt}, unless the attempt has an error already (it took too long). */
export function insertInterruption(tx: Tx, runId: string, attempt: AttemptRow): void {
  const known = getAttemptError(tx, runId, { ...attempt, attemptNo: attempt.n })
  if (known === undefined) insertAttempt(tx, runId, attempt)
}

const countRow = rowOf({ count: integer })
const codeRow = rowOf({ code: text })

/** How many attempts of a step failed by themselves, interruptions left out. */
export function countFailures(tx: Tx, runId: string, stepId: string, scope: string): number {
  return (
    tx.get(
      countRow,
      'SELECT count(*) AS count FROM attempt WHERE run_id = ? AND step_id = ? AND scope = ? AND error_code <> ?',
      [runId, stepId, scope, INTERRUPTED],
    )?.count ?? 0
  )
}

/** Code of the error with which the present attempt of a step ended; undefined when it did not, or succeeded. */
export function getAttemptError(
  tx: Tx,
  runId: string,
  at: { stepId: string; scope: string; attemptNo: number },
): string | undefined {
  return tx.get(
    codeRow,
    'SELECT error_code AS code FROM attempt WHERE run_id = ? AND step_id = ? AND scope = ? AND n = ?',
    [runId, at.stepId, at.scope, at.attemptNo],
  )?.code
}

type StoredAttempt = {
  step_id: string
  scope: string
  n: number
  started_at: number
  finished_at: number
  error_code: string
  error_message: string
}

/** Every failed attempt of a run, in order. */
export async function findAttempts(reader: Knex, runId: string): Promise<AttemptRow[]> {
  const rows: StoredAttempt[] = await reader('attempt').where({ run_id: runId }).orderBy('n')
  return rows.map((row) => ({
    stepId: row.step_id,
    scope: row.scope,
    n: row.n,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
    errorCode: row.error_code,
    errorMessage: row.error_message,
  }))
}
