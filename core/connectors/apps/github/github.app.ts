import { z } from 'zod'
import { StepError } from '../../../domain/runs/step-error.ts'
import { isJsonList, isJsonObject, type Json, textOf } from '../../../domain/values/json.ts'
import { defineApp } from '../../define-app.ts'
import { readPath, valueAt } from '../../kit/path.ts'
import { bearer, howTo, oauthAccount, tokenAccount, whoIs } from '../../service/accounts.ts'
import { choice, json, longText, moment, text, texts, yesNo } from '../../service/fields.ts'
import { hookTrigger } from '../../service/hooks.ts'
import { listOf, newItemTrigger, operation } from '../../service/operation.ts'
import type { Pages } from '../../service/pages.ts'
import { requestOf } from '../../service/request.ts'
import { hue, icon } from './logo.ts'

const ADDRESS = 'https://api.github.com'
const HEADERS = { accept: 'application/vnd.github+json', 'x-github-api-version': '2022-11-28' }

const repo = text('Repository', {
  placeholder: 'owner/name',
  help: 'Its owner and its name.',
  from: { list: 'repos' },
})
const issue = text('Issue', { placeholder: '42', help: 'The number of an issue or of a pull request.' })
const title = text('Title')
const body = longText('Text', { optional: true, as: 'body', help: 'Markdown.' })
const labels = texts('Labels', { optional: true, help: 'Names, one a line.' })
const assignees = texts('Assigned to', { optional: true, advanced: true, help: 'User names, one a line.' })
const path = text('Path', { placeholder: 'docs/readme.md' })

/** Lists of GitHub say where their next page is in a header. */
const pagesOf = (items = ''): Pages => ({ items, size: { as: 'per_page', most: 100 }, next: { by: 'link' } })

const stored = {
  id: 2_764_000_000,
  number: 42,
  title: 'The printer is on fire',
  state: 'open',
  html_url: 'https://github.com/ada/engine/issues/42',
  user: { login: 'ada' },
  labels: [{ name: 'bug' }],
  created_at: '2026-11-30T09:00:00Z',
}
const whoAmI = whoIs({ address: ADDRESS, path: 'user', name: ['login', 'name'], headers: HEADERS })

const at = (item: Json, where: string): Json => valueAt(item, readPath(where)) ?? null

/** The request for a file of a repository, whose folders stay folders. */
const fileAt = (method: 'GET' | 'PUT', input: Readonly<Record<string, Json | undefined>>) =>
  requestOf({ request: `${method} /repos/{+repo}/contents/{+path}`, fields: { repo, path }, headers: HEADERS }, input)

const entrySchema = z.looseObject({ sha: z.string(), content: z.string().default(''), size: z.number().default(0) })

/** A webhook of a repository for some events (https://docs.github.com/en/webhooks). */
function repositoryEvents(
  name: string,
  shownTitle: string,
  description: string,
  events: readonly string[],
  sample: Readonly<Record<string, Json>>,
) {
  return hookTrigger({
    name,
    title: shownTitle,
    description,
    keywords: ['webhook', 'repository', ...events.map((event) => event.replaceAll('_', ' '))],
    summary: '{repo}',
    scopes: ['admin:repo_hook'],
    fields: { repo },
    verify: { scheme: 'github' },
    headers: HEADERS,
    subscribe: 'POST /repos/{+repo}/hooks',
    body: ({ url, secret }) => ({
      name: 'web',
      active: true,
      events: [...events],
      config: { url, content_type: 'json', secret },
    }),
    id: 'id',
    unsubscribe: 'DELETE /repos/{+repo}/hooks/{id}',
    all: { request: 'GET /repos/{+repo}/hooks', pages: pagesOf(), url: 'config.url', id: 'id' },
    events: ({ headers, body: told }) => {
      const event = headers['x-github-event'] ?? ''
      if (!events.includes(event) || !isJsonObject(told)) return []
      return [{ key: headers['x-github-delivery'] ?? null, data: { event, ...told } }]
    },
    sample: { event: events[0] ?? '', repository: { full_name: 'ada/engine' }, sender: { login: 'ada' }, ...sample },
  })
}

