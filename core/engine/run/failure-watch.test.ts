import { expect, test } from 'vitest'
import type { Json } from '../../domain/values/json.ts'
import { enableZap, runToEnd, type TestClient, testApp } from '../../test-app.ts'

const manual = { id: 'go', uses: 'manual.run', input: {} }
const edge = (from: string, to: string) => ({ from, to })
const set = (id: string, value: Json) => ({ id, uses: 'data.set', input: { fields: { value } } })
const watch = (input: Record<string, Json> = {}) => ({ id: 'oops', uses: 'zap.failed', input })

const runsOf = async (client: TestClient, zapId: string) => (await client.runs.list({ zapId })).runs
const statusesOf = async (client: TestClient, zapId: string) => (await runsOf(client, zapId)).map((run) => run.status)

/** A zap that fails whenever it runs. */
const failingZap = (client: TestClient, name = 'Fails') =>
  enableZap(client, { name, steps: [manual, set('bad', '{{ go.none }}')], edges: [edge('go', 'bad')] })

test('a failed run starts the zaps that watch for it, and theirs start nothing more', async () => {
  const { client } = await testApp()
  const failing = await failingZap(client)
  const watcher = await enableZap(client, {
    name: 'Watches',
    steps: [watch(), set('told', '{{ oops.zap.name }}/{{ oops.step.id }}'), set('worse', '{{ oops.none }}')],
    edges: [edge('oops', 'told'), edge('told', 'worse')],
  })
  await runToEnd(client, failing, {})
  await expect.poll(() => statusesOf(client, watcher)).toEqual(['failed'])
  const [run] = await runsOf(client, watcher)
  const { steps } = await client.runs.get({ id: run?.id ?? '' })
  expect(steps.find((row) => row.step === 'told')?.output).toEqual({ value: 'Fails/bad' })
})

test('a zap that watches some zaps, by id or by name, hears of no others', async () => {
  const { client } = await testApp()
  const [one, two, three] = [
    await failingZap(client, 'One'),
    await failingZap(client, 'Two'),
    await failingZap(client, 'Three'),
  ]
  const watcher = await enableZap(client, {
    name: 'Watches',
    steps: [watch({ zaps: [one, 'Two'] }), set('told', '{{ oops.zap.name }}')],
    edges: [edge('oops', 'told')],
  })
  for (const id of [three, two, one]) await runToEnd(client, id, {})
  await expect.poll(() => statusesOf(client, watcher)).toEqual(['succeeded', 'succeeded'])
  const told = await Promise.all(
    (await runsOf(client, watcher)).map(async ({ id }) => (await client.runs.get({ id })).steps.at(-1)?.output),
  )
  expect(told).toEqual([{ value: 'One' }, { value: 'Two' }])
})

test('a zap that watches and calls one that fails is not set off by that for ever', async () => {
  const { client } = await testApp()
  const failing = await failingZap(client)
  const between = await enableZap(client, {
    name: 'Between',
    steps: [manual, { id: 'call', uses: 'logic.call-zap', input: { zap: failing, wait: false } }],
    edges: [edge('go', 'call')],
  })
  const watcher = await enableZap(client, {
    name: 'Watches',
    steps: [watch(), { id: 'call', uses: 'logic.call-zap', input: { zap: between } }],
    edges: [edge('oops', 'call')],
  })
  await runToEnd(client, failing, {})
  await expect.poll(() => statusesOf(client, failing)).toEqual(['failed', 'failed'])
  // Whatever the second failure starts is stored in the commit that ends it.
  await expect.poll(() => statusesOf(client, watcher)).toEqual(['succeeded'])
})
