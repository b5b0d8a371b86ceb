import { expect, test } from 'vitest'
import { enableZap, runToEnd, type TestClient, testApp } from '../test-app.ts'

const go = { id: 'go', uses: 'manual.run', input: { fields: { n: 7 } } }
const set = { id: 'set', uses: 'data.set', input: { fields: { value: '{{ go.n }}' } } }
const zap = { steps: [go, set], edges: [{ from: 'go', to: 'set' }] }

test('a zap tells how its runs of today ended', async () => {
  const { client } = await testApp()
  const id = await enableZap(client, zap)
  await runToEnd(client, id, { n: 1 })
  const failed = await runToEnd(client, id, {})
  const [summary] = (await client.zaps.list()).filter((other) => other.id === id)
  expect(summary).toMatchObject({
    status: 'enabled',
    uses: ['manual.run', 'data.set'],
    last24h: { succeeded: 1, failed: 1 },
    lastRun: { id: failed.run.id, status: 'failed' },
  })
})

test('samples are what a step gave last, and before that what its connector or its own fields say', async () => {
  const { client } = await testApp()
  const id = await enableZap(client, zap)
  expect(await client.zaps.samples({ id })).toMatchObject({
    go: { value: { n: 7 }, from: 'connector' },
    set: { value: { value: '{{ go.n }}' }, from: 'connector' },
  })
  await runToEnd(client, id, { n: 42 })
  expect(await client.zaps.samples({ id })).toMatchObject({
    go: { value: { n: 42 }, from: 'event' },
    set: { value: { value: 42 }, from: 'run' },
  })
})

test('a draft can be run as it stands, without being published', async () => {
  const { client } = await testApp()
  const id = await enableZap(client, zap)
  const { draft, draftRevision } = await client.zaps.get({ id })
  const changed = { ...draft, steps: [go, { ...set, input: { fields: { value: 'from the draft' } } }] }
  const saved = await client.zaps.saveDraft({ id, baseRevision: draftRevision, draft: changed })
  expect(saved).toMatchObject({ draftDiffers: true, draftRevision: draftRevision + 1 })
  const { runId } = await client.zaps.run({ id, source: 'draft' })
  await expect.poll(async () => (await client.runs.get({ id: runId })).run.status).toBe('succeeded')
  const { run, steps } = await client.runs.get({ id: runId })
  expect(run.version).toBe(-1)
  expect(steps[1]?.output).toEqual({ value: 'from the draft' })
  expect((await client.zaps.get({ id })).liveVersion).toBe(1)
  expect((await client.zaps.publish({ id })).liveVersion).toBe(2)
})

test('a draft that was changed elsewhere is not overwritten', async () => {
  const { client } = await testApp()
  const id = await enableZap(client, zap)
  const { draft, draftRevision } = await client.zaps.get({ id })
  await client.zaps.saveDraft({ id, baseRevision: draftRevision, draft: { ...draft, name: 'First' } })
  const second = client.zaps.saveDraft({ id, baseRevision: draftRevision, draft: { ...draft, name: 'Second' } })
  await expect(second).rejects.toMatchObject({ code: 'STALE_DRAFT', data: { revision: draftRevision + 1 } })
  expect((await client.zaps.get({ id })).name).toBe('First')
})

test('saving a draft answers only what is new, and tells the other windows that nothing else changed', async () => {
  const { client } = await testApp()
  const id = await enableZap(client, zap)
  const { draft, draftRevision } = await client.zaps.get({ id })
  const events = await client.events.watch()
  await events.next()
  const saved = await client.zaps.saveDraft({ id, baseRevision: draftRevision, draft: { ...draft, name: 'Renamed' } })
  expect(saved).toMatchObject({ name: 'Renamed', draftDiffers: true, draftRevision: draftRevision + 1, problems: [] })
  expect(Object.keys(saved)).not.toContain('draft')
  expect(await changeOf(events, id)).toEqual({ type: 'zaps', ids: [id], drafts: { [id]: draftRevision + 1 } })
  await client.zaps.saveDraft({ id, baseRevision: draftRevision + 1, draft })
  await client.zaps.publish({ id })
  expect(await changeOf(events, id)).toMatchObject({ ids: [id], drafts: {} })
})

/** The next event that tells of a zap. */
async function changeOf(events: Awaited<ReturnType<TestClient['events']['watch']>>, id: string) {
  for (;;) {
    const { value: event, done } = await events.next()
    if (done === true) throw new Error('the stream ended')
    if (event.type === 'zaps' && event.ids.includes(id)) return event
  }
}

test('a removed zap is gone from every list until it is restored, and its runs stay', async () => {
  const { client } = await testApp()
  const id = await enableZap(client, zap)
  const { run } = await runToEnd(client, id, { n: 1 })
  await client.zaps.remove({ id })
  expect((await client.zaps.list()).map((other) => other.id)).not.toContain(id)
  await expect(client.zaps.get({ id })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  await expect(client.zaps.run({ id, source: 'live' })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  expect((await client.runs.get({ id: run.id })).run.status).toBe('succeeded')
  expect((await client.zaps.restore({ id })).status).toBe('disabled')
})

test('what is exported can be imported again as the same zap', async () => {
  const { client } = await testApp()
  const id = await enableZap(client, zap)
  const file = await client.zaps.export({ id })
  const { zaps } = await client.zaps.import({ files: [{ file: 'again', content: JSON.parse(JSON.stringify(file)) }] })
  expect(zaps).toMatchObject([{ status: 'draft', problems: [] }])
  expect(await client.zaps.export({ id: zaps[0]?.id ?? '' })).toEqual(file)
})

test('a disabled trigger starts nothing, and no address is told for it', async () => {
  const { client, app } = await testApp()
  const hook = { id: 'hook', uses: 'webhook.catch', input: { path: 'off' }, settings: { disabled: true } }
  const id = await enableZap(client, {
    steps: [go, hook, set],
    edges: [...zap.edges, { from: 'hook', to: 'set' }],
  })
  expect(await client.zaps.get({ id })).toMatchObject({ webhooks: [], triggerSummary: 'by hand' })
  expect((await fetch(`${app.hooksUrl}/hooks/off`, { method: 'POST' })).status).toBe(404)
})
