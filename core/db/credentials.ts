import type { Knex } from 'knex'
import { z } from 'zod'
import type { Tx } from './executor.ts'
import { bytes, integer, nullable, rowOf, text } from './row.ts'
import { readStored } from './stored-json.ts'

/** A credential as it is stored: `sealed` can only be opened by the host's secret box. */
export type CredentialRow = {
  readonly name: string
  /** As the catalogue of connectors knows it; one that was removed since may be stored. */
  readonly type: string
  readonly sealed: Uint8Array
  readonly updatedAt: number
  /** The only hosts to which it may go, as `name[:port]`, with `*` for any text; null for all. */
  readonly hosts: readonly string[] | null
}

const credentialRow = rowOf({ name: text, type: text, sealed: bytes, updated_at: integer, hosts: nullable(text) })

function toCredential(stored: unknown): CredentialRow {
  const { updated_at, hosts, ...row } = credentialRow(stored)
  return {
    ...row,
    updatedAt: updated_at,
    hosts: hosts === null ? null : readStored(hostsSchema, hosts, `The hosts of the credential "${row.name}"`),
  }
}

const hostsSchema = z.array(z.string())

export async function listCredentials(reader: Knex): Promise<CredentialRow[]> {
  const rows: unknown[] = await reader('credential').orderBy('name')
  return rows.map(toCredential)
}

export async function findCredential(reader: Knex, name: string): Promise<CredentialRow | undefined> {
  const row: unknown = await reader('credential').where({ name }).first()
  return row === undefined ? undefined : toCredential(row)
}

export function writeCredential(tx: Tx, row: CredentialRow): void {
  tx.run(
    `INSERT INTO credential (name, type, sealed, updated_at, hosts) VALUES (?, ?, ?, ?, ?)
      ON CONFLICT (name) DO UPDATE SET type = excluded.type, sealed = excluded.sealed, updated_at = excluded.updated_at,
        hosts = excluded.hosts`,
    [row.name, row.type, row.sealed, row.updatedAt, row.hosts && JSON.stringify(row.hosts)],
  )
}

/** Changes the hosts to which a credential may go. False when there is no such credential. */
export function setCredentialHosts(tx: Tx, name: string, hosts: readonly string[] | null): boolean {
  return tx.run('UPDATE credential SET hosts = ? WHERE name = ?', [hosts && JSON.stringify(hosts), name]) > 0
}

/** Puts a secret in the place of another, and nothing else. False when that is not there any more. */
export function replaceSealed(tx: Tx, name: string, before: Uint8Array, after: Uint8Array): boolean {
  return tx.run('UPDATE credential SET sealed = ? WHERE name = ? AND sealed = ?', [after, name, before]) > 0
}

/** False when there was none. */
export function deleteCredential(tx: Tx, name: string): boolean {
  return tx.run('DELETE FROM credential WHERE name = ?', [name]) > 0
}
