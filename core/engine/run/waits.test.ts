import { setTimeout as pause } from 'node:timers/promises'
import { expect, test, vi } from 'vitest'
import { manualClock } from '../../domain/time/clock.ts'
import type { Json } from '../../domain/values/json.ts'
import { enableZap, runToEnd, type TestClient, testApp, testServer } from '../../test-app.ts'

const manual = { id: 'go', uses: 'manual.run', input: {} }
const edge = (from: string, to: string, port?: string) => (port === undefined ? { from, to } : { from, to, port })
const set = (id: string, value: Json) => ({ id, uses: 'data.set', input: { fields: { value } } })
const step = (id: string, uses: string, input: Record<string, Json> = {}) => ({ id, uses, input })

const NOON = Date.parse('2026-11-24T12:00:00Z')

async function start(client: TestClient, id: string, input: Json = {}): Promise<string> {
  return (await client.zaps.run({ id, source: 'live', input })).runId
}

const statusOf = async (client: TestClient, id: string): Promise<string> => (await client.runs.get({ id })).run.status
/** Until then it may be called waiting too, but for its turn. */
const rests = (client: TestClient, id: string) =>
  expect.poll(async () => (await client.runs.get({ id })).run.waitsFor).not.toBeNull()
const becomes = (client: TestClient, id: string, status: string) => expect.poll(() => statusOf(client, id)).toBe(status)

/** Moves the clock on until a run has a status: what is due comes about in turns of the event loop between the moves. */
async function advanceUntil(
  clock: ReturnType<typeof manualClock>,
  ms: number,
  client: TestClient,
  id: string,
  status: string,
) {
  clock.advance(ms)
  await becomes(client, id, status)
}

test('a delay rests until its time, over a restart, and then the run goes on', async () => {
  const clock = manualClock(NOON)
  const first = await testApp({ clock })
  const id = await enableZap(first.client, {
    steps: [manual, step('wait', 'logic.delay', { for: '2h' }), set('after', '{{ wait.resumedAt }}')],
    edges: [edge('go', 'wait'), edge('wait', 'after')],
  })
  const runId = await start(first.client, id)
  await rests(first.client, runId)
  const { run, steps } = await first.client.runs.get({ id: runId })
  expect(run).toMatchObject({ waitsFor: 'time', resumesAt: '2026-11-24T14:00:00.000Z' })
  expect(steps.find((row) => row.step === 'wait')).toMatchObject({ status: 'waiting', waitsFor: 'time' })
  await first.app.stop()

  const second = await testApp({ clock, dataDir: first.folder })
  clock.advance(7_199_000)
  expect(await statusOf(second.client, runId)).toBe('waiting')
  await advanceUntil(clock, 1_000, second.client, runId, 'succeeded')
  const after = (await second.client.runs.get({ id: runId })).steps.find((row) => row.step === 'after')
  expect(after?.output).toEqual({ value: '2026-11-24T14:00:00.000Z' })
})

test('a delay beside a long call ends on time, not with the call', async () => {
  const clock = manualClock(NOON)
  const { client } = await testApp({ clock })
  const answer = Promise.withResolvers<void>()
  const called = Promise.withResolvers<void>()
  const url = await testServer((_request, response) => {
    called.resolve()
    answer.promise.then(() => response.end('{}'))
  })
  const id = await enableZap(client, {
    steps: [
      manual,
      step('long', 'http.request', { method: 'POST', url, body: 1 }),
      step('wait', 'logic.delay', { for: '5s' }),
      set('after', 'on time'),
    ],
    edges: [edge('go', 'long'), edge('go', 'wait'), edge('wait', 'after')],
  })
  const runId = await start(client, id)
  await called.promise
  const stateOf = async (name: string) =>
    (await client.runs.get({ id: runId })).steps.find((row) => row.step === name)?.status
  await expect.poll(() => stateOf('wait')).toBe('waiting')
  clock.advance(5_000)
  await expect.poll(() => stateOf('after')).toBe('succeeded')
  expect(await stateOf('long')).toBe('running')
  answer.resolve()
  await becomes(client, runId, 'succeeded')
})

