import { createHmac } from 'node:crypto'
import { expect, test } from 'vitest'
import type { Json } from '../domain/values/json.ts'
import { enableZap, type TestClient, testApp } from '../test-app.ts'

const hook = (input: Readonly<Record<string, Json>> = {}) => ({
  id: 'hook',
  uses: 'webhook.catch',
  input: { path: 'in', ...input },
})
const note = (value: string) => ({ id: 'note', uses: 'data.set', input: { fields: { value } } })
const edges = [{ from: 'hook', to: 'note' }]

const post = (url: string, body: string, headers: Record<string, string> = {}) =>
  fetch(url, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body })

const newest = async (client: TestClient) => {
  const [request] = (await client.inbox.list({ limit: 1 })).requests
  return client.inbox.get({ id: request?.id ?? 0 })
}

/** What the step `note` gave in a run, once the run has ended. */
const noted = async (client: TestClient, id: string) => {
  await expect.poll(async () => (await client.runs.get({ id })).run.finishedAt).not.toBeNull()
  const { run, steps } = await client.runs.get({ id })
  return { version: run.version, replayOf: run.replayOf, output: steps.find((step) => step.step === 'note')?.output }
}

test('a request runs again through any version that was published', async () => {
  const { app, client } = await testApp()
  const zapId = await enableZap(client, { steps: [hook(), note('one {{ hook.body.n }}')], edges })
  await post(`${app.hooksUrl}/hooks/in`, '{"n":7}')
  const { draft, draftRevision } = await client.zaps.get({ id: zapId })
  const changed = { ...draft, steps: [hook(), note('two {{ hook.body.n }}')] }
  await client.zaps.saveDraft({ id: zapId, baseRevision: draftRevision, draft: changed })
  await client.zaps.publish({ id: zapId })
  expect((await client.zaps.versions({ id: zapId })).map(({ number, isLive }) => [number, isLive])).toEqual([
    [2, true],
    [1, false],
  ])
  const request = await newest(client)
  const live = await client.inbox.replay({ id: request.id })
  expect(await noted(client, live.runId)).toEqual({ version: 2, replayOf: request.runId, output: { value: 'two 7' } })
  const first = await client.inbox.replay({ id: request.id, version: 1 })
  expect(await noted(client, first.runId)).toMatchObject({ version: 1, output: { value: 'one 7' } })
  await expect(client.inbox.replay({ id: request.id, version: 9 })).rejects.toThrow('no version 9')
})

test('what was refused runs when a person says so: by its own zap, or by another', async () => {
  const { app, client } = await testApp()
  await client.credentials.set({ name: 'shop', secret: 'right' })
  const verify = { scheme: 'github', secrets: [{ $credential: 'shop' }] }
  await enableZap(client, { steps: [hook({ verify }), note('{{ hook.body.n }} {{ hook.query.a }}')], edges })
  const wrong = `sha256=${createHmac('sha256', 'wrong').update('{"n":8}').digest('hex')}`
  await post(`${app.hooksUrl}/hooks/in?a=b`, '{"n":8}', { 'x-hub-signature-256': wrong })
  const request = await newest(client)
  expect(request).toMatchObject({ verdict: 'bad-signature', proposal: { verify: { scheme: 'meta' } } })
  expect(request.report?.checks.at(-1)).toMatchObject({ title: 'Comparison', result: 'failed' })
  const { runId } = await client.inbox.replay({ id: request.id })
  expect(await noted(client, runId)).toMatchObject({ replayOf: null, output: { value: '8 b' } })
  // From now on the request leads to its run, and another time repeats that.
  expect((await client.inbox.get({ id: request.id })).runId).toBe(runId)
  const second = await client.inbox.replay({ id: request.id })
  expect(await noted(client, second.runId)).toMatchObject({ replayOf: runId, output: { value: '8 b' } })

  await post(`${app.hooksUrl}/hooks/nowhere`, '{"n":9}')
  const stray = await newest(client)
  await expect(client.inbox.replay({ id: stray.id })).rejects.toThrow('No zap listens at /hooks/nowhere')
  const other = await enableZap(client, { steps: [hook({ path: 'other' }), note('{{ hook.body.n }}')], edges })
  const again = await client.inbox.replay({ id: stray.id, zapId: other })
  expect(await noted(client, again.runId)).toMatchObject({ output: { value: 9 } })
})

test('what the inbox has only the beginning of is not run', async () => {
  const { app, client } = await testApp()
  const zapId = await enableZap(client, { steps: [hook(), note('x')], edges })
  await post(`${app.hooksUrl}/hooks/nowhere`, JSON.stringify({ text: 'x'.repeat(100_000) }))
  const { id } = await newest(client)
  await expect(client.inbox.replay({ id, zapId })).rejects.toThrow('does not have all of its body')
})

