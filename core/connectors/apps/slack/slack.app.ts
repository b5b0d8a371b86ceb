import { z } from 'zod'
import { isJsonObject, type Json } from '../../../domain/values/json.ts'
import { defineApp } from '../../define-app.ts'
import { readPath, valueAt } from '../../kit/path.ts'
import { bearer, clientHelp, howTo, oauthAccount, tokenAccount, whoIs } from '../../service/accounts.ts'
import type { Refusal } from '../../service/answers.ts'
import { file, json, longText, text, yesNo } from '../../service/fields.ts'
import { handTrigger } from '../../service/hooks.ts'
import { listOf, newItemTrigger, operation } from '../../service/operation.ts'
import type { Pages } from '../../service/pages.ts'
import { objectAt, textAt } from '../../service/parts.ts'
import { streamTrigger } from '../../service/stream.ts'
import { hue, icon } from './logo.ts'

const channel = text('Channel', {
  placeholder: 'C0123456789',
  help: 'Its id; private channels are listed where the bot is a member.',
  from: { list: 'channels' },
})
const user = text('Person', { placeholder: 'U0123456789', from: { list: 'users' } })
const ts = text('Message', {
  as: 'ts',
  placeholder: '1764000000.000100',
  help: 'Its “ts”, as the step that sent or found it has it.',
})
const blocks = json('Blocks', {
  optional: true,
  advanced: true,
  help: 'Block Kit; the text is then what notifications show.',
})

const pagesOf = (items: string): Pages => ({
  items,
  size: { as: 'limit', most: 200 },
  next: { by: 'cursor', at: 'response_metadata.next_cursor', as: 'cursor' },
})

/** Errors that mean another status than 400 (https://docs.slack.dev/reference/methods, "Errors"). */
const STATUS: Readonly<Record<string, number>> = {
  invalid_auth: 401,
  not_authed: 401,
  token_revoked: 401,
  token_expired: 401,
  account_inactive: 401,
  missing_scope: 403,
  not_in_channel: 403,
  not_allowed_token_type: 403,
  restricted_action: 403,
  ratelimited: 429,
  channel_not_found: 404,
  user_not_found: 404,
  users_not_found: 404,
  message_not_found: 404,
  thread_not_found: 404,
  name_taken: 409,
  internal_error: 500,
  fatal_error: 500,
  service_unavailable: 503,
}

/** Slack says no with 200 and `ok: false`. */
function refusalIn(body: Json): Refusal | null {
  if (!isJsonObject(body) || body.ok !== false) return null
  const error = typeof body.error === 'string' ? body.error : 'unknown_error'
  const needed = typeof body.needed === 'string' ? ` (needs the scope ${body.needed})` : ''
  const more = valueAt(body, readPath('response_metadata.messages'))
  const words = Array.isArray(more) ? ` ${more.join(' ')}` : ''
  return { says: `${error}${needed}${words}`, status: STATUS[error] ?? 400 }
}

const message = { type: 'message', user: 'U0123456789', text: 'The backup is done.', ts: '1764000000.000100' }
const uploadSchema = z.object({ upload_url: z.url(), file_id: z.string() })

