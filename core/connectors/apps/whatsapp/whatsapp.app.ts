import { z } from 'zod'
import { isJsonList, type Json, textOf } from '../../../domain/values/json.ts'
import type { ServiceFiles } from '../../app-parts.ts'
import type { AppClient } from '../../app-request.ts'
import { defineApp } from '../../define-app.ts'
import { readPath, valueAt } from '../../kit/path.ts'
import { bearer, howTo, tokenAccount, whoIs } from '../../service/accounts.ts'
import { choice, file, json, longText, text, texts, yesNo } from '../../service/fields.ts'
import { hookTrigger } from '../../service/hooks.ts'
import { listOf, operation } from '../../service/operation.ts'
import { pathPart } from '../../service/request.ts'
import { hue, icon } from './logo.ts'

/** A version of Meta's API is there for two years at least (https://developers.facebook.com/docs/graph-api/guides/versioning). */
const ADDRESS = 'https://graph.facebook.com/v23.0'

const to = text('To', {
  placeholder: '491701234567',
  help: 'A phone number with its country code.',
  send: (value) => textOf(value).replace(/[^\d]/g, ''),
})
const replyTo = text('Replies to', {
  as: 'context.message_id',
  optional: true,
  advanced: true,
  placeholder: 'wamid.…',
  help: 'The id of a message.',
})
const mark = text('Mark', {
  as: 'biz_opaque_callback_data',
  optional: true,
  advanced: true,
  help: 'Comes back with what WhatsApp tells of the message.',
})
const media = text('File at WhatsApp', { placeholder: '{{ upload.id }}', help: 'The id of what was uploaded.' })
const common = { messaging_product: 'whatsapp', recipient_type: 'individual' }
const sent = {
  messaging_product: 'whatsapp',
  contacts: [{ input: '491701234567', wa_id: '491701234567' }],
  messages: [{ id: 'wamid.HBgLNDkxNzAxMjM0NTY3FQIAERgS' }],
}

/** Numbers of Meta's errors that mean another status (https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes). */
const STATUS: Readonly<Record<number, number>> = {
  0: 401,
  190: 401,
  3: 403,
  10: 403,
  200: 403,
  4: 429,
  80007: 429,
  130429: 429,
  131048: 429,
  131056: 429,
  131000: 500,
  131016: 503,
}

const numberAt = (body: Json, path: string): number | undefined => {
  const value = valueAt(body, readPath(path))
  return typeof value === 'number' ? value : undefined
}

/** The words of a message. */
const line = (title: string, name: string, most: number) => longText(title, { as: name, most })
const addressSchema = z.object({ url: z.url(), mime_type: z.string().default('application/octet-stream') })

