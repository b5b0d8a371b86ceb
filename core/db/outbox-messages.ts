import type { Knex } from 'knex'
import type { Tx } from './executor.ts'

/** The id of a message that is not stored yet, or never was. */
export const UNSTORED = -1

/** A message that a dispatcher holds: nobody else works on it until `leasedUntil`. */
export type LeasedMessage = {
  readonly id: number
  readonly kind: 'start-run' | 'resume-run'
  readonly zapId: string
  readonly version: number
  readonly eventId: string
  readonly runId: string
  /** Times that it was leased, this time included. */
  readonly deliveries: number
  /** Times that the process ended without settling it. */
  readonly crashes: number
  readonly leaseToken: string
}

type StoredMessage = {
  id: number
  kind: LeasedMessage['kind']
  zap_id: string
  version: number
  event_id: string
  run_id: string
  deliveries: number
  crashes: number
}

export type NewMessage = {
  kind: LeasedMessage['kind']
  zapId: string
  version: number
  eventId: string
  runId: string
  availableAt: number
  now: number
}

export function insertMessage(tx: Tx, message: NewMessage): void {
  tx.run(
    `INSERT INTO outbox_message (kind, state, zap_id, version, event_id, run_id, available_at, created_at)
      VALUES (?, 'pending', ?, ?, ?, ?, ?, ?)`,
    [message.kind, message.zapId, message.version, message.eventId, message.runId, message.availableAt, message.now],
  )
}

/** Stores the message of a run that begins at once, as its worker holds it. Gives its id. */
export function insertLeasedMessage(
  tx: Tx,
  message: Omit<NewMessage, 'kind' | 'availableAt'> & { leaseToken: string; leasedUntil: number },
): number {
  const { zapId, version, eventId, runId, now, leaseToken, leasedUntil } = message
  const row = tx.get<{ id: number }>(
    `INSERT INTO outbox_message
      (kind, state, zap_id, version, event_id, run_id, available_at, deliveries, lease_token, leased_until, created_at)
      VALUES ('start-run', 'leased', ?, ?, ?, ?, ?, 1, ?, ?, ?) RETURNING id`,
    [zapId, version, eventId, runId, now, leaseToken, leasedUntil, now],
  )
  if (row === undefined) throw new Error(`the message of ${runId} was not stored`)
  return row.id
}

/** Zaps that have a pending message, due or not, each with the time of its first. One index seek a zap. */
export async function findPendingZaps(reader: Knex): Promise<{ zapId: string; availableAt: number }[]> {
  return reader.raw(
    `WITH RECURSIVE next (zapId) AS (
        SELECT min(zap_id) FROM outbox_message WHERE state = 'pending'
        UNION ALL
        SELECT (SELECT min(zap_id) FROM outbox_message WHERE state = 'pending' AND zap_id > next.zapId)
          FROM next WHERE next.zapId IS NOT NULL
      )
      SELECT zapId, (SELECT min(available_at) FROM outbox_message WHERE state = 'pending' AND zap_id = zapId) AS availableAt
        FROM next WHERE zapId IS NOT NULL`,
  )
}

/** When a zap's next pending message is due, or null when it has none. */
export function nextDueAt(tx: Tx, zapId: string): number | null {
  const row = tx.get<{ at: number | null }>(
    `SELECT min(available_at) AS at FROM outbox_message WHERE state = 'pending' AND zap_id = ?`,
    [zapId],
  )
  return row?.at ?? null
}

/** Crashes at which the first message of a zap's queue was being worked on; 0 when nothing is queued. */
export function headCrashes(tx: Tx, zapId: string): number {
  const row = tx.get<{ crashes: number }>(
    `SELECT crashes FROM outbox_message WHERE zap_id = ? AND state IN ('pending', 'leased') ORDER BY id LIMIT 1`,
    [zapId],
  )
  return row?.crashes ?? 0
}

/** Whether a lease still holds. */
export function holdsLease(tx: Tx, message: { id: number; leaseToken: string }): boolean {
  const row = tx.get(`SELECT 1 FROM outbox_message WHERE id = ? AND state = 'leased' AND lease_token = ?`, [
    message.id,
    message.leaseToken,
  ])
  return row !== undefined
}

