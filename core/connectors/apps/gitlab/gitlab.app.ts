import { isJsonObject, type Json, textOf } from '../../../domain/values/json.ts'
import { defineApp } from '../../define-app.ts'
import { howTo, oauthAccount, serverAt, serverField, serverOf, tokenAccount, whoIs } from '../../service/accounts.ts'
import { choice, longText, moment, pairs, text, texts } from '../../service/fields.ts'
import { hookTrigger } from '../../service/hooks.ts'
import { listOf, newItemTrigger, operation } from '../../service/operation.ts'
import type { Pages } from '../../service/pages.ts'
import { joined, keyOfParts, numbers } from '../../service/parts.ts'
import { requestOf } from '../../service/request.ts'
import { hue, icon } from './logo.ts'

const CLOUD = 'https://gitlab.com'
const address = serverAt('/api/v4', CLOUD)
const test = whoIs({ address, path: 'user', name: ['username', 'name'] })
const server = serverField('https://git.example.com', { help: 'Of your own;', usual: CLOUD })

const project = text('Project', {
  placeholder: 'group/project',
  help: 'Its path, or its number.',
  from: { list: 'projects', searches: true },
})
const issue = text('Issue', { placeholder: '42', help: 'Its number in the project.' })
const path = text('Path', { placeholder: 'docs/readme.md' })
const branch = text('Branch', { placeholder: 'main', from: { list: 'branches', needs: ['project'] } })
const together = joined
const labels = texts('Labels', { optional: true, send: together })
const description = longText('Description', { optional: true, help: 'Markdown.' })
const message = text('Commit message', { as: 'commit_message', placeholder: 'Update the report' })
const content = longText('Content')

const pages: Pages = { items: '', size: { as: 'per_page', most: 100 }, next: { by: 'link' } }
const stored = {
  id: 76,
  iid: 42,
  title: 'The printer is on fire',
  state: 'opened',
  web_url: 'https://gitlab.com/ada/engine/-/issues/42',
  author: { username: 'ada' },
  labels: ['bug'],
  updated_at: '2026-11-30T09:00:00.000Z',
}
const EVENTS = {
  push_events: 'Commits are pushed',
  issues_events: 'An issue changes',
  merge_requests_events: 'A merge request changes',
  note_events: 'Something is commented on',
  tag_push_events: 'A tag is pushed',
  pipeline_events: 'A pipeline changes',
  releases_events: 'A release changes',
}

