// The runs as lists and screens read them; `runs.ts` has what changes them.
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Knex } from 'knex'
import { type RunReason, readReason } from '../domain/runs/run-reason.ts'
import {
  RUN_OUTCOMES,
  RUN_STATES,
  type RunOutcome,
  type RunState,
  type ShownRunState,
  WAITS,
  type WaitFor,
} from '../domain/runs/states.ts'
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
    .whereIn('outbox_message.state', ['pending', 'leased', 'outgoing', 'relayed'])
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
  return ids.length === 0 ? [] : (await withNames(reader('run')).whereIn('run.id', ids)).map(toRun)
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