/** Leases up to `limit` due messages of one zap, the longest due first. Those with more crashes than `maxCrashes` are left. */
export function leaseDue(
  tx: Tx,
  lease: { zapId: string; limit: number; now: number; until: number; token: string; maxCrashes: number },
): LeasedMessage[] {
  const rows = tx.all<StoredMessage>(
    `UPDATE outbox_message SET state = 'leased', lease_token = ?, leased_until = ?, deliveries = deliveries + 1
      WHERE state = 'pending' AND id IN (
        SELECT id FROM outbox_message
          WHERE state = 'pending' AND zap_id = ? AND available_at <= ? AND crashes <= ?
          ORDER BY available_at, id LIMIT ?
      )
      RETURNING id, kind, zap_id, version, event_id, run_id, deliveries, crashes`,
    [lease.token, lease.until, lease.zapId, lease.now, lease.maxCrashes, lease.limit],
  )
  // RETURNING promises no order.
  return rows.sort((a, b) => a.id - b.id).map((row) => toLeased(row, lease.token))
}

/**
 * Leases the oldest message of a zap whose runs go one after the other, unless that one is not due or already leased: a
 * run that waits for its retry holds up those behind it.
 */
export function leaseHead(
  tx: Tx,
  lease: { zapId: string; now: number; until: number; token: string; maxCrashes: number },
): LeasedMessage[] {
  const rows = tx.all<StoredMessage>(
    `UPDATE outbox_message SET state = 'leased', lease_token = ?, leased_until = ?, deliveries = deliveries + 1
      WHERE state = 'pending' AND available_at <= ? AND crashes <= ? AND id = (
        SELECT min(id) FROM outbox_message WHERE zap_id = ? AND state IN ('pending', 'leased')
      )
      RETURNING id, kind, zap_id, version, event_id, run_id, deliveries, crashes`,
    [lease.token, lease.until, lease.now, lease.maxCrashes, lease.zapId],
  )
  return rows.map((row) => toLeased(row, lease.token))
}

function toLeased(row: StoredMessage, leaseToken: string): LeasedMessage {
  return {
    id: row.id,
    kind: row.kind,
    zapId: row.zap_id,
    version: row.version,
    eventId: row.event_id,
    runId: row.run_id,
    deliveries: row.deliveries,
    crashes: row.crashes,
    leaseToken,
  }
}

/** Keeps a lease that is still being worked on. False when it was lost. */
export function extendLease(tx: Tx, message: { id: number; leaseToken: string }, until: number): boolean {
  const changes = tx.run(
    `UPDATE outbox_message SET leased_until = ? WHERE id = ? AND state = 'leased' AND lease_token = ?`,
    [until, message.id, message.leaseToken],
  )
  return changes > 0
}

/** Done with. False when the lease was lost: then whatever else the transaction holds must not happen either. */
export function settleMessage(
  tx: Tx,
  message: { id: number; leaseToken: string },
  to: 'delivered' | 'dead',
  now: number,
  lastError: string | null = null,
): boolean {
  const changes = tx.run(
    `UPDATE outbox_message SET state = ?, settled_at = ?, lease_token = NULL, leased_until = NULL, last_error = ?
      WHERE id = ? AND state = 'leased' AND lease_token = ?`,
    [to, now, lastError, message.id, message.leaseToken],
  )
  return changes > 0
}

/** Back into the queue, for a retry at `availableAt` or because the host stops. False when the lease was lost. */
export function returnMessage(
  tx: Tx,
  message: { id: number; leaseToken: string },
  availableAt: number,
  lastError: string | null = null,
): boolean {
  const changes = tx.run(
    `UPDATE outbox_message
      SET state = 'pending', available_at = ?, lease_token = NULL, leased_until = NULL, last_error = ?, crashes = 0
      WHERE id = ? AND state = 'leased' AND lease_token = ?`,
    [availableAt, lastError, message.id, message.leaseToken],
  )
  return changes > 0
}

