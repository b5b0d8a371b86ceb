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
  const { runId } = await client.zaps.run({ id, source: 'draft' })
  expect((await client.zaps.versions({ id })).map(({ number, isLive }) => [number, isLive])).toEqual([[1, true]])
  await client.zaps.publish({ id })
  expect((await client.zaps.versions({ id })).map(({ number, isLive }) => [number, isLive])).toEqual([
    [2, true],
    [1, false],
  ])
  // The test's own version stays, and uses up no number.
  const test = await client.runs.get({ id: runId })
  expect([test.run.version, test.zap.name]).toEqual([-1, 'Changed'])
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

test('tests of drafts use up no version numbers: what is published first is version 1, also after it was tested', async () => {
  const { client } = await testApp()
  const { id, draftRevision, draft } = await client.zaps.create({
    draft: { ...zap, format: 'hookline/zap@1', name: 'A' },
  })
  const versionOf = async (source: 'draft' | 'live'): Promise<number> => {
    const { runId } = await client.zaps.run({ id, source, input: {} })
    return (await client.runs.get({ id: runId })).run.version
  }
  expect([await versionOf('draft'), await versionOf('draft')]).toEqual([-1, -1])
  const saved = await client.zaps.saveDraft({ id, baseRevision: draftRevision, draft: { ...draft, name: 'B' } })
  expect(await versionOf('draft')).toBe(-2)
  expect((await client.zaps.publish({ id })).liveVersion).toBe(1)
  // What is published is also what an unchanged draft is tested on.
  expect([await versionOf('draft'), await versionOf('live')]).toEqual([1, 1])
  await client.zaps.saveDraft({ id, baseRevision: saved.draftRevision, draft: { ...draft, name: 'C' } })
  expect(await versionOf('draft')).toBe(-3)
  expect((await client.zaps.publish({ id })).liveVersion).toBe(2)
  expect((await client.zaps.versions({ id })).map(({ number }) => number)).toEqual([2, 1])
})
