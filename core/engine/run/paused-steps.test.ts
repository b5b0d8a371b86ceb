import { expect, test } from 'vitest'
import { manualClock } from '../../domain/time/clock.ts'
import type { Json } from '../../domain/values/json.ts'
import type { Stepping } from '../../domain/zap/stepping.ts'
import type { ZapFile } from '../../domain/zap/zap-file.ts'
import { enableZap, type TestClient, testApp, testServer } from '../../test-app.ts'
import { PAUSE_MS } from './paused-steps.ts'

const set = (id: string, value: Json) => ({ id, uses: 'data.set', input: { fields: { value } } })
const go = { id: 'go', uses: 'manual.run', input: { fields: { n: 7 } } }
const edge = (from: string, to: string, port?: string) => (port === undefined ? { from, to } : { from, to, port })
const each: Stepping = { pauses: 'every-step', breakpoints: [] }
const at = (...breakpoints: string[]): Stepping => ({ pauses: 'breakpoints', breakpoints })

async function draftOf(client: TestClient, zap: Pick<ZapFile, 'steps' | 'edges' | 'settings'>): Promise<string> {
  return (await client.zaps.create({ draft: { format: 'hookline/zap@1', name: 'Draft', ...zap } })).id
}

/** Waits until a run is in a state, and gives it. */
async function until(client: TestClient, runId: string, ...states: string[]) {
  await expect.poll(async () => (await client.runs.get({ id: runId })).run.status).toBeOneOf(states)
  return client.runs.get({ id: runId })
}

async function paused(client: TestClient, runId: string) {
  await expect.poll(async () => (await client.runs.get({ id: runId })).paused).not.toBeNull()
  return client.runs.get({ id: runId })
}

const statuses = (detail: Awaited<ReturnType<typeof paused>>) =>
  Object.fromEntries(
    detail.steps.map((step) => [step.scope === '' ? step.step : `${step.step}:${step.scope}`, step.status]),
  )
const stepOf = (detail: Awaited<ReturnType<typeof paused>>, id: string) => detail.steps.find(({ step }) => step === id)

test('a test stops before each step, shows what the step would get, and really does it only when it goes on', async () => {
  const { client } = await testApp()
  const calls: string[] = []
  const url = await testServer((request, response) => {
    calls.push(request.body)
    response.end('{}')
  })
  const id = await draftOf(client, {
    steps: [
      go,
      set('double', '{{ go.n | times: 2 }}'),
      {
        id: 'post',
        uses: 'http.request',
        name: 'POST it',
        input: { method: 'POST', url, body: 'is {{ double.value }}' },
      },
    ],
    edges: [edge('go', 'double'), edge('double', 'post')],
  })
  const { runId } = await client.zaps.run({ id, source: 'draft', stepping: each })
  const first = await paused(client, runId)
  expect(first.run).toMatchObject({
    status: 'waiting',
    waitsFor: 'pause',
    reason: 'Paused before the step "Set data" (double).',
  })
  expect(first.paused).toMatchObject({ step: 'double', scope: '', pauses: 'every-step' })
  expect(stepOf(first, 'double')).toMatchObject({ status: 'waiting', input: { fields: { value: 14 } }, attempts: [] })

  await client.runs.goOn({ id: runId, step: 'double', stepping: each })
  const second = await expect
    .poll(async () => (await client.runs.get({ id: runId })).paused?.step)
    .toBe('post')
    .then(() => client.runs.get({ id: runId }))
  expect(stepOf(second, 'double')).toMatchObject({ status: 'succeeded', output: { value: 14 } })
  expect(stepOf(second, 'post')).toMatchObject({ status: 'waiting', input: { method: 'POST', url, body: 'is 14' } })
  expect(calls).toEqual([])
  // A second click on what is done already moves nothing.
  await expect(client.runs.goOn({ id: runId, step: 'double', stepping: each })).rejects.toMatchObject({
    code: 'CONFLICT',
  })

  await client.runs.goOn({ id: runId, step: 'post', stepping: each })
  const last = await until(client, runId, 'succeeded', 'failed')
  expect(last.run.status).toBe('succeeded')
  expect(stepOf(last, 'post')?.attempts).toHaveLength(1)
  expect(calls).toEqual(['is 14'])
})

