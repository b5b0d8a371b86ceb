import { StepError } from '../../../domain/runs/step-error.ts'
import { shownAddress } from '../../../domain/values/address-text.ts'
import { isJsonList, isJsonObject, type Json, textOf } from '../../../domain/values/json.ts'
import type { CredentialFields } from '../../credential.ts'
import { defineApp } from '../../define-app.ts'
import {
  basic,
  clientHelp,
  howTo,
  oauthAccount,
  serverField,
  serverOf,
  tokenAccount,
  whoIs,
} from '../../service/accounts.ts'
import { file, json, longText, moment, pairs, text, texts } from '../../service/fields.ts'
import { hookTrigger, keyOfSigned } from '../../service/hooks.ts'
import { listOf, newItemTrigger, operation } from '../../service/operation.ts'
import type { Pages } from '../../service/pages.ts'
import { itemsAt, keyOfParts, textAt } from '../../service/parts.ts'
import { pathPart } from '../../service/request.ts'
import { hue, icon } from './logo.ts'

const CLOUD = 'https://api.atlassian.com'

const project = text('Project', { placeholder: 'AB', help: 'Its key.', from: { list: 'projects', searches: true } })
const kind = text('Kind of issue', { placeholder: 'Task', from: { list: 'kinds', needs: ['project'] } })
const issue = text('Issue', { placeholder: 'AB-42', help: 'Its key.' })
const words = {
  summary: text('Title', { as: 'fields.summary', optional: true, most: 255 }),
  description: longText('Description', {
    as: 'fields.description',
    optional: true,
    help: 'Paragraphs, with an empty line between them.',
    send: documentOf,
  }),
  assignee: text('Assigned to', {
    as: 'fields.assignee.accountId',
    optional: true,
    help: 'The id of an account.',
    from: { list: 'people', searches: true },
  }),
  priority: text('Priority', { as: 'fields.priority.name', optional: true, advanced: true, placeholder: 'High' }),
  labels: texts('Labels', { as: 'fields.labels', optional: true, advanced: true }),
  due: moment('Due', { as: 'fields.duedate', form: 'day', optional: true, advanced: true }),
  more: pairs('More fields', {
    at: 'nowhere',
    optional: true,
    advanced: true,
    help: 'By their ids, such as customfield_10010.',
  }),
}
const withMore = (body: Json, more: Json | undefined): Json => {
  const own = Object(body)
  return { ...own, fields: { ...Object(own.fields), ...Object(more ?? {}) } }
}
const READ = 'summary,status,assignee,reporter,priority,labels,created,updated,duedate,issuetype,project'
const only = text('Fields to read', {
  as: 'fields',
  optional: true,
  advanced: true,
  placeholder: 'summary,status',
  help: 'With commas between them; the usual ones when empty.',
})

/** Plain text as a document of Atlassian's (https://developer.atlassian.com/cloud/jira/platform/apis/document/structure/). */
function documentOf(value: Json): Json {
  const paragraphs = textOf(value)
    .split(/\n{2,}/)
    .filter((part) => part.trim() !== '')
  const content = paragraphs.map((part) => ({
    type: 'paragraph',
    content: part
      .split('\n')
      .flatMap((line, at): Json[] => [
        ...(at === 0 ? [] : [{ type: 'hardBreak' }]),
        ...(line === '' ? [] : [{ type: 'text', text: line }]),
      ]),
  }))
  return { type: 'doc', version: 1, content }
}

const searched: Pages = {
  items: 'issues',
  size: { as: 'maxResults', most: 100 },
  end: { at: 'isLast', is: true },
  next: { by: 'cursor', at: 'nextPageToken', as: 'nextPageToken' },
}
const stored = {
  id: '10042',
  key: 'AB-42',
  self: 'https://acme.atlassian.net/rest/api/3/issue/10042',
  fields: { summary: 'The printer is on fire', status: { name: 'To Do' }, updated: '2026-11-30T09:00:00.000+0000' },
}
const EVENTS = { created: 'jira:issue_created', updated: 'jira:issue_updated' }

/** A sign-in goes to a part of Atlassian's own address, a token to the site itself. */
const address = (fields: CredentialFields): string =>
  fields.cloudId ? `${CLOUD}/ex/jira/${encodeURIComponent(fields.cloudId)}` : serverOf(fields)

