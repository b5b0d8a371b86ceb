import { expect, test } from 'vitest'
import type { Json } from '../domain/values/json.ts'
import type { ZapFile } from '../domain/zap/zap-file.ts'
import { type TestClient, testApp, testServer } from '../test-app.ts'

const set = (id: string, value: Json) => ({ id, uses: 'data.set', input: { fields: { value } } })
const go = { id: 'go', uses: 'manual.run', input: { fields: { n: 7 } } }

async function draftOf(client: TestClient, zap: Pick<ZapFile, 'steps' | 'edges'>): Promise<string> {
  return (await client.zaps.create({ draft: { format: 'hookline/zap@1', name: 'Draft', ...zap } })).id
}

/** Tests a step, and gives how each step of the test ended once it is over. */
async function outcomes(client: TestClient, ask: Parameters<TestClient['zaps']['test']>[0]) {
  const events = await client.events.watch()
  await events.next()
  const { runId } = await client.zaps.test(ask)
  for await (const event of events) {
    if (event.type !== 'runs' || !event.runs.some((run) => run.id === runId && run.finishedAt !== null)) continue
    const { run, steps } = await client.runs.get({ id: runId })
    const outputs = steps.filter((step) => step.status === 'succeeded').map((step) => [step.step, step.output])
    return { run, outputs: Object.fromEntries(outputs) }
  }
  throw new Error('the app stopped')
}

test('a step is tested alone, with what is given for the steps before it', async () => {
  const { client } = await testApp()
  const calls: string[] = []
  const url = await testServer((request, response) => {
    calls.push(request.body)
    response.end('{}')
  })
  const id = await draftOf(client, {
    steps: [
      go,
      { id: 'first', uses: 'http.request', input: { method: 'POST', url, body: 'first' } },
      { id: 'second', uses: 'http.request', input: { method: 'POST', url, body: '{{ first.body.word }} {{ go.n }}' } },
      { id: 'third', uses: 'http.request', input: { method: 'POST', url, body: 'third' } },
    ],
    edges: [
      { from: 'go', to: 'first' },
      { from: 'first', to: 'second' },
      { from: 'second', to: 'third' },
    ],
  })
  const given = { first: { body: { word: 'given' } }, go: { n: 9 } }
  const { run } = await outcomes(client, { id, step: 'second', runs: 'only-step', outputs: given })
  expect(run.status).toBe('succeeded')
  expect(calls).toEqual(['given 9'])
})

test('a run up to a step does all before it, and nothing behind', async () => {
  const { client } = await testApp()
  const id = await draftOf(client, {
    steps: [go, set('a', '{{ go.n }}'), set('b', '{{ a.value }}'), set('c', 'unreached')],
    edges: [
      { from: 'go', to: 'a' },
      { from: 'a', to: 'b' },
      { from: 'b', to: 'c' },
    ],
  })
  const { outputs } = await outcomes(client, { id, step: 'b', runs: 'all-before', outputs: { go: { n: 3 } } })
  expect(outputs).toEqual({ go: { n: 3 }, a: { value: 3 }, b: { value: 3 } })
})

test('a step behind a path is reached whatever the path would say, and one in a loop is run for each item', async () => {
  const { client } = await testApp()
  const id = await draftOf(client, {
    steps: [
      go,
      { id: 'ask', uses: 'logic.filter', input: { all: [{ left: '{{ go.n }}', op: 'gt', right: '100' }] } },
      set('list', '{{ "1,2" | split: "," }}'),
      { id: 'loop', uses: 'logic.for-each', input: { items: '{{ list.value }}' } },
      set('each', '{{ item }}'),
    ],
    edges: [
      { from: 'go', to: 'ask' },
      { from: 'ask', to: 'list' },
      { from: 'list', to: 'loop' },
      { from: 'loop', port: 'each', to: 'each' },
    ],
  })
  const alone = await outcomes(client, { id, step: 'list', runs: 'only-step' })
  expect(alone.outputs.list).toEqual({ value: ['1', '2'] })
  const { run, outputs } = await outcomes(client, {
    id,
    step: 'each',
    runs: 'only-step',
    outputs: { list: { value: ['x', 'y', 'z'] } },
  })
  expect(run.status).toBe('succeeded')
  expect(outputs.loop).toMatchObject({ results: [{ value: 'x' }, { value: 'y' }, { value: 'z' }] })
})

test('a pinned output is taken in place of running its step, by tests and never by what is live', async () => {
  const { client } = await testApp()
  const calls: string[] = []
  const url = await testServer((request, response) => {
    calls.push(request.body)
    response.end('{}')
  })
  const id = await draftOf(client, {
    steps: [
      go,
      { id: 'ask', uses: 'http.request', input: { method: 'POST', url, body: 'ask' } },
      set('after', '{{ ask.body.word | default: "real" }}'),
      set('last', '{{ after.value }}'),
    ],
    edges: [
      { from: 'go', to: 'ask' },
      { from: 'ask', to: 'after' },
      { from: 'after', to: 'last' },
    ],
  })
  await client.zaps.pinOutput({ id, step: 'ask', output: { body: { word: 'pinned' } } })
  expect((await client.zaps.get({ id })).pinned).toEqual(['ask'])
  expect((await client.zaps.samples({ id })).ask).toMatchObject({
    value: { body: { word: 'pinned' } },
    from: 'pinned',
    pinnedFrom: 'written',
  })
  const all = await outcomes(client, { id, step: 'last', runs: 'all-before' })
  expect(all.outputs.last).toEqual({ value: 'pinned' })
  expect(calls).toEqual([])
  const alone = await outcomes(client, { id, step: 'after', runs: 'only-step' })
  expect(alone.outputs.after).toEqual({ value: 'pinned' })

  await client.zaps.publish({ id })
  const { runId } = await client.zaps.run({ id, source: 'live' })
  await expect.poll(async () => (await client.runs.get({ id: runId })).run.status).toBe('succeeded')
  const { steps } = await client.runs.get({ id: runId })
  expect(steps.find(({ step }) => step === 'last')?.output).toEqual({ value: 'real' })
  expect(calls).toEqual(['ask'])

  await client.zaps.unpinOutput({ id, step: 'ask' })
  expect((await client.zaps.get({ id })).pinned).toEqual([])
  await outcomes(client, { id, step: 'last', runs: 'all-before' })
  expect(calls).toEqual(['ask', 'ask'])
  await expect(client.zaps.unpinOutput({ id, step: 'ask' })).rejects.toThrow('Nothing is pinned')
  await expect(client.zaps.pinOutput({ id, step: 'nobody', output: 1 })).rejects.toThrow('has no step "nobody"')
  // What only looks like a reference to a large value is data like any other.
  const alike = { $blob: 'a'.repeat(64), bytes: 5_000_000, type: 'json' }
  await client.zaps.pinOutput({ id, step: 'ask', output: { alike } })
  expect((await client.zaps.samples({ id })).ask?.value).toEqual({ alike })
})

test('what cannot be tested says why', async () => {
  const { client } = await testApp()
  const id = await draftOf(client, {
    steps: [go, set('loose', '1'), { id: 'bare', uses: 'http.request', input: {} }],
    edges: [{ from: 'go', to: 'bare' }],
  })
  const ask = (step: string) => client.zaps.test({ id, step, runs: 'only-step' })
  await expect(ask('go')).rejects.toThrow('a trigger waits')
  await expect(ask('loose')).rejects.toThrow('connect it to a trigger')
  await expect(ask('bare')).rejects.toThrow('cannot be tested yet')
  await expect(ask('nobody')).rejects.toThrow('has no step "nobody"')
})