/** Makes the message of a run that rests due. False when there is none: it is worked on, or over. */
export function wakeMessage(tx: Tx, runId: string, now: number): boolean {
  const changes = tx.run(
    `UPDATE outbox_message SET available_at = ? WHERE run_id = ? AND state = 'pending' AND deliveries > 0 AND available_at > ?`,
    [now, runId, now],
  )
  return changes > 0
}

/** Takes back the messages of a run that nobody works on. Gives how many; looks through what is pending only when none rests. */
export function cancelMessages(tx: Tx, runId: string, now: number): number {
  const sql = `UPDATE outbox_message SET state = 'cancelled', settled_at = ? WHERE run_id = ? AND state = 'pending'`
  return tx.run(`${sql} AND deliveries > 0`, [now, runId]) || tx.run(sql, [now, runId])
}

/** A due message whose run was never begun. */
type FreshMessage = {
  readonly id: number
  readonly runId: string
  readonly eventId: string
  readonly version: number
  /** Whether a run called for it, and may wait for its end. */
  readonly isAwaited: boolean
}

/** Due messages of a zap whose runs were never begun, in order of arrival. */
export function freshMessages(tx: Tx, zapId: string, now: number): FreshMessage[] {
  return tx
    .all<Omit<FreshMessage, 'isAwaited'> & { parentRunId: string | null }>(
      `SELECT message.id, run_id AS runId, event_id AS eventId, version, parent_run_id AS parentRunId
        FROM outbox_message AS message JOIN trigger_event AS event ON event.id = event_id
        WHERE state = 'pending' AND message.zap_id = ? AND available_at <= ? AND kind = 'start-run' AND deliveries = 0
        ORDER BY message.id`,
      [zapId, now],
    )
    .map(({ parentRunId, ...message }) => ({ ...message, isAwaited: parentRunId !== null }))
}

/** Runs that were accepted and not begun, in order of arrival: of one zap, or of all. */
export async function findUnbegunRuns(reader: Knex, zapId: string | undefined): Promise<string[]> {
  const query = reader('outbox_message').where({ state: 'pending', kind: 'start-run', deliveries: 0 }).orderBy('id')
  if (zapId !== undefined) void query.where({ zap_id: zapId })
  return (await query.select('run_id')).map((row: { run_id: string }) => row.run_id)
}

/** Takes back one message that nobody works on. */
export function cancelMessage(tx: Tx, id: number, now: number): void {
  tx.run(`UPDATE outbox_message SET state = 'cancelled', settled_at = ? WHERE id = ? AND state = 'pending'`, [now, id])
}

/** Somebody has dealt with the dead letters of a run. Gives how many there were. */
export function handleDeadLetters(tx: Tx, zapId: string, runId: string, now: number): number {
  return tx.run(
    `UPDATE outbox_message SET handled_at = ?
      WHERE zap_id = ? AND run_id = ? AND state = 'dead' AND handled_at IS NULL`,
    [now, zapId, runId],
  )
}

/** Whether a worker holds a message of this run. */
export function hasLeasedMessage(tx: Tx, runId: string): boolean {
  return tx.get(`SELECT 1 FROM outbox_message WHERE state = 'leased' AND run_id = ?`, [runId]) !== undefined
}

/** A message that is leased, and what can be said of its worker. */
export type HeldLease = {
  readonly id: number
  readonly runId: string
  readonly zapId: string
  readonly crashes: number
  readonly leaseToken: string
  /** Whether this process took it; of any other one, only a process that is gone may have. */
  readonly isOurs: boolean
  /** Whether its time is up. */
  readonly isOver: boolean
}

/**
 * Everything that is leased: a handful, whatever the history. Lease tokens begin with their process's `host` word; only the one process
 * that holds the data folder may call all others gone.
 */
export function heldLeases(tx: Tx, now: number, host: string): HeldLease[] {
  const rows = tx.all<Omit<HeldLease, 'isOurs' | 'isOver'> & { isOurs: number; isOver: number }>(
    `SELECT id, run_id AS runId, zap_id AS zapId, crashes, lease_token AS leaseToken,
        substr(lease_token, 1, ?) = ? AS isOurs, leased_until <= ? AS isOver
      FROM outbox_message WHERE state = 'leased' AND leased_until IS NOT NULL`,
    [host.length, host, now],
  )
  return rows.map((row) => ({ ...row, isOurs: row.isOurs === 1, isOver: row.isOver === 1 }))
}

