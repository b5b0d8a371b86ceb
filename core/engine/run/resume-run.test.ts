import { setTimeout as pause } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { manualClock } from '../../domain/time/clock.ts'
import { enableZap, runToEnd, testApp, testServer } from '../../test-app.ts'

const manual = { id: 'go', uses: 'manual.run', input: {} }
const stepOf = ({ steps }: { steps: readonly { step: string; status: string }[] }, id: string): string | undefined =>
  steps.find((row) => row.step === id)?.status
const edge = (from: string, to: string) => ({ from, to })

/** Ends an app in the midst of its calls: its grace passes at once. */
async function stopAtOnce(app: { stop(): Promise<void> }, clock: ReturnType<typeof manualClock>): Promise<void> {
  let isStopped = false
  const stopped = app.stop().then(() => {
    isStopped = true
  })
  while (!isStopped) {
    clock.advance(10_000)
    await pause(5)
  }
  await stopped
}

test('a run whose step had failed before the stop ends as failed, not as succeeded', async () => {
  const clock = manualClock(Date.now())
  const first = await testApp({ clock })
  const arrived = Promise.withResolvers<void>()
  let slowCalls = 0
  const url = await testServer((request, response) => {
    if (request.path === '/slow') {
      slowCalls++
      arrived.resolve()
      if (slowCalls > 1) response.end('{}')
      return
    }
    response.statusCode = 404
    arrived.promise.then(() => response.end())
  })
  const id = await enableZap(first.client, {
    steps: [
      manual,
      { id: 'slow', uses: 'http.request', input: { method: 'POST', url: `${url}/slow`, body: 1 } },
      { id: 'bad', uses: 'http.request', input: { url: `${url}/bad` } },
      { id: 'after', uses: 'data.set', input: { fields: { value: 'x' } } },
    ],
    edges: [edge('go', 'slow'), edge('go', 'bad'), edge('bad', 'after')],
  })
  const { runId } = await first.client.zaps.run({ id, source: 'live', input: {} })
  await expect.poll(async () => stepOf(await first.client.runs.get({ id: runId }), 'bad')).toBe('failed')
  await stopAtOnce(first.app, clock)

  const second = await testApp({ dataDir: first.folder, clock })
  const statusOf = async () => (await second.client.runs.get({ id: runId })).run
  await expect.poll(async () => (await statusOf()).status).toBe('failed')
  expect((await statusOf()).reason).toContain('404')
})

test.each(['failed', 'succeeded'] as const)(
  'a run that a step ended as %s before the stop stays ended: nothing behind the other branch is called',
  async (as) => {
    const clock = manualClock(Date.now())
    const first = await testApp({ clock })
    const arrived = Promise.withResolvers<void>()
    const calls: string[] = []
    const url = await testServer((request, response) => {
      if (request.path === '/gate') {
        // The other branch is under way when this one goes on.
        void arrived.promise.then(() => response.end('{}'))
        return
      }
      calls.push(request.path)
      arrived.resolve()
      if (calls.length > 1) response.end('{}')
    })
    const id = await enableZap(first.client, {
      steps: [
        manual,
        { id: 'slow', uses: 'http.request', input: { method: 'POST', url: `${url}/slow`, body: 1 } },
        { id: 'after', uses: 'http.request', input: { url: `${url}/after` } },
        { id: 'gate', uses: 'http.request', input: { url: `${url}/gate` } },
        { id: 'loop', uses: 'logic.for-each', input: { items: [1] } },
        { id: 'end', uses: 'logic.stop', input: { as, message: 'enough' } },
      ],
      edges: [
        edge('go', 'slow'),
        edge('slow', 'after'),
        edge('go', 'gate'),
        edge('gate', 'loop'),
        { from: 'loop', port: 'each', to: 'end' },
      ],
    })
    const { runId } = await first.client.zaps.run({ id, source: 'live', input: {} })
    await arrived.promise
    await expect.poll(async () => stepOf(await first.client.runs.get({ id: runId }), 'end')).toBe('succeeded')
    await stopAtOnce(first.app, clock)

    const second = await testApp({ dataDir: first.folder, clock })
    const found = async () => second.client.runs.get({ id: runId })
    await expect.poll(async () => (await found()).run.status).toBe(as)
    const { run, steps } = await found()
    expect(run.reason).toBe('enough')
    expect(calls).toEqual(['/slow'])
    // The call may have been answered or not: that it was cut off stays on record.
    expect(steps.find(({ step }) => step === 'slow')?.attempts.at(-1)?.error?.code).toBe('interrupted')
  },
)

