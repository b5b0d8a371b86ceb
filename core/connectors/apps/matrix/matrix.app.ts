import { createHash } from 'node:crypto'
import { z } from 'zod'
import { isJsonList, isJsonObject, type Json, textOf } from '../../../domain/values/json.ts'
import type { AppClient } from '../../app-request.ts'
import { appPoll } from '../../app-triggers.ts'
import { defineApp } from '../../define-app.ts'
import { readPath, valueAt } from '../../kit/path.ts'
import { bearer, howTo, serverAt, serverField, tokenAccount, whoIs } from '../../service/accounts.ts'
import { choice, file, longText, text, texts } from '../../service/fields.ts'
import { operation } from '../../service/operation.ts'
import type { Pages } from '../../service/pages.ts'
import { textAt } from '../../service/parts.ts'
import { pathPart } from '../../service/request.ts'
import { hue, icon } from './logo.ts'

const API = '/_matrix/client/v3'
const address = serverAt(API)

const room = text('Room', {
  placeholder: '!abc:example.org or #team:example.org',
  help: 'Its id, or its address.',
  from: { list: 'rooms' },
})
const event = text('Message', { placeholder: '$abc', help: 'Its event_id.' })
const stored = {
  event_id: '$143273582443PhrSn:example.org',
  type: 'm.room.message',
  sender: '@ada:example.org',
  room_id: '!abc:example.org',
  origin_server_ts: 1_764_000_000_000,
  content: { msgtype: 'm.text', body: 'The backup is done.' },
}
const roomSchema = z.object({ room_id: z.string() })

/** The id of a room that is named by its address. */
async function roomOf(http: AppClient, given: Json | undefined): Promise<string> {
  const named = textOf(given ?? '').trim()
  return named.startsWith('#')
    ? (await http({ path: `directory/room/${pathPart('room', named)}` })).as(roomSchema).room_id
    : named
}

/** What tells a repeat to the server: the same for the same step of the same run (https://spec.matrix.org/latest/client-server-api/#transaction-identifiers). */
const transactionOf = (key: string): string => createHash('sha256').update(key).digest('hex').slice(0, 32)

async function send(http: AppClient, key: string, to: Json | undefined, content: Json): Promise<Json> {
  const path = `rooms/${pathPart('room', await roomOf(http, to))}/send/m.room.message/${transactionOf(key)}`
  return (await http({ method: 'PUT', path, body: content })).body
}

const eventSchema = z.looseObject({ type: z.string(), event_id: z.string(), sender: z.string().default('') })
const syncSchema = z.object({
  next_batch: z.string(),
  rooms: z
    .object({
      join: z
        .record(z.string(), z.object({ timeline: z.object({ events: z.array(eventSchema).default([]) }).optional() }))
        .default({}),
    })
    .optional(),
})
const whoSchema = z.object({ user_id: z.string() })
const cursorSchema = z.object({ since: z.string() })

/** Messages of all rooms, or of one; not those of the account itself. */
const newEvent = appPoll({
  name: 'new-event',
  title: 'Message on Matrix',
  description: 'Starts for each message in the rooms of the account. What is encrypted cannot be read.',
  keywords: ['chat', 'receive', 'element'],
  summary: '{room}',
  every: '30s',
  input: z.strictObject({
    room: z
      .string()
      .max(500)
      .optional()
      .meta({
        title: 'Room',
        description: 'All of them when empty.',
        ui: { widget: 'service-choice', options: { from: 'rooms' }, placeholder: '!abc:example.org' },
      }),
  }),
  output: z.record(z.string(), z.json()),
  sample: stored,
  async poll({ input, http, cursor }) {
    const since = cursorSchema.safeParse(cursor).data?.since
    const own = (await http({ path: 'account/whoami' })).as(whoSchema).user_id
    const only = input.room === undefined || input.room.trim() === '' ? undefined : await roomOf(http, input.room)
    const filter = JSON.stringify({
      presence: { types: [] },
      account_data: { types: [] },
      room: {
        ...(only !== undefined && { rooms: [only] }),
        timeline: { limit: since === undefined ? 1 : 100, types: ['m.room.message'] },
        state: { types: [] },
        ephemeral: { types: [] },
      },
    })
    const answer = (await http({ path: 'sync', query: { filter, timeout: 0, since }, maxBytes: 50_000_000 })).as(
      syncSchema,
    )
    const events = Object.entries(answer.rooms?.join ?? {}).flatMap(([id, { timeline }]) =>
      (timeline?.events ?? [])
        .filter(({ type, sender }) => type === 'm.room.message' && sender !== own)
        .map((one) => ({ key: one.event_id, data: { ...z.record(z.string(), z.json()).parse(one), room_id: id } })),
    )
    return { events, cursor: { since: answer.next_batch } }
  },
})

