import { expect, it } from 'vitest'
import type { Json } from '../../../domain/values/json.ts'
import { lineOf, sentByTrigger, sentByUs } from '../../service/test-judge.ts'
import { fileWorld } from '../../test-files.ts'
import { gitlab } from './gitlab.app.ts'

const account = { type: 'gitlab', secret: JSON.stringify({ token: 'glpat-1' }) }
const answers = (): Json => ({ id: 9, file_name: 'b.txt', content: 'SGVsbG8=' })
const api = '/api/v4/projects/g/p'

/** As @gitbeaker/rest sends them; the project and the path are one part of the address each. Values are our own; rows that were not seen there follow the maker’s reference. */
it.each<[string, Record<string, Json>, ...unknown[]]>([
  [
    'create-issue',
    { title: 't', labels: ['a', 'b'], due: '2026-12-01' },
    `POST ${api}/issues`,
    { title: 't', labels: 'a,b', due_date: '2026-12-01' },
  ],
  ['update-issue', { issue: 5, state: 'close' }, `PUT ${api}/issues/5`, { state_event: 'close' }],
  ['comment-issue', { issue: 5, text: 'c' }, `POST ${api}/issues/5/notes`, { body: 'c' }],
  [
    'list-issues',
    { state: 'all', since: '2026-01-01', limit: 5 },
    `GET ${api}/issues?per_page=5&state=all&updated_after=2026-01-01T00:00:00.000Z`,
  ],
  [
    'create-file',
    { path: 'a/b.txt', content: 'x', branch: 'main', message: 'm' },
    `POST ${api}/repository/files/a/b.txt`,
    { content: 'x', branch: 'main', commit_message: 'm' },
  ],
  [
    'update-file',
    { path: 'a/b.txt', content: 'x', branch: 'main', message: 'm' },
    `PUT ${api}/repository/files/a/b.txt`,
    { content: 'x', branch: 'main', commit_message: 'm' },
  ],
  [
    'create-merge-request',
    { title: 't', source: 's', target: 'main' },
    `POST ${api}/merge_requests`,
    { title: 't', source_branch: 's', target_branch: 'main' },
  ],
  [
    'run-pipeline',
    { ref: 'main', variables: { A: 1 } },
    `POST ${api}/pipeline`,
    { ref: 'main', variables: [{ key: 'A', value: '1' }] },
  ],
  ['create-release', { tag: 'v1' }, `POST ${api}/releases`, { tag_name: 'v1' }],
])('%s %j', async (uses, input, ...expected) => {
  const { sent } = await sentByUs(gitlab, uses, { project: 'g/p', ...input }, { answers, account })
  expect(sent.map(lineOf)).toEqual([expected])
})

it('a file is read as a file and as its text', async () => {
  const { large } = fileWorld()
  const { sent, output } = await sentByUs(
    gitlab,
    'get-file',
    { project: 'g/p', path: 'a/b.txt', ref: 'main' },
    { answers, account, files: { large } },
  )
  expect(sent.map(lineOf)).toEqual([[`GET ${api}/repository/files/a/b.txt?ref=main`]])
  expect(output).toMatchObject({ text: 'Hello', file: { filename: 'b.txt', bytes: 5 } })
})

it('a project is told where to call, for one kind of event', async () => {
  const { sent } = await sentByTrigger(
    gitlab,
    'project-event',
    { project: 'g/p', event: 'issues_events' },
    { answers, account, doing: 'subscribe' },
  )
  expect(sent.map(lineOf)).toEqual([
    [
      `POST ${api}/hooks`,
      {
        url: 'https://hooks.example/hooks/x',
        token: 'sh',
        push_events: false,
        issues_events: true,
        enable_ssl_verification: true,
      },
    ],
    [`DELETE ${api}/hooks/9`],
  ])
})
