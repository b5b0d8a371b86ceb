import { expect, test } from 'vitest'
import { enableZap, runToEnd, testApp, testServer } from '../../test-app.ts'
import { stuckFiles } from '../../test-stuck-file.ts'

const manual = { id: 'go', uses: 'manual.run', input: {} }
const set = (id: string, value: string) => ({ id, uses: 'data.set', input: { fields: { value } } })
const only = (id: string, left: string, right: string) => ({
  id,
  uses: 'logic.filter',
  input: { all: [{ left, op: 'eq', right }] },
})
const edge = (from: string, to: string, port?: string) => (port === undefined ? { from, to } : { from, to, port })

test('branches run, and a step behind several runs once when all are settled and one was taken', async () => {
  const { client } = await testApp()
  const id = await enableZap(client, {
    steps: [
      manual,
      only('left', '{{ go.side }}', 'left'),
      only('right', '{{ go.side }}', 'right'),
      set('end', '{{ go.side }}'),
    ],
    edges: [edge('go', 'left'), edge('go', 'right'), edge('left', 'end'), edge('right', 'end')],
  })
  const { run, steps } = await runToEnd(client, id, { side: 'left' })
  expect(run.status).toBe('succeeded')
  expect(steps.map((step) => [step.step, step.status])).toEqual([
    ['go', 'succeeded'],
    ['left', 'succeeded'],
    ['right', 'succeeded'],
    ['end', 'succeeded'],
  ])
  expect(steps[3]?.output).toEqual({ value: 'left' })
  expect(steps[3]?.attempts).toHaveLength(1)
})

test('a step behind branches of which none was taken is skipped, and so is all behind it', async () => {
  const { client } = await testApp()
  const id = await enableZap(client, {
    steps: [manual, only('gate', '{{ go.side }}', 'left'), set('a', '1'), set('b', '2')],
    edges: [edge('go', 'gate'), edge('gate', 'a'), edge('a', 'b')],
  })
  const { run, steps } = await runToEnd(client, id, { side: 'right' })
  expect(run.status).toBe('succeeded')
  expect(run.reason).toContain('gate')
  expect(steps.map((step) => step.status)).toEqual(['succeeded', 'succeeded', 'skipped', 'skipped'])
})

test('branches run side by side: each waits for the other to arrive', async () => {
  const { client } = await testApp()
  const both = Promise.withResolvers<void>()
  let arrived = 0
  const url = await testServer((_request, response) => {
    arrived++
    if (arrived === 2) both.resolve()
    both.promise.then(() => response.end('{}'))
  })
  const post = (id: string) => ({ id, uses: 'http.request', input: { method: 'POST', url, body: id } })
  const id = await enableZap(client, {
    steps: [manual, post('a'), post('b')],
    edges: [edge('go', 'a'), edge('go', 'b')],
  })
  expect((await runToEnd(client, id, {})).run.status).toBe('succeeded')
})

test('a missing path fails the step, with the step and the path in the reason', async () => {
  const { client } = await testApp()
  const id = await enableZap(client, { steps: [manual, set('a', '{{ go.nothing }}')], edges: [edge('go', 'a')] })
  const { run, steps } = await runToEnd(client, id, {})
  expect(run.status).toBe('failed')
  expect(run.reason).toContain('"Set data" (a)')
  expect(run.reason).toContain('go.nothing')
  expect(steps[1]?.attempts).toMatchObject([{ n: 1, error: { code: 'template' } }])
})

test('onError "continue" goes on, and "route" takes the error port with the error as output', async () => {
  const { client } = await testApp()
  const bad = (id: string, onError: 'continue' | 'route') => ({ ...set(id, '{{ go.nothing }}'), settings: { onError } })
  const id = await enableZap(client, {
    steps: [
      manual,
      bad('c', 'continue'),
      set('after', 'reached'),
      bad('r', 'route'),
      set('handled', '{{ r.error.message }}'),
      set('never', 'x'),
    ],
    edges: [edge('go', 'c'), edge('c', 'after'), edge('go', 'r'), edge('r', 'handled', 'error'), edge('r', 'never')],
  })
  const { run, steps } = await runToEnd(client, id, {})
  const statusOf = (step: string): string | undefined => steps.find((row) => row.step === step)?.status
  expect(run.status).toBe('succeeded')
  expect(statusOf('c')).toBe('failed')
  expect(statusOf('after')).toBe('succeeded')
  expect(statusOf('handled')).toBe('succeeded')
  expect(statusOf('never')).toBe('skipped')
  expect(JSON.stringify(steps.find((row) => row.step === 'handled')?.output)).toContain('go.nothing')
})

