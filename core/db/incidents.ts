import type { Knex } from 'knex'
import { type IncidentFact, storedIncidentText } from '../domain/runs/incident-fact.ts'
import type { Tx } from './executor.ts'
import { integer, nullable, rowOf, text } from './row.ts'

/** `subject` is the id of the zap that it is about, or '' when it is about no zap. */
export type NewIncident = {
  readonly id: string
  readonly subject: string
  readonly fact: IncidentFact
  readonly openedAt: number
}

export type ListedIncident = {
  readonly id: string
  readonly kind: string
  readonly subject: string
  /** As people read it. */
  readonly message: string
  readonly openedAt: number
  readonly closedAt: number | null
}

/** Opens an incident, unless one of this kind and subject is open already (then what is known of it is renewed). True when new. */
export function openIncident(tx: Tx, { id, subject, fact, openedAt }: NewIncident): boolean {
  const { kind } = fact
  const data = JSON.stringify(fact)
  const changes = tx.run(
    `INSERT INTO incident (id, kind, subject, message, data, opened_at) VALUES (?, ?, ?, '', ?, ?)
      ON CONFLICT (kind, subject) WHERE closed_at IS NULL DO NOTHING`,
    [id, kind, subject, data, openedAt],
  )
  if (changes > 0) return true
  const sql = 'UPDATE incident SET data = ? WHERE kind = ? AND subject = ? AND closed_at IS NULL AND data IS NOT ?'
  tx.run(sql, [data, kind, subject, data])
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

const COLUMNS = ['id', 'kind', 'subject', 'data', 'message as text', 'opened_at as openedAt', 'closed_at as closedAt']

const storedRow = rowOf({
  id: text,
  kind: text,
  subject: text,
  data: nullable(text),
  text,
  openedAt: integer,
  closedAt: nullable(integer),
})

function incidentRow(row: unknown): ListedIncident {
  const { data, text, ...incident } = storedRow(row)
  return { ...incident, message: storedIncidentText({ data, text }) }
}

export async function listOpenIncidents(reader: Knex): Promise<ListedIncident[]> {
  const rows: unknown[] = await reader('incident').whereNull('closed_at').orderBy('opened_at').select(COLUMNS)
  return rows.map(incidentRow)
}

/** Open and closed ones, the newest first. */
export async function listIncidents(reader: Knex, limit: number): Promise<ListedIncident[]> {
  const rows: unknown[] = await reader('incident').orderBy('id', 'desc').limit(limit).select(COLUMNS)
  return rows.map(incidentRow)
}
