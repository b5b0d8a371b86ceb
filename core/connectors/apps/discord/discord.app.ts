import { createHash } from 'node:crypto'
import type { Json } from '../../../domain/values/json.ts'
import { defineApp } from '../../define-app.ts'
import { readPath, valueAt } from '../../kit/path.ts'
import { bearer, howTo, tokenAccount, whoIs } from '../../service/accounts.ts'
import { choice, file, json, longText, text, yesNo } from '../../service/fields.ts'
import { listOf, newItemTrigger, operation } from '../../service/operation.ts'
import { textAt } from '../../service/parts.ts'
import { pathPart } from '../../service/request.ts'
import { discordGateway } from './gateway.trigger.ts'
import { hue, icon } from './logo.ts'

const server = text('Server', { placeholder: '1234567890', from: { list: 'servers' } })
const channel = text('Channel', {
  placeholder: '1234567890',
  help: 'Its id.',
  from: { list: 'channels', needs: ['server'] },
})
const anyServer = text('Server', {
  optional: true,
  at: 'nowhere',
  help: 'To choose the channel from its list.',
  from: { list: 'servers' },
})
const message = text('Message', { placeholder: '{{ sent.id }}', help: 'Its id.' })
const embeds = json('Embeds', {
  optional: true,
  advanced: true,
  placeholder: '[{"title":"Order 42","description":"Paid"}]',
})
const quiet = yesNo('Without pings', {
  as: 'allowed_mentions',
  advanced: true,
  help: 'No @name or @everyone in the text calls anyone.',
  send: (value: Json) => (value === true ? { parse: [] } : undefined),
})

const stored = {
  id: '1234567890',
  channel_id: '99',
  content: 'The backup is done.',
  timestamp: '2026-11-30T09:00:00.000Z',
  author: { id: '7', username: 'ada' },
}
/** Ids are numbers of 64 bits, and in order of time. */
const idOf = (item: Json): string => textAt(item, 'id')

