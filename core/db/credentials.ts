import type { Knex } from 'knex'
import type { Tx } from './executor.ts'

/** A credential as it is stored: `sealed` can only be opened by the host's secret box. */
export type CredentialRow = {
  readonly name: string
  readonly type: 'secret' | 'bearer' | 'basic' | 'header'
  readonly sealed: Uint8Array
  readonly updatedAt: number
}

type StoredCredential = { name: string; type: CredentialRow['type']; sealed: Uint8Array; updated_at: number }

const toCredential = ({ updated_at, ...row }: StoredCredential): CredentialRow => ({ ...row, updatedAt: updated_at })

export async function listCredentials(reader: Knex): Promise<CredentialRow[]> {
  const rows: StoredCredential[] = await reader('credential').orderBy('name')
  return rows.map(toCredential)
}

export async function findCredential(reader: Knex, name: string): Promise<CredentialRow | undefined> {
  const row: StoredCredential | undefined = await reader('credential').where({ name }).first()
  return row === undefined ? undefined : toCredential(row)
}

export function writeCredential(tx: Tx, row: CredentialRow): void {
  tx.run(
    `INSERT INTO credential (name, type, sealed, updated_at) VALUES (?, ?, ?, ?)
      ON CONFLICT (name) DO UPDATE SET type = excluded.type, sealed = excluded.sealed, updated_at = excluded.updated_at`,
    [row.name, row.type, row.sealed, row.updatedAt],
  )
}

/** False when there was none. */
export function deleteCredential(tx: Tx, name: string): boolean {
  return tx.run('DELETE FROM credential WHERE name = ?', [name]) > 0
}
