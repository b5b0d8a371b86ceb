import type { Knex } from 'knex'
import { z } from 'zod'
import type { Tx } from './executor.ts'
import { bytes, integer, nullable, rowOf, text } from './row.ts'
import { readStored } from './stored-json.ts'

/** A credential as it is stored: `sealed` can only be opened by the host's secret box. */
export type CredentialRow = {
  readonly name: string
  /** What a person calls it; null where that is its name. */
  readonly title: string | null
  /** As the catalogue of connectors knows it; one that was removed since may be stored. */
  readonly type: string
  readonly sealed: Uint8Array
  readonly updatedAt: number
  /** The only hosts to which it may go, as `name[:port]`, with `*` for any text; null for all. */
  readonly hosts: readonly string[] | null
  /** Whose it is at its service, as a person knows it; null where that is not known. */
  readonly account: string | null
  /** The scopes that its service granted; null where that is not known. */
  readonly granted: readonly string[] | null
  /** Since when its service has withdrawn the sign-in; null while it has not. */
  readonly withdrawnAt: number | null
}

/** What a sign-in tells of a credential. */
export type SignInFacts = Pick<CredentialRow, 'account' | 'granted' | 'withdrawnAt'>

const credentialRow = rowOf({
  name: text,
  title: nullable(text),
  type: text,
  sealed: bytes,
  updated_at: integer,
  hosts: nullable(text),
  account: nullable(text),
  granted: nullable(text),
  withdrawn_at: nullable(integer),
})

function toCredential(stored: unknown): CredentialRow {
  const { updated_at, hosts, granted, withdrawn_at, ...row } = credentialRow(stored)
  const listOf = (what: string, json: string | null) =>
    json === null ? null : readStored(wordsSchema, json, `${what} of the credential "${row.name}"`)
  return {
    ...row,
    updatedAt: updated_at,
    hosts: listOf('The hosts', hosts),
    granted: listOf('What was granted', granted),
    withdrawnAt: withdrawn_at,
  }
}

const wordsSchema = z.array(z.string())

export async function listCredentials(reader: Knex): Promise<CredentialRow[]> {
  const rows: unknown[] = await reader('credential').orderBy('name')
  return rows.map(toCredential)
}

export async function findCredential(reader: Knex, name: string): Promise<CredentialRow | undefined> {
  const row: unknown = await reader('credential').where({ name }).first()
  return row === undefined ? undefined : toCredential(row)
}

/** Stores a credential in the place of one of the same name. Nothing is known of its sign-in. */
export function writeCredential(tx: Tx, row: Omit<CredentialRow, keyof SignInFacts | 'title'>): void {
  tx.run(
    `INSERT INTO credential (name, type, sealed, updated_at, hosts) VALUES (?, ?, ?, ?, ?)
      ON CONFLICT (name) DO UPDATE SET type = excluded.type, sealed = excluded.sealed, updated_at = excluded.updated_at,
        hosts = excluded.hosts, account = NULL, granted = NULL, withdrawn_at = NULL`,
    [row.name, row.type, row.sealed, row.updatedAt, row.hosts && JSON.stringify(row.hosts)],
  )
}

/** Notes what is known of a sign-in; what is absent stays as it is. */
export function noteSignIn(tx: Tx, name: string, { account, granted, withdrawnAt }: Partial<SignInFacts>): void {
  if (account !== undefined) tx.run('UPDATE credential SET account = ? WHERE name = ?', [account, name])
  if (granted !== undefined) {
    tx.run('UPDATE credential SET granted = ? WHERE name = ?', [granted && JSON.stringify(granted), name])
  }
  if (withdrawnAt !== undefined) tx.run('UPDATE credential SET withdrawn_at = ? WHERE name = ?', [withdrawnAt, name])
}

/** The credentials whose sign-in was withdrawn. */
export function withdrawnCredentials(tx: Tx): { readonly name: string }[] {
  return tx.all(withdrawnRow, 'SELECT name FROM credential WHERE withdrawn_at IS NOT NULL ORDER BY name')
}

const withdrawnRow = rowOf({ name: text })

/** Changes the hosts to which a credential may go. False when there is no such credential. */
export function setCredentialHosts(tx: Tx, name: string, hosts: readonly string[] | null): boolean {
  return tx.run('UPDATE credential SET hosts = ? WHERE name = ?', [hosts && JSON.stringify(hosts), name]) > 0
}

/** Changes what a person calls a credential. False when there is no such credential. */
export function setCredentialTitle(tx: Tx, name: string, title: string | null): boolean {
  return tx.run('UPDATE credential SET title = ? WHERE name = ?', [title, name]) > 0
}

/** Puts a secret in the place of another, and nothing else. False when that is not there any more. */
export function replaceSealed(tx: Tx, name: string, before: Uint8Array, after: Uint8Array): boolean {
  return tx.run('UPDATE credential SET sealed = ? WHERE name = ? AND sealed = ?', [after, name, before]) > 0
}

/** False when there was none. */
export function deleteCredential(tx: Tx, name: string): boolean {
  return tx.run('DELETE FROM credential WHERE name = ?', [name]) > 0
}
