import type Sqlite from 'better-sqlite3'
import type { Knex } from 'knex'
import { z } from 'zod'
import type { Tx } from './executor.ts'
import { rowOf, text } from './row.ts'
import { readStored } from './stored-json.ts'

/** The settings that every start reads, and what they hold. */
export const startSettings = {
  pathSecret: z.string(),
  paused: z.boolean(),
  welcomed: z.boolean(),
  allowedFolders: z.array(z.string()),
}

/**
 * Reads the settings that a start needs, of a database of any version.
 *
 * @throws DatabaseError `unreadable` for the first that cannot be read.
 */
export function checkSettings(connection: Sqlite.Database): void {
  const stored = connection.prepare('SELECT value FROM setting WHERE key = ?')
  for (const [key, schema] of Object.entries(startSettings)) {
    const row = stored.get(key)
    if (row !== undefined) readStored<unknown>(schema, valueRow(row).value, settingNamed(key))
  }
}

const settingNamed = (key: string): string => `The setting "${key}"`

/** The value kept under `key`, parsed, or undefined when there is none. */
export async function readSetting<T>(reader: Knex, key: string, schema: z.ZodType<T>): Promise<T | undefined> {
  const row = await reader<{ key: string; value: string }>('setting').where({ key }).first()
  return row === undefined ? undefined : readStored(schema, row.value, settingNamed(key))
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