test('a test runs to its breakpoints, and goes on past those that were taken away meanwhile', async () => {
  const { client } = await testApp()
  const id = await draftOf(client, {
    steps: [go, set('a', 1), set('b', 2), set('c', 3), set('d', 4)],
    edges: [edge('go', 'a'), edge('a', 'b'), edge('b', 'c'), edge('c', 'd')],
  })
  const { runId } = await client.zaps.run({ id, source: 'draft', stepping: at('b', 'd') })
  expect(statuses(await paused(client, runId))).toEqual({
    go: 'succeeded',
    a: 'succeeded',
    b: 'waiting',
    c: 'pending',
    d: 'pending',
  })
  await client.runs.goOn({ id: runId, step: 'b', stepping: at('b') })
  expect((await until(client, runId, 'succeeded')).run.reason).toBeNull()
})

test('of steps side by side the chosen one goes on alone, and a join waits for the others', async () => {
  const { client } = await testApp()
  const id = await draftOf(client, {
    steps: [go, set('left', 1), set('right', 2), set('end', '{{ left.value }}{{ right.value }}')],
    edges: [edge('go', 'left'), edge('go', 'right'), edge('left', 'end'), edge('right', 'end')],
  })
  const { runId } = await client.zaps.run({ id, source: 'draft', stepping: each })
  expect(statuses(await paused(client, runId))).toMatchObject({ left: 'waiting', right: 'waiting', end: 'pending' })
  await client.runs.goOn({ id: runId, step: 'right', stepping: each })
  await expect
    .poll(async () => statuses(await client.runs.get({ id: runId })))
    .toMatchObject({ left: 'waiting', right: 'succeeded', end: 'pending' })
  await client.runs.goOn({ id: runId, step: 'left', stepping: at() })
  expect(stepOf(await until(client, runId, 'succeeded'), 'end')?.output).toEqual({ value: '12' })
})

test('a test stops in each round of a loop', async () => {
  const { client } = await testApp()
  const id = await draftOf(client, {
    steps: [
      go,
      { id: 'loop', uses: 'logic.for-each', input: { items: '{{ "x,y" | split: "," }}' } },
      set('each', '{{ item }}'),
    ],
    edges: [edge('go', 'loop'), edge('loop', 'each', 'each')],
  })
  const { runId } = await client.zaps.run({ id, source: 'draft', stepping: at('loop', 'each') })
  expect((await paused(client, runId)).paused).toMatchObject({ step: 'loop' })
  await client.runs.goOn({ id: runId, step: 'loop', stepping: at('loop', 'each') })
  for (const [scope, value] of [
    ['0', 'x'],
    ['1', 'y'],
  ] as const) {
    await expect.poll(async () => (await client.runs.get({ id: runId })).paused?.scope).toBe(scope)
    const here = await client.runs.get({ id: runId })
    expect(here.steps.find((step) => step.step === 'each' && step.scope === scope)?.input).toEqual({
      fields: { value },
    })
    await client.runs.goOn({ id: runId, step: 'each', scope, stepping: at('loop', 'each') })
  }
  expect(stepOf(await until(client, runId, 'succeeded'), 'loop')?.output).toMatchObject({
    results: [{ value: 'x' }, { value: 'y' }],
  })
})

test('a step whose templates cannot be filled in is stopped at with the reason, and fails when it goes on', async () => {
  const { client } = await testApp()
  const id = await draftOf(client, { steps: [go, set('a', '{{ go.nothing }}')], edges: [edge('go', 'a')] })
  const { runId } = await client.zaps.run({ id, source: 'draft', stepping: each })
  const here = await paused(client, runId)
  expect(here.run.reason).toContain('Its input cannot be filled in')
  expect(here.run.reason).toContain('go.nothing')
  await client.runs.goOn({ id: runId, step: 'a', stepping: each })
  expect((await until(client, runId, 'failed')).run.reason).toContain('go.nothing')
})

