import { type Json, textOf } from '../../../domain/values/json.ts'
import { defineApp } from '../../define-app.ts'
import { basic, howTo, tokenAccount, whoIs } from '../../service/accounts.ts'
import { choice, file, longText, moment, pairs, text, texts, yesNo } from '../../service/fields.ts'
import { hookTrigger } from '../../service/hooks.ts'
import { listOf, newItemTrigger, operation } from '../../service/operation.ts'
import type { Pages } from '../../service/pages.ts'
import { objectAt, textAt } from '../../service/parts.ts'
import { pathPart } from '../../service/request.ts'
import { hue, icon } from './logo.ts'

const PARTS: Readonly<Record<string, string>> = { us: 'https://api.mailgun.net', eu: 'https://api.eu.mailgun.net' }
const address = ({ part = 'us' }: Readonly<Record<string, string>>) => PARTS[part] ?? 'https://api.mailgun.net'

const domain = text('Domain', { placeholder: 'mg.example.com', from: { list: 'domains' } })
const people = { placeholder: 'ada@example.com', help: 'With commas between several.' }
const EVENTS = {
  accepted: 'Taken',
  delivered: 'Arrived',
  failed: 'Did not arrive',
  opened: 'Opened',
  clicked: 'A link was followed',
  unsubscribed: 'Unsubscribed',
  complained: 'Called spam',
  stored: 'Came in',
}
/** What Mailgun calls for, by its names there. */
const TOLD = {
  delivered: 'Arrives',
  permanent_fail: 'Does not arrive',
  temporary_fail: 'Is late',
  opened: 'Is opened',
  clicked: 'Has a link followed',
  unsubscribed: 'Leads to an unsubscription',
  complained: 'Is called spam',
}
const pages: Pages = { items: 'items', size: { as: 'limit', most: 300 }, next: { by: 'address', at: 'paging.next' } }
const stored = {
  id: 'czsjqFATSlC3QtAK-C80nw',
  event: 'delivered',
  recipient: 'ada@example.com',
  timestamp: 1_764_000_000.5,
  message: { headers: { subject: 'Order 42' } },
}

