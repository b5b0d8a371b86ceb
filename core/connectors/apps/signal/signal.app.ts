import { type Json, textOf } from '../../../domain/values/json.ts'
import { type CredentialType, defineCredential } from '../../credential.ts'
import { defineApp } from '../../define-app.ts'
import { howTo, serverAt, serverField } from '../../service/accounts.ts'
import { choice, file, longText, text, texts, yesNo } from '../../service/fields.ts'
import { listOf, newItemTrigger, operation } from '../../service/operation.ts'
import { itemsAt, keyOfParts } from '../../service/parts.ts'
import { pathPart } from '../../service/request.ts'
import { hue, icon } from './logo.ts'

const address = serverAt('', 'http://127.0.0.1:8080')

const number = text('Your number', { placeholder: '+491701234567', from: { list: 'numbers' } })
const recipient = text('Person or group', {
  placeholder: '+491701234567',
  from: { list: 'contacts', needs: ['number'] },
})
const message = {
  author: text('Whose message', { as: 'target_author', placeholder: '{{ message.envelope.sourceNumber }}' }),
  timestamp: text('Which message', {
    placeholder: '{{ message.envelope.timestamp }}',
    help: 'The time by which Signal knows it.',
    send: Number,
  }),
}
const stored = {
  envelope: {
    source: '+491701234567',
    sourceNumber: '+491701234567',
    sourceUuid: 'b1f1a6a2-3c1f-4a53-8f0c-6a1e0c3f1f4e',
    sourceName: 'Ada',
    timestamp: 1_796_029_200_000,
    dataMessage: { message: 'Hello!', timestamp: 1_796_029_200_000 },
  },
  account: '+491709876543',
}
const keywords = ['chat', 'messenger', 'sms', 'private']

