import type { Knex } from 'knex'
import type { StepState } from '../domain/states.ts'
import type { Tx } from './executor.ts'

/** One line of a run's journal. JSON columns are text. */
export type StepRunRow = {
  readonly stepId: string
  readonly scope: string
  readonly state: StepState
  /** JSON list of the ports that were taken, or null while the step is not done. */
  readonly ports: string | null
  readonly input: string | null
  readonly output: string | null
  readonly attemptNo: number
  readonly attemptStartedAt: number | null
  readonly finishedAt: number | null
  readonly nextAttemptAt: number | null
}

type StoredStepRun = {
  step_id: string
  scope: string
  state: StepState
  ports: string | null
  input: string | null
  output: string | null
  attempt_no: number
  attempt_started_at: number | null
  finished_at: number | null
  next_attempt_at: number | null
}

const toStepRun = (row: StoredStepRun): StepRunRow => ({
  stepId: row.step_id,
  scope: row.scope,
  state: row.state,
  ports: row.ports,
  input: row.input,
  output: row.output,
  attemptNo: row.attempt_no,
  attemptStartedAt: row.attempt_started_at,
  finishedAt: row.finished_at,
  nextAttemptAt: row.next_attempt_at,
})

/**
 * Writes a step's newest state. A step that is done (succeeded, failed or skipped) is never written again: that throws,
 * because whoever tries has lost track of the run.
 */
export function writeStepRun(tx: Tx, runId: string, row: StepRunRow): void {
  const changes = tx.run(
    `INSERT INTO step_run
      (run_id, step_id, scope, state, ports, input, output, attempt_no, attempt_started_at, finished_at, next_attempt_at)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (run_id, step_id, scope) DO UPDATE SET
        state = excluded.state, ports = excluded.ports, input = excluded.input, output = excluded.output,
        attempt_no = excluded.attempt_no, attempt_started_at = excluded.attempt_started_at,
        finished_at = excluded.finished_at, next_attempt_at = excluded.next_attempt_at
      WHERE step_run.state NOT IN ('succeeded', 'failed', 'skipped')`,
    [
      runId,
      row.stepId,
      row.scope,
      row.state,
      row.ports,
      row.input,
      row.output,
      row.attemptNo,
      row.attemptStartedAt,
      row.finishedAt,
      row.nextAttemptAt,
    ],
  )
  if (changes === 0) throw new Error(`step ${row.stepId} of ${runId} is already done`)
}

/** The whole journal of a run. */
export function getStepRuns(tx: Tx, runId: string): StepRunRow[] {
  return tx.all<StoredStepRun>('SELECT * FROM step_run WHERE run_id = ?', [runId]).map(toStepRun)
}

export async function findStepRuns(reader: Knex, runId: string): Promise<StepRunRow[]> {
  const rows: StoredStepRun[] = await reader('step_run').where({ run_id: runId })
  return rows.map(toStepRun)
}

/** Gives a replay the finished steps of the run that it replays, so that only what failed or never ran is run. */
export function copyFinishedSteps(tx: Tx, fromRunId: string, toRunId: string): void {
  tx.run(
    `INSERT INTO step_run
      (run_id, step_id, scope, state, ports, input, output, attempt_no, attempt_started_at, finished_at)
      SELECT ?, step_id, scope, state, ports, input, output, attempt_no, attempt_started_at, finished_at
        FROM step_run WHERE run_id = ? AND state = 'succeeded'`,
    [toRunId, fromRunId],
  )
}

/** Closes the steps that were open when their run was ended from outside. */
export function skipOpenSteps(tx: Tx, runId: string, now: number): void {
  tx.run(
    `UPDATE step_run SET state = 'skipped', finished_at = ?, next_attempt_at = NULL
      WHERE run_id = ? AND state IN ('running', 'waiting', 'pending')`,
    [now, runId],
  )
}

/** The newest output of each step of a zap's newest runs, for samples. Looks at the last 20 runs. */
export async function findNewestOutputs(reader: Knex, zapId: string): Promise<Map<string, string>> {
  const rows: { step_id: string; output: string }[] = await reader('step_run')
    .join(
      reader('run').where({ zap_id: zapId }).orderBy('id', 'desc').limit(20).select('id').as('newest'),
      'newest.id',
      'step_run.run_id',
    )
    .where('step_run.state', 'succeeded')
    .whereNotNull('step_run.output')
    .orderBy('step_run.run_id', 'asc')
    .select('step_run.step_id', 'step_run.output')
  return new Map(rows.map((row) => [row.step_id, row.output]))
}
