import { expect, test, vi } from 'vitest'
import { acceptEvent } from '../db/accept-event.ts'
import { dismissDeadLetters, markDead } from '../db/dead-letters.ts'
import { listOpenIncidents } from '../db/incidents.ts'
import { getMemoryChange, insertMemoryChange } from '../db/memory.ts'
import { leaseDue } from '../db/message-leases.ts'
import type { Database } from '../db/open.ts'
import { countOpenMessages } from '../db/outbox-counts.ts'
import { returnMessage } from '../db/outbox-messages.ts'
import { integer, rowOf, text } from '../db/row.ts'
import { findRun } from '../db/run-rows.ts'
import { insertRun, moveRun } from '../db/runs.ts'
import { setStoreEntry } from '../db/store-entries.ts'
import { temporaryDatabase } from '../db/test-database.ts'
import { insertVersion, insertZap } from '../db/zaps.ts'
import { NEVER } from '../domain/runs/states.ts'
import { manualClock } from '../domain/time/clock.ts'
import { blankZap } from '../domain/zap/zap-file.ts'
import { createSignals } from '../signals.ts'
import { createSweeper, QUARANTINE_CRASHES } from './sweeper.ts'

const log = { info: vi.fn(), warn: vi.fn(), error: vi.fn() }
const MINUTE = 60_000

/** A database with one accepted event, and a sweeper of the process `host`. */
async function setUp(host = 'now') {
  const database = temporaryDatabase()
  const clock = manualClock(1_000_000)
  const accepted = await database.write((tx) => {
    insertZap(tx, { id: 'zap', draft: blankZap('A zap'), now: 0 })
    insertVersion(tx, { zapId: 'zap', kind: 'published', definition: blankZap('A zap'), now: 0 })
    const event = {
      zapId: 'zap',
      version: 1,
      triggerStepId: 'hook',
      dedupeKey: null,
      data: {},
      receivedAt: clock.now(),
    }
    return acceptEvent(tx, event)
  })
  const signals = createSignals(log)
  const heard = { reclaimed: vi.fn(), changed: vi.fn() }
  signals.on('messages:reclaimed', heard.reclaimed)
  signals.on('run:changed', heard.changed)
  const engine = { endOverdueTests: vi.fn((): string[] => []) }
  const config = { signals, engine, isHeld: vi.fn(() => false) }
  const sweeper = createSweeper({ database, clock, log, processId: host, ...config })
  return { database, clock, sweeper, config, heard, runId: accepted.runId }
}

/** Leases the event's message as a process called `host` would, and begins its run. */
async function lease(database: Database, runId: string, host: string, now: number): Promise<void> {
  await database.write((tx) => {
    const terms = { zapId: 'zap', limit: 1, now, until: now + MINUTE, token: `${host}.1`, maxCrashes: 99 }
    expect(leaseDue(tx, terms)).toHaveLength(1)
    insertRun(tx, { id: runId, zapId: 'zap', version: 1, eventId: runId.replace('run_', 'evt_'), now })
  })
}

test('what a process that is gone had leased goes back into the queue at once', async () => {
  const { database, clock, sweeper, heard, runId } = await setUp()
  await lease(database, runId, 'gone', clock.now())
  expect(await sweeper.runOnce()).toEqual({ reclaimed: 1, quarantined: 0 })
  expect(await countOpenMessages(database.reader, clock.now())).toMatchObject({ pending: 1, leased: 0 })
  expect(heard.reclaimed).toHaveBeenCalledWith(['zap'], false)
})

test('a lease that this process does not work on goes back when it was so at two looks, or when its time is up', async () => {
  const { database, clock, sweeper, config, runId } = await setUp('now')
  await lease(database, runId, 'now', clock.now())
  expect(await sweeper.runOnce()).toMatchObject({ reclaimed: 0 })
  config.isHeld.mockReturnValueOnce(true)
  expect(await sweeper.runOnce()).toMatchObject({ reclaimed: 0 })
  expect(await sweeper.runOnce()).toMatchObject({ reclaimed: 0 })
  expect(await sweeper.runOnce()).toMatchObject({ reclaimed: 1 })
  await lease(database, runId, 'now', clock.now())
  clock.advance(MINUTE)
  expect(await sweeper.runOnce()).toMatchObject({ reclaimed: 1 })
})

