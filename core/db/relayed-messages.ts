import type { Knex } from 'knex'
import { firstRunId } from '../domain/host/ids.ts'
import type { Tx } from './executor.ts'
import { IS_SENT_ON } from './outbox-counts.ts'
import { integer, nullable, rowOf, text } from './row.ts'

/** A message that waits to be sent to the fleet's log, with the event that it is about. */
export type OutgoingMessage = {
  readonly id: number
  readonly zapId: string
  readonly version: number
  readonly eventId: string
  readonly triggerStepId: string
  /** The event's data, as stored text. */
  readonly data: string
  readonly receivedAt: number
  /** Times that it was sent before, for a reason each. */
  readonly attempt: number
}

const outgoingRow = rowOf({
  id: integer,
  zapId: text,
  version: integer,
  eventId: text,
  triggerStepId: text,
  data: text,
  receivedAt: integer,
  attempt: integer,
})

const OUTGOING = `SELECT message.id, message.zap_id AS zapId, version, event_id AS eventId, trigger_step_id AS triggerStepId, data,
    received_at AS receivedAt, coalesce(relayed.attempt, 0) AS attempt
  FROM outbox_message AS message JOIN trigger_event AS event ON event.id = event_id
    LEFT JOIN relayed_message AS relayed ON relayed.message_id = message.id
  WHERE ${IS_SENT_ON} AND state = 'outgoing'`

/** What waits to be sent, in order of arrival, behind the message `after`. */
export function outgoingMessages(tx: Tx, after: number, limit: number): OutgoingMessage[] {
  return tx.all(outgoingRow, `${OUTGOING} AND message.id > ? ORDER BY message.id LIMIT ?`, [after, limit])
}

/**
 * The oldest message of a zap that waits to be sent, unless this host has something of that zap in the log, or at work here; what rests until a person
 * decides does not count. Undefined when none waits.
 */
export function nextInTurn(tx: Tx, zapId: string): OutgoingMessage | 'not-yet' | undefined {
  const next = tx.get(outgoingRow, `${OUTGOING} AND message.zap_id = ? ORDER BY message.id LIMIT 1`, [zapId])
  if (next === undefined) return undefined
  const isAtWork =
    tx.has(`SELECT 1 FROM outbox_message WHERE zap_id = ? AND state IN ('pending', 'leased') LIMIT 1`, [zapId]) ||
    tx.has(
      `SELECT 1 FROM outbox_message AS message JOIN relayed_message AS relayed ON relayed.message_id = message.id
        WHERE ${IS_SENT_ON} AND zap_id = ? AND state = 'relayed' AND is_resting = 0 LIMIT 1`,
      [zapId],
    )
  return isAtWork ? 'not-yet' : next
}

/** The log has it. False when it went on otherwise meanwhile. */
export function markRelayed(tx: Tx, id: number, position: string, now: number): boolean {
  const isMoved = tx.run(`UPDATE outbox_message SET state = 'relayed' WHERE id = ? AND state = 'outgoing'`, [id]) > 0
  if (isMoved) {
    tx.run(
      `INSERT INTO relayed_message (message_id, position, heard_at) VALUES (?, ?, ?)
        ON CONFLICT (message_id) DO UPDATE SET position = excluded.position, worker = NULL, heard_at = excluded.heard_at,
          is_resting = 0`,
      [id, position, now],
    )
  }
  return isMoved
}

/** A host says that it has it, and perhaps that its run waits for a person. False when it is over, or runs here. */
export function noteWorker(tx: Tx, eventId: string, worker: string, now: number, isResting = false): boolean {
  tx.run(`UPDATE outbox_message SET state = 'relayed' WHERE event_id = ? AND state = 'outgoing'`, [eventId])
  return (
    tx.run(
      `INSERT INTO relayed_message (message_id, worker, heard_at, is_resting)
        SELECT id, ?, ?, ? FROM outbox_message WHERE event_id = ? AND state = 'relayed'
        ON CONFLICT (message_id) DO UPDATE SET worker = excluded.worker, heard_at = excluded.heard_at,
          is_resting = max(is_resting, excluded.is_resting)`,
      [worker, now, isResting ? 1 : 0, eventId],
    ) > 0
  )
}

