import { type Json, textOf } from '../../../domain/values/json.ts'
import { defineApp } from '../../define-app.ts'
import {
  bearer,
  clientHelp,
  howTo,
  oauthAccount,
  serverAt,
  serverField,
  tokenAccount,
  whoIs,
} from '../../service/accounts.ts'
import { choice, json, longText, moment, pairs, text } from '../../service/fields.ts'
import { handTrigger } from '../../service/hooks.ts'
import { listOf, newItemTrigger, operation } from '../../service/operation.ts'
import type { Pages } from '../../service/pages.ts'
import { textAt } from '../../service/parts.ts'
import { hue, icon } from './logo.ts'

const USUAL = 'https://api.intercom.io'
const HEADERS = { 'intercom-version': '2.14' }
const address = serverAt('', USUAL)

const contact = text('Contact', { placeholder: '{{ contact.id }}', help: 'The id.' })
const conversation = text('Conversation', { placeholder: '{{ conversation.id }}', help: 'Its id.' })
const about = {
  email: text('E-mail', { optional: true, placeholder: 'ada@example.com' }),
  name: text('Name', { optional: true }),
  phone: text('Phone', { optional: true, advanced: true }),
  outer: text('Outer id', { as: 'external_id', optional: true, advanced: true }),
  custom: pairs('Attributes of your own', { as: 'custom_attributes', optional: true, advanced: true }),
}
const found: Pages = {
  items: 'data',
  size: { as: 'pagination.per_page', most: 150 },
  next: { by: 'cursor', at: 'pages.next.starting_after', as: 'pagination.starting_after' },
  inBody: true,
}
const stored = {
  type: 'contact',
  id: '5ba682d23d7cf92bef87bfd4',
  role: 'user',
  email: 'ada@example.com',
  name: 'Ada Lovelace',
  created_at: 1_764_000_000,
}
const talk = {
  type: 'conversation',
  id: '1295',
  created_at: 1_764_000_000,
  state: 'open',
  source: { body: '<p>Hello</p>', author: { email: 'ada@example.com' } },
}

