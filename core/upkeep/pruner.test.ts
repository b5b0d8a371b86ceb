import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test, vi } from 'vitest'
import { z } from 'zod'
import { acceptEvent } from '../db/accept-event.ts'
import { REFERRING_COLUMNS } from '../db/blob-references.ts'
import { createBlobStore } from '../db/blobs.ts'
import { readSpace } from '../db/database-space.ts'
import { ENDED, findDeletedUpTo, type OldRuns } from '../db/old-runs.ts'
import type { Database } from '../db/open.ts'
import { pinSample } from '../db/pinned-samples.ts'
import { zapsThatFail } from '../db/runs.ts'
import { temporaryDatabase, temporaryFolder } from '../db/test-database.ts'
import { setEnabled, setLiveVersion } from '../db/zaps.ts'
import { firstRunId } from '../domain/host/ids.ts'
import { noFailpoint } from '../domain/runs/failpoint.ts'
import { createPruner } from './pruner.ts'
import { DAY_MS, eventIdAt, type MadeRun, makeRuns, makeZaps, NOW, OLD, oldRun, runIds } from './test-history.ts'

const ALL: readonly OldRuns[] = ENDED.map((shown) => ({
  shown,
  endedBefore: OLD,
}))
const KEYS_SINCE = NOW - 90 * DAY_MS
const watch = { isStopped: () => false, progressed: () => undefined }

async function setUp() {
  const database = temporaryDatabase()
  const folder = temporaryFolder()
  const blobs = createBlobStore(folder)
  await makeZaps(database, ['zap', 'other'])
  return { database, folder, blobs, pruner: createPruner({ database, blobs, failpoint: noFailpoint }) }
}

const isFinished = ({ state }: MadeRun): boolean => ['succeeded', 'failed', 'cancelled'].includes(state)

/** What must stay, said in another way than the database is asked. */
function mustStay(runs: readonly MadeRun[], removedZaps: readonly string[]): Set<string> {
  const stay = new Set<string>()
  const byId = new Map(runs.map((run) => [run.id, run]))
  for (const run of runs) {
    if (!isFinished(run) || (run.finishedAt ?? NOW) >= OLD || run.message === 'pending' || run.message === 'dead')
      stay.add(run.id)
    const caller = byId.get(run.parent ?? '')
    if (caller !== undefined && !isFinished(caller)) stay.add(run.id)
  }
  // Upwards from all that goes on: whom it replays, and who called it.
  for (const run of runs) {
    if (isFinished(run)) continue
    const above = [run]
    const seen = new Set<string>()
    for (let one = above.pop(); one !== undefined; one = above.pop()) {
      if (seen.has(one.id)) continue
      seen.add(one.id)
      stay.add(one.id)
      for (const id of [one.replayOf, one.parent]) {
        const next = byId.get(id ?? '')
        if (next !== undefined) above.push(next)
      }
    }
  }
  for (const zapId of new Set(runs.map((run) => run.zapId))) {
    const newest = runs.filter((run) => run.zapId === zapId && run.state === 'succeeded').at(-1)
    if (newest !== undefined && !removedZaps.includes(zapId)) stay.add(newest.id)
  }
  return stay
}

const planned = fc.array(
  fc.record({
    zapId: fc.constantFrom('zap', 'other'),
    state: fc.constantFrom('succeeded', 'failed', 'cancelled', 'running', 'waiting', 'needs-review'),
    version: fc.constantFrom(1, 2, -1, -2, -3),
    daysAgo: fc.integer({ min: 25, max: 120 }),
    message: fc.constantFrom('delivered', 'delivered', 'cancelled', 'dead', 'handled'),
    relation: fc.constantFrom('none', 'none', 'replay', 'edited replay', 'call'),
    of: fc.nat(),
    hasKey: fc.boolean(),
    steps: fc.constantFrom(1, 2, 450),
  }),
  { maxLength: 14 },
)

