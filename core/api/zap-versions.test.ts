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
