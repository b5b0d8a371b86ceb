import { expect, it } from 'vitest'
import type { Json } from '../../../domain/values/json.ts'
import { lineOf, sentByTrigger, sentByUs } from '../../service/test-judge.ts'
import { jira } from './jira.app.ts'

const account = {
  type: 'jira',
  secret: JSON.stringify({ server: 'https://acme.atlassian.net', email: 'me@x.y', token: 'T' }),
}
const answers = (): Json => ({ issues: [], isLast: true })
const plain = (text: string): Json => ({
  type: 'doc',
  version: 1,
  content: [{ type: 'paragraph', content: [{ type: 'text', text }] }],
})

/** As jira.js 5.4.0 sends them. Values are our own; rows that were not seen there follow the maker’s reference. */
it.each<[string, Record<string, Json>, ...unknown[]]>([
  [
    'create-issue',
    { project: 'AB', kind: 'Task', summary: 's', description: 'plain', due: '2026-12-01', more: { customfield_1: 5 } },
    'POST /rest/api/3/issue',
    {
      fields: {
        project: { key: 'AB' },
        summary: 's',
        issuetype: { name: 'Task' },
        description: plain('plain'),
        duedate: '2026-12-01',
        customfield_1: 5,
      },
    },
  ],
  ['update-issue', { issue: 'AB-1', summary: 'x' }, 'PUT /rest/api/3/issue/AB-1', { fields: { summary: 'x' } }],
  ['get-issue', { issue: 'AB-1', fields: 'summary' }, 'GET /rest/api/3/issue/AB-1?fields=summary'],
  [
    'search',
    { jql: 'updated >= -5m', fields: 'summary,updated', limit: 50 },
    'GET /rest/api/3/search/jql?fields=summary,updated&jql=updated >= -5m&maxResults=50',
  ],
  ['add-comment', { issue: 'AB-1', text: 'hi' }, 'POST /rest/api/3/issue/AB-1/comment', { body: plain('hi') }],
  [
    'transition-issue',
    { issue: 'AB-1', transition: 31 },
    'POST /rest/api/3/issue/AB-1/transitions',
    { transition: { id: '31' } },
  ],
])('%s %j', async (uses, input, ...expected) => {
  const { sent } = await sentByUs(jira, uses, input, { answers, account })
  expect(sent.map(lineOf)).toEqual([expected])
  expect(sent[0]?.authorization).toBe('Basic bWVAeC55OlQ=')
})

it('the list of changed issues is that of one project, and its name opens no query of its own', async () => {
  const { sent } = await sentByTrigger(
    jira,
    'issue-created-or-updated',
    { project: 'AB" OR 1=1' },
    { answers, account },
  )
  expect(sent[0]?.query).toContainEqual(['jql', 'project = "AB OR 1=1" ORDER BY updated DESC'])
})

it('a webhook is made with a secret and ended by its number', async () => {
  const answer = () => ({ self: 'https://acme.atlassian.net/rest/webhooks/1.0/webhook/72' })
  const { sent } = await sentByTrigger(
    jira,
    'issue-events',
    { jql: 'project = AB' },
    { answers: answer, account, doing: 'subscribe' },
  )
  expect(sent[0]?.body).toMatchObject({
    url: 'https://hooks.example/hooks/x',
    secret: 'sh',
    filters: { 'issue-related-events-section': 'project = AB' },
  })
  expect(sent[1]).toMatchObject({ method: 'DELETE', path: '/rest/webhooks/1.0/webhook/72' })
})