test('a disabled step is passed through', async () => {
  const { client } = await testApp()
  const id = await enableZap(client, {
    steps: [manual, { ...set('off', '{{ go.nothing }}'), settings: { disabled: true } }, set('end', 'reached')],
    edges: [edge('go', 'off'), edge('off', 'end')],
  })
  const { run, steps } = await runToEnd(client, id, {})
  expect(run.status).toBe('succeeded')
  expect(steps.map((step) => step.status)).toEqual(['succeeded', 'skipped', 'succeeded'])
})

test('every attempt of a step carries the same key, and its failures are kept', async () => {
  const { client } = await testApp()
  const keys: unknown[] = []
  const url = await testServer((request, response) => {
    keys.push(request.headers['idempotency-key'])
    response.statusCode = keys.length < 3 ? 503 : 200
    response.end('{}')
  })
  const post = {
    id: 'post',
    uses: 'http.request',
    input: { method: 'POST', url, body: 1 },
    settings: { retry: { baseMs: 1 } },
  }
  const id = await enableZap(client, { steps: [manual, post], edges: [edge('go', 'post')] })
  const { run, steps } = await runToEnd(client, id, {})
  expect(run.status).toBe('succeeded')
  expect(steps[1]?.attempts.map((attempt) => [attempt.n, attempt.error?.code ?? null])).toEqual([
    [1, 'http-503'],
    [2, 'http-503'],
    [3, null],
  ])
  expect(keys).toEqual(Array(3).fill(`${run.id}:post`))
})

test('a step that takes too long is ended by its own time limit', async () => {
  const { client } = await testApp()
  const url = await testServer(() => undefined)
  const post = {
    id: 'post',
    uses: 'http.request',
    input: { method: 'POST', url, body: 1 },
    settings: { timeoutMs: 50, retry: { maxAttempts: 1 } },
  }
  const id = await enableZap(client, { steps: [manual, post], edges: [edge('go', 'post')] })
  const { run, steps } = await runToEnd(client, id, {})
  expect(run.status).toBe('failed')
  expect(steps[1]?.attempts).toMatchObject([{ error: { code: 'timeout' } }])
})

test('a step that must not be repeated and takes too long is not repeated: a person is to look', async () => {
  const { client } = await testApp({ catalogue: stuckFiles().catalogue })
  const append = {
    id: 'append',
    uses: 'file.append',
    input: { path: 'lines', text: 'x' },
    settings: { timeoutMs: 50, retry: { baseMs: 1 } },
  }
  const id = await enableZap(client, { steps: [manual, append], edges: [edge('go', 'append')] })
  const { run, steps } = await runToEnd(client, id, {})
  expect(run.status).toBe('needs-review')
  expect(run.reason).toContain('took too long')
  expect(steps[1]?.attempts).toMatchObject([{ n: 1, error: { code: 'timeout' } }])
})

test('a run inside a long call can be cancelled', async () => {
  const { client } = await testApp()
  const arrived = Promise.withResolvers<void>()
  const url = await testServer(() => arrived.resolve())
  const post = { id: 'post', uses: 'http.request', input: { method: 'POST', url, body: 1 } }
  const id = await enableZap(client, { steps: [manual, post], edges: [edge('go', 'post')] })
  const { runId } = await client.zaps.run({ id, source: 'live', input: {} })
  await arrived.promise
  expect((await client.runs.cancel({ id: runId })).status).toBe('cancelled')
  const { steps } = await client.runs.get({ id: runId })
  expect(steps[1]?.status).toBe('skipped')
  await expect(client.runs.cancel({ id: runId })).rejects.toThrow(/ended already/)
})

