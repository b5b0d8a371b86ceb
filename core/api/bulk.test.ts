import { expect, test } from 'vitest'
import type { BulkJob } from '../contract/values.ts'
import { acceptEvent } from '../db/accept-event.ts'
import { openDatabase } from '../db/open.ts'
import { insertRun, moveRun } from '../db/runs.ts'
import { temporaryFolder } from '../db/test-database.ts'
import { enableZap, type TestClient, testApp } from '../test-app.ts'

const zap = {
  steps: [
    { id: 'go', uses: 'manual.run', input: {} },
    { id: 'set', uses: 'data.set', input: { fields: { n: '{{ go.n }}' } } },
  ],
  edges: [{ from: 'go', to: 'set' }],
}

/** An app whose history holds a zap with so many failed runs, the oldest first. */
async function withFailedRuns(count: number) {
  const dataDir = temporaryFolder()
  const first = await testApp({ dataDir })
  const zapId = await enableZap(first.client, zap)
  await first.app.stop()
  const database = openDatabase(dataDir)
  const runIds = await database.write((tx) =>
    Array.from({ length: count }, (_, n) => {
      const event = { zapId, version: 1, triggerStepId: 'go', dedupeKey: null, data: { n }, receivedAt: n }
      const { runId, eventId } = acceptEvent(tx, event)
      tx.run(`UPDATE outbox_message SET state = 'cancelled', settled_at = 0 WHERE run_id = ?`, [runId])
      insertRun(tx, { id: runId, zapId, version: 1, eventId, now: n })
      moveRun(tx, runId, 'failed', { reason: null, finishedAt: n, resumesAt: null })
      return runId
    }),
  )
  await database.close()
  const { client, app } = await testApp({ dataDir })
  return { client, app, zapId, runIds }
}

/** Hears of a job until it has ended, beginning it once the stream is there. */
async function jobEvents(client: TestClient, begin: () => Promise<BulkJob>, each?: (job: BulkJob) => void) {
  const events = await client.events.watch()
  const seen: BulkJob[] = []
  let id: string | undefined
  for await (const event of events) {
    id ??= (await begin()).id
    if (event.type !== 'bulk' || event.job.id !== id) continue
    seen.push(event.job)
    each?.(event.job)
    if (event.job.state !== 'running') return seen
  }
  return seen
}

test('thousands of runs are replayed with progress, each once, the oldest first', async () => {
  const { client, zapId, runIds } = await withFailedRuns(2_000)
  const seen = await jobEvents(client, () =>
    client.bulk.start({ action: 'replay', filter: { zapId, status: 'failed' } }),
  )
  expect(seen.at(-1)).toMatchObject({ state: 'done', total: 2_000, processed: 2_000, skipped: 0 })
  expect(seen.length).toBeGreaterThan(1)
  const processed = seen.map((job) => job.processed)
  expect(processed).toEqual(processed.toSorted((a, b) => a - b))
  await expect
    .poll(async () => (await client.zaps.list()).find((row) => row.id === zapId)?.last24h.succeeded, {
      timeout: 15_000,
    })
    .toBe(1_000) // as far as the list counts
  await expect.poll(async () => (await client.outbox.stats()).pending + (await client.outbox.stats()).leased).toBe(0)
  const replays: string[] = []
  for (let cursor: string | undefined; ; ) {
    const page = await client.runs.list({ zapId, status: 'succeeded', limit: 500, cursor })
    replays.push(...page.runs.map((run) => run.replayOf ?? ''))
    if (page.next === null) break
    cursor = page.next
  }
  expect(replays.toSorted()).toEqual(runIds.toSorted())
})

test('a job that is cancelled stops soon, and what it did stays done', async () => {
  const { client, zapId } = await withFailedRuns(1_000)
  const job = await client.bulk.start({ action: 'replay', filter: { zapId } })
  await client.bulk.cancel({ id: job.id })
  const ended = async () => (await client.bulk.list()).find(({ id }) => id === job.id)
  await expect.poll(async () => (await ended())?.state).toBe('cancelled')
  const { processed = 0 } = (await ended()) ?? {}
  expect(processed).toBeLessThan(1_000)
  await expect.poll(async () => (await client.outbox.stats()).delivered).toBe(processed)
})

test('runs that cannot be replayed are counted as such, and keep nobody', async () => {
  const { client, app, runIds } = await withFailedRuns(3)
  await client.runs.replay({ id: runIds[0] ?? '' })
  await expect.poll(async () => (await client.outbox.stats()).delivered).toBe(1)
  await app.setPaused(true)
  const { runId } = await client.zaps.run({
    id: (await client.runs.get({ id: runIds[0] ?? '' })).run.zapId,
    source: 'live',
  })
  const seen = await jobEvents(client, () =>
    client.bulk.start({ action: 'replay', ids: [...runIds, runId, 'run_nothing'] }),
  )
  const leftOut = { replayed: 1, tests: 0 }
  expect(seen.at(-1)).toMatchObject({ state: 'done', total: 4, processed: 4, skipped: 2, leftOut })
})

