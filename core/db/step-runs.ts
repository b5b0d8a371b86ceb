import type { Knex } from 'knex'
import { STEP_STATES, type StepState, WAITS, type WaitFor } from '../domain/runs/states.ts'
import { withdrawApprovals } from './approvals.ts'
import type { Tx } from './executor.ts'
import { flag, integer, nullable, oneOf, type Read, rowOf, text } from './row.ts'

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
  /** What it waits for, or last waited for; null when it never waited, or only for a person to let a test go on. */
  readonly wait: StepWait | null
  /** Of a failed step: whether the failure is one that is tried again, and was as often as the step allows. */
  readonly exhausted: boolean
  /** How it ended the whole run, as JSON text; null when it did not. */
  readonly endsRun: string | null
}

/**
 * What a step waits for, or last waited for. `retry`, `network` and `account`, which names its credential in `data`: then it is attempted anew. The others: then it goes on, knowing `data`
 * and, where something outside answers it, `answer`; both are JSON text.
 */
export type StepWait =
  | { readonly for: 'retry' | 'network'; readonly since: number }
  | { readonly for: 'time' | 'account'; readonly since: number; readonly data: string | null }
  | {
      readonly for: 'person' | 'run'
      readonly since: number
      readonly data: string | null
      readonly answer: string | null
    }

/** What came for a step that waits; null when nothing did, or nothing can. */
export function answerTo(wait: StepWait | null | undefined): string | null {
  return wait != null && 'answer' in wait ? wait.answer : null
}

function toWait({ wait_for, wait_since, wait_data: data, answer }: Read<typeof stepRunRow>): StepWait | null {
  const since = wait_since ?? 0
  switch (wait_for) {
    case null:
      return null
    case 'retry':
    case 'network':
      return { for: wait_for, since }
    case 'time':
    case 'account':
      return { for: wait_for, since, data }
    case 'person':
    case 'run':
      return { for: wait_for, since, data, answer }
  }
}

const stepRunRow = rowOf({
  step_id: text,
  scope: text,
  state: oneOf(STEP_STATES),
  ports: nullable(text),
  input: nullable(text),
  output: nullable(text),
  attempt_no: integer,
  attempt_started_at: nullable(integer),
  finished_at: nullable(integer),
  next_attempt_at: nullable(integer),
  wait_for: nullable(oneOf(WAITS)),
  wait_since: nullable(integer),
  wait_data: nullable(text),
  answer: nullable(text),
  exhausted: flag,
  ends_run: nullable(text),
})
const idRow = rowOf({ id: text })
const calledRow = rowOf({ id: nullable(text) })

const toStepRun = (row: Read<typeof stepRunRow>): StepRunRow => ({
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
  wait: toWait(row),
  exhausted: row.exhausted === 1,
  endsRun: row.ends_run,
})

/**
 * Writes a step's newest state. A step that is done (succeeded, failed or skipped) is never written again: that throws,
 * because a caller that tries has lost track of the run.
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
      WHERE step_run.state NOT IN ('succeeded', 'failed', 'skipped') AND excluded.state <> 'pending'`,
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
  if (changes === 0) throw new Error(`step ${row.stepId} of ${runId} is already done, or would begin anew`)
  // Few steps end their run, so this is a statement of its own.
  if (row.exhausted || row.endsRun !== null) {
    tx.run('UPDATE step_run SET exhausted = ?, ends_run = ? WHERE run_id = ? AND step_id = ? AND scope = ?', [
      row.exhausted ? 1 : 0,
      row.endsRun,
      runId,
      row.stepId,
      row.scope,
    ])
  }
  // Most steps never wait, so this is a statement of its own. What was waited for stays readable when the step is done.
  if (row.state !== 'waiting' || row.wait === null) return
  const { wait } = row
  tx.run(
    'UPDATE step_run SET wait_for = ?, wait_since = ?, wait_data = ?, answer = ? WHERE run_id = ? AND step_id = ? AND scope = ?',
    [wait.for, wait.since, 'data' in wait ? wait.data : null, answerTo(wait), runId, row.stepId, row.scope],
  )
}

/** Answers a step that waits. False when it does not wait for that (any more). */
export function answerStep(
  tx: Tx,
  step: { runId: string; stepId: string; scope: string; waitFor: WaitFor },
  answer: string,
): boolean {
  const changes = tx.run(
    `UPDATE step_run SET answer = ? WHERE run_id = ? AND step_id = ? AND scope = ? AND state = 'waiting' AND wait_for = ?`,
    [answer, step.runId, step.stepId, step.scope, step.waitFor],
  )
  return changes > 0
}

