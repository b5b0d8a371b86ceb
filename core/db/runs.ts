import { type RunReason, storedReason } from '../domain/runs/run-reason.ts'
import {
  RUN_STATES,
  type RunOutcome,
  type RunState,
  runTransitions,
  sourcesOf,
  type WaitFor,
} from '../domain/runs/states.ts'
import type { Tx } from './executor.ts'
import { integer, oneOf, rowOf, text } from './row.ts'

/** Begins a run, unless it is there already (a second delivery of its message). */
export function insertRun(
  tx: Tx,
  run: { id: string; zapId: string; version: number; eventId: string; now: number },
): void {
  tx.run(
    `INSERT INTO run (id, zap_id, version, event_id, state, started_at) VALUES (?, ?, ?, ?, 'running', ?)
      ON CONFLICT DO NOTHING`,
    [run.id, run.zapId, run.version, run.eventId, run.now],
  )
}

/** Writes down an accepted event that makes no run of its own, so that the history says what became of it. */
export function insertSkippedRun(
  tx: Tx,
  run: { id: string; zapId: string; version: number; eventId: string; now: number; reason: RunReason },
): void {
  const { code, data } = storedReason(run.reason)
  tx.run(
    `INSERT INTO run (id, zap_id, version, event_id, state, reason_code, reason_data, started_at, finished_at)
      VALUES (?, ?, ?, ?, 'cancelled', ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
    [run.id, run.zapId, run.version, run.eventId, code, data, run.now, run.now],
  )
}

/** For each state, the SQL that enters it: guarded by the states that the transition table allows before it. */
const MOVE_SQL = new Map<RunState, string>()

function moveSql(to: RunState): string {
  let sql = MOVE_SQL.get(to)
  if (sql === undefined) {
    const sources = sourcesOf(runTransitions, to).map((state) => `'${state}'`)
    sql = `UPDATE run SET state = '${to}', reason = NULL, reason_code = ?, reason_data = ?,
      finished_at = ?, resumes_at = ?, waits_for = ?, outcome = ?
      WHERE id = ? AND state IN (${sources.join(', ')})`
    MOVE_SQL.set(to, sql)
  }
  return sql
}

/** Moves a run to another state. False when the state that it is in does not allow that: a terminal state never changes. */
export function moveRun(
  tx: Tx,
  id: string,
  to: RunState,
  details: {
    reason: RunReason | null
    finishedAt: number | null
    resumesAt: number | null
    waitsFor?: WaitFor
    outcome?: RunOutcome | null
  },
): boolean {
  const { reason, finishedAt, resumesAt, waitsFor = null, outcome = null } = details
  const { code, data } = storedReason(reason)
  return tx.run(moveSql(to), [code, data, finishedAt, resumesAt, waitsFor, outcome, id]) > 0
}

/** A waiting run goes on. */
export function resumeRun(tx: Tx, id: string): boolean {
  return moveRun(tx, id, 'running', { reason: null, finishedAt: null, resumesAt: null })
}

const headRow = rowOf({ state: oneOf(RUN_STATES), startedAt: integer })
const endRow = rowOf({ zapId: text, zapName: text, eventId: text, startedAt: integer })
const zapRow = rowOf({ zapId: text })
const idRow = rowOf({ id: text })
const namedRow = rowOf({ zapId: text, zapName: text })
const countedRow = rowOf({ zapId: text, zapName: text, count: integer })

export function getRunState(tx: Tx, id: string): RunState | undefined {
  return getRunHead(tx, id)?.state
}

/** A run's state and when it began. */
export function getRunHead(tx: Tx, id: string): { state: RunState; startedAt: number } | undefined {
  return tx.get(headRow, 'SELECT state, started_at AS startedAt FROM run WHERE id = ?', [id])
}

/** What is needed to end a run from outside. */
export function getRunForEnd(
  tx: Tx,
  id: string,
): { zapId: string; zapName: string; eventId: string; startedAt: number } | undefined {
  return tx.get(
    endRow,
    `SELECT zap_id AS zapId, zap.name AS zapName, event_id AS eventId, started_at AS startedAt
      FROM run JOIN zap ON zap.id = run.zap_id WHERE run.id = ?`,
    [id],
  )
}

export function getRunZap(tx: Tx, id: string): string | undefined {
  return tx.get(zapRow, 'SELECT zap_id AS zapId FROM run WHERE id = ?', [id])?.zapId
}

/** Runs of a zap that have begun and not ended. Those that need review, and tests that are paused, hold up no other run. */
export function unfinishedRuns(tx: Tx, zapId: string): string[] {
  return tx
    .all(
      idRow,
      `SELECT id FROM run WHERE zap_id = ? AND shown IN ('running', 'waiting')
        AND NOT EXISTS (SELECT 1 FROM test_run WHERE run_id = run.id AND paused_until IS NOT NULL)`,
      [zapId],
    )
    .map((row) => row.id)
}

/** Failed runs since a zap's last success that are looked at: test runs of drafts may lie among those that count. */
const LOOKED_AT_FAILURES = 50

/**
 * Zaps that are switched on and of whose published versions at least `count` runs failed since the last run that succeeded. What was
 * cancelled does not count, nor do test runs that failed and what was replayed: its replay speaks for it. A few index seeks for each zap, however long the history.
 */
export function zapsThatFail(tx: Tx, count: number): { zapId: string; zapName: string }[] {
  return tx.all(
    namedRow,
    `SELECT zap.id AS zapId, zap.name AS zapName FROM zap
      WHERE zap.enabled = 1 AND ? <= (
        SELECT count(*) FROM (
          SELECT run.id, run.version FROM run
            WHERE run.zap_id = zap.id AND run.shown = 'failed' AND run.id > max(
              coalesce((SELECT max(id) FROM run AS done WHERE done.zap_id = zap.id AND done.shown = 'succeeded'), ''),
              coalesce((SELECT max(id) FROM run AS done WHERE done.zap_id = zap.id AND done.shown = 'filtered'), ''))
            ORDER BY run.id DESC LIMIT ${LOOKED_AT_FAILURES}
        ) AS newest
        JOIN zap_version ON zap_version.zap_id = zap.id AND zap_version.number = newest.version
          AND zap_version.kind = 'published'
        WHERE NOT EXISTS (SELECT 1 FROM test_run WHERE test_run.run_id = newest.id)
      )`,
    [count],
  )
}

/** Waiting runs of a zap, the oldest first, that are looked at: those that have failed for long are among them. */
const LOOKED_AT_WAITING = 1_000

/** Zaps with runs that wait for another attempt of a step whose first one failed before `since`. Counts up to `limit` of each. */
export function retryingSince(
  tx: Tx,
  since: number,
  limit: number,
): { zapId: string; zapName: string; count: number }[] {
  return tx.all(
    countedRow,
    `SELECT * FROM (
      SELECT zap.id AS zapId, zap.name AS zapName, (
        SELECT count(*) FROM (
          SELECT 1 FROM (
            SELECT id, waits_for FROM run WHERE zap_id = zap.id AND shown = 'waiting' ORDER BY id LIMIT ${LOOKED_AT_WAITING}
          ) AS oldest
          WHERE waits_for = 'retry' AND EXISTS (
            SELECT 1 FROM attempt WHERE run_id = oldest.id AND finished_at < ? AND error_code <> 'interrupted'
          ) LIMIT ?
        )
      ) AS count FROM zap
    ) WHERE count > 0`,
    [since, limit],
  )
}
