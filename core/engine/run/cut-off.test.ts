import { setTimeout as pause } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { manualClock } from '../../domain/time/clock.ts'
import { enableZap, testApp, testServer } from '../../test-app.ts'

/** A zap that posts to an address as `repeat` says, and notes what went wrong. */
const posting = (url: string, repeat: string, settings = {}) => ({
  steps: [
    { id: 'go', uses: 'manual.run', input: {} },
    { id: 'post', uses: 'http.request', input: { method: 'POST', url, body: { n: 1 }, repeat }, settings },
  ],
  edges: [{ from: 'go', to: 'post' }],
})

/** A server that takes the first request and breaks the connection in place of an answer. */
async function breaking() {
  const keys: (string | undefined)[] = []
  const url = await testServer(({ headers }, response) => {
    keys.push(headers['idempotency-key']?.toString())
    if (keys.length === 1) response.destroy()
    else response.end('{}')
  })
  return { url, keys }
}

test.each([
  ['key', 'succeeded', 2],
  ['ask', 'needs-review', 1],
  ['never', 'failed', 1],
] as const)('when its connection breaks, a request that says %s comes to %s', async (repeat, status, sent) => {
  const { client } = await testApp()
  const { url, keys } = await breaking()
  const id = await enableZap(client, posting(url, repeat, { retry: { baseMs: 1 } }))
  const { runId } = await client.zaps.run({ id, source: 'live', input: {} })
  await expect.poll(async () => (await client.runs.get({ id: runId })).run.status).toBe(status)
  expect(keys).toEqual(repeat === 'key' ? [`${runId}:post`, `${runId}:post`] : [undefined])
  expect(keys).toHaveLength(sent)
  const { run } = await client.runs.get({ id: runId })
  if (status !== 'succeeded') expect(run.reason).toContain('lost its connection before the answer came')
})

test('a request that is never repeated is not repeated by retries of anything either, and takes the port of errors', async () => {
  const { client } = await testApp()
  const { url, keys } = await breaking()
  const zap = posting(url, 'never', { onError: 'route', retry: { maxAttempts: 5, on: 'any', baseMs: 1 } })
  const id = await enableZap(client, {
    steps: [...zap.steps, { id: 'note', uses: 'data.set', input: { fields: { why: '{{ post.error.code }}' } } }],
    edges: [...zap.edges, { from: 'post', port: 'error', to: 'note' }],
  })
  const { runId } = await client.zaps.run({ id, source: 'live', input: {} })
  await expect.poll(async () => (await client.runs.get({ id: runId })).run.status).toBe('succeeded')
  const { steps } = await client.runs.get({ id: runId })
  expect(steps.find(({ step }) => step === 'note')?.output).toEqual({ why: 'cut-off' })
  expect(keys).toHaveLength(1)
})

test.each([
  ['key', 'succeeded', 2],
  ['ask', 'needs-review', 1],
  ['never', 'failed', 1],
] as const)('when Hookline stops under way, a request that says %s comes to %s', async (repeat, status, sent) => {
  const clock = manualClock(Date.now())
  const first = await testApp({ clock })
  const arrived = Promise.withResolvers<void>()
  let requests = 0
  const url = await testServer((_, response) => {
    requests++
    arrived.resolve()
    if (requests > 1) response.end('{}')
  })
  const id = await enableZap(first.client, posting(url, repeat))
  const { runId } = await first.client.zaps.run({ id, source: 'live', input: {} })
  await arrived.promise
  const stopped = first.app.stop().then(() => true)
  // Its grace passes at once.
  while (!(await Promise.race([stopped, pause(5, false)]))) clock.advance(10_000)

  const { client } = await testApp({ dataDir: first.folder, clock })
  await expect.poll(async () => (await client.runs.get({ id: runId })).run.status).toBe(status)
  expect(requests).toBe(sent)
  const { steps } = await client.runs.get({ id: runId })
  const post = steps.find(({ step }) => step === 'post')
  if (repeat === 'never') expect(post?.attempts.map(({ n, error }) => [n, error?.code])).toEqual([[1, 'cut-off']])
})

test('what broke before anything was sent is tried again, whatever a request says', async () => {
  const { client } = await testApp()
  const id = await enableZap(client, posting('http://127.0.0.1:1/', 'never', { retry: { maxAttempts: 2, baseMs: 1 } }))
  const { runId } = await client.zaps.run({ id, source: 'live', input: {} })
  await expect.poll(async () => (await client.runs.get({ id: runId })).run.status).toBe('failed')
  const { steps } = await client.runs.get({ id: runId })
  expect(steps.find(({ step }) => step === 'post')?.attempts.map(({ error }) => error?.code)).toEqual([
    'network',
    'network',
  ])
})
