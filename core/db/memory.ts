import type { Knex } from 'knex'
import type { Tx } from './executor.ts'
import { integer, nullable, rowOf, text } from './row.ts'

/** A named value: of a zap or, where `zapId` is empty, of all zaps. */
export type MemoryKey = { readonly zapId: string; readonly key: string }

/** The text of a value, and when it is forgotten, in milliseconds since 1970 UTC; null for never. */
export type MemoryEntry = { readonly value: string; readonly expiresAt: number | null }

const entryRow = rowOf({ value: text, expiresAt: nullable(integer) })
const resultRow = rowOf({ result: text })

/** An entry that has not expired; undefined when there is none. */
export function getMemoryEntry(tx: Tx, { zapId, key }: MemoryKey, now: number): MemoryEntry | undefined {
  return tx.get(
    entryRow,
    `SELECT value, expires_at AS expiresAt FROM memory_entry
      WHERE zap_id = ? AND key = ? AND (expires_at IS NULL OR expires_at > ?)`,
    [zapId, key, now],
  )
}

export function writeMemoryEntry(
  tx: Tx,
  { zapId, key }: MemoryKey,
  { value, expiresAt }: MemoryEntry,
  now: number,
): void {
  tx.run(
    `INSERT INTO memory_entry (zap_id, key, value, changed_at, expires_at) VALUES (?, ?, ?, ?, ?)
      ON CONFLICT (zap_id, key) DO UPDATE SET value = excluded.value, changed_at = excluded.changed_at,
        expires_at = excluded.expires_at`,
    [zapId, key, value, now, expiresAt],
  )
}

/** Forgets an entry. Returns how many there were. */
export function deleteMemoryEntry(tx: Tx, { zapId, key }: MemoryKey): number {
  return tx.run('DELETE FROM memory_entry WHERE zap_id = ? AND key = ?', [zapId, key])
}

const keptRow = rowOf({ key: text, value: text, changedAt: integer, expiresAt: nullable(integer) })

/** Up to `limit` entries of a zap, or with an empty id of all zaps, that have not expired, by name, to be shown. */
export async function findMemoryEntries(
  reader: Knex,
  zapId: string,
  now: number,
  limit: number,
): Promise<ReturnType<typeof keptRow>[]> {
  const rows: unknown[] = await reader('memory_entry')
    .where({ zap_id: zapId })
    .andWhere((kept) => kept.whereNull('expires_at').orWhere('expires_at', '>', now))
    .orderBy('key')
    .limit(limit)
    .select('key', 'value', 'changed_at as changedAt', 'expires_at as expiresAt')
  return rows.map((row) => keptRow(row))
}

/** Forgets all entries of a zap, or with an empty id those of all zaps. Returns how many there were. */
export function deleteMemoryEntries(tx: Tx, zapId: string): number {
  return tx.run('DELETE FROM memory_entry WHERE zap_id = ?', [zapId])
}

/** What a change came to that was made by this step and run already; undefined when it was not. */
export function getMemoryChange(tx: Tx, by: string): string | undefined {
  return tx.get(resultRow, 'SELECT result FROM memory_change WHERE by = ?', [by])?.result
}

export function insertMemoryChange(tx: Tx, by: string, result: string, now: number): void {
  tx.run('INSERT INTO memory_change (by, result, changed_at) VALUES (?, ?, ?)', [by, result, now])
}

/**
 * Forgets up to `limit` entries that expired, and as many changes from before `changedBefore` whose runs are over: no step of theirs is repeated any
 * more. Returns how many of the kind of which there were more.
 */
export function forgetMemory(tx: Tx, now: number, changedBefore: number, limit: number): number {
  const entries = tx.run(
    `DELETE FROM memory_entry WHERE (zap_id, key) IN
      (SELECT zap_id, key FROM memory_entry WHERE expires_at <= ? LIMIT ?)`,
    [now, limit],
  )
  const changes = tx.run(
    `DELETE FROM memory_change WHERE by IN (
      SELECT change.by FROM memory_change AS change
        LEFT JOIN run ON run.id = substr(change.by, 1, instr(change.by, ':') - 1)
        WHERE change.changed_at < ? AND (run.id IS NULL OR run.finished_at IS NOT NULL)
        ORDER BY change.changed_at LIMIT ?)`,
    [changedBefore, limit],
  )
  return Math.max(entries, changes)
}
