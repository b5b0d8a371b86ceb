import type { Knex } from 'knex'
import { depthOf, type IncomingEvent } from '../domain/runs/incoming-event.ts'
import type { Tx } from './executor.ts'
import { integer, nullable, type Read, rowOf, text } from './row.ts'

export type TriggerEventRow = {
  readonly id: string
  readonly zapId: string
  readonly triggerStepId: string
  /** The trigger's output, as JSON text. */
  readonly data: string
  readonly receivedAt: number
  /** The run that called this event's zap and may wait for it; null when something outside started it. */
  readonly parentRunId: string | null
  /** How many calls lie above it. */
  readonly depth: number
}

/** Stores an event, unless its `dedupeKey` or its id is known: then the first event's id comes back and nothing is stored. */
export function insertEvent(
  tx: Tx,
  event: TriggerEventRow & { dedupeKey: string | null },
): { id: string; duplicate: boolean } {
  const stored = tx.run(
    `INSERT INTO trigger_event (id, zap_id, trigger_step_id, dedupe_key, data, received_at, parent_run_id, depth)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT DO NOTHING`,
    [
      event.id,
      event.zapId,
      event.triggerStepId,
      event.dedupeKey,
      event.data,
      event.receivedAt,
      event.parentRunId,
      event.depth,
    ],
  )
  if (stored > 0) return { id: event.id, duplicate: false }
  const first =
    tx.get(idRow, 'SELECT id FROM trigger_event WHERE zap_id = ? AND trigger_step_id = ? AND dedupe_key = ?', [
      event.zapId,
      event.triggerStepId,
      event.dedupeKey,
    ]) ?? tx.get(idRow, 'SELECT id FROM trigger_event WHERE id = ?', [event.id])
  if (first === undefined) throw new Error(`the event that has the dedupe key ${event.dedupeKey} vanished`)
  return { id: first.id, duplicate: true }
}

/** Stores an event alone, for a run whose message is made otherwise: a replay with edited data. */
export function storeEvent(
  tx: Tx,
  event: Omit<IncomingEvent, 'data' | 'version'> & { readonly id: string; readonly json: string },
): { id: string; duplicate: boolean } {
  const { id, zapId, triggerStepId, dedupeKey, json, receivedAt, caller } = event
  return insertEvent(tx, {
    id,
    zapId,
    triggerStepId,
    dedupeKey,
    data: json,
    receivedAt,
    parentRunId: caller?.runId ?? null,
    depth: depthOf(caller),
  })
}

const eventRow = rowOf({
  id: text,
  zap_id: text,
  trigger_step_id: text,
  data: text,
  received_at: integer,
  parent_run_id: nullable(text),
  depth: integer,
})
const idRow = rowOf({ id: text })
const triggerRow = rowOf({ zap_id: text, trigger_step_id: text })

const toEvent = (row: Read<typeof eventRow>): TriggerEventRow => ({
  id: row.id,
  zapId: row.zap_id,
  triggerStepId: row.trigger_step_id,
  data: row.data,
  receivedAt: row.received_at,
  parentRunId: row.parent_run_id,
  depth: row.depth,
})

const COLUMNS = ['id', 'zap_id', 'trigger_step_id', 'data', 'received_at', 'parent_run_id', 'depth'] as const

/** An event with its data; undefined also when only its key is still known, as its runs were old and are deleted. */
export function getEvent(tx: Tx, id: string): TriggerEventRow | undefined {
  const row = tx.get(eventRow, `SELECT ${COLUMNS.join(', ')} FROM trigger_event WHERE id = ? AND data <> ''`, [id])
  return row === undefined ? undefined : toEvent(row)
}

/** What started the runs that called a run, directly or through others, that run included. */
export function getCallChain(tx: Tx, event: Pick<TriggerEventRow, 'id'>): { zapId: string; triggerStepId: string }[] {
  const rows = tx.all(
    triggerRow,
    `WITH RECURSIVE chain (zap_id, trigger_step_id, parent_run_id) AS (
        SELECT zap_id, trigger_step_id, parent_run_id FROM trigger_event WHERE id = ?
        UNION ALL
        SELECT caller.zap_id, caller.trigger_step_id, caller.parent_run_id
          FROM chain JOIN run ON run.id = chain.parent_run_id JOIN trigger_event AS caller ON caller.id = run.event_id
      )
      SELECT zap_id, trigger_step_id FROM chain`,
    [event.id],
  )
  return rows.map((row) => ({ zapId: row.zap_id, triggerStepId: row.trigger_step_id }))
}

/** As {@link getEvent}. */
export async function findEvent(reader: Knex, id: string): Promise<TriggerEventRow | undefined> {
  const row: unknown = await reader('trigger_event').where({ id }).whereNot('data', '').first(COLUMNS)
  return row === undefined ? undefined : toEvent(eventRow(row))
}

/** Newest runs of a zap among which a trigger's event is looked for: another trigger may have made all of them. */
const SEARCHED_RUNS = 200

/**
 * The event of a trigger's newest run, among the zap's newest 200, for samples and "run now". What a test was given in place of an event
 * is none: it would pass for something that arrived.
 */
export async function findNewestEvent(
  reader: Knex,
  zapId: string,
  triggerStepId: string,
): Promise<TriggerEventRow | undefined> {
  const newest = reader('run')
    .where({ zap_id: zapId })
    .orderBy('id', 'desc')
    .limit(SEARCHED_RUNS)
    .select('id', 'event_id')
  const found: { event_id: string } | undefined = await reader(newest.as('newest'))
    .join('trigger_event', 'trigger_event.id', 'newest.event_id')
    .leftJoin('test_run', 'test_run.run_id', 'newest.id')
    .where({ 'trigger_event.trigger_step_id': triggerStepId })
    .whereRaw(`coalesce(test_run.given ->> ?, 'event') = 'event'`, [triggerStepId])
    .orderBy('newest.id', 'desc')
    .first('newest.event_id')
  return found === undefined ? undefined : findEvent(reader, found.event_id)
}
