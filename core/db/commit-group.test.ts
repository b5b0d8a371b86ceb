import { expect, test } from 'vitest'
import { z } from 'zod'
import { readSetting, writeSetting } from './settings.ts'
import { temporaryDatabase } from './test-database.ts'

test('operations of one turn of the event loop share one commit', async () => {
  const database = temporaryDatabase()
  const before = database.stats.commits
  await Promise.all(Array.from({ length: 50 }, (_, n) => database.write((tx) => writeSetting(tx, `key-${n}`, n))))
  expect(database.stats.commits - before).toBe(1)
  expect(await readSetting(database.reader, 'key-49', z.int())).toBe(49)
})

test('an operation that throws is undone alone, and its neighbours are stored', async () => {
  const database = temporaryDatabase()
  const results = await Promise.allSettled([
    database.write((tx) => writeSetting(tx, 'before', 1)),
    database.write((tx) => {
      writeSetting(tx, 'half', 1)
      throw new Error('in the middle')
    }),
    database.write((tx) => writeSetting(tx, 'after', 1)),
  ])
  expect(results.map((result) => result.status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  expect(await database.reader('setting').select('key').orderBy('key')).toEqual([{ key: 'after' }, { key: 'before' }])
})

test('a result arrives only after its commit can be read on another connection', async () => {
  const database = temporaryDatabase()
  const value = await database.write((tx) => {
    writeSetting(tx, 'seen', true)
    return 'result'
  })
  expect(value).toBe('result')
  expect(await readSetting(database.reader, 'seen', z.boolean())).toBe(true)
})

test('a burst is split, so that no commit holds more than 512 operations', async () => {
  const database = temporaryDatabase()
  const before = database.stats.commits
  await Promise.all(Array.from({ length: 1_200 }, (_, n) => database.write((tx) => writeSetting(tx, `k${n}`, n))))
  expect(database.stats.commits - before).toBe(3)
})

test('a constraint of the database refuses a state that its machine does not have', async () => {
  const database = temporaryDatabase()
  await expect(
    database.write((tx) => {
      tx.run(
        `INSERT INTO zap (id, name, draft, draft_revision, created_at, updated_at) VALUES ('z', 'z', '{}', 1, 0, 0)`,
      )
      tx.run(
        `INSERT INTO trigger_event (id, zap_id, trigger_step_id, data, received_at) VALUES ('e', 'z', 'hook', '{}', 0)`,
      )
      tx.run(`INSERT INTO run (id, zap_id, version, event_id, state, started_at) VALUES ('r', 'z', 1, 'e', 'lost', 0)`)
    }),
  ).rejects.toThrow(/CHECK constraint failed/)
})
