import { expect, it } from 'vitest'
import type { Json } from '../../../domain/values/json.ts'
import { lineOf, sentByUs } from '../../service/test-judge.ts'
import { grafana } from './grafana.app.ts'

const account = { type: 'grafana', secret: JSON.stringify({ server: 'https://g.example/sub', token: 'T' }) }
const answers = (): Json => [{ uid: 'u' }]

/** As the maker’s reference has them, and where it has a library, as that sends them. */
it.each<[string, Record<string, Json>, ...unknown[]]>([
  [
    'save-dashboard',
    { dashboard: '{"uid":"u"}', folder: 'f', overwrite: true },
    'POST /sub/api/dashboards/db',
    { dashboard: { uid: 'u' }, folderUid: 'f', overwrite: true },
  ],
  ['get-dashboard', { dashboard: 'u' }, 'GET /sub/api/dashboards/uid/u'],
  ['search', { query: 'q', tags: 'a\nb', limit: 1 }, 'GET /sub/api/search?limit=1&query=q&tag=a&tag=b'],
  [
    'create-annotation',
    { text: 't', time: '2026-12-01T00:00:00Z', dashboard: 'u' },
    'POST /sub/api/annotations',
    { text: 't', time: 1_796_083_200_000, dashboardUID: 'u' },
  ],
  ['create-team', { name: 'n' }, 'POST /sub/api/teams', { name: 'n' }],
])('%s %j', async (uses, input, ...expected) => {
  const { sent } = await sentByUs(grafana, uses, input, { answers, account })
  expect(sent.map(lineOf)).toEqual([expected])
  expect(sent[0]?.authorization).toBe('Bearer T')
})
