import { createHash } from 'node:crypto'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { expect, onTestFinished, test } from 'vitest'
import { z } from 'zod'
import { blobFolder, createBlobStore } from './blobs.ts'
import { lockDataFolder } from './data-lock.ts'
import { DatabaseError } from './database-error.ts'
import { migrate, migrations, schemaVersion } from './migrate.ts'
import type { Migration } from './migration.ts'
import { databaseFile, openDatabase } from './open.ts'
import { restoreDatabase } from './restore.ts'
import { rowOf } from './row.ts'
import { readSetting, writeSetting } from './settings.ts'
import { temporaryDatabase, temporaryFolder } from './test-database.ts'

/** The code of the DatabaseError that `work` throws. */
function codeOf(work: () => unknown): string | undefined {
  try {
    work()
  } catch (error) {
    if (error instanceof DatabaseError) return error.code
    throw error
  }
  return undefined
}

test('the schema is the one that was agreed on', async () => {
  const database = temporaryDatabase()
  const rows: { sql: string | null }[] = await database.reader.raw('SELECT sql FROM sqlite_master ORDER BY name')
  expect(rows.flatMap((row) => row.sql ?? []).join('\n\n')).toMatchSnapshot()
})

test('every table is STRICT, and migrations count up from 1', async () => {
  const database = temporaryDatabase()
  const tables: { name: string; strict: number }[] = await database.reader.raw('PRAGMA table_list')
  const ours = tables.filter((table) => !table.name.startsWith('sqlite_'))
  expect(ours.filter((table) => table.strict === 0)).toEqual([])
  expect(migrations.map((migration) => migration.version)).toEqual(migrations.map((_, index) => index + 1))
})

test('a database that was opened again leaves the waiting for the disk to the commit group, and nothing else', async () => {
  const folder = temporaryFolder()
  await openDatabase(folder).close()
  let syncs = 0
  const again = openDatabase(folder, (wal, done) => {
    syncs++
    wal.sync(done)
  })
  const readPragma = (pragma: string): Promise<unknown> => again.write((tx) => tx.get(rowOf({}), `PRAGMA ${pragma}`))
  expect(await readPragma('synchronous')).toEqual({ synchronous: 1 })
  expect(await readPragma('foreign_keys')).toEqual({ foreign_keys: 1 })
  expect(await readPragma('checkpoint_fullfsync')).toEqual({ checkpoint_fullfsync: 1 })
  expect(syncs).toBe(0)
  await again.write((tx) => writeSetting(tx, 'a', 1))
  expect(syncs).toBe(1)
  await again.close()
})

test('a checkpoint keeps the log that is waited for, and returns what it took to the disk', async () => {
  const database = temporaryDatabase()
  const log = `${database.file}-wal`
  await database.write((tx) => writeSetting(tx, 'a', 1))
  const before = statSync(log).ino
  await database.write((tx) => writeSetting(tx, 'b', 'x'.repeat(8_000_000)))
  expect(statSync(log).size).toBeGreaterThan(8_000_000)
  await database.checkpoint()
  expect(statSync(log)).toMatchObject({ ino: before, size: 0 })
  await database.write((tx) => writeSetting(tx, 'c', 1))
  expect(statSync(log).ino).toBe(before)
})

test('the log stays short while writes go on without a pause', { timeout: 120_000 }, async () => {
  const database = temporaryDatabase()
  const log = `${database.file}-wal`
  let isOver = false
  const written: number[] = []
  const writeOn = async (from: number): Promise<void> => {
    for (let n = from; !isOver; n += 8) {
      await database.write((tx) => writeSetting(tx, `key-${n}`, 'x'.repeat(100_000)))
      written.push(n)
    }
  }
  const writers = Array.from({ length: 8 }, (_, from) => writeOn(from))
  // 100 KB each. A log that is never begun again is as long as all that was written.
  await expect
    .poll(() => (written.length * 100_000) / statSync(log).size, { timeout: 100_000, interval: 20 })
    .toBeGreaterThan(2)
  isOver = true
  await Promise.all(writers)
  const stored = await database.reader('setting').where('key', 'like', 'key-%').count({ count: '*' }).first()
  expect(stored).toEqual({ count: written.length })
})

