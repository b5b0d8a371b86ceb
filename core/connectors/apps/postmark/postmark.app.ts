import { isJsonList, isJsonObject, type Json, textOf } from '../../../domain/values/json.ts'
import { defineApp } from '../../define-app.ts'
import { readPath, valueAt } from '../../kit/path.ts'
import { howTo, tokenAccount, whoIs } from '../../service/accounts.ts'
import type { Refusal } from '../../service/answers.ts'
import { choice, file, json, longText, moment, pairs, text, yesNo } from '../../service/fields.ts'
import { hookTrigger } from '../../service/hooks.ts'
import { listOf, newItemTrigger, operation } from '../../service/operation.ts'
import type { Pages } from '../../service/pages.ts'
import { textAt } from '../../service/parts.ts'
import type { Entered } from '../../service/request.ts'
import { hue, icon } from './logo.ts'

const ADDRESS = 'https://api.postmarkapp.com'
const JSON_ONLY = { accept: 'application/json' }
const people = { placeholder: 'ada@example.com', help: 'With commas between several.' }
const head = {
  from: text('From', { placeholder: 'me@example.com', help: 'A sender that Postmark knows.' }),
  to: text('To', people),
}
const more = {
  cc: text('Cc', { ...people, optional: true, advanced: true }),
  bcc: text('Bcc', { ...people, optional: true, advanced: true }),
  replyTo: text('Answers go to', { placeholder: 'ada@example.com', optional: true, advanced: true }),
  tag: text('Tag', { optional: true, advanced: true }),
  stream: text('Message stream', { optional: true, advanced: true, placeholder: 'outbound' }),
  data: pairs('Data', { optional: true, advanced: true, help: 'Kept with the message.' }),
  opens: yesNo('Watch whether it is opened', { advanced: true }),
  attachments: file('Attachment', { optional: true, help: 'A file of an earlier step, or a path.' }),
}

/** What both kinds of mail have. */
const commonOf = (input: Entered): Record<string, Json> => ({
  From: input.from ?? '',
  To: input.to ?? '',
  ...(input.cc !== undefined && { Cc: input.cc }),
  ...(input.bcc !== undefined && { Bcc: input.bcc }),
  ...(input.replyTo !== undefined && { ReplyTo: input.replyTo }),
  ...(input.tag !== undefined && { Tag: input.tag }),
  ...(input.stream !== undefined && { MessageStream: input.stream }),
  ...(input.data !== undefined && { Metadata: input.data }),
  ...(input.opens === true && { TrackOpens: true }),
})
const attached = (read: { filename: string; contentType: string; content: Uint8Array } | null): Record<string, Json> =>
  read === null
    ? {}
    : {
        Attachments: [
          { Name: read.filename, Content: Buffer.from(read.content).toString('base64'), ContentType: read.contentType },
        ],
      }

const sent = {
  To: 'ada@example.com',
  SubmittedAt: '2026-11-30T09:00:00Z',
  MessageID: 'b7bc2f4a-e38e-4336-af7d-e6c392c2f817',
  ErrorCode: 0,
  Message: 'OK',
}
const bounce = {
  ID: 692_560_173,
  Type: 'HardBounce',
  Email: 'ada@example.com',
  BouncedAt: '2026-11-30T09:00:00Z',
  Description: 'The address is not there.',
}
const pagesOf = (items: string): Pages => ({
  items,
  size: { as: 'count', most: 500 },
  next: { by: 'offset', as: 'offset' },
})
const EVENTS = {
  Delivery: 'Arrives',
  Open: 'Is opened',
  Click: 'Has a link that is followed',
  Bounce: 'Does not arrive',
  SpamComplaint: 'Is called spam',
  SubscriptionChange: 'Ends a subscription',
}

/** An error has a number; one of a message in a batch stands beside others that went well. */
function refusalIn(body: Json): Refusal | null {
  const failed = (isJsonList(body) ? [...body] : [body]).filter(
    (one) => isJsonObject(one) && typeof one.ErrorCode === 'number' && one.ErrorCode !== 0,
  )
  if (failed.length === 0) return null
  const code = valueAt(failed[0] ?? null, readPath('ErrorCode'))
  const says = failed.map((one) => textAt(one, 'Message')).join('; ')
  return { says, status: code === 10 ? 401 : code === 429 ? 429 : 422 }
}