test('an approval waits for a person, tells them, and takes the port of the decision', async () => {
  const show = vi.fn(async () => true)
  const { client } = await testApp({ notifier: { show } })
  const id = await enableZap(client, {
    steps: [
      manual,
      step('ask', 'logic.approve', { message: 'Pay {{ go.amount }}?', details: '{{ go }}' }),
      set('yes', '{{ ask.note }}'),
      set('no', 'declined'),
    ],
    edges: [edge('go', 'ask'), edge('ask', 'yes', 'approved'), edge('ask', 'no', 'declined')],
  })
  const runId = await start(client, id, { amount: 12 })
  await rests(client, runId)
  expect(show).toHaveBeenCalledOnce()
  const [open] = await client.approvals.list()
  expect(open).toMatchObject({ runId, step: 'ask', message: 'Pay 12?', data: { amount: 12 }, decision: null })
  expect((await client.system.status()).openApprovals).toBe(1)
  expect((await client.runs.get({ id: runId })).run).toMatchObject({ waitsFor: 'person', resumesAt: null })

  await client.approvals.decide({ runId, step: 'ask', decision: 'approved', note: 'fine' })
  await becomes(client, runId, 'succeeded')
  const { steps } = await client.runs.get({ id: runId })
  expect(steps.find((row) => row.step === 'yes')?.output).toEqual({ value: 'fine' })
  expect(steps.find((row) => row.step === 'no')?.status).toBe('skipped')
  expect(steps.find((row) => row.step === 'ask')?.approval).toMatchObject({ decision: 'approved', note: 'fine' })
  await expect(client.approvals.decide({ runId, step: 'ask', decision: 'declined' })).rejects.toThrow(
    'approved already',
  )
})

test('an approval that nobody answers expires, and cannot be answered then', async () => {
  const clock = manualClock(NOON)
  const { client } = await testApp({ clock })
  const id = await enableZap(client, {
    steps: [manual, step('ask', 'logic.approve', { message: 'Go?', expiresIn: '1h' }), set('late', 'too late')],
    edges: [edge('go', 'ask'), edge('ask', 'late', 'expired')],
  })
  const runId = await start(client, id)
  await rests(client, runId)
  await advanceUntil(clock, 3_600_000, client, runId, 'succeeded')
  const { steps } = await client.runs.get({ id: runId })
  expect(steps.find((row) => row.step === 'late')?.status).toBe('succeeded')
  expect(steps.find((row) => row.step === 'ask')?.approval?.decision).toBe('expired')
  await expect(client.approvals.decide({ runId, step: 'ask', decision: 'approved' })).rejects.toThrow('expired')
})

test('items of a loop can each wait for a person', async () => {
  const { client } = await testApp()
  const id = await enableZap(client, {
    steps: [
      manual,
      step('loop', 'logic.for-each', { items: ['a', 'b'], parallel: 2 }),
      step('ask', 'logic.approve', { message: '{{ item }}?' }),
      set('yes', 'yes {{ item }}'),
    ],
    edges: [edge('go', 'loop'), edge('loop', 'ask', 'each'), edge('ask', 'yes', 'approved')],
  })
  const runId = await start(client, id)
  await expect.poll(async () => (await client.approvals.list()).length).toBe(2)
  await client.approvals.decide({ runId, step: 'ask', scope: '1', decision: 'approved' })
  await client.approvals.decide({ runId, step: 'ask', scope: '0', decision: 'declined' })
  await becomes(client, runId, 'succeeded')
  const { steps } = await client.runs.get({ id: runId })
  expect(steps.find((row) => row.step === 'loop')?.output).toEqual({ results: [null, { value: 'yes b' }], errors: [] })
})

test('a called zap gives its last output to the caller, which waits for it', async () => {
  const { client } = await testApp()
  const called = await enableZap(client, {
    name: 'Doubler',
    steps: [manual, set('double', '{{ go.n | times: 2 }}')],
    edges: [edge('go', 'double')],
  })
  const id = await enableZap(client, {
    name: 'Caller',
    steps: [
      manual,
      step('call', 'logic.call-zap', { zap: called, input: { n: '{{ go.n }}' } }),
      set('after', '{{ call.value }}'),
    ],
    edges: [edge('go', 'call'), edge('call', 'after')],
  })
  const { run, steps } = await runToEnd(client, id, { n: 21 })
  expect(run).toMatchObject({ status: 'succeeded', reason: null })
  expect(steps.find((row) => row.step === 'after')?.output).toEqual({ value: 42 })
  const child = steps.find((row) => row.step === 'call')?.calledRunId
  expect((await client.runs.get({ id: child ?? '' })).calledBy).toBe(run.id)
})

