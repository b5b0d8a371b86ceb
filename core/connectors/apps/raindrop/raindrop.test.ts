import { expect, it } from 'vitest'
import type { Json } from '../../../domain/values/json.ts'
import { lineOf, sentByTrigger, sentByUs } from '../../service/test-judge.ts'
import { raindrop } from './raindrop.app.ts'

const account = { type: 'raindrop', secret: JSON.stringify({ token: 'T' }) }
const answers = ({ query }: { query: readonly (readonly [string, string])[] }): Json => ({
  result: true,
  item: { _id: 1 },
  items: query.some(([name]) => name === 'page') ? [] : [{ _id: 2 }],
})
const api = '/rest/v1'

/** As Raindrop.io documents them (developer.raindrop.io). */
it.each<[string, Record<string, Json>, ...unknown[]]>([
  [
    'create-bookmark',
    { link: 'https://a', tags: ['x'], collection: '42' },
    `POST ${api}/raindrop`,
    { link: 'https://a', tags: ['x'], collection: { $id: 42 }, pleaseParse: {} },
  ],
  [
    'list-bookmarks',
    { collection: 0, search: '#x', limit: 1 },
    `GET ${api}/raindrops/0?perpage=1&search=#x&sort=-created`,
  ],
  ['get-bookmark', { bookmark: 1 }, `GET ${api}/raindrop/1`],
  ['update-bookmark', { bookmark: 1, title: 't' }, `PUT ${api}/raindrop/1`, { title: 't' }],
  ['delete-bookmark', { bookmark: 1 }, `DELETE ${api}/raindrop/1`],
  ['get-collection', { collection: 42 }, `GET ${api}/collection/42`],
  ['create-collection', { title: 't', parent: '42' }, `POST ${api}/collection`, { title: 't', parent: { $id: 42 } }],
  ['list-highlights', { limit: 1 }, `GET ${api}/highlights?perpage=1`],
])('%s %j', async (uses, input, ...expected) => {
  const { sent } = await sentByUs(raindrop, uses, input, { answers, account })
  expect(sent.map(lineOf)).toEqual([expected])
})

it('new bookmarks are the last ones', async () => {
  const { events } = await sentByTrigger(raindrop, 'new-bookmark', { collection: -1 }, { answers, account })
  expect(events.map(({ key }) => key)).toEqual(['2'])
})