test('a paused test outlives a restart, and a step that fails and waits for its retry is not stopped at again', async () => {
  const first = await testApp()
  let calls = 0
  const url = await testServer((_request, response) => {
    calls++
    response.statusCode = calls === 1 ? 503 : 200
    response.end('{}')
  })
  const id = await draftOf(first.client, {
    steps: [
      go,
      set('a', 1),
      { id: 'post', uses: 'http.request', input: { method: 'POST', url }, settings: { retry: { baseMs: 1 } } },
    ],
    edges: [edge('go', 'a'), edge('a', 'post')],
    settings: { runTimeoutMs: 60_000 },
  })
  const { runId } = await first.client.zaps.run({ id, source: 'draft', stepping: at('post') })
  await paused(first.client, runId)
  await first.app.stop()

  const { client } = await testApp({ dataDir: first.folder })
  expect((await paused(client, runId)).paused).toMatchObject({ step: 'post', pauses: 'breakpoints' })
  expect(calls).toBe(0)
  await client.runs.goOn({ id: runId, step: 'post', stepping: each })
  const { run, steps } = await until(client, runId, 'succeeded', 'failed')
  expect(run.status).toBe('succeeded')
  expect(steps.find(({ step }) => step === 'post')?.attempts).toHaveLength(2)
})

test('a paused test is cancelled like any run', async () => {
  const { client } = await testApp()
  const id = await draftOf(client, { steps: [go, set('a', 1)], edges: [edge('go', 'a')] })
  const { runId } = await client.zaps.run({ id, source: 'draft', stepping: each })
  await paused(client, runId)
  await client.runs.cancel({ id: runId })
  const ended = await client.runs.get({ id: runId })
  expect(ended.run).toMatchObject({ status: 'cancelled', waitsFor: null })
  expect(ended.paused).toBeNull()
  expect(statuses(ended)).toEqual({ go: 'succeeded', a: 'skipped' })
  await expect(client.runs.goOn({ id: runId, step: 'a', stepping: each })).rejects.toMatchObject({ code: 'CONFLICT' })
})

test('a paused test holds up neither the queue of its zap nor, where runs skip one another, the next event', async () => {
  for (const concurrency of ['queued', 'skip', 'restart'] as const) {
    const { client } = await testApp()
    const zap = { steps: [go, set('a', 1)], edges: [edge('go', 'a')], settings: { concurrency } }
    const id = await enableZap(client, zap)
    const { runId } = await client.zaps.run({ id, source: 'draft', stepping: each })
    await paused(client, runId)
    const live = await client.zaps.run({ id, source: 'live', input: {} })
    expect((await until(client, live.runId, 'succeeded', 'failed', 'cancelled')).run.status).toBe('succeeded')
    expect((await client.runs.get({ id: runId })).paused?.step).toBe('a')
  }
})

test('only a draft is stepped through', async () => {
  const { client } = await testApp()
  const id = await enableZap(client, { steps: [go, set('a', 1)], edges: [edge('go', 'a')] })
  await expect(client.zaps.run({ id, source: 'live', stepping: each })).rejects.toMatchObject({ code: 'CONFLICT' })
})

test('a paused test with which nobody goes on ends by itself', async () => {
  const clock = manualClock(Date.UTC(2026, 10, 26))
  const { client } = await testApp({ clock })
  const id = await draftOf(client, { steps: [go, set('a', 1)], edges: [edge('go', 'a')] })
  const { runId } = await client.zaps.run({ id, source: 'draft', stepping: each })
  const here = await paused(client, runId)
  expect(here.paused?.until).toBe(new Date(clock.now() + PAUSE_MS).toISOString())
  // The sweeper is one of those that this wakes.
  clock.advance(PAUSE_MS + 15_000)
  const ended = await until(client, runId, 'cancelled')
  expect(ended.run.reason).toBe('Nobody went on with this test for 30 minutes.')
})