/** A host says that its run has ended. False when it is over already, or runs here. */
export function endRelayed(tx: Tx, eventId: string, now: number): boolean {
  return (
    tx.run(
      `UPDATE outbox_message SET state = 'delivered', settled_at = ? WHERE event_id = ? AND state IN ('outgoing', 'relayed')`,
      [now, eventId],
    ) > 0
  )
}

/** It is to be sent again. False when it went on meanwhile. */
export function sendAgain(tx: Tx, id: number, now: number): boolean {
  const isMoved = tx.run(`UPDATE outbox_message SET state = 'outgoing' WHERE id = ? AND state = 'relayed'`, [id]) > 0
  if (isMoved) {
    tx.run(
      'UPDATE relayed_message SET attempt = attempt + 1, position = NULL, worker = NULL, heard_at = ?, is_resting = 0 WHERE message_id = ?',
      [now, id],
    )
  }
  return isMoved
}

/** The log has lost what it held: all of which no host has said that it has it is to be sent again, in its order. */
export function sendAllAgain(tx: Tx, now: number): void {
  tx.run(
    `UPDATE relayed_message SET attempt = attempt + 1, position = NULL, heard_at = ? WHERE worker IS NULL
      AND EXISTS (SELECT 1 FROM outbox_message WHERE id = message_id AND state = 'relayed')`,
    [now],
  )
  tx.run(
    `UPDATE outbox_message SET state = 'outgoing' WHERE ${IS_SENT_ON} AND state = 'relayed'
      AND EXISTS (SELECT 1 FROM relayed_message WHERE message_id = outbox_message.id AND worker IS NULL)`,
    [],
  )
}

/** The log has lost letters: what was told since a time is told again. */
export function reportAgain(tx: Tx, since: number): void {
  tx.run('UPDATE taken_event SET reported_at = NULL WHERE reported_at >= ?', [since])
}

/** It comes back from the log to this very host, which runs it. False when it is over, runs here, or is none of this host's. */
export function runRelayedHere(tx: Tx, eventId: string, now: number): boolean {
  return (
    tx.run(
      `UPDATE outbox_message SET state = 'pending', available_at = ? WHERE event_id = ? AND state IN ('outgoing', 'relayed')`,
      [now, eventId],
    ) > 0
  )
}

const zapRow = rowOf({ zapId: text })

/** Runs messages here that wait to be sent. Returns the zaps that they are about, once for each message. */
export function runOutgoingHere(tx: Tx, ids: readonly number[], now: number): string[] {
  return ids.flatMap((id) =>
    tx
      .all(
        zapRow,
        `UPDATE outbox_message SET state = 'pending', available_at = ? WHERE state = 'outgoing' AND id = ?
          RETURNING zap_id AS zapId`,
        [now, id],
      )
      .map(({ zapId }) => zapId),
  )
}

/** This host has left its fleet: what it had sent on, or was about to, runs here. Returns the zaps that it is about. */
export function leaveFleet(tx: Tx, now: number): string[] {
  const rows = tx.all(
    zapRow,
    `UPDATE outbox_message SET state = 'pending', available_at = ? WHERE state IN ('outgoing', 'relayed') RETURNING zap_id AS zapId`,
    [now],
  )
  return [...new Set(rows.map(({ zapId }) => zapId))]
}

/** What was sent on and of which nothing was heard since a time. */
export type SilentMessage = {
  readonly id: number
  readonly eventId: string
  readonly position: string | null
  readonly worker: string | null
}

const silentRow = rowOf({ id: integer, eventId: text, position: nullable(text), worker: nullable(text) })