test('a zap that is switched off cannot be called, but a run that was called before then gives what it has', async () => {
  const clock = manualClock(NOON)
  const { client } = await testApp({ clock })
  const called = await enableZap(client, {
    name: 'Slow',
    steps: [manual, step('wait', 'logic.delay', { for: '1h' }), set('result', 'done')],
    edges: [edge('go', 'wait'), edge('wait', 'result')],
  })
  const id = await enableZap(client, {
    name: 'Caller',
    steps: [manual, step('call', 'logic.call-zap', { zap: 'Slow' })],
    edges: [edge('go', 'call')],
  })
  const before = await start(client, id)
  await rests(client, before)
  await client.zaps.setEnabled({ id: called, enabled: false })
  const { run } = await client.runs.get({ id: await start(client, id) })
  await becomes(client, run.id, 'failed')
  expect((await client.runs.get({ id: run.id })).run.reason).toContain('"Slow" is switched off')
  await advanceUntil(clock, 3_600_000, client, before, 'succeeded')
  expect((await client.runs.get({ id: before })).steps.at(-1)?.output).toEqual({ value: 'done' })
})

test.each([
  ['that its time limit ends', { runTimeoutMs: 600_000 }, 'failed'],
  ['that a newer event replaces', { concurrency: 'restart' as const }, 'cancelled'],
])('the run that a run called ends with one %s', async (_which, settings, end) => {
  const clock = manualClock(NOON)
  const { client } = await testApp({ clock })
  const called = await enableZap(client, {
    name: 'Slow',
    steps: [manual, step('wait', 'logic.delay', { for: '1h' }), set('result', 'done')],
    edges: [edge('go', 'wait'), edge('wait', 'result')],
  })
  const id = await enableZap(client, {
    name: 'Caller',
    settings,
    steps: [manual, step('call', 'logic.call-zap', { zap: 'Slow' })],
    edges: [edge('go', 'call')],
  })
  const caller = await start(client, id)
  await rests(client, caller)
  const child = (await client.runs.get({ id: caller })).steps.find((row) => row.step === 'call')?.calledRunId ?? ''
  await rests(client, child)
  if (end === 'failed') clock.advance(600_000)
  else await start(client, id)
  await becomes(client, caller, end)
  await becomes(client, child, 'cancelled')
  expect((await client.runs.get({ id: child })).run.reason).toBe('The run that called it has ended.')
  expect((await client.runs.list({ zapId: called, status: 'succeeded' })).runs).toEqual([])
})

test('a zap that calls itself is stopped with a reason', async () => {
  const { client } = await testApp()
  const id = await enableZap(client, {
    name: 'Ouroboros',
    steps: [manual, step('call', 'logic.call-zap', { zap: 'Ouroboros' })],
    edges: [edge('go', 'call')],
  })
  const { run } = await runToEnd(client, id, {})
  expect(run.status).toBe('failed')
  expect(run.reason).toContain('deep')
})

test('a stop ends the whole run, as a success or as a failure', async () => {
  const { client } = await testApp()
  const zapWith = (as: string) =>
    enableZap(client, {
      steps: [
        manual,
        step('end', 'logic.stop', { as, message: 'Enough of {{ go.what }}' }),
        step('wait', 'logic.delay', { for: '1h' }),
      ],
      edges: [edge('go', 'end'), edge('go', 'wait')],
    })
  for (const as of ['succeeded', 'failed']) {
    const { run } = await runToEnd(client, await zapWith(as), { what: 'it' })
    expect(run).toMatchObject({ status: as, reason: 'Enough of it' })
  }
})

