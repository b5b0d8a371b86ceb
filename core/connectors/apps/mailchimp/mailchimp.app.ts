import { createHash } from 'node:crypto'
import { StepError } from '../../../domain/runs/step-error.ts'
import { isJsonList, isJsonObject, type Json, textOf } from '../../../domain/values/json.ts'
import type { CredentialFields } from '../../credential.ts'
import { defineApp } from '../../define-app.ts'
import { readPath, valueAt } from '../../kit/path.ts'
import { basic, howTo, tokenAccount, whoIs } from '../../service/accounts.ts'
import { choice, longText, moment, pairs, text, texts } from '../../service/fields.ts'
import { hookTrigger } from '../../service/hooks.ts'
import { listOf, newItemTrigger, operation } from '../../service/operation.ts'
import type { Pages } from '../../service/pages.ts'
import { hue, icon } from './logo.ts'

/** A key ends with the part of Mailchimp where its account is: `…-us6`. */
function addressOf({ token = '' }: CredentialFields): string {
  const part = /-([a-z]{2,4}\d{1,4})$/.exec(token.trim())?.[1]
  if (part !== undefined) return `https://${part}.api.mailchimp.com/3.0`
  const message =
    'The Mailchimp key is not whole: it ends with the part of Mailchimp where the account is, such as "-us6".'
  throw new StepError({ code: 'bad-credential', message, retryable: false })
}

const audience = text('Audience', { placeholder: 'a1b2c3d4e5', from: { list: 'audiences' } })
/** A person of an audience is known by a hash of their address (https://mailchimp.com/developer/marketing/docs/methods-parameters/#path-parameters). */
const hashOf = (email: Json): Json => createHash('md5').update(textOf(email).trim().toLowerCase()).digest('hex')
const person = text('E-mail', { placeholder: 'ada@example.com', at: 'path', send: hashOf })
const STATES = {
  subscribed: 'Gets mail',
  pending: 'Has to confirm first',
  unsubscribed: 'Gets none',
  cleaned: 'Cannot be reached',
  transactional: 'Bought something',
}
const merge = pairs('Fields', { as: 'merge_fields', optional: true, help: 'By their tags, such as FNAME and LNAME.' })
const MORE = {
  tags: texts('Tags', { optional: true }),
  language: text('Language', { optional: true, advanced: true, placeholder: 'de' }),
}
const campaign = text('Campaign', { placeholder: '42694e9e57', from: { list: 'campaigns' } })

const pagesOf = (items: string): Pages => ({
  items,
  size: { as: 'count', most: 1_000 },
  next: { by: 'offset', as: 'offset' },
})
const stored = {
  id: 'b642b4217b34b1e8d3bd915fc65c4452',
  email_address: 'ada@example.com',
  status: 'subscribed',
  merge_fields: { FNAME: 'Ada', LNAME: 'Lovelace' },
  timestamp_opt: '2026-11-30T09:00:00+00:00',
}
const EVENTS = {
  subscribe: 'Subscribes',
  unsubscribe: 'Unsubscribes',
  profile: 'Changes what is known of them',
  cleaned: 'Cannot be reached',
  upemail: 'Has another address',
}