/**
 * Leases the oldest due message, of whatever zap, that was being worked on at `minCrashes` crashes or more. The `+` makes SQLite
 * look through what is pending, instead of through the whole history in order of id.
 */
export function leaseSuspect(
  tx: Tx,
  lease: { now: number; until: number; token: string; minCrashes: number },
): LeasedMessage | undefined {
  const row = tx.get<StoredMessage>(
    `UPDATE outbox_message SET state = 'leased', lease_token = ?, leased_until = ?, deliveries = deliveries + 1
      WHERE state = 'pending' AND id = (
        SELECT id FROM outbox_message WHERE state = 'pending' AND available_at <= ? AND crashes >= ? ORDER BY +id LIMIT 1
      )
      RETURNING id, kind, zap_id, version, event_id, run_id, deliveries, crashes`,
    [lease.token, lease.until, lease.now, lease.minCrashes],
  )
  return row === undefined ? undefined : toLeased(row, lease.token)
}

/** Gives an expired lease back to the queue, with `crashes` on its account. */
export function reclaimMessage(tx: Tx, { id, crashes }: { id: number; crashes: number }, now: number): void {
  tx.run(
    `UPDATE outbox_message
      SET state = 'pending', available_at = ?, lease_token = NULL, leased_until = NULL, crashes = ?
      WHERE id = ? AND state = 'leased'`,
    [now, crashes, id],
  )
}

/**
 * Makes due what was never begun and lies in the future: it came while the clock was ahead, and would wait until then. Gives the zaps
 * that it is about.
 */
export function hastenUnbegun(tx: Tx, now: number): string[] {
  const rows = tx.all<{ zapId: string }>(
    `UPDATE outbox_message SET available_at = ? WHERE id IN (
        SELECT message.id FROM zap CROSS JOIN outbox_message AS message
          WHERE message.zap_id = zap.id AND message.state = 'pending' AND available_at > ? AND deliveries = 0
      )
      RETURNING zap_id AS zapId`,
    [now, now],
  )
  return [...new Set(rows.map(({ zapId }) => zapId))]
}

/**
 * Makes due what lies in the future although it waits for nothing any more: its answer came, or it was taken back from a worker, while
 * the clock was ahead. Gives the zaps that it is about. It looks at every run that rests.
 */
export function hastenRested(tx: Tx, now: number): string[] {
  const rows = tx.all<{ zapId: string }>(
    `UPDATE outbox_message SET available_at = ? WHERE id IN (
        SELECT message.id FROM zap CROSS JOIN outbox_message AS message
          WHERE message.zap_id = zap.id AND message.state = 'pending' AND available_at > ? AND deliveries > 0
            AND (
              EXISTS (SELECT 1 FROM run WHERE run.id = message.run_id AND run.state = 'running')
              OR EXISTS (SELECT 1 FROM step_run
                WHERE step_run.run_id = message.run_id AND step_run.state = 'waiting' AND answer IS NOT NULL)
            )
      )
      RETURNING zap_id AS zapId`,
    [now, now],
  )
  return [...new Set(rows.map(({ zapId }) => zapId))]
}

/** Takes an expired lease out of the queue for good, because working on it again would do harm. */
export function buryMessage(
  tx: Tx,
  { id, crashes }: { id: number; crashes: number },
  now: number,
  lastError: string,
): void {
  tx.run(
    `UPDATE outbox_message
      SET state = 'dead', settled_at = ?, lease_token = NULL, leased_until = NULL, last_error = ?, crashes = ?
      WHERE id = ? AND state = 'leased'`,
    [now, lastError, crashes, id],
  )
}

/** Messages of one zap, counted up to a limit. */
export type CountOfZap = { readonly zapId: string; readonly zapName: string; readonly count: number }

/** The zaps with messages that have been due since before `since`: what the sweeper calls stuck. Counts up to `limit` of each. */
export function stuckSince(tx: Tx, since: number, limit: number): CountOfZap[] {
  return countByZap(tx, `state = 'pending'`, 'AND available_at < ?', [since], limit)
}