test('a replay from the failure of a run that a step ended runs that step again', async () => {
  const { client } = await testApp()
  const id = await enableZap(client, {
    steps: [
      manual,
      { id: 'seen', uses: 'data.set', input: { fields: { n: '{{ go.n }}' } } },
      { id: 'end', uses: 'logic.stop', input: { as: 'failed', message: 'not {{ seen.n }}' } },
    ],
    edges: [edge('go', 'seen'), edge('seen', 'end')],
  })
  const { run } = await runToEnd(client, id, { n: 7 })
  const { runId } = await client.runs.replay({ id: run.id, fromFailed: true })
  await expect.poll(async () => (await client.runs.get({ id: runId })).run.status).toBe('failed')
  expect((await client.runs.get({ id: runId })).run.reason).toBe('not 7')
})

test('a loop that had used up the attempts of a step before the stop leaves its dead letter', async () => {
  const clock = manualClock(Date.now())
  const first = await testApp({ clock })
  const url = await testServer((request, response) => {
    if (request.path === '/bad') response.writeHead(503).end()
  })
  const id = await enableZap(first.client, {
    steps: [
      manual,
      { id: 'slow', uses: 'http.request', input: { url: `${url}/slow` } },
      { id: 'loop', uses: 'logic.for-each', input: { items: [1, 2] } },
      { id: 'inner', uses: 'logic.for-each', input: { items: [1] } },
      {
        id: 'bad',
        uses: 'http.request',
        input: { url: `${url}/bad` },
        settings: { retry: { maxAttempts: 1 } },
      },
    ],
    edges: [
      edge('go', 'slow'),
      edge('go', 'loop'),
      { from: 'loop', port: 'each', to: 'inner' },
      { from: 'inner', port: 'each', to: 'bad' },
    ],
  })
  const { runId } = await first.client.zaps.run({ id, source: 'live', input: {} })
  await expect.poll(async () => stepOf(await first.client.runs.get({ id: runId }), 'loop')).toBe('failed')
  await stopAtOnce(first.app, clock)

  const second = await testApp({ dataDir: first.folder, clock })
  await expect.poll(async () => (await second.client.runs.get({ id: runId })).run.status).toBe('failed')
  expect((await second.client.system.status()).queue.dead).toBe(1)
})

test('a filter that stopped a branch before the stop is still named as the reason', async () => {
  const clock = manualClock(Date.now())
  const first = await testApp({ clock })
  const arrived = Promise.withResolvers<void>()
  let calls = 0
  const url = await testServer((_request, response) => {
    calls++
    arrived.resolve()
    if (calls > 1) response.end('{}')
  })
  const never = { all: [{ left: '1', op: 'eq', right: '2' }] }
  const id = await enableZap(first.client, {
    steps: [
      manual,
      { id: 'gate', uses: 'logic.filter', input: never },
      { id: 'slow', uses: 'http.request', input: { method: 'POST', url, body: 1 } },
    ],
    edges: [edge('go', 'gate'), edge('go', 'slow')],
  })
  const { runId } = await first.client.zaps.run({ id, source: 'live', input: {} })
  await arrived.promise
  await stopAtOnce(first.app, clock)

  const second = await testApp({ dataDir: first.folder, clock })
  await expect.poll(async () => (await second.client.runs.get({ id: runId })).run.status).toBe('succeeded')
  expect((await second.client.runs.get({ id: runId })).run.reason).toContain('"Filter" (gate)')
})

test('what begins beside a step that ends the run, and has called nothing yet, calls nothing', async () => {
  const { client } = await testApp()
  const calls: string[] = []
  const url = await testServer((request, response) => {
    calls.push(request.path)
    response.end('{}')
  })
  const id = await enableZap(client, {
    steps: [
      manual,
      { id: 'post', uses: 'http.request', input: { method: 'POST', url, body: 1 } },
      { id: 'end', uses: 'logic.stop', input: { as: 'failed', message: 'enough' } },
    ],
    edges: [edge('go', 'post'), edge('go', 'end')],
  })
  const { run } = await runToEnd(client, id, {})
  expect(run).toMatchObject({ status: 'failed', reason: 'enough' })
  const { runId } = await client.runs.replay({ id: run.id, fromFailed: true })
  await expect.poll(async () => (await client.runs.get({ id: runId })).run.status).toBe('failed')
  const { steps } = await client.runs.get({ id: runId })
  expect(stepOf({ steps }, 'post')).toBe('skipped')
  expect(calls).toEqual([])
})
