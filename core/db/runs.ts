import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Knex } from 'knex'
import { type RunReason, readReason, storedReason } from '../domain/runs/run-reason.ts'
import {
  RUN_OUTCOMES,
  RUN_STATES,
  type RunOutcome,
  type RunState,
  runTransitions,
  type ShownRunState,
  sourcesOf,
  WAITS,
  type WaitFor,
} from '../domain/runs/states.ts'
import type { Tx } from './executor.ts'
import { integer, nullable, oneOf, rowOf, text } from './row.ts'

export type RunRow = {
  readonly id: string
  readonly zapId: string
  readonly zapName: string
  readonly version: number
  readonly eventId: string
  readonly triggerStepId: string
  readonly replayNo: number
  readonly replayOfRunId: string | null
  readonly state: RunState
  readonly outcome: RunOutcome | null
  readonly reason: RunReason | null
  readonly startedAt: number
  readonly finishedAt: number | null
  readonly resumesAt: number | null
  /** What a waiting run waits for; of a run in another state it says nothing. */
  readonly waitsFor: WaitFor | null
  /** Whether it was a test of a draft, also of one that is like a published version, or repeats one. */
  readonly isTest: boolean
  /** While it is a paused test: when it ends if nobody goes on. */
  readonly pausedUntil: number | null
}

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

const runRow = rowOf({
  id: text,
  zap_id: text,
  zap_name: text,
  version: integer,
  event_id: text,
  trigger_step_id: text,
  replay_no: integer,
  replay_of_run_id: nullable(text),
  state: oneOf(RUN_STATES),
  outcome: nullable(oneOf(RUN_OUTCOMES)),
  reason: nullable(text),
  reason_code: nullable(text),
  reason_data: nullable(text),
  started_at: integer,
  finished_at: nullable(integer),
  resumes_at: nullable(integer),
  waits_for: nullable(oneOf(WAITS)),
  paused_until: nullable(integer),
  tested_run_id: nullable(text),
})

/** What a list says of runs beside what their table has. */
const withNames = (runs: Knex.QueryBuilder): Knex.QueryBuilder<object, object[]> =>
  runs
    .join('zap', 'zap.id', 'run.zap_id')
    .join('trigger_event', 'trigger_event.id', 'run.event_id')
    .leftJoin('test_run', 'test_run.run_id', 'run.id')
    .select(
      'run.*',
      'zap.name as zap_name',
      'trigger_event.trigger_step_id',
      'test_run.paused_until',
      'test_run.run_id as tested_run_id',
    )

function toRun(stored: unknown): RunRow {
  const row = runRow(stored)
  return {
    id: row.id,
    zapId: row.zap_id,
    zapName: row.zap_name,
    version: row.version,
    eventId: row.event_id,
    triggerStepId: row.trigger_step_id,
    replayNo: row.replay_no,
    replayOfRunId: row.replay_of_run_id,
    state: row.state,
    outcome: row.outcome,
    reason: readReason({ code: row.reason_code, data: row.reason_data, text: row.reason }),
    startedAt: row.started_at,
    finishedAt: row.finished_at,
    resumesAt: row.resumes_at,
    waitsFor: row.waits_for,
    isTest: row.version < 0 || row.tested_run_id !== null,
    pausedUntil: row.paused_until,
  }
}

export async function findRun(reader: Knex, id: string): Promise<RunRow | undefined> {
  const row = await withNames(reader('run')).where('run.id', id).first()
  return row === undefined ? undefined : toRun(row)
}

/** A run, also one whose event was accepted and that waits for the dispatcher. */
export async function findAnyRun(reader: Knex, id: string): Promise<RunRow | undefined> {
  // The other way round it could begin between the two looks.
  const queued = await findQueuedRun(reader, id)
  return (await findRun(reader, id)) ?? queued
}

/**
 * The run that an accepted event will become, while its message waits for the dispatcher: it has its id already, and no row yet. It
 * looks through the open messages of one zap.
 */
async function findQueuedRun(reader: Knex, id: string): Promise<RunRow | undefined> {
  const row:
    | { zapId: string; zapName: string; version: number; eventId: string; stepId: string; at: number }
    | undefined = await reader('trigger_event')
    .join('outbox_message', (join) => {
      join.on('outbox_message.zap_id', 'trigger_event.zap_id').on('outbox_message.event_id', 'trigger_event.id')
    })
    .join('zap', 'zap.id', 'trigger_event.zap_id')
    .where({ 'trigger_event.id': id.replace(/^run_/, 'evt_'), 'outbox_message.run_id': id })
    .whereIn('outbox_message.state', ['pending', 'leased'])
    .first(
      'zap.id as zapId',
      'zap.name as zapName',
      'outbox_message.version',
      'trigger_event.id as eventId',
      'trigger_event.trigger_step_id as stepId',
      'trigger_event.received_at as at',
    )
  if (row === undefined) return undefined
  return {
    id,
    zapId: row.zapId,
    zapName: row.zapName,
    version: row.version,
    eventId: row.eventId,
    triggerStepId: row.stepId,
    replayNo: 0,
    replayOfRunId: null,
    state: 'waiting',
    outcome: null,
    reason: { code: 'queued' },
    startedAt: row.at,
    finishedAt: null,
    resumesAt: null,
    waitsFor: null,
    isTest: false,
    pausedUntil: null,
  }
}