test('a run that is just being retried can be cancelled, and stays so', async () => {
  const { client } = await testApp()
  const url = await testServer((_request, response) => {
    response.statusCode = 503
    response.end()
  })
  const post = {
    id: 'post',
    uses: 'http.request',
    input: { method: 'POST', url, body: 1 },
    settings: { retry: { maxAttempts: 100, baseMs: 1, capMs: 2 } },
  }
  const id = await enableZap(client, {
    settings: { maxParallel: 50 },
    steps: [manual, post],
    edges: [edge('go', 'post')],
  })
  const runs = await Promise.all(Array.from({ length: 50 }, () => client.zaps.run({ id, source: 'live', input: {} })))
  await expect.poll(async () => (await client.runs.list({})).runs.length).toBe(50)
  const cancelled = await Promise.all(runs.map(({ runId }) => client.runs.cancel({ id: runId })))
  expect(new Set(cancelled.map((run) => run.status))).toEqual(new Set(['cancelled']))
  await expect.poll(async () => (await client.outbox.stats()).pending + (await client.outbox.stats()).leased).toBe(0)
})

test('runs of a queued zap go one after the other, in order of arrival', async () => {
  const { client } = await testApp()
  const bodies: string[] = []
  let underWay = 0
  let most = 0
  const all = Promise.withResolvers<void>()
  const url = await testServer((request, response) => {
    underWay++
    most = Math.max(most, underWay)
    setImmediate(() => {
      underWay--
      bodies.push(request.body)
      response.end('{}')
      if (bodies.length === 20) all.resolve()
    })
  })
  const post = { id: 'post', uses: 'http.request', input: { method: 'POST', url, body: '{{ go.n }}' } }
  const id = await enableZap(client, {
    settings: { concurrency: 'queued' },
    steps: [manual, post],
    edges: [edge('go', 'post')],
  })
  for (let n = 0; n < 20; n++) await client.zaps.run({ id, source: 'live', input: { n } })
  await all.promise
  expect(most).toBe(1)
  expect(bodies).toEqual(Array.from({ length: 20 }, (_, n) => String(n)))
})

test('no more runs of a zap are under way than it allows', async () => {
  const { client } = await testApp()
  const release = Promise.withResolvers<void>()
  const full = Promise.withResolvers<void>()
  let underWay = 0
  let most = 0
  const url = await testServer((_request, response) => {
    underWay++
    most = Math.max(most, underWay)
    if (underWay === 3) full.resolve()
    release.promise.then(() => {
      underWay--
      response.end('{}')
    })
  })
  const post = { id: 'post', uses: 'http.request', input: { method: 'POST', url, body: 1 } }
  const id = await enableZap(client, {
    settings: { maxParallel: 3 },
    steps: [manual, post],
    edges: [edge('go', 'post')],
  })
  const runs = await Promise.all(Array.from({ length: 10 }, () => client.zaps.run({ id, source: 'live', input: {} })))
  await full.promise
  const outbox = await client.outbox.stats()
  expect(outbox.leased).toBe(3)
  expect(outbox.pending).toBe(7)
  release.resolve()
  await expect.poll(async () => (await client.outbox.stats()).delivered, { timeout: 10_000 }).toBe(runs.length)
  expect(most).toBe(3)
})

test('a stop lets what is under way end, and what waits goes on at the next start', async () => {
  const first = await testApp()
  const arrived = Promise.withResolvers<void>()
  let count = 0
  const url = await testServer((_request, response) => {
    count++
    arrived.resolve()
    setImmediate(() => response.end('{}'))
  })
  const post = { id: 'post', uses: 'http.request', input: { method: 'POST', url, body: 1 } }
  const id = await enableZap(first.client, {
    settings: { maxParallel: 1 },
    steps: [manual, post],
    edges: [edge('go', 'post')],
  })
  const runs = await Promise.all(
    Array.from({ length: 5 }, () => first.client.zaps.run({ id, source: 'live', input: {} })),
  )
  await arrived.promise
  await first.app.stop()
  const second = await testApp({ dataDir: first.folder })
  await expect.poll(async () => (await second.client.outbox.stats()).pending, { timeout: 10_000 }).toBe(0)
  for (const { runId } of runs) {
    await expect.poll(async () => (await second.client.runs.get({ id: runId })).run.status).toBe('succeeded')
  }
  expect(count).toBe(runs.length)
})
