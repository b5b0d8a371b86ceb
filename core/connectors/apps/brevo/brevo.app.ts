import { type Json, textOf } from '../../../domain/values/json.ts'
import { defineApp } from '../../define-app.ts'
import { readPath, valueAt } from '../../kit/path.ts'
import { howTo, tokenAccount, whoIs } from '../../service/accounts.ts'
import { choice, file, longText, moment, pairs, text, texts, yesNo } from '../../service/fields.ts'
import { hookTrigger } from '../../service/hooks.ts'
import { listOf, newItemTrigger, operation } from '../../service/operation.ts'
import type { Pages } from '../../service/pages.ts'
import { keyOfParts, numbers } from '../../service/parts.ts'
import { hue, icon } from './logo.ts'

const ADDRESS = 'https://api.brevo.com/v3'
const attributes = pairs('Fields', {
  as: 'attributes',
  optional: true,
  help: 'By their names, such as FIRSTNAME and LASTNAME.',
})
const contact = text('Contact', { placeholder: 'ada@example.com', help: 'The e-mail address, or the number.' })
const address = { placeholder: 'ada@example.com', help: 'With commas between several.' }
const people = (given: Json | undefined): { email: string }[] =>
  textOf(given ?? '')
    .split(',')
    .map((one) => ({ email: one.trim() }))
    .filter(({ email }) => email !== '')

const pagesOf = (items: string, most: number): Pages => ({
  items,
  size: { as: 'limit', most },
  next: { by: 'offset', as: 'offset' },
})
const stored = {
  id: 42,
  email: 'ada@example.com',
  attributes: { FIRSTNAME: 'Ada' },
  listIds: [3],
  modifiedAt: '2026-11-30T09:00:00.000Z',
}
const EVENTS = {
  delivered: 'A mail arrives',
  opened: 'A mail is opened',
  click: 'A link is followed',
  hardBounce: 'An address is not there',
  softBounce: 'A mail does not arrive for now',
  spam: 'A mail is called spam',
  unsubscribed: 'A person unsubscribes',
}