/** Postmark (https://postmarkapp.com/developer). */
export const postmark = defineApp({
  id: 'postmark',
  title: 'Postmark',
  icon,
  hue,
  address: ADDRESS,
  account: 'needed',
  takesKey: false,
  credentials: [
    tokenAccount({
      id: 'postmark',
      title: 'Postmark server',
      secret: { title: 'Server API token' },
      help: howTo(
        'A token in two steps',
        {
          title: 'Open your server',
          text: 'API tokens.',
          link: { title: 'Servers', url: 'https://account.postmarkapp.com/servers' },
        },
        { title: 'Paste it here' },
      ),
      signIn: (token) => ({ headers: { 'x-postmark-server-token': token } }),
      test: whoIs({ address: ADDRESS, path: 'server', name: ['Name'], headers: JSON_ONLY }),
    }),
  ],
  answers: { refusal: refusalIn },
  lists: {
    templates: listOf({
      request: 'GET /templates?templateType=Standard&offset=0',
      headers: JSON_ONLY,
      pages: pagesOf('Templates'),
      value: 'TemplateId',
      label: 'Name',
      hint: 'Alias',
    }),
  },
  triggers: [
    hookTrigger({
      name: 'mail-event',
      title: 'Postmark tells of a mail',
      description: 'Starts at once when a mail that was sent arrives, is opened, or does not arrive.',
      keywords: ['webhook', 'delivered', 'bounce', 'opened', 'click'],
      fields: {
        event: choice('When a mail', EVENTS),
        stream: text('Message stream', { optional: true, advanced: true, placeholder: 'outbound' }),
      },
      // Postmark signs nothing, but calls with user and password.
      verify: { scheme: 'basic' },
      secret: { in: 'ours', as: (secret) => `hookline:${secret}` },
      headers: JSON_ONLY,
      subscribe: 'POST /webhooks',
      body: ({ url, secret }, { event, stream }) => ({
        Url: url,
        MessageStream: stream ?? 'outbound',
        HttpAuth: { Username: 'hookline', Password: secret },
        Triggers: { [textOf(event ?? 'Delivery')]: { Enabled: true } },
      }),
      id: 'ID',
      unsubscribe: 'DELETE /webhooks/{id}',
      all: { request: 'GET /webhooks', pages: { items: 'Webhooks' }, url: 'Url', id: 'ID' },
      events: ({ body }) =>
        isJsonObject(body) && typeof body.RecordType === 'string' ? [{ key: null, data: body }] : [],
      sample: {
        RecordType: 'Delivery',
        MessageID: sent.MessageID,
        Recipient: 'ada@example.com',
        DeliveredAt: '2026-11-30T09:00:00Z',
      },
    }),
    newItemTrigger({
      name: 'bounce',
      title: 'Mail of Postmark does not arrive',
      description: 'Starts for each mail that came back; Hookline asks for them now and then.',
      keywords: ['bounced', 'failed', 'undelivered'],
      request: 'GET /bounces?offset=0',
      headers: JSON_ONLY,
      fields: {},
      pages: pagesOf('Bounces'),
      key: 'ID',
      sample: bounce,
    }),
  ],
  actions: [
    operation({
      name: 'send-mail',
      title: 'Send mail with Postmark',
      description: 'Sends a mail.',
      keywords: ['transactional', 'notify'],
      summary: '{subject}',
      fields: {
        ...head,
        subject: text('Subject'),
        text: longText('Text', { optional: true }),
        html: longText('HTML', { optional: true }),
        ...more,
      },
      sample: sent,
      async run({ http, files, input }) {
        const read = input.attachments === undefined ? null : await files.read(input.attachments, 'attachments')
        const body = {
          ...commonOf(input),
          Subject: input.subject ?? '',
          ...(input.text !== undefined && { TextBody: input.text }),
          ...(input.html !== undefined && { HtmlBody: input.html }),
          ...attached(read),
        }
        return (await http({ method: 'POST', path: 'email', headers: JSON_ONLY, body })).body
      },
    }),
    operation({
      name: 'send-template',
      title: 'Send a template with Postmark',
      description: 'Sends a mail from a template.',
      keywords: ['transactional', 'notify'],
      summary: '{template}',
      fields: {
        ...head,
        template: text('Template', { help: 'Its number, or its alias.', from: { list: 'templates' } }),
        values: json('Values of the template', { optional: true, placeholder: '{"name":"Ada"}' }),
        ...more,
      },
      sample: sent,
      async run({ http, files, input }) {
        const read = input.attachments === undefined ? null : await files.read(input.attachments, 'attachments')
        const named = textOf(input.template ?? '')
        const which = /^\d+$/.test(named) ? { TemplateId: Number(named) } : { TemplateAlias: named }
        const body = { ...commonOf(input), ...which, TemplateModel: input.values ?? {}, ...attached(read) }
        return (await http({ method: 'POST', path: 'email/withTemplate', headers: JSON_ONLY, body })).body
      },
    }),
    operation({
      name: 'send-batch',
      title: 'Send many mails with Postmark',
      description: 'Sends up to 500 mails at once. One that is refused is an error, though others were sent.',
      keywords: ['transactional', 'bulk', 'notify'],
      request: 'POST /email/batch',
      headers: JSON_ONLY,
      fields: {
        messages: json('Messages', {
          at: 'nowhere',
          placeholder: '[{"From":"me@example.com","To":"ada@example.com","Subject":"Hello","TextBody":"Hi"}]',
        }),
      },
      body: (_, { messages }) => messages ?? [],
      sample: { items: [sent], count: 1 },
    }),
    operation({
      name: 'list-outbound',
      title: 'List mails that Postmark sent',
      description: 'Reads what was sent, the last first.',
      keywords: ['log', 'messages', 'get many'],
      request: 'GET /messages/outbound?offset=0',
      headers: JSON_ONLY,
      fields: {
        to: text('To', { as: 'recipient', optional: true, placeholder: 'ada@example.com' }),
        tag: text('With the tag', { optional: true, advanced: true }),
        from: moment('From', { form: 'day', as: 'fromdate', optional: true, advanced: true }),
        until: moment('Until', { form: 'day', as: 'todate', optional: true, advanced: true }),
      },
      pages: pagesOf('Messages'),
      sample: { items: [{ MessageID: sent.MessageID, Subject: 'Order 42', Status: 'Sent' }], count: 1, hasMore: false },
    }),
    operation({
      name: 'list-bounces',
      title: 'List mails of Postmark that did not arrive',
      description: 'Reads what came back, the last first.',
      keywords: ['bounces', 'failed', 'get many'],
      request: 'GET /bounces?offset=0',
      headers: JSON_ONLY,
      fields: { kind: text('Kind', { as: 'type', optional: true, placeholder: 'HardBounce' }) },
      pages: pagesOf('Bounces'),
      sample: { items: [bounce], count: 1, hasMore: false },
    }),
  ],
})
