import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
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
