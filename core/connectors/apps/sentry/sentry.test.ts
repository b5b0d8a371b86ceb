import { expect, it } from 'vitest'
import type { Json } from '../../../domain/values/json.ts'
import { lineOf, sentByTrigger, sentByUs } from '../../service/test-judge.ts'
import { sentry } from './sentry.app.ts'

const account = { type: 'sentry', secret: JSON.stringify({ token: 'T' }) }
const answers = (): Json => ({ id: 'x1' })

/** As the maker’s reference has them, and where it has a library, as that sends them. */
it.each<[string, Record<string, Json>, ...unknown[]]>([
  [
    'list-issues',
    { organization: 'o', query: 'is:unresolved', limit: 5 },
    'GET /api/0/organizations/o/issues/?per_page=5&query=is:unresolved',
  ],
  [
    'update-issue',
    { organization: 'o', issue: '1', status: 'resolved' },
    'PUT /api/0/organizations/o/issues/1/',
    { status: 'resolved' },
  ],
  [
    'update-issues',
    { organization: 'o', issues: '1\n2', assignee: 'a@b.c' },
    'PUT /api/0/organizations/o/issues/?id=1&id=2',
    { assignedTo: 'a@b.c' },
  ],
  [
    'list-events',
    { organization: 'o', project: 'p', full: true, limit: 5 },
    'GET /api/0/projects/o/p/events/?full=true&per_page=5',
  ],
  [
    'create-release',
    { organization: 'o', version: '1', projects: 'p' },
    'POST /api/0/organizations/o/releases/',
    { version: '1', projects: ['p'] },
  ],
  ['list-projects', { organization: 'o', limit: 5 }, 'GET /api/0/organizations/o/projects/?per_page=5'],
])('%s %j', async (uses, input, ...expected) => {
  const { sent } = await sentByUs(sentry, uses, input, { answers, account })
  expect(sent.map(lineOf)).toEqual([expected])
  expect(sent[0]?.authorization).toBe('Bearer T')
})

it('many issues are never all that there are', async () => {
  await expect(
    sentByUs(sentry, 'update-issues', { organization: 'o', status: 'resolved' }, { answers, account }),
  ).rejects.toThrow()
})

it('new issues are asked for by when they were first seen', async () => {
  const listed = (): Json => [{ id: '1' }, { id: '2' }]
  const { sent, events } = await sentByTrigger(sentry, 'new-issue', { organization: 'o' }, { answers: listed, account })
  expect(sent[0] && lineOf(sent[0])).toEqual(['GET /api/0/organizations/o/issues/?per_page=100&sort=new'])
  expect(events.map(({ key }) => key)).toEqual(['1', '2'])
})
