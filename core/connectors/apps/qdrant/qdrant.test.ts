import { expect, it } from 'vitest'
import type { Json } from '../../../domain/values/json.ts'
import { lineOf, sentByUs } from '../../service/test-judge.ts'
import { qdrant } from './qdrant.app.ts'

const account = { type: 'qdrant', secret: JSON.stringify({ token: 'K' }) }
const answers = (): Json => ({ result: { points: [{ id: 1 }], next_page_offset: null } })
const api = '/collections/c'

/** As @qdrant/js-client-rest, the maker’s own library, sends them. Values are our own; rows that were not seen there follow the maker’s reference. */
it.each<[string, Record<string, Json>, ...unknown[]]>([
  ['list-collections', {}, 'GET /collections'],
  ['create-collection', { collection: 'c', size: 4 }, `PUT ${api}`, { vectors: { size: 4, distance: 'Cosine' } }],
  [
    'upsert-points',
    { collection: 'c', points: [{ id: 1, vector: [0.1] }] },
    `PUT ${api}/points?wait=true`,
    { points: [{ id: 1, vector: [0.1] }] },
  ],
  [
    'query',
    { collection: 'c', query: '[0.1]', most: 3 },
    `POST ${api}/points/query`,
    { query: [0.1], limit: 3, with_payload: true },
  ],
  [
    'scroll',
    { collection: 'c', limit: 5, payload: false },
    `POST ${api}/points/scroll`,
    { with_payload: false, limit: 5 },
  ],
  ['retrieve', { collection: 'c', ids: [1] }, `POST ${api}/points`, { ids: [1], with_payload: true }],
  [
    'set-payload',
    { collection: 'c', points: [1], fields: { a: 1 } },
    `POST ${api}/points/payload?wait=true`,
    { points: [1], payload: { a: 1 } },
  ],
  ['delete-points', { collection: 'c', points: [1] }, `POST ${api}/points/delete?wait=true`, { points: [1] }],
  ['count', { collection: 'c' }, `POST ${api}/points/count`, { exact: true }],
])('%s %j', async (uses, input, ...expected) => {
  const { sent } = await sentByUs(qdrant, uses, input, { answers, account })
  expect(sent.map(lineOf)).toEqual([expected])
})

it('points are deleted only where it is said which', async () => {
  await expect(sentByUs(qdrant, 'delete-points', { collection: 'c' }, { answers, account })).rejects.toThrow(
    /which points/,
  )
})
