import { expect, test, vi } from 'vitest'
import { acceptEvent } from '../db/accept-event.ts'
import { insertRun } from '../db/runs.ts'
import { temporaryDatabase } from '../db/test-database.ts'
import { insertVersion, insertZap, setEnabled, setLiveVersion } from '../db/zaps.ts'
import { encodeTimeAsId } from '../domain/host/ids.ts'
import { manualClock } from '../domain/time/clock.ts'
import { blankZap } from '../domain/zap/zap-file.ts'
import { outboxAtRest } from '../outbox/test-outbox.ts'
import { createSilences, type LiveSilence } from './silences.ts'

const log = { info: vi.fn(), warn: vi.fn(), error: vi.fn() }
const HOUR = 3_600_000
const START = Date.parse('2026-11-24T00:00:00Z')

async function world(zaps: readonly string[] | null = null) {
  const database = temporaryDatabase()
  const clock = manualClock(START)
  await database.write((tx) => {
    for (const id of ['watcher', 'backup', 'mail', 'off']) {
      insertZap(tx, { id, draft: blankZap(`The ${id}`), now: START })
      insertVersion(tx, { zapId: id, kind: 'published', definition: blankZap(`The ${id}`), now: START })
      setLiveVersion(tx, id, 1, START)
      if (id !== 'off') setEnabled(tx, id, true, START)
    }
  })
  const live: LiveSilence = {
    zapId: 'watcher',
    zapName: 'W',
    version: 1,
    settings: {},
    stepId: 'silent',
    watch: { zaps, forMs: 26 * HOUR },
  }
  const host = () => {
    const silences = createSilences({ database, clock, log, outbox: outboxAtRest(database, clock, log) })
    silences.set([live])
    return silences
  }
  /** Something comes to a zap now. */
  const comes = (zapId: string) =>
    database.write((tx) => {
      const id = encodeTimeAsId('evt', clock.now())
      acceptEvent(tx, {
        id,
        zapId,
        version: 1,
        triggerStepId: 'hook',
        dedupeKey: null,
        data: {},
        receivedAt: clock.now(),
      })
      insertRun(tx, { id: id.replace('evt_', 'run_'), zapId, version: 1, eventId: id, now: clock.now() })
    })
  const told = async () => {
    const rows: { data: string }[] = await database
      .reader('trigger_event')
      .where({ zap_id: 'watcher' })
      .orderBy('id')
      .select('data')
    return rows.map(({ data }) => JSON.parse(data))
  }
  return { database, clock, host, comes, told }
}

test('a silence is told once, also by the next host, and anew after something came', async () => {
  const { clock, host, comes, told } = await world(['The backup', 'off', 'nobody'])
  const silences = host()
  await comes('backup')
  clock.advance(26 * HOUR - 1)
  await silences.runOnce()
  expect(await told()).toEqual([])
  clock.advance(1)
  for (let again = 0; again < 3; again++) await silences.runOnce()
  await host().runOnce()
  const first = { zap: { id: 'backup', name: 'The backup' }, lastEventAt: '2026-11-24T00:00:00.000Z' }
  expect(await told()).toEqual([first])
  await comes('backup')
  await silences.runOnce()
  clock.advance(30 * HOUR)
  await silences.runOnce()
  expect(await told()).toEqual([first, { ...first, lastEventAt: '2026-11-25T02:00:00.000Z' }])
})

test('without names all others that are on are watched, also those to which nothing ever came', async () => {
  const { clock, host, comes, told } = await world()
  clock.advance(25 * HOUR)
  await comes('mail')
  clock.advance(2 * HOUR)
  await host().runOnce()
  expect(await told()).toEqual([{ zap: { id: 'backup', name: 'The backup' }, lastEventAt: null }])
})

test('nothing is told while everything is paused', async () => {
  const { clock, host, told } = await world()
  clock.advance(99 * HOUR)
  const silences = host()
  silences.setPaused(true)
  await silences.runOnce()
  expect(await told()).toEqual([])
  silences.setPaused(false)
  await silences.runOnce()
  expect(await told()).toHaveLength(2)
})
