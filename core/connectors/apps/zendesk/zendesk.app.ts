import { StepError } from '../../../domain/runs/step-error.ts'
import { isJsonObject, type Json, textOf } from '../../../domain/values/json.ts'
import type { CredentialType } from '../../credential.ts'
import { defineApp } from '../../define-app.ts'
import { readPath, valueAt } from '../../kit/path.ts'
import { basic, clientHelp, howTo, oauthAccount, serverField, serverOf, tokenAccount } from '../../service/accounts.ts'
import { choice, json, longText, text, texts, yesNo } from '../../service/fields.ts'
import { hookTrigger } from '../../service/hooks.ts'
import { listOf, newItemTrigger, operation } from '../../service/operation.ts'
import type { Pages } from '../../service/pages.ts'
import { keyOfParts, textAt } from '../../service/parts.ts'
import { hue, icon } from './logo.ts'

const API = '/api/v2'
const ticket = text('Ticket', { placeholder: '{{ ticket.id }}', help: 'Its number.' })
const PRIORITIES = { urgent: 'Urgent', high: 'High', normal: 'Usual', low: 'Low' }
const STATES = {
  new: 'New',
  open: 'Open',
  pending: 'Waits for the person',
  hold: 'On hold',
  solved: 'Solved',
  closed: 'Closed',
}
const group = text('Group', { as: 'ticket.group_id', optional: true, advanced: true, from: { list: 'groups' } })
const assignee = text('Assigned to', {
  as: 'ticket.assignee_id',
  optional: true,
  advanced: true,
  from: { list: 'agents' },
})
const custom = json('Fields of your own', {
  as: 'ticket.custom_fields',
  optional: true,
  advanced: true,
  placeholder: '[{"id":360001,"value":"A-1"}]',
})
const kind = choice(
  'Kind',
  { question: 'Question', incident: 'Incident', problem: 'Problem', task: 'Task' },
  { as: 'ticket.type', optional: true, advanced: true },
)

const pagesOf = (items: string): Pages => ({
  items,
  size: { as: 'page[size]', most: 100 },
  end: { at: 'meta.has_more', is: false },
  next: { by: 'cursor', at: 'meta.after_cursor', as: 'page[after]' },
})
const stored = {
  id: 42,
  url: 'https://acme.zendesk.com/api/v2/tickets/42.json',
  subject: 'The printer is on fire',
  description: 'It smokes.',
  status: 'open',
  priority: 'urgent',
  requester_id: 7,
  created_at: '2026-11-30T09:00:00Z',
  updated_at: '2026-11-30T09:00:00Z',
}

/** What Zendesk tells of a ticket (https://developer.zendesk.com/api-reference/webhooks/event-types/ticket-events). */
const TOLD = {
  'ticket.created': 'A ticket is created',
  'ticket.status_changed': 'Its state changes',
  'ticket.comment_added': 'It is commented on',
  'ticket.agent_assignment_changed': 'It is assigned',
  'ticket.priority_changed': 'Its priority changes',
  'ticket.tags_changed': 'Its tags change',
  'ticket.marked_as_spam': 'It is called spam',
}

/** Who is not let in is an anonymous user here, with a status of success. */
const test: NonNullable<CredentialType['test']> = async ({ fields, at }) => {
  const { body } = await at(serverOf(fields, API))({ path: 'users/me.json' })
  const user = valueAt(body, readPath('user')) ?? null
  if (isJsonObject(user) && user.id === null)
    throw new StepError({
      code: 'http-401',
      message: 'Zendesk does not take this token: look at the e-mail address and the token.',
      retryable: false,
    })
  return textOf(valueAt(user, readPath('name')) ?? valueAt(user, readPath('email')) ?? '') || null
}

