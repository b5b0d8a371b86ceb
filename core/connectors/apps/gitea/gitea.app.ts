import { isJsonObject, textOf } from '../../../domain/values/json.ts'
import { defineApp } from '../../define-app.ts'
import { readPath, valueAt } from '../../kit/path.ts'
import {
  bearer,
  clientHelp,
  howTo,
  oauthAccount,
  serverAt,
  serverField,
  serverOf,
  tokenAccount,
  whoIs,
} from '../../service/accounts.ts'
import { choice, longText, moment, text, texts } from '../../service/fields.ts'
import { hookTrigger, keyOfSigned } from '../../service/hooks.ts'
import { listOf, newItemTrigger, operation } from '../../service/operation.ts'
import type { Pages } from '../../service/pages.ts'
import { joined, keyOfParts, numbers } from '../../service/parts.ts'
import { requestOf } from '../../service/request.ts'
import { hue, icon } from './logo.ts'

const address = serverAt('/api/v1')

const repo = text('Repository', { placeholder: 'owner/name', help: 'Its owner and its name.', from: { list: 'repos' } })
const issue = text('Issue', { placeholder: '42', help: 'The number of an issue or of a pull request.' })
const path = text('Path', { placeholder: 'docs/readme.md' })
const branch = text('Branch', {
  optional: true,
  help: 'The usual one when empty.',
  from: { list: 'branches', needs: ['repo'] },
})
const content = longText('Content', { send: (value) => Buffer.from(textOf(value), 'utf8').toString('base64') })
const message = text('Commit message', { placeholder: 'Update the report' })
const body = longText('Text', { as: 'body', optional: true, help: 'Markdown.' })

const pages: Pages = { items: '', size: { as: 'limit', most: 50 }, next: { by: 'link' } }
const stored = {
  id: 76,
  number: 42,
  title: 'The printer is on fire',
  state: 'open',
  html_url: 'https://git.example.com/ada/engine/issues/42',
  user: { login: 'ada' },
  updated_at: '2026-11-30T09:00:00Z',
}
const written = { content: { path: 'docs/readme.md', sha: '95b966ae1c16' }, commit: { sha: '7638417db6d5' } }
const EVENTS = {
  push: 'Commits are pushed',
  issues: 'An issue changes',
  issue_comment: 'An issue is commented on',
  pull_request: 'A pull request changes',
  release: 'A release changes',
  create: 'A branch or tag is created',
}