export async function findRuns(reader: Knex, ids: readonly string[]): Promise<RunRow[]> {
  return (await withNames(reader('run')).whereIn('run.id', ids)).map(toRun)
}

/** Which runs; an absent part narrows nothing. Ids are in order of time, so a range of time is one of ids. */
export type RunRange = {
  readonly zapId?: string | undefined
  /** As lists call it: "failed" are those that were not replayed. */
  readonly shown?: ShownRunState | undefined
  /** The lowest id. */
  readonly from?: string | undefined
  /** Ids below this one. */
  readonly before?: string | undefined
}

/** The runs of a range, newest first, read along the index that is made for what the range names. */
export function runsIn(reader: Knex, range: RunRange): Knex.QueryBuilder {
  const { zapId, shown, from, before } = range
  // Between two ids SQLite takes the index of the state alone, and would read past the runs of every other zap.
  const query = reader(
    zapId !== undefined && shown !== undefined ? reader.raw('run INDEXED BY run_of_zap_shown') : 'run',
  ).orderBy('run.id', 'desc')
  if (zapId !== undefined) void query.where('run.zap_id', zapId)
  if (shown !== undefined) void query.where('run.shown', shown)
  if (from !== undefined) void query.where('run.id', '>=', from)
  if (before !== undefined) void query.where('run.id', '<', before)
  return query
}

/** A page of runs, newest first. `before` is the id of the last run of the page before. Each filter has its index. */
export async function listRuns(reader: Knex, page: RunRange & { limit: number }): Promise<RunRow[]> {
  return (await withNames(runsIn(reader, page)).limit(page.limit)).map(toRun)
}

export type RunTally = { succeeded: number; failed: number }

/** Newest runs of a zap that a tally looks at: it is asked for with every list of zaps, and must not grow with the history. */
const TALLIED_RUNS = 1_000

/**
 * How a zap's newest runs since `sinceId` (the lowest id that a run of that time could have) ended; 1,000 runs at most. What was filtered
 * ended well; what was replayed is left to its replay.
 */
export async function tallyRuns(reader: Knex, zapId: string, sinceId: string): Promise<RunTally> {
  const newest = reader('run')
    .where('zap_id', zapId)
    .andWhere('id', '>=', sinceId)
    .orderBy('id', 'desc')
    .limit(TALLIED_RUNS)
    .select('shown')
    .as('newest')
  const rows: { shown: ShownRunState; count: number }[] = await reader(newest)
    .groupBy('shown')
    .select('shown', reader.raw('count(*) AS count'))
  const countOf = (shown: ShownRunState): number => rows.find((row) => row.shown === shown)?.count ?? 0
  return { succeeded: countOf('succeeded') + countOf('filtered'), failed: countOf('failed') }
}

/** Runs that are counted at once: counting a million in one go would hold up everything else. */
const COUNTED_RUNS = 50_000

/** How many runs there are. */
export async function countRuns(reader: Knex): Promise<number> {
  let count = 0
  for (let after = ''; ; ) {
    const page = reader('run').where('id', '>', after).orderBy('id').limit(COUNTED_RUNS).select('id').as('page')
    const counted: { count: number; last: string | null } | undefined = await reader(page).first(
      reader.raw('count(*) AS count, max(id) AS last'),
    )
    count += counted?.count ?? 0
    if (counted?.last == null) return count
    after = counted.last
    await nextTurn()
  }
}

/** The run that began before all others that are there. */
export async function findOldestRun(reader: Knex): Promise<{ startedAt: number } | undefined> {
  return reader('run').orderBy('id').first('started_at as startedAt')
}

/** The events of the newest runs of a zap, tests left out; of replays, the event that they replay. */
export async function findNewestEventIds(reader: Knex, zapId: string): Promise<string[]> {
  const rows: { eventId: string }[] = await reader('run')
    .where({ zap_id: zapId })
    .whereNotIn('id', reader('test_run').select('run_id'))
    .orderBy('id', 'desc')
    .limit(50)
    .select({ eventId: 'event_id' })
  return rows.map(({ eventId }) => eventId)
}
