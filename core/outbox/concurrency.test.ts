import { expect, test } from 'vitest'
import { manualClock } from '../domain/time/clock.ts'
import type { Json } from '../domain/values/json.ts'
import type { ZapSettings } from '../domain/zap/zap-file.ts'
import { enableZap, type TestClient, testApp, testServer } from '../test-app.ts'

const edge = (from: string, to: string) => ({ from, to })
const manual = { id: 'go', uses: 'manual.run', input: {} }

/** A target that answers a call when the test says so. */
async function heldTarget() {
  const calls: { n: number; answer(status?: number): void }[] = []
  const url = await testServer((request, response) => {
    const { n } = JSON.parse(request.body) as { n: number } // the zaps of these tests send nothing else
    calls.push({
      n,
      answer(status = 200) {
        response.statusCode = status
        response.end('{}')
      },
    })
  })
  const arrived = async (numbers: number[]) => {
    await expect.poll(() => calls.map((call) => call.n)).toEqual(numbers)
    return calls
  }
  return { url, calls, arrived }
}

/** A zap that calls the target and waits for its answer. */
const calling = (url: string, settings: ZapSettings) => ({
  settings,
  steps: [
    manual,
    {
      id: 'call',
      uses: 'http.request',
      input: { method: 'POST', url, body: '{{ go }}' },
      settings: { retry: { baseMs: 200 } },
    },
  ],
  edges: [edge('go', 'call')],
})

/** A zap that rests for an hour. */
const resting = (settings: ZapSettings) => ({
  settings,
  steps: [
    manual,
    { id: 'wait', uses: 'logic.delay', input: { for: '1h' } },
    { id: 'done', uses: 'data.set', input: { fields: { n: '{{ go.n }}' } } },
  ],
  edges: [edge('go', 'wait'), edge('wait', 'done')],
})

const fire = async (client: TestClient, id: string, input: Json): Promise<string> =>
  (await client.zaps.run({ id, source: 'live', input })).runId
const summaryOf = async (client: TestClient, id: string) => (await client.runs.get({ id })).run
const becomes = (client: TestClient, id: string, status: string) =>
  expect.poll(async () => (await summaryOf(client, id)).status).toBe(status)
const rests = (client: TestClient, id: string) =>
  expect.poll(async () => (await summaryOf(client, id)).waitsFor).toBe('time')
const skippedBy = async (client: TestClient, id: string) => (await client.zaps.get({ id })).skippedEvents

test('restart: a newer event ends the run that is under way, and runs itself', async () => {
  const { client } = await testApp()
  const target = await heldTarget()
  const id = await enableZap(client, calling(target.url, { concurrency: 'restart' }))
  const first = await fire(client, id, { n: 1 })
  await target.arrived([1])
  const second = await fire(client, id, { n: 2 })
  await target.arrived([1, 2])
  expect(await summaryOf(client, first)).toMatchObject({
    status: 'cancelled',
    reason: 'A newer event took its place.',
  })
  target.calls[1]?.answer()
  await becomes(client, second, 'succeeded')
  expect(await skippedBy(client, id)).toBe(0)
})

test('restart: a run that rests ends as well, and of several newer events the newest runs', async () => {
  const clock = manualClock(1_000_000_000)
  const { app, client } = await testApp({ clock })
  const id = await enableZap(client, resting({ concurrency: 'restart' }))
  const first = await fire(client, id, { n: 1 })
  await rests(client, first)
  await app.setPaused(true)
  const newer = [await fire(client, id, { n: 2 }), await fire(client, id, { n: 3 }), await fire(client, id, { n: 4 })]
  await app.setPaused(false)
  await rests(client, newer[2] ?? '')
  expect(await summaryOf(client, first)).toMatchObject({ status: 'cancelled', reason: 'A newer event took its place.' })
  for (const passedOver of newer.slice(0, 2)) {
    expect(await summaryOf(client, passedOver)).toMatchObject({
      status: 'cancelled',
      reason: 'Not begun: a newer event took its place.',
    })
  }
  expect(await skippedBy(client, id)).toBe(2)
  clock.advance(3_600_000)
  await becomes(client, newer[2] ?? '', 'succeeded')
  expect(await client.outbox.stats()).toMatchObject({ pending: 0, leased: 0 })
})