test('what was replayed, and tests, are left out of a replay and counted, until somebody wants them', async () => {
  const { client, zapId, runIds } = await withFailedRuns(3)
  const [first = '', ...others] = runIds
  const { runId: replay } = await client.runs.replay({ id: first })
  const tried = await client.zaps.run({ id: zapId, source: 'draft', input: { n: 1 } })
  await expect.poll(async () => (await client.runs.get({ id: tried.runId })).run.status).toBe('succeeded')
  await expect.poll(async () => (await client.runs.get({ id: replay })).run.status).toBe('succeeded')

  const failed = await client.runs.list({ zapId, status: 'failed' })
  expect(failed.runs.map((run) => run.id).toSorted()).toEqual(others.toSorted())
  const end = { id: replay, status: 'succeeded' }
  const known = { id: first, status: 'failed', replays: [end], replayedAs: end }
  expect((await client.runs.list({ zapId, status: 'replayed' })).runs).toMatchObject([known])

  // The run, its replay and the test: of the three only the replay stands for itself.
  const ids = [first, replay, tried.runId]
  const job = (await jobEvents(client, () => client.bulk.start({ action: 'replay', ids }))).at(-1)
  expect(job).toMatchObject({ total: 1, skipped: 0, leftOut: { replayed: 1, tests: 1 } })
  const again = await jobEvents(client, () =>
    client.bulk.start({ action: 'replay', ids, include: ['replayed', 'tests'] }),
  )
  expect(again.at(-1)).toMatchObject({ total: 3, skipped: 0, leftOut: { replayed: 0, tests: 0 } })
})

test('two jobs over the same runs replay each of them once', async () => {
  const { client, zapId } = await withFailedRuns(120)
  const asked = { action: 'replay', filter: { zapId, status: 'failed' } } as const
  const jobs = await Promise.all([client.bulk.start(asked), client.bulk.start(asked)])
  const ended = async () => (await client.bulk.list()).filter((job) => jobs.some(({ id }) => id === job.id))
  await expect.poll(async () => (await ended()).map((job) => job.state)).toEqual(['done', 'done'])
  const total = (await ended()).reduce((sum, job) => sum + job.processed - job.skipped, 0)
  expect(total).toBe(120)
  const { runs } = await client.runs.list({ zapId, status: 'replayed', limit: 500 })
  expect(runs.map((run) => run.replays.length)).toEqual(Array.from({ length: 120 }, () => 1))
})

test('what waits, is under way or has not begun is cancelled together; what ended stays', async () => {
  const { client, app, zapId } = await withFailedRuns(2)
  const resting = await enableZap(client, {
    name: 'Resting',
    steps: [
      { id: 'go', uses: 'manual.run', input: {} },
      { id: 'wait', uses: 'logic.delay', input: { for: '1h' } },
    ],
    edges: [{ from: 'go', to: 'wait' }],
  })
  const waiting = (await client.zaps.run({ id: resting, source: 'live', input: {} })).runId
  await expect.poll(async () => (await client.runs.get({ id: waiting })).run.waitsFor).toBe('time')
  await app.setPaused(true)
  const unbegun = (await client.zaps.run({ id: zapId, source: 'live', input: {} })).runId
  const seen = await jobEvents(client, () => client.bulk.start({ action: 'cancel', filter: {} }))
  expect(seen.at(-1)).toMatchObject({ state: 'done', total: 2, skipped: 0 })
  for (const id of [waiting, unbegun]) expect((await client.runs.get({ id })).run.status).toBe('cancelled')
  expect((await client.runs.list({ status: 'failed' })).runs).toHaveLength(2)
  expect(await client.outbox.stats()).toMatchObject({ pending: 0, leased: 0 })
})

test('a job over what a filter finds keeps to its time, and takes no text and nothing unknown', async () => {
  const { client, runIds } = await withFailedRuns(2)
  const later = new Date(Date.now() + 60_000).toISOString()
  const nothing = await client.bulk.start({ action: 'replay', filter: { status: 'failed', since: later } })
  expect(nothing.total).toBe(0)
  expect((await client.bulk.start({ action: 'cancel', filter: { status: 'waiting', since: later } })).total).toBe(0)
  const both = await client.bulk.start({ action: 'replay', filter: { status: 'failed', until: later } })
  expect(both.total).toBe(runIds.length)
  const withText = { action: 'replay', filter: { status: 'failed', text: 'x' } } as const
  await expect(client.bulk.start(withText)).rejects.toThrow('have to be named')
  // As a newer screen could send it: what this host does not know must not let through more.
  const unknown = { status: 'failed', sender: 'x' } as { status: 'failed' }
  await expect(client.bulk.start({ action: 'replay', filter: unknown })).rejects.toThrow()
})

test('a job names either runs or a filter', async () => {
  const { client } = await testApp()
  await expect(client.bulk.start({ action: 'replay' })).rejects.toThrow('either the runs or a filter')
  await expect(client.bulk.start({ action: 'replay', ids: [], filter: {} })).rejects.toThrow('either')
  await expect(client.bulk.cancel({ id: 'job_nothing' })).rejects.toThrow('no job job_nothing')
})