/** Slack's Web API (https://docs.slack.dev/apis/web-api), with the token of an app of one's own. */
export const slack = defineApp({
  id: 'slack',
  title: 'Slack',
  icon,
  hue,
  address: 'https://slack.com/api',
  // Socket Mode is at names of its own, which are signed themselves.
  alsoAt: ['https://files.slack.com', 'https://hooks.slack.com', 'https://*.slack.com'],
  account: 'needed',
  takesKey: false,
  credentials: [
    tokenAccount({
      id: 'slack',
      title: 'Slack app',
      secret: { title: 'Bot User OAuth Token', placeholder: 'xoxb-…' },
      help: howTo(
        'A token in four steps',
        {
          title: 'Create an app',
          text: 'From scratch, in your workspace.',
          link: { title: 'Your apps', url: 'https://api.slack.com/apps' },
        },
        {
          title: 'Give it rights',
          text: 'OAuth & Permissions → Bot Token Scopes: chat:write, channels:read, groups:read, channels:history, users:read, files:write.',
        },
        { title: 'Install it', text: 'Install to Workspace. Invite the bot to the channels that it is to read.' },
        { title: 'Paste the token here', text: 'It begins with xoxb-.' },
      ),
      signIn: bearer(),
      test: whoIs({ address: 'https://slack.com/api', path: 'auth.test', method: 'POST', name: ['user', 'team'] }),
    }),
    oauthAccount({
      id: 'slack.oauth',
      title: 'Slack sign-in',
      authorizeUrl: 'https://slack.com/oauth/v2/authorize',
      tokenUrl: 'https://slack.com/api/oauth.v2.access',
      // An address on this computer may ask for what a person may do, not for a bot (https://docs.slack.dev/authentication/using-pkce).
      scopes: [
        'chat:write',
        'channels:read',
        'groups:read',
        'channels:history',
        'groups:history',
        'im:history',
        'mpim:history',
        'im:write',
        'users:read',
        'users:read.email',
        'files:read',
        'files:write',
        'reactions:write',
        'search:read',
      ],
      needsSecret: false,
      isAtFixedAddress: true,
      more: { scopeParam: 'user_scope', scopeSeparator: ',' },
      help: clientHelp(
        { title: 'Your Slack apps', url: 'https://api.slack.com/apps' },
        'OAuth & Permissions: switch on PKCE, and add the User Token Scopes chat:write, channels:read, users:read and those of your zaps. What is done so is done as you; for a bot paste its token.',
      ),
      test: whoIs({ address: 'https://slack.com/api', path: 'auth.test', method: 'POST', name: ['user', 'team'] }),
    }),
    tokenAccount({
      id: 'slack.app-level',
      title: 'Slack app-level token',
      secret: { title: 'App-level token', placeholder: 'xapp-…' },
      help: howTo(
        'A token in two steps',
        {
          title: 'Switch Socket Mode on',
          text: 'And subscribe to events: Event Subscriptions of your app.',
          link: { title: 'Your apps', url: 'https://api.slack.com/apps' },
        },
        {
          title: 'Generate an app-level token, and paste it here',
          text: 'Basic Information → App-Level Tokens, with the scope connections:write.',
        },
      ),
      signIn: bearer(),
    }),
    tokenAccount({
      id: 'slack.webhook',
      title: 'Slack webhook',
      secret: { title: 'Webhook address', placeholder: 'https://hooks.slack.com/services/T…/B…/…' },
      help: howTo(
        'An address in two steps',
        {
          title: 'Add a webhook',
          text: 'Incoming Webhooks of your app → Add New Webhook to Workspace.',
          link: { title: 'Your apps', url: 'https://api.slack.com/apps' },
        },
        { title: 'Copy its address, and paste it here' },
      ),
      // The address is the secret: who has it writes there.
      signIn(written) {
        const [, team = '', hook = '', word = ''] =
          /\/services\/(\w{5,30})\/(\w{5,30})\/(\w{5,100})/.exec(written) ?? []
        return { path: { hookTeam: team, hookId: hook, hookToken: word } }
      },
    }),
  ],
  answers: { refusal: refusalIn },
  lists: {
    channels: listOf({
      request: 'GET /conversations.list?types=public_channel,private_channel&exclude_archived=true',
      pages: pagesOf('channels'),
      value: 'id',
      label: (item) => `#${String(valueAt(item, readPath('name')) ?? '')}`,
    }),
    users: listOf({
      request: 'GET /users.list',
      pages: pagesOf('members'),
      value: 'id',
      label: 'real_name',
      hint: 'name',
    }),
  },
  triggers: [
    newItemTrigger({
      name: 'new-message',
      title: 'Message in a Slack channel',
      description: 'Starts for each message in a channel in which the bot is a member.',
      keywords: ['chat', 'post', 'receive'],
      every: '1m',
      request: 'GET /conversations.history',
      fields: { channel },
      pages: pagesOf('messages'),
      most: 200,
      key: 'ts',
      sample: message,
    }),
    handTrigger({
      name: 'event-http',
      title: 'Slack tells',
      description: 'Starts at once for each event that the app is subscribed to: a message, a mention, a reaction.',
      keywords: ['webhook', 'message', 'mention', 'reaction', 'at once'],
      where: 'in the settings of your Slack app under Event Subscriptions',
      verify: { scheme: 'slack' },
      secret: 'The signing secret of the app: Basic Information.',
      handshake: ({ body }) =>
        textAt(body, 'type') === 'url_verification'
          ? { status: 200, headers: { 'content-type': 'text/plain' }, body: textAt(body, 'challenge') }
          : null,
      events: ({ body }) => [{ key: textAt(body, 'event_id') || null, data: body }],
      sample: {
        type: 'event_callback',
        event_id: 'Ev9UQ52YNA',
        team_id: 'T1H9RESGL',
        event: { type: 'message', channel: 'C123ABC456', user: 'U123ABC456', text: 'Hello!', ts: '1796029200.000100' },
      },
    }),
    streamTrigger({
      name: 'event-socket-mode',
      title: 'Slack tells, without an address',
      description:
        'Starts at once for each event that the app is subscribed to, over a connection that stays open. It takes an account of the kind “Slack app-level token”.',
      keywords: ['message', 'mention', 'reaction', 'socket mode', 'at once'],
      async open({ http }) {
        const { body } = await http({ method: 'POST', path: 'apps.connections.open' })
        return { url: textAt(body, 'url') }
      },
      read(message) {
        const type = textAt(message, 'type')
        if (type === 'hello') return { isReady: true }
        const id = textAt(message, 'envelope_id')
        if (id === '') return null
        const payload = objectAt(message, 'payload')
        const key = textAt(payload, 'event_id') || id
        return { events: [{ key, data: { type, ...payload } }], confirms: { envelope_id: id } }
      },
      sample: {
        type: 'event_callback',
        event_id: 'Ev9UQ52YNA',
        team_id: 'T1H9RESGL',
        event: { type: 'message', channel: 'C123ABC456', user: 'U123ABC456', text: 'Hello!', ts: '1796029200.000100' },
      },
    }),
  ],
  actions: [
    operation({
      name: 'post-message',
      title: 'Send a Slack message',
      description: 'Writes to a channel or a person, as your app.',
      keywords: ['chat', 'post', 'notify', 'channel', 'dm'],
      request: 'POST /chat.postMessage',
      fields: {
        channel,
        text: longText('Text', { most: 40_000 }),
        thread: text('In the thread of', {
          as: 'thread_ts',
          optional: true,
          advanced: true,
          help: 'The “ts” of its first message.',
        }),
        broadcast: yesNo('Shown in the channel, too', { as: 'reply_broadcast', advanced: true }),
        blocks,
        name: text('Shown as', {
          as: 'username',
          optional: true,
          advanced: true,
          help: 'Needs the scope chat:write.customize.',
        }),
        emoji: text('With the emoji', {
          as: 'icon_emoji',
          optional: true,
          advanced: true,
          placeholder: ':robot_face:',
        }),
        noLinks: yesNo('Without previews of links', {
          as: 'unfurl_links',
          advanced: true,
          send: (value) => (value === true ? false : undefined),
        }),
      },
      sample: { ok: true, channel: 'C0123456789', ts: '1764000000.000100', message },
    }),
    operation({
      name: 'update-message',
      title: 'Edit a Slack message',
      description: 'Puts another text in the place of that of a message of your app.',
      request: 'POST /chat.update',
      effect: 'idempotent',
      fields: { channel, message: ts, text: longText('Text', { most: 40_000 }), blocks },
      sample: { ok: true, channel: 'C0123456789', ts: '1764000000.000100', text: 'Done.' },
    }),
    operation({
      name: 'delete-message',
      title: 'Delete a Slack message',
      description: 'Deletes a message of your app.',
      request: 'POST /chat.delete',
      effect: 'idempotent',
      fields: { channel, message: ts },
      sample: { ok: true, channel: 'C0123456789', ts: '1764000000.000100' },
    }),
    operation({
      name: 'ephemeral',
      title: 'Send a Slack message that one person sees',
      description: 'Writes to a channel, seen by one person there alone.',
      request: 'POST /chat.postEphemeral',
      fields: { channel, user, text: longText('Text', { most: 40_000 }), blocks },
      sample: { ok: true, message_ts: '1764000000.000100' },
    }),
    operation({
      name: 'schedule',
      title: 'Schedule a Slack message',
      description: 'Slack sends a message at a time, up to 120 days ahead.',
      request: 'POST /chat.scheduleMessage',
      fields: {
        channel,
        at: text('At', {
          as: 'post_at',
          placeholder: '2026-12-01T09:00:00+01:00',
          send: (value) => Math.round((Number(value) || Date.parse(String(value)) / 1_000) * 1),
        }),
        text: longText('Text', { most: 40_000 }),
        blocks,
      },
      sample: { ok: true, channel: 'C0123456789', scheduled_message_id: 'Q0123', post_at: 1_764_000_000 },
    }),
    operation({
      name: 'history',
      title: 'Read a Slack channel',
      description: 'Reads the messages of a channel, the newest first.',
      keywords: ['messages', 'get many', 'list'],
      request: 'GET /conversations.history',
      fields: {
        channel,
        oldest: text('After', { optional: true, advanced: true, help: 'A “ts”, or seconds since 1970.' }),
        latest: text('Before', { optional: true, advanced: true, help: 'A “ts”, or seconds since 1970.' }),
      },
      pages: pagesOf('messages'),
      sample: { items: [message], count: 1, hasMore: false },
    }),
    operation({
      name: 'replies',
      title: 'Read a Slack thread',
      description: 'Reads the messages of a thread.',
      request: 'GET /conversations.replies',
      fields: { channel, message: ts },
      pages: pagesOf('messages'),
      sample: { items: [message], count: 1, hasMore: false },
    }),
    operation({
      name: 'find-user',
      title: 'Find a person on Slack',
      description: 'Finds a person by their e-mail address.',
      keywords: ['lookup', 'email', 'user'],
      request: 'GET /users.lookupByEmail',
      fields: { email: text('E-mail', { placeholder: 'ada@example.com' }) },
      result: 'user',
      sample: { id: 'U0123456789', name: 'ada', real_name: 'Ada Lovelace', profile: { email: 'ada@example.com' } },
    }),
    operation({
      name: 'open-dm',
      title: 'Open a direct message on Slack',
      description: 'Opens a conversation with one or more persons; its id is a channel for messages.',
      request: 'POST /conversations.open',
      effect: 'idempotent',
      fields: { users: text('Persons', { help: 'Their ids, with commas between them.' }) },
      result: 'channel',
      sample: { id: 'D0123456789' },
    }),
    operation({
      name: 'add-reaction',
      title: 'React on Slack',
      description: 'Adds an emoji to a message.',
      keywords: ['emoji', 'reaction'],
      request: 'POST /reactions.add',
      effect: 'idempotent',
      fields: {
        channel,
        message: text('Message', { as: 'timestamp', placeholder: '1764000000.000100', help: 'Its “ts”.' }),
        emoji: text('Emoji', {
          as: 'name',
          placeholder: 'thumbsup',
          send: (value) => String(value).replaceAll(':', ''),
        }),
      },
      sample: { ok: true },
    }),
    operation({
      name: 'upload-file',
      title: 'Upload a file to Slack',
      description: 'Uploads a file, and shows it in a channel.',
      keywords: ['attachment', 'document', 'image'],
      fields: {
        file: file('File'),
        channel: text('Channel', { optional: true, from: { list: 'channels' }, placeholder: 'C0123456789' }),
        title: text('Title', { optional: true }),
        comment: longText('Text', { optional: true }),
        thread: text('In the thread of', { optional: true, advanced: true }),
      },
      sample: { ok: true, files: [{ id: 'F0123456789', title: 'report.pdf' }] },
      async run({ http, files, input }) {
        const read = await files.read(input.file ?? '', 'file')
        const body = { filename: read.filename, length: String(read.content.length) }
        const place = (await http({ method: 'POST', path: 'files.getUploadURLExternal', body, bodyType: 'form' })).as(
          uploadSchema,
        )
        await http({
          method: 'POST',
          path: place.upload_url,
          bytes: { content: read.content, contentType: read.contentType },
        })
        const { title = read.filename, channel: to, comment, thread } = input
        const answer = await http({
          method: 'POST',
          path: 'files.completeUploadExternal',
          body: {
            files: JSON.stringify([{ id: place.file_id, title }]),
            ...(to !== undefined && { channel_id: to }),
            ...(comment !== undefined && { initial_comment: comment }),
            ...(thread !== undefined && { thread_ts: thread }),
          },
          bodyType: 'form',
        })
        return answer.body
      },
    }),
    operation({
      name: 'create-channel',
      title: 'Create a Slack channel',
      description: 'Creates a channel.',
      request: 'POST /conversations.create',
      fields: {
        name: text('Name', { most: 80, placeholder: 'project-x' }),
        isPrivate: yesNo('Private', { as: 'is_private' }),
      },
      result: 'channel',
      sample: { id: 'C0123456789', name: 'project-x' },
    }),
    operation({
      name: 'incoming-webhook',
      title: 'Send to a Slack webhook',
      description: 'Writes to the channel of a webhook. It takes an account of the kind “Slack webhook”.',
      keywords: ['chat', 'post', 'notify', 'message'],
      summary: '{text}',
      request: 'POST https://hooks.slack.com/services/{hookTeam}/{hookId}/{hookToken}',
      fields: {
        text: longText('Text', { most: 40_000 }),
        blocks: json('Blocks', {
          optional: true,
          advanced: true,
          help: 'In place of the text, as Block Kit has them.',
        }),
      },
      sample: { value: 'ok' },
    }),
  ],
})
