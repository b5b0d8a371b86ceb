import { StepError } from '../../../domain/runs/step-error.ts'
import { isJsonList, isJsonObject, type Json, textOf } from '../../../domain/values/json.ts'
import type { CredentialTest } from '../../credential.ts'
import { defineApp } from '../../define-app.ts'
import { readPath, valueAt } from '../../kit/path.ts'
import { bearer, howTo, oauthAccount, tokenAccount } from '../../service/accounts.ts'
import type { Refusal } from '../../service/answers.ts'
import { choice, longText, moment, text, texts } from '../../service/fields.ts'
import { hookTrigger, keyOfSigned } from '../../service/hooks.ts'
import { listOf, newItemTrigger, operation } from '../../service/operation.ts'
import type { Pages } from '../../service/pages.ts'
import { keyOfParts, textAt } from '../../service/parts.ts'
import { hue, icon } from './logo.ts'

const ADDRESS = 'https://api.linear.app'
const ISSUE =
  '{ id identifier title description url priority dueDate createdAt updatedAt state { id name } team { id key } assignee { id name email } labels { nodes { name } } }'

/** Fields whose names begin with `variables.` are those of the query. */
const asks = (query: string) => ({
  request: 'POST /graphql' as const,
  body: (body: Json): Json => ({ query, variables: {}, ...Object(body) }),
})
const team = text('Team', {
  as: 'variables.input.teamId',
  placeholder: '9cfb482a-81e3-4154-b5b9-2c805e70a02d',
  from: { list: 'teams' },
})
const issue = text('Issue', { placeholder: 'ENG-42', help: 'Its number with the key of its team, or its id.' })
const written = {
  description: longText('Description', { as: 'variables.input.description', optional: true, help: 'Markdown.' }),
  state: text('State', { as: 'variables.input.stateId', optional: true, from: { list: 'states' } }),
  assignee: text('Assigned to', { as: 'variables.input.assigneeId', optional: true, from: { list: 'people' } }),
  priority: choice(
    'Priority',
    { '1': 'Urgent', '2': 'High', '3': 'Medium', '4': 'Low', '0': 'None' },
    { as: 'variables.input.priority', optional: true, send: Number },
  ),
  labels: texts('Labels', { as: 'variables.input.labelIds', optional: true, advanced: true, help: 'Ids, one a line.' }),
  project: text('Project', {
    as: 'variables.input.projectId',
    optional: true,
    advanced: true,
    from: { list: 'projects' },
  }),
  due: moment('Due', { form: 'day', as: 'variables.input.dueDate', optional: true, advanced: true }),
}
const pagesOf = (at: string): Pages => ({
  items: `data.${at}.nodes`,
  size: { as: 'variables.first', most: 100 },
  end: { at: `data.${at}.pageInfo.hasNextPage`, is: false },
  next: { by: 'cursor', at: `data.${at}.pageInfo.endCursor`, as: 'variables.after' },
  inBody: true,
})
const chosen = (at: string, fields: string, label: string) =>
  listOf({
    request: 'POST /graphql',
    body: {
      query: `query($first: Int, $after: String) { ${at}(first: $first, after: $after) { nodes { id ${fields} } pageInfo { hasNextPage endCursor } } }`,
      variables: {},
    },
    pages: pagesOf(at),
    value: 'id',
    label,
  })

const stored = {
  id: '2174add1-f7c8-44e3-bbf3-2d60b5ea8bc9',
  identifier: 'ENG-42',
  title: 'The printer is on fire',
  url: 'https://linear.app/acme/issue/ENG-42',
  priority: 1,
  createdAt: '2026-11-30T09:00:00.000Z',
  updatedAt: '2026-11-30T09:00:00.000Z',
  state: { name: 'Todo' },
  team: { key: 'ENG' },
}

