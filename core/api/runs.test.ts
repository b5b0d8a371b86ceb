import { expect, test } from 'vitest'
import { openDatabase } from '../db/open.ts'
import { insertRun, moveRun } from '../db/runs.ts'
import { temporaryFolder } from '../db/test-database.ts'
import { insertEvent } from '../db/trigger-events.ts'
import { encodeTimeAsId } from '../domain/host/ids.ts'
import { enableZap, testApp } from '../test-app.ts'

const zap = { steps: [{ id: 'go', uses: 'manual.run', input: {} }], edges: [] }

test('a run can be shown and cancelled from the moment that its event is accepted', async () => {
  const { app, client } = await testApp()
  const id = await enableZap(client, zap)
  await app.setPaused(true)
  const { runId } = await client.zaps.run({ id, source: 'live', input: { n: 1 } })
  const { run, steps } = await client.runs.get({ id: runId })
  expect(run).toMatchObject({ id: runId, zapId: id, status: 'waiting', reason: 'Waits for its turn.' })
  expect(steps).toMatchObject([{ step: 'go', status: 'succeeded', output: { n: 1 } }])
  expect((await client.runs.cancel({ id: runId })).status).toBe('cancelled')
  expect(await client.outbox.stats()).toMatchObject({ pending: 0, leased: 0 })
  await app.setPaused(false)
  expect((await client.runs.list({})).runs).toMatchObject([{ id: runId, status: 'cancelled' }])
})

test('a run that is not there is said to be not there', async () => {
  const { client } = await testApp()
  await expect(client.runs.get({ id: 'run_nothing' })).rejects.toThrow('There is no run run_nothing.')
  await expect(client.runs.cancel({ id: 'run_nothing' })).rejects.toThrow('There is no run run_nothing.')
  await expect(client.runs.replay({ id: 'run_nothing' })).rejects.toThrow('There is no run run_nothing.')
})

test('what a step got or gave is there whole where the run itself has only a reference', async () => {
  const { client } = await testApp()
  const keep = { id: 'keep', uses: 'data.set', input: { fields: { all: '{{ go.rows }}' } } }
  const id = await enableZap(client, { steps: [...zap.steps, keep], edges: [{ from: 'go', to: 'keep' }] })
  const rows = Array.from({ length: 30_000 }, (_, n) => `row ${n}`)
  const { runId } = await client.zaps.run({ id, source: 'live', input: { rows } })
  await expect.poll(async () => (await client.runs.get({ id: runId })).run.status).toBe('succeeded')
  const { steps } = await client.runs.get({ id: runId })
  for (const { output } of steps) expect(output).toMatchObject({ $blob: expect.any(String), type: 'value' })
  expect(await client.runs.value({ id: runId, step: 'go', of: 'output' })).toEqual({ rows })
  expect(await client.runs.value({ id: runId, step: 'keep', of: 'input' })).toEqual({ fields: { all: rows } })
  expect(await client.runs.value({ id: runId, step: 'keep', of: 'output' })).toEqual({ all: rows })
  await expect(client.runs.value({ id: runId, step: 'go', of: 'input' })).rejects.toThrow('"go" got nothing')
  await expect(client.runs.value({ id: runId, step: 'none', of: 'output' })).rejects.toThrow('"none" returned nothing')
})

test('pages of runs follow each other without gap or repeat, with and without a filter', async () => {
  const { client } = await testApp()
  const id = await enableZap(client, zap)
  const started: string[] = []
  for (let n = 0; n < 7; n++) started.push((await client.zaps.run({ id, source: 'live', input: {} })).runId)
  await expect.poll(async () => (await client.outbox.stats()).delivered).toBe(7)
  for (const filter of [
    {},
    { zapId: id },
    { status: 'succeeded' as const },
    { zapId: id, status: 'succeeded' as const },
  ]) {
    const seen: string[] = []
    let cursor: string | null = null
    do {
      const page: Awaited<ReturnType<typeof client.runs.list>> = await client.runs.list({
        ...filter,
        limit: 3,
        ...(cursor === null ? {} : { cursor }),
      })
      seen.push(...page.runs.map((run) => run.id))
      cursor = page.next
    } while (cursor !== null)
    expect(seen).toEqual(started.toReversed())
  }
  expect((await client.runs.list({ status: 'failed' })).runs).toEqual([])
})