/**
 * What was heard of last before `since`, in order, behind the message `after`. What was heard of later than `now` is silent, too: the clock was ahead, and it
 * would be taken for fresh until then.
 */
export function silentMessages(
  tx: Tx,
  { since, now }: { readonly since: number; readonly now: number },
  after: number,
  limit: number,
): SilentMessage[] {
  return tx.all(
    silentRow,
    `SELECT message.id, event_id AS eventId, position, worker
      FROM outbox_message AS message JOIN relayed_message AS relayed ON relayed.message_id = message.id
      WHERE state = 'relayed' AND message.id > ? AND (heard_at < ? OR heard_at > ?) ORDER BY message.id LIMIT ?`,
    [after, since, now, limit],
  )
}

/** There is a sign of it: its worker lives, or the log still has it. */
export function noteSign(tx: Tx, id: number, now: number): void {
  tx.run('UPDATE relayed_message SET heard_at = ? WHERE message_id = ?', [now, id])
}

/** What is on its way: waiting to be sent, and sent without word of its end. */
export async function countRelayed(
  reader: Knex,
): Promise<{ readonly outgoing: number; readonly relayed: number; readonly oldestAt: number | null }> {
  const [row]: { outgoing: number; relayed: number; oldestAt: number | null }[] = await reader.raw(
    `SELECT (SELECT count(*) FROM outbox_message WHERE ${IS_SENT_ON} AND state = 'outgoing') AS outgoing,
      (SELECT count(*) FROM outbox_message WHERE ${IS_SENT_ON} AND state = 'relayed') AS relayed,
      (SELECT min(created_at) FROM outbox_message WHERE ${IS_SENT_ON}) AS oldestAt`,
  )
  return row ?? { outgoing: 0, relayed: 0, oldestAt: null }
}

/** The host that has said that it has the run of an event that came in here; undefined where none has, or it is another's. */
export async function findWorkerOf(reader: Knex, runId: string): Promise<string | undefined> {
  const found: { worker: string | null } | undefined = await reader('relayed_message')
    .join('outbox_message', 'outbox_message.id', 'relayed_message.message_id')
    .where({ event_id: runId.replace(/^run_/, 'evt_') })
    .first('worker')
  return found?.worker ?? undefined
}

const countRow = rowOf({ count: integer })

/** Messages that were stored before a time and are on their way to other hosts, up to `limit`. */
export function countSentOnBefore(tx: Tx, before: number, limit: number): number {
  const row = tx.get(
    countRow,
    `SELECT count(*) AS count FROM (SELECT 1 FROM outbox_message WHERE state IN ('outgoing', 'relayed') AND created_at < ? LIMIT ?)`,
    [before, limit],
  )
  return row?.count ?? 0
}

/** Notes that an event of another host runs here. Its own host is told when it has ended. */
export function insertTaken(tx: Tx, eventId: string, origin: string, now: number): void {
  tx.run(
    `INSERT INTO taken_event (event_id, origin, taken_at) VALUES (?, ?, ?)
      ON CONFLICT (event_id) DO UPDATE SET origin = excluded.origin, reported_at = NULL`,
    [eventId, origin, now],
  )
}

export type TakenEvent = { readonly eventId: string; readonly origin: string }

const takenRow = rowOf({ eventId: text, origin: text })

const IS_OPEN = `state IN ('running', 'waiting', 'needs-review')`
/** The id of an event's run, as `firstRunId` makes it: runs are found by that, and have no index by event. */
const ITS_RUN = `'run_' || substr(taken.event_id, 5)`

/** Taken events whose runs have ended, and whose hosts are not told. */
export function endedTaken(tx: Tx, limit: number): TakenEvent[] {
  return tx.all(
    takenRow,
    `SELECT taken.event_id AS eventId, origin FROM taken_event AS taken
      WHERE reported_at IS NULL
        AND NOT EXISTS (SELECT 1 FROM outbox_message WHERE event_id = taken.event_id AND state IN ('pending', 'leased'))
        AND NOT EXISTS (SELECT 1 FROM run WHERE id = ${ITS_RUN} AND ${IS_OPEN})
      LIMIT ?`,
    [limit],
  )
}