test('a join on "any" goes on with the first branch, once', async () => {
  const clock = manualClock(NOON)
  const { client } = await testApp({ clock })
  const id = await enableZap(client, {
    steps: [
      manual,
      step('slow', 'logic.delay', { for: '1h' }),
      set('fast', 'won'),
      step('join', 'logic.join', { mode: 'any' }),
      set('after', '{{ join.fast.value }}'),
    ],
    edges: [edge('go', 'slow'), edge('go', 'fast'), edge('slow', 'join'), edge('fast', 'join'), edge('join', 'after')],
  })
  const runId = await start(client, id)
  await rests(client, runId)
  const early = (await client.runs.get({ id: runId })).steps
  expect(early.find((row) => row.step === 'after')?.output).toEqual({ value: 'won' })
  await advanceUntil(clock, 3_600_000, client, runId, 'succeeded')
  const { steps } = await client.runs.get({ id: runId })
  expect(steps.find((row) => row.step === 'join')).toMatchObject({ output: { fast: { value: 'won' } } })
  expect(steps.find((row) => row.step === 'after')?.attempts).toHaveLength(1)
})

test.each(['a delay', 'an approval', 'a long call', 'a loop'])(
  'a run inside %s is cancelled at once',
  async (where) => {
    const { client } = await testApp()
    const url = await testServer(() => undefined)
    const inside = {
      'a delay': [step('x', 'logic.delay', { for: '1h' })],
      'an approval': [step('x', 'logic.approve', { message: '?' })],
      'a long call': [step('x', 'http.request', { method: 'POST', url })],
      'a loop': [step('x', 'logic.for-each', { items: [1, 2, 3] }), step('y', 'http.request', { method: 'POST', url })],
    }[where]
    const id = await enableZap(client, {
      steps: [manual, ...(inside ?? [])],
      edges: [edge('go', 'x'), ...(where === 'a loop' ? [edge('x', 'y', 'each')] : [])],
    })
    const runId = await start(client, id)
    await expect
      .poll(async () =>
        (await client.runs.get({ id: runId })).steps.some((row) => ['running', 'waiting'].includes(row.status)),
      )
      .toBe(true)
    const began = performance.now()
    await client.runs.cancel({ id: runId })
    expect(performance.now() - began).toBeLessThan(5_000)
    const { run, steps } = await client.runs.get({ id: runId })
    expect(run.status).toBe('cancelled')
    expect(steps.filter((row) => ['running', 'waiting', 'pending'].includes(row.status))).toEqual([])
    expect(await client.approvals.list()).toEqual([])
    await pause(0)
    expect(await client.outbox.stats()).toMatchObject({ pending: 0, leased: 0 })
  },
)

test('a run that takes longer than its zap allows fails, also while it waits', async () => {
  const clock = manualClock(NOON)
  const { client } = await testApp({ clock })
  const id = await enableZap(client, {
    settings: { runTimeoutMs: 60_000 },
    steps: [manual, step('wait', 'logic.delay', { for: '1h' })],
    edges: [edge('go', 'wait')],
  })
  const runId = await start(client, id)
  await rests(client, runId)
  await advanceUntil(clock, 60_000, client, runId, 'failed')
  expect((await client.runs.get({ id: runId })).run.reason).toContain('longer than its zap allows (1m)')
})

test('an answer that comes just before the end of its time counts, also when the run hears of it only afterwards', async () => {
  const clock = manualClock(NOON)
  const { client } = await testApp({ clock })
  const answer = Promise.withResolvers<void>()
  const called = Promise.withResolvers<void>()
  const url = await testServer((_request, response) => {
    called.resolve()
    answer.promise.then(() => response.end('{}'))
  })
  const id = await enableZap(client, {
    steps: [
      manual,
      // It keeps the run under way, so that the question's time is watched there.
      step('long', 'http.request', { method: 'POST', url, body: 1 }),
      step('ask', 'logic.approve', { message: 'Sure?', expiresIn: '5s' }),
      set('yes', 1),
      set('late', 1),
    ],
    edges: [edge('go', 'long'), edge('go', 'ask'), edge('ask', 'yes', 'approved'), edge('ask', 'late', 'expired')],
  })
  const runId = await start(client, id)
  await called.promise
  await expect.poll(async () => (await client.approvals.list()).length).toBe(1)
  clock.advance(4_999)
  await client.approvals.decide({ runId, step: 'ask', decision: 'approved' })
  // Before the run has read the answer.
  clock.advance(1)
  answer.resolve()
  await becomes(client, runId, 'succeeded')
  const { steps } = await client.runs.get({ id: runId })
  const ask = steps.find((row) => row.step === 'ask')
  expect([ask?.output, ask?.approval?.decision]).toEqual([
    expect.objectContaining({ decision: 'approved' }),
    'approved',
  ])
})