test('cancelling a run cancels the run that it waits for, and all that hang on it, but none that it only started', async () => {
  const { client } = await testApp()
  const go = { id: 'go', uses: 'manual.run', input: {} }
  const sleeps = { id: 'sleep', uses: 'logic.delay', input: { for: '1h' } }
  const calls = (id: string, zapId: string, wait: boolean) => ({
    id,
    uses: 'logic.call-zap',
    input: { zap: zapId, wait },
  })
  const chain = (...ids: string[]) => ids.slice(1).map((to, at) => ({ from: ids[at] ?? '', to }))
  const deepest = await enableZap(client, { steps: [go, sleeps], edges: chain('go', 'sleep') })
  const middle = await enableZap(client, { steps: [go, calls('call', deepest, true)], edges: chain('go', 'call') })
  const aside = await enableZap(client, { steps: [go, sleeps], edges: chain('go', 'sleep') })
  const top = await enableZap(client, {
    steps: [go, calls('start', aside, false), calls('call', middle, true)],
    edges: chain('go', 'start', 'call'),
  })
  const { runId } = await client.zaps.run({ id: top, source: 'live', input: {} })
  const states = async () => {
    const { runs } = await client.runs.list({})
    const of = (zapId: string) => runs.find((run) => run.zapId === zapId)
    return [top, middle, deepest, aside].map((zapId) => of(zapId)?.waitsFor ?? of(zapId)?.status)
  }
  await expect.poll(states).toEqual(['run', 'run', 'time', 'time'])
  await client.runs.cancel({ id: runId })
  await expect.poll(states).toEqual(['cancelled', 'cancelled', 'cancelled', 'time'])
  expect(await client.outbox.stats()).toMatchObject({ leased: 0, pending: 1 })
})

/** A zap with runs at fixed times, from before this one started; gives their ids, the oldest first. */
async function withRunsAt(times: readonly string[]) {
  const dataDir = temporaryFolder()
  const first = await testApp({ dataDir })
  const zapId = await enableZap(first.client, zap)
  await first.app.stop()
  const database = openDatabase(dataDir)
  const ids = times.map((time) => encodeTimeAsId('run', Date.parse(time)))
  await database.write((tx) => {
    for (const [at, id] of ids.entries()) {
      const eventId = id.replace('run_', 'evt_')
      const event = { id: eventId, zapId, triggerStepId: 'go', dedupeKey: null, data: `{"at":"no. ${at}."}` }
      insertEvent(tx, { ...event, receivedAt: at, parentRunId: null, depth: 0 })
      insertRun(tx, { id, zapId, version: 1, eventId, now: Date.parse(times[at] ?? '') })
      moveRun(tx, id, 'failed', { reason: null, finishedAt: at, resumesAt: null })
    }
  })
  await database.close()
  return { ...(await testApp({ dataDir })), zapId, ids }
}

const TIMES = ['2026-11-01T00:00:00.000Z', '2026-11-02T09:30:00.000Z', '2026-11-03T00:00:00.000Z']

test('runs are listed by when they came in: from a time on, and before another', async () => {
  const { client, zapId, ids } = await withRunsAt(TIMES)
  const [first, second, third] = ids
  const list = async (filter: Parameters<typeof client.runs.list>[0]) =>
    (await client.runs.list(filter)).runs.map((run) => run.id)
  expect(await list({ since: TIMES[1] })).toEqual([third, second])
  expect(await list({ until: TIMES[1] })).toEqual([first])
  expect(await list({ zapId, status: 'failed', since: TIMES[0], until: TIMES[2] })).toEqual([second, first])
  expect(await list({ since: TIMES[2], until: TIMES[0] })).toEqual([])
  const page = await client.runs.list({ until: TIMES[2], limit: 1 })
  expect(page).toMatchObject({ runs: [{ id: second }], next: second, searchedTo: null })
  expect(await list({ until: TIMES[2], cursor: second })).toEqual([first])
  await expect(client.runs.list({ since: 'yesterday' })).rejects.toThrow()
})

test('runs are found by a text, and a run that changed is tested like those of the list', async () => {
  const { client, ids } = await withRunsAt(TIMES)
  const page = await client.runs.list({ text: 'NO. 1.' })
  expect(page).toMatchObject({ runs: [{ id: ids[1] }], next: null, searchedTo: TIMES[0] })
  expect(await client.runs.matching({ ids, filter: { text: 'no. 1.' } })).toEqual({ ids: [ids[1]] })
  expect(await client.runs.matching({ ids, filter: { text: 'no.', since: TIMES[1] } })).toEqual({
    ids: [ids[2], ids[1]],
  })
  expect(await client.runs.matching({ ids: [...ids, 'run_nothing'], filter: { status: 'succeeded' } })).toEqual({
    ids: [],
  })
})
