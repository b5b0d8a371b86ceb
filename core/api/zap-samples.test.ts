import { expect, test } from 'vitest'
import type { Json } from '../domain/values/json.ts'
import { enableZap, runToEnd, type TestClient, testApp, testServer } from '../test-app.ts'

const set = (id: string, value: Json) => ({ id, uses: 'data.set', input: { fields: { value } } })
const go = { id: 'go', uses: 'manual.run', input: { fields: { n: 7 } } }
const edge = (from: string, to: string) => ({ from, to })
const zap = { steps: [go, set('a', '{{ go.n }}'), set('b', '{{ a.value }}')], edges: [edge('go', 'a'), edge('a', 'b')] }

async function ended(client: TestClient, runId: string) {
  await expect.poll(async () => (await client.runs.get({ id: runId })).run.status).toBeOneOf(['succeeded', 'failed'])
  return client.runs.get({ id: runId })
}

const givenIn = (detail: Awaited<ReturnType<typeof ended>>) =>
  Object.fromEntries(detail.steps.map(({ step, given }) => [step, given]))

test('a sample says which run or event it is of, and is loaded from a past run or the connector', async () => {
  const { client } = await testApp()
  const id = await enableZap(client, zap)
  const old = await runToEnd(client, id, { n: 1 })
  const newest = await runToEnd(client, id, { n: 2 })
  const samples = await client.zaps.samples({ id })
  expect(samples.go).toMatchObject({ value: { n: 2 }, from: 'event', runId: newest.run.id, pinnedFrom: null })
  expect(samples.a).toMatchObject({ value: { value: 2 }, from: 'run', runId: newest.run.id })

  await client.zaps.pinSample({ id, step: 'go', run: old.run.id })
  await client.zaps.pinSample({ id, step: 'a', run: old.run.id })
  const loaded = await client.zaps.samples({ id })
  expect(loaded.go).toMatchObject({ value: { n: 1 }, from: 'pinned', pinnedFrom: 'run', runId: old.run.id })
  expect(loaded.a).toMatchObject({ value: { value: 1 }, from: 'pinned', pinnedFrom: 'run' })

  await client.zaps.pinSample({ id, step: 'go' })
  const example = await client.zaps.samples({ id })
  expect(example.go).toMatchObject({ value: { n: 7 }, from: 'pinned', pinnedFrom: 'connector', runId: null })
  await client.zaps.unpinOutput({ id, step: 'go' })
  expect((await client.zaps.samples({ id })).go).toMatchObject({ value: { n: 2 }, from: 'event' })

  await expect(client.zaps.pinSample({ id, step: 'a', run: 'run_none' })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  await expect(client.zaps.pinSample({ id, step: 'none' })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  const other = await enableZap(client, { ...zap, name: 'Other' })
  await expect(client.zaps.pinSample({ id: other, step: 'a', run: old.run.id })).rejects.toMatchObject({
    code: 'NOT_FOUND',
  })
})

test('what a test was given never passes for what a step gave or what arrived', async () => {
  const { client } = await testApp()
  const id = await enableZap(client, zap)
  const test = await client.zaps.test({ id, step: 'b', runs: 'only-step', outputs: { a: { value: 'mine' } } })
  const detail = await ended(client, test.runId)
  expect(givenIn(detail)).toEqual({ go: 'connector', a: 'given', b: null })
  expect(detail.steps.find(({ step }) => step === 'a')).toMatchObject({ status: 'succeeded', attempts: [] })
  const samples = await client.zaps.samples({ id })
  expect(samples.go).toMatchObject({ value: { n: 7 }, from: 'connector' })
  expect(samples.a).toMatchObject({ from: 'connector' })
  expect(samples.b).toMatchObject({ value: { value: 'mine' }, from: 'run', runId: test.runId })
})

test('a run of the whole draft takes what is pinned, and says so; what decides the way is run all the same', async () => {
  const { client } = await testApp()
  const calls: string[] = []
  const url = await testServer((request, response) => {
    calls.push(request.body)
    response.end('{}')
  })
  const post = (id: string, body: string) => ({ id, uses: 'http.request', input: { method: 'POST', url, body } })
  const paths = {
    id: 'paths',
    uses: 'logic.paths',
    input: { paths: [{ id: 'yes', when: { all: [{ left: '{{ ask.word }}', op: 'eq', right: 'pinned' }] } }] },
  }
  const id = await enableZap(client, {
    steps: [go, post('ask', 'ask'), paths, post('yes', 'yes {{ ask.word }}'), post('no', 'no')],
    edges: [
      edge('go', 'ask'),
      edge('ask', 'paths'),
      { from: 'paths', port: 'yes', to: 'yes' },
      { from: 'paths', port: 'else', to: 'no' },
    ],
  })
  await client.zaps.pinOutput({ id, step: 'ask', output: { word: 'pinned' } })
  await client.zaps.pinOutput({ id, step: 'paths', output: {} })
  const { runId } = await client.zaps.run({ id, source: 'draft' })
  const detail = await ended(client, runId)
  expect(calls).toEqual(['yes pinned'])
  expect(givenIn(detail)).toEqual({ go: 'connector', ask: 'pinned', paths: null, yes: null, no: null })
})
