import { expect, test, vi } from 'vitest'
import { acceptEvent } from '../db/accept-event.ts'
import { insertAttempt } from '../db/attempts.ts'
import { writeBackupFailure } from '../db/backup-failures.ts'
import { handleDeadLetters } from '../db/dead-letters.ts'
import { forgetFleetTrouble, writeFleetTrouble } from '../db/fleet-trouble.ts'
import { listIncidents, listOpenIncidents } from '../db/incidents.ts'
import { leaseDue } from '../db/message-leases.ts'
import type { Database } from '../db/open.ts'
import { returnMessage, settleMessage } from '../db/outbox-messages.ts'
import { leaveFleet } from '../db/relayed-messages.ts'
import type { RunRow } from '../db/run-rows.ts'
import { insertRun, moveRun } from '../db/runs.ts'
import { writeStepRun } from '../db/step-runs.ts'
import { temporaryDatabase } from '../db/test-database.ts'
import { insertVersion, insertZap, setEnabled, setLiveVersion, setRemoved } from '../db/zaps.ts'
import { manualClock } from '../domain/time/clock.ts'
import { blankZap } from '../domain/zap/zap-file.ts'
import { failedAttempt, waitingRow } from '../engine/run/journal-rows.ts'
import { createSignals } from '../signals.ts'
import { createIncidentNotices } from './incident-notices.ts'
import { noteTakenBack, sweepIncidents, writeIncidentSettings } from './incidents.ts'

const MINUTE = 60_000

async function setUp() {
  const database = temporaryDatabase()
  const clock = manualClock(1_000_000_000)
  await database.write((tx) => {
    insertZap(tx, { id: 'zap', draft: blankZap('A zap'), now: 0 })
    insertVersion(tx, { zapId: 'zap', kind: 'published', definition: blankZap('A zap'), now: 0 })
    insertVersion(tx, { zapId: 'zap', kind: 'test', definition: blankZap('A draft'), now: 0 })
    setLiveVersion(tx, 'zap', 1, 0)
    setEnabled(tx, 'zap', true, 0)
  })
  const sweep = () => database.write((tx) => sweepIncidents(tx, clock.now()))
  const open = async () => (await listOpenIncidents(database.reader)).map(({ kind, message }) => `${kind}: ${message}`)
  return { database, clock, sweep, open }
}

/** An event of the zap, with its message, due now. Returns the id of its run. */
function accept(database: Database, now: number, version = 1): Promise<string> {
  const event = { zapId: 'zap', version, triggerStepId: 'hook', dedupeKey: null, data: {}, receivedAt: now }
  return database.write((tx) => acceptEvent(tx, event).runId)
}

/** A run that ended so. */
async function ended(database: Database, state: RunRow['state'], now: number, version = 1): Promise<string> {
  const runId = await accept(database, now, version)
  await database.write((tx) => {
    insertRun(tx, { id: runId, zapId: 'zap', version, eventId: runId.replace('run_', 'evt_'), now })
    moveRun(tx, runId, state, { reason: null, finishedAt: now, resumesAt: null })
    const terms = { zapId: 'zap', limit: 1, now, until: now + MINUTE, token: 't', maxCrashes: 9 }
    for (const message of leaseDue(tx, terms)) settleMessage(tx, message, 'delivered', now)
  })
  return runId
}

test('what stays pending too long opens one incident, renews its message, and closes by itself', async () => {
  const { database, clock, sweep, open } = await setUp()
  await accept(database, clock.now())
  clock.advance(15 * MINUTE)
  expect((await sweep()).opened.size).toBe(0)
  clock.advance(1)
  expect([...(await sweep()).opened.values()].flat()).toHaveLength(1)
  await accept(database, clock.now() - 16 * MINUTE)
  expect((await sweep()).opened.size).toBe(0)
  expect(await open()).toEqual(['stuck: 2 runs of "A zap" were due more than 15 minutes ago and did not begin.'])
  await database.write((tx) => {
    leaseDue(tx, { zapId: 'zap', limit: 9, now: clock.now(), until: clock.now(), token: 't', maxCrashes: 9 })
  })
  expect((await sweep()).closed).toBe(1)
  expect(await open()).toEqual([])
  expect(await listIncidents(database.reader, 9)).toMatchObject([{ kind: 'stuck', closedAt: clock.now() }])
})

