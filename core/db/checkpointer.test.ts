import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import { promisify } from 'node:util'
import Sqlite from 'better-sqlite3'
import { expect, onTestFinished, test } from 'vitest'
import { createCheckpointer } from './checkpointer.ts'
import { temporaryFolder } from './test-database.ts'

/** Writes some 40 MB, a little at a time, and says how long the log was, and whether it is folded in when asked. */
const WRITES = `
  const { openDatabase } = await import(process.argv[1])
  const { statSync } = await import('node:fs')
  // To wait for the disk is among what is not allowed there.
  const database = openDatabase(process.argv[2], (_log, done) => void setImmediate(done, null))
  const value = JSON.stringify('x'.repeat(400_000))
  let longest = 0
  for (let n = 0; n < 100; n++) {
    await database.write((tx) => tx.run('INSERT INTO setting (key, value) VALUES (?, ?)', ['k' + n, value]))
    longest = Math.max(longest, statSync(database.file + '-wal').size)
  }
  await database.checkpoint()
  const { size } = statSync(database.file)
  await database.close()
  console.log(JSON.stringify({ longest, size }))
`

test('where no thread can be started the log is folded in all the same', async () => {
  // Without the right to start one, as it is where the system has none to spare.
  const allowed = ['--permission', '--allow-fs-read=*', '--allow-fs-write=*', '--allow-addons', '--no-warnings']
  const open = new URL('./open.ts', import.meta.url).href
  const args = [...allowed, '--input-type=module', '-e', WRITES, open, temporaryFolder()]
  const { stdout } = await promisify(execFile)(process.execPath, args)
  const { longest, size } = JSON.parse(stdout)
  expect(longest).toBeLessThan(20_000_000)
  expect(size).toBeGreaterThan(40_000_000)
}, 30_000)

/** What the main thread does to fold the log in. */
const FOLD = 'PRAGMA wal_checkpoint(PASSIVE)'

/** A checkpointer, beside its own clock, of a database whose pages are written one by one. `foldMs`: what the main thread needs to fold. */
function setUp({ foldMs = 5 } = {}) {
  const file = join(temporaryFolder(), 'pages.db')
  const at = { now: 0, folds: 0, deleted: 0 }
  const writer = new Sqlite(file, {
    verbose(sql) {
      if (sql !== FOLD) return
      at.folds++
      at.now += foldMs
    },
  })
  for (const pragma of ['journal_mode = WAL', 'synchronous = NORMAL', 'wal_autocheckpoint = 0']) writer.pragma(pragma)
  writer.exec('CREATE TABLE page (bytes BLOB)')
  const insert = writer.prepare('INSERT INTO page (bytes) SELECT zeroblob(3800) FROM json_each(?)')
  const checkpointer = createCheckpointer({
    file,
    writer,
    deleted: () => at.deleted,
    hold: () => () => undefined,
    now: () => at.now,
  })
  onTestFinished(async () => {
    await checkpointer.close()
    writer.close()
  })
  return {
    at,
    checkpointer,
    write: (pages: number) => insert.run(JSON.stringify(Array.from({ length: pages }, () => 0))),
    async look(): Promise<void> {
      at.now += 1_000
      // After four commits it looks once.
      for (let commit = 0; commit < 4; commit++) checkpointer.look()
      await turn()
    },
    left(): number {
      const [state] = writer.pragma('wal_checkpoint(NOOP)') as { log: number; checkpointed: number }[] // as SQLite says it
      return state === undefined ? -1 : state.log - state.checkpointed
    },
  }
}

test('what is little and lies together is folded in by the main thread, again and again', async () => {
  const { at, write, look, left } = setUp()
  for (let time = 1; time <= 3; time++) {
    write(600)
    await look()
    expect(at.folds).toBe(time - 1)
    write(600)
    await look()
    expect(at.folds).toBe(time)
    expect(left()).toBe(0)
  }
})

test.each([
  ['is much', ({ write }: ReturnType<typeof setUp>) => write(4_000)],
  ['deleted rows', ({ at }: ReturnType<typeof setUp>) => (at.deleted += 1_000)],
  ['is said to lie all over the file', ({ checkpointer }: ReturnType<typeof setUp>) => checkpointer.scatters()],
])('what %s is left to the thread', async (_what, happen) => {
  const set = setUp()
  set.write(600)
  happen(set)
  set.write(600)
  await set.look()
  expect(set.at.folds).toBe(0)
  set.write(4_000)
  await set.look()
  // It waits for the one that is under way.
  await set.checkpointer.run()
  expect(set.at.folds).toBe(0)
  expect(set.left()).toBe(0)
  // After that the main thread does it again.
  set.write(1_200)
  await set.look()
  expect(set.at.folds).toBe(1)
})

test('where the disk is slow the main thread leaves it to the other one, for longer each time', async () => {
  const { at, checkpointer, write, look, left } = setUp({ foldMs: 30 })
  write(1_200)
  await look()
  expect(at.folds).toBe(1)
  write(4_200)
  await look()
  await checkpointer.run()
  expect(at.folds).toBe(1)
  expect(left()).toBe(0)
  for (const [time, restMs] of [5_000, 10_000, 20_000].entries()) {
    write(1_200)
    // Some of it is over: each look takes a second.
    at.now += restMs - 4_000
    await look()
    expect(at.folds).toBe(time + 1)
    at.now += 3_000
    await look()
    expect(at.folds).toBe(time + 2)
  }
})