test('what this process is at work on stays its own, also when the computer slept through the lease', async () => {
  const { database, clock, sweeper, config, runId } = await setUp('now')
  await lease(database, runId, 'now', clock.now())
  config.isHeld.mockReturnValue(true)
  clock.advance(8 * 60 * MINUTE)
  expect(await sweeper.runOnce()).toMatchObject({ reclaimed: 0, quarantined: 0 })
})

test('a lease that this process could not settle is no crash, so it is never the ground for setting a run aside', async () => {
  const { database, clock, sweeper, runId } = await setUp('now')
  for (let n = 0; n < QUARANTINE_CRASHES + 1; n++) {
    await lease(database, runId, 'now', clock.now())
    clock.advance(MINUTE)
    expect(await sweeper.runOnce()).toMatchObject({ reclaimed: 1, quarantined: 0 })
  }
})

test('a run that was under way at three crashes is set aside, and a person is to look', async () => {
  const { database, clock, sweeper, heard, runId } = await setUp()
  for (let crash = 1; crash <= QUARANTINE_CRASHES; crash++) {
    await lease(database, runId, `gone-${crash}`, clock.now())
    await sweeper.runOnce()
    expect((await findRun(database.reader, runId))?.state).toBe(crash < QUARANTINE_CRASHES ? 'running' : 'needs-review')
  }
  expect(heard.reclaimed).toHaveBeenLastCalledWith(['zap'], true)
  expect(heard.changed).toHaveBeenLastCalledWith([runId])
  expect(await countOpenMessages(database.reader, clock.now())).toMatchObject({ pending: 0, leased: 0, dead: 1 })
})

test('what came while the clock was ahead does not wait until then', async () => {
  const { database, clock, sweeper, heard } = await setUp()
  clock.advance(-8 * 60 * MINUTE)
  expect(await countOpenMessages(database.reader, clock.now())).toMatchObject({ waiting: 1 })
  await sweeper.runOnce()
  expect(await countOpenMessages(database.reader, clock.now())).toMatchObject({ pending: 1, waiting: 0 })
  expect(heard.reclaimed).toHaveBeenCalledWith(['zap'], false)
})

test('what was taken back from a process that is gone while the clock was ahead goes on when it is set back', async () => {
  const { database, clock, sweeper, heard, runId } = await setUp()
  clock.advance(8 * 60 * MINUTE)
  await lease(database, runId, 'gone', clock.now())
  expect(await sweeper.runOnce()).toMatchObject({ reclaimed: 1 })
  clock.advance(-7 * 60 * MINUTE)
  heard.reclaimed.mockClear()
  await sweeper.runOnce()
  expect(await countOpenMessages(database.reader, clock.now())).toMatchObject({ pending: 1, waiting: 0 })
  expect(heard.reclaimed).toHaveBeenCalledWith(['zap'], false)
})

test('what was answered while the clock was ahead goes on when it is set back', async () => {
  const { database, clock, sweeper, heard, runId } = await setUp()
  await sweeper.runOnce()
  clock.advance(8 * 60 * MINUTE)
  await lease(database, runId, 'now', clock.now())
  await database.write((tx) => {
    const [message] = tx.all(
      rowOf({ id: integer, leaseToken: text }),
      'SELECT id, lease_token AS leaseToken FROM outbox_message',
    )
    if (message !== undefined) returnMessage(tx, message, clock.now())
    tx.run(
      `INSERT INTO step_run (run_id, step_id, state, next_attempt_at, wait_for, wait_since, answer)
        VALUES (?, 'ask', 'waiting', ?, 'person', 0, '{}')`,
      [runId, NEVER],
    )
  })
  await sweeper.runOnce()
  clock.advance(-7 * 60 * MINUTE)
  await sweeper.runOnce()
  expect(await countOpenMessages(database.reader, clock.now())).toMatchObject({ pending: 1, waiting: 0 })
  expect(heard.reclaimed).toHaveBeenCalledWith(['zap'], false)
})