test('a pinned request is the sample of its trigger until it is unpinned', async () => {
  const { app, client } = await testApp()
  const zapId = await enableZap(client, { steps: [hook(), note('{{ hook.body.n }}')], edges })
  await post(`${app.hooksUrl}/hooks/in`, '{"n":1}')
  const first = await newest(client)
  await post(`${app.hooksUrl}/hooks/in`, '{"n":2}')
  await expect.poll(async () => (await client.runs.list({})).runs.length).toBe(2)
  const sample = async () => (await client.zaps.samples({ id: zapId })).hook
  expect(await sample()).toMatchObject({ from: 'event', value: { body: { n: 2 } } })
  expect(await client.inbox.pin({ id: first.id })).toEqual({ zapId, step: 'hook' })
  expect(await sample()).toMatchObject({ from: 'pinned', value: { body: { n: 1 } } })
  await client.zaps.unpinOutput({ id: zapId, step: 'hook' })
  expect(await sample()).toMatchObject({ from: 'event', value: { body: { n: 2 } } })
  await client.inbox.pin({ id: first.id })
  const { runId } = await client.zaps.run({ id: zapId, source: 'live' })
  expect(await noted(client, runId)).toMatchObject({ output: { value: 1 } })
})

test('the next request is captured at the one real address: without a run while the zap is a draft, with one when it is live', async () => {
  const { app, client } = await testApp()
  const draft = { format: 'hookline/zap@1' as const, name: 'Draft', steps: [hook(), note('{{ hook.body.n }}')], edges }
  const { id: zapId } = await client.zaps.create({ draft })
  const url = `${app.hooksUrl}/hooks/in`
  expect((await post(url, '{"n":0}')).status).toBe(404)
  const captured = client.inbox.capture({ zapId, step: 'hook' })
  const sha = '0'.repeat(64)
  await expect
    .poll(
      async () =>
        (await post(url, '{"n":1}', { 'x-github-event': 'push', 'x-hub-signature-256': `sha256=${sha}` })).status,
    )
    .toBe(200)
  expect(await captured).toMatchObject({
    verdict: 'captured',
    sender: 'GitHub',
    proposal: { sender: 'GitHub', verify: { scheme: 'github' } },
  })
  expect((await client.zaps.samples({ id: zapId })).hook).toMatchObject({ from: 'pinned', value: { body: { n: 1 } } })
  expect((await post(url, '{"n":2}')).status).toBe(404)
  expect((await client.runs.list({})).runs).toEqual([])

  await client.zaps.setEnabled({ id: zapId, enabled: true })
  const live = client.inbox.capture({ zapId, step: 'hook' })
  let n = 0
  const sending = expect.poll(async () => {
    await post(url, JSON.stringify({ n: ++n }))
    return (await client.inbox.list({ verdict: 'accepted' })).requests.length
  })
  await sending.toBeGreaterThan(0)
  expect(await live).toMatchObject({ verdict: 'accepted' })
  await expect.poll(async () => (await client.runs.list({})).runs.length).toBeGreaterThan(0)
})

test('who does not wait any more captures nothing', async () => {
  const { app, client } = await testApp()
  const draft = { format: 'hookline/zap@1' as const, name: 'Draft', steps: [hook()], edges: [] }
  const { id: zapId } = await client.zaps.create({ draft })
  const controller = new AbortController()
  const captured = client.inbox.capture({ zapId, step: 'hook' }, { signal: controller.signal })
  controller.abort()
  await expect(captured).rejects.toThrow()
  expect((await post(`${app.hooksUrl}/hooks/in`, '{}')).status).toBe(404)
  await expect(client.inbox.capture({ zapId, step: 'nothing' })).rejects.toThrow('no such webhook trigger')
})

test('the inbox is searched in address, headers, body and note, also where the event has them', async () => {
  const { app, client } = await testApp()
  await enableZap(client, { steps: [hook(), note('x')], edges })
  await post(`${app.hooksUrl}/hooks/in`, '{"customer":"Ada Lovelace"}', { 'x-shop': 'blue' })
  await post(`${app.hooksUrl}/hooks/elsewhere`, '{"customer":"Bob 100%"}')
  const found = async (text: string) =>
    (await client.inbox.list({ text })).requests.map((request) => request.path).join(' ')
  expect(await found('ada love')).toBe('/hooks/in')
  expect(await found('blue')).toBe('/hooks/in')
  expect(await found('100%')).toBe('/hooks/elsewhere')
  expect(await found('elsewh')).toBe('/hooks/elsewhere')
  expect(await found('customer')).toBe('/hooks/elsewhere /hooks/in')
  expect(await found('_')).toBe('')
  expect((await client.inbox.list({ text: 'customer', verdict: 'refused' })).requests).toHaveLength(1)
})
