import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import Sqlite from 'better-sqlite3'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { blobFolder, createBlobStore } from './blobs.ts'
import { databaseFile, openDatabase } from './open.ts'
import { inspectDatabase, restoreDatabase } from './restore.ts'
import { readSetting, writeSetting } from './settings.ts'
import { temporaryFolder } from './test-database.ts'

/** A data folder whose setting `word` says "later", and a backup, with a large value, in which it says "saved". */
async function folderAndBackup(): Promise<{ folder: string; backup: string }> {
  const folder = temporaryFolder()
  const backup = join(temporaryFolder(), 'backup.db')
  const database = openDatabase(folder)
  await createBlobStore(blobFolder(folder)).keep([JSON.stringify('x'.repeat(700_000))], 'json')
  await database.write((tx) => writeSetting(tx, 'word', 'saved'))
  await database.backup({ file: backup })
  await database.write((tx) => writeSetting(tx, 'word', 'later'))
  await database.close()
  return { folder, backup }
}

async function wordOf(folder: string): Promise<string | undefined> {
  const database = openDatabase(folder)
  try {
    return await readSetting(database.reader, 'word', z.string())
  } finally {
    await database.close()
  }
}

function change(file: string, sql: string): void {
  const connection = new Sqlite(file)
  connection.unsafeMode(true)
  connection.exec(sql)
  connection.close()
}

const traces = (folder: string): string[] => readdirSync(folder).filter((name) => name.includes('restor'))

test('a restore that cannot write the large values leaves the database where it is', async () => {
  const { folder, backup } = await folderAndBackup()
  rmSync(blobFolder(folder), { recursive: true })
  writeFileSync(blobFolder(folder), 'in the way')
  expect(() => restoreDatabase(folder, backup, () => '', 7)).toThrow(
    /was not restored, and the database is as it was.*blobs/,
  )
  expect(traces(folder)).toEqual([])
  rmSync(blobFolder(folder))
  expect(await wordOf(folder)).toBe('later')
})

test('a restore that cannot set the old database aside leaves it where it is', async () => {
  const { folder, backup } = await folderAndBackup()
  const before = readFileSync(databaseFile(folder))
  mkdirSync(join(folder, 'before-restore-7'))
  expect(() => restoreDatabase(folder, backup, () => '', 7)).toThrow(/the database is as it was/)
  expect(readFileSync(databaseFile(folder)).equals(before)).toBe(true)
  expect(traces(folder)).toEqual(['before-restore-7'])
  expect(await wordOf(folder)).toBe('later')
})

test('a folder whose database lies aside is not begun anew, and says where it is', async () => {
  const { folder, backup } = await folderAndBackup()
  restoreDatabase(folder, backup, () => '', 7)
  rmSync(databaseFile(folder))
  expect(() => openDatabase(folder)).toThrow(/There is no database .*before-restore-7.*hookline restore/)
  expect(inspectDatabase(folder).problem).toMatch(/before-restore-7/)
  expect(existsSync(databaseFile(folder))).toBe(false)
  restoreDatabase(folder, join(folder, 'before-restore-7', 'hookline.db'), () => '', 8)
  expect(await wordOf(folder)).toBe('later')
})

test('the log of an old database never becomes that of the restored one', async () => {
  const { folder, backup } = await folderAndBackup()
  // As a crash leaves it between the move of the database and that of its log.
  const aside = join(folder, 'before-restore-7')
  mkdirSync(aside)
  writeFileSync(join(aside, 'hookline.db'), readFileSync(databaseFile(folder)))
  rmSync(databaseFile(folder))
  writeFileSync(`${databaseFile(folder)}-wal`, 'the log of before')
  writeFileSync(`${databaseFile(folder)}.restored`, readFileSync(backup))
  expect(await wordOf(folder)).toBe('saved')
  expect(readFileSync(join(aside, 'hookline.db-wal'), 'utf8')).toBe('the log of before')
})