/** How far an event is that runs here. `resting`: nothing is left to do but what its run waits for, such as a person's answer. */
export function stageOf(tx: Tx, eventId: string): 'busy' | 'resting' | 'over' {
  if (tx.has(`SELECT 1 FROM outbox_message WHERE event_id = ? AND state IN ('pending', 'leased')`, [eventId]))
    return 'busy'
  const isOpen = tx.has(`SELECT 1 FROM run WHERE id = ? AND ${IS_OPEN}`, [firstRunId(eventId)])
  return isOpen ? 'resting' : 'over'
}

/** Taken events that rest, as {@link stageOf} says, the newest first: for their end others wait. */
export function restingTaken(tx: Tx, limit: number): TakenEvent[] {
  return tx.all(
    takenRow,
    `SELECT taken.event_id AS eventId, origin FROM taken_event AS taken
      WHERE reported_at IS NULL
        AND NOT EXISTS (SELECT 1 FROM outbox_message WHERE event_id = taken.event_id AND state IN ('pending', 'leased'))
        AND EXISTS (SELECT 1 FROM run WHERE id = ${ITS_RUN} AND ${IS_OPEN})
      ORDER BY taken.event_id DESC LIMIT ?`,
    [limit],
  )
}

/** The zap of an event that is known here, also when only its key is. */
export function zapOfEvent(tx: Tx, eventId: string): string | undefined {
  return tx.get(zapRow, 'SELECT zap_id AS zapId FROM trigger_event WHERE id = ?', [eventId])?.zapId
}

/** The zap of a run that is known here. */
export function zapOfRun(tx: Tx, runId: string): string | undefined {
  return tx.get(zapRow, 'SELECT zap_id AS zapId FROM run WHERE id = ?', [runId])?.zapId
}

export function markReported(tx: Tx, eventId: string, now: number): void {
  tx.run('UPDATE taken_event SET reported_at = ? WHERE event_id = ?', [now, eventId])
}

/** The host that took an event in, where that was another one. */
export function originOf(tx: Tx, eventId: string): string | undefined {
  return tx.get(takenRow, 'SELECT event_id AS eventId, origin FROM taken_event WHERE event_id = ?', [eventId])?.origin
}

const runRow = rowOf({ runId: text })

/** Runs of taken events that have something to do here: that are neither over nor at rest. */
export function busyTaken(tx: Tx, now: number): string[] {
  return tx
    .all(
      runRow,
      `SELECT message.run_id AS runId FROM taken_event AS taken JOIN outbox_message AS message ON message.event_id = taken.event_id
        WHERE reported_at IS NULL AND (state = 'leased' OR (state = 'pending' AND available_at <= ?))`,
      [now],
    )
    .map(({ runId }) => runId)
}

const idRow = rowOf({ id: integer, eventId: text })

/** Forgets what was sent on and ended before a time, a few at once; keys by which repeats are known stay. Returns how many. */
export function forgetRelayed(tx: Tx, before: number, limit: number): number {
  const old = tx.all(
    idRow,
    `SELECT message.id, event_id AS eventId FROM relayed_message AS relayed JOIN outbox_message AS message ON message.id = message_id
      WHERE state = 'delivered' AND settled_at < ? LIMIT ?`,
    [before, limit],
  )
  for (const { id, eventId } of old) {
    tx.run('DELETE FROM outbox_message WHERE id = ?', [id])
    tx.run(
      `UPDATE trigger_event SET data = '' WHERE id = ? AND NOT EXISTS (SELECT 1 FROM run WHERE event_id = trigger_event.id)`,
      [eventId],
    )
  }
  return old.length
}