test('skip: events that come during a run are counted and told of, and the next one after it runs', async () => {
  const clock = manualClock(1_000_000_000)
  const { client } = await testApp({ clock })
  const id = await enableZap(client, resting({ concurrency: 'skip' }))
  const first = await fire(client, id, { n: 1 })
  await rests(client, first)
  const skipped = [await fire(client, id, { n: 2 }), await fire(client, id, { n: 3 })]
  for (const runId of skipped) {
    await becomes(client, runId, 'cancelled')
    expect((await summaryOf(client, runId)).reason).toBe('Not begun: another run of this zap was not finished.')
  }
  expect(await skippedBy(client, id)).toBe(2)
  clock.advance(3_600_000)
  await becomes(client, first, 'succeeded')
  const next = await fire(client, id, { n: 4 })
  await rests(client, next)
  expect((await client.runs.list({ zapId: id })).runs.map((run) => run.status)).toEqual([
    'waiting',
    'cancelled',
    'cancelled',
    'succeeded',
  ])
})

test('skip: of several events that wait together the first runs', async () => {
  const { app, client } = await testApp()
  const target = await heldTarget()
  const id = await enableZap(client, calling(target.url, { concurrency: 'skip' }))
  await app.setPaused(true)
  for (const n of [1, 2, 3]) await fire(client, id, { n })
  await app.setPaused(false)
  await target.arrived([1])
  await expect.poll(() => skippedBy(client, id)).toBe(2)
  target.calls[0]?.answer()
  await expect.poll(async () => (await client.outbox.stats()).leased).toBe(0)
  expect(target.calls).toHaveLength(1)
})

test('a step that calls a zap which skips its event goes on, and hears why', async () => {
  const clock = manualClock(1_000_000_000)
  const { client } = await testApp({ clock })
  const called = await enableZap(client, { name: 'Called', ...resting({ concurrency: 'skip' }) })
  await rests(client, await fire(client, called, { n: 1 }))
  const caller = await enableZap(client, {
    steps: [manual, { id: 'call', uses: 'logic.call-zap', input: { zap: called, input: {}, wait: true } }],
    edges: [edge('go', 'call')],
  })
  const runId = await fire(client, caller, {})
  await becomes(client, runId, 'failed')
  expect((await summaryOf(client, runId)).reason).toContain('another run of this zap was not finished')
})

test('queued: runs come in order of arrival, and one that waits holds the others', async () => {
  const clock = manualClock(1_000_000_000)
  const { client } = await testApp({ clock })
  const id = await enableZap(client, resting({ concurrency: 'queued' }))
  const runIds: string[] = []
  for (const n of [1, 2, 3]) runIds.push(await fire(client, id, { n }))
  for (const [index, runId] of runIds.entries()) {
    await rests(client, runId)
    for (const later of runIds.slice(index + 1)) {
      expect(await summaryOf(client, later)).toMatchObject({ status: 'waiting', waitsFor: null })
    }
    clock.advance(3_600_000)
    await becomes(client, runId, 'succeeded')
  }
})

test('queued: a retry at the head holds the others, so that their order is kept', async () => {
  const { client } = await testApp()
  const target = await heldTarget()
  const id = await enableZap(client, calling(target.url, { concurrency: 'queued' }))
  await fire(client, id, { n: 1 })
  await fire(client, id, { n: 2 })
  await target.arrived([1])
  target.calls[0]?.answer(503)
  await target.arrived([1, 1])
  target.calls[1]?.answer()
  await target.arrived([1, 1, 2])
  target.calls[2]?.answer()
})

test('parallel: no more than so many runs at once, and each that ends makes room', async () => {
  const { client } = await testApp()
  const target = await heldTarget()
  const id = await enableZap(client, calling(target.url, { concurrency: 'parallel', maxParallel: 2 }))
  for (let n = 1; n <= 5; n++) await fire(client, id, { n })
  for (let ended = 0; ended < 5; ended++) {
    await expect.poll(() => target.calls.length).toBe(Math.min(5, ended + 2))
    expect((await client.outbox.stats()).leased).toBeLessThanOrEqual(2)
    target.calls[ended]?.answer()
    await expect.poll(async () => (await client.outbox.stats()).delivered).toBe(ended + 1)
  }
})

test('a zap whose every run fails and is tried again does not slow the others', async () => {
  const { client } = await testApp()
  const target = await heldTarget()
  const url = await testServer((_request, response) => {
    response.statusCode = 500
    response.end()
  })
  const bad = await enableZap(client, { name: 'Bad', ...calling(url, {}) })
  for (let n = 0; n < 200; n++) await fire(client, bad, { n })
  const good = await enableZap(client, { name: 'Good', ...calling(target.url, {}) })
  const began = performance.now()
  const runId = await fire(client, good, { n: 1 })
  await target.arrived([1])
  target.calls[0]?.answer()
  await becomes(client, runId, 'succeeded')
  expect(performance.now() - began).toBeLessThan(10_000)
})