const messages: Pages = {
  items: 'chunk',
  size: { as: 'limit', most: 100 },
  next: { by: 'cursor', at: 'end', as: 'from' },
}

/** Matrix (https://spec.matrix.org/latest/client-server-api). */
export const matrix = defineApp({
  id: 'matrix',
  title: 'Matrix',
  icon,
  hue,
  address: { ofAccount: address },
  account: 'needed',
  takesKey: false,
  credentials: [
    tokenAccount({
      id: 'matrix',
      title: 'Matrix account',
      fields: [serverField('https://matrix-client.matrix.org', { title: 'Homeserver' })],
      secret: { title: 'Access token', placeholder: 'syt_… or mat_…' },
      help: howTo(
        'A token in two steps',
        { title: 'Sign in as the bot', text: 'In Element, with a session of its own that is never signed out.' },
        {
          title: 'Copy its access token',
          text: 'All settings → Help & About → Access token. The address of the homeserver stands there, too.',
        },
      ),
      signIn: bearer(),
      test: whoIs({ address, path: 'account/whoami', name: ['user_id'] }),
    }),
  ],
  answers: {
    says: ['error'],
    waits: (body) => {
      const ms = valueAt(body, readPath('retry_after_ms'))
      return typeof ms === 'number' ? ms : undefined
    },
  },
  lists: {
    async rooms({ http }) {
      const { body } = await http({ path: 'joined_rooms' })
      const joined =
        isJsonObject(body) && isJsonList(body.joined_rooms ?? null)
          ? Object.values(Object(body.joined_rooms)).slice(0, 100)
          : []
      const options = await Promise.all(
        joined.map(async (one) => {
          const id = textOf(one as Json)
          // A room without a name has none to show.
          const name = await http({ path: `rooms/${pathPart('room', id)}/state/m.room.name` }).then(
            ({ body: found }) => textAt(found, 'name'),
            () => '',
          )
          return { value: id, label: name || id }
        }),
      )
      return { options, next: null }
    },
  },
  triggers: [newEvent],
  actions: [
    operation({
      name: 'send-message',
      title: 'Send a Matrix message',
      description: 'Writes to a room. A repeat is told by the server.',
      keywords: ['chat', 'post', 'notify', 'element'],
      summary: '{text}',
      effect: 'keyed',
      fields: {
        room,
        text: longText('Text', { most: 60_000 }),
        html: longText('HTML', { optional: true, advanced: true, most: 60_000 }),
        kind: choice(
          'As',
          { 'm.text': 'A message', 'm.notice': 'A notice, to which bots do not answer' },
          { advanced: true },
        ),
        replyTo: text('Replies to', { optional: true, advanced: true, help: 'The event_id of a message.' }),
        thread: text('In the thread of', {
          optional: true,
          advanced: true,
          help: 'The event_id of its first message.',
        }),
      },
      sample: { event_id: stored.event_id },
      run: ({ http, input, idempotencyKey }) => {
        const { text: body = '', html, kind = 'm.text', replyTo, thread } = input
        const relates = {
          ...(thread !== undefined && { rel_type: 'm.thread', event_id: thread }),
          ...(replyTo !== undefined && { 'm.in_reply_to': { event_id: replyTo } }),
        }
        return send(http, idempotencyKey, input.room, {
          msgtype: kind,
          body,
          ...(html !== undefined && { format: 'org.matrix.custom.html', formatted_body: html }),
          ...(Object.keys(relates).length > 0 && { 'm.relates_to': relates }),
        })
      },
    }),
    operation({
      name: 'upload',
      title: 'Send a file on Matrix',
      description: 'Uploads a file, and shows it in a room.',
      keywords: ['chat', 'image', 'attachment', 'document'],
      summary: '{room}',
      fields: { room, file: file('File') },
      sample: { event_id: stored.event_id, content_uri: 'mxc://example.org/AQwafuaFswefuhsfAFAgsw' },
      async run({ http, files, input, idempotencyKey }) {
        const { filename, contentType, content } = await files.read(input.file ?? '', 'file')
        const uploaded = await http({
          method: 'POST',
          path: '/_matrix/media/v3/upload',
          query: { filename },
          bytes: { content, contentType },
        })
        const { content_uri: url } = uploaded.as(z.object({ content_uri: z.string() }))
        const kind = /^(image|video|audio)\//.exec(contentType)?.[1] ?? 'file'
        const sent = await send(http, idempotencyKey, input.room, {
          msgtype: `m.${kind}`,
          body: filename,
          url,
          info: { mimetype: contentType, size: content.length },
        })
        return { ...Object(sent), content_uri: url }
      },
    }),
    operation({
      name: 'download',
      title: 'Get a file from Matrix',
      description: 'Fetches a file that was sent in a room.',
      keywords: ['chat', 'image', 'attachment', 'document'],
      effect: 'none',
      fields: {
        address: text('File', { placeholder: '{{ message.content.url }}', help: 'Its address: mxc://…' }),
        name: text('Name', { optional: true, placeholder: '{{ message.content.body }}' }),
      },
      sample: { file: { filename: 'report.pdf', contentType: 'application/pdf', bytes: 12_345 } },
      async run({ http, files, input }) {
        const [server = '', id = ''] = textOf(input.address ?? '')
          .replace(/^mxc:\/\//, '')
          .split('/')
        const path = `/_matrix/client/v1/media/download/${pathPart('address', server)}/${pathPart('address', id)}`
        const answer = await http({ path, takesFile: true, maxBytes: 110_000_000 })
        const type = answer.headers['content-type']
        return {
          file: await files.keep(textOf(input.name ?? id), answer.bytes, typeof type === 'string' ? type : undefined),
        }
      },
    }),
    operation({
      name: 'invite',
      title: 'Invite to a Matrix room',
      description: 'Invites a person to a room.',
      keywords: ['chat', 'user', 'add'],
      effect: 'idempotent',
      fields: { room, user: text('Person', { placeholder: '@ada:example.org' }) },
      sample: {},
      run: async ({ http, input }) =>
        (
          await http({
            method: 'POST',
            path: `rooms/${pathPart('room', await roomOf(http, input.room))}/invite`,
            body: { user_id: input.user ?? '' },
          })
        ).body,
    }),
    operation({
      name: 'join',
      title: 'Join a Matrix room',
      description: 'Joins a room.',
      keywords: ['chat', 'enter'],
      request: 'POST /join/{room}',
      effect: 'idempotent',
      fields: { room: text('Room', { placeholder: '#team:example.org' }) },
      body: {},
      sample: { room_id: '!abc:example.org' },
    }),
    operation({
      name: 'create-room',
      title: 'Create a Matrix room',
      description: 'Creates a room.',
      keywords: ['chat', 'channel', 'group'],
      summary: '{name}',
      request: 'POST /createRoom',
      fields: {
        name: text('Name'),
        topic: text('Topic', { optional: true }),
        kind: choice(
          'For',
          {
            private_chat: 'Who is invited',
            public_chat: 'Everybody',
            trusted_private_chat: 'Who is invited, all with the same rights',
          },
          { as: 'preset' },
        ),
        invite: texts('Invites', { optional: true, placeholder: '@ada:example.org', help: 'One a line.' }),
      },
      sample: { room_id: '!abc:example.org' },
    }),
    operation({
      name: 'messages',
      title: 'Read a Matrix room',
      description: 'Reads what happened in a room, the last first.',
      keywords: ['chat', 'history', 'get many'],
      request: 'GET /rooms/{room}/messages?dir=b',
      fields: { room: text('Room', { placeholder: '!abc:example.org', help: 'Its id.', from: { list: 'rooms' } }) },
      pages: messages,
      sample: { items: [stored], count: 1, hasMore: false },
    }),
    operation({
      name: 'redact',
      title: 'Delete a Matrix message',
      description: 'Deletes a message. A repeat is told by the server.',
      keywords: ['chat', 'remove'],
      effect: 'keyed',
      fields: { room, message: event, reason: text('Reason', { optional: true, advanced: true }) },
      sample: { event_id: '$redaction' },
      async run({ http, input, idempotencyKey }) {
        const path = `rooms/${pathPart('room', await roomOf(http, input.room))}/redact/${pathPart('message', input.message)}/${transactionOf(idempotencyKey)}`
        return (await http({ method: 'PUT', path, body: input.reason === undefined ? {} : { reason: input.reason } }))
          .body
      },
    }),
  ],
})
