import type { Knex } from 'knex'
import type { Tx } from './executor.ts'
import { flag, integer, nullable, oneOf, type Read, rowOf, text } from './row.ts'

type MessageFacts = {
  readonly kind: 'start-run' | 'resume-run'
  readonly zapId: string
  readonly version: number
  readonly eventId: string
  readonly runId: string
  /** Times that it was leased, this time included. */
  readonly deliveries: number
  /** Times that the process ended without settling it. */
  readonly crashes: number
  /** Deliveries that failed without a step being the cause. */
  readonly failures: number
  readonly leaseToken: string
}

/** A message that a worker holds: no other works on it until its lease ends. */
export type LeasedMessage = MessageFacts & { readonly id: number }

/**
 * A message that a worker holds from before it is stored. The transaction that stores it notes its id in `row`; until then, and for ever
 * when its event turns out to be a repeat or is not stored, there is no message in the database.
 */
export type ReservedMessage = MessageFacts & {
  readonly leasedUntil: number
  /** When its run begins. Milliseconds since 1970 UTC. */
  readonly reservedAt: number
  readonly row: { id: number | null }
}

export type HeldMessage = LeasedMessage | ReservedMessage

/** What a guarded write about a message names: zero rows mean that the lease is lost. */
export type MessageLease = { readonly id: number; readonly leaseToken: string }

/** The lease of a message as the database knows it; null while it is not stored. */
export function leaseOf(message: HeldMessage): MessageLease | null {
  if ('id' in message) return message
  const { id } = message.row
  return id === null ? null : { id, leaseToken: message.leaseToken }
}

const messageRow = rowOf({
  id: integer,
  kind: oneOf(['start-run', 'resume-run']),
  zap_id: text,
  version: integer,
  event_id: text,
  run_id: text,
  deliveries: integer,
  crashes: integer,
  failures: integer,
})

const dueRow = rowOf({ at: nullable(integer) })
const crashesRow = rowOf({ crashes: integer })

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
  const row = tx.get(
    dueRow,
    `SELECT min(available_at) AS at FROM outbox_message WHERE state = 'pending' AND zap_id = ?`,
    [zapId],
  )
  return row?.at ?? null
}

/** Crashes at which the first message of a zap's queue was being worked on; 0 when nothing is queued. */
export function headCrashes(tx: Tx, zapId: string): number {
  const row = tx.get(
    crashesRow,
    `SELECT crashes FROM outbox_message WHERE zap_id = ? AND state IN ('pending', 'leased') ORDER BY id LIMIT 1`,
    [zapId],
  )
  return row?.crashes ?? 0
}

/** Whether a lease still holds. */
export function holdsLease(tx: Tx, message: MessageLease): boolean {
  return tx.has(`SELECT 1 FROM outbox_message WHERE id = ? AND state = 'leased' AND lease_token = ?`, [
    message.id,
    message.leaseToken,
  ])
}

/** Leases up to `limit` due messages of one zap, the longest due first. Those with more crashes than `maxCrashes` are left. */
export function leaseDue(
  tx: Tx,
  lease: { zapId: string; limit: number; now: number; until: number; token: string; maxCrashes: number },
): LeasedMessage[] {
  const rows = tx.all(
    messageRow,
    `UPDATE outbox_message SET state = 'leased', lease_token = ?, leased_until = ?, deliveries = deliveries + 1
      WHERE state = 'pending' AND id IN (
        SELECT id FROM outbox_message
          WHERE state = 'pending' AND zap_id = ? AND available_at <= ? AND crashes <= ?
          ORDER BY available_at, id LIMIT ?
      )
      RETURNING id, kind, zap_id, version, event_id, run_id, deliveries, crashes, failures`,
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
  const rows = tx.all(
    messageRow,
    `UPDATE outbox_message SET state = 'leased', lease_token = ?, leased_until = ?, deliveries = deliveries + 1
      WHERE state = 'pending' AND available_at <= ? AND crashes <= ? AND id = (
        SELECT min(id) FROM outbox_message WHERE zap_id = ? AND state IN ('pending', 'leased')
      )
      RETURNING id, kind, zap_id, version, event_id, run_id, deliveries, crashes, failures`,
    [lease.token, lease.until, lease.now, lease.maxCrashes, lease.zapId],
  )
  return rows.map((row) => toLeased(row, lease.token))
}

function toLeased(row: Read<typeof messageRow>, leaseToken: string): LeasedMessage {
  return {
    id: row.id,
    kind: row.kind,
    zapId: row.zap_id,
    version: row.version,
    eventId: row.event_id,
    runId: row.run_id,
    deliveries: row.deliveries,
    crashes: row.crashes,
    failures: row.failures,
    leaseToken,
  }
}

/** Keeps a lease that is still being worked on. False when it was lost. */
export function extendLease(tx: Tx, message: MessageLease, until: number): boolean {
  const changes = tx.run(
    `UPDATE outbox_message SET leased_until = ? WHERE id = ? AND state = 'leased' AND lease_token = ?`,
    [until, message.id, message.leaseToken],
  )
  return changes > 0
}

/** Whether a worker holds a message of this run. */
export function hasLeasedMessage(tx: Tx, runId: string): boolean {
  return tx.has(`SELECT 1 FROM outbox_message WHERE state = 'leased' AND run_id = ?`, [runId])
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

const heldRow = rowOf({
  id: integer,
  runId: text,
  zapId: text,
  crashes: integer,
  leaseToken: text,
  isOurs: flag,
  isOver: flag,
})

/**
 * Everything that is leased: a handful, whatever the history. Lease tokens begin with the id of their process; only the one process
 * that holds the data folder may call all others gone.
 */
export function heldLeases(tx: Tx, now: number, processId: string): HeldLease[] {
  const rows = tx.all(
    heldRow,
    `SELECT id, run_id AS runId, zap_id AS zapId, crashes, lease_token AS leaseToken,
        substr(lease_token, 1, ?) = ? AS isOurs, leased_until <= ? AS isOver
      FROM outbox_message WHERE state = 'leased' AND leased_until IS NOT NULL`,
    [processId.length, processId, now],
  )
  return rows.map((row) => ({ ...row, isOurs: row.isOurs === 1, isOver: row.isOver === 1 }))
}

/**
 * Leases the oldest due message, of any zap, that was being worked on at `minCrashes` crashes or more. The `+` makes SQLite
 * look through what is pending, instead of through the whole history in order of id.
 */
export function leaseSuspect(
  tx: Tx,
  lease: { now: number; until: number; token: string; minCrashes: number },
): LeasedMessage | undefined {
  const row = tx.get(
    messageRow,
    `UPDATE outbox_message SET state = 'leased', lease_token = ?, leased_until = ?, deliveries = deliveries + 1
      WHERE state = 'pending' AND id = (
        SELECT id FROM outbox_message WHERE state = 'pending' AND available_at <= ? AND crashes >= ? ORDER BY +id LIMIT 1
      )
      RETURNING id, kind, zap_id, version, event_id, run_id, deliveries, crashes, failures`,
    [lease.token, lease.until, lease.now, lease.minCrashes],
  )
  return row === undefined ? undefined : toLeased(row, lease.token)
}

/** Puts an expired lease back into the queue, with `crashes` on its account. */
export function reclaimMessage(tx: Tx, { id, crashes }: { id: number; crashes: number }, now: number): void {
  tx.run(
    `UPDATE outbox_message
      SET state = 'pending', available_at = ?, lease_token = NULL, leased_until = NULL, crashes = ?
      WHERE id = ? AND state = 'leased'`,
    [now, crashes, id],
  )
}
