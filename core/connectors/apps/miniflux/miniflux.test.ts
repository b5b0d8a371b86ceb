import { expect, it } from 'vitest'
import type { Json } from '../../../domain/values/json.ts'
import { lineOf, sentByUs } from '../../service/test-judge.ts'
import { miniflux } from './miniflux.app.ts'

const account = { type: 'miniflux', secret: JSON.stringify({ server: 'https://m.example', token: 'T' }) }
const answers = (): Json => ({ id: 'x1' })

/** As the maker’s reference has them, and where it has a library, as that sends them. */
it.each<[string, Record<string, Json>, ...unknown[]]>([
  [
    'list-entries',
    { status: 'unread', starred: true, category: '2', limit: 5 },
    'GET /v1/entries?category_id=2&direction=desc&limit=5&starred=true&status=unread',
  ],
  ['get-entry', { entry: 1 }, 'GET /v1/entries/1'],
  ['update-entries', { entries: '1\n2', status: 'read' }, 'PUT /v1/entries', { entry_ids: [1, 2], status: 'read' }],
  ['toggle-star', { entry: 1 }, 'PUT /v1/entries/1/bookmark'],
  ['save-entry', { entry: 1 }, 'POST /v1/entries/1/save'],
  ['fetch-content', { entry: 1, keep: true }, 'GET /v1/entries/1/fetch-content?update_content=true'],
  [
    'create-feed',
    { url: 'https://a.example/feed', category: '2' },
    'POST /v1/feeds',
    { feed_url: 'https://a.example/feed', category_id: 2 },
  ],
  ['list-feeds', {}, 'GET /v1/feeds'],
])('%s %j', async (uses, input, ...expected) => {
  const { sent } = await sentByUs(miniflux, uses, input, { answers, account })
  expect(sent.map(lineOf)).toEqual([expected])
})

it('a star that is a toggle is not set twice', () => {
  const toggle = miniflux.connectors.find(({ id }) => id === 'miniflux.toggle-star')
  expect(toggle).toMatchObject({ effect: 'unsafe' })
})
