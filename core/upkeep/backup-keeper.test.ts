import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { expect, onTestFinished, test, vi } from 'vitest'
import { z } from 'zod'
import { getBackupFailure } from '../db/backup-failures.ts'
import { blobFolder, createBlobStore } from '../db/blobs.ts'
import { databaseFile, openDatabase } from '../db/open.ts'
import { restoreDatabase } from '../db/restore.ts'
import { readSetting, writeSetting } from '../db/settings.ts'
import { temporaryFolder } from '../db/test-database.ts'
import { manualClock } from '../domain/time/clock.ts'
import { createSignals } from '../signals.ts'
import { createBackupFiles } from './backup-files.ts'
import { type BackupKeeper, createBackupKeeper } from './backup-keeper.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const START = Date.parse('2026-11-27T08:00:00.000Z')

/** A keeper on a real database and folder, at a time that the test sets. */
async function setUp(given: { dataDir?: string; clock?: ReturnType<typeof manualClock>; mark?: number } = {}) {
  const { dataDir = temporaryFolder(), clock = manualClock(START), mark = -559_038_737 } = given
  const database = openDatabase(dataDir)
  onTestFinished(() => database.close().catch(() => undefined))
  const log = { info: vi.fn(), warn: vi.fn(), error: vi.fn() }
  const changed = vi.fn()
  const signals = createSignals(log)
  signals.on('backups:changed', changed)
  const keeper = await createBackupKeeper({ dataDir, database, clock, log, mark, signals })
  onTestFinished(() => keeper.stop())
  return { dataDir, database, clock, keeper, log, signals, changed, folder: join(dataDir, 'backups') }
}

/** Lets time pass until a backup is due, and makes it. */
async function nextDay(keeper: BackupKeeper, clock: ReturnType<typeof manualClock>): Promise<void> {
  clock.advance(DAY_MS)
  expect(await keeper.runOnce()).toBe(true)
}

const databases = (folder: string): string[] => readdirSync(folder).filter((name) => name.endsWith('.db'))

test('one backup a day is made by itself, the first when what waited to run had its turn', async () => {
  const { keeper, clock, folder } = await setUp()
  expect(await keeper.runOnce()).toBe(false)
  clock.advance(60_000)
  expect(await keeper.runOnce()).toBe(false)
  clock.advance(60_000)
  expect(await keeper.runOnce()).toBe(true)
  expect(databases(folder)).toHaveLength(1)
  clock.advance(DAY_MS - 1)
  expect(await keeper.runOnce()).toBe(false)
  clock.advance(1)
  expect(await keeper.runOnce()).toBe(true)
  expect((await keeper.state()).files.map(({ at }) => at - START)).toEqual([DAY_MS + 120_000, 120_000])
})

test('its own timer makes it, also when the computer slept through the time', async () => {
  const { keeper, clock, signals, changed } = await setUp()
  const made = Promise.withResolvers<void>()
  changed.mockImplementation(async () => {
    if ((await keeper.state()).files.length > 0) made.resolve()
  })
  keeper.start()
  signals.emit('clock:jumped')
  // What is due is only known once the folder was read.
  await expect
    .poll(() => {
      clock.advance(30_000)
      return changed.mock.calls.length
    })
    .toBeGreaterThan(0)
  await made.promise
})

test('a restart goes by the backups that are there', async () => {
  const { dataDir, database, clock, keeper, folder } = await setUp()
  await nextDay(keeper, clock)
  await keeper.stop()
  await database.close()
  clock.advance(HOUR_MS)
  const again = await setUp({ dataDir, clock })
  clock.advance(HOUR_MS)
  expect(await again.keeper.runOnce()).toBe(false)
  clock.advance(22 * HOUR_MS)
  expect(await again.keeper.runOnce()).toBe(true)
  expect(databases(folder)).toHaveLength(2)
})