test('what somebody reads stays in the log, and is folded in after that', async () => {
  const database = temporaryDatabase()
  const log = `${database.file}-wal`
  await database.write((tx) => writeSetting(tx, 'a', 'x'.repeat(100_000)))
  const reading = new Sqlite(database.file, { readonly: true })
  onTestFinished(() => void reading.close())
  reading.exec('BEGIN')
  const read = reading.prepare<[], number>(`SELECT count(*) FROM setting WHERE key LIKE 'key-%'`).pluck()
  expect(read.get()).toBe(0)
  const fill = async (from: number): Promise<void> => {
    for (let n = from; n < from + 60; n++)
      await database.write((tx) => writeSetting(tx, `key-${n}`, 'x'.repeat(100_000)))
  }
  await fill(0)
  const { size } = statSync(log)
  await database.checkpoint()
  expect(read.get()).toBe(0)
  expect(statSync(log).size).toBe(size)
  reading.exec('COMMIT')
  await database.checkpoint()
  await fill(60)
  expect(statSync(log).size).toBeLessThan(size * 1.5)
})

test.skipIf(process.platform === 'win32')('a log that someone deletes stops every write, with the reason', async () => {
  const database = openDatabase(temporaryFolder())
  unlinkSync(`${database.file}-wal`)
  const write = (): Promise<void> => database.write((tx) => writeSetting(tx, 'a', 1))
  await expect(write()).rejects.toThrow(/hookline\.db-wal was deleted/)
  await expect(write()).rejects.toMatchObject({ code: 'not-stored' })
  await expect(database.close()).rejects.toMatchObject({ code: 'not-stored' })
})

test('the reading connection cannot write', async () => {
  const database = temporaryDatabase()
  await expect(database.reader('setting').insert({ key: 'a', value: '1' })).rejects.toThrow(/readonly/)
})

test('a file that is no database is refused, and left as it was', () => {
  const folder = temporaryFolder()
  writeFileSync(databaseFile(folder), 'this is not a database, whatever its name says'.repeat(100))
  const before = readFileSync(databaseFile(folder))
  expect(codeOf(() => openDatabase(folder))).toBe('corrupt')
  expect(readFileSync(databaseFile(folder)).equals(before)).toBe(true)
  expect(readdirSync(folder)).toEqual(['hookline.db'])
})

test('a database with a damaged page is refused, and left as it was', async () => {
  const folder = temporaryFolder()
  const database = openDatabase(folder)
  await database.write((tx) => {
    for (let n = 0; n < 500; n++) writeSetting(tx, `key-${n}`, 'x'.repeat(200))
  })
  await database.close()
  const bytes = readFileSync(databaseFile(folder))
  bytes.fill(0x5a, bytes.length - 20_000, bytes.length - 4_000)
  writeFileSync(databaseFile(folder), bytes)
  expect(codeOf(() => openDatabase(folder))).toBe('corrupt')
  expect(readFileSync(databaseFile(folder)).equals(bytes)).toBe(true)
})

test('a database of a newer Hookline is refused, and left as it was', async () => {
  const folder = temporaryFolder()
  await openDatabase(folder).close()
  const connection = new Sqlite(databaseFile(folder))
  connection.pragma('user_version = 999')
  connection.close()
  expect(codeOf(() => openDatabase(folder))).toBe('newer')
})

test('an upgrade makes a backup first, and a failed one changes nothing', () => {
  const folder = temporaryFolder()
  const connection = new Sqlite(join(folder, 'old.db'))
  const first: Migration = { version: 1, name: 'one', statements: ['CREATE TABLE one (a) '] }
  const second: Migration = { version: 2, name: 'two', statements: ['CREATE TABLE two (a)', 'not SQL at all'] }
  const backups: number[] = []
  migrate(connection, (from) => backups.push(from), [first])
  expect(backups).toEqual([])
  expect(() => migrate(connection, (from) => backups.push(from), [first, second])).toThrow(/syntax error/)
  expect(backups).toEqual([1])
  expect(schemaVersion(connection)).toBe(1)
  expect(connection.prepare(`SELECT name FROM sqlite_master WHERE name = 'two'`).all()).toEqual([])
  connection.close()
})

test('a data folder serves one process at a time, and is free again afterwards', () => {
  const folder = temporaryFolder()
  const unlock = lockDataFolder(folder, () => '')
  expect(codeOf(() => lockDataFolder(folder, () => ' (process 7)'))).toBe('locked')
  unlock()
  lockDataFolder(folder, () => '')()
})

test('large values go with a backup, also into another data folder', async () => {
  const folder = temporaryFolder()
  const database = openDatabase(folder)
  onTestFinished(() => database.close())
  const text = JSON.stringify({ text: 'x'.repeat(700_000) })
  const kept = await createBlobStore(blobFolder(folder)).keep([text], 'json')
  const backup = join(temporaryFolder(), 'backup.db')
  await database.backup({ file: backup })
  const elsewhere = temporaryFolder()
  restoreDatabase(elsewhere, backup, () => '', 1)
  expect((await createBlobStore(blobFolder(elsewhere)).read(kept)).toString('utf8')).toBe(text)
})

