import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from './db/test-database.ts'
import { openLogFile, readNewestLines } from './log-file.ts'

const names = (folder: string): string[] => readdirSync(join(folder, 'logs')).sort()
const read = (folder: string, name: string): string => readFileSync(join(folder, 'logs', name), 'utf8')

test('the newest lines are kept, in files that take their turns, for their owner alone', () => {
  const folder = temporaryFolder()
  const log = openLogFile(folder, 100)
  for (let n = 0; n < 200; n++) log.write(`line ${String(n).padStart(3, '0')}`)
  log.close()
  expect(names(folder)).toEqual([
    'hookline.1.log',
    'hookline.2.log',
    'hookline.3.log',
    'hookline.4.log',
    'hookline.log',
  ])
  expect(read(folder, 'hookline.log')).toMatch(/line 199\n$/)
  const all = ['.4', '.3', '.2', '.1', ''].map((n) => read(folder, `hookline${n}.log`)).join('')
  const kept = all.trimEnd().split('\n')
  expect(kept).toEqual(kept.map((_, at) => `line ${String(200 - kept.length + at).padStart(3, '0')}`))
  expect(all.length).toBeLessThan(5 * 120)
  expect(statSync(join(folder, 'logs', 'hookline.log')).mode & 0o777).toBe(0o600)
})

test('a host that is started again goes on where the log ended', () => {
  const folder = temporaryFolder()
  for (const word of ['one', 'two']) {
    const log = openLogFile(folder)
    log.write(word)
    log.close()
  }
  expect(read(folder, 'hookline.log')).toBe('one\ntwo\n')
  expect(names(folder)).toEqual(['hookline.log'])
})

test('nothing is made before there is something to write, and what cannot be written is no reason to fail', () => {
  const folder = temporaryFolder()
  const log = openLogFile(folder)
  expect(readdirSync(folder)).toEqual([])
  rmSync(folder, { recursive: true })
  openLogFile('/dev/null/nowhere').write('lost')
  log.close()
})

test('the newest lines are read again, whole ones, and none where nothing was logged', async () => {
  const dataDir = temporaryFolder()
  expect((await readNewestLines(dataDir)).lines).toEqual([])
  const file = openLogFile(dataDir)
  for (let n = 0; n < 20_000; n++) file.write(`line ${n} of what was told`)
  file.close()
  const { lines, folder } = await readNewestLines(dataDir)
  expect(lines).toHaveLength(1_000)
  expect(lines.at(-1)).toBe('line 19999 of what was told')
  expect(lines[0]).toMatch(/^line \d+ of what was told$/)
  expect(folder).toBe(join(dataDir, 'logs'))
})
