import { Octokit } from '@octokit/rest'
import { expect, it } from 'vitest'
import type { Json } from '../../../domain/values/json.ts'
import { type Sent, sentByLibrary, sentByTrigger, sentByUs } from '../../service/test-judge.ts'
import { fileWorld } from '../../test-files.ts'
import { github } from './github.app.ts'

const account = { type: 'github', secret: JSON.stringify({ token: 'ghp_1' }) }
const answers = (): Json => []
const place = { owner: 'ada', repo: 'engine' }
/** The library writes `token` before a token, and `/` in a path as `%2F`: GitHub takes both. Without a body both send an empty object, or none. */
const said = (sent: readonly Sent[]) =>
  sent.map(({ authorization, ...rest }) => ({ ...rest, token: authorization?.split(' ')[1] }))

it.each<[string, Record<string, Json>, (rest: Octokit['rest']) => Promise<unknown>]>([
  [
    'create-issue',
    { title: 'T', text: 'B', labels: ['bug'], assignees: 'ada' },
    (rest) => rest.issues.create({ ...place, title: 'T', body: 'B', labels: ['bug'], assignees: ['ada'] }),
  ],
  [
    'comment-issue',
    { issue: 42, text: 'Hällo' },
    (rest) => rest.issues.createComment({ ...place, issue_number: 42, body: 'Hällo' }),
  ],
  [
    'update-issue',
    { issue: 42, state: 'closed', reason: 'completed' },
    (rest) => rest.issues.update({ ...place, issue_number: 42, state: 'closed', state_reason: 'completed' }),
  ],
  [
    'list-issues',
    { state: 'all', labels: ['a', 'b'], since: '2026-11-30', limit: 50 },
    (rest) =>
      rest.issues.listForRepo({
        ...place,
        state: 'all',
        labels: 'a,b',
        since: '2026-11-30T00:00:00.000Z',
        per_page: 50,
      }),
  ],
  [
    'search-issues',
    { query: 'is:open', limit: 10 },
    (rest) => rest.search.issuesAndPullRequests({ q: 'is:open', per_page: 10 }),
  ],
  [
    'create-release',
    { tag: 'v1', title: 'One', draft: true },
    (rest) => rest.repos.createRelease({ ...place, tag_name: 'v1', name: 'One', draft: true }),
  ],
  [
    'dispatch-workflow',
    { workflow: 'deploy.yml', ref: 'main', inputs: { a: '1' } },
    (rest) =>
      rest.actions.createWorkflowDispatch({ ...place, workflow_id: 'deploy.yml', ref: 'main', inputs: { a: '1' } }),
  ],
  [
    'create-gist',
    { name: 'a.md', content: 'x' },
    (rest) => rest.gists.create({ public: false, files: { 'a.md': { content: 'x' } } }),
  ],
])('%s as GitHub’s own library does: %j', async (uses, input, call) => {
  const theirs = await sentByLibrary((baseUrl) => call(new Octokit({ auth: 'ghp_1', baseUrl }).rest), answers)
  const whole = { ...(!/gist|search/.test(uses) && { repo: 'ada/engine' }), ...input }
  const { sent } = await sentByUs(github, uses, whole, { answers, account })
  expect(said(sent)).toEqual(said(theirs))
})

it('a file is written over the one that is there, by its hash, and not again when it holds the same', async () => {
  const there = { sha: 'abc', size: 3, content: Buffer.from('old').toString('base64') }
  const input = { repo: 'ada/engine', path: 'docs/a b.md', content: 'new', message: 'M' }
  const write = (content: string) =>
    sentByUs(github, 'put-file', { ...input, content }, { answers: () => there, account })
  expect((await write('new')).sent).toMatchObject([
    { method: 'GET', path: '/repos/ada/engine/contents/docs/a b.md' },
    {
      method: 'PUT',
      path: '/repos/ada/engine/contents/docs/a b.md',
      body: { message: 'M', content: 'bmV3', sha: 'abc' },
    },
  ])
  expect((await write('old')).sent).toHaveLength(1)
})

it('a file is read as a file and as its text', async () => {
  const { large } = fileWorld()
  const answer = { name: 'a.md', path: 'a.md', sha: 'abc', size: 5, encoding: 'base64', content: 'SGVs\nbG8=' }
  const read = sentByUs(
    github,
    'get-file',
    { repo: 'ada/engine', path: 'a.md' },
    { answers: () => answer, account, files: { large } },
  )
  await expect(read).resolves.toMatchObject({ output: { name: 'a.md', sha: 'abc', text: 'Hello' } })
})

it('a repository is told where to call, and told to stop', async () => {
  const { sent, subscribed } = await sentByTrigger(
    github,
    'push',
    { repo: 'ada/engine' },
    { answers: () => ({ id: 7 }), account, doing: 'subscribe' },
  )
  expect(subscribed).toEqual({ subscription: { id: 7 } })
  expect(sent).toMatchObject([
    {
      method: 'POST',
      path: '/repos/ada/engine/hooks',
      body: {
        name: 'web',
        active: true,
        events: ['push'],
        config: { url: 'https://hooks.example/hooks/x', content_type: 'json', secret: 'sh' },
      },
    },
    { method: 'DELETE', path: '/repos/ada/engine/hooks/7' },
  ])
})

it('pull requests are no new issues', async () => {
  const answer = [
    { id: 1, title: 'a' },
    { id: 2, title: 'b', pull_request: {} },
  ]
  const { events } = await sentByTrigger(
    github,
    'new-issue',
    { repo: 'ada/engine' },
    { answers: () => answer, account },
  )
  expect(events.map(({ key }) => key)).toEqual(['1'])
})
