import Sqlite from 'better-sqlite3'
import { expect, onTestFinished, test } from 'vitest'
import { z } from 'zod'
import { sqliteCode } from './database-error.ts'
import type { Tx } from './executor.ts'
import { openDatabase } from './open.ts'
import { rowOf, text } from './row.ts'
import { readSetting, writeSetting } from './settings.ts'
import { temporaryDatabase, temporaryFolder } from './test-database.ts'
import type { WalFile } from './wal-file.ts'

test('operations of one turn of the event loop share one commit', async () => {
  const database = temporaryDatabase()
  const before = database.stats.commits
  await Promise.all(Array.from({ length: 50 }, (_, n) => database.write((tx) => writeSetting(tx, `key-${n}`, n))))
  expect(database.stats.commits - before).toBe(1)
  expect(await readSetting(database.reader, 'key-49', z.int())).toBe(49)
})

test('rows that are deleted are counted', async () => {
  const database = temporaryDatabase()
  await database.write((tx) => ['a', 'b', 'c'].map((key) => writeSetting(tx, key, 1)))
  await database.write((tx) => tx.run(`DELETE FROM setting WHERE key IN ('a', 'b')`))
  await database.write((tx) => tx.run(`DELETE FROM setting WHERE key = 'nowhere'`))
  expect(database.stats.deleted).toBe(2)
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

test('what an undone operation had written is free again, and what stood before and after it is whole', async () => {
  const database = temporaryDatabase()
  const insert = (tx: Tx, subject: string): unknown =>
    tx.get(
      rowOf({ id: text, subject: text }),
      `INSERT INTO incident (id, kind, subject, message, opened_at) VALUES (?, 'test', ?, '', 0) RETURNING id, subject`,
      [subject, subject],
    )
  const results = await Promise.allSettled([
    database.write((tx) => insert(tx, 'first')),
    database.write((tx) => {
      insert(tx, 'taken')
      throw new Error('one')
    }),
    database.write((tx) => insert(tx, 'taken')),
    database.write((tx) => {
      tx.run(`UPDATE incident SET message = 'spoilt'`)
      throw new Error('two')
    }),
    database.write((tx) => {
      if (!tx.has(`SELECT 1 FROM incident WHERE subject = 'last'`)) throw new Error('three')
    }),
    database.write((tx) => tx.run(`UPDATE incident SET message = message || 'once'`)),
  ])
  expect(results.map((result) => (result.status === 'fulfilled' ? result.value : String(result.reason)))).toEqual([
    { id: 'first', subject: 'first' },
    'Error: one',
    { id: 'taken', subject: 'taken' },
    'Error: two',
    'Error: three',
    2,
  ])
  expect(await database.reader('incident').select('subject', 'message').orderBy('subject')).toEqual([
    { subject: 'first', message: 'once' },
    { subject: 'taken', message: 'once' },
  ])
})

/** A disk that has what it was given only when the test says so. */
function slowDisk() {
  const pending: (() => void)[] = []
  const asked = Promise.withResolvers<void>()
  let isSlow = true
  let fault: Error | null = null
  return {
    sync(wal: WalFile, done: (error: Error | null) => void): void {
      const sync = (): void => (fault === null ? wal.sync(done) : done(fault))
      if (isSlow) pending.push(sync)
      else sync()
      asked.resolve()
    },
    /** Resolves when something waits for the disk. */
    asked: asked.promise,
    /** The disk now has what was written, and from now on has it at once; or fails. */
    catchUp(error: Error | null = null): void {
      isSlow = false
      fault = error
      for (const sync of pending.splice(0)) sync()
    },
  }
}

test('a write is answered when the disk has it, and not when it is merely committed', async () => {
  const disk = slowDisk()
  const database = temporaryDatabase(disk.sync)
  let isAnswered = false
  const written = database
    .write((tx) => writeSetting(tx, 'key', 1))
    .then(() => {
      isAnswered = true
    })
  await disk.asked
  expect(await readSetting(database.reader, 'key', z.int())).toBe(1)
  expect(isAnswered).toBe(false)
  disk.catchUp()
  await written
})

test('what is written while the disk is busy waits for it, and then shares one commit', async () => {
  const disk = slowDisk()
  const database = temporaryDatabase(disk.sync)
  const first = database.write((tx) => writeSetting(tx, 'first', 1))
  await disk.asked
  const later = Array.from({ length: 20 }, (_, n) => database.write((tx) => writeSetting(tx, `later-${n}`, n)))
  expect(await readSetting(database.reader, 'later-0', z.int())).toBeUndefined()
  expect(database.stats.commits).toBe(1)
  disk.catchUp()
  await Promise.all([first, ...later])
  expect(database.stats.commits).toBe(2)
})

test('after the disk failed once, nothing is written any more, and everybody hears why', async () => {
  const disk = slowDisk()
  const database = openDatabase(temporaryFolder(), disk.sync)
  const failing = database.write((tx) => writeSetting(tx, 'failing', 1))
  await disk.asked
  const behind = database.write((tx) => writeSetting(tx, 'behind', 1))
  disk.catchUp(new Error('EIO: i/o error, fdatasync'))
  const refused = { code: 'not-stored', message: expect.stringContaining('EIO') }
  await expect(failing).rejects.toMatchObject(refused)
  await expect(behind).rejects.toMatchObject(refused)
  await expect(database.write((tx) => writeSetting(tx, 'later', 1))).rejects.toMatchObject(refused)
  expect(await readSetting(database.reader, 'behind', z.int())).toBeUndefined()
  await expect(database.close()).rejects.toMatchObject(refused)
})

test('closing stores what was written before, and refuses what comes after', async () => {
  const folder = temporaryFolder()
  const database = openDatabase(folder)
  const before = database.write((tx) => writeSetting(tx, 'before', 1))
  const closed = database.close()
  await expect(database.write((tx) => writeSetting(tx, 'after', 1))).rejects.toThrow('the database is closed')
  await before
  await closed
  const again = openDatabase(folder)
  expect(await readSetting(again.reader, 'before', z.int())).toBe(1)
  await again.close()
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

test('while another program locks the database writes wait without stopping the thread, and are stored when that is over', async () => {
  const database = temporaryDatabase()
  const other = new Sqlite(database.file)
  onTestFinished(() => void other.close())
  other.exec('BEGIN IMMEDIATE')
  let turns = 0
  let longest = 0
  let last = performance.now()
  const ticking = setInterval(() => {
    const now = performance.now()
    longest = Math.max(longest, now - last)
    last = now
    turns++
    if (turns === 100) other.exec('ROLLBACK')
  }, 2)
  onTestFinished(() => clearInterval(ticking))
  const early = database.write((tx) => writeSetting(tx, 'early', 1))
  expect(await Promise.race([early.then(() => 'stored'), database.reader('setting').count({ n: '*' })])).toEqual([
    { n: 0 },
  ])
  await Promise.all([early, database.write((tx) => writeSetting(tx, 'late', 1))])
  expect(turns).toBeGreaterThanOrEqual(100)
  // SQLite's own patience is 5,000 ms in one piece.
  expect(longest).toBeLessThan(1_000)
  expect(await database.reader('setting').select('key').orderBy('key')).toEqual([{ key: 'early' }, { key: 'late' }])
})

test('a write that meets a lock which does not go away is refused, in the end, with the reason', async () => {
  const database = temporaryDatabase()
  const other = new Sqlite(database.file)
  other.exec('BEGIN IMMEDIATE')
  const refused = await database.write((tx) => writeSetting(tx, 'key', 1)).catch((error: unknown) => error)
  expect(sqliteCode(refused)).toBe('SQLITE_BUSY')
  other.exec('ROLLBACK')
  other.close()
  await database.write((tx) => writeSetting(tx, 'key', 2))
  expect(await readSetting(database.reader, 'key', z.int())).toBe(2)
}, 20_000)