/** Errors of a query stand in a 200 or a 400 (https://linear.app/developers/graphql#errors). */
function refusalIn(body: Json): Refusal | null {
  const errors = isJsonObject(body) && isJsonList(body.errors ?? null) ? Object.values(Object(body.errors)) : []
  if (errors.length === 0) return null
  const says = errors
    .map((one) =>
      textOf(
        valueAt(one as Json, readPath('extensions.userPresentableMessage')) ??
          valueAt(one as Json, readPath('message')) ??
          '',
      ),
    )
    .join('; ')
  const code = textAt(body, 'errors[0].extensions.code')
  const status =
    code === 'RATELIMITED'
      ? 429
      : /AUTHENTICATION/i.test(code)
        ? 401
        : /FORBIDDEN/i.test(code)
          ? 403
          : /not found/i.test(says)
            ? 404
            : 400
  return { says, status }
}

const LIST = `query($first: Int, $after: String, $filter: IssueFilter) { issues(first: $first, after: $after, filter: $filter, orderBy: updatedAt) { nodes ${ISSUE} pageInfo { hasNextPage endCursor } } }`
const filters = {
  team: text('Team', {
    as: 'variables.filter.team.id.eq',
    optional: true,
    help: 'All of them when empty.',
    from: { list: 'teams' },
  }),
}
/** Whose a key is; what is wrong with it stands in the answer. */
async function nameOf(at: CredentialTest['at']): Promise<string | null> {
  const { body } = await at(ADDRESS)({ method: 'POST', path: 'graphql', body: { query: '{ viewer { name email } }' } })
  const refusal = refusalIn(body)
  if (refusal !== null) {
    const message = `Linear does not take this: “${refusal.says}”.`
    throw new StepError({ code: `http-${refusal.status ?? 400}`, message, retryable: false })
  }
  return textAt(body, 'data.viewer.name') || null
}