/** GitHub's REST API (https://docs.github.com/en/rest). */
export const github = defineApp({
  id: 'github',
  title: 'GitHub',
  icon,
  hue,
  address: ADDRESS,
  account: 'needed',
  takesKey: false,
  credentials: [
    tokenAccount({
      id: 'github',
      title: 'GitHub token',
      secret: { title: 'Personal access token', placeholder: 'github_pat_…' },
      help: howTo(
        'A token in three steps',
        {
          title: 'Create a token',
          text: 'Fine-grained, for the repositories that your zaps are to see.',
          link: { title: 'Tokens', url: 'https://github.com/settings/personal-access-tokens/new' },
        },
        {
          title: 'Give it rights',
          text: 'Contents, Issues, Pull requests and Webhooks: read and write; Actions, to run workflows.',
        },
        { title: 'Paste it here' },
      ),
      signIn: bearer(),
      test: whoAmI,
    }),
    oauthAccount({
      id: 'github.oauth',
      title: 'GitHub sign-in',
      authorizeUrl: 'https://github.com/login/oauth/authorize',
      tokenUrl: 'https://github.com/login/oauth/access_token',
      scopes: ['repo', 'gist', 'read:user'],
      more: { deviceUrl: 'https://github.com/login/device/code' },
      help: howTo(
        'A client id in three steps',
        {
          title: 'Register an OAuth app',
          link: { title: 'OAuth apps', url: 'https://github.com/settings/applications/new' },
        },
        { title: 'Enter the callback address', text: 'That which the sign-in here shows.' },
        { title: 'Paste id and secret here', text: 'Generate a new client secret on the page of the app.' },
      ),
      test: whoAmI,
    }),
  ],
  answers: {
    // A limit is 403 with some words, or with none of the calls left (https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api).
    means: (status, told) =>
      status === 403 && /rate limit|abuse detection/i.test(textOf(at(told, 'message') ?? '')) ? 429 : status,
    waits: (_body, headers, now) => {
      const resets = Number(headers['x-ratelimit-reset'])
      return headers['x-ratelimit-remaining'] === '0' && resets > 0 ? Math.max(0, resets * 1_000 - now) : undefined
    },
    refusal: (told) => {
      // What is wrong with which field stands beside the words.
      if (!isJsonObject(told) || typeof told.message !== 'string' || !isJsonList(told.errors ?? null)) return null
      const more = (isJsonList(told.errors ?? null) ? Object.values(Object(told.errors)) : []).map((one) => {
        const error = isJsonObject(one as Json) ? Object(one) : {}
        return [error.field, error.message ?? error.code].filter((word) => typeof word === 'string').join(' ')
      })
      return { says: [told.message, ...more].filter((word) => word !== '').join(': ') }
    },
  },
  lists: {
    repos: listOf({
      request: 'GET /user/repos?sort=pushed',
      headers: HEADERS,
      pages: pagesOf(),
      value: 'full_name',
      label: 'full_name',
      hint: 'description',
    }),
    workflows: listOf({
      request: 'GET /repos/{+repo}/actions/workflows',
      fields: { repo },
      headers: HEADERS,
      pages: pagesOf('workflows'),
      value: 'id',
      label: 'name',
    }),
    branches: listOf({
      request: 'GET /repos/{+repo}/branches',
      fields: { repo },
      headers: HEADERS,
      pages: pagesOf(),
      value: 'name',
      label: 'name',
    }),
  },
  triggers: [
    newItemTrigger({
      name: 'new-issue',
      title: 'New issue on GitHub',
      description: 'Starts for each issue that is opened in a repository.',
      keywords: ['bug', 'ticket', 'repository'],
      summary: '{repo}',
      fields: { repo },
      key: 'id',
      sample: stored,
      // Pull requests are in the same list.
      async list({ http, input }) {
        const request = requestOf(
          {
            request: 'GET /repos/{+repo}/issues?state=all&sort=created&direction=desc&per_page=100',
            fields: { repo },
            headers: HEADERS,
          },
          input,
        )
        const found = (await http(request)).body
        return isJsonList(found) ? found.filter((item) => at(item, 'pull_request') === null) : []
      },
    }),
    repositoryEvents('push', 'Push on GitHub', 'Starts when commits are pushed to a repository.', ['push'], {
      ref: 'refs/heads/main',
      head_commit: {
        id: '7fd1a60b',
        message: 'Mend the printer',
        url: 'https://github.com/ada/engine/commit/7fd1a60b',
      },
    }),
    repositoryEvents(
      'issues-and-comments',
      'Issue or comment on GitHub',
      'Starts when an issue is opened, changed or closed, and when one is commented on.',
      ['issues', 'issue_comment'],
      { action: 'opened', issue: stored },
    ),
    repositoryEvents(
      'pull-request',
      'Pull request on GitHub',
      'Starts when a pull request is opened, changed, merged or closed.',
      ['pull_request'],
      { action: 'opened', number: 43, pull_request: { ...stored, number: 43, merged: false } },
    ),
  ],
  actions: [
    operation({
      name: 'create-issue',
      title: 'Create an issue on GitHub',
      description: 'Opens an issue in a repository.',
      keywords: ['bug', 'ticket', 'open'],
      summary: '{title}',
      request: 'POST /repos/{+repo}/issues',
      headers: HEADERS,
      fields: { repo, title, text: body, labels, assignees },
      sample: stored,
    }),
    operation({
      name: 'comment-issue',
      title: 'Comment on GitHub',
      description: 'Writes a comment on an issue or a pull request.',
      keywords: ['reply', 'issue', 'pull request'],
      request: 'POST /repos/{+repo}/issues/{issue}/comments',
      headers: HEADERS,
      fields: { repo, issue, text: longText('Text', { as: 'body', help: 'Markdown.' }) },
      sample: { id: 1_764_000_000, html_url: 'https://github.com/ada/engine/issues/42#issuecomment-1764000000' },
    }),
    operation({
      name: 'update-issue',
      title: 'Change an issue on GitHub',
      description: 'Changes an issue, closes it or opens it again.',
      keywords: ['edit', 'close', 'reopen'],
      request: 'PATCH /repos/{+repo}/issues/{issue}',
      effect: 'idempotent',
      headers: HEADERS,
      fields: {
        repo,
        issue,
        state: choice('State', { open: 'Open', closed: 'Closed' }, { optional: true }),
        reason: choice(
          'Closed because',
          { completed: 'It is done', not_planned: 'It will not be done' },
          { as: 'state_reason', optional: true, advanced: true },
        ),
        title: text('Title', { optional: true }),
        text: body,
        labels: texts('Labels', { optional: true, help: 'These take the place of all others.' }),
        assignees,
      },
      sample: { ...stored, state: 'closed' },
    }),
    operation({
      name: 'list-issues',
      title: 'List issues on GitHub',
      description: 'Reads the issues of a repository, pull requests among them.',
      keywords: ['get many', 'find'],
      request: 'GET /repos/{+repo}/issues',
      headers: HEADERS,
      fields: {
        repo,
        state: choice('State', { open: 'Open', closed: 'Closed', all: 'All' }),
        labels: texts('With the labels', {
          optional: true,
          send: (value) => (isJsonList(value) ? value.join(',') : value),
        }),
        since: moment('Changed since', { form: 'iso', optional: true, advanced: true }),
        sort: choice('Sorted by', { created: 'Creation', updated: 'Change' }, { optional: true, advanced: true }),
        direction: choice('Order', { desc: 'Newest first', asc: 'Oldest first' }, { optional: true, advanced: true }),
      },
      pages: pagesOf(),
      sample: { items: [stored], count: 1, hasMore: false },
    }),
    operation({
      name: 'search-issues',
      title: 'Search issues on GitHub',
      description: 'Finds issues and pull requests in all repositories that the account may see.',
      keywords: ['find', 'pull request', 'query'],
      request: 'GET /search/issues',
      headers: HEADERS,
      fields: {
        query: text('Search for', { as: 'q', placeholder: 'repo:ada/engine is:open label:bug' }),
        sort: choice(
          'Sorted by',
          { created: 'Creation', updated: 'Change', comments: 'Comments' },
          { optional: true, advanced: true },
        ),
      },
      pages: pagesOf('items'),
      sample: { items: [stored], count: 1, hasMore: false },
    }),
    operation({
      name: 'get-file',
      title: 'Get a file from GitHub',
      description:
        'Reads a file of a repository as a file for later steps, and its text where it is one; of a folder what is in it.',
      keywords: ['read', 'download', 'content', 'repository'],
      summary: '{path}',
      effect: 'none',
      fields: {
        repo,
        path,
        ref: text('Branch, tag or commit', { optional: true, from: { list: 'branches', needs: ['repo'] } }),
      },
      sample: {
        name: 'readme.md',
        path: 'docs/readme.md',
        sha: '3d21ec53a331a6f037a91c368710b99387d012c1',
        size: 12,
        text: 'Hello, Ada.\n',
        file: { filename: 'readme.md', contentType: 'text/markdown', bytes: 12 },
      },
      async run({ http, files, input }) {
        const request = fileAt('GET', input)
        const query = input.ref === undefined ? {} : { ref: textOf(input.ref) }
        const found = (await http({ ...request, query, maxBytes: 60_000_000 })).body
        if (isJsonList(found)) return found
        const entry = entrySchema.parse(found)
        // What is larger than 1 MB comes without its content (https://docs.github.com/en/rest/repos/contents).
        const content =
          entry.size > 0 && entry.content === ''
            ? (
                await http({
                  ...request,
                  query,
                  headers: { ...HEADERS, accept: 'application/vnd.github.raw+json' },
                  takesFile: true,
                  maxBytes: 110_000_000,
                })
              ).bytes
            : Buffer.from(entry.content, 'base64')
        const { content: _, encoding: __, ...rest } = entry
        const known = z.record(z.string(), z.json()).parse(rest)
        const name = textOf(known.name ?? input.path ?? 'file')
        const file = await files.keep(name, content)
        const words = Buffer.from(content).toString('utf8')
        return { ...known, ...(!words.includes('\uFFFD') && { text: words }), file }
      },
    }),
    operation({
      name: 'put-file',
      title: 'Write a file on GitHub',
      description: 'Creates a file in a repository, or puts another content into it, as a commit.',
      keywords: ['create', 'update', 'commit', 'save', 'upload'],
      summary: '{path}',
      // The same content at the same place is there once, whatever was there before.
      effect: 'idempotent',
      fields: {
        repo,
        path,
        content: longText('Content'),
        message: text('Commit message', { placeholder: 'Update the report' }),
        branch: text('Branch', {
          optional: true,
          from: { list: 'branches', needs: ['repo'] },
          help: 'The usual one when empty.',
        }),
      },
      sample: {
        content: { path: 'docs/readme.md', sha: '95b966ae1c166bd92f8ae7d1c313e738c731dfc3' },
        commit: { sha: '7638417db6d59f3c431d3e1f261cc637155684cd' },
      },
      async run({ http, input }) {
        const request = fileAt('PUT', input)
        const branch = input.branch === undefined ? undefined : textOf(input.branch)
        const content = Buffer.from(textOf(input.content ?? ''), 'utf8').toString('base64')
        const there = await http({ ...fileAt('GET', input), query: { ref: branch } }).catch((error: unknown) => {
          if (error instanceof StepError && error.details.code === 'http-404') return null
          throw error
        })
        const before = there === null ? null : entrySchema.safeParse(there.body).data
        if (before && Buffer.from(before.content, 'base64').toString('base64') === content)
          return { content: Object(there?.body), commit: null }
        const told = {
          message: input.message ?? '',
          content,
          ...(before && { sha: before.sha }),
          ...(branch && { branch }),
        }
        return (await http({ ...request, body: told })).body
      },
    }),
    operation({
      name: 'create-release',
      title: 'Create a release on GitHub',
      description: 'Publishes a release of a repository, or a draft of one.',
      keywords: ['tag', 'version', 'publish'],
      request: 'POST /repos/{+repo}/releases',
      headers: HEADERS,
      fields: {
        repo,
        tag: text('Tag', { as: 'tag_name', placeholder: 'v1.0.0' }),
        title: text('Title', { as: 'name', optional: true }),
        text: body,
        draft: yesNo('Draft', { advanced: true }),
        prerelease: yesNo('Not for everyday use yet', { advanced: true }),
        target: text('Of the branch or commit', { as: 'target_commitish', optional: true, advanced: true }),
      },
      sample: { id: 1, tag_name: 'v1.0.0', html_url: 'https://github.com/ada/engine/releases/v1.0.0' },
    }),
    operation({
      name: 'dispatch-workflow',
      title: 'Run a workflow of GitHub Actions',
      description: 'Starts a workflow that has the trigger workflow_dispatch.',
      keywords: ['actions', 'ci', 'build', 'deploy'],
      request: 'POST /repos/{+repo}/actions/workflows/{workflow}/dispatches',
      headers: HEADERS,
      fields: {
        repo,
        workflow: text('Workflow', { placeholder: 'deploy.yml', from: { list: 'workflows', needs: ['repo'] } }),
        ref: text('Branch or tag', { placeholder: 'main', from: { list: 'branches', needs: ['repo'] } }),
        inputs: json('Inputs', { optional: true, help: 'By their names in the workflow; all are texts.' }),
      },
      sample: {},
    }),
    operation({
      name: 'create-gist',
      title: 'Create a gist on GitHub',
      description: 'Creates a gist of one file.',
      keywords: ['snippet', 'paste', 'share'],
      summary: '{name}',
      request: 'POST /gists',
      headers: HEADERS,
      scopes: ['gist'],
      fields: {
        name: text('Name of the file', { at: 'nowhere', placeholder: 'report.md' }),
        content: longText('Content', { at: 'nowhere' }),
        description: text('Description', { optional: true }),
        public: yesNo('Public', { sendsNo: true }),
      },
      body: (told, { name, content }) => ({
        ...Object(told),
        files: { [textOf(name ?? 'file.txt')]: { content: content ?? '' } },
      }),
      sample: { id: 'aa5a315d61ae9438b18d', html_url: 'https://gist.github.com/aa5a315d61ae9438b18d' },
    }),
  ],
})