/** The Cloud API of WhatsApp Business (https://developers.facebook.com/docs/whatsapp/cloud-api). */
export const whatsapp = defineApp({
  id: 'whatsapp',
  title: 'WhatsApp',
  icon,
  hue,
  address: ADDRESS,
  alsoAt: ['https://lookaside.fbsbx.com'],
  account: 'needed',
  takesKey: false,
  credentials: [
    tokenAccount({
      id: 'whatsapp',
      title: 'WhatsApp Business number',
      fields: [
        {
          name: 'phone',
          title: 'Phone number id',
          placeholder: '106540352242922',
          help: 'Not the number itself: its id on the page “API setup”.',
          isSecret: false,
        },
        {
          name: 'business',
          title: 'Business account id',
          help: 'For the list of templates.',
          placeholder: '102290129340398',
          isSecret: false,
          isOptional: true,
        },
        {
          name: 'appSecret',
          title: 'App secret',
          help: 'By which calls of Meta prove themselves, for messages that come in: App settings → Basic.',
          isSecret: true,
          isOptional: true,
        },
      ],
      secret: { title: 'Access token', placeholder: 'EAAG…' },
      help: howTo(
        'A token in four steps',
        {
          title: 'Create an app with WhatsApp',
          text: 'Type “Business”, then add the product WhatsApp.',
          link: { title: 'Meta for developers', url: 'https://developers.facebook.com/apps' },
        },
        { title: 'Copy both ids', text: 'WhatsApp → API setup: phone number id and business account id.' },
        {
          title: 'Create a system user',
          text: 'Assign it the app, and generate a token with whatsapp_business_messaging and whatsapp_business_management. That of the page “API setup” ends after a day.',
          link: { title: 'Business settings', url: 'https://business.facebook.com/settings/system-users' },
        },
        {
          title: 'Paste all of it here',
          text: 'For messages that come in, also the app secret; subscribe once to the field “messages” under WhatsApp → Configuration.',
        },
      ),
      signIn: (token, { phone = '', business = '' }) => ({ ...bearer()(token), path: { phone, business } }),
      test: whoIs({ address: ADDRESS, path: '{phone}', name: ['verified_name', 'display_phone_number'] }),
    }),
  ],
  answers: {
    says: ['error.error_data.details', 'error.error_user_msg', 'error.message'],
    means: (status, body) => STATUS[numberAt(body, 'error.code') ?? -1] ?? status,
  },
  lists: {
    templates: listOf({
      request: 'GET /{business}/message_templates?status=APPROVED&fields=name,language,status',
      pages: {
        items: 'data',
        size: { as: 'limit', most: 100 },
        next: { by: 'cursor', at: 'paging.cursors.after', as: 'after' },
      },
      value: 'name',
      label: 'name',
      hint: 'language',
    }),
  },
  triggers: [
    hookTrigger({
      name: 'message-received',
      title: 'WhatsApp message received',
      description: 'Starts at once for each message that comes in at the business account.',
      keywords: ['chat', 'receive', 'webhook', 'phone'],
      verify: { scheme: 'meta' },
      // One address for the account takes the place of that of the app
      // (https://developers.facebook.com/docs/whatsapp/embedded-signup/webhooks/override).
      before: 'POST /{business}/subscribed_apps',
      subscribe: 'POST /{business}/subscribed_apps',
      body: ({ url, secret }) => ({ override_callback_uri: url, verify_token: secret }),
      id: () => 'override',
      secret: { in: 'account', fields: ['appSecret'], title: 'app secret' },
      unsubscribe: 'POST /{business}/subscribed_apps',
      // Meta asks with a word that it wants back.
      handshake: ({ method, query }) =>
        method === 'GET' && query['hub.mode'] === 'subscribe'
          ? { status: 200, headers: {}, body: query['hub.challenge'] ?? '' }
          : null,
      events: ({ body }) => messagesIn(body).map((one) => ({ key: textOf(Object(one).id ?? '') || null, data: one })),
      sample: {
        id: 'wamid.HBgLNDkxNzAxMjM0NTY3FQIAEhgg',
        from: '491701234567',
        name: 'Ada',
        type: 'text',
        text: { body: 'Hello!' },
        timestamp: '1764000000',
        phone: '106540352242922',
      },
    }),
  ],
  actions: [
    operation({
      name: 'send-text',
      title: 'Send a WhatsApp message',
      description:
        'Sends a text. WhatsApp takes it within 24 hours of the last message of the person; before and after that it needs a template.',
      keywords: ['chat', 'notify', 'phone', 'text'],
      summary: '{to}',
      request: 'POST /{phone}/messages',
      fields: {
        to,
        text: line('Text', 'text.body', 4_096),
        preview: yesNo('With a preview of links', { as: 'text.preview_url', advanced: true }),
        replyTo,
        mark,
      },
      body: { ...common, type: 'text' },
      sample: sent,
    }),
    operation({
      name: 'send-template',
      title: 'Send a template on WhatsApp',
      description:
        'Sends a message of which Meta has approved the words, with values in it. It can be sent at any time.',
      keywords: ['notify', 'approved', 'marketing'],
      summary: '{template}',
      request: 'POST /{phone}/messages',
      fields: {
        to,
        template: text('Template', { as: 'template.name', placeholder: 'order_paid', from: { list: 'templates' } }),
        language: text('Language', { as: 'template.language.code', placeholder: 'en_US' }),
        values: texts('Values', {
          optional: true,
          at: 'nowhere',
          help: 'In the order of {{1}}, {{2}} … of the text, one a line.',
        }),
        components: json('Components', {
          as: 'template.components',
          optional: true,
          advanced: true,
          help: 'For headers and buttons; takes the place of the values.',
          placeholder: '[{"type":"body","parameters":[{"type":"text","text":"Ada"}]}]',
        }),
        mark,
      },
      body: (body, { values, components }) => {
        const own = Object(body)
        const parameters =
          isJsonList(values ?? null) && components === undefined
            ? Object.values(Object(values)).map((one) => ({ type: 'text', text: textOf(one as Json) }))
            : []
        return {
          ...common,
          type: 'template',
          ...own,
          template: {
            ...Object(own.template),
            ...(parameters.length > 0 && { components: [{ type: 'body', parameters }] }),
          },
        }
      },
      sample: sent,
    }),
    operation({
      name: 'send-media',
      title: 'Send a file on WhatsApp',
      description: 'Sends an image, a document, a video or a sound: a file of an earlier step, or one at an address.',
      keywords: ['image', 'document', 'photo', 'attachment', 'upload'],
      summary: '{to}',
      fields: {
        to,
        kind: choice('Kind', {
          image: 'Image',
          document: 'Document',
          video: 'Video',
          audio: 'Sound',
          sticker: 'Sticker',
        }),
        file: file('File', {
          help: 'A file of an earlier step, a path, an https address, or the id of what was uploaded.',
        }),
        caption: longText('Caption', { optional: true, most: 1_024 }),
        name: text('Shown as', {
          optional: true,
          advanced: true,
          help: 'The name of a document.',
          placeholder: 'invoice.pdf',
        }),
        replyTo: { ...replyTo, as: 'replyTo' },
      },
      sample: sent,
      async run({ http, files, input }) {
        const given = input.file ?? ''
        const kind = textOf(input.kind ?? 'image')
        const { caption, name, replyTo: message } = input
        let content: Record<string, Json>
        let shown = name
        if (typeof given === 'string' && /^https?:\/\//i.test(given)) content = { link: given }
        else if (typeof given !== 'object' && /^\d{6,40}$/.test(textOf(given))) content = { id: textOf(given) }
        else {
          const read = await files.read(given, 'file')
          shown ??= read.filename
          content = { id: (await upload(http, read)).id }
        }
        const body = {
          ...common,
          to: textOf(input.to ?? '').replace(/[^\d]/g, ''),
          type: kind,
          ...(message !== undefined && { context: { message_id: message } }),
          [kind]: {
            ...content,
            ...(caption !== undefined && kind !== 'audio' && kind !== 'sticker' && { caption }),
            ...(kind === 'document' && shown !== undefined && { filename: shown }),
          },
        }
        return (await http({ method: 'POST', path: '{phone}/messages', body })).body
      },
    }),
    operation({
      name: 'send-buttons',
      title: 'Ask with buttons on WhatsApp',
      description: 'Sends a text with up to three buttons; what is tapped comes back as a message.',
      keywords: ['question', 'interactive', 'choice'],
      summary: '{text}',
      request: 'POST /{phone}/messages',
      fields: {
        to,
        text: line('Text', 'interactive.body.text', 1_024),
        buttons: texts('Buttons', { at: 'nowhere', most: 3, help: 'One a line, 20 characters at most.' }),
        footer: text('Below it', { as: 'interactive.footer.text', optional: true, advanced: true, most: 60 }),
        replyTo,
      },
      body: (body, { buttons }) => {
        const own = Object(body)
        const replies = Object.values(Object(buttons ?? [])).map((one, at) => ({
          type: 'reply',
          reply: { id: `button_${at + 1}`, title: textOf(one as Json) },
        }))
        return {
          ...common,
          type: 'interactive',
          ...own,
          interactive: { type: 'button', ...Object(own.interactive), action: { buttons: replies } },
        }
      },
      sample: sent,
    }),
    operation({
      name: 'mark-read',
      title: 'Mark a WhatsApp message as read',
      description: 'Shows the sender that a message was read.',
      keywords: ['seen', 'read'],
      request: 'POST /{phone}/messages',
      effect: 'idempotent',
      fields: { message: text('Message', { as: 'message_id', placeholder: 'wamid.…' }) },
      body: { messaging_product: 'whatsapp', status: 'read' },
      sample: { success: true },
    }),
    operation({
      name: 'upload-media',
      title: 'Upload a file to WhatsApp',
      description: 'Uploads a file, which can be sent for 30 days.',
      keywords: ['image', 'document', 'attachment'],
      fields: { file: file('File') },
      sample: { id: '1037543291543636' },
      run: async ({ http, files, input }) => upload(http, await files.read(input.file ?? '', 'file')),
    }),
    operation({
      name: 'media-url',
      title: 'Get a file from WhatsApp',
      description: 'Downloads an image, a document, a video or a sound that came with a message.',
      keywords: ['download', 'image', 'document', 'attachment'],
      effect: 'none',
      fields: { media },
      sample: {
        id: '1037543291543636',
        file: { filename: '1037543291543636.jpeg', contentType: 'image/jpeg', bytes: 12_345 },
      },
      async run({ http, files, input }) {
        const id = textOf(input.media ?? '')
        const { url, mime_type: type } = (await http({ path: pathPart('media', id) })).as(addressSchema)
        const { bytes } = await http({ path: url, takesFile: true, maxBytes: 110_000_000 })
        const ending = (type.split(/[;+]/)[0] ?? '').split('/')[1] ?? 'bin'
        return { id, file: await files.keep(`${id}.${ending}`, bytes, type) }
      },
    }),
    operation({
      name: 'delete-media',
      title: 'Delete a file at WhatsApp',
      description: 'Deletes what was uploaded.',
      keywords: ['remove'],
      request: 'DELETE /{media}',
      fields: { media },
      sample: { success: true },
    }),
  ],
})

async function upload(
  http: AppClient,
  { filename, contentType, content }: Awaited<ReturnType<ServiceFiles['read']>>,
): Promise<{ id: string }> {
  const parts = [
    { name: 'messaging_product', value: 'whatsapp' },
    { name: 'type', value: contentType },
    { name: 'file', filename, contentType, content },
  ]
  return (await http({ method: 'POST', path: '{phone}/media', parts })).as(z.object({ id: z.string() }))
}

/** The messages of a call, with the name of who wrote and the number that it came to; what is told of messages that were sent is none. */
function messagesIn(body: Json): Json[] {
  const listAt = (value: Json, path: string): readonly Json[] => {
    const found = valueAt(value, readPath(path)) ?? null
    return isJsonList(found) ? found : []
  }
  return listAt(body, 'entry')
    .flatMap((entry) => listAt(entry, 'changes'))
    .flatMap((change) => {
      const names = new Map(
        listAt(change, 'value.contacts').map((one) => [
          valueAt(one, readPath('wa_id')),
          valueAt(one, readPath('profile.name')) ?? null,
        ]),
      )
      const phone = valueAt(change, readPath('value.metadata.phone_number_id')) ?? null
      return listAt(change, 'value.messages').map((message) => ({
        ...Object(message),
        name: names.get(valueAt(message, readPath('from'))) ?? null,
        phone,
      }))
    })
}
