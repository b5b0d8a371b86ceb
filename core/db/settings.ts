import type { Knex } from 'knex'
import type { z } from 'zod'
import type { Tx } from './executor.ts'
import { rowOf, text } from './row.ts'

/** The value kept under `key`, parsed, or undefined when there is none. */
export async function readSetting<T>(reader: Knex, key: string, schema: z.ZodType<T>): Promise<T | undefined> {
  const row = await reader<{ key: string; value: string }>('setting').where({ key }).first()
  return row === undefined ? undefined : schema.parse(JSON.parse(row.value))
}

const valueRow = rowOf({ value: text })

/** The JSON text kept under `key`, inside a transaction. */
export function getSetting(tx: Tx, key: string): string | undefined {
  return tx.get(valueRow, 'SELECT value FROM setting WHERE key = ?', [key])?.value
}

/** Keeps a JSON value under `key`, in place of what was there. */
export function writeSetting(tx: Tx, key: string, value: unknown): void {
  tx.run('INSERT INTO setting (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value', [
    key,
    JSON.stringify(value),
  ])
}