/** A history as plans say it, in order of time. */
function historyOf(plans: typeof planned extends fc.Arbitrary<infer T> ? T : never): MadeRun[] {
  const runs: MadeRun[] = []
  for (const [n, plan] of plans.toSorted((a, b) => b.daysAgo - a.daysAgo).entries()) {
    const of = runs[plan.of % Math.max(1, runs.length)]
    const run = oldRun(n, NOW - plan.daysAgo * DAY_MS - (plans.length - n) * 1_000, {
      zapId: plan.zapId,
      state: plan.state,
      version: plan.version,
      message: plan.message,
      steps: plan.steps,
      ...(plan.hasKey && { dedupeKey: `key ${n}` }),
    })
    const { finishedAt: _, ...unfinished } = run
    const begun: MadeRun = isFinished(run)
      ? run
      : { ...unfinished, message: plan.message === 'dead' ? 'dead' : 'pending' }
    if (of === undefined || plan.relation === 'none') runs.push(begun)
    else if (plan.relation === 'call') runs.push({ ...begun, parent: of.id })
    else if (plan.relation === 'edited replay') runs.push({ ...begun, zapId: of.zapId, replayOf: of.id })
    else {
      const { dedupeKey: _key, ...shared } = { ...begun, zapId: of.zapId, eventId: of.eventId, replayOf: of.id }
      runs.push(of.parent === undefined ? shared : { ...shared, parent: of.parent })
    }
  }
  return runs
}

async function clear(database: Database): Promise<void> {
  await database.write((tx) => {
    for (const table of ['run', 'outbox_message', 'trigger_event', 'setting', 'zap_version', 'zap'])
      tx.run(`DELETE FROM ${table}`)
  })
}

test('whatever the history, what is old goes, what is needed stays, and every reference holds', async () => {
  const { database, pruner } = await setUp()
  await fc.assert(
    fc.asyncProperty(planned, fc.boolean(), async (plans, isRemoved) => {
      await clear(database)
      await makeZaps(database, ['zap', 'other'])
      const removed = isRemoved ? ['other'] : []
      await database.write((tx) => {
        for (const id of removed) tx.run('UPDATE zap SET removed_at = 1 WHERE id = ?', [id])
      })
      const runs = historyOf(plans)
      await makeRuns(database, runs)
      const stay = mustStay(runs, removed)
      const expected = runs.map(({ id }) => id).filter((id) => stay.has(id))

      expect(await pruner.countRuns(ALL, watch)).toBe(runs.length - expected.length)
      expect(await pruner.deleteRuns(ALL, KEYS_SINCE, watch)).toBe(runs.length - expected.length)

      expect(await runIds(database)).toEqual(expected)
      expect(await database.reader.raw('PRAGMA foreign_key_check')).toEqual([])
      const { reader } = database
      expect(await reader('outbox_message').whereNotIn('run_id', expected)).toEqual([])
      for (const table of ['step_run', 'attempt'])
        expect(await reader(table).whereNotIn('run_id', expected)).toEqual([])
      expect(
        await reader.raw(`SELECT id FROM run WHERE NOT EXISTS (
        SELECT 1 FROM zap_version WHERE zap_id = run.zap_id AND number = run.version)`),
      ).toEqual([])
      // A whole journal stays, or nothing of it.
      for (const run of runs) {
        if (stay.has(run.id)) expect(await reader('step_run').where({ run_id: run.id })).toHaveLength(run.steps ?? 1)
      }
      const events: { id: string; data: string; received_at: number; dedupe_key: string | null }[] =
        await reader('trigger_event')
      const needed = new Set(runs.filter(({ id }) => stay.has(id)).map((run) => run.eventId))
      for (const event of events) {
        if (needed.has(event.id)) expect(event.data).toBe('{"n":1}')
        else expect(event.data === '' && event.dedupe_key !== null && event.received_at >= KEYS_SINCE).toBe(true)
      }
      expect(events.filter(({ id }) => needed.has(id))).toHaveLength(needed.size)
    }),
    { numRuns: 60 },
  )
})

test('a repeat of an event whose run was deleted is still a repeat, until its key is older than any sender tries again', async () => {
  const { database, pruner } = await setUp()
  const endedAt = OLD - DAY_MS
  const [first, newest] = [oldRun(1, endedAt, { dedupeKey: 'order 1' }), oldRun(2, NOW)]
  await makeRuns(database, [first, newest])
  expect(await pruner.deleteRuns(ALL, KEYS_SINCE, watch)).toBe(1)
  const repeat = (receivedAt: number) =>
    database.write((tx) =>
      acceptEvent(tx, { zapId: 'zap', version: 1, triggerStepId: 'hook', dedupeKey: 'order 1', data: {}, receivedAt }),
    )
  expect(await repeat(NOW)).toEqual({ eventId: first.eventId, runId: first.id, isDuplicate: true })
  expect(await runIds(database)).toEqual([newest.id])

  await pruner.deleteRuns(ALL, endedAt, watch)
  expect(await repeat(NOW)).toMatchObject({ isDuplicate: false })
})

