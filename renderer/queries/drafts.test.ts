import { afterEach, expect, test } from 'vitest'
import type { SavedDraft } from '../../core/contract/values.ts'
import { blankZap } from '../../core/domain/zap/zap-file.ts'
import { noteSavedDraft, savedHere } from './drafts.ts'
import { cache, patchAnswer, queries } from './queries.ts'

afterEach(() => cache.clear())

const draft = blankZap('Renamed')
const news: SavedDraft = {
  name: 'Renamed',
  draftDiffers: true,
  uses: [],
  triggerSummary: 'no trigger yet',
  updatedAt: '2026-11-24T09:00:00.000Z',
  review: 'done',
  draftRevision: 4,
  problems: [],
  webhooks: [],
}

test('what a window saved is in every answer that it has, which are not asked for again', () => {
  const zap = queries.zaps.get.queryKey({ input: { id: 'zap_1' } })
  const list = queries.zaps.list.queryKey()
  cache.setQueryData<unknown>(zap, {
    id: 'zap_1',
    name: 'Before',
    draftRevision: 3,
    last24h: { succeeded: 2, failed: 0 },
  })
  cache.setQueryData<unknown>(list, [
    { id: 'zap_1', name: 'Before' },
    { id: 'zap_2', name: 'Other' },
  ])
  noteSavedDraft('zap_1', draft, news)
  expect(cache.getQueryData(zap)).toMatchObject({ name: 'Renamed', draft, draftRevision: 4, last24h: { succeeded: 2 } })
  expect(cache.getQueryData(list)).toMatchObject([{ name: 'Renamed' }, { name: 'Other' }])
  expect(cache.getQueryState(zap)?.isInvalidated).toBe(false)
  expect([savedHere('zap_1'), savedHere('zap_2')]).toEqual([4, -1])
})

test('a change to an answer that was stale leaves it stale', async () => {
  const key = ['an answer']
  cache.setQueryData(key, 1)
  await cache.invalidateQueries({ queryKey: key })
  patchAnswer<number>(key, (one) => one + 1)
  expect(cache.getQueryData(key)).toBe(2)
  expect(cache.getQueryState(key)?.isInvalidated).toBe(true)
})
