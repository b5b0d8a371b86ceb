import { expect, it } from 'vitest'
import type { Json } from '../../../domain/values/json.ts'
import { lineOf, sentByTrigger, sentByUs } from '../../service/test-judge.ts'
import { readwise } from './readwise.app.ts'

const account = { type: 'readwise', secret: JSON.stringify({ token: 'T' }) }
const answers = (): Json => ({ id: 'x1' })

/** As the maker’s reference has them, and where it has a library, as that sends them. */
it.each<[string, Record<string, Json>, ...unknown[]]>([
  [
    'save-to-reader',
    { url: 'https://a.example', tags: 'x', location: 'later' },
    'POST /api/v3/save/',
    { saved_using: 'Hookline', url: 'https://a.example', tags: ['x'], location: 'later' },
  ],
  [
    'list-reader',
    { location: 'new', updated: '2026-12-01' },
    'GET /api/v3/list/?location=new&updatedAfter=2026-12-01T00:00:00.000Z',
  ],
  [
    'create-highlights',
    { text: 't', title: 'b', source: 'https://a.example' },
    'POST /api/v2/highlights/',
    { highlights: [{ text: 't', title: 'b', source_url: 'https://a.example' }] },
  ],
  ['create-highlights', { many: [{ text: 'a' }] }, 'POST /api/v2/highlights/', { highlights: [{ text: 'a' }] }],
  ['export', {}, 'GET /api/v2/export/'],
])('%s %j', async (uses, input, ...expected) => {
  const { sent } = await sentByUs(readwise, uses, input, { answers, account })
  expect(sent.map(lineOf)).toEqual([expected])
  expect(sent[0]?.authorization).toBe('Token T')
})

it('each highlight starts a run, with its book', async () => {
  const books = (): Json => ({
    results: [
      {
        title: 'Notes',
        highlights: [
          { id: 1, text: 'a' },
          { id: 2, text: 'b' },
        ],
      },
    ],
  })
  const { sent, events } = await sentByTrigger(readwise, 'new-highlight', {}, { answers: books, account })
  expect(sent.map(lineOf)).toEqual([['GET /api/v2/export/?updatedAfter=2026-10-30T09:00:00.000Z']])
  expect(events).toEqual([
    { key: '1', data: { id: 1, text: 'a', book: { title: 'Notes' } } },
    { key: '2', data: { id: 2, text: 'b', book: { title: 'Notes' } } },
  ])
})