/** Discord's API for bots (https://docs.discord.com/developers/reference). */
export const discord = defineApp({
  id: 'discord',
  title: 'Discord',
  icon,
  hue,
  address: 'https://discord.com/api/v10',
  account: 'needed',
  takesKey: false,
  credentials: [
    tokenAccount({
      id: 'discord',
      title: 'Discord bot',
      secret: { title: 'Token' },
      help: howTo(
        'A bot in three steps',
        {
          title: 'Create an application',
          link: { title: 'Applications', url: 'https://discord.com/developers/applications' },
        },
        {
          title: 'Make its token',
          text: 'Bot → Reset Token. Switch on “Message Content Intent” if it is to read messages.',
        },
        { title: 'Invite it', text: 'OAuth2 → URL Generator: scope “bot”, and what it may do. Open that address.' },
      ),
      signIn: bearer('Bot'),
      test: whoIs({ address: 'https://discord.com/api/v10', path: 'users/@me', name: ['username'] }),
    }),
    tokenAccount({
      id: 'discord.webhook',
      title: 'Discord webhook',
      secret: { title: 'Webhook address', placeholder: 'https://discord.com/api/webhooks/…' },
      help: howTo(
        'An address in two steps',
        { title: 'Create a webhook', text: 'Settings of a channel → Integrations → Webhooks.' },
        { title: 'Copy its address, and paste it here' },
      ),
      // The address is the secret: who has it writes there.
      signIn(written) {
        const [, id = '', word = ''] = /\/webhooks\/(\d{5,30})\/([\w-]{10,200})/.exec(written) ?? []
        return { path: { webhookId: id, webhookToken: word } }
      },
      test: whoIs({
        address: 'https://discord.com/api/v10',
        path: 'webhooks/{webhookId}/{webhookToken}',
        name: ['name'],
      }),
    }),
  ],
  answers: {
    waits: (body) => {
      const seconds = valueAt(body, readPath('retry_after'))
      return typeof seconds === 'number' ? Math.ceil(seconds * 1_000) : undefined
    },
  },
  lists: {
    servers: listOf({ request: 'GET /users/@me/guilds', pages: { items: '' }, value: 'id', label: 'name' }),
    channels: listOf({
      request: 'GET /guilds/{server}/channels',
      fields: { server },
      pages: { items: '' },
      value: 'id',
      label: (item) => `#${textAt(item, 'name')}`,
    }),
  },
  triggers: [
    newItemTrigger({
      name: 'new-message',
      title: 'Message in a Discord channel',
      description: 'Starts for each message in a channel.',
      keywords: ['chat', 'receive', 'post'],
      every: '1m',
      request: 'GET /channels/{channel}/messages?limit=100',
      fields: { server: anyServer, channel },
      pages: { items: '' },
      key: idOf,
      sample: stored,
    }),
    discordGateway,
  ],
  actions: [
    operation({
      name: 'send-message',
      title: 'Send a Discord message',
      description: 'Writes to a channel, as your bot. A repeat is told by Discord, and not sent twice.',
      keywords: ['chat', 'post', 'notify'],
      summary: '{text}',
      request: 'POST /channels/{channel}/messages',
      effect: 'keyed',
      // The same word within a few minutes gets the first message back.
      key: (key) => ({ nonce: createHash('sha256').update(key).digest('hex').slice(0, 25), enforce_nonce: true }),
      fields: {
        server: anyServer,
        channel,
        text: longText('Text', { as: 'content', most: 2_000 }),
        replyTo: text('Replies to', {
          as: 'message_reference.message_id',
          optional: true,
          advanced: true,
          help: 'The id of a message.',
        }),
        embeds,
        quiet,
      },
      sample: stored,
    }),
    operation({
      name: 'send-file',
      title: 'Send a file on Discord',
      description: 'Sends a file to a channel, with a text where there is one.',
      keywords: ['upload', 'attachment', 'image'],
      fields: {
        server: anyServer,
        channel,
        file: file('File'),
        text: longText('Text', { optional: true, most: 2_000 }),
      },
      sample: stored,
      async run({ http, files, input }) {
        const read = await files.read(input.file ?? '', 'file')
        const payload = JSON.stringify({
          ...(input.text !== undefined && { content: input.text }),
          attachments: [{ id: 0, filename: read.filename }],
        })
        const path = `channels/${pathPart('channel', input.channel)}/messages`
        const parts = [
          { name: 'payload_json', value: payload },
          { name: 'files[0]', ...read },
        ]
        return (await http({ method: 'POST', path, parts })).body
      },
    }),
    operation({
      name: 'edit-message',
      title: 'Edit a Discord message',
      description: 'Puts another text in the place of that of a message of the bot.',
      request: 'PATCH /channels/{channel}/messages/{message}',
      effect: 'idempotent',
      fields: { server: anyServer, channel, message, text: longText('Text', { as: 'content', most: 2_000 }), embeds },
      sample: stored,
    }),
    operation({
      name: 'delete-message',
      title: 'Delete a Discord message',
      description: 'Deletes a message.',
      request: 'DELETE /channels/{channel}/messages/{message}',
      fields: { server: anyServer, channel, message },
      sample: {},
    }),
    operation({
      name: 'list-messages',
      title: 'Read a Discord channel',
      description: 'Reads the newest messages of a channel, up to 100.',
      keywords: ['get many', 'history'],
      request: 'GET /channels/{channel}/messages?limit=100',
      fields: {
        server: anyServer,
        channel,
        after: text('After', { optional: true, advanced: true, help: 'The id of a message.' }),
      },
      sample: { items: [stored], count: 1 },
    }),
    operation({
      name: 'react',
      title: 'React on Discord',
      description: 'Adds an emoji to a message.',
      keywords: ['emoji', 'reaction'],
      request: 'PUT /channels/{channel}/messages/{message}/reactions/{emoji}/@me',
      fields: {
        server: anyServer,
        channel,
        message,
        emoji: text('Emoji', { placeholder: '👍', help: 'Or name:id of one of the server’s own.' }),
      },
      sample: {},
    }),
    operation({
      name: 'start-thread',
      title: 'Start a thread on Discord',
      description: 'Starts a thread at a message.',
      request: 'POST /channels/{channel}/messages/{message}/threads',
      fields: {
        server: anyServer,
        channel,
        message,
        name: text('Name', { most: 100 }),
        hides: choice(
          'Hidden when quiet for',
          { '1440': 'A day', '60': 'An hour', '4320': 'Three days', '10080': 'A week' },
          { as: 'auto_archive_duration', initial: '1440', advanced: true, send: Number },
        ),
      },
      sample: { id: '1234567890', name: 'Order 42' },
    }),
    operation({
      name: 'open-dm',
      title: 'Open a direct message on Discord',
      description: 'Opens a conversation with a person; its id is a channel for messages.',
      request: 'POST /users/@me/channels',
      effect: 'idempotent',
      fields: { user: text('Person', { as: 'recipient_id', help: 'Their id.' }) },
      sample: { id: '1234567890' },
    }),
    operation({
      name: 'add-role',
      title: 'Give a role on Discord',
      description: 'Gives a role to a member of a server.',
      request: 'PUT /guilds/{server}/members/{user}/roles/{role}',
      fields: { server, user: text('Person', { help: 'Their id.' }), role: text('Role', { help: 'Its id.' }) },
      sample: {},
    }),
    operation({
      name: 'create-channel',
      title: 'Create a Discord channel',
      description: 'Creates a text channel.',
      request: 'POST /guilds/{server}/channels',
      body: { type: 0 },
      fields: {
        server,
        name: text('Name'),
        parent: text('In the category', { as: 'parent_id', optional: true, advanced: true, help: 'Its id.' }),
      },
      sample: { id: '1234567890', name: 'orders' },
    }),
    operation({
      name: 'webhook-message',
      title: 'Send to a Discord webhook',
      description:
        'Writes to a channel by its webhook: without a bot, and under any name. It takes an account of the kind “Discord webhook”.',
      keywords: ['chat', 'post', 'notify'],
      summary: '{text}',
      request: 'POST /webhooks/{webhookId}/{webhookToken}?wait=true',
      fields: {
        text: longText('Text', { as: 'content', most: 2_000 }),
        name: text('Name', { as: 'username', optional: true, most: 80 }),
        picture: text('Picture', { as: 'avatar_url', optional: true, advanced: true }),
        thread: text('In the thread', { as: 'thread_id', at: 'query', optional: true, advanced: true }),
        post: text('As a new post', { as: 'thread_name', optional: true, advanced: true, help: 'In a forum.' }),
        embeds,
        quiet,
      },
      sample: stored,
    }),
    operation({
      name: 'list-members',
      title: 'List the members of a Discord server',
      description: 'Reads who is on a server. The bot needs the “Server Members Intent”.',
      keywords: ['people', 'users', 'get many'],
      request: 'GET /guilds/{server}/members',
      fields: { server },
      pages: { items: '', size: { as: 'limit', most: 1_000 }, next: { by: 'last', at: 'user.id', as: 'after' } },
      sample: { items: [{ user: { id: '7', username: 'ada' }, nick: null, roles: [] }], count: 1, hasMore: false },
    }),
  ],
})