/** A signal-cli of one's own that needs no secret. */
const signalAccount: CredentialType = defineCredential({
  id: 'signal',
  title: 'Signal',
  fields: [
    serverField('http://127.0.0.1:8080', { usual: 'http://127.0.0.1:8080', title: 'Server of signal-cli' }),
    {
      name: 'user',
      title: 'User',
      help: 'Where it is behind a proxy that asks.',
      isSecret: false,
      isOptional: true,
      isAdvanced: true,
    },
    { name: 'password', title: 'Password', isSecret: true, isOptional: true, isAdvanced: true },
  ],
  help: howTo(
    'Signal in three steps',
    {
      title: 'Start signal-cli-rest-api',
      text: 'As a container on this computer, or another at home.',
      link: { title: 'signal-cli-rest-api', url: 'https://github.com/bbernhard/signal-cli-rest-api' },
    },
    {
      title: 'Link your number',
      text: 'Open /v1/qrcodelink?device_name=Hookline of it in a browser, and scan that with Signal: Settings → Linked devices.',
    },
    { title: 'Enter its address here' },
  ),
  signIn: ({ user, password = '' }) =>
    user ? { headers: { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` } } : {},
  async test({ at, fields }) {
    const { body } = await at(address(fields))({ path: 'v1/accounts' })
    return itemsAt(body, '').map(textOf).join(', ') || null
  },
})

/** Signal, by signal-cli-rest-api (https://bbernhard.github.io/signal-cli-rest-api). */
export const signal = defineApp({
  id: 'signal',
  title: 'Signal',
  icon,
  hue,
  address: { ofAccount: address, known: ['http://127.0.0.1:8080'] },
  account: 'needed',
  takesKey: false,
  credentials: [signalAccount],
  answers: { says: ['error'] },
  lists: {
    numbers: async ({ http }) => {
      const found = itemsAt((await http({ path: 'v1/accounts' })).body, '').map(textOf)
      return { options: found.map((one) => ({ value: one, label: one })), next: null }
    },
    contacts: async ({ http, input }) => {
      const of = pathPart('number', input.number)
      const people = listOf({ request: `GET /v1/contacts/${of}`, pages: { items: '' }, value: 'number', label: 'name' })
      const groups = listOf({ request: `GET /v1/groups/${of}`, pages: { items: '' }, value: 'id', label: 'name' })
      const asked = { http, input: {}, search: '' }
      const all = await Promise.all([people(asked), groups(asked)])
      return { options: all.flatMap(({ options }) => options), next: null }
    },
  },
  triggers: [
    newItemTrigger({
      name: 'message-received',
      title: 'Signal message received',
      description:
        'Starts for each message that comes in. What is read is gone from the server: let nothing else read it, and leave AUTO_RECEIVE_SCHEDULE off.',
      keywords: [...keywords, 'receive', 'new'],
      every: '10s',
      request: 'GET /v1/receive/{number}?timeout=2',
      fields: { number },
      pages: { items: '' },
      // Each answer is all that there is: nothing of it may be left.
      most: 10_000,
      key: keyOfParts('envelope.sourceUuid', 'envelope.timestamp'),
      sample: stored,
    }),
  ],
  actions: [
    operation({
      name: 'send',
      title: 'Send a message with Signal',
      description: 'Writes to people or groups, with a file where there is one.',
      keywords: [...keywords, 'notify'],
      summary: '{text}',
      fields: {
        number,
        to: texts('To', { placeholder: '+491701234567', help: 'Numbers, user names or ids of groups, one a line.' }),
        text: longText('Text', { most: 50_000 }),
        file: file('File', { optional: true }),
        styled: yesNo('With **bold** and *italic*', { advanced: true }),
        once: yesNo('A picture is seen once', { advanced: true }),
        quote: text('Answers the message', {
          optional: true,
          advanced: true,
          help: 'The time by which Signal knows it.',
        }),
        quoted: text('Of', { optional: true, advanced: true, help: 'The number of who wrote it.' }),
        edits: text('Takes the place of the message', {
          optional: true,
          advanced: true,
          help: 'The time of one of yours.',
        }),
        self: yesNo('Shown on your own devices', { advanced: true }),
      },
      sample: { timestamp: '1796029200000' },
      async run({ http, files, input }) {
        const read = input.file === undefined ? null : await files.read(input.file, 'file')
        const { quote, quoted, edits } = input
        const coded = read && Buffer.from(read.content).toString('base64')
        const name = read?.filename.replace(/[;,]/g, '_')
        const body: Readonly<Record<string, Json>> = {
          number: input.number ?? '',
          recipients: input.to ?? [],
          message: input.text ?? '',
          ...(read && { base64_attachments: [`data:${read.contentType};filename=${name};base64,${coded}`] }),
          ...(input.styled === true && { text_mode: 'styled' }),
          ...(input.once === true && { view_once: true }),
          ...(quote !== undefined && { quote_timestamp: Number(quote) }),
          ...(quoted !== undefined && { quote_author: quoted }),
          ...(edits !== undefined && { edit_timestamp: Number(edits) }),
          ...(input.self === true && { notify_self: true }),
        }
        return (await http({ method: 'POST', path: 'v2/send', body })).body
      },
    }),
    operation({
      name: 'react',
      title: 'React with Signal',
      description: 'Puts an emoji on a message.',
      keywords: [...keywords, 'emoji', 'like'],
      summary: '{reaction}',
      request: 'POST /v1/reactions/{number}',
      effect: 'idempotent',
      fields: { number, recipient, reaction: text('Emoji', { placeholder: '👍' }), ...message },
      sample: {},
    }),
    operation({
      name: 'list-groups',
      title: 'List groups of Signal',
      description: 'Reads the groups that a number is in.',
      keywords: [...keywords, 'get many'],
      request: 'GET /v1/groups/{number}',
      fields: { number },
      sample: { items: [{ id: 'group.abc=', name: 'Family', members: ['+491701234567'] }], count: 1 },
    }),
    operation({
      name: 'typing',
      title: 'Show that you type with Signal',
      description: 'Shows a person or a group that an answer is on its way.',
      keywords,
      request: 'PUT /v1/typing-indicator/{number}',
      fields: { number, recipient },
      sample: {},
    }),
    operation({
      name: 'receipt',
      title: 'Mark a Signal message as read',
      description: 'Tells the sender that a message was read.',
      keywords: [...keywords, 'read', 'seen'],
      request: 'POST /v1/receipts/{number}',
      effect: 'idempotent',
      fields: {
        number,
        recipient,
        kind: choice('It was', { read: 'Read', viewed: 'Looked at' }, { as: 'receipt_type' }),
        timestamp: message.timestamp,
      },
      sample: {},
    }),
    operation({
      name: 'attachment',
      title: 'Download a file from Signal',
      description: 'Fetches a file of a message for later steps.',
      keywords: [...keywords, 'attachment', 'picture'],
      summary: '{attachment}',
      effect: 'none',
      fields: {
        attachment: text('File', {
          placeholder: '{{ message.envelope.dataMessage.attachments[0].id }}',
          help: 'Its id.',
        }),
        name: text('As', { optional: true, placeholder: 'photo.jpg' }),
      },
      sample: { file: { filename: 'photo.jpg', contentType: 'image/jpeg', bytes: 12_345 } },
      async run({ http, files, input }) {
        const path = `v1/attachments/${pathPart('attachment', input.attachment)}`
        const { bytes, headers } = await http({ path, takesFile: true, maxBytes: 110_000_000 })
        const type = headers['content-type']
        const name = textOf(input.name ?? input.attachment ?? 'file')
        return { file: await files.keep(name, bytes, typeof type === 'string' ? type : undefined) }
      },
    }),
  ],
})