test('the newest ones stay, older ones go, and nothing that is not ours is touched', async () => {
  const { keeper, clock, folder } = await setUp()
  mkdirSync(folder)
  const others = {
    'hookline-2026-01-01T00-00-00-000Z-deadbeef.db': 'named like ours, but something else',
    'hookline-2026-01-01T00-00-00-000Z-00000001.db': 'of another installation',
    'hookline-2026-01-01T00-00-00-000Z-00000001.db.part': 'another one is at work on it',
    'before-upgrade-from-1-7.db': 'made before an upgrade',
    'notes.txt': 'of a person',
  }
  for (const [name, content] of Object.entries(others)) writeFileSync(join(folder, name), content)
  await keeper.configure({ enabled: true, folder: null, keep: 2 })
  for (let day = 0; day < 4; day++) await nextDay(keeper, clock)
  const { files } = await keeper.state()
  expect(files.map(({ at }) => (at - START) / DAY_MS)).toEqual([4, 3])
  expect(readdirSync(folder).sort()).toEqual(
    [...Object.keys(others), ...files.map(({ file }) => basename(file))].sort(),
  )
  // Those that were made before the clock was set back neither keep one from being made, nor push out the new one.
  clock.advance(-10 * DAY_MS)
  const made = await keeper.backUpNow()
  expect((await keeper.state()).files.map(({ file }) => file)).toContain(made.file)
})

test('a backup says whose it is, needs no file beside it, and brings everything back', async () => {
  const { dataDir, database, keeper } = await setUp()
  const text = JSON.stringify({ text: randomBytes(300_000).toString('hex') })
  const blobs = createBlobStore(blobFolder(dataDir))
  const kept = await blobs.keep([text], 'json')
  await database.write((tx) => writeSetting(tx, 'word', 'saved'))
  const made = await keeper.backUpNow()
  const copy = new Sqlite(made.file, { readonly: true })
  expect(copy.pragma('application_id', { simple: true })).toBe(-559_038_737)
  expect(copy.pragma('journal_mode', { simple: true })).toBe('delete')
  copy.close()
  expect(made.bytes).toBe(statSync(made.file).size + kept.bytes)

  const elsewhere = temporaryFolder()
  restoreDatabase(elsewhere, made.file, () => '', 1)
  const restored = openDatabase(elsewhere)
  expect(await readSetting(restored.reader, 'word', z.string())).toBe('saved')
  await restored.close()
  expect((await createBlobStore(blobFolder(elsewhere)).read(kept)).toString('utf8')).toBe(text)
})

test('backups hold a large value once between them, each has it whole, and none shares it with the data folder', async () => {
  const { dataDir, keeper, clock, folder } = await setUp()
  const blobs = createBlobStore(blobFolder(dataDir))
  const first = await blobs.keep(['"first"'], 'json')
  await nextDay(keeper, clock)
  const second = await blobs.keep(['"second"'], 'json')
  await keeper.configure({ enabled: true, folder: null, keep: 1 })
  await nextDay(keeper, clock)
  const [{ file } = { file: '' }] = (await keeper.state()).files
  expect(readdirSync(`${file}.blobs`).sort()).toEqual([first.$blob, second.$blob].sort())
  // The older backup is gone, so what they shared has one name left.
  expect(statSync(join(`${file}.blobs`, first.$blob)).nlink).toBe(1)
  expect(statSync(blobs.pathOf(first)).nlink).toBe(1)
  await keeper.configure({ enabled: true, folder: null, keep: 2 })
  await nextDay(keeper, clock)
  expect(statSync(join(`${file}.blobs`, first.$blob)).nlink).toBe(2)
  expect(readdirSync(folder)).toHaveLength(4)
})

test('what a crash left of a backup goes before the next one', async () => {
  const { keeper, folder } = await setUp()
  mkdirSync(folder)
  const killed = join(folder, 'hookline-2026-01-01T00-00-00-000Z-deadbeef.db')
  for (const rest of ['.part', '.part-journal', '.part-wal', '.part-shm']) writeFileSync(killed + rest, 'half')
  for (const rest of ['.blobs', '.blobs.part']) mkdirSync(killed + rest)
  const made = await keeper.backUpNow()
  expect(readdirSync(folder)).toEqual([basename(made.file)])
})

test('a folder that is gone is said, is not made again, and is forgotten with the next good backup', async () => {
  const { database, keeper, clock, log } = await setUp()
  const disk = temporaryFolder()
  const folder = join(disk, 'backups')
  mkdirSync(folder)
  await keeper.configure({ enabled: true, folder, keep: 7 })
  await nextDay(keeper, clock)
  rmSync(folder, { recursive: true })
  clock.advance(DAY_MS)
  expect(await keeper.runOnce()).toBe(false)
  expect(await database.write(getBackupFailure)).toEqual({
    at: clock.now(),
    message: { code: 'absent', folder },
  })
  expect(existsSync(folder)).toBe(false)
  expect(log.warn).toHaveBeenCalled()
  expect((await keeper.state()).unreadable).toBe(`The folder ${folder} is gone.`)
  await expect(keeper.backUpNow()).rejects.toThrow(`There is no folder ${folder}`)

  mkdirSync(folder)
  clock.advance(HOUR_MS - 1)
  expect(await keeper.runOnce()).toBe(false)
  clock.advance(1)
  expect(await keeper.runOnce()).toBe(true)
  expect(await database.write(getBackupFailure)).toBeNull()
})