test('a run that keeps failing is an incident while it is tried again, and no longer', async () => {
  const { database, clock, sweep, open } = await setUp()
  const began = clock.now()
  const runId = await accept(database, began)
  await database.write((tx) => {
    insertRun(tx, { id: runId, zapId: 'zap', version: 1, eventId: runId.replace('run_', 'evt_'), now: began })
    const lease = { zapId: 'zap', limit: 1, now: began, until: began + MINUTE, token: 't', maxCrashes: 9 }
    for (const message of leaseDue(tx, lease)) returnMessage(tx, message, began + 3_600_000)
    const line = { stepId: 'post', scope: '', input: null, attemptNo: 1, startedAt: began }
    const wait = { for: 'retry' as const, since: began }
    writeStepRun(tx, runId, waitingRow(line, began + 3_600_000, wait))
    insertAttempt(tx, runId, failedAttempt(line, { code: 'network', message: '', retryable: true }, began))
    moveRun(tx, runId, 'waiting', { reason: null, finishedAt: null, resumesAt: began + 3_600_000, waitsFor: 'retry' })
  })
  clock.advance(15 * MINUTE)
  await sweep()
  expect(await open()).toEqual([])
  clock.advance(1)
  await sweep()
  expect(await open()).toEqual([
    'retrying: 1 run of "A zap" has been failing for more than 15 minutes and is tried again.',
  ])
  await database.write((tx) => moveRun(tx, runId, 'cancelled', { reason: null, finishedAt: 1, resumesAt: null }))
  await sweep()
  expect(await open()).toEqual([])
})

test('how long is too long is a setting, which holds at the next look', async () => {
  const { database, clock, sweep, open } = await setUp()
  await accept(database, clock.now())
  clock.advance(2 * MINUTE + 1)
  await sweep()
  expect(await open()).toEqual([])
  await database.write((tx) => writeIncidentSettings(tx, { stuckAfterMinutes: 2 }))
  await sweep()
  expect(await open()).toEqual(['stuck: 1 run of "A zap" was due more than 2 minutes ago and did not begin.'])
})

test('a message whose time has not come is not stuck, however old it is', async () => {
  const { database, clock, sweep, open } = await setUp()
  await accept(database, clock.now() + 60 * MINUTE)
  clock.advance(59 * MINUTE)
  await sweep()
  expect(await open()).toEqual([])
})

test('dead letters are an incident of their zap until somebody dealt with them', async () => {
  const { database, clock, sweep, open } = await setUp()
  const runIds = [await accept(database, clock.now()), await accept(database, clock.now())]
  await database.write((tx) => {
    const terms = { zapId: 'zap', limit: 9, now: clock.now(), until: clock.now(), token: 't', maxCrashes: 9 }
    for (const message of leaseDue(tx, terms)) settleMessage(tx, message, 'dead', clock.now(), { code: 'stood-still' })
  })
  await sweep()
  expect(await open()).toEqual(['dead-letters: 2 runs of "A zap" were given up: replay or dismiss them.'])
  for (const runId of runIds) {
    expect(await open()).toHaveLength(1)
    await database.write((tx) => handleDeadLetters(tx, 'zap', runId, clock.now()))
    await sweep()
  }
  expect(await open()).toEqual([])
})

test('five failed runs in a row are an incident, which the next success closes', async () => {
  const { database, clock, sweep, open } = await setUp()
  await ended(database, 'succeeded', clock.now())
  for (let n = 0; n < 4; n++) await ended(database, 'failed', clock.now())
  await ended(database, 'cancelled', clock.now())
  await sweep()
  expect(await open()).toEqual([])
  await ended(database, 'failed', clock.now())
  await sweep()
  expect(await open()).toEqual(['failing: The newest 5 runs of "A zap" all failed.'])
  await ended(database, 'cancelled', clock.now())
  await sweep()
  expect(await open()).toHaveLength(1)
  await ended(database, 'succeeded', clock.now())
  await sweep()
  expect(await open()).toEqual([])
})

test('what was replayed is no failure of its zap any more, and what was filtered is as good as a success', async () => {
  const { database, clock, sweep, open } = await setUp()
  for (let n = 0; n < 5; n++) await ended(database, 'failed', clock.now())
  await sweep()
  expect(await open()).toHaveLength(1)
  await database.write((tx) => tx.run(`UPDATE run SET outcome = 'replayed' WHERE id = (SELECT min(id) FROM run)`))
  await sweep()
  expect(await open()).toEqual([])
  await ended(database, 'failed', clock.now())
  await sweep()
  expect(await open()).toHaveLength(1)
  await ended(database, 'succeeded', clock.now())
  await database.write((tx) => tx.run(`UPDATE run SET outcome = 'filtered' WHERE state = 'succeeded'`))
  await sweep()
  expect(await open()).toEqual([])
})

test('test runs of a draft that fail say nothing of the zap', async () => {
  const { database, clock, sweep, open } = await setUp()
  for (let n = 0; n < 9; n++) await ended(database, 'failed', clock.now(), 2)
  await sweep()
  expect(await open()).toEqual([])
})

test.each([
  ['switched off', (tx: Parameters<typeof setEnabled>[0]) => setEnabled(tx, 'zap', false, 0)],
  ['removed', (tx: Parameters<typeof setEnabled>[0]) => setRemoved(tx, 'zap', 1)],
])('a failing zap that is %s is no incident any more', async (_word, change) => {
  const { database, clock, sweep, open } = await setUp()
  for (let n = 0; n < 5; n++) await ended(database, 'failed', clock.now())
  await sweep()
  expect(await open()).toHaveLength(1)
  await database.write(change)
  await sweep()
  expect(await open()).toEqual([])
})

