import { expect, test, vi } from 'vitest'
import { getSetting } from '../db/settings.ts'
import { temporaryDatabase } from '../db/test-database.ts'
import { manualClock } from '../domain/time/clock.ts'
import { createSignals } from '../signals.ts'
import { CRASH_LOOP_STARTS, createCrashLoopGuard } from './crash-loop-guard.ts'

const log = { info: vi.fn(), warn: vi.fn(), error: vi.fn() }

function setUp() {
  const database = temporaryDatabase()
  /** A process begins; unless the test goes on with it (and its clock), it crashes. */
  const start = async (clock = manualClock(1_000_000)) => {
    const signals = createSignals(log)
    const guard = await createCrashLoopGuard({ database, clock, log, signals })
    return { ...guard, progressed: () => signals.emit('work:progressed') }
  }
  const crash = async (times: number) => {
    for (let n = 0; n < times; n++) expect((await start()).isCrashLoop()).toBe(false)
  }
  const settled = () =>
    vi.waitFor(async () => expect(await database.write((tx) => getSetting(tx, 'badStarts'))).toBe('0'))
  return { start, crash, settled }
}

test('after three starts that crashed at once the next one runs nothing, and so do all after it', async () => {
  const { start, crash } = setUp()
  await crash(CRASH_LOOP_STARTS)
  for (let n = 0; n < 3; n++) expect((await start()).isCrashLoop()).toBe(true)
})

test.each<[string, (setup: ReturnType<typeof setUp>) => Promise<void>]>([
  ['got something done', async ({ start }) => (await start()).progressed()],
  [
    'lived for five minutes',
    async ({ start }) => {
      const clock = manualClock(1_000_000)
      await start(clock)
      clock.advance(5 * 60_000)
    },
  ],
  ['ended in order', async ({ start }) => (await start()).stop()],
])('a start that %s begins the count anew', async (_how, begin) => {
  const setup = setUp()
  await setup.crash(CRASH_LOOP_STARTS - 1)
  await begin(setup)
  await setup.settled()
  await setup.crash(CRASH_LOOP_STARTS)
})

test('nothing but a person ends it: not time, and not a stop in order', async () => {
  const { start, crash } = setUp()
  await crash(CRASH_LOOP_STARTS)
  const clock = manualClock(1_000_000)
  const safe = await start(clock)
  clock.advance(60 * 60_000)
  safe.progressed()
  await safe.stop()
  expect((await start()).isCrashLoop()).toBe(true)
})

test('once a person wants to try again, the start is watched like any other', async () => {
  const { start, crash } = setUp()
  await crash(CRASH_LOOP_STARTS)
  const safe = await start()
  await safe.giveAnotherTry()
  expect(safe.isCrashLoop()).toBe(false)
  await crash(CRASH_LOOP_STARTS - 1)
  expect((await start()).isCrashLoop()).toBe(true)
})
