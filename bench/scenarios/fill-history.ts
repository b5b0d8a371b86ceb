import Sqlite from 'better-sqlite3'

/** Tables that a run leaves rows in, in the order in which they refer to each other, with the columns that name the run. */
const TABLES: readonly { name: string; ids: readonly string[] }[] = [
  { name: 'trigger_event', ids: ['id'] },
  { name: 'webhook_request', ids: ['event_id'] },
  { name: 'run', ids: ['id', 'event_id'] },
  { name: 'outbox_message', ids: ['event_id', 'run_id'] },
  { name: 'step_run', ids: ['run_id'] },
]

/**
 * Fills the history of a database that no host has open: what its newest run left in each table is copied under older ids, until
 * there are `total` runs. The copies are spread over the time before that run, one a second; one in a hundred has failed.
 */
export function fillHistory(file: string, total: number): void {
  const database = new Sqlite(file)
  try {
    database.pragma('synchronous = OFF')
    database.pragma('foreign_keys = OFF')
    const stored = Number(database.prepare('SELECT count(*) FROM run').pluck().get())
    const newest = String(database.prepare('SELECT id FROM run ORDER BY id DESC LIMIT 1').pluck().get()).slice(4)
    database.transaction(() => {
      for (const { name, ids } of TABLES) {
        const columns = database
          .prepare<[string], { name: string; isKey: number }>('SELECT name, pk = 1 AS isKey FROM pragma_table_info(?)')
          .all(name)
          .filter((column) => ids.includes(column.name) || column.isKey === 0 || column.name !== 'id')
        const values = columns.map((column) => {
          // Lower than any id of today, and in order of time as those are.
          if (ids.includes(column.name)) return `substr(${column.name}, 1, 4) || '00' || printf('%024d', n)`
          if (name === 'run' && column.name === 'state') return `CASE n % 100 WHEN 0 THEN 'failed' ELSE state END`
          if (/_at$/.test(column.name)) return `${column.name} - (${total} - n) * 1000`
          return column.name
        })
        const owner = ids.at(-1)
        database
          .prepare(
            `INSERT INTO ${name} (${columns.map((column) => column.name).join(', ')})
              WITH RECURSIVE copy (n) AS (SELECT ${stored} UNION ALL SELECT n + 1 FROM copy WHERE n + 1 < ${total})
              SELECT ${values.join(', ')} FROM copy, (SELECT * FROM ${name} WHERE substr(${owner}, 5) = ?)`,
          )
          .run(newest)
      }
    })()
    database.pragma('wal_checkpoint(TRUNCATE)')
  } finally {
    database.close()
  }
}
