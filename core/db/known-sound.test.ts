import { appendFileSync, copyFileSync, existsSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { DatabaseError } from './database-error.ts'
import { forgetSound, knownSoundSince, noteSound } from './known-sound.ts'
import { databaseFile, isKnownSound, openDatabase } from './open.ts'
import { writeSetting } from './settings.ts'
import { temporaryFolder } from './test-database.ts'

const DAY_MS = 86_400_000
const FORMAT = 7
const CHECKED_AT = Date.UTC(2026, 11, 1)

/** The database of a Hookline that ended as it should. */
async function ended(): Promise<{ readonly folder: string; readonly file: string }> {
  const folder = temporaryFolder()
  const database = openDatabase(folder)
  await database.write((tx) => {
    for (let n = 0; n < 500; n++) writeSetting(tx, `key-${n}`, 'x'.repeat(200))
  })
  await database.close()
  return { folder, file: databaseFile(folder) }
}

/** Writes over some of its pages. */
function spoil(file: string): void {
  const bytes = readFileSync(file)
  bytes.fill(0x5a, bytes.length - 20_000, bytes.length - 4_000)
  writeFileSync(file, bytes)
}

/** Puts a copy in its place. */
function replace(file: string): void {
  copyFileSync(file, `${file}-copy`)
  renameSync(`${file}-copy`, file)
}

test('what was closed as it should be is not read from end to end by the next start', async () => {
  const { folder, file } = await ended()
  expect(isKnownSound(folder)).toBe(true)
  spoil(file)
  // As if that had left no trace in what the system says of the file: only reading would show it.
  const mark = JSON.parse(readFileSync(`${file}-sound`, 'utf8'))
  const { mtimeNs } = statSync(file, { bigint: true })
  writeFileSync(`${file}-sound`, JSON.stringify({ ...mark, changedNs: String(mtimeNs) }))
  const database = openDatabase(folder)
  // While it is used, and after a crash, nothing is known of it.
  expect(isKnownSound(folder)).toBe(false)
  await database.close()
  expect(isKnownSound(folder)).toBe(true)
})

test('what was changed since is read, and refused when it is spoilt', async () => {
  const { folder, file } = await ended()
  spoil(file)
  expect(isKnownSound(folder)).toBe(false)
  expect(() => openDatabase(folder)).toThrow(DatabaseError)
})

test.each<[string, (file: string) => void]>([
  ['it is longer', (file) => appendFileSync(file, 'x')],
  ['another file has its name', replace],
  ['a log lies beside it', (file) => writeFileSync(`${file}-wal`, 'x')],
  ['what was noted is cut off', (file) => writeFileSync(`${file}-sound`, '{"format":7,')],
  ['nothing was noted', forgetSound],
])('a file counts as unknown when %s', async (_what, change) => {
  const { file } = await ended()
  noteSound(file, FORMAT, CHECKED_AT)
  expect(knownSoundSince(file, FORMAT, CHECKED_AT + 1)).toBe(CHECKED_AT)
  change(file)
  expect(knownSoundSince(file, FORMAT, CHECKED_AT + 1)).toBeNull()
})

test('it is read by another version of the program, after a week, and where the clock was wrong', async () => {
  const { file } = await ended()
  noteSound(file, FORMAT, CHECKED_AT)
  expect(knownSoundSince(file, FORMAT + 1, CHECKED_AT)).toBeNull()
  expect(knownSoundSince(file, FORMAT, CHECKED_AT + 6 * DAY_MS)).toBe(CHECKED_AT)
  expect(knownSoundSince(file, FORMAT, CHECKED_AT + 8 * DAY_MS)).toBeNull()
  expect(knownSoundSince(file, FORMAT, CHECKED_AT - 1)).toBeNull()
})

test('what cannot be noted is no failure', () => {
  const file = `${temporaryFolder()}/nowhere/hookline.db`
  noteSound(file, FORMAT, CHECKED_AT)
  expect(existsSync(`${file}-sound`)).toBe(false)
})
