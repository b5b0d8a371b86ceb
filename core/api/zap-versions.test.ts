import { expect, test } from 'vitest'
import { enableZap, testApp } from '../test-app.ts'

const go = { id: 'go', uses: 'manual.run', input: {} }
const zap = {
  steps: [go, { id: 'set', uses: 'data.set', input: { fields: { a: '1' } } }],
  edges: [{ from: 'go', to: 'set' }],
}

test('what was published is listed, the newest first, and can be read again', async () => {
  const { client } = await testApp()
  const id = await enableZap(client, zap)
  const { draft, draftRevision } = await client.zaps.get({ id })
  const changed = { ...draft, name: 'Changed' }
  await client.zaps.saveDraft({ id, baseRevision: draftRevision, draft: changed })
  // A test makes a version too, which nobody published.
  await client.zaps.run({ id, source: 'draft' })
  expect((await client.zaps.versions({ id })).map(({ number, isLive }) => [number, isLive])).toEqual([[1, true]])
  await client.zaps.publish({ id })
  expect((await client.zaps.versions({ id })).map(({ number, isLive }) => [number, isLive])).toEqual([
    [2, true],
    [1, false],
  ])
  expect((await client.zaps.version({ id, number: 1 })).name).toBe(draft.name)
  expect((await client.zaps.version({ id, number: 2 })).name).toBe('Changed')
  await expect(client.zaps.version({ id, number: 9 })).rejects.toThrow('has no version 9')
})

test('a version is named when it is published or later, and shown by that name wherever it is', async () => {
  const { client } = await testApp()
  const id = await enableZap(client, zap)
  const { draft, draftRevision } = await client.zaps.get({ id })
  await client.zaps.saveDraft({ id, baseRevision: draftRevision, draft: { ...draft, name: 'Changed' } })
  const published = await client.zaps.publish({ id, name: '  Before the sale ' })
  expect(published.live).toMatchObject({ version: 2, name: 'Before the sale' })
  await client.zaps.renameVersion({ id, number: 1, name: 'First' })
  expect((await client.zaps.versions({ id })).map(({ name }) => name)).toEqual(['Before the sale', 'First'])
  // Nothing changed, so it is the same version, and keeps its name.
  await client.zaps.publish({ id })
  const { runId } = await client.zaps.run({ id, source: 'live', input: {} })
  await expect.poll(async () => (await client.runs.get({ id: runId })).run.status).toBe('succeeded')
  expect(await client.runs.get({ id: runId })).toMatchObject({ run: { version: 2 }, versionName: 'Before the sale' })
  await client.zaps.renameVersion({ id, number: 2, name: null })
  expect((await client.zaps.get({ id })).live?.name).toBeNull()
  await expect(client.zaps.renameVersion({ id, number: 9, name: 'Nothing' })).rejects.toMatchObject({
    code: 'NOT_FOUND',
  })
  await expect(client.zaps.renameVersion({ id, number: 1, name: '   ' })).rejects.toMatchObject({ code: 'BAD_REQUEST' })
})
