import { existsSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { expect, onTestFinished, test } from 'vitest'
import { databaseFile, openDatabase } from './open.ts'
import { databaseBytes, prepareInThread } from './prepare.ts'

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'hookline-prepare-'))
  onTestFinished(() => rmSync(made, { recursive: true, force: true, maxRetries: 3 }))
  return made
}

test('a database is checked in a thread while this one goes on, and is then opened without another check', async () => {
  const dataDir = folder()
  await openDatabase(dataDir).close()
  const large = new Sqlite(databaseFile(dataDir))
  large.exec('CREATE TABLE filler (text TEXT); INSERT INTO filler VALUES (hex(randomblob(8000000)))')
  large.exec('DROP TABLE filler')
  large.close()
  expect(databaseBytes(dataDir)).toBeGreaterThan(8_000_000)
  let turns = 0
  const turning = setInterval(() => turns++, 1)
  await prepareInThread(dataDir)
  clearInterval(turning)
  expect(turns).toBeGreaterThan(0)
  // Nothing of the thread is left that a second opening would have to wait for.
  expect(existsSync(`${databaseFile(dataDir)}-wal`)).toBe(false)
  await openDatabase(dataDir, undefined, undefined, true).close()
})

test('what is wrong with a database is said as if it had been opened here', async () => {
  const damaged = folder()
  await openDatabase(damaged).close()
  truncateSync(databaseFile(damaged), 8_192)
  await expect(prepareInThread(damaged)).rejects.toMatchObject({ name: 'DatabaseError', code: 'corrupt' })
  const newer = folder()
  await openDatabase(newer).close()
  const connection = new Sqlite(databaseFile(newer))
  connection.pragma('user_version = 9999')
  connection.close()
  await expect(prepareInThread(newer)).rejects.toMatchObject({ code: 'newer' })
  const foreign = folder()
  writeFileSync(databaseFile(foreign), 'no database at all, but long enough to be looked at')
  await expect(prepareInThread(foreign)).rejects.toMatchObject({ code: 'corrupt' })
})