/** Mailchimp Marketing (https://mailchimp.com/developer/marketing/api). */
export const mailchimp = defineApp({
  id: 'mailchimp',
  title: 'Mailchimp',
  icon,
  hue,
  address: { ofAccount: addressOf, known: ['https://*.api.mailchimp.com'] },
  account: 'needed',
  takesKey: false,
  credentials: [
    tokenAccount({
      id: 'mailchimp',
      title: 'Mailchimp key',
      secret: { title: 'API key', placeholder: '0123456789abcdef-us6' },
      help: howTo(
        'A key in two steps',
        { title: 'Create a key', link: { title: 'API keys', url: 'https://admin.mailchimp.com/account/api' } },
        { title: 'Paste it here', text: 'With its end, such as -us6.' },
      ),
      signIn: (token) => basic('hookline', token),
      test: whoIs({ address: addressOf, path: '', name: ['account_name', 'email'] }),
    }),
  ],
  answers: {
    says: ['detail', 'title'],
    refusal: (body) => {
      const errors = isJsonObject(body) && isJsonList(body.errors ?? null) ? Object.values(Object(body.errors)) : []
      const words = errors.map((one) =>
        `${textOf(valueAt(one as Json, readPath('field')) ?? '')} ${textOf(valueAt(one as Json, readPath('message')) ?? '')}`.trim(),
      )
      return words.length === 0 ? null : { says: `${textOf(Object(body).detail ?? '')} ${words.join('; ')}`.trim() }
    },
    // A person who is there already is a conflict.
    means: (status, body) => (valueAt(body, readPath('title')) === 'Member Exists' ? 409 : status),
  },
  lists: {
    audiences: listOf({
      request: 'GET /lists?fields=lists.id,lists.name,total_items',
      pages: pagesOf('lists'),
      value: 'id',
      label: 'name',
    }),
    campaigns: listOf({
      request: 'GET /campaigns?sort_field=create_time&sort_dir=DESC',
      pages: pagesOf('campaigns'),
      value: 'id',
      label: 'settings.title',
      hint: 'status',
    }),
  },
  triggers: [
    newItemTrigger({
      name: 'new-subscriber',
      title: 'New subscriber in Mailchimp',
      description: 'Starts for each person who subscribes to an audience.',
      keywords: ['newsletter', 'contact', 'signup'],
      request: 'GET /lists/{audience}/members?status=subscribed&sort_field=timestamp_opt&sort_dir=DESC',
      fields: { audience },
      pages: pagesOf('members'),
      most: 500,
      key: 'id',
      sample: stored,
    }),
    hookTrigger({
      name: 'list-event',
      title: 'Mailchimp tells of an audience',
      description: 'Starts at once when a person subscribes, unsubscribes or changes.',
      keywords: ['webhook', 'newsletter', 'subscribe', 'unsubscribe'],
      fields: {
        audience,
        events: texts('When a person', {
          optional: true,
          placeholder: 'subscribe',
          help: `All when empty. One a line: ${Object.keys(EVENTS).join(', ')}.`,
        }),
      },
      // Mailchimp signs nothing; the address is unguessable.
      verify: null,
      subscribe: 'POST /lists/{audience}/webhooks',
      body: ({ url }, { events }) => {
        const wanted = isJsonList(events ?? null) ? Object.values(Object(events)) : Object.keys(EVENTS)
        return {
          url,
          events: Object.fromEntries(Object.keys(EVENTS).map((one) => [one, wanted.includes(one)])),
          sources: { user: true, admin: true, api: true },
        }
      },
      id: 'id',
      unsubscribe: 'DELETE /lists/{audience}/webhooks/{id}',
      all: { request: 'GET /lists/{audience}/webhooks', pages: { items: 'webhooks' }, url: 'url', id: 'id' },
      // It looks whether the address is there before it takes it.
      handshake: ({ method }) =>
        method === 'GET' || method === 'HEAD' ? { status: 200, headers: {}, body: null } : null,
      events: ({ body }) => (isJsonObject(body) && body.type !== undefined ? [{ key: null, data: body }] : []),
      sample: {
        type: 'subscribe',
        fired_at: '2026-11-30 09:00:00',
        'data[email]': 'ada@example.com',
        'data[merges][FNAME]': 'Ada',
      },
    }),
  ],
  actions: [
    operation({
      name: 'add-subscriber',
      title: 'Add a subscriber to Mailchimp',
      description: 'Adds a person to an audience. One who is there already is an error; “Add or change” takes both.',
      keywords: ['newsletter', 'contact', 'subscribe'],
      summary: '{email}',
      request: 'POST /lists/{audience}/members',
      fields: {
        audience,
        email: text('E-mail', { as: 'email_address', placeholder: 'ada@example.com' }),
        status: choice('State', STATES),
        merge,
        ...MORE,
      },
      sample: stored,
    }),
    operation({
      name: 'upsert-subscriber',
      title: 'Add or change a subscriber in Mailchimp',
      description: 'Changes the person with an e-mail address, and adds one who is not there.',
      keywords: ['newsletter', 'contact', 'subscribe', 'upsert'],
      summary: '{email}',
      request: 'PUT /lists/{audience}/members/{email}',
      fields: {
        audience,
        email: person,
        ifNew: choice('State of a new one', STATES, { as: 'status_if_new' }),
        status: choice('State of one who is there', STATES, { optional: true, advanced: true }),
        merge,
        language: MORE.language,
      },
      body: (body, { email }) => ({ email_address: email ?? '', ...Object(body) }),
      sample: stored,
    }),
    operation({
      name: 'update-subscriber',
      title: 'Change a subscriber in Mailchimp',
      description: 'Changes a person of an audience, or ends their mail.',
      keywords: ['newsletter', 'contact', 'unsubscribe', 'edit'],
      summary: '{email}',
      request: 'PATCH /lists/{audience}/members/{email}',
      effect: 'idempotent',
      fields: {
        audience,
        email: person,
        status: choice('State', STATES, { optional: true }),
        merge,
        language: MORE.language,
      },
      sample: stored,
    }),
    operation({
      name: 'get-subscriber',
      title: 'Get a subscriber from Mailchimp',
      description: 'Reads one person of an audience.',
      keywords: ['newsletter', 'contact', 'read'],
      summary: '{email}',
      request: 'GET /lists/{audience}/members/{email}',
      fields: { audience, email: person },
      sample: stored,
    }),
    operation({
      name: 'list-subscribers',
      title: 'List subscribers of Mailchimp',
      description: 'Reads the persons of an audience.',
      keywords: ['newsletter', 'contacts', 'get many'],
      request: 'GET /lists/{audience}/members',
      fields: {
        audience,
        status: choice('State', STATES, { optional: true }),
        since: moment('Changed since', { form: 'iso', as: 'since_last_changed', optional: true, advanced: true }),
      },
      pages: pagesOf('members'),
      sample: { items: [stored], count: 1, hasMore: false },
    }),
    operation({
      name: 'tag-subscriber',
      title: 'Tag a subscriber in Mailchimp',
      description: 'Adds tags to a person, and takes others away.',
      keywords: ['newsletter', 'contact', 'label', 'segment'],
      summary: '{email}',
      request: 'POST /lists/{audience}/members/{email}/tags',
      effect: 'idempotent',
      fields: {
        audience,
        email: person,
        add: texts('Adds', { at: 'nowhere', optional: true }),
        remove: texts('Takes away', { at: 'nowhere', optional: true }),
      },
      body: (_, { add, remove }) => {
        const said = (given: Json | undefined, status: string) =>
          Object.values(Object(given ?? [])).map((name) => ({ name: textOf(name as Json), status }))
        return { tags: [...said(add, 'active'), ...said(remove, 'inactive')] }
      },
      sample: {},
    }),
    operation({
      name: 'create-campaign',
      title: 'Create a campaign in Mailchimp',
      description: 'Makes a draft of a mail to an audience.',
      keywords: ['newsletter', 'mail', 'draft'],
      summary: '{subject}',
      request: 'POST /campaigns',
      fields: {
        audience: { ...audience, as: 'recipients.list_id' },
        subject: text('Subject', { as: 'settings.subject_line' }),
        title: text('Title', { as: 'settings.title', optional: true, help: 'Seen by you alone.' }),
        from: text('From', { as: 'settings.from_name', placeholder: 'Ada of Acme' }),
        replyTo: text('Answers go to', { as: 'settings.reply_to', placeholder: 'ada@example.com' }),
      },
      body: (body) => ({ type: 'regular', ...Object(body) }),
      sample: { id: '42694e9e57', status: 'save', settings: { subject_line: 'News' } },
    }),
    operation({
      name: 'set-campaign-content',
      title: 'Write a campaign in Mailchimp',
      description: 'Sets what the mail of a campaign says.',
      keywords: ['newsletter', 'mail', 'content', 'html'],
      request: 'PUT /campaigns/{campaign}/content',
      fields: {
        campaign,
        html: longText('HTML', { optional: true }),
        plain: longText('Text', { as: 'plain_text', optional: true }),
      },
      sample: { html: '<p>Hello</p>' },
    }),
    operation({
      name: 'send-campaign',
      title: 'Send a campaign of Mailchimp',
      description: 'Sends a campaign to its audience.',
      keywords: ['newsletter', 'mail'],
      request: 'POST /campaigns/{campaign}/actions/send',
      fields: { campaign },
      sample: {},
    }),
  ],
})