test('a backup from elsewhere brings only regular files that are what they are called', async () => {
  const folder = temporaryFolder()
  const database = openDatabase(folder)
  onTestFinished(() => database.close())
  const good = await createBlobStore(blobFolder(folder)).keep(['good'], 'text')
  const backup = join(temporaryFolder(), 'backup.db')
  await database.backup({ file: backup })
  const secret = join(temporaryFolder(), 'secret')
  writeFileSync(secret, 'secret')
  const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex')
  const planted = join(`${backup}.blobs`, hashOf('secret'))
  symlinkSync(secret, planted)
  writeFileSync(join(`${backup}.blobs`, hashOf('other')), 'not what it is called')
  mkdirSync(join(`${backup}.blobs`, hashOf('folder')))
  writeFileSync(join(`${backup}.blobs`, 'notes.txt'), 'no large value')
  chmodSync(join(`${backup}.blobs`, good.$blob), 0o666)
  const elsewhere = temporaryFolder()
  const restored = restoreDatabase(elsewhere, backup, () => '', 1)
  expect(readdirSync(blobFolder(elsewhere))).toEqual([good.$blob])
  expect([...restored.refusedFiles].sort()).toEqual(
    [hashOf('secret'), hashOf('other'), hashOf('folder'), 'notes.txt'].sort(),
  )
  expect(statSync(join(blobFolder(elsewhere), good.$blob)).mode & 0o777).toBe(0o600)
  expect(statSync(databaseFile(elsewhere)).mode & 0o777).toBe(0o600)
})

test('what a crash left half written of a large value is taken away at the next start', async () => {
  const folder = temporaryFolder()
  const kept = await createBlobStore(blobFolder(folder)).keep(['"whole"'], 'json')
  writeFileSync(join(blobFolder(folder), 'half.part'), '"ha')
  await openDatabase(folder).close()
  expect(readdirSync(blobFolder(folder))).toEqual([kept.$blob])
})

test('a backup can be restored, and the database that was there is kept aside', async () => {
  const folder = temporaryFolder()
  const backup = join(temporaryFolder(), 'backup.db')
  const database = openDatabase(folder)
  await database.write((tx) => writeSetting(tx, 'word', 'saved'))
  await database.backup({ file: backup })
  await database.write((tx) => writeSetting(tx, 'word', 'later'))
  await database.close()

  const restored = restoreDatabase(folder, backup, () => '', 42)
  expect(restored.keptAside).toBe(join(folder, 'before-restore-42'))
  expect(existsSync(join(folder, 'before-restore-42', 'hookline.db'))).toBe(true)
  const again = openDatabase(folder)
  expect(await readSetting(again.reader, 'word', z.string())).toBe('saved')
  await again.close()
})

test('a damaged backup is not restored, and nothing is changed', async () => {
  const folder = temporaryFolder()
  const backup = join(temporaryFolder(), 'backup.db')
  writeFileSync(backup, 'garbage '.repeat(1000))
  await openDatabase(folder).close()
  const before = readFileSync(databaseFile(folder))
  expect(codeOf(() => restoreDatabase(folder, backup, () => '', 0))).toBe('corrupt')
  expect(readFileSync(databaseFile(folder)).equals(before)).toBe(true)
  expect(readdirSync(folder).filter((name) => name.includes('restor'))).toEqual([])
})

test('only its owner may read a database, a log of it, or a backup', async () => {
  const folder = temporaryFolder()
  const database = openDatabase(folder)
  await database.write((tx) => writeSetting(tx, 'a', 1))
  await database.backup({ file: join(folder, 'backup.db') })
  const modes = ['hookline.db', 'hookline.db-wal', 'backup.db'].map((name) => statSync(join(folder, name)).mode & 0o077)
  expect(modes).toEqual([0, 0, 0])
  await database.close()
})

test('a backup that cannot be finished leaves nothing behind', async () => {
  const database = temporaryDatabase()
  const target = join(temporaryFolder(), 'no-such-folder', 'backup.db')
  await expect(database.backup({ file: target })).rejects.toThrow()
  expect(existsSync(target)).toBe(false)
})

test('a restore that a crash cut off after the old database was moved aside is taken up', async () => {
  const folder = temporaryFolder()
  const database = openDatabase(folder)
  await database.write((tx) => writeSetting(tx, 'word', 'restored'))
  await database.close()
  renameSync(databaseFile(folder), `${databaseFile(folder)}.restored`)
  const again = openDatabase(folder)
  expect(await readSetting(again.reader, 'word', z.string())).toBe('restored')
  await again.close()
})