/** Brevo (https://developers.brevo.com/reference). */
export const brevo = defineApp({
  id: 'brevo',
  title: 'Brevo',
  icon,
  hue,
  address: ADDRESS,
  account: 'needed',
  takesKey: false,
  credentials: [
    tokenAccount({
      id: 'brevo',
      title: 'Brevo key',
      secret: { title: 'API key', placeholder: 'xkeysib-…' },
      help: howTo(
        'A key in two steps',
        { title: 'Generate an API key', link: { title: 'API keys', url: 'https://app.brevo.com/settings/keys/api' } },
        {
          title: 'Paste it here',
          text: 'Where Brevo asks for your address in the network, allow it, or switch that off (Security → Authorised IPs).',
        },
      ),
      signIn: (key) => ({ headers: { 'api-key': key } }),
      test: whoIs({ address: ADDRESS, path: 'account', name: ['companyName', 'email'] }),
    }),
  ],
  answers: {
    waits: (_body, headers) => {
      const seconds = Number(headers['x-sib-ratelimit-reset'])
      return headers['x-sib-ratelimit-remaining'] === '0' && seconds > 0 ? seconds * 1_000 : undefined
    },
    means: (status, body) => (valueAt(body, readPath('code')) === 'duplicate_parameter' ? 409 : status),
  },
  lists: {
    templates: listOf({
      request: 'GET /smtp/templates?templateStatus=true',
      pages: pagesOf('templates', 1_000),
      value: 'id',
      label: 'name',
    }),
    senders: listOf({
      request: 'GET /senders',
      pages: { items: 'senders' },
      value: 'email',
      label: 'name',
      hint: 'email',
    }),
    lists: listOf({ request: 'GET /contacts/lists', pages: pagesOf('lists', 50), value: 'id', label: 'name' }),
  },
  triggers: [
    newItemTrigger({
      name: 'contact-updated',
      title: 'New or changed contact in Brevo',
      description: 'Starts for each contact that is added or changed.',
      keywords: ['newsletter', 'subscriber', 'edited'],
      request: 'GET /contacts?sort=desc',
      fields: { list: text('In the list', { as: 'listIds', optional: true, from: { list: 'lists' } }) },
      pages: pagesOf('contacts', 1_000),
      most: 1_000,
      key: keyOfParts('id', 'modifiedAt'),
      sample: stored,
    }),
    hookTrigger({
      name: 'mail-or-contact-event',
      title: 'Brevo tells of a mail',
      description: 'Starts at once when a mail that was sent arrives, is opened, or does not arrive.',
      keywords: ['webhook', 'delivered', 'bounce', 'opened', 'click'],
      fields: {
        event: choice('When', EVENTS),
        kind: choice('Of', { transactional: 'Single mails', marketing: 'Campaigns' }),
      },
      verify: { scheme: 'bearer' },
      subscribe: 'POST /webhooks',
      body: ({ url, secret }, { event, kind }) => ({
        url,
        description: 'Hookline',
        events: [event ?? 'delivered'],
        type: kind ?? 'transactional',
        auth: { type: 'bearer', token: secret },
      }),
      id: 'id',
      unsubscribe: 'DELETE /webhooks/{id}',
      events: ({ body }) => {
        const [id, event, at] = ['message-id', 'event', 'ts_event'].map((name) => valueAt(body, readPath(name)) ?? '')
        return [{ key: id === '' ? null : [id, event, at].map((one) => textOf(one ?? '')).join(' '), data: body }]
      },
      sample: {
        event: 'delivered',
        email: 'ada@example.com',
        id: 26_224,
        'message-id': '<x@relay>',
        ts_event: 1_764_000_000,
        subject: 'Order 42',
      },
    }),
  ],
  actions: [
    operation({
      name: 'send-mail',
      title: 'Send mail with Brevo',
      description: 'Sends a mail, or one from a template.',
      keywords: ['transactional', 'template', 'notify'],
      summary: '{subject}',
      fields: {
        to: text('To', address),
        from: text('From', {
          placeholder: 'me@example.com',
          help: 'A sender that Brevo knows.',
          from: { list: 'senders' },
        }),
        fromName: text('Name of the sender', { optional: true, advanced: true }),
        subject: text('Subject', { optional: true, help: 'A template has its own.' }),
        html: longText('HTML', { optional: true }),
        text: longText('Text', { optional: true }),
        template: text('Template', { optional: true, advanced: true, from: { list: 'templates' } }),
        values: pairs('Values of the template', { optional: true, advanced: true }),
        cc: text('Cc', { ...address, optional: true, advanced: true }),
        bcc: text('Bcc', { ...address, optional: true, advanced: true }),
        replyTo: text('Answers go to', { placeholder: 'ada@example.com', optional: true, advanced: true }),
        attachments: file('Attachment', { optional: true, help: 'A file of an earlier step, or a path.' }),
        when: moment('Send at', { form: 'iso', optional: true, advanced: true }),
        tags: texts('Tags', { optional: true, advanced: true }),
      },
      sample: { messageId: '<202611300900.12345678@smtp-relay.mailin.fr>' },
      async run({ http, files, input }) {
        const { subject, html, text: words, template, values, tags, fromName } = input
        const when = input.when === undefined ? undefined : moment('Send at', { form: 'iso' }).send?.(input.when)
        const read = input.attachments === undefined ? null : await files.read(input.attachments, 'attachments')
        const body = {
          sender: { email: textOf(input.from ?? ''), ...(fromName !== undefined && { name: fromName }) },
          to: people(input.to),
          ...(input.cc !== undefined && { cc: people(input.cc) }),
          ...(input.bcc !== undefined && { bcc: people(input.bcc) }),
          ...(input.replyTo !== undefined && { replyTo: { email: textOf(input.replyTo) } }),
          ...(subject !== undefined && { subject }),
          ...(html !== undefined && { htmlContent: html }),
          ...(words !== undefined && { textContent: words }),
          ...(template !== undefined && { templateId: Number(template) }),
          ...(values !== undefined && { params: values }),
          ...(tags !== undefined && { tags }),
          ...(when !== undefined && { scheduledAt: when }),
          ...(read && { attachment: [{ name: read.filename, content: Buffer.from(read.content).toString('base64') }] }),
        }
        return (await http({ method: 'POST', path: 'smtp/email', body })).body
      },
    }),
    operation({
      name: 'upsert-contact',
      title: 'Add or change a contact in Brevo',
      description: 'Changes the contact with an e-mail address, and adds one who is not there.',
      keywords: ['newsletter', 'subscriber', 'upsert'],
      summary: '{email}',
      request: 'POST /contacts',
      effect: 'keyed',
      fields: {
        email: text('E-mail', { placeholder: 'ada@example.com' }),
        attributes,
        lists: texts('Lists', { as: 'listIds', optional: true, help: 'Numbers, one a line.', send: numbers }),
        outer: text('Outer id', { as: 'ext_id', optional: true, advanced: true }),
      },
      body: (body) => ({ ...Object(body), updateEnabled: true }),
      sample: { id: 42 },
    }),
    operation({
      name: 'update-contact',
      title: 'Change a contact in Brevo',
      description: 'Changes a contact, and the lists that it is in.',
      keywords: ['newsletter', 'subscriber', 'edit', 'unsubscribe'],
      request: 'PUT /contacts/{contact}',
      fields: {
        contact,
        attributes,
        lists: texts('Into the lists', { as: 'listIds', optional: true, help: 'Numbers, one a line.', send: numbers }),
        remove: texts('Out of the lists', { as: 'unlinkListIds', optional: true, advanced: true, send: numbers }),
        blocked: yesNo('Gets no mail any more', { as: 'emailBlacklisted', advanced: true }),
      },
      sample: {},
    }),
    operation({
      name: 'get-contact',
      title: 'Get a contact from Brevo',
      description: 'Reads one contact.',
      keywords: ['newsletter', 'subscriber', 'read'],
      request: 'GET /contacts/{contact}',
      fields: { contact },
      sample: stored,
    }),
    operation({
      name: 'send-sms',
      title: 'Send an SMS with Brevo',
      description: 'Sends a text message.',
      keywords: ['text', 'phone', 'notify'],
      summary: '{to}',
      request: 'POST /transactionalSMS/sms',
      fields: {
        to: text('To', { as: 'recipient', placeholder: '491701234567', help: 'With the country code.' }),
        from: text('From', { as: 'sender', most: 15, placeholder: 'Acme', help: 'Up to 11 letters, or 15 digits.' }),
        text: longText('Text', { as: 'content' }),
        kind: choice(
          'Kind',
          { transactional: 'To one person', marketing: 'Marketing' },
          { as: 'type', advanced: true },
        ),
      },
      sample: { messageId: 1_511_882_900_176_220, remainingCredits: 82.85 },
    }),
  ],
})