test('what steps need to remember no longer is forgotten, however much it is, and the rest stays', async () => {
  const { database, clock, sweeper } = await setUp()
  await database.write((tx) => {
    for (let n = 0; n < 450; n++) {
      const key = { zapId: 'zap', stepId: 'seen', key: String(n) }
      setStoreEntry(tx, key, '1', clock.now() + (n < 440 ? 0 : MINUTE))
    }
  })
  await sweeper.runOnce()
  expect(await database.reader('store_entry').count({ left: '*' })).toEqual([{ left: 10 }])
})

test('a look costs the same however long the history: no table is gone through', async () => {
  const { database, clock, config, runId } = await setUp()
  await lease(database, runId, 'gone', clock.now())
  const seen = new Set<string>()
  const spying: Database = {
    ...database,
    write: (operation) =>
      database.write((tx) =>
        operation({
          run: (sql, params) => {
            seen.add(sql)
            return tx.run(sql, params)
          },
          get: (row, sql, params) => {
            seen.add(sql)
            return tx.get(row, sql, params)
          },
          all: (row, sql, params) => {
            seen.add(sql)
            return tx.all(row, sql, params)
          },
          has: (sql, params) => {
            seen.add(sql)
            return tx.has(sql, params)
          },
        }),
      ),
  }
  await createSweeper({ database: spying, clock, log, processId: 'now', ...config }).runOnce()
  const plans = await database.write((tx) =>
    [...seen].flatMap((sql) => {
      const params = Array.from(sql.matchAll(/\?/g), () => 0)
      return tx.all(rowOf({ detail: text }), `EXPLAIN QUERY PLAN ${sql}`, params).map(({ detail }) => detail)
    }),
  )
  expect(seen.size).toBeGreaterThan(8)
  expect(
    plans.filter((plan) => /SCAN (run|done|outbox_message|step_run|store_entry|zap_version)\b/.test(plan)),
  ).toEqual([])
})

test('an incident is told within a second of the failure that makes it, and closes as soon', async () => {
  const { database, clock, sweeper, config, runId } = await setUp()
  const opened = vi.fn()
  config.signals.on('incidents:opened', opened)
  sweeper.start()
  await lease(database, runId, 'now', clock.now())
  const reason = { code: 'told', text: 'It failed.' } as const
  await database.write((tx) => {
    moveRun(tx, runId, 'failed', { reason, finishedAt: clock.now(), resumesAt: null })
    markDead(tx, { id: 1, crashes: 0 }, clock.now(), reason)
  })
  const ended = { runId, state: 'failed' as const, finishedAt: 0, zapIds: [], runIds: [], abandonedIds: [] }
  for (let again = 0; again < 100; again++) config.signals.emit('run:ended', ended)
  clock.advance(1_000)
  await expect.poll(() => opened.mock.calls.length).toBe(1)
  const open = async () => (await listOpenIncidents(database.reader)).length
  expect(await open()).toBe(1)
  await database.write((tx) => dismissDeadLetters(tx, undefined, clock.now()))
  config.signals.emit('run:changed', [runId])
  clock.advance(1_000)
  await expect.poll(open).toBe(0)
  await sweeper.stop()
})

test('what a step has changed is known for as long as it may be repeated, and forgotten when its run is over', async () => {
  const { database, clock, sweeper, runId } = await setUp()
  await lease(database, runId, 'now', clock.now())
  await database.write((tx) => {
    for (const by of [`${runId}:add`, `${runId}:add:3#1`, 'run_gone:add']) insertMemoryChange(tx, by, '1', clock.now())
  })
  const known = () =>
    database.write((tx) =>
      [`${runId}:add`, `${runId}:add:3#1`, 'run_gone:add'].map((by) => getMemoryChange(tx, by) !== undefined),
    )
  await sweeper.runOnce()
  expect(await known()).toEqual([true, true, true])
  clock.advance(365 * 24 * 60 * MINUTE)
  await sweeper.runOnce()
  expect(await known()).toEqual([true, true, false])
  await database.write((tx) => {
    moveRun(tx, runId, 'succeeded', { reason: null, finishedAt: clock.now(), resumesAt: null })
  })
  await sweeper.runOnce()
  expect(await known()).toEqual([false, false, false])
})