test.each([
  ['empty', 0],
  ['cut off', 5_000],
])('a copy that a crash left %s never becomes the database', async (_what, bytes) => {
  const { folder, backup } = await folderAndBackup()
  const half = `${databaseFile(folder)}.restoring`
  writeFileSync(half, readFileSync(backup).subarray(0, bytes))
  expect(await wordOf(folder)).toBe('later')
  expect(existsSync(half)).toBe(false)
  const empty = temporaryFolder()
  writeFileSync(`${databaseFile(empty)}.restoring`, readFileSync(backup).subarray(0, bytes))
  expect(await wordOf(empty)).toBeUndefined()
  expect(existsSync(`${databaseFile(empty)}.restoring`)).toBe(false)
  writeFileSync(half, readFileSync(backup).subarray(0, bytes))
  rmSync(databaseFile(folder))
  restoreDatabase(folder, backup, () => '', 7)
  expect(await wordOf(folder)).toBe('saved')
})

const FOREIGN = [
  ['a trigger', 'CREATE TRIGGER copier AFTER INSERT ON zap BEGIN UPDATE zap SET enabled = 1; END', /trigger "copier"/],
  ['a view', 'CREATE VIEW evil AS SELECT 1', /view "evil"/],
  ['a view in the place of a table', 'DROP TABLE setting; CREATE VIEW setting AS SELECT 1 AS key', /view "setting"/],
  ['a virtual table', 'CREATE VIRTUAL TABLE words USING fts5(a)', /virtual table "words"/],
  [
    'a trigger that is called a table',
    `CREATE TRIGGER hidden AFTER INSERT ON zap BEGIN UPDATE zap SET enabled = 1; END;
     PRAGMA writable_schema = ON; UPDATE sqlite_master SET type = 'table' WHERE name = 'hidden'`,
    /is damaged/,
  ],
] as const

const CHANGED = [
  ['a table of its own', 'CREATE TABLE extra (a TEXT) STRICT', /table "extra"/],
  ['an index that refuses rows', 'CREATE UNIQUE INDEX one ON zap (enabled)', /index "one"/],
  ['a column more', `ALTER TABLE zap ADD COLUMN more TEXT DEFAULT 'a'`, /another table "zap"/],
  ['a table less', 'DROP TABLE setting', /no table "setting"/],
] as const

test.each([...FOREIGN, ...CHANGED])('a backup with %s is refused by name', async (_what, sql, message) => {
  const { folder, backup } = await folderAndBackup()
  change(backup, sql)
  expect(() => restoreDatabase(folder, backup, () => '', 7)).toThrow(message)
  expect(traces(folder)).toEqual([])
  expect(await wordOf(folder)).toBe('later')
})

test.each(FOREIGN)('a database with %s is not opened', async (_what, sql, message) => {
  const { folder } = await folderAndBackup()
  change(databaseFile(folder), sql)
  expect(() => openDatabase(folder)).toThrow(message)
})

test('a backup of an older Hookline, with statistics of SQLite in it, is restored', async () => {
  const backup = join(temporaryFolder(), 'old.db')
  writeFileSync(backup, gunzipSync(readFileSync(new URL('fixtures/version-9/hookline.db.gz', import.meta.url))))
  change(backup, 'ANALYZE')
  const folder = temporaryFolder()
  restoreDatabase(folder, backup, () => '', 7)
  expect(await wordOf(folder)).toBeUndefined()
})

test.skipIf(process.platform === 'win32')('a read-only backup can be restored by an ordinary user', async () => {
  const { folder, backup } = await folderAndBackup()
  chmodSync(backup, 0o444)
  // Root may write to everything, so that it has to become another user to see this.
  const user = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {}
  if (user.uid !== undefined) {
    for (const path of [folder, join(backup, '..'), blobFolder(folder), databaseFile(folder)]) {
      chownSync(path, user.uid, user.gid)
    }
    chmodSync(`${backup}.blobs`, 0o755)
    for (const name of readdirSync(`${backup}.blobs`)) chmodSync(join(`${backup}.blobs`, name), 0o444)
    for (const name of readdirSync(folder)) chownSync(join(folder, name), user.uid, user.gid)
  }
  const script = `const { restoreDatabase } = await import(${JSON.stringify(new URL('restore.ts', import.meta.url).href)})
    restoreDatabase(${JSON.stringify(folder)}, ${JSON.stringify(backup)}, () => '', 7)`
  const child = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    ...user,
    cwd: fileURLToPath(new URL('.', import.meta.url)),
    encoding: 'utf8',
  })
  expect({ status: child.status, stderr: child.stderr }).toEqual({ status: 0, stderr: '' })
  expect(statSync(databaseFile(folder)).mode & 0o777).toBe(0o600)
  expect(await wordOf(folder)).toBe('saved')
})
