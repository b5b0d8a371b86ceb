import type { Knex } from 'knex'
import { z } from 'zod'
import { encodeTimeAsId } from '../domain/host/ids.ts'
import type { Tx } from './executor.ts'
import { integer, nullable, rowOf, text } from './row.ts'
import { getSetting, readSetting, writeSetting } from './settings.ts'

export const ENDED = ['succeeded', 'filtered', 'failed', 'replayed', 'cancelled'] as const

/** Runs that are old enough to go: shown as one of these, and ended before a time (milliseconds since 1970 UTC). */
export type OldRuns = { readonly shown: (typeof ENDED)[number]; readonly endedBefore: number }

type LookedAt = {
  readonly id: string
  readonly eventId: string
  readonly zapId: string
  readonly version: number
  /** 1 when it may go. */
  readonly goes: number
}

const lookedAtRow = rowOf({ id: text, eventId: text, zapId: text, version: integer, goes: integer })

const UNFINISHED = `('running', 'waiting', 'needs-review')`

/** It has work in the queue, or a dead letter that nobody has dealt with. */
const IS_OPEN = `EXISTS (SELECT 1 FROM outbox_message AS message
  WHERE message.event_id = looked.event_id AND message.run_id = looked.id
    AND (message.state IN ('pending', 'leased', 'outgoing', 'relayed') OR (message.state = 'dead' AND message.handled_at IS NULL)))`

/** It was called by a run that is not finished, and that may still ask what it gave. */
const IS_WANTED = `EXISTS (SELECT 1 FROM trigger_event AS event JOIN run AS caller ON caller.id = event.parent_run_id
  WHERE event.id = looked.event_id AND caller.state IN ${UNFINISHED})`

/** Something that came of it, a replay or a call, directly or through others, is not finished, or has not even begun. */
const IS_NEEDED = `EXISTS (
  WITH RECURSIVE later (id) AS (
    VALUES (looked.id)
    UNION SELECT replay.id FROM later JOIN run AS replay ON replay.replay_of_run_id = later.id
    UNION SELECT message.run_id FROM later JOIN trigger_event AS event ON event.parent_run_id = later.id
      JOIN outbox_message AS message ON message.event_id = event.id
  )
  SELECT 1 FROM later LEFT JOIN run ON run.id = later.id WHERE run.id IS NULL OR run.state IN ${UNFINISHED})`

/** It is the newest success of a zap that still exists: the example in its editor, and what failures are counted from. */
const IS_EXAMPLE = `(looked.state = 'succeeded' AND looked.id = (
  SELECT max(newest.id) FROM run AS newest WHERE newest.zap_id = looked.zap_id AND newest.shown = looked.shown
) AND EXISTS (SELECT 1 FROM zap WHERE zap.id = looked.zap_id AND zap.removed_at IS NULL))`

/** A page of old runs, in the order in which they began, those that must stay among them. Parameters: ended before, shown as, after, before, limit. */
const PAGE = `SELECT looked.id AS id, looked.event_id AS eventId, looked.zap_id AS zapId, looked.version AS version,
    (looked.finished_at < ? AND NOT ${IS_OPEN} AND NOT ${IS_WANTED} AND NOT ${IS_NEEDED} AND NOT ${IS_EXAMPLE}) AS goes
  FROM (SELECT id, event_id, zap_id, version, state, shown, finished_at FROM run
    WHERE shown = ? AND id > ? AND id < ? ORDER BY id LIMIT ?) AS looked`

function pageParams(runs: OldRuns, after: string, limit: number): (string | number)[] {
  // Nothing ends before it begins, and ids are in order of time: the search ends there.
  return [runs.endedBefore, runs.shown, after, encodeTimeAsId('run', runs.endedBefore), limit]
}

/** Looks at up to `limit` old runs behind the run `after`. */
export function oldRunsAfter(tx: Tx, runs: OldRuns, after: string, limit: number): LookedAt[] {
  return tx.all(lookedAtRow, PAGE, pageParams(runs, after, limit))
}

/** As {@link oldRunsAfter}, only counting: how many may go, and up to which run it looked; null when there was none left. */
export async function countOldRunsAfter(
  reader: Knex,
  runs: OldRuns,
  after: string,
  limit: number,
): Promise<{ goes: number; last: string | null }> {
  const rows: { goes: number; last: string | null }[] = await reader.raw(
    `SELECT coalesce(sum(goes), 0) AS goes, max(id) AS last FROM (${PAGE})`,
    pageParams(runs, after, limit),
  )
  return rows[0] ?? { goes: 0, last: null }
}

/** Lines of a journal that one call deletes at most: a loop may have written a hundred thousand. */
const STEPS_AT_ONCE = 200

