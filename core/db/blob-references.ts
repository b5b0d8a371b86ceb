import type { Knex } from 'knex'

/** Columns that may hold references to large values, of tables that are small, or whose rows can vanish at any time: they are read in one go. */
const SMALL: readonly { table: string; columns: readonly string[] }[] = [
  { table: 'zap', columns: ['draft'] },
  { table: 'zap_version', columns: ['definition'] },
  { table: 'pinned_sample', columns: ['data'] },
  { table: 'store_entry', columns: ['value'] },
  { table: 'approval', columns: ['data', 'form'] },
  { table: 'memory_entry', columns: ['value'] },
  { table: 'memory_change', columns: ['result'] },
  // Few rows of a table refer to large values, and those have an index of their own.
  { table: 'data_row', columns: ['cells'] },
]

/** The same of tables that grow with the history. Their rows are only deleted with it, and new ones come at the end. */
const LARGE: typeof SMALL = [
  { table: 'trigger_event', columns: ['data'] },
  { table: 'step_run', columns: ['input', 'output', 'wait_data', 'answer'] },
]

/** Every column that may hold references, as `table.column`. */
export const REFERRING_COLUMNS: readonly string[] = [...SMALL, ...LARGE].flatMap(({ table, columns }) =>
  columns.map((column) => `${table}.${column}`),
)

/** Rows that are looked through at once. */
const SLICE = 200

/** Whatever looks like a hash counts, also inside of a text or a key. */
const HASHES = /[0-9a-f]{64}/g

/**
 * Takes the hashes of values that a row refers to out of `hashes`. It reads the whole database, slice by slice, and calls `rest` after
 * each; nothing of the history may be deleted meanwhile. False when `rest` ended it. What is left in `hashes` afterwards nobody referred to
 * when it began, and only who keeps such a value anew can refer to it since: a reference is otherwise copied from another one.
 */
export async function findReferences(
  reader: Knex,
  hashes: Set<string>,
  rest: () => Promise<boolean>,
): Promise<boolean> {
  const take = (rows: readonly Readonly<Record<string, string | null>>[]): void => {
    for (const row of rows) {
      for (const text of Object.values(row)) {
        for (const hash of String(text).match(HASHES) ?? []) hashes.delete(hash)
      }
    }
  }
  if (hashes.size === 0) return true
  // As of one moment, and before all else: what stands here can be copied into the history, and then vanish.
  await reader.transaction(async (tx) => {
    for (const { table, columns } of SMALL) take(await tx(table).select(columns).whereRaw(anyHas(columns)))
  })
  for (const { table, columns } of LARGE) {
    for (let after = 0; hashes.size > 0; ) {
      const [page]: { last: number | null }[] = await reader.raw(
        `SELECT max(rowid) AS last FROM (SELECT rowid FROM ${table} WHERE rowid > ? ORDER BY rowid LIMIT ${SLICE})`,
        [after],
      )
      const last = page?.last ?? null
      if (last === null) break
      take(
        await reader(table)
          .select(columns)
          .whereRaw(`rowid > ? AND rowid <= ? AND ${anyHas(columns)}`, [after, last]),
      )
      after = last
      if (!(await rest())) return false
    }
  }
  return true
}

const anyHas = (columns: readonly string[]): string =>
  `(${columns.map((column) => `instr(${column}, '$blob') > 0`).join(' OR ')})`