/** Zendesk Support (https://developer.zendesk.com/api-reference). */
export const zendesk = defineApp({
  id: 'zendesk',
  title: 'Zendesk',
  icon,
  hue,
  address: { ofAccount: (fields) => serverOf(fields, API), known: ['https://*.zendesk.com'] },
  account: 'needed',
  credentials: [
    tokenAccount({
      id: 'zendesk',
      title: 'Zendesk account',
      fields: [
        serverField('https://acme.zendesk.com', { title: 'Address' }),
        { name: 'email', title: 'E-mail', placeholder: 'ada@example.com', isSecret: false },
      ],
      secret: { title: 'API token' },
      help: howTo(
        'A token in two steps',
        { title: 'Add an API token', text: 'Admin Center → Apps and integrations → APIs → API tokens.' },
        { title: 'Paste it here', text: 'With the address of your Zendesk, and the e-mail address of an agent.' },
      ),
      signIn: (token, { email = '' }) => basic(`${email}/token`, token),
      test,
    }),
    oauthAccount({
      id: 'zendesk.oauth',
      title: 'Zendesk sign-in',
      authorizeUrl: (fields) => serverOf(fields, '/oauth/authorizations/new'),
      tokenUrl: (fields) => serverOf(fields, '/oauth/tokens'),
      scopes: ['read', 'write'],
      isAtFixedAddress: true,
      fields: [serverField('https://acme.zendesk.com', { title: 'Address' })],
      help: clientHelp(
        { title: 'Admin Center → Apps and integrations → APIs → OAuth clients' },
        'Kind of client: confidential.',
      ),
      test,
    }),
  ],
  answers: {
    says: ['description', 'error.message', 'error.title', 'error'],
    refusal: (body) => {
      const details =
        isJsonObject(body) && isJsonObject(body.details ?? null) ? Object.entries(Object(body.details)) : []
      const words = details.map(
        ([name, why]) => `${name}: ${textOf(valueAt(why as Json, readPath('[0].description')) ?? (why as Json))}`,
      )
      return words.length === 0 ? null : { says: words.join('; ') }
    },
  },
  lists: {
    groups: listOf({ request: 'GET /groups.json', pages: pagesOf('groups'), value: 'id', label: 'name' }),
    agents: listOf({
      request: 'GET /users.json?role[]=agent&role[]=admin',
      pages: pagesOf('users'),
      value: 'id',
      label: 'name',
      hint: 'email',
    }),
  },
  triggers: [
    newItemTrigger({
      name: 'ticket-updated',
      title: 'New or changed ticket in Zendesk',
      description: 'Starts for each ticket that is made or changed.',
      keywords: ['support', 'request', 'help desk'],
      every: '2m',
      request: 'GET /tickets.json?sort=-updated_at',
      fields: {},
      pages: pagesOf('tickets'),
      key: keyOfParts('id', 'updated_at'),
      sample: stored,
    }),
    hookTrigger({
      name: 'ticket-event',
      title: 'Zendesk tells of a ticket',
      description: 'Starts at once when something happens to a ticket.',
      keywords: ['webhook', 'support', 'issue'],
      fields: { event: choice('When', TOLD) },
      verify: {
        scheme: 'hmac',
        header: 'X-Zendesk-Webhook-Signature',
        encoding: 'base64',
        signed: '{ts}{body}',
        timestampHeader: 'X-Zendesk-Webhook-Signature-Timestamp',
      },
      subscribe: 'POST /webhooks',
      body: ({ url }, { event }) => ({
        webhook: {
          name: 'Hookline',
          endpoint: url,
          http_method: 'POST',
          request_format: 'json',
          status: 'active',
          subscriptions: [`zen:event-type:${textOf(event ?? 'ticket.created')}`],
        },
      }),
      id: 'webhook.id',
      secret: { in: 'request', request: 'GET /webhooks/{id}/signing_secret', at: 'signing_secret.secret' },
      unsubscribe: 'DELETE /webhooks/{id}',
      all: {
        request: 'GET /webhooks?filter[name_contains]=Hookline',
        pages: { items: 'webhooks', next: { by: 'address', at: 'links.next' } },
        url: 'endpoint',
        id: 'id',
      },
      events: ({ body }) => [{ key: textAt(body, 'id') || null, data: body }],
      sample: {
        id: '01GY21CQX0E6C7WTNXEY0JJBG3',
        type: 'zen:event-type:ticket.created',
        time: '2026-11-30T09:00:00Z',
        detail: { id: '42', subject: 'The printer is on fire', status: 'NEW' },
        event: {},
      },
    }),
  ],
  actions: [
    operation({
      name: 'create-ticket',
      title: 'Create a ticket in Zendesk',
      description: 'Makes a ticket, in the name of a person where there is one. A repeat is told by Zendesk.',
      keywords: ['support', 'request', 'help desk', 'issue'],
      summary: '{subject}',
      request: 'POST /tickets.json',
      effect: 'keyed',
      fields: {
        subject: text('Subject', { as: 'ticket.subject' }),
        text: longText('Text', { as: 'ticket.comment.body' }),
        email: text('E-mail of the person', {
          as: 'ticket.requester.email',
          optional: true,
          placeholder: 'ada@example.com',
        }),
        name: text('Name of the person', { as: 'ticket.requester.name', optional: true }),
        priority: choice('Priority', PRIORITIES, { as: 'ticket.priority', optional: true }),
        kind,
        tags: texts('Tags', { as: 'ticket.tags', optional: true }),
        group,
        assignee,
        custom,
      },
      result: 'ticket',
      sample: stored,
    }),
    operation({
      name: 'update-ticket',
      title: 'Answer or change a ticket in Zendesk',
      description: 'Writes an answer or a note, and changes the state of a ticket.',
      keywords: ['support', 'reply', 'solve', 'close', 'comment'],
      request: 'PUT /tickets/{ticket}.json',
      // Each call adds its comment.
      effect: 'unsafe',
      fields: {
        ticket,
        text: longText('Text', { as: 'ticket.comment.body', optional: true }),
        internal: yesNo('A note that agents alone see', {
          as: 'ticket.comment.public',
          send: (value) => (value === true ? false : undefined),
        }),
        status: choice('State', STATES, { as: 'ticket.status', optional: true }),
        priority: choice('Priority', PRIORITIES, { as: 'ticket.priority', optional: true }),
        tags: texts('Tags', {
          as: 'ticket.tags',
          optional: true,
          advanced: true,
          help: 'These take the place of all others.',
        }),
        group,
        assignee,
        custom,
      },
      result: 'ticket',
      sample: { ...stored, status: 'solved' },
    }),
    operation({
      name: 'get-ticket',
      title: 'Get a ticket from Zendesk',
      description: 'Reads one ticket.',
      keywords: ['support', 'read'],
      request: 'GET /tickets/{ticket}.json',
      fields: { ticket },
      result: 'ticket',
      sample: stored,
    }),
    operation({
      name: 'list-tickets',
      title: 'List tickets of Zendesk',
      description: 'Reads tickets, those that changed last first.',
      keywords: ['support', 'get many'],
      request: 'GET /tickets.json',
      fields: {
        order: choice(
          'Sorted by',
          {
            '-updated_at': 'Last change first',
            updated_at: 'First change first',
            '-id': 'Newest first',
            id: 'Oldest first',
          },
          { as: 'sort' },
        ),
      },
      pages: pagesOf('tickets'),
      sample: { items: [stored], count: 1, hasMore: false },
    }),
    operation({
      name: 'search',
      title: 'Search Zendesk',
      description: 'Finds tickets, users and organisations; up to 1,000.',
      keywords: ['support', 'find', 'query'],
      request: 'GET /search.json',
      fields: {
        query: text('Search for', { placeholder: 'type:ticket status:open printer' }),
        sort: choice(
          'Sorted by',
          { created_at: 'Creation', updated_at: 'Change', priority: 'Priority', status: 'State' },
          { as: 'sort_by', optional: true, advanced: true },
        ),
        order: choice('Order', { desc: 'Down', asc: 'Up' }, { as: 'sort_order', optional: true, advanced: true }),
      },
      pages: { items: 'results', size: { as: 'per_page', most: 100 }, next: { by: 'address', at: 'next_page' } },
      sample: { items: [{ ...stored, result_type: 'ticket' }], count: 1, hasMore: false },
    }),
    operation({
      name: 'upsert-user',
      title: 'Create or change a user in Zendesk',
      description: 'Changes the user with the same e-mail address or outer id, and creates one where there is none.',
      keywords: ['support', 'customer', 'contact', 'upsert'],
      summary: '{email}',
      request: 'POST /users/create_or_update.json',
      effect: 'keyed',
      fields: {
        name: text('Name', { as: 'user.name' }),
        email: text('E-mail', { as: 'user.email', optional: true, placeholder: 'ada@example.com' }),
        external: text('Outer id', { as: 'user.external_id', optional: true, advanced: true }),
        phone: text('Phone', { as: 'user.phone', optional: true, advanced: true }),
        more: json('More', { at: 'nowhere', optional: true, advanced: true, placeholder: '{"tags":["vip"]}' }),
      },
      body: (body, { more }) => ({ user: { ...Object(Object(body).user), ...Object(more ?? {}) } }),
      result: 'user',
      sample: { id: 7, name: 'Ada', email: 'ada@example.com' },
    }),
  ],
})