/** Gitea and Forgejo (https://docs.gitea.com/api). */
export const gitea = defineApp({
  id: 'gitea',
  title: 'Gitea and Forgejo',
  icon,
  hue,
  address: { ofAccount: address },
  account: 'needed',
  takesKey: false,
  credentials: [
    tokenAccount({
      id: 'gitea',
      title: 'Gitea or Forgejo token',
      fields: [serverField('https://codeberg.org')],
      secret: { title: 'Access token' },
      help: howTo(
        'A token in two steps',
        { title: 'Generate a token', text: 'Settings → Applications; read and write: issue, repository; read: user.' },
        { title: 'Paste it here', text: 'With the address of the server.' },
      ),
      signIn: bearer('token'),
      test: whoIs({ address, path: 'user', name: ['login', 'full_name'] }),
    }),
    oauthAccount({
      id: 'gitea.oauth',
      title: 'Gitea or Forgejo sign-in',
      authorizeUrl: (fields) => serverOf(fields, '/login/oauth/authorize'),
      tokenUrl: (fields) => serverOf(fields, '/login/oauth/access_token'),
      scopes: [],
      needsSecret: false,
      isAtFixedAddress: true,
      fields: [serverField('https://codeberg.org')],
      help: clientHelp(
        { title: 'Settings → Applications → OAuth2 applications' },
        'It may do all that you may. Not a confidential client; a secret is not needed.',
      ),
      test: whoIs({ address, path: 'user', name: ['login', 'full_name'] }),
    }),
  ],
  lists: {
    repos: listOf({ request: 'GET /user/repos', pages, value: 'full_name', label: 'full_name', hint: 'description' }),
    branches: listOf({ request: 'GET /repos/{+repo}/branches', fields: { repo }, pages, value: 'name', label: 'name' }),
    labels: listOf({ request: 'GET /repos/{+repo}/labels', fields: { repo }, pages, value: 'id', label: 'name' }),
  },
  triggers: [
    newItemTrigger({
      name: 'issue-updated',
      title: 'New or changed issue on Gitea',
      description: 'Starts for each issue of a repository that is opened or changed.',
      keywords: ['bug', 'ticket', 'forgejo', 'codeberg', 'edited'],
      request: 'GET /repos/{+repo}/issues?type=issues&state=all&sort=recentupdate',
      fields: { repo },
      pages,
      key: keyOfParts('id', 'updated_at'),
      sample: stored,
    }),
    hookTrigger({
      name: 'repo-event',
      title: 'Gitea tells of a repository',
      description: 'Starts at once when something happens in a repository.',
      keywords: ['webhook', 'push', 'pull request', 'issue', 'forgejo', 'codeberg'],
      fields: { repo, event: choice('When', EVENTS) },
      verify: { scheme: 'hmac', header: 'X-Gitea-Signature', algorithm: 'sha256', encoding: 'hex' },
      subscribe: 'POST /repos/{+repo}/hooks',
      body: ({ url, secret }, { event }) => ({
        type: 'gitea',
        config: { url, content_type: 'json', secret },
        events: [event ?? 'push'],
        active: true,
      }),
      id: 'id',
      unsubscribe: 'DELETE /repos/{+repo}/hooks/{id}',
      all: { request: 'GET /repos/{+repo}/hooks', pages, url: 'config.url', id: 'id' },
      events: ({ headers, body: told }) => [
        { key: keyOfSigned(told), data: { event: headers['x-gitea-event'] ?? '', ...Object(told) } },
      ],
      sample: {
        event: 'push',
        ref: 'refs/heads/main',
        repository: { full_name: 'ada/engine' },
        commits: [{ id: '7fd1a60b', message: 'Mend the printer' }],
      },
    }),
  ],
  actions: [
    operation({
      name: 'create-issue',
      title: 'Create an issue on Gitea',
      description: 'Opens an issue in a repository.',
      keywords: ['bug', 'ticket', 'forgejo', 'codeberg'],
      summary: '{title}',
      request: 'POST /repos/{+repo}/issues',
      fields: {
        repo,
        title: text('Title'),
        text: body,
        labels: texts('Labels', {
          optional: true,
          advanced: true,
          help: 'Numbers, one a line.',
          send: numbers,
        }),
        assignees: texts('Assigned to', { optional: true, advanced: true, help: 'User names, one a line.' }),
      },
      sample: stored,
    }),
    operation({
      name: 'comment-issue',
      title: 'Comment on Gitea',
      description: 'Writes a comment on an issue or a pull request.',
      keywords: ['bug', 'ticket', 'reply', 'forgejo', 'codeberg'],
      request: 'POST /repos/{+repo}/issues/{issue}/comments',
      fields: { repo, issue, text: longText('Text', { as: 'body', help: 'Markdown.' }) },
      sample: { id: 302, body: 'Done.' },
    }),
    operation({
      name: 'update-issue',
      title: 'Change an issue on Gitea',
      description: 'Changes an issue, closes it or opens it again.',
      keywords: ['bug', 'ticket', 'close', 'forgejo', 'codeberg'],
      request: 'PATCH /repos/{+repo}/issues/{issue}',
      effect: 'idempotent',
      fields: {
        repo,
        issue,
        state: choice('State', { open: 'Open', closed: 'Closed' }, { optional: true }),
        title: text('Title', { optional: true }),
        text: body,
      },
      sample: { ...stored, state: 'closed' },
    }),
    operation({
      name: 'list-issues',
      title: 'List issues on Gitea',
      description: 'Reads the issues of a repository, or its pull requests.',
      keywords: ['bugs', 'tickets', 'get many', 'forgejo', 'codeberg'],
      request: 'GET /repos/{+repo}/issues',
      fields: {
        repo,
        kind: choice('What', { issues: 'Issues', pulls: 'Pull requests' }, { as: 'type' }),
        state: choice('State', { open: 'Open', closed: 'Closed', all: 'All' }),
        labels: texts('With the labels', {
          optional: true,
          advanced: true,
          send: joined,
        }),
        since: moment('Changed since', { form: 'iso', optional: true, advanced: true }),
      },
      pages,
      sample: { items: [stored], count: 1, hasMore: false },
    }),
    operation({
      name: 'create-file',
      title: 'Create a file on Gitea',
      description: 'Adds a file to a repository, as a commit.',
      keywords: ['commit', 'save', 'upload', 'forgejo', 'codeberg'],
      summary: '{path}',
      request: 'POST /repos/{+repo}/contents/{+path}',
      fields: { repo, path, content, message, branch },
      sample: written,
    }),
    operation({
      name: 'update-file',
      title: 'Change a file on Gitea',
      description: 'Puts another content into a file of a repository, as a commit.',
      keywords: ['commit', 'save', 'edit', 'forgejo', 'codeberg'],
      summary: '{path}',
      effect: 'idempotent',
      fields: { repo, path, content, message, branch },
      sample: written,
      async run({ http, input }) {
        const request = requestOf({ request: 'PUT /repos/{+repo}/contents/{+path}', fields: { repo, path } }, input)
        const where = input.branch === undefined ? {} : { branch: textOf(input.branch) }
        const found = await http({ path: request.path, query: { ref: where.branch } })
        const told = {
          content: content.send?.(input.content ?? '') ?? '',
          message: input.message ?? '',
          sha: valueAt(found.body, readPath('sha')) ?? '',
          ...where,
        }
        return (await http({ ...request, body: told })).body
      },
    }),
    operation({
      name: 'get-file',
      title: 'Get a file from Gitea',
      description: 'Reads a file of a repository as a file for later steps, and its text where it is one.',
      keywords: ['read', 'download', 'content', 'forgejo', 'codeberg'],
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
        sha: '3d21ec53a331',
        text: 'Hello, Ada.\n',
        file: { filename: 'readme.md', contentType: 'text/markdown', bytes: 12 },
      },
      async run({ http, files, input }) {
        const request = requestOf({ request: 'GET /repos/{+repo}/contents/{+path}', fields: { repo, path } }, input)
        const found = (
          await http({
            ...request,
            query: { ref: input.ref === undefined ? undefined : textOf(input.ref) },
            maxBytes: 60_000_000,
          })
        ).body
        if (!isJsonObject(found)) return found
        const { content: coded = '', encoding: _, ...rest } = found
        const bytes = Buffer.from(textOf(coded), 'base64')
        const words = bytes.toString('utf8')
        return {
          ...rest,
          ...(!words.includes('\uFFFD') && { text: words }),
          file: await files.keep(textOf(rest.name ?? 'file'), bytes),
        }
      },
    }),
    operation({
      name: 'create-release',
      title: 'Create a release on Gitea',
      description: 'Publishes a release of a repository.',
      keywords: ['tag', 'version', 'publish', 'forgejo', 'codeberg'],
      request: 'POST /repos/{+repo}/releases',
      fields: {
        repo,
        tag: text('Tag', { as: 'tag_name', placeholder: 'v1.0.0' }),
        title: text('Title', { as: 'name', optional: true }),
        text: body,
      },
      sample: { id: 1, tag_name: 'v1.0.0', html_url: 'https://git.example.com/ada/engine/releases/tag/v1.0.0' },
    }),
  ],
})