/** GitLab (https://docs.gitlab.com/api/rest). */
export const gitlab = defineApp({
  id: 'gitlab',
  title: 'GitLab',
  icon,
  hue,
  address: { ofAccount: address, known: [CLOUD] },
  account: 'needed',
  takesKey: false,
  credentials: [
    tokenAccount({
      id: 'gitlab',
      title: 'GitLab token',
      fields: [server],
      secret: { title: 'Access token', placeholder: 'glpat-…' },
      help: howTo(
        'A token in two steps',
        {
          title: 'Add a token',
          text: 'Preferences → Access tokens; scope “api”.',
          link: { title: 'Access tokens', url: `${CLOUD}/-/user_settings/personal_access_tokens` },
        },
        { title: 'Paste it here' },
      ),
      signIn: (token) => ({ headers: { 'private-token': token } }),
      test,
    }),
    oauthAccount({
      id: 'gitlab.oauth',
      title: 'GitLab sign-in',
      authorizeUrl: (fields) => serverOf(fields, '/oauth/authorize', CLOUD),
      tokenUrl: (fields) => serverOf(fields, '/oauth/token', CLOUD),
      scopes: ['api'],
      needsSecret: false,
      fields: [server],
      help: howTo(
        'A client id in two steps',
        {
          title: 'Add an application',
          text: 'Preferences → Applications: this redirect address, not confidential, scope “api”.',
          showsRedirect: true,
        },
        { title: 'Paste its application id here', text: 'As client id.' },
      ),
      test,
    }),
  ],
  answers: {
    refusal: (body) => {
      const words = isJsonObject(body) ? (body.message ?? null) : null
      if (!isJsonObject(words)) return null
      return {
        says: Object.entries(words)
          .map(([name, why]) => `${name} ${textOf(together(why))}`)
          .join('; '),
      }
    },
  },
  lists: {
    projects: listOf({
      request: 'GET /projects?membership=true&simple=true&order_by=last_activity_at',
      pages,
      value: 'path_with_namespace',
      label: 'path_with_namespace',
      search: 'search',
    }),
    branches: listOf({
      request: 'GET /projects/{project}/repository/branches',
      fields: { project },
      pages,
      value: 'name',
      label: 'name',
    }),
  },
  triggers: [
    newItemTrigger({
      name: 'issue-updated',
      title: 'New or changed issue on GitLab',
      description: 'Starts for each issue of a project that is opened or changed.',
      keywords: ['bug', 'ticket', 'repository', 'edited'],
      request: 'GET /projects/{project}/issues?order_by=updated_at&sort=desc',
      fields: { project },
      pages,
      key: keyOfParts('id', 'updated_at'),
      sample: stored,
    }),
    hookTrigger({
      name: 'project-event',
      title: 'GitLab tells of a project',
      description: 'Starts at once when something happens in a project.',
      keywords: ['webhook', 'push', 'merge request', 'pipeline', 'issue'],
      fields: { project, event: choice('When', EVENTS) },
      verify: { scheme: 'gitlab' },
      subscribe: 'POST /projects/{project}/hooks',
      body: ({ url, secret }, { event }) => ({
        url,
        token: secret,
        push_events: false,
        [textOf(event ?? 'push_events')]: true,
        enable_ssl_verification: true,
      }),
      id: 'id',
      unsubscribe: 'DELETE /projects/{project}/hooks/{id}',
      all: { request: 'GET /projects/{project}/hooks', pages, url: 'url', id: 'id' },
      events: ({ headers, body }) => [{ key: headers['x-gitlab-event-uuid'] ?? null, data: body }],
      sample: {
        object_kind: 'push',
        ref: 'refs/heads/main',
        project: { path_with_namespace: 'ada/engine' },
        commits: [{ id: '7fd1a60b', message: 'Mend the printer' }],
      },
    }),
  ],
  actions: [
    operation({
      name: 'create-issue',
      title: 'Create an issue on GitLab',
      description: 'Opens an issue in a project.',
      keywords: ['bug', 'ticket', 'open'],
      summary: '{title}',
      request: 'POST /projects/{project}/issues',
      fields: {
        project,
        title: text('Title', { most: 255 }),
        description,
        labels,
        assignees: texts('Assigned to', {
          as: 'assignee_ids',
          optional: true,
          advanced: true,
          help: 'Numbers of users, one a line.',
          send: numbers,
        }),
        due: moment('Due', { form: 'day', as: 'due_date', optional: true, advanced: true }),
      },
      sample: stored,
    }),
    operation({
      name: 'update-issue',
      title: 'Change an issue on GitLab',
      description: 'Changes an issue, closes it or opens it again.',
      keywords: ['bug', 'ticket', 'edit', 'close', 'reopen'],
      request: 'PUT /projects/{project}/issues/{issue}',
      fields: {
        project,
        issue,
        state: choice('It is', { close: 'Closed', reopen: 'Opened again' }, { as: 'state_event', optional: true }),
        title: text('Title', { optional: true }),
        description,
        labels,
      },
      sample: { ...stored, state: 'closed' },
    }),
    operation({
      name: 'comment-issue',
      title: 'Comment on an issue on GitLab',
      description: 'Writes a comment on an issue.',
      keywords: ['bug', 'ticket', 'reply', 'note'],
      request: 'POST /projects/{project}/issues/{issue}/notes',
      fields: { project, issue, text: longText('Text', { as: 'body', help: 'Markdown.' }) },
      sample: { id: 302, body: 'Done.' },
    }),
    operation({
      name: 'list-issues',
      title: 'List issues on GitLab',
      description: 'Reads the issues of a project.',
      keywords: ['bugs', 'tickets', 'get many', 'find'],
      request: 'GET /projects/{project}/issues',
      fields: {
        project,
        state: choice('State', { opened: 'Open', closed: 'Closed', all: 'All' }),
        labels,
        search: text('With the words', { optional: true, advanced: true }),
        since: moment('Changed after', { form: 'iso', as: 'updated_after', optional: true, advanced: true }),
      },
      pages,
      sample: { items: [stored], count: 1, hasMore: false },
    }),
    operation({
      name: 'create-file',
      title: 'Create a file on GitLab',
      description: 'Adds a file to a repository, as a commit.',
      keywords: ['commit', 'save', 'upload'],
      summary: '{path}',
      request: 'POST /projects/{project}/repository/files/{path}',
      fields: { project, path, content, branch, message },
      sample: { file_path: 'docs/readme.md', branch: 'main' },
    }),
    operation({
      name: 'update-file',
      title: 'Change a file on GitLab',
      description: 'Puts another content into a file of a repository, as a commit.',
      keywords: ['commit', 'save', 'edit'],
      summary: '{path}',
      request: 'PUT /projects/{project}/repository/files/{path}',
      fields: {
        project,
        path,
        content,
        branch,
        message,
        last: text('Only when its last commit is', { as: 'last_commit_id', optional: true, advanced: true }),
      },
      sample: { file_path: 'docs/readme.md', branch: 'main' },
    }),
    operation({
      name: 'get-file',
      title: 'Get a file from GitLab',
      description: 'Reads a file of a repository as a file for later steps, and its text where it is one.',
      keywords: ['read', 'download', 'content'],
      summary: '{path}',
      effect: 'none',
      fields: {
        project,
        path,
        ref: text('Branch, tag or commit', { placeholder: 'main', from: { list: 'branches', needs: ['project'] } }),
      },
      sample: {
        file_name: 'readme.md',
        file_path: 'docs/readme.md',
        size: 12,
        text: 'Hello, Ada.\n',
        file: { filename: 'readme.md', contentType: 'text/markdown', bytes: 12 },
      },
      async run({ http, files, input }) {
        const request = requestOf(
          { request: 'GET /projects/{project}/repository/files/{path}', fields: { project, path } },
          input,
        )
        const found = (await http({ ...request, query: { ref: textOf(input.ref ?? 'main') }, maxBytes: 60_000_000 }))
          .body
        const { content: coded = '', encoding: _, ...rest } = isJsonObject(found) ? found : {}
        const bytes = Buffer.from(textOf(coded), 'base64')
        const words = bytes.toString('utf8')
        return {
          ...rest,
          ...(!words.includes('\uFFFD') && { text: words }),
          file: await files.keep(textOf(rest.file_name ?? 'file'), bytes),
        }
      },
    }),
    operation({
      name: 'create-merge-request',
      title: 'Create a merge request on GitLab',
      description: 'Asks for a branch to be merged into another.',
      keywords: ['pull request', 'review'],
      summary: '{title}',
      request: 'POST /projects/{project}/merge_requests',
      fields: {
        project,
        title: text('Title', { most: 255 }),
        source: text('From the branch', {
          as: 'source_branch',
          placeholder: 'mend-printer',
          from: { list: 'branches', needs: ['project'] },
        }),
        target: text('Into the branch', {
          as: 'target_branch',
          placeholder: 'main',
          from: { list: 'branches', needs: ['project'] },
        }),
        description,
      },
      sample: { iid: 43, web_url: 'https://gitlab.com/ada/engine/-/merge_requests/43' },
    }),
    operation({
      name: 'run-pipeline',
      title: 'Run a pipeline of GitLab',
      description: 'Starts a pipeline.',
      keywords: ['ci', 'build', 'deploy'],
      request: 'POST /projects/{project}/pipeline',
      fields: {
        project,
        ref: text('Branch or tag', { placeholder: 'main', from: { list: 'branches', needs: ['project'] } }),
        variables: pairs('Variables', {
          optional: true,
          send: (value) => Object.entries(Object(value)).map(([key, one]) => ({ key, value: textOf(one as Json) })),
        }),
      },
      sample: { id: 61, status: 'created', web_url: 'https://gitlab.com/ada/engine/-/pipelines/61' },
    }),
    operation({
      name: 'create-release',
      title: 'Create a release on GitLab',
      description: 'Publishes a release of a project.',
      keywords: ['tag', 'version', 'publish'],
      request: 'POST /projects/{project}/releases',
      fields: {
        project,
        tag: text('Tag', { as: 'tag_name', placeholder: 'v1.0.0' }),
        name: text('Title', { optional: true }),
        description,
        ref: text('Of the branch or commit', { optional: true, advanced: true, help: 'When the tag is new.' }),
      },
      sample: { tag_name: 'v1.0.0', name: 'One' },
    }),
  ],
})