/** Jira Cloud (https://developer.atlassian.com/cloud/jira/platform/rest/v3). */
export const jira = defineApp({
  id: 'jira',
  title: 'Jira',
  icon,
  hue,
  address: { ofAccount: address, known: ['https://*.atlassian.net', 'https://api.atlassian.com'] },
  account: 'needed',
  takesKey: false,
  credentials: [
    tokenAccount({
      id: 'jira',
      title: 'Jira account',
      fields: [
        serverField('https://acme.atlassian.net', { title: 'Site' }),
        { name: 'email', title: 'E-mail', placeholder: 'ada@example.com', isSecret: false },
      ],
      secret: { title: 'API token', placeholder: 'ATATT…' },
      help: howTo(
        'A token in two steps',
        {
          title: 'Create an API token',
          link: { title: 'API tokens', url: 'https://id.atlassian.com/manage-profile/security/api-tokens' },
        },
        {
          title: 'Paste it here',
          text: 'With the address of your site and the e-mail address of your Atlassian account.',
        },
      ),
      signIn: (token, { email = '' }) => basic(email, token),
      test: whoIs({
        address,
        path: 'rest/api/3/myself',
        name: ['displayName', 'emailAddress'],
      }),
    }),
    oauthAccount({
      id: 'jira.oauth',
      title: 'Jira sign-in',
      authorizeUrl: 'https://auth.atlassian.com/authorize',
      tokenUrl: 'https://auth.atlassian.com/oauth/token',
      scopes: ['read:jira-work', 'read:jira-user', 'write:jira-work', 'manage:jira-webhook', 'offline_access'],
      isAtFixedAddress: true,
      fields: [
        {
          name: 'site',
          title: 'Site',
          help: 'Where you have several.',
          placeholder: 'https://acme.atlassian.net',
          isSecret: false,
          isOptional: true,
        },
        { name: 'cloudId', title: 'Id of the site', isSecret: false, isOptional: true, isAdvanced: true },
      ],
      more: {
        pkce: false,
        asksInJson: true,
        authorizeParams: { audience: 'api.atlassian.com', prompt: 'consent' },
        // Which site it is, is not in the answer to the sign-in.
        async afterSignIn({ fields: { site = '' }, get }) {
          const sites = itemsAt(await get(`${CLOUD}/oauth/token/accessible-resources`), '')
          const wanted = site.trim().replace(/\/$/, '')
          const found = sites.find((one) => textAt(one, 'url') === wanted) ?? (wanted === '' ? sites[0] : undefined)
          if (found === undefined) {
            const message = `The account does not have the site "${shownAddress(wanted)}" at Atlassian: it has ${sites.map((one) => textAt(one, 'url')).join(', ') || 'none'}.`
            throw new StepError({ code: 'sign-in', message, retryable: false })
          }
          return { cloudId: textAt(found, 'id'), site: textAt(found, 'url') }
        },
      },
      help: clientHelp(
        { title: 'Atlassian developer console', url: 'https://developer.atlassian.com/console/myapps' },
        'OAuth 2.0 integration; Permissions → Jira API: read:jira-work, read:jira-user, write:jira-work.',
      ),
      test: whoIs({ address, path: 'rest/api/3/myself', name: ['displayName', 'emailAddress'] }),
    }),
  ],
  answers: {
    refusal: (body) => {
      if (!isJsonObject(body) || !(isJsonList(body.errorMessages ?? null) || isJsonObject(body.errors ?? null)))
        return null
      const general = isJsonList(body.errorMessages ?? null) ? Object.values(Object(body.errorMessages)) : []
      const fields = Object.entries(Object(body.errors ?? {})).map(([name, why]) => `${name}: ${textOf(why as Json)}`)
      const says = [...general, ...fields].map(String).join('; ')
      return says === '' ? null : { says }
    },
  },
  lists: {
    projects: listOf({
      request: 'GET /rest/api/3/project/search',
      pages: {
        items: 'values',
        size: { as: 'maxResults', most: 50 },
        end: { at: 'isLast', is: true },
        next: { by: 'offset', as: 'startAt' },
      },
      value: 'key',
      label: 'name',
      hint: 'key',
      search: 'query',
    }),
    kinds: listOf({
      request: 'GET /rest/api/3/issue/createmeta/{project}/issuetypes',
      fields: { project },
      pages: { items: 'issueTypes' },
      value: 'name',
      label: 'name',
    }),
    people: listOf({
      request: 'GET /rest/api/3/users/search',
      pages: { items: '', size: { as: 'maxResults', most: 1_000 } },
      value: 'accountId',
      label: 'displayName',
      search: 'query',
    }),
    transitions: listOf({
      request: 'GET /rest/api/3/issue/{issue}/transitions',
      fields: { issue },
      pages: { items: 'transitions' },
      value: 'id',
      label: 'name',
    }),
  },
  triggers: [
    newItemTrigger({
      name: 'issue-created-or-updated',
      title: 'New or changed issue in Jira',
      description: 'Starts for each issue of a project that is created or changed.',
      keywords: ['ticket', 'bug', 'task', 'edited'],
      every: '2m',
      request: `GET /rest/api/3/search/jql?fields=${READ}`,
      fields: {
        project: {
          ...project,
          at: 'query',
          as: 'jql',
          send: (value) => `project = "${textOf(value).replaceAll(/["\\]/g, '')}" ORDER BY updated DESC`,
        },
      },
      pages: searched,
      key: keyOfParts('id', 'fields.updated'),
      sample: stored,
    }),
    hookTrigger({
      name: 'issue-events',
      title: 'Jira tells of an issue',
      description: 'Starts at once when an issue is created or changed. Jira’s administrators alone can set this up.',
      keywords: ['webhook', 'ticket', 'bug', 'task'],
      summary: '{jql}',
      fields: {
        jql: text('Only issues that', { optional: true, placeholder: 'project = AB', help: 'A condition in JQL.' }),
      },
      verify: { scheme: 'hmac', header: 'X-Hub-Signature', prefix: 'sha256=', algorithm: 'sha256', encoding: 'hex' },
      subscribe: 'POST /rest/webhooks/1.0/webhook',
      body: ({ url, secret }, { jql }) => ({
        name: 'Hookline',
        url,
        events: Object.values(EVENTS),
        ...(jql !== undefined && { filters: { 'issue-related-events-section': jql } }),
        secret,
      }),
      // The answer names it by its address (`self`), which ends with its number.
      id: (answer) => /\/(\d+)$/.exec(textAt(answer, 'self'))?.[1] ?? null,
      unsubscribe: 'DELETE /rest/webhooks/1.0/webhook/{id}',
      events: ({ body }) => [{ key: keyOfSigned(body), data: body }],
      sample: {
        webhookEvent: 'jira:issue_updated',
        timestamp: 1_764_000_000_000,
        issue: stored,
        user: { displayName: 'Ada' },
      },
    }),
  ],
  actions: [
    operation({
      name: 'create-issue',
      title: 'Create an issue in Jira',
      description: 'Creates an issue in a project.',
      keywords: ['ticket', 'bug', 'task', 'story'],
      summary: '{summary}',
      request: 'POST /rest/api/3/issue',
      fields: {
        project: { ...project, as: 'fields.project.key' },
        kind: { ...kind, as: 'fields.issuetype.name' },
        ...words,
        summary: text('Title', { as: 'fields.summary', most: 255 }),
      },
      body: (body, { more }) => withMore(body, more),
      sample: { id: '10042', key: 'AB-42', self: 'https://acme.atlassian.net/rest/api/3/issue/10042' },
    }),
    operation({
      name: 'search',
      title: 'Find issues in Jira',
      description: 'Finds issues by a query in JQL.',
      keywords: ['ticket', 'jql', 'get many', 'query'],
      request: `GET /rest/api/3/search/jql?fields=${READ}`,
      fields: {
        jql: longText('JQL', { placeholder: 'project = AB AND status = "To Do" ORDER BY created DESC' }),
        fields: only,
      },
      pages: searched,
      sample: { items: [stored], count: 1, hasMore: false },
    }),
    operation({
      name: 'update-issue',
      title: 'Change an issue in Jira',
      description: 'Changes fields of an issue; what is left empty stays.',
      keywords: ['ticket', 'edit'],
      request: 'PUT /rest/api/3/issue/{issue}',
      fields: {
        issue,
        ...words,
        update: json('Changes of lists', {
          optional: true,
          advanced: true,
          placeholder: '{"labels":[{"add":"urgent"}]}',
        }),
      },
      body: (body, { more }) => withMore(body, more),
      sample: {},
    }),
    operation({
      name: 'get-issue',
      title: 'Get an issue from Jira',
      description: 'Reads one issue.',
      keywords: ['ticket', 'read'],
      request: 'GET /rest/api/3/issue/{issue}',
      fields: { issue, fields: only },
      sample: stored,
    }),
    operation({
      name: 'add-comment',
      title: 'Comment on an issue in Jira',
      description: 'Writes a comment on an issue.',
      keywords: ['ticket', 'reply', 'note'],
      request: 'POST /rest/api/3/issue/{issue}/comment',
      fields: { issue, text: longText('Text', { as: 'body', send: documentOf }) },
      sample: { id: '10100', created: '2026-11-30T09:00:00.000+0000' },
    }),
    operation({
      name: 'transition-issue',
      title: 'Move an issue in Jira',
      description: 'Moves an issue to another status.',
      keywords: ['ticket', 'status', 'done', 'close'],
      request: 'POST /rest/api/3/issue/{issue}/transitions',
      effect: 'idempotent',
      fields: {
        issue,
        transition: text('Transition', {
          as: 'transition.id',
          placeholder: '31',
          from: { list: 'transitions', needs: ['issue'] },
        }),
      },
      sample: {},
    }),
    operation({
      name: 'add-attachment',
      title: 'Attach a file to an issue in Jira',
      description: 'Uploads a file to an issue.',
      keywords: ['ticket', 'upload', 'attachment'],
      fields: { issue, file: file('File') },
      sample: { items: [{ id: '10200', filename: 'report.pdf', size: 12_345 }], count: 1 },
      async run({ http, files, input }) {
        const read = await files.read(input.file ?? '', 'file')
        const path = `rest/api/3/issue/${pathPart('issue', input.issue)}/attachments`
        // Without this header Jira takes a form for an attack.
        const headers = { 'x-atlassian-token': 'no-check' }
        return (await http({ method: 'POST', path, headers, parts: [{ name: 'file', ...read }] })).body
      },
    }),
  ],
})