test('switched off, none is made by itself, and a failure from before is over', async () => {
  const { database, keeper, clock } = await setUp()
  const folder = temporaryFolder()
  await keeper.configure({ enabled: true, folder, keep: 7 })
  rmSync(folder, { recursive: true })
  clock.advance(DAY_MS)
  expect(await keeper.runOnce()).toBe(false)
  expect(await database.write(getBackupFailure)).not.toBeNull()
  await keeper.configure({ enabled: false, folder, keep: 7 })
  expect(await database.write(getBackupFailure)).toBeNull()
  clock.advance(DAY_MS)
  expect(await keeper.runOnce()).toBe(false)
  expect((await keeper.state()).nextAt).toBeNull()
})

test('a stop breaks a backup off, which leaves nothing and is no failure', async () => {
  const { database, keeper, folder } = await setUp()
  const value = 'x'.repeat(1_000_000)
  for (let n = 0; n < 40; n++) await database.write((tx) => writeSetting(tx, `n${n}`, value))
  const made = keeper.backUpNow()
  const refused = expect(made).rejects.toThrow('Hookline was stopped before the backup was whole.')
  await expect.poll(() => existsSync(folder) && readdirSync(folder).length > 0).toBe(true)
  await keeper.stop()
  await refused
  expect(readdirSync(folder)).toEqual([])
  expect(await database.write(getBackupFailure)).toBeNull()
})

test('a damaged database is not taken for a backup, and the older backup stays', async () => {
  const { dataDir, database, keeper, clock } = await setUp()
  await keeper.configure({ enabled: true, folder: null, keep: 1 })
  const value = 'x'.repeat(1_000_000)
  for (let n = 0; n < 10; n++) await database.write((tx) => writeSetting(tx, `n${n}`, value))
  await nextDay(keeper, clock)
  const before = (await keeper.state()).files
  // What the log still has would be put over the damage.
  await database.checkpoint()
  const file = openSync(databaseFile(dataDir), 'r+')
  writeSync(file, Buffer.alloc(400_000, 0x5a), 0, 400_000, 2_000_000)
  // The lock of the database on its own file goes with this handle; nobody else wants it here.
  closeSync(file)
  clock.advance(DAY_MS)
  expect(await keeper.runOnce()).toBe(false)
  expect((await database.write(getBackupFailure))?.message).toEqual({ code: 'damaged' })
  expect((await keeper.state()).files).toEqual(before)
  expect(readdirSync(join(dataDir, 'backups'))).toEqual(before.map((one) => basename(one.file)))
})

test('writes go on while a backup is made, and are not in it', async () => {
  const { database, keeper } = await setUp()
  const value = 'x'.repeat(1_000_000)
  for (let n = 0; n < 40; n++) await database.write((tx) => writeSetting(tx, `n${n}`, value))
  const made = keeper.backUpNow()
  let isOver = false
  void made.finally(() => {
    isOver = true
  })
  let writes = 0
  while (!isOver) await database.write((tx) => writeSetting(tx, 'count', ++writes))
  const { file } = await made
  expect(writes).toBeGreaterThan(1)
  const copy = new Sqlite(file, { readonly: true })
  const counted = copy.prepare(`SELECT value FROM setting WHERE key = 'count'`).get()
  copy.close()
  expect(Number(z.object({ value: z.string() }).optional().parse(counted)?.value ?? 0)).toBeLessThan(writes)
  expect(dirname(file)).toContain('backups')
})

test.skipIf(process.platform === 'win32')(
  'a pipe with the name of a backup is none, and holds nothing up',
  async () => {
    const { keeper, clock, folder, dataDir } = await setUp()
    await nextDay(keeper, clock)
    const [made = ''] = databases(folder)
    const pipe = made.replace(/2026-11-\d\d/, '2026-11-01')
    expect(pipe).not.toBe(made)
    execFileSync('mkfifo', [join(folder, pipe)])
    expect((await createBackupFiles(-559_038_737).list(folder)).map(({ file }) => basename(file))).toEqual([made])
    expect(() => restoreDatabase(dataDir, join(folder, pipe), () => '', START)).toThrow(/is no regular file/)
  },
)
