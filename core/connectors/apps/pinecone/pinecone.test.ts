import { expect, it } from 'vitest'
import type { Json } from '../../../domain/values/json.ts'
import { lineOf, sentByUs } from '../../service/test-judge.ts'
import { pinecone } from './pinecone.app.ts'

const account = { type: 'pinecone', secret: JSON.stringify({ token: 'T' }) }
const index = 'docs.svc.x.pinecone.io'
const answers = (): Json => ({ id: 'x1' })

/** As the maker’s reference has them, and where it has a library, as that sends them. */
it.each<[string, Record<string, Json>, ...unknown[]]>([
  ['list-indexes', {}, 'GET /indexes'],
  [
    'upsert',
    { index, vectors: [{ id: '1', values: [1] }], namespace: 'n' },
    'POST /vectors/upsert',
    { vectors: [{ id: '1', values: [1] }], namespace: 'n' },
  ],
  [
    'query',
    { index, vector: [1], most: 3, filter: { a: 1 } },
    'POST /query',
    { vector: [1], topK: 3, filter: { a: 1 }, includeMetadata: true },
  ],
  ['fetch', { index, ids: 'a\nb' }, 'GET /vectors/fetch?ids=a&ids=b'],
  ['update', { index, id: 'a', metadata: { x: 1 } }, 'POST /vectors/update', { id: 'a', setMetadata: { x: 1 } }],
  ['delete', { index, all: true, namespace: 'n' }, 'POST /vectors/delete', { deleteAll: true, namespace: 'n' }],
  [
    'search-records',
    { index, namespace: 'n', query: 'q', most: 3, only: 'a' },
    'POST /records/namespaces/n/search',
    { fields: ['a'], query: { top_k: 3, inputs: { text: 'q' } } },
  ],
  [
    'upsert-records',
    { index, namespace: 'n', records: [{ _id: '1' }, { _id: '2' }] },
    'POST /records/namespaces/n/upsert',
    '{"_id":"1"}\n{"_id":"2"}\n',
  ],
])('%s %j', async (uses, input, ...expected) => {
  const { sent } = await sentByUs(pinecone, uses, input, { answers, account })
  expect(sent.map(lineOf)).toEqual([expected])
})

it.each(['evil.example', 'docs.pinecone.io.evil.example', 'https://evil.example/x.pinecone.io', ''])(
  'the key goes to no other host than an index of Pinecone: %j',
  async (other) => {
    await expect(sentByUs(pinecone, 'fetch', { index: other || ' ', ids: 'a' }, { answers, account })).rejects.toThrow()
  },
)
