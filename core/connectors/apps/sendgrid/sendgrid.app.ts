import { StepError } from '../../../domain/runs/step-error.ts'
import { isJsonList, isJsonObject, type Json, textOf } from '../../../domain/values/json.ts'
import { defineApp } from '../../define-app.ts'
import { readPath, valueAt } from '../../kit/path.ts'
import { bearer, howTo, tokenAccount } from '../../service/accounts.ts'
import { file, json, longText, moment, pairs, text, texts } from '../../service/fields.ts'
import { handTrigger, hookTrigger } from '../../service/hooks.ts'
import { listOf, operation } from '../../service/operation.ts'
import type { Pages } from '../../service/pages.ts'
import { itemsAt, joined, textAt } from '../../service/parts.ts'
import { hue, icon } from './logo.ts'

const ADDRESS = 'https://api.sendgrid.com/v3'
const lists = texts('Lists', { as: 'list_ids', optional: true, help: 'Ids, one a line.' })
const address = {
  placeholder: 'ada@example.com',
  help: 'With commas between several; “Ada <ada@example.com>” names one.',
}
const pagesOf = (items: string): Pages => ({
  items,
  size: { as: 'page_size', most: 100 },
  next: { by: 'address', at: '_metadata.next' },
})
const person = { id: 'c1', email: 'ada@example.com', first_name: 'Ada', last_name: 'Lovelace', list_ids: ['l1'] }

/** Addresses as a mail has them: `Ada <ada@example.com>, b@example.com`. */
function addresses(given: Json | undefined): { email: string; name?: string }[] {
  return textOf(given ?? '')
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '')
    .map((one) => {
      const at = one.indexOf('<')
      if (at < 0) return { email: one }
      const name = one.slice(0, at).trim().replaceAll('"', '')
      const email = one
        .slice(at + 1)
        .replace('>', '')
        .trim()
      return { email, ...(name !== '' && { name }) }
    })
}

/** What SendGrid tells of a mail. */
const MAIL_EVENTS = [
  'processed',
  'delivered',
  'deferred',
  'bounce',
  'dropped',
  'open',
  'click',
  'spam_report',
  'unsubscribe',
]

