import { expect, it } from 'vitest'
import type { Json } from '../../../domain/values/json.ts'
import { sentByTrigger, sentByUs } from '../../service/test-judge.ts'
import { linear } from './linear.app.ts'

const account = { type: 'linear', secret: JSON.stringify({ token: 'lin_api_1' }) }
const node = { id: 'i1', updatedAt: 'x' }
const answers = (): Json => ({
  data: {
    issueCreate: { issue: node },
    issues: { nodes: [node], pageInfo: { hasNextPage: false, endCursor: 'never' } },
    webhookCreate: { webhook: { id: 'w1' } },
  },
})

/** As @linear/sdk 98.0.0 names them. Values are our own; rows that were not seen there follow the maker’s reference. */
it.each<[string, Record<string, Json>, RegExp, Json]>([
  [
    'create-issue',
    { team: 'T', title: 't', priority: '1', due: '2026-12-01' },
    /issueCreate\(input: \$input\)/,
    { input: { teamId: 'T', title: 't', priority: 1, dueDate: '2026-12-01' } },
  ],
  [
    'update-issue',
    { issue: 'ENG-1', state: 'S' },
    /issueUpdate\(id: \$id, input: \$input\)/,
    { id: 'ENG-1', input: { stateId: 'S' } },
  ],
  [
    'comment-issue',
    { issue: 'ENG-1', text: 'c' },
    /commentCreate\(input: \$input\)/,
    { input: { issueId: 'ENG-1', body: 'c' } },
  ],
  [
    'list-issues',
    { team: 'T', state: 'Todo', limit: 5 },
    /issues\(first: \$first, after: \$after, filter: \$filter/,
    { first: 5, filter: { team: { id: { eq: 'T' } }, state: { name: { eq: 'Todo' } } } },
  ],
])('%s %j', async (uses, input, query, variables) => {
  const { sent } = await sentByUs(linear, uses, input, { answers, account })
  expect(sent).toMatchObject([
    { method: 'POST', path: '/graphql', authorization: 'lin_api_1', body: { query: expect.stringMatching(query) } },
  ])
  expect(sent.map(({ body }) => (body as { variables: Json }).variables)).toEqual([variables])
})

it('an issue starts a run again when it was changed, and a webhook is signed with our secret', async () => {
  const { events } = await sentByTrigger(linear, 'issue-updated', {}, { answers, account })
  expect(events.map(({ key }) => key)).toEqual(['i1 x'])
  const { sent } = await sentByTrigger(
    linear,
    'data-change',
    { kind: 'Issue' },
    { answers, account, doing: 'subscribe' },
  )
  expect(sent.map(({ body }) => (body as { variables: Json }).variables)).toEqual([
    {
      input: {
        url: 'https://hooks.example/hooks/x',
        secret: 'sh',
        label: 'Hookline',
        resourceTypes: ['Issue'],
        allPublicTeams: true,
      },
    },
    { id: 'w1' },
  ])
})

it.each([
  ['RATELIMITED', 'http-429'],
  ['AUTHENTICATION_ERROR', 'http-401'],
])('a refusal stands in a 200: %s', async (code, expected) => {
  const answer = () => ({ errors: [{ message: 'No', extensions: { code } }] })
  await expect(sentByUs(linear, 'list-issues', {}, { answers: answer, account })).rejects.toMatchObject({
    details: { code: expected },
  })
})
