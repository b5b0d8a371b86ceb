import { expect, test, vi } from 'vitest'
import { acceptEvent } from '../db/accept-event.ts'
import { insertRun, moveRun } from '../db/runs.ts'
import { temporaryDatabase } from '../db/test-database.ts'
import { insertVersion, insertZap } from '../db/zaps.ts'
import { encodeTimeAsId } from '../domain/host/ids.ts'
import { manualClock } from '../domain/time/clock.ts'
import { blankZap } from '../domain/zap/zap-file.ts'
import { createSignals, type EndEffects } from '../signals.ts'
import { createThroughput, type Throughput } from './throughput.ts'

const log = { info: vi.fn(), warn: vi.fn(), error: vi.fn() }
const MINUTE = 60_000
const NOON = Date.parse('2026-11-27T12:00:00.000Z')

const seen = (throughput: Throughput) =>
  throughput
    .lastHour()
    .minutes.flatMap(({ minute, succeeded, failed }) =>
      succeeded + failed === 0 ? [] : [{ at: minute * MINUTE - NOON, succeeded, failed }],
    )

/** A database with runs that began and ended at these times, as `ends` says. */
async function withRuns(
  ends: readonly { state: 'succeeded' | 'failed' | 'cancelled'; startedAt: number; endedAt: number }[],
) {
  const database = temporaryDatabase()
  await database.write((tx) => {
    insertZap(tx, { id: 'zap', draft: blankZap('A zap'), now: 0 })
    insertVersion(tx, { zapId: 'zap', kind: 'published', definition: blankZap('A zap'), now: 0 })
    const event = { zapId: 'zap', version: 1, triggerStepId: 'hook', dedupeKey: null, data: {}, receivedAt: 0 }
    ends.forEach(({ state, startedAt, endedAt }, index) => {
      const { eventId } = acceptEvent(tx, event)
      const id = encodeTimeAsId('run', startedAt).slice(0, -6) + String(index).padStart(6, '0')
      insertRun(tx, { id, zapId: 'zap', version: 1, eventId, now: startedAt })
      moveRun(tx, id, state, { reason: null, finishedAt: endedAt, resumesAt: null })
    })
  })
  return database
}

test('what ended within the hour before the start is read from the history, what ends later is counted', async () => {
  const database = await withRuns([
    { state: 'succeeded', startedAt: NOON - 90 * MINUTE, endedAt: NOON - 10 * MINUTE },
    { state: 'failed', startedAt: NOON - 10 * MINUTE, endedAt: NOON - 10 * MINUTE + 59_999 },
    { state: 'succeeded', startedAt: NOON - 10 * MINUTE, endedAt: NOON - 9 * MINUTE },
    { state: 'cancelled', startedAt: NOON - 5 * MINUTE, endedAt: NOON - 5 * MINUTE },
    { state: 'succeeded', startedAt: NOON - 62 * MINUTE, endedAt: NOON - 61 * MINUTE },
  ])
  const clock = manualClock(NOON)
  const signals = createSignals(log)
  const throughput = await createThroughput(database, clock, signals)
  const end = (state: EndEffects['state'], finishedAt: number): void =>
    signals.emit('run:ended', { runId: 'run', state, finishedAt, zapIds: [], runIds: [], abandonedIds: [] })
  expect(throughput.lastHour().minutes).toHaveLength(60)
  expect(throughput.lastHour().from).toBe(NOON - 59 * MINUTE)
  end('failed', NOON)
  end('cancelled', NOON)
  end('succeeded', NOON)
  expect(seen(throughput)).toEqual([
    { at: -10 * MINUTE, succeeded: 1, failed: 1 },
    { at: -9 * MINUTE, succeeded: 1, failed: 0 },
    { at: 0, succeeded: 1, failed: 1 },
  ])
  clock.advance(51 * MINUTE)
  end('succeeded', clock.now())
  expect(seen(throughput)).toEqual([
    { at: 0, succeeded: 1, failed: 1 },
    { at: 51 * MINUTE, succeeded: 1, failed: 0 },
  ])
})

test('where more ran than is looked at, it says since when the counts are whole', async () => {
  const database = await withRuns(
    Array.from({ length: 10_050 }, (_, index) => {
      const at = NOON - 30 * MINUTE + index * 100
      return { state: 'succeeded' as const, startedAt: at, endedAt: at }
    }),
  )
  const throughput = await createThroughput(database, manualClock(NOON), createSignals(log))
  expect(throughput.lastHour().from).toBe(NOON - 30 * MINUTE + 50 * 100)
  expect(seen(throughput).reduce((sum, { succeeded }) => sum + succeeded, 0)).toBe(10_000)
})
