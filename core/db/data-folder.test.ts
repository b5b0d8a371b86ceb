import { chmodSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { isOpenToOthers, makeFolder, prepareDataFolder, unusable } from './data-folder.ts'
import { lockDataFolder } from './data-lock.ts'
import { temporaryFolder } from './test-database.ts'

const modeOf = (path: string): number => statSync(path).mode & 0o7777
const onUnix = test.skipIf(process.platform === 'win32')

onUnix.each([0o755, 0o775, 0o777, 0o711])('a data folder of mode %o is for its owner alone from then on', (mode) => {
  const folder = join(temporaryFolder(), 'data')
  mkdirSync(folder)
  chmodSync(folder, mode)
  expect(prepareDataFolder(folder)).toMatch(/now only you can/)
  expect(modeOf(folder)).toBe(0o700)
  expect(prepareDataFolder(folder)).toBeNull()
})

onUnix('a folder that everyone shares stays as it is, and that is said', () => {
  const folder = join(temporaryFolder(), 'shared')
  mkdirSync(folder)
  chmodSync(folder, 0o1777)
  expect(prepareDataFolder(folder)).toContain(`run "chmod 700 ${folder}"`)
  expect(modeOf(folder)).toBe(0o1777)
})

onUnix('so does the own folder of the person', () => {
  const before = modeOf(homedir())
  prepareDataFolder(homedir())
  expect(modeOf(homedir())).toBe(before)
})

onUnix('so does a folder in which there are other things, at every start', () => {
  const folder = join(temporaryFolder(), 'music')
  mkdirSync(folder)
  chmodSync(folder, 0o755)
  writeFileSync(join(folder, 'song.mp3'), '')
  expect(prepareDataFolder(folder)).toMatch(/other things too: name a folder of its own/)
  expect(modeOf(folder)).toBe(0o755)
  lockDataFolder(folder, () => '')()
  expect(prepareDataFolder(folder)).toMatch(/other things too: name a folder of its own/)
  expect(modeOf(folder)).toBe(0o755)
  rmSync(join(folder, 'song.mp3'))
  expect(prepareDataFolder(folder)).toMatch(/now only you can/)
  expect(modeOf(folder)).toBe(0o700)
})

test.runIf(process.platform === 'linux').each(['/proc/data', '/proc/1/data/below', '/dev/null/data'])(
  'a place that can hold no folder (%s) is refused at once, in a sentence',
  (folder) => {
    expect(() => makeFolder(folder)).toThrow()
    expect(() => prepareDataFolder(folder)).toThrow(`Hookline cannot write to the data folder ${folder}`)
    expect(() => lockDataFolder('/proc', () => '')).toThrow('Hookline cannot write to the data folder /proc')
  },
)

test('a full disk is called that, and what is not of the folder is not', () => {
  const failed = (code: string, more: object = {}): Error => Object.assign(new Error(code), { code, ...more })
  const isFull = /disk of .* \/data is full: make room/
  expect(unusable(failed('SQLITE_FULL'), '/data')?.message).toMatch(isFull)
  for (const code of ['ENOSPC', 'EDQUOT'])
    expect(unusable(failed(code, { path: '/data/host.lock' }), '/data')?.message).toMatch(isFull)
  expect(unusable(failed('EACCES', { path: '/data/logs/x' }), '/data')?.code).toBe('unwritable')
  expect(unusable(failed('EACCES', { syscall: 'listen' }), '/data')).toBeUndefined()
  expect(unusable(failed('ENOENT', { path: '/database/x' }), '/data')).toBeUndefined()
  expect(unusable(failed('ENOSPC', { syscall: 'watch' }), '/data')).toBeUndefined()
  expect(unusable(new Error('any'), '/data')).toBeUndefined()
})

onUnix('a new data folder is private', () => {
  const folder = join(temporaryFolder(), 'new', 'data')
  expect(prepareDataFolder(folder)).toBeNull()
  expect(isOpenToOthers(folder)).toBe(false)
})

onUnix.each(['a new', 'an existing'])('%s lock file cannot be locked by others, and holds', (kind) => {
  const folder = temporaryFolder()
  const file = join(folder, 'host.lock')
  if (kind === 'an existing') {
    writeFileSync(file, '')
    chmodSync(file, 0o644)
  }
  const unlock = lockDataFolder(folder, () => '')
  expect(modeOf(file)).toBe(0o600)
  expect(() => lockDataFolder(folder, () => '')).toThrow(/Another Hookline/)
  unlock()
  lockDataFolder(folder, () => '')()
})