/** Intercom (https://developers.intercom.com/docs/references/rest-api). */
export const intercom = defineApp({
  id: 'intercom',
  title: 'Intercom',
  icon,
  hue,
  address: { ofAccount: address, known: [USUAL, 'https://api.eu.intercom.io', 'https://api.au.intercom.io'] },
  account: 'needed',
  takesKey: false,
  credentials: [
    tokenAccount({
      id: 'intercom',
      title: 'Intercom token',
      fields: [
        serverField('https://api.eu.intercom.io', {
          title: 'Address',
          help: 'Of workspaces in Europe (api.eu) or Australia (api.au);',
          usual: USUAL,
        }),
      ],
      secret: { title: 'Access token' },
      help: howTo(
        'A token in two steps',
        {
          title: 'Create an app',
          text: 'New app, in your workspace; then Configure → Authentication.',
          link: { title: 'Developer hub', url: 'https://app.intercom.com/a/apps/_/developer-hub' },
        },
        { title: 'Paste its access token here' },
      ),
      signIn: bearer(),
      test: whoIs({ address, path: 'me', name: ['app.name', 'name', 'email'], headers: HEADERS }),
    }),
    oauthAccount({
      id: 'intercom.oauth',
      title: 'Intercom sign-in',
      authorizeUrl: 'https://app.intercom.com/oauth',
      tokenUrl: (fields) => `${address(fields)}/auth/eagle/token`,
      scopes: [],
      isAtFixedAddress: true,
      fields: [
        serverField('https://api.eu.intercom.io', {
          title: 'Address',
          help: 'Of workspaces in Europe (api.eu) or Australia (api.au);',
          usual: USUAL,
        }),
      ],
      // Its tokens do not end.
      more: { pkce: false },
      help: clientHelp(
        { title: 'Intercom developer hub', url: 'https://app.intercom.com/a/apps/_/developer-hub' },
        'Authentication → Use OAuth; read and write what your zaps need.',
      ),
      test: whoIs({ address, path: 'me', name: ['app.name', 'name', 'email'], headers: HEADERS }),
    }),
  ],
  answers: {
    says: ['errors[0].message'],
    waits: (_body, headers, now) => {
      const resets = Number(headers['x-ratelimit-reset'])
      return headers['x-ratelimit-remaining'] === '0' && resets > 0 ? Math.max(0, resets * 1_000 - now) : undefined
    },
  },
  lists: {
    admins: listOf({
      request: 'GET /admins',
      headers: HEADERS,
      pages: { items: 'admins' },
      value: 'id',
      label: 'name',
      hint: 'email',
    }),
    ticketTypes: listOf({
      request: 'GET /ticket_types',
      headers: HEADERS,
      pages: { items: 'data' },
      value: 'id',
      label: 'name',
    }),
  },
  triggers: [
    newItemTrigger({
      name: 'new-conversation',
      title: 'New conversation in Intercom',
      description: 'Starts for each conversation that begins.',
      keywords: ['support', 'chat', 'message'],
      every: '2m',
      request: 'POST /conversations/search',
      headers: HEADERS,
      body: {
        query: { field: 'created_at', operator: '>', value: 0 },
        sort: { field: 'created_at', order: 'descending' },
      },
      pages: { ...found, items: 'conversations' },
      most: 150,
      key: 'id',
      sample: talk,
    }),
    handTrigger({
      name: 'topic',
      title: 'Intercom tells',
      description: 'Starts at once for each of the topics that are chosen there.',
      keywords: ['webhook', 'conversation', 'contact', 'chat'],
      where: 'in the developer hub of Intercom under Configure → Webhooks',
      verify: { scheme: 'hmac', header: 'X-Hub-Signature', prefix: 'sha1=', algorithm: 'sha1' },
      secret: 'The client secret of the app.',
      events: ({ body }) => (textAt(body, 'topic') === 'ping' ? [] : [{ key: textAt(body, 'id') || null, data: body }]),
      sample: {
        type: 'notification_event',
        id: 'notif_123',
        topic: 'conversation.user.created',
        created_at: 1_796_029_200,
        data: { item: { type: 'conversation', id: '147' } },
      },
    }),
  ],
  actions: [
    operation({
      name: 'create-contact',
      title: 'Create a contact in Intercom',
      description: 'Adds a user or a lead.',
      keywords: ['support', 'user', 'lead', 'customer', 'add'],
      summary: '{email}',
      request: 'POST /contacts',
      headers: HEADERS,
      fields: { role: choice('As a', { user: 'User', lead: 'Lead' }), ...about },
      sample: stored,
    }),
    operation({
      name: 'update-contact',
      title: 'Change a contact in Intercom',
      description: 'Changes a user or a lead; what is left empty stays.',
      keywords: ['support', 'user', 'lead', 'customer', 'edit'],
      request: 'PUT /contacts/{contact}',
      headers: HEADERS,
      fields: { contact, ...about },
      sample: stored,
    }),
    operation({
      name: 'search-contacts',
      title: 'Find contacts in Intercom',
      description: 'Finds users and leads by one of their fields.',
      keywords: ['support', 'user', 'lead', 'customer', 'lookup'],
      summary: '{value}',
      request: 'POST /contacts/search',
      effect: 'none',
      headers: HEADERS,
      fields: {
        field: text('Field', { as: 'query.field', placeholder: 'email' }),
        is: choice(
          'Condition',
          { '=': 'Is', '!=': 'Is not', '~': 'Has', '>': 'Is above', '<': 'Is below' },
          { as: 'query.operator' },
        ),
        value: text('Value', { as: 'query.value' }),
      },
      pages: found,
      sample: { items: [stored], count: 1, hasMore: false },
    }),
    operation({
      name: 'create-conversation',
      title: 'Start a conversation in Intercom',
      description: 'Begins a conversation in the name of a contact.',
      keywords: ['support', 'chat', 'message'],
      summary: '{text}',
      request: 'POST /conversations',
      headers: HEADERS,
      fields: {
        contact: { ...contact, as: 'from.id' },
        role: choice(
          'Who is a',
          { user: 'User', lead: 'Lead', contact: 'Contact' },
          { as: 'from.type', advanced: true },
        ),
        text: longText('Text', { as: 'body' }),
      },
      sample: { type: 'user_message', id: '403918214', conversation_id: '1295' },
    }),
    operation({
      name: 'reply',
      title: 'Answer a conversation in Intercom',
      description: 'Writes an answer, or a note that colleagues alone see.',
      keywords: ['support', 'chat', 'note', 'comment'],
      request: 'POST /conversations/{conversation}/reply',
      headers: HEADERS,
      fields: {
        conversation,
        text: longText('Text', { as: 'body', help: 'HTML.' }),
        kind: choice('As', { comment: 'An answer', note: 'A note' }, { as: 'message_type' }),
        admin: text('By', { as: 'admin_id', help: 'The id of a colleague.', from: { list: 'admins' } }),
      },
      body: (body) => ({ type: 'admin', ...Object(body) }),
      sample: talk,
    }),
    operation({
      name: 'create-ticket',
      title: 'Create a ticket in Intercom',
      description: 'Makes a ticket of a contact.',
      keywords: ['support', 'issue', 'request'],
      summary: '{title}',
      request: 'POST /tickets',
      headers: HEADERS,
      fields: {
        kind: text('Kind of ticket', { as: 'ticket_type_id', from: { list: 'ticketTypes' } }),
        contact: { ...contact, as: 'contacts', send: (id: Json) => [{ id: textOf(id) }] },
        title: text('Title', { as: 'ticket_attributes._default_title_' }),
        description: longText('Description', { as: 'ticket_attributes._default_description_', optional: true }),
        more: json('More attributes', { at: 'nowhere', optional: true, advanced: true }),
      },
      body: (body, { more }) => {
        const own = Object(body)
        return { ...own, ticket_attributes: { ...Object(own.ticket_attributes), ...Object(more ?? {}) } }
      },
      sample: { type: 'ticket', id: '494', ticket_id: '53' },
    }),
    operation({
      name: 'add-note',
      title: 'Write a note at a contact in Intercom',
      description: 'Writes a note at a user or a lead.',
      keywords: ['support', 'user', 'customer', 'comment'],
      request: 'POST /contacts/{contact}/notes',
      headers: HEADERS,
      fields: { contact, text: longText('Text', { as: 'body', help: 'HTML.' }) },
      sample: { type: 'note', id: '29', body: '<p>Called.</p>' },
    }),
    operation({
      name: 'track-event',
      title: 'Track an event in Intercom',
      description: 'Writes down that a user did something.',
      keywords: ['analytics', 'activity', 'user'],
      summary: '{event}',
      request: 'POST /events',
      headers: HEADERS,
      fields: {
        event: text('Event', { as: 'event_name', placeholder: 'invited-friend' }),
        email: text('E-mail', { placeholder: 'ada@example.com' }),
        at: moment('When', { form: 's', as: 'created_at' }),
        data: pairs('Data', { as: 'metadata', optional: true }),
      },
      sample: {},
    }),
  ],
})