/**
 * Deletes a run with all that is only its own: journal, messages, approvals, the version of a test that no other run has, and its event when no
 * other run has that. Of an event whose sender may still repeat it, id and key stay: those that came at `keysSince` or later. False when there is more of it than one call deletes: call again.
 */
export function deleteRun(tx: Tx, run: Omit<LookedAt, 'goes'>, keysSince: number): boolean {
  const { id, eventId, zapId, version } = run
  const steps = tx.run(
    `DELETE FROM step_run WHERE rowid IN (SELECT rowid FROM step_run WHERE run_id = ? LIMIT ${STEPS_AT_ONCE})`,
    [id],
  )
  if (steps === STEPS_AT_ONCE) return false
  tx.run('DELETE FROM run WHERE id = ?', [id])
  tx.run('DELETE FROM outbox_message WHERE event_id = ? AND run_id = ?', [eventId, id])
  deleteEvent(tx, eventId, keysSince)
  if (version < 0) deleteTestVersion(tx, zapId, version)
  return true
}

const WITHOUT_RUN = `NOT EXISTS (SELECT 1 FROM run WHERE run.event_id = trigger_event.id)
  AND NOT EXISTS (SELECT 1 FROM outbox_message WHERE outbox_message.event_id = trigger_event.id)`

/** What refers to an event and would go with it. */
const ALONE = `NOT EXISTS (SELECT 1 FROM taken_event WHERE taken_event.event_id = trigger_event.id)
  AND NOT EXISTS (SELECT 1 FROM stored_object WHERE stored_object.event_id = trigger_event.id)`

const keptRow = rowOf({
  number: integer,
  zapId: text,
  stepId: text,
  key: nullable(text),
  receivedAt: integer,
  depth: integer,
})

function deleteEvent(tx: Tx, id: string, keysSince: number): void {
  const gone = tx.run(
    `DELETE FROM trigger_event WHERE id = ? AND (dedupe_key IS NULL OR received_at < ?) AND ${WITHOUT_RUN}`,
    [id, keysSince],
  )
  if (gone > 0) return
  // Deleted and put back in its place: SQLite joins pages that are nearly empty where rows are deleted, and not where they become short.
  const kept = tx.get(
    keptRow,
    `DELETE FROM trigger_event WHERE id = ? AND ${WITHOUT_RUN} AND ${ALONE}
      RETURNING rowid AS number, zap_id AS zapId, trigger_step_id AS stepId, dedupe_key AS key, received_at AS receivedAt, depth`,
    [id],
  )
  if (kept === undefined) {
    tx.run(`UPDATE trigger_event SET data = '', parent_run_id = NULL WHERE id = ? AND ${WITHOUT_RUN}`, [id])
    return
  }
  const { number, zapId, stepId, key, receivedAt, depth } = kept
  tx.run(
    `INSERT INTO trigger_event (rowid, id, zap_id, trigger_step_id, dedupe_key, data, received_at, depth)
      VALUES (?, ?, ?, ?, ?, '', ?, ?)`,
    [number, id, zapId, stepId, key, receivedAt, depth],
  )
}

/** Numbers are never given again: the newest stays, as the next one is counted from it. */
function deleteTestVersion(tx: Tx, zapId: string, version: number): void {
  tx.run(
    `DELETE FROM zap_version WHERE zap_id = ? AND number = ? AND kind = 'test'
      AND number > (SELECT min(number) FROM zap_version AS other WHERE other.zap_id = zap_version.zap_id)
      AND NOT EXISTS (SELECT 1 FROM run WHERE run.zap_id = zap_version.zap_id AND run.version = zap_version.number AND run.version < 0)`,
    [zapId, version],
  )
}

/** Forgets keys of events that came before a time and whose runs were deleted. Returns how many; `limit` at most. */
export function forgetKeysBefore(tx: Tx, time: number, limit: number): number {
  return tx.run(
    `DELETE FROM trigger_event WHERE id IN (SELECT id FROM trigger_event WHERE data = '' AND received_at < ? LIMIT ?)`,
    [time, limit],
  )
}

const DELETED_UP_TO = 'historyDeletedUpTo'

/** Notes the newest run that was deleted: who asks for one from before it is told why it is not there. */
export function noteDeleted(tx: Tx, runId: string): void {
  const before = getSetting(tx, DELETED_UP_TO)
  if (before === undefined || String(JSON.parse(before)) < runId) writeSetting(tx, DELETED_UP_TO, runId)
}

/** The newest run that was deleted for its age; undefined when none ever was. */
export function findDeletedUpTo(reader: Knex): Promise<string | undefined> {
  return readSetting(reader, DELETED_UP_TO, z.string())
}