/** Lets a step begin before which a test stands; see `pausedRow`. What a person does is due whatever the clock says. */
export function releaseStep(tx: Tx, step: { runId: string; stepId: string; scope: string }): void {
  tx.run(
    `UPDATE step_run SET next_attempt_at = 0
      WHERE run_id = ? AND step_id = ? AND scope = ? AND state = 'waiting' AND wait_for IS NULL`,
    [step.runId, step.stepId, step.scope],
  )
}

/** Answers the steps of a run that wait for the end of another run. Returns how many. */
export function answerCallers(tx: Tx, callerRunId: string, calledRunId: string): number {
  return tx.run(
    `UPDATE step_run SET answer = json_object('runId', ?) WHERE run_id = ? AND state = 'waiting' AND wait_for = 'run'
      AND wait_data ->> '$.runId' = ?`,
    [calledRunId, callerRunId, calledRunId],
  )
}

/** Lets every waiting step of a run go on now: next attempts, delays, and all else that only waits for its time or the network. */
export function endWaits(tx: Tx, runId: string, waits: readonly WaitFor[], now: number): number {
  return tx.run(
    `UPDATE step_run SET next_attempt_at = ? WHERE run_id = ? AND state = 'waiting'
      AND wait_for IN (SELECT value FROM json_each(?))`,
    [now, runId, JSON.stringify(waits)],
  )
}

/** What comes from outside of Hookline, for which steps wait: the network, or that a person signs in again with a credential. */
export type OutsideWait = { readonly for: 'network' } | { readonly for: 'account'; readonly credential: string }

/** Runs with a step that waits so. */
export function runsThatWaitFor(tx: Tx, wait: OutsideWait): string[] {
  const credential = wait.for === 'account' ? wait.credential : null
  return tx
    .all(
      idRow,
      `SELECT DISTINCT run_id AS id FROM step_run WHERE state = 'waiting' AND wait_for = ? AND wait_data ->> '$.credential' IS ?`,
      [wait.for, credential],
    )
    .map((row) => row.id)
}

/** How many runs wait until a person signs in again, by the name of the credential. */
export function countAccountWaits(tx: Tx): ReadonlyMap<string, number> {
  return new Map(tx.all(countRow, ACCOUNT_WAITS).map(({ name, count }) => [name, count]))
}

/** The same, for screens. */
export async function findAccountWaits(reader: Knex): Promise<ReadonlyMap<string, number>> {
  const rows: unknown[] = await reader.raw(ACCOUNT_WAITS)
  return new Map(rows.map(countRow).map(({ name, count }) => [name, count]))
}

const ACCOUNT_WAITS = `SELECT wait_data ->> '$.credential' AS name, COUNT(DISTINCT run_id) AS count FROM step_run
  WHERE state = 'waiting' AND wait_for = 'account' GROUP BY name`

const countRow = rowOf({ name: text, count: integer })

/** The whole journal of a run. */
export function getStepRuns(tx: Tx, runId: string): StepRunRow[] {
  return tx.all(stepRunRow, 'SELECT * FROM step_run WHERE run_id = ?', [runId]).map(toStepRun)
}

/** The journal of a run's steps that lie in no loop. */
export function getStepRunsOutside(tx: Tx, runId: string): StepRunRow[] {
  return tx.all(stepRunRow, `SELECT * FROM step_run WHERE run_id = ? AND scope = ''`, [runId]).map(toStepRun)
}

/** The journal of the given steps of a run that lie in loops, with every round. */
export function getStepRunsInside(tx: Tx, runId: string, stepIds: readonly string[]): StepRunRow[] {
  return tx
    .all(
      stepRunRow,
      `SELECT * FROM step_run WHERE run_id = ? AND scope <> '' AND step_id IN (SELECT value FROM json_each(?))`,
      [runId, JSON.stringify(stepIds)],
    )
    .map(toStepRun)
}

/** The steps of a run that wait. */
export function getWaitingSteps(tx: Tx, runId: string): StepRunRow[] {
  return tx.all(stepRunRow, `SELECT * FROM step_run WHERE run_id = ? AND state = 'waiting'`, [runId]).map(toStepRun)
}

/** Lines of a run that its view is made of, and bytes of what they took and gave, when there are many. */
const SHOWN_LINES = 2_000
const SHOWN_BYTES = 4_194_304

/** How long a value is stands before it, so none is read for this. */
const FIRST_INSIDE = `rowid IN (
  SELECT rowid FROM (
    SELECT rowid, sum(coalesce(octet_length(input), 0) + coalesce(octet_length(output), 0)) OVER (ORDER BY rowid) AS bytes
      FROM step_run WHERE run_id = ? AND scope <> '' ORDER BY rowid LIMIT ${SHOWN_LINES}
  ) WHERE bytes <= ${SHOWN_BYTES}
)`

