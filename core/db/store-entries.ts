import type { Tx } from './executor.ts'
import { rowOf, text } from './row.ts'

/** Where a step keeps what it remembers from run to run. */
export type StoreKey = { readonly zapId: string; readonly stepId: string; readonly key: string }

const valueRow = rowOf({ value: text })

/** The value of an entry as JSON text; undefined when there is none or it expired. */
export function getStoreEntry(tx: Tx, { zapId, stepId, key }: StoreKey, now: number): string | undefined {
  return tx.get(
    valueRow,
    'SELECT value FROM store_entry WHERE zap_id = ? AND step_id = ? AND key = ? AND expires_at > ?',
    [zapId, stepId, key, now],
  )?.value
}

export function setStoreEntry(tx: Tx, { zapId, stepId, key }: StoreKey, value: string, expiresAt: number): void {
  tx.run(
    `INSERT INTO store_entry (zap_id, step_id, key, value, expires_at) VALUES (?, ?, ?, ?, ?)
      ON CONFLICT (zap_id, step_id, key) DO UPDATE SET value = excluded.value, expires_at = excluded.expires_at`,
    [zapId, stepId, key, value, expiresAt],
  )
}

/** Forgets up to `limit` expired entries. Returns how many. */
export function deleteExpiredEntries(tx: Tx, now: number, limit: number): number {
  return tx.run(
    `DELETE FROM store_entry WHERE (zap_id, step_id, key) IN
      (SELECT zap_id, step_id, key FROM store_entry WHERE expires_at <= ? LIMIT ?)`,
    [now, limit],
  )
}
