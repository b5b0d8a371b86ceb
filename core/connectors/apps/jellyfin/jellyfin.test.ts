import { expect, it } from 'vitest'
import type { Json } from '../../../domain/values/json.ts'
import { lineOf, sentByUs } from '../../service/test-judge.ts'
import { jellyfin } from './jellyfin.app.ts'

const account = { type: 'jellyfin', secret: JSON.stringify({ server: 'http://j.example:8096', token: 'T' }) }
const answers = (): Json => ({ id: 'x1' })

/** As the maker’s reference has them, and where it has a library, as that sends them. */
it.each<[string, Record<string, Json>, ...unknown[]]>([
  [
    'list-items',
    { search: 's', types: 'Movie\nEpisode', limit: 5 },
    'GET /Items?includeItemTypes=Movie,Episode&limit=5&recursive=true&searchTerm=s&sortBy=SortName&sortOrder=Ascending',
  ],
  ['latest-items', { user: 'u', most: 3 }, 'GET /Items/Latest?limit=3&userId=u'],
  ['search-hints', { search: 's' }, 'GET /Search/Hints?searchTerm=s'],
  ['refresh-library', {}, 'POST /Library/Refresh'],
  ['list-sessions', {}, 'GET /Sessions'],
  ['send-message', { session: 's', text: 't', title: 'h' }, 'POST /Sessions/s/Message', { Text: 't', Header: 'h' }],
  ['playstate', { session: 's', command: 'Pause' }, 'POST /Sessions/s/Playing/Pause'],
])('%s %j', async (uses, input, ...expected) => {
  const { sent } = await sentByUs(jellyfin, uses, input, { answers, account })
  expect(sent.map(lineOf)).toEqual([expected])
  expect(sent[0]?.authorization).toBe('MediaBrowser Token="T"')
})