/**
 * The lines of a run as a screen can show them: all outside loops, of those inside the first 2,000 or the first 4 MB, and of the rest
 * the first 500 that did not succeed. A loop of a hundred thousand items would fill a screen's memory, and hold up its reader.
 */
export async function findShownStepRuns(reader: Knex, runId: string): Promise<StepRunRow[]> {
  const rows: unknown[] = await reader('step_run')
    .where({ run_id: runId })
    .andWhere((shown) => {
      const troubled = reader('step_run')
        .where({ run_id: runId })
        .whereNotIn('state', ['succeeded', 'skipped'])
        .limit(500)
        .select('rowid')
      void shown.where('scope', '').orWhereRaw(FIRST_INSIDE, [runId]).orWhereIn('rowid', troubled)
    })
  return rows.map((row) => toStepRun(stepRunRow(row)))
}

export async function findStepRuns(reader: Knex, runId: string): Promise<StepRunRow[]> {
  const rows: unknown[] = await reader('step_run').where({ run_id: runId })
  return rows.map((row) => toStepRun(stepRunRow(row)))
}

export async function findStepRun(
  reader: Knex,
  at: { readonly runId: string; readonly stepId: string; readonly scope: string },
): Promise<StepRunRow | undefined> {
  const row: unknown = await reader('step_run').where({ run_id: at.runId, step_id: at.stepId, scope: at.scope }).first()
  return row === undefined ? undefined : toStepRun(stepRunRow(row))
}

/** What a step outside loops gave in a run, as JSON text; undefined when it did not succeed there. */
export async function findStepOutput(reader: Knex, runId: string, stepId: string): Promise<string | undefined> {
  const row: { output: string | null } | undefined = await reader('step_run')
    .where({ run_id: runId, step_id: stepId, scope: '', state: 'succeeded' })
    .first('output')
  return row === undefined ? undefined : (row.output ?? 'null')
}

/**
 * Copies into a replay what the given steps of the replayed run have finished: successes, and failures that the zap deals with itself.
 * Only what failed, ended the run or never ran is run again.
 */
export function copyFinishedSteps(tx: Tx, fromRunId: string, toRunId: string, stepIds: readonly string[]): void {
  tx.run(
    `INSERT INTO step_run
      (run_id, step_id, scope, state, ports, input, output, attempt_no, attempt_started_at, finished_at)
      SELECT ?, step_id, scope, state, ports, input, output, attempt_no, attempt_started_at, finished_at
        FROM step_run WHERE run_id = ? AND (state = 'succeeded' OR (state = 'failed' AND ports <> '[]'))
          AND ends_run IS NULL AND step_id IN (SELECT value FROM json_each(?))`,
    [toRunId, fromRunId, JSON.stringify(stepIds)],
  )
}

/** Closes the steps that were open when their run was ended, and takes back what they asked people. */
export function skipOpenSteps(tx: Tx, runId: string, now: number): void {
  withdrawApprovals(tx, runId, now)
  tx.run(
    `UPDATE step_run SET state = 'skipped', finished_at = ?, next_attempt_at = NULL
      WHERE run_id = ? AND state IN ('running', 'waiting', 'pending')`,
    [now, runId],
  )
}

/** The runs that an ended run had called and still waited for. */
export function abandonedRuns(tx: Tx, runId: string): string[] {
  return tx
    .all(
      calledRow,
      `SELECT wait_data ->> '$.runId' AS id FROM step_run WHERE run_id = ? AND state = 'skipped' AND wait_for = 'run'`,
      [runId],
    )
    .flatMap(({ id }) => id ?? [])
}

/** The newest output that each step of a zap really gave, for samples, with the run. Looks at the last 20 runs. */
export async function findNewestOutputs(
  reader: Knex,
  zapId: string,
): Promise<Map<string, { runId: string; output: string; at: number | null }>> {
  const rows: { step_id: string; run_id: string; output: string; finished_at: number | null }[] = await reader(
    'step_run',
  )
    .join(
      reader('run').where({ zap_id: zapId }).orderBy('id', 'desc').limit(20).select('id').as('newest'),
      'newest.id',
      'step_run.run_id',
    )
    .where('step_run.state', 'succeeded')
    .whereNotNull('step_run.output')
    // A step that was given its output made no attempt.
    .where('step_run.attempt_no', '>', 0)
    .orderBy('step_run.run_id', 'asc')
    .select('step_run.step_id', 'step_run.run_id', 'step_run.output', 'step_run.finished_at')
  return new Map(rows.map((row) => [row.step_id, { runId: row.run_id, output: row.output, at: row.finished_at }]))
}
