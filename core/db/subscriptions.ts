import { z } from 'zod'
import {
  SUBSCRIPTION_STATES,
  type SubscriptionState,
  sourcesOf,
  subscriptionTransitions,
} from '../domain/runs/states.ts'
import type { Tx } from './executor.ts'
import { bytes, integer, nullable, oneOf, rowOf, text } from './row.ts'

/** A subscription at a service. `data` is JSON; times are milliseconds since 1970 UTC. See migration 15. */
export type SubscriptionRow = {
  readonly id: string
  readonly zapId: string
  readonly stepId: string
  readonly version: number
  readonly subject: string
  readonly url: string | null
  readonly state: SubscriptionState
  readonly data: string | null
  /** The secret that the service made, sealed. */
  readonly sealed: Uint8Array | null
  readonly expiresAt: number | null
  readonly nextAt: number
  readonly triedAt: number | null
  readonly failures: number
  readonly failingSince: number | null
  readonly error: { readonly code: string; readonly message: string } | null
}

const subscriptionRow = rowOf({
  id: text,
  zapId: text,
  stepId: text,
  version: integer,
  subject: text,
  url: nullable(text),
  state: oneOf(SUBSCRIPTION_STATES),
  data: nullable(text),
  sealed: nullable(bytes),
  expiresAt: nullable(integer),
  nextAt: integer,
  triedAt: nullable(integer),
  failures: integer,
  failingSince: nullable(integer),
  error: nullable(text),
})

const errorSchema = z.object({ code: z.string(), message: z.string() })

const SELECT = `SELECT id, zap_id AS zapId, step_id AS stepId, version, subject, url, state, data, sealed, expires_at AS expiresAt,
  next_at AS nextAt, tried_at AS triedAt, failures, failing_since AS failingSince, error FROM subscription`

function toSubscription({ error, ...row }: ReturnType<typeof subscriptionRow>): SubscriptionRow {
  return { ...row, error: error === null ? null : errorSchema.parse(JSON.parse(error)) }
}

export function getSubscriptions(tx: Tx): SubscriptionRow[] {
  return tx.all(subscriptionRow, `${SELECT} ORDER BY rowid`).map(toSubscription)
}

export function getSubscription(tx: Tx, id: string): SubscriptionRow | undefined {
  const row = tx.get(subscriptionRow, `${SELECT} WHERE id = ?`, [id])
  return row && toSubscription(row)
}

/** Writes a subscription, where its machine lets it come to this state. False when it does not, and then nothing is changed. */
export function writeSubscription(tx: Tx, row: SubscriptionRow): boolean {
  const from = [row.state, ...sourcesOf(subscriptionTransitions, row.state)]
  const changes = tx.run(
    `INSERT INTO subscription (id, zap_id, step_id, version, subject, url, state, data, sealed, expires_at, next_at, tried_at,
        failures, failing_since, error) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (id) DO UPDATE SET version = excluded.version, url = excluded.url, state = excluded.state, data = excluded.data,
        sealed = excluded.sealed, expires_at = excluded.expires_at, next_at = excluded.next_at, tried_at = excluded.tried_at,
        failures = excluded.failures, failing_since = excluded.failing_since, error = excluded.error
      WHERE state IN (SELECT value FROM json_each(?))`,
    [
      row.id,
      row.zapId,
      row.stepId,
      row.version,
      row.subject,
      row.url,
      row.state,
      row.data,
      row.sealed,
      row.expiresAt,
      row.nextAt,
      row.triedAt,
      row.failures,
      row.failingSince,
      row.error && JSON.stringify(row.error),
      JSON.stringify(from),
    ],
  )
  return changes > 0
}

export function deleteSubscription(tx: Tx, id: string): void {
  tx.run('DELETE FROM subscription WHERE id = ?', [id])
}

const failingRow = rowOf({ zapId: text, zapName: text, failures: integer, error: nullable(text) })

/** Subscriptions of zaps that are on which fail so often in a row, or since before a moment. */
export function failingSubscriptions(
  tx: Tx,
  limits: { readonly failures: number; readonly since: number },
): { zapId: string; zapName: string; failures: number; message: string }[] {
  return tx
    .all(
      failingRow,
      `SELECT zap_id AS zapId, zap.name AS zapName, failures, error FROM subscription JOIN zap ON zap.id = zap_id
        WHERE state != 'ending' AND zap.enabled = 1 AND (failures >= ? OR failing_since <= ?) ORDER BY failing_since`,
      [limits.failures, limits.since],
    )
    .map(({ error, ...row }) => ({
      ...row,
      message: error === null ? '' : errorSchema.parse(JSON.parse(error)).message,
    }))
}