test('leases that are taken back again and again are a storm, which is over after ten quiet minutes', async () => {
  const { database, clock, sweep, open } = await setUp()
  const takeBack = (count: number) => database.write((tx) => noteTakenBack(tx, count, clock.now()))
  await takeBack(2)
  clock.advance(9 * MINUTE)
  await takeBack(2)
  await sweep()
  expect(await open()).toEqual([])
  clock.advance(2 * MINUTE)
  await takeBack(3)
  await sweep()
  expect(await open()).toEqual([
    'lease-storm: 5 runs had to be taken up again within 10 minutes, as the process that worked on them vanished.',
  ])
  clock.advance(9 * MINUTE)
  await sweep()
  expect(await open()).toHaveLength(1)
  clock.advance(MINUTE)
  await sweep()
  expect(await open()).toEqual([])
})

test('leases that were taken back before the clock was set back count no more', async () => {
  const { database, clock, sweep, open } = await setUp()
  await database.write((tx) => noteTakenBack(tx, 9, clock.now() + 24 * 60 * MINUTE))
  await sweep()
  expect(await open()).toEqual([])
})

test('notifications come at once, and then gathered: of each kind one a minute at most', async () => {
  const clock = manualClock(0)
  const show = vi.fn(async () => true)
  const log = { info: vi.fn(), warn: vi.fn(), error: vi.fn() }
  const signals = createSignals(log)
  let isWanted = true
  const notices = createIncidentNotices({
    clock,
    notifier: { show },
    isWanted: () => isWanted,
    log,
    signals,
  })
  const tell = (kind: 'failing' | 'dead-letters', ...names: string[]): void =>
    signals.emit(
      'incidents:opened',
      kind,
      names.map((zapName) => ({ kind, zapName, count: 5 })),
    )
  const failed = (...names: string[]): string =>
    names.map((name) => `The newest 5 runs of "${name}" all failed.`).join('\n')
  tell('failing', 'one')
  tell('failing', 'two')
  tell('dead-letters', 'other')
  clock.advance(30_000)
  tell('failing', 'three', 'four', 'five', 'six')
  expect(show.mock.calls).toEqual([
    [{ title: 'Hookline: a zap keeps failing', body: failed('one'), opens: '/outbox' }],
    [
      {
        title: 'Hookline: runs were given up',
        body: '5 runs of "other" were given up: replay or dismiss them.',
        opens: '/outbox',
      },
    ],
  ])
  clock.advance(30_000)
  expect(show).toHaveBeenLastCalledWith({
    title: 'Hookline: a zap keeps failing',
    opens: '/outbox',
    body: `${failed('two', 'three', 'four')}\nAnd 2 more.`,
  })
  clock.advance(59_000)
  tell('failing', 'seven')
  expect(show).toHaveBeenCalledTimes(3)
  isWanted = false
  signals.emit('incidents:opened', 'backup', [{ kind: 'backup', message: 'No disk.' }])
  expect(show).toHaveBeenCalledTimes(3)
  notices.stop()
  clock.advance(60_000)
  expect(show).toHaveBeenCalledTimes(3)
})

test('a daily backup that failed is one incident, which the next good one closes', async () => {
  const { database, clock, sweep, open } = await setUp()
  const fail = (message: string) => database.write((tx) => writeBackupFailure(tx, { at: clock.now(), message }))
  expect((await sweep()).opened.size).toBe(0)
  await fail('The folder /backups is gone.')
  expect([...(await sweep()).opened.keys()]).toEqual(['backup'])
  await fail('The disk of /backups became full while the backup was written.')
  expect((await sweep()).opened.size).toBe(0)
  expect(await open()).toEqual([
    'backup: The daily backup failed: The disk of /backups became full while the backup was written.',
  ])
  await database.write((tx) => writeBackupFailure(tx, null))
  expect(await sweep()).toMatchObject({ closed: 1 })
})

test('a host of the fleet that stays away, a log that stays silent and events that stay on their way are incidents', async () => {
  const { database, clock, sweep, open } = await setUp()
  const since = clock.now()
  const event = { zapId: 'zap', version: 1, triggerStepId: 'hook', dedupeKey: null, data: {}, receivedAt: since }
  await database.write((tx) => {
    acceptEvent(tx, event, undefined, 'outgoing')
    writeFleetTrouble(tx, { gone: [{ host: 'edge', since }], log: { message: 'It is off.', since } })
  })
  clock.advance(MINUTE / 2)
  await sweep()
  expect(await open()).toEqual([])
  clock.advance(20 * MINUTE)
  await sweep()
  expect((await open()).toSorted()).toEqual([
    'fleet-behind: 1 event that this host took in has waited for the fleet for more than 15 minutes, and no host has said that its run has ended.',
    'fleet-host: Nothing was heard of the host "edge" of the fleet for more than a minute. What it had taken from the log goes on elsewhere; what it had not sent on waits on its disk.',
    'fleet-log: The log of the fleet has not answered for more than a minute. It is off.',
  ])
  await database.write((tx) => {
    forgetFleetTrouble(tx)
    leaveFleet(tx, clock.now())
  })
  await sweep()
  expect(await open()).toEqual([])
})