test('keys that stay take no more room than they need, however large their events were', async () => {
  const { database, pruner } = await setUp()
  const data = JSON.stringify('x'.repeat(1_700))
  const old = Array.from({ length: 400 }, (_, n) =>
    oldRun(n, OLD - DAY_MS + n * 1_000, { dedupeKey: `order ${n}`, data }),
  )
  await makeRuns(database, [...old, oldRun(1_000, NOW)])
  const bytes = async (): Promise<number> => {
    const [row] = await database.reader.raw(`SELECT sum(pgsize) AS bytes FROM dbstat WHERE name = 'trigger_event'`)
    return z.object({ bytes: z.number() }).parse(row).bytes
  }
  expect(await bytes()).toBeGreaterThan(400 * 1_700)
  expect(await pruner.deleteRuns(ALL, KEYS_SINCE, watch)).toBe(400)
  // Two of the events filled a page, and of their keys forty do.
  expect(await bytes()).toBeLessThan(400 * 300)
})

test('a run of many thousand rounds goes in parts, and goes on where a part was the last thing that happened', async () => {
  const { database, pruner } = await setUp()
  const [large, newest] = [oldRun(1, OLD - DAY_MS, { steps: 5_000 }), oldRun(2, NOW)]
  await makeRuns(database, [large, newest])
  let parts = 0
  const write = vi.spyOn(database, 'write')
  await pruner.deleteRuns(ALL, KEYS_SINCE, { ...watch, isStopped: () => parts++ > 1 })
  await pruner.deleteRuns(ALL, KEYS_SINCE, watch)
  expect(await runIds(database)).toEqual([newest.id])
  expect(await database.reader('step_run').where({ run_id: large.id })).toEqual([])
  expect(write.mock.calls.length).toBeGreaterThan(2)
})

test('a stopped deletion keeps what it has not come to, and notes up to where it came', async () => {
  const { database, pruner } = await setUp()
  const runs = Array.from({ length: 2_000 }, (_, n) => oldRun(n, OLD - DAY_MS + n * 1_000))
  await makeRuns(database, runs)
  let done = 0
  const stopping = {
    isStopped: () => done > 0,
    progressed(now: number) {
      done = now
    },
  }
  expect(await pruner.deleteRuns(ALL, KEYS_SINCE, stopping)).toBe(done)
  expect(done).toBeGreaterThan(0)
  const left = await runIds(database)
  expect(left).toEqual(runs.map(({ id }) => id).slice(done))
  expect(await findDeletedUpTo(database.reader)).toBe(runs[done - 1]?.id)
})

test('failures are still counted from the last success, when that is older than successes are kept', async () => {
  const { database, pruner } = await setUp()
  await database.write((tx) => {
    setLiveVersion(tx, 'zap', 1, 0)
    setEnabled(tx, 'zap', true, 0)
  })
  const failed = { state: 'failed', message: 'handled' } as const
  const success = oldRun(4, OLD - 2 * DAY_MS)
  await makeRuns(
    database,
    [1, 2, 3].map((n) => oldRun(n, OLD - 3 * DAY_MS + n, failed)),
  )
  await makeRuns(database, [success, oldRun(5, NOW, failed)])
  await pruner.deleteRuns([{ shown: 'succeeded', endedBefore: OLD }], KEYS_SINCE, watch)
  expect(await database.write((tx) => zapsThatFail(tx, 2))).toEqual([])
  expect(await runIds(database)).toContain(success.id)
})

test('large values go when nothing refers to them, and not before', async () => {
  const { database, folder, pruner } = await setUp()
  const names = ['only-old', 'old-and-new', 'pinned', 'nobody'] as const
  const hashes = Object.fromEntries(names.map((name, n) => [name, String(n).repeat(64)]))
  for (const hash of Object.values(hashes)) writeFileSync(join(folder, hash), 'x'.repeat(1_000))
  writeFileSync(join(folder, 'unfinished.part'), 'x')
  const refer = (name: (typeof names)[number]): string =>
    JSON.stringify({ body: { $blob: hashes[name], bytes: 1_000, type: 'text' } })
  await makeRuns(database, [
    oldRun(1, OLD - DAY_MS, { data: refer('only-old') }),
    oldRun(2, OLD - DAY_MS + 1, { data: refer('old-and-new') }),
    oldRun(3, NOW, { data: refer('old-and-new') }),
  ])
  await database.write((tx) => {
    pinSample(tx, { zapId: 'zap', stepId: 'hook', data: refer('pinned'), origin: 'written', runId: null, now: NOW })
  })
  const there = () => names.filter((name) => existsSync(join(folder, hashes[name] ?? '')))

  expect(await pruner.deleteBlobs(watch)).toEqual({ freed: 1_000, isWhole: true })
  expect(there()).toEqual(['only-old', 'old-and-new', 'pinned'])
  await pruner.deleteRuns(ALL, KEYS_SINCE, watch)
  const backingUp = vi.spyOn(database, 'isBackingUp').mockReturnValue(true)
  expect(await pruner.deleteBlobs(watch)).toEqual({ freed: 0, isWhole: false })
  backingUp.mockRestore()
  expect(await pruner.deleteBlobs(watch)).toEqual({ freed: 1_000, isWhole: true })
  expect(there()).toEqual(['old-and-new', 'pinned'])
  expect(existsSync(join(folder, 'unfinished.part'))).toBe(true)
})

