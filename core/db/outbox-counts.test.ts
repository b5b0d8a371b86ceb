import Sqlite from 'better-sqlite3'
import { expect, test } from 'vitest'
import { countDelivered } from './outbox-counts.ts'
import { temporaryDatabase } from './test-database.ts'

test('messages that ended well are counted over all parts of the table, whatever lies between their numbers', async () => {
  const database = temporaryDatabase()
  expect(await countDelivered(database.reader)).toBe(0)
  const other = new Sqlite(database.file)
  other.pragma('foreign_keys = OFF')
  const insert = other.prepare(
    `INSERT INTO outbox_message (id, kind, state, zap_id, version, event_id, run_id, available_at, created_at, settled_at)
      VALUES (?, 'start-run', ?, 'zap_1', 1, 'evt_1', 'run_1', 0, 0, 0)`,
  )
  for (const id of [5, 10_004, 10_005, 29_999, 40_005, 40_006]) insert.run(id, 'delivered')
  insert.run(20_000, 'cancelled')
  other.close()
  expect(await countDelivered(database.reader)).toBe(6)
})
