import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { temporaryFolder } from '../db/test-database.ts'
import { systemClock } from '../domain/time/clock.ts'
import { createWatchdog, forgetStandstill, readStandstill } from './watchdog.ts'

/** Keeps this thread from everything else. */
function standStill(isOver: () => boolean): void {
  const until = performance.now() + 20_000
  while (!isOver() && performance.now() < until);
}

function setUp() {
  const dataDir = temporaryFolder()
  const log = { info: vi.fn(), warn: vi.fn(), error: vi.fn() }
  const watchdog = createWatchdog({ dataDir, clock: systemClock, log, patienceMs: 700 })
  onTestFinished(() => watchdog.stop())
  return { dataDir, log, watchdog, file: join(dataDir, 'standstill.json') }
}

test('a thread that is kept busy is noticed, with the run at work, and forgotten when it goes on', async () => {
  const { dataDir, log, watchdog, file } = setUp()
  watchdog.mark('run', 'run_0')
  await watchdog.watching()
  watchdog.mark('run', 'run_1')
  standStill(() => existsSync(file))
  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ kind: 'run', what: 'run_1' })
  expect(readStandstill(dataDir)).toMatchObject({ kind: 'run', what: 'run_1' })
  await vi.waitFor(() => expect(existsSync(file)).toBe(false))
  await vi.waitFor(() =>
    expect(log.warn).toHaveBeenCalledWith(expect.stringContaining('stood still'), { run: 'run_1' }),
  )
})

test('a request of any name is told as far as there is room', async () => {
  const { watchdog, file } = setUp()
  watchdog.mark('run', 'run_0')
  await watchdog.watching()
  watchdog.mark('request', `POST /hooks/${'\u{1f600}é\n'.repeat(500)}`)
  standStill(() => existsSync(file))
  const written: unknown = JSON.parse(readFileSync(file, 'utf8'))
  expect(written).toMatchObject({ kind: 'request', what: expect.stringMatching(/^POST \/hooks\//) })
})

test('a file that is damaged, or of another kind, says nothing', () => {
  const { dataDir, file } = setUp()
  for (const content of ['', '{"at":1', '{"at":1,"kind":"other","what":""}', '[]']) {
    writeFileSync(file, content)
    expect(readStandstill(dataDir)).toBeUndefined()
  }
  writeFileSync(file, '{"at":1,"kind":"unknown","what":""}')
  expect(readStandstill(dataDir)).toEqual({ at: 1, kind: 'unknown', what: '' })
  forgetStandstill(dataDir)
  expect(readStandstill(dataDir)).toBeUndefined()
})