test('a value that was kept a moment ago stays, as its reference may not be stored yet', async () => {
  const { blobs, pruner } = await setUp()
  const value = await blobs.keep(['a large text'], 'text')
  expect(await pruner.deleteBlobs(watch)).toEqual({ freed: 0, isWhole: true })
  expect((await blobs.read(value)).toString()).toBe('a large text')
})

/** Text columns in which no value of a run can stand. */
const WITHOUT_VALUES =
  /^(app|app_operation|app_part|app_search|schedule|poll_cursor|subscription|folder_watch|watched_file|credential|setting|data_table|data_key|data_key_entry|file_change|incident|test_run|webhook_request|attempt|relayed_message|taken_event|stored_object)\.|_id$|\.by_(zap|run)$|\.(id|by|name|kind|state|mode|reason|note|key|scope|ports|permissions|message|decision|choice|via|origin|wait_for|waits_for|outcome|shown|ends_run|dedupe_key|lease_token|last_error|reason_code|reason_data)$/

test('every column that may hold a value is looked through for references', async () => {
  const { database } = await setUp()
  const columns: { name: string }[] = await database.reader.raw(
    `SELECT master.name || '.' || info.name AS name FROM sqlite_master AS master, pragma_table_info(master.name) AS info
      WHERE master.type = 'table' AND master.name NOT LIKE 'sqlite_%' AND info.type = 'TEXT'`,
  )
  const others = columns.map(({ name }) => name).filter((name) => !WITHOUT_VALUES.test(name))
  expect(others.toSorted()).toEqual(REFERRING_COLUMNS.toSorted())
})

test('the database gives back what deleted runs took, and everything in it stays as it was', async () => {
  const { database, pruner } = await setUp()
  const data = JSON.stringify({ text: 'x'.repeat(3_000) })
  const runs = Array.from({ length: 600 }, (_, n) => oldRun(n, OLD - DAY_MS + n * 1_000, { data }))
  const kept = Array.from({ length: 50 }, (_, n) => oldRun(1_000 + n, NOW + n, { data }))
  await makeRuns(database, [...runs, ...kept])
  await pruner.deleteRuns(ALL, KEYS_SINCE, watch)
  await database.checkpoint()
  const before = await readSpace(database)
  expect(before).toMatchObject({ canShrink: true })
  expect(before.freeBytes).toBeGreaterThan(2_000_000)

  const told: number[] = []
  const freed = await pruner.shrink({ ...watch, progressed: (bytes) => told.push(bytes) })
  const after = await readSpace(database)
  expect(freed).toBe(before.freeBytes)
  expect(told.at(-1)).toBe(freed)
  expect(after.freeBytes).toBe(0)
  expect(after.bytes).toBeLessThan(before.bytes - 2_000_000)
  expect(await database.reader.raw('PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }])
  expect(await runIds(database)).toEqual(kept.map(({ id }) => id))
})

test('a called run that has not begun keeps its caller', async () => {
  const { database, pruner } = await setUp()
  const caller = oldRun(1, OLD - DAY_MS, { zapId: 'other', state: 'failed' })
  await makeRuns(database, [caller])
  await database.write((tx) =>
    acceptEvent(tx, {
      zapId: 'zap',
      version: 1,
      triggerStepId: 'hook',
      dedupeKey: null,
      data: {},
      receivedAt: OLD,
      caller: { runId: caller.id, depth: 0 },
    }),
  )
  expect(await pruner.deleteRuns(ALL, KEYS_SINCE, watch)).toBe(0)
  expect(firstRunId(eventIdAt(caller.startedAt, 1))).toBe(caller.id)
})
