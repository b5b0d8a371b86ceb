import type { Knex } from 'knex'
import type { Tx } from './executor.ts'
import { integer, nullable, rowOf, text } from './row.ts'

/** `subject` is the id of the zap that it is about, or '' when it is about no zap. */
export type IncidentRow = { id: string; kind: string; subject: string; message: string; openedAt: number }

export type ListedIncident = IncidentRow & { readonly closedAt: number | null }

/** Opens an incident, unless one of this kind and subject is open already (then its message is renewed). True when new. */
export function openIncident(tx: Tx, incident: IncidentRow): boolean {
  const { id, kind, subject, message, openedAt } = incident
  const changes = tx.run(
    `INSERT INTO incident (id, kind, subject, message, opened_at) VALUES (?, ?, ?, ?, ?)
      ON CONFLICT (kind, subject) WHERE closed_at IS NULL DO NOTHING`,
    [id, kind, subject, message, openedAt],
  )
  if (changes > 0) return true
  const sql = 'UPDATE incident SET message = ? WHERE kind = ? AND subject = ? AND closed_at IS NULL AND message <> ?'
  tx.run(sql, [message, kind, subject, message])
  return false
}

/** Closes the open incidents of a kind whose subject is no longer among `subjects`. Returns how many. */
export function closeIncidents(tx: Tx, kind: string, stillOpen: readonly string[], now: number): number {
  return tx.run(
    `UPDATE incident SET closed_at = ? WHERE kind = ? AND closed_at IS NULL
      AND subject NOT IN (SELECT value FROM json_each(?))`,
    [now, kind, JSON.stringify(stillOpen)],
  )
}

export function isIncidentOpen(tx: Tx, kind: string, subject: string): boolean {
  const sql = 'SELECT 1 FROM incident WHERE kind = ? AND subject = ? AND closed_at IS NULL'
  return tx.has(sql, [kind, subject])
}

const COLUMNS = ['id', 'kind', 'subject', 'message', 'opened_at as openedAt', 'closed_at as closedAt']

const incidentRow = rowOf({
  id: text,
  kind: text,
  subject: text,
  message: text,
  openedAt: integer,
  closedAt: nullable(integer),
})

export async function listOpenIncidents(reader: Knex): Promise<ListedIncident[]> {
  const rows: unknown[] = await reader('incident').whereNull('closed_at').orderBy('opened_at').select(COLUMNS)
  return rows.map(incidentRow)
}

/** Open and closed ones, the newest first. */
export async function listIncidents(reader: Knex, limit: number): Promise<ListedIncident[]> {
  const rows: unknown[] = await reader('incident').orderBy('id', 'desc').limit(limit).select(COLUMNS)
  return rows.map(incidentRow)
}