/** The zaps with dead letters that nobody has dealt with. Counts up to `limit` of each. */
export function deadLettersByZap(tx: Tx, limit: number): CountOfZap[] {
  return countByZap(tx, `state = 'dead' AND handled_at IS NULL`, '', [], limit)
}

/** Goes from zap to zap by a partial index that begins with `zap_id`: one seek each, however many messages there are. */
function countByZap(tx: Tx, where: string, and: string, params: readonly number[], limit: number): CountOfZap[] {
  return tx.all(
    `WITH RECURSIVE next (zapId) AS (
        SELECT min(zap_id) FROM outbox_message WHERE ${where}
        UNION ALL
        SELECT (SELECT min(zap_id) FROM outbox_message WHERE ${where} AND zap_id > next.zapId)
          FROM next WHERE next.zapId IS NOT NULL
      ), counted (zapId, count) AS MATERIALIZED (
        SELECT zapId, (
          SELECT count(*) FROM (SELECT 1 FROM outbox_message WHERE ${where} AND zap_id = next.zapId ${and} LIMIT ?)
        ) FROM next WHERE zapId IS NOT NULL
      )
      SELECT zapId, zap.name AS zapName, count FROM counted JOIN zap ON zap.id = zapId WHERE count > 0`,
    [...params, limit],
  )
}

export type OutboxCounts = {
  pending: number
  waiting: number
  leased: number
  dead: number
  oldestDueAt: number | null
}

/** How many messages are in each open state, from the partial indexes alone: the cost does not grow with the history. */
export async function countOpenMessages(reader: Knex, now: number): Promise<OutboxCounts> {
  const [row]: OutboxCounts[] = await reader.raw(
    `SELECT
      (SELECT count(*) FROM outbox_message WHERE state = 'pending' AND available_at <= ?) AS pending,
      (SELECT count(*) FROM outbox_message WHERE state = 'pending' AND available_at > ?) AS waiting,
      (SELECT count(*) FROM outbox_message WHERE state = 'leased') AS leased,
      (SELECT count(*) FROM outbox_message WHERE state = 'dead') AS dead,
      (SELECT min(available_at) FROM outbox_message WHERE state = 'pending' AND available_at <= ?) AS oldestDueAt`,
    [now, now, now],
  )
  return row ?? { pending: 0, waiting: 0, leased: 0, dead: 0, oldestDueAt: null }
}

/** Messages that ended well. Counts the table: for the command line, not for the status bar. */
export async function countDelivered(reader: Knex): Promise<number> {
  const [row]: { count: number }[] = await reader.raw(
    `SELECT count(*) AS count FROM outbox_message WHERE state = 'delivered'`,
  )
  return row?.count ?? 0
}

/** A message that was given up and that nobody has dealt with. */
export type DeadLetterRow = {
  readonly id: number
  readonly zapId: string
  readonly zapName: string
  readonly runId: string
  readonly reason: string | null
  readonly at: number
}

/** Dead letters that nobody has dealt with, the newest first. */
export async function listDeadLetters(reader: Knex, limit: number): Promise<DeadLetterRow[]> {
  return reader('outbox_message')
    .join('zap', 'zap.id', 'outbox_message.zap_id')
    .where('outbox_message.state', 'dead')
    .whereNull('outbox_message.handled_at')
    .orderBy('outbox_message.id', 'desc')
    .limit(limit)
    .select(
      'outbox_message.id',
      'zap.id as zapId',
      'zap.name as zapName',
      'outbox_message.run_id as runId',
      'outbox_message.last_error as reason',
      'outbox_message.settled_at as at',
    )
}

/** Takes dead letters off the list: those with these ids, or all. Gives how many. */
export function dismissDeadLetters(tx: Tx, ids: readonly number[] | undefined, now: number): number {
  const sql = `UPDATE outbox_message SET handled_at = ? WHERE state = 'dead' AND handled_at IS NULL`
  if (ids === undefined) return tx.run(sql, [now])
  return tx.run(`${sql} AND id IN (SELECT value FROM json_each(?))`, [now, JSON.stringify(ids)])
}