/** Twilio SendGrid (https://www.twilio.com/docs/sendgrid/api-reference). */
export const sendgrid = defineApp({
  id: 'sendgrid',
  title: 'SendGrid',
  icon,
  hue,
  address: ADDRESS,
  account: 'needed',
  takesKey: false,
  credentials: [
    tokenAccount({
      id: 'sendgrid',
      title: 'SendGrid key',
      secret: { title: 'API key', placeholder: 'SG.…' },
      help: howTo(
        'A key in two steps',
        {
          title: 'Create an API key',
          text: 'Restricted access: Mail Send, Marketing.',
          link: { title: 'API keys', url: 'https://app.sendgrid.com/settings/api_keys' },
        },
        { title: 'Paste it here' },
      ),
      signIn: bearer(),
      // A key has no name; what it may do is what there is to say of it.
      async test({ at }) {
        const scopes = valueAt((await at(ADDRESS)({ path: 'scopes' })).body, readPath('scopes')) ?? null
        return `${isJsonList(scopes) ? scopes.length : 0} rights`
      },
    }),
  ],
  answers: {
    refusal: (body) => {
      const errors = isJsonObject(body) && isJsonList(body.errors ?? null) ? Object.values(Object(body.errors)) : []
      const words = errors.map((one) =>
        [textOf(valueAt(one as Json, readPath('field')) ?? ''), textOf(valueAt(one as Json, readPath('message')) ?? '')]
          .filter(Boolean)
          .join(': '),
      )
      return words.length === 0 ? null : { says: words.join('; ') }
    },
    waits: (_body, headers, now) => {
      const resets = Number(headers['x-ratelimit-reset'])
      return headers['x-ratelimit-remaining'] === '0' && resets > 0 ? Math.max(0, resets * 1_000 - now) : undefined
    },
  },
  lists: {
    templates: listOf({
      request: 'GET /templates?generations=dynamic',
      pages: { ...pagesOf('result'), size: { as: 'page_size', most: 200 } },
      value: 'id',
      label: 'name',
    }),
    lists: listOf({ request: 'GET /marketing/lists', pages: pagesOf('result'), value: 'id', label: 'name' }),
  },
  triggers: [
    hookTrigger({
      name: 'mail-event',
      title: 'SendGrid tells of a mail',
      description: 'Starts at once when a mail arrives, is opened, or does not arrive.',
      keywords: ['webhook', 'delivered', 'bounce', 'opened', 'clicked'],
      fields: {
        events: texts('When', {
          optional: true,
          placeholder: 'delivered',
          help: `All when empty. One a line: ${MAIL_EVENTS.join(', ')}.`,
        }),
      },
      verify: {
        scheme: 'ecdsa',
        header: 'X-Twilio-Email-Event-Webhook-Signature',
        timestampHeader: 'X-Twilio-Email-Event-Webhook-Timestamp',
        signed: '{ts}{body}',
      },
      subscribe: 'POST /user/webhooks/event/settings',
      body: ({ url }, { events: wanted = null }) => {
        const all = isJsonList(wanted) && wanted.length > 0 ? wanted : MAIL_EVENTS
        return {
          enabled: true,
          url,
          friendly_name: 'Hookline',
          ...Object.fromEntries(MAIL_EVENTS.map((one) => [one, all.includes(one)])),
        }
      },
      id: 'id',
      // It signs with a key of its own from when that is switched on.
      secret: {
        in: 'request',
        request: 'PATCH /user/webhooks/event/settings/signed/{id}',
        body: { enabled: true },
        at: 'public_key',
      },
      unsubscribe: 'DELETE /user/webhooks/event/settings/{id}',
      all: { request: 'GET /user/webhooks/event/settings/all', pages: { items: 'webhooks' }, url: 'url', id: 'id' },
      events: ({ body }) => itemsAt(body, '').map((one) => ({ key: textAt(one, 'sg_event_id') || null, data: one })),
      sample: {
        email: 'ada@example.com',
        event: 'delivered',
        timestamp: 1_796_029_200,
        sg_event_id: 'sg_event_id',
        sg_message_id: 'sg_message_id',
      },
    }),
    handTrigger({
      name: 'inbound-mail',
      title: 'SendGrid receives a mail',
      description: 'Starts at once for each mail to a domain of yours whose mail goes to mx.sendgrid.net.',
      keywords: ['receive', 'inbound parse', 'incoming'],
      where: 'at SendGrid under Settings → Inbound Parse',
      // SendGrid signs nothing here; the address is unguessable.
      verify: null,
      events: ({ body }) => [{ key: null, data: body }],
      sample: {
        from: 'Ada <ada@example.com>',
        to: 'orders@parse.example.com',
        subject: 'Order 42',
        text: 'Please send tea.',
        attachments: '0',
      },
    }),
  ],
  actions: [
    operation({
      name: 'send-mail',
      title: 'Send mail with SendGrid',
      description: 'Sends a mail, or one from a template. SendGrid says that it took it, not that it arrived.',
      keywords: ['transactional', 'template', 'notify'],
      summary: '{subject}',
      fields: {
        to: text('To', address),
        from: text('From', { ...address, help: 'An address that SendGrid knows as yours.' }),
        subject: text('Subject', { optional: true, help: 'A template may have its own.' }),
        text: longText('Text', { optional: true }),
        html: longText('HTML', { optional: true }),
        template: text('Template', { optional: true, advanced: true, placeholder: 'd-…', from: { list: 'templates' } }),
        values: json('Values of the template', { optional: true, advanced: true, placeholder: '{"name":"Ada"}' }),
        cc: text('Cc', { ...address, optional: true, advanced: true }),
        bcc: text('Bcc', { ...address, optional: true, advanced: true }),
        replyTo: text('Answers go to', { ...address, optional: true, advanced: true }),
        attachments: file('Attachment', { optional: true, help: 'A file of an earlier step, or a path.' }),
        when: moment('Send at', { form: 's', optional: true, advanced: true, help: 'Within three days.' }),
        categories: texts('Categories', { optional: true, advanced: true, most: 10 }),
      },
      sample: { messageId: '14c5d75ce93.dfd.64b469' },
      async run({ http, files, input }) {
        const { subject, text: words, html, template, values, categories } = input
        const when = input.when === undefined ? undefined : moment('Send at', { form: 's' }).send?.(input.when)
        const read = input.attachments === undefined ? null : await files.read(input.attachments, 'attachments')
        const content = [
          ...(words === undefined ? [] : [{ type: 'text/plain', value: words }]),
          ...(html === undefined ? [] : [{ type: 'text/html', value: html }]),
        ]
        const [from = { email: '' }] = addresses(input.from)
        const [replyTo] = addresses(input.replyTo)
        const personalization = {
          to: addresses(input.to),
          ...(input.cc !== undefined && { cc: addresses(input.cc) }),
          ...(input.bcc !== undefined && { bcc: addresses(input.bcc) }),
          ...(values !== undefined && { dynamic_template_data: values }),
        }
        const answer = await http({
          method: 'POST',
          path: 'mail/send',
          body: {
            personalizations: [personalization],
            from,
            ...(replyTo && { reply_to: replyTo }),
            ...(subject !== undefined && { subject }),
            ...(content.length > 0 && { content }),
            ...(template !== undefined && { template_id: template }),
            ...(when !== undefined && { send_at: when }),
            ...(categories !== undefined && { categories }),
            ...(read && {
              attachments: [
                {
                  content: Buffer.from(read.content).toString('base64'),
                  filename: read.filename,
                  type: read.contentType,
                  disposition: 'attachment',
                },
              ],
            }),
          },
        })
        const id = answer.headers['x-message-id']
        return typeof id === 'string' ? { messageId: id } : {}
      },
    }),
    operation({
      name: 'upsert-contact',
      title: 'Add or change a contact in SendGrid',
      description:
        'Changes the contact with an e-mail address, and adds one who is not there. SendGrid does it within minutes.',
      keywords: ['marketing', 'newsletter', 'subscriber', 'upsert'],
      summary: '{email}',
      request: 'PUT /marketing/contacts',
      fields: {
        email: text('E-mail', { at: 'nowhere', placeholder: 'ada@example.com' }),
        first: text('First name', { at: 'nowhere', optional: true }),
        last: text('Last name', { at: 'nowhere', optional: true }),
        lists,
        custom: pairs('Fields of your own', { at: 'nowhere', optional: true, advanced: true, help: 'By their ids.' }),
        more: pairs('More fields', {
          at: 'nowhere',
          optional: true,
          advanced: true,
          help: 'Such as city or phone_number.',
        }),
      },
      body: (body, { email = '', first, last, custom, more }) => ({
        ...Object(body),
        contacts: [
          {
            email,
            ...(first !== undefined && { first_name: first }),
            ...(last !== undefined && { last_name: last }),
            ...Object(more ?? {}),
            ...(custom !== undefined && { custom_fields: custom }),
          },
        ],
      }),
      sample: { job_id: '1fe2b2f4' },
    }),
    operation({
      name: 'create-list',
      title: 'Create a list in SendGrid',
      description: 'Creates a list for contacts.',
      keywords: ['marketing', 'newsletter', 'audience'],
      request: 'POST /marketing/lists',
      fields: { name: text('Name') },
      sample: { id: 'l1', name: 'News', contact_count: 0 },
    }),
    operation({
      name: 'query-contacts',
      title: 'Find contacts in SendGrid by a query',
      description: 'Finds contacts by a query of SendGrid’s, up to 50.',
      keywords: ['marketing', 'newsletter', 'search', 'segment'],
      request: 'POST /marketing/contacts/search',
      effect: 'none',
      fields: { query: text('Query', { placeholder: "first_name LIKE 'A%' AND CONTAINS(list_ids, 'l1')" }) },
      result: 'result',
      sample: { items: [person], count: 1 },
    }),
    operation({
      name: 'search-contacts',
      title: 'Find contacts in SendGrid',
      description: 'Finds contacts by their e-mail addresses.',
      keywords: ['marketing', 'newsletter', 'lookup'],
      effect: 'none',
      fields: { emails: texts('E-mails', { most: 100, placeholder: 'ada@example.com', help: 'One a line.' }) },
      sample: { items: [person], count: 1 },
      async run({ http, input }) {
        // Where nobody of them is there, SendGrid answers 404.
        const answer = await http({
          method: 'POST',
          path: 'marketing/contacts/search/emails',
          body: { emails: input.emails ?? [] },
        }).catch((error: unknown) => {
          if (error instanceof StepError && error.details.code === 'http-404') return null
          throw error
        })
        const found = answer === null ? {} : (valueAt(answer.body, readPath('result')) ?? {})
        return Object.values(Object(found)).flatMap((one) =>
          isJsonObject(one as Json) && Object(one).contact !== undefined ? [Object(one).contact] : [],
        )
      },
    }),
    operation({
      name: 'delete-contacts',
      title: 'Delete contacts in SendGrid',
      description: 'Deletes contacts by their ids.',
      keywords: ['marketing', 'newsletter', 'remove'],
      request: 'DELETE /marketing/contacts',
      fields: {
        contacts: texts('Contacts', {
          as: 'ids',
          help: 'Ids, one a line.',
          send: joined,
        }),
      },
      sample: { job_id: '1fe2b2f4' },
    }),
  ],
})