/** Linear (https://linear.app/developers). */
export const linear = defineApp({
  id: 'linear',
  title: 'Linear',
  icon,
  hue,
  address: ADDRESS,
  account: 'needed',
  takesKey: false,
  credentials: [
    tokenAccount({
      id: 'linear',
      title: 'Linear key',
      secret: { title: 'API key', placeholder: 'lin_api_…' },
      help: howTo(
        'A key in two steps',
        {
          title: 'Create an API key',
          text: 'Settings → Security & access → Personal API keys.',
          link: { title: 'Settings', url: 'https://linear.app/settings/account/security' },
        },
        { title: 'Paste it here' },
      ),
      // A key of a person's own goes without a word before it.
      signIn: bearer(''),
      test: ({ at }) => nameOf(at),
    }),
    oauthAccount({
      id: 'linear.oauth',
      title: 'Linear sign-in',
      authorizeUrl: 'https://linear.app/oauth/authorize',
      tokenUrl: `${ADDRESS}/oauth/token`,
      scopes: ['read', 'write'],
      more: { scopeSeparator: ',' },
      help: howTo(
        'A client id in two steps',
        {
          title: 'Create an OAuth application',
          text: 'With this callback address.',
          showsRedirect: true,
          link: { title: 'Applications', url: 'https://linear.app/settings/api/applications/new' },
        },
        { title: 'Paste client id and secret here' },
      ),
      test: ({ at }) => nameOf(at),
    }),
  ],
  answers: {
    refusal: refusalIn,
    waits: (_body, headers, now) => {
      const resets = Number(headers['x-ratelimit-requests-reset'])
      return headers['x-ratelimit-requests-remaining'] === '0' && resets > 0 ? Math.max(0, resets - now) : undefined
    },
  },
  lists: {
    teams: chosen('teams', 'name key', 'name'),
    states: chosen('workflowStates', 'name team { key }', 'name'),
    people: chosen('users', 'name email', 'name'),
    projects: chosen('projects', 'name', 'name'),
  },
  triggers: [
    newItemTrigger({
      name: 'issue-updated',
      title: 'New or changed issue in Linear',
      description: 'Starts for each issue that is created or changed.',
      keywords: ['ticket', 'bug', 'task', 'edited'],
      every: '2m',
      ...asks(LIST),
      fields: filters,
      pages: pagesOf('issues'),
      key: keyOfParts('id', 'updatedAt'),
      sample: stored,
    }),
    hookTrigger({
      name: 'data-change',
      title: 'Linear tells of a change',
      description:
        'Starts at once when an issue, a comment or a project is new or changed. Linear’s administrators alone can set this up.',
      keywords: ['webhook', 'issue', 'comment', 'ticket'],
      fields: {
        kind: choice('What', {
          Issue: 'Issues',
          Comment: 'Comments',
          Project: 'Projects',
          IssueLabel: 'Labels',
          Cycle: 'Cycles',
        }),
        team: text('Team', { optional: true, help: 'All public ones when empty.', from: { list: 'teams' } }),
      },
      verify: { scheme: 'hmac', header: 'Linear-Signature', algorithm: 'sha256', encoding: 'hex' },
      subscribe: 'POST /graphql',
      body: ({ url, secret }, { kind, team: of }) => ({
        query: 'mutation($input: WebhookCreateInput!) { webhookCreate(input: $input) { success webhook { id } } }',
        variables: {
          input: {
            url,
            secret,
            label: 'Hookline',
            resourceTypes: [kind ?? 'Issue'],
            ...(of === undefined ? { allPublicTeams: true } : { teamId: of }),
          },
        },
      }),
      id: 'data.webhookCreate.webhook.id',
      unsubscribe: 'POST /graphql',
      endsWith: (id) => ({ query: 'mutation($id: String!) { webhookDelete(id: $id) { success } }', variables: { id } }),
      events: ({ body }) => [{ key: keyOfSigned(body, { changing: ['webhookTimestamp'] }), data: body }],
      sample: { action: 'update', type: 'Issue', data: stored, updatedFrom: { stateId: '1' }, url: stored.url },
    }),
  ],
  actions: [
    operation({
      name: 'create-issue',
      title: 'Create an issue in Linear',
      description: 'Creates an issue of a team.',
      keywords: ['ticket', 'bug', 'task', 'add'],
      summary: '{title}',
      ...asks(`mutation($input: IssueCreateInput!) { issueCreate(input: $input) { success issue ${ISSUE} } }`),
      fields: { team, title: text('Title', { as: 'variables.input.title' }), ...written },
      result: 'data.issueCreate.issue',
      sample: stored,
    }),
    operation({
      name: 'update-issue',
      title: 'Change an issue in Linear',
      description: 'Changes an issue; what is left empty stays.',
      keywords: ['ticket', 'bug', 'edit', 'done', 'close'],
      effect: 'idempotent',
      ...asks(
        `mutation($id: String!, $input: IssueUpdateInput!) { issueUpdate(id: $id, input: $input) { success issue ${ISSUE} } }`,
      ),
      fields: {
        issue: { ...issue, as: 'variables.id' },
        title: text('Title', { as: 'variables.input.title', optional: true }),
        ...written,
      },
      result: 'data.issueUpdate.issue',
      sample: stored,
    }),
    operation({
      name: 'comment-issue',
      title: 'Comment on an issue in Linear',
      description: 'Writes a comment on an issue.',
      keywords: ['ticket', 'reply', 'note'],
      ...asks(
        'mutation($input: CommentCreateInput!) { commentCreate(input: $input) { success comment { id url body } } }',
      ),
      fields: {
        issue: { ...issue, as: 'variables.input.issueId' },
        text: longText('Text', { as: 'variables.input.body', help: 'Markdown.' }),
      },
      result: 'data.commentCreate.comment',
      sample: { id: 'c1', body: 'Done.', url: 'https://linear.app/acme/issue/ENG-42#comment-c1' },
    }),
    operation({
      name: 'list-issues',
      title: 'List issues of Linear',
      description: 'Reads issues, those that changed last first.',
      keywords: ['ticket', 'bug', 'get many', 'find'],
      effect: 'none',
      ...asks(LIST),
      fields: {
        ...filters,
        state: text('With the state', { as: 'variables.filter.state.name.eq', optional: true, placeholder: 'Todo' }),
        assignee: text('Assigned to', {
          as: 'variables.filter.assignee.id.eq',
          optional: true,
          advanced: true,
          from: { list: 'people' },
        }),
        words: text('With the words in the title', {
          as: 'variables.filter.title.containsIgnoreCase',
          optional: true,
          advanced: true,
        }),
        since: moment('Changed since', {
          form: 'iso',
          as: 'variables.filter.updatedAt.gt',
          optional: true,
          advanced: true,
        }),
      },
      pages: pagesOf('issues'),
      sample: { items: [stored], count: 1, hasMore: false },
    }),
  ],
})
