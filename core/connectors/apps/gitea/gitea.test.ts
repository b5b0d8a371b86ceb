import { expect, it } from 'vitest'
import type { Json } from '../../../domain/values/json.ts'
import { lineOf, sentByTrigger, sentByUs } from '../../service/test-judge.ts'
import { fileWorld } from '../../test-files.ts'
import { gitea } from './gitea.app.ts'

const account = { type: 'gitea', secret: JSON.stringify({ server: 'https://git.example', token: 'T' }) }
const answers = (): Json => ({ id: 7, name: 'b.txt', sha: 'abc', content: 'SGVsbG8=' })
const api = '/api/v1/repos/o/r'

/** As gitea-js sends them. Values are our own; rows that were not seen there follow the maker’s reference. */
it.each<[string, Record<string, Json>, ...(readonly unknown[])[]]>([
  [
    'create-issue',
    { title: 't', text: 'b', labels: '1' },
    [`POST ${api}/issues`, { title: 't', body: 'b', labels: [1] }],
  ],
  ['comment-issue', { issue: 1, text: 'c' }, [`POST ${api}/issues/1/comments`, { body: 'c' }]],
  ['update-issue', { issue: 1, state: 'closed' }, [`PATCH ${api}/issues/1`, { state: 'closed' }]],
  [
    'list-issues',
    { state: 'all', since: '2026-01-01', limit: 5 },
    [`GET ${api}/issues?limit=5&since=2026-01-01T00:00:00.000Z&state=all&type=issues`],
  ],
  [
    'create-file',
    { path: 'a/b.txt', content: 'x', message: 'm', branch: 'main' },
    [`POST ${api}/contents/a/b.txt`, { content: 'eA==', message: 'm', branch: 'main' }],
  ],
  [
    'update-file',
    { path: 'a/b.txt', content: 'x', message: 'm' },
    [`GET ${api}/contents/a/b.txt`],
    [`PUT ${api}/contents/a/b.txt`, { content: 'eA==', message: 'm', sha: 'abc' }],
  ],
  ['create-release', { tag: 'v1' }, [`POST ${api}/releases`, { tag_name: 'v1' }]],
])('%s %j', async (uses, input, ...expected) => {
  const { sent } = await sentByUs(gitea, uses, { repo: 'o/r', ...input }, { answers, account })
  expect(sent.map(lineOf)).toEqual(expected)
  expect(sent[0]?.authorization).toBe('token T')
})

it('a file is read as a file and as its text', async () => {
  const { large } = fileWorld()
  const { output } = await sentByUs(
    gitea,
    'get-file',
    { repo: 'o/r', path: 'a/b.txt' },
    { answers, account, files: { large } },
  )
  expect(output).toMatchObject({ text: 'Hello', file: { filename: 'b.txt', bytes: 5 } })
})

it('a repository is told where to call', async () => {
  const { sent } = await sentByTrigger(
    gitea,
    'repo-event',
    { repo: 'o/r', event: 'push' },
    { answers, account, doing: 'subscribe' },
  )
  expect(sent.map(lineOf)).toEqual([
    [
      `POST ${api}/hooks`,
      {
        type: 'gitea',
        config: { url: 'https://hooks.example/hooks/x', content_type: 'json', secret: 'sh' },
        events: ['push'],
        active: true,
      },
    ],
    [`DELETE ${api}/hooks/7`],
  ])
})
