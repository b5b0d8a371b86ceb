import { StepError } from '../../../domain/runs/step-error.ts'
import { type Json, textOf } from '../../../domain/values/json.ts'
import { defineApp } from '../../define-app.ts'
import { bearer, howTo, tokenAccount } from '../../service/accounts.ts'
import { choice, file, json, longText, moment, pairs, text, yesNo } from '../../service/fields.ts'
import { hookTrigger } from '../../service/hooks.ts'
import { listOf, operation } from '../../service/operation.ts'
import { textAt } from '../../service/parts.ts'
import { hue, icon } from './logo.ts'

const ADDRESS = 'https://api.resend.com'
const people = { placeholder: 'ada@example.com', help: 'With commas between several.' }
const list = (given: Json | undefined): string[] =>
  textOf(given ?? '')
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '')
const EVENTS = {
  'email.delivered': 'Arrives',
  'email.bounced': 'Does not arrive',
  'email.opened': 'Is opened',
  'email.clicked': 'Has a link that is followed',
  'email.complained': 'Is called spam',
  'email.received': 'Comes in',
}

/** Resend (https://resend.com/docs/api-reference). */
export const resend = defineApp({
  id: 'resend',
  title: 'Resend',
  icon,
  hue,
  address: ADDRESS,
  account: 'needed',
  credentials: [
    tokenAccount({
      id: 'resend',
      title: 'Resend key',
      secret: { title: 'API key', placeholder: 're_…' },
      help: howTo(
        'A key in two steps',
        {
          title: 'Create an API key',
          text: 'Full access, for triggers and contacts; sending access is enough to send.',
          link: { title: 'API keys', url: 'https://resend.com/api-keys' },
        },
        { title: 'Paste it here' },
      ),
      signIn: bearer(),
      async test({ at }) {
        try {
          const { body } = await at(ADDRESS)({ path: 'domains' })
          return textAt(body, 'data[0].name') || null
        } catch (error) {
          // A key that may send alone is a good one.
          if (error instanceof StepError && error.details.message.includes('restricted to only send'))
            return 'may send alone'
          throw error
        }
      },
    }),
  ],
  lists: { audiences: listOf({ request: 'GET /segments', pages: { items: 'data' }, value: 'id', label: 'name' }) },
  triggers: [
    hookTrigger({
      name: 'mail-event',
      title: 'Resend tells of a mail',
      description: 'Starts at once when a mail arrives, is opened, does not arrive or comes in.',
      keywords: ['webhook', 'delivered', 'bounce', 'opened', 'click'],
      fields: { event: choice('When a mail', EVENTS) },
      verify: { scheme: 'svix' },
      subscribe: 'POST /webhooks',
      body: ({ url }, { event }) => ({ endpoint: url, events: [event ?? 'email.delivered'] }),
      id: 'id',
      secret: { in: 'answer', at: 'signing_secret' },
      unsubscribe: 'DELETE /webhooks/{id}',
      events: ({ headers, body }) => [{ key: headers['svix-id'] ?? null, data: body }],
      sample: {
        type: 'email.delivered',
        created_at: '2026-11-30T09:00:00.000Z',
        data: { email_id: '56761188-7520-42d8-8898-ff6fc54ce618', to: ['ada@example.com'], subject: 'Order 42' },
      },
    }),
  ],
  actions: [
    operation({
      name: 'send-mail',
      title: 'Send mail with Resend',
      description: 'Sends a mail. A repeat is told by Resend.',
      keywords: ['transactional', 'notify'],
      summary: '{subject}',
      effect: 'keyed',
      fields: {
        from: text('From', { placeholder: 'Ada <ada@example.com>' }),
        to: text('To', people),
        subject: text('Subject'),
        text: longText('Text', { optional: true }),
        html: longText('HTML', { optional: true }),
        cc: text('Cc', { ...people, optional: true, advanced: true }),
        bcc: text('Bcc', { ...people, optional: true, advanced: true }),
        replyTo: text('Answers go to', { ...people, optional: true, advanced: true }),
        attachments: file('Attachment', { optional: true, help: 'A file of an earlier step, or a path.' }),
        when: moment('Send at', { form: 'iso', optional: true, advanced: true }),
        tags: pairs('Tags', { optional: true, advanced: true }),
      },
      sample: { id: '49a3999c-0ce1-4ea6-ab68-afcd6dc2e794' },
      async run({ http, files, input }) {
        const { subject, text: words, html, tags } = input
        const when = input.when === undefined ? undefined : moment('Send at', { form: 'iso' }).send?.(input.when)
        const read = input.attachments === undefined ? null : await files.read(input.attachments, 'attachments')
        const body = {
          from: input.from ?? '',
          to: list(input.to),
          subject: subject ?? '',
          ...(words !== undefined && { text: words }),
          ...(html !== undefined && { html }),
          ...(input.cc !== undefined && { cc: list(input.cc) }),
          ...(input.bcc !== undefined && { bcc: list(input.bcc) }),
          ...(input.replyTo !== undefined && { reply_to: list(input.replyTo) }),
          ...(when !== undefined && { scheduled_at: when }),
          ...(tags !== undefined && {
            tags: Object.entries(Object(tags)).map(([name, value]) => ({ name, value: textOf(value as Json) })),
          }),
          ...(read && {
            attachments: [{ filename: read.filename, content: Buffer.from(read.content).toString('base64') }],
          }),
        }
        return (await http({ method: 'POST', path: 'emails', body })).body
      },
    }),
    operation({
      name: 'send-batch',
      title: 'Send many mails with Resend',
      description: 'Sends up to 100 mails at once. A repeat is told by Resend.',
      keywords: ['transactional', 'bulk', 'notify'],
      request: 'POST /emails/batch',
      effect: 'keyed',
      fields: {
        messages: json('Messages', {
          at: 'nowhere',
          placeholder: '[{"from":"me@example.com","to":["ada@example.com"],"subject":"Hello","text":"Hi"}]',
        }),
      },
      body: (_, { messages }) => messages ?? [],
      result: 'data',
      sample: { items: [{ id: '49a3999c-0ce1-4ea6-ab68-afcd6dc2e794' }], count: 1 },
    }),
    operation({
      name: 'get-mail',
      title: 'Get a mail from Resend',
      description: 'Reads a mail, and what became of it.',
      keywords: ['status', 'delivered'],
      request: 'GET /emails/{mail}',
      fields: { mail: text('Mail', { placeholder: '{{ sent.id }}', help: 'Its id.' }) },
      sample: { id: '49a3999c-0ce1-4ea6-ab68-afcd6dc2e794', last_event: 'delivered' },
    }),
    operation({
      name: 'create-contact',
      title: 'Add a contact to Resend',
      description: 'Adds a person to an audience.',
      keywords: ['newsletter', 'subscriber', 'segment'],
      summary: '{email}',
      request: 'POST /audiences/{audience}/contacts',
      fields: {
        audience: text('Audience', { from: { list: 'audiences' } }),
        email: text('E-mail', { placeholder: 'ada@example.com' }),
        first: text('First name', { as: 'first_name', optional: true }),
        last: text('Last name', { as: 'last_name', optional: true }),
        none: yesNo('Gets no mail', { as: 'unsubscribed', advanced: true }),
      },
      sample: { id: '479e3145-dd38-476b-932c-529ceb705947' },
    }),
  ],
})