/** Mailgun (https://documentation.mailgun.com/docs/mailgun/api-reference). */
export const mailgun = defineApp({
  id: 'mailgun',
  title: 'Mailgun',
  icon,
  hue,
  address: { ofAccount: address, known: Object.values(PARTS) },
  account: 'needed',
  takesKey: false,
  credentials: [
    tokenAccount({
      id: 'mailgun',
      title: 'Mailgun key',
      fields: [
        {
          name: 'part',
          title: 'Region',
          isSecret: false,
          choices: [
            { value: 'us', label: 'US' },
            { value: 'eu', label: 'EU' },
          ],
        },
        {
          name: 'signingKey',
          title: 'Webhook signing key',
          help: 'For what Mailgun tells by itself: Settings → API security → HTTP webhook signing key.',
          isSecret: true,
          isOptional: true,
        },
      ],
      secret: { title: 'API key' },
      help: howTo(
        'A key in two steps',
        {
          title: 'Add an API key',
          link: { title: 'API security', url: 'https://app.mailgun.com/settings/api_security' },
        },
        { title: 'Paste it here', text: 'With the region in which your domain is.' },
      ),
      signIn: (key) => basic('api', key),
      test: whoIs({ address, path: 'v4/domains?limit=1', name: ['items[0].name'] }),
    }),
  ],
  lists: {
    domains: listOf({ request: 'GET /v4/domains?limit=1000', pages: { items: 'items' }, value: 'name', label: 'name' }),
  },
  triggers: [
    newItemTrigger({
      name: 'event',
      title: 'New event at Mailgun',
      description: 'Starts when a mail that was sent arrives, is opened, or does not arrive.',
      keywords: ['delivered', 'bounce', 'opened', 'clicked'],
      summary: '{domain}',
      request: 'GET /v3/{domain}/events?ascending=no',
      fields: { domain, event: choice('That is', EVENTS, { optional: true }) },
      // An address of a next page leads on for ever: what is new is in the first one.
      pages: { items: 'items', size: { as: 'limit', most: 300 } },
      most: 300,
      key: 'id',
      sample: stored,
    }),
    hookTrigger({
      name: 'mail-event',
      title: 'Mailgun tells of a mail',
      description: 'Starts at once when a mail arrives, is opened, or does not arrive.',
      keywords: ['webhook', 'delivered', 'bounce', 'opened', 'clicked'],
      summary: '{domain}',
      fields: { domain, event: choice('When it', TOLD) },
      verify: {
        scheme: 'in-body',
        at: 'signature.signature',
        signed: '{body.signature.timestamp}{body.signature.token}',
        timeAt: 'signature.timestamp',
      },
      secret: { in: 'account', fields: ['signingKey'], title: 'webhook signing key' },
      subscribe: 'POST /v3/domains/{domain}/webhooks',
      body: ({ url }, { event }) => ({ id: event ?? 'delivered', url }),
      bodyType: 'form',
      id: () => 'webhook',
      unsubscribe: 'DELETE /v3/domains/{domain}/webhooks/{event}',
      events: ({ body }) => {
        const told = objectAt(body, '["event-data"]')
        return [{ key: textAt(told, 'id') || null, data: told }]
      },
      sample: stored,
    }),
  ],
  actions: [
    operation({
      name: 'send-mail',
      title: 'Send mail with Mailgun',
      description: 'Sends a mail, or one from a template.',
      keywords: ['transactional', 'template', 'notify'],
      summary: '{subject}',
      fields: {
        domain,
        from: text('From', { placeholder: 'Ada <ada@mg.example.com>' }),
        to: text('To', people),
        subject: text('Subject'),
        text: longText('Text', { optional: true }),
        html: longText('HTML', { optional: true }),
        template: text('Template', { optional: true, advanced: true, help: 'Its name.' }),
        values: pairs('Values of the template', { optional: true, advanced: true }),
        cc: text('Cc', { ...people, optional: true, advanced: true }),
        bcc: text('Bcc', { ...people, optional: true, advanced: true }),
        replyTo: text('Answers go to', { placeholder: 'ada@example.com', optional: true, advanced: true }),
        attachments: file('Attachment', { optional: true, help: 'A file of an earlier step, or a path.' }),
        tags: texts('Tags', { optional: true, advanced: true, most: 10 }),
        test: yesNo('A try, which is not delivered', { advanced: true }),
      },
      sample: { id: '<20261130090000.1@mg.example.com>', message: 'Queued. Thank you.' },
      async run({ http, files, input }) {
        const fields: Record<string, Json | undefined> = {
          from: input.from,
          to: input.to,
          cc: input.cc,
          bcc: input.bcc,
          subject: input.subject,
          text: input.text,
          html: input.html,
          template: input.template,
          't:variables': input.values === undefined ? undefined : JSON.stringify(input.values),
          'h:Reply-To': input.replyTo,
          'o:testmode': input.test === true ? 'yes' : undefined,
        }
        const tags = Array.isArray(input.tags) ? input.tags : []
        const parts = [
          ...Object.entries(fields).flatMap(([name, value]) =>
            value === undefined ? [] : [{ name, value: textOf(value) }],
          ),
          ...tags.map((tag) => ({ name: 'o:tag', value: textOf(tag) })),
        ]
        const attached =
          input.attachments === undefined
            ? []
            : [{ name: 'attachment', ...(await files.read(input.attachments, 'attachments')) }]
        return (
          await http({
            method: 'POST',
            path: `v3/${pathPart('domain', input.domain)}/messages`,
            parts: [...parts, ...attached],
          })
        ).body
      },
    }),
    operation({
      name: 'list-events',
      title: 'List events of Mailgun',
      description: 'Reads what happened to the mails of a domain, the last first.',
      keywords: ['log', 'delivered', 'bounces', 'get many'],
      summary: '{domain}',
      request: 'GET /v3/{domain}/events',
      fields: {
        domain,
        event: choice('That are', EVENTS, { optional: true }),
        recipient: text('To', { optional: true, placeholder: 'ada@example.com' }),
        // Times are counted from the later one back.
        since: moment('Since', { form: 's', as: 'end', optional: true, advanced: true }),
      },
      pages,
      sample: { items: [stored], count: 1, hasMore: false },
    }),
    operation({
      name: 'validate-address',
      title: 'Check an e-mail address with Mailgun',
      description: 'Says whether mail to an address would arrive. Mailgun has this in paid plans.',
      keywords: ['verify', 'valid', 'risk'],
      request: 'GET /v4/address/validate',
      fields: { address: text('E-mail', { placeholder: 'ada@example.com' }) },
      sample: { address: 'ada@example.com', result: 'deliverable', risk: 'low' },
    }),
    operation({
      name: 'add-list-member',
      title: 'Add to a mailing list of Mailgun',
      description: 'Adds a person to a mailing list, or changes the one who is there.',
      keywords: ['newsletter', 'subscriber', 'upsert'],
      summary: '{address}',
      request: 'POST /v3/lists/{list}/members',
      effect: 'keyed',
      bodyType: 'form',
      fields: {
        list: text('List', { placeholder: 'news@mg.example.com', help: 'Its address.' }),
        address: text('E-mail', { placeholder: 'ada@example.com' }),
        name: text('Name', { optional: true }),
        values: pairs('Fields', { as: 'vars', optional: true, advanced: true, send: (value) => JSON.stringify(value) }),
        gets: yesNo('Gets its mails', {
          as: 'subscribed',
          initial: true,
          sendsNo: true,
          send: (value) => (value === false ? 'no' : 'yes'),
        }),
      },
      body: { upsert: 'yes' },
      result: 'member',
      sample: { address: 'ada@example.com', name: 'Ada', subscribed: true },
    }),
  ],
})
