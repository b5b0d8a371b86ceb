import { z } from 'zod'
import { isJsonList, isJsonObject, type Json, textOf } from '../../../domain/values/json.ts'
import type { AppClient } from '../../app-request.ts'
import { defineApp } from '../../define-app.ts'
import { bearer, howTo, serverField, serverOf, tokenAccount, whoIs } from '../../service/accounts.ts'
import { choice, file, json, longText, moment, number, text, texts } from '../../service/fields.ts'
import { hookTrigger } from '../../service/hooks.ts'
import { listOf, newItemTrigger, operation } from '../../service/operation.ts'
import { objectAt, textAt } from '../../service/parts.ts'
import { pathPart } from '../../service/request.ts'
import { jsonIn, socketAddress, streamTrigger } from '../../service/stream.ts'
import { hue, icon } from './logo.ts'

const API = '/api/v4'
const team = text('Team', {
  optional: true,
  at: 'nowhere',
  help: 'To choose the channel from its list.',
  from: { list: 'teams' },
})
const channel = text('Channel', {
  placeholder: '4xp9fdt77pncbef59f4k1qe83o',
  help: 'Its id.',
  from: { list: 'channels', needs: ['team'] },
})
const user = text('Person', { help: 'The id, as “Find a person on Mattermost” has it.' })
const post = text('Post', { placeholder: '{{ sent.id }}', help: 'Its id.' })
const attachments = json('Attachments', {
  as: 'props.attachments',
  optional: true,
  advanced: true,
  placeholder: '[{"title":"Order 42","text":"Paid"}]',
})

const stored = {
  id: 'z1p9',
  create_at: 1_764_000_000_000,
  update_at: 1_764_000_000_000,
  user_id: 'u7',
  channel_id: 'c9',
  root_id: '',
  message: 'The backup is done.',
}
const meSchema = z.object({ id: z.string() })
const myId = async (http: AppClient): Promise<string> => (await http({ path: 'users/me' })).as(meSchema).id

/** Posts come as an order and a box of them by their ids. */
function postsIn(body: Json): Json[] {
  const { order = null, posts = null } = isJsonObject(body) ? body : {}
  return isJsonList(order) && isJsonObject(posts)
    ? order.flatMap((id) => (typeof id === 'string' && Object.hasOwn(posts, id) ? [posts[id] ?? null] : []))
    : []
}

/** Mattermost (https://developers.mattermost.com/api-documentation). */
export const mattermost = defineApp({
  id: 'mattermost',
  title: 'Mattermost',
  icon,
  hue,
  address: { ofAccount: (fields) => serverOf(fields, API) },
  account: 'needed',
  takesKey: false,
  credentials: [
    tokenAccount({
      id: 'mattermost',
      title: 'Mattermost account',
      fields: [serverField('https://chat.example.com')],
      secret: { title: 'Token' },
      help: howTo(
        'A token in two steps',
        {
          title: 'Add a bot account',
          text: 'Integrations → Bot accounts. Or a token of your own: Profile → Security → Personal access tokens; an administrator has to allow that.',
        },
        { title: 'Paste its token here', text: 'Add the bot to the team and to the channels that it is to write to.' },
      ),
      signIn: bearer(),
      test: whoIs({ address: (fields) => serverOf(fields, API), path: 'users/me', name: ['username', 'email'] }),
    }),
  ],
  answers: {
    waits: (_body, headers) => {
      const seconds = Number(headers['x-ratelimit-reset'])
      return headers['x-ratelimit-remaining'] === '0' && seconds > 0 ? seconds * 1_000 : undefined
    },
  },
  lists: {
    teams: listOf({ request: 'GET /users/me/teams', pages: { items: '' }, value: 'id', label: 'display_name' }),
    channels: listOf({
      request: 'GET /users/me/teams/{team}/channels',
      fields: { team: text('Team') },
      pages: { items: '' },
      value: 'id',
      label: (item) => (isJsonObject(item) ? textOf(item.display_name || item.name || '') : ''),
      hint: 'name',
    }),
  },
  triggers: [
    newItemTrigger({
      name: 'new-post-poll',
      title: 'New post on Mattermost',
      description: 'Starts for each post in a channel.',
      keywords: ['chat', 'message', 'receive'],
      every: '1m',
      summary: '{channel}',
      fields: { team, channel },
      key: 'id',
      sample: stored,
      list: async ({ http, input }) =>
        postsIn(
          (await http({ path: `channels/${pathPart('channel', input.channel)}/posts`, query: { per_page: 100 } })).body,
        ),
    }),
    hookTrigger({
      name: 'outgoing-webhook',
      title: 'Mattermost tells of a message',
      description: 'Starts at once for each message of a public channel that begins with a word, or for all of it.',
      keywords: ['webhook', 'chat', 'command', 'at once'],
      summary: '{channel}',
      fields: {
        team,
        channel: { ...channel, at: 'nowhere' },
        words: texts('That begins with', {
          optional: true,
          placeholder: '!deploy',
          help: 'One a line; all when empty.',
        }),
      },
      // Its calls carry the token that it made for this.
      verify: { scheme: 'in-body', at: 'token' },
      secret: { in: 'answer', at: 'token' },
      subscribe: 'POST /hooks/outgoing',
      body: ({ url }, { team: of, channel: at, words }) => ({
        team_id: of ?? '',
        channel_id: at ?? '',
        display_name: 'Hookline',
        callback_urls: [url],
        content_type: 'application/json',
        ...(words !== undefined && { trigger_words: words, trigger_when: 1 }),
      }),
      id: 'id',
      unsubscribe: 'DELETE /hooks/outgoing/{id}',
      events: ({ body }) => {
        const { token: _, ...told } = objectAt(body, '')
        return [{ key: textAt(body, 'post_id') || null, data: told }]
      },
      sample: {
        post_id: 'zzhjwpdhgbro5n9u7kdz6rj8cy',
        channel_name: 'town-square',
        user_name: 'ada',
        text: '!deploy shop',
        trigger_word: '!deploy',
      },
    }),
    streamTrigger({
      name: 'new-post',
      title: 'Mattermost tells of a post',
      description:
        'Starts at once for each post that the account may see, or those of one channel, over a connection that stays open.',
      keywords: ['chat', 'message', 'receive', 'at once'],
      summary: '{channel}',
      fields: {
        team: { ...team, schema: text('Team', { optional: true, from: { list: 'teams' } }).schema },
        channel: text('Channel', {
          optional: true,
          help: 'All of them when empty.',
          from: { list: 'channels', needs: ['team'] },
        }),
      },
      open: async ({ account }) => ({
        url: `${socketAddress(serverOf(account, '/api/v4'))}/websocket`,
        headers: { authorization: `Bearer ${account.token ?? ''}` },
      }),
      read(message, { entered }) {
        const kind = textAt(message, 'event')
        if (kind === 'hello') return { isReady: true }
        if (kind !== 'posted') return null
        // A post is a text of JSON in the JSON.
        const post = jsonIn(textAt(message, 'data.post'))
        if (post === null || (entered.channel !== undefined && textAt(post, 'channel_id') !== entered.channel))
          return null
        return { events: [{ key: textAt(post, 'id'), data: post }] }
      },
      sample: stored,
    }),
  ],
  actions: [
    operation({
      name: 'post',
      title: 'Post on Mattermost',
      description: 'Writes to a channel.',
      keywords: ['chat', 'message', 'notify', 'send'],
      summary: '{text}',
      request: 'POST /posts',
      fields: {
        team,
        channel: { ...channel, as: 'channel_id' },
        text: longText('Text', { as: 'message', most: 16_383, help: 'Markdown.' }),
        thread: text('In the thread of', {
          as: 'root_id',
          optional: true,
          advanced: true,
          help: 'The id of its first post.',
        }),
        files: texts('Files', {
          as: 'file_ids',
          optional: true,
          advanced: true,
          most: 10,
          help: 'Ids of what was uploaded, one a line.',
        }),
        priority: choice(
          'Priority',
          { important: 'Important', urgent: 'Urgent' },
          { as: 'metadata.priority.priority', optional: true, advanced: true },
        ),
        attachments,
      },
      sample: stored,
    }),
    operation({
      name: 'ephemeral',
      title: 'Post on Mattermost for one person',
      description: 'Writes to a channel, seen by one person there alone.',
      keywords: ['chat', 'message', 'private'],
      request: 'POST /posts/ephemeral',
      fields: {
        team,
        channel: { ...channel, as: 'post.channel_id' },
        user: { ...user, as: 'user_id' },
        text: longText('Text', { as: 'post.message' }),
      },
      sample: stored,
    }),
    operation({
      name: 'edit',
      title: 'Edit a post on Mattermost',
      description: 'Puts another text in the place of that of a post.',
      keywords: ['chat', 'message', 'update'],
      request: 'PUT /posts/{post}/patch',
      fields: { post, text: longText('Text', { as: 'message' }), attachments },
      sample: stored,
    }),
    operation({
      name: 'delete',
      title: 'Delete a post on Mattermost',
      description: 'Deletes a post.',
      keywords: ['chat', 'message', 'remove'],
      request: 'DELETE /posts/{post}',
      fields: { post },
      sample: { status: 'OK' },
    }),
    operation({
      name: 'list-posts',
      title: 'Read a channel of Mattermost',
      description: 'Reads the posts of a channel, the newest first.',
      keywords: ['chat', 'messages', 'history', 'get many'],
      summary: '{channel}',
      effect: 'none',
      fields: {
        team,
        channel,
        since: moment('Changed since', { form: 'ms', optional: true, advanced: true }),
        limit: number('At most', { min: 1, max: 200, optional: true, advanced: true, help: 'Posts; 60 when empty.' }),
      },
      sample: { items: [stored], count: 1 },
      async run({ http, input }) {
        const since =
          input.since === undefined ? undefined : Number(moment('Changed since', { form: 'ms' }).send?.(input.since))
        const query = since === undefined ? { per_page: Number(input.limit ?? 60) } : { since }
        return postsIn((await http({ path: `channels/${pathPart('channel', input.channel)}/posts`, query })).body)
      },
    }),
    operation({
      name: 'direct',
      title: 'Open a direct message on Mattermost',
      description: 'Opens a conversation with a person; its id is a channel for posts.',
      keywords: ['chat', 'dm', 'private'],
      effect: 'idempotent',
      fields: { user },
      sample: { id: 'd4', type: 'D' },
      run: async ({ http, input }) =>
        (await http({ method: 'POST', path: 'channels/direct', body: [await myId(http), textOf(input.user ?? '')] }))
          .body,
    }),
    operation({
      name: 'find-user',
      title: 'Find a person on Mattermost',
      description: 'Finds a person by their e-mail address.',
      keywords: ['chat', 'user', 'lookup'],
      request: 'GET /users/email/{email}',
      fields: { email: text('E-mail', { placeholder: 'ada@example.com' }) },
      sample: { id: 'u7', username: 'ada', email: 'ada@example.com' },
    }),
    operation({
      name: 'add-member',
      title: 'Add a person to a channel of Mattermost',
      description: 'Adds a person to a channel.',
      keywords: ['chat', 'invite', 'user'],
      request: 'POST /channels/{channel}/members',
      effect: 'idempotent',
      fields: { team, channel, user: { ...user, as: 'user_id' } },
      sample: { channel_id: 'c9', user_id: 'u7' },
    }),
    operation({
      name: 'react',
      title: 'React on Mattermost',
      description: 'Adds an emoji to a post.',
      keywords: ['chat', 'emoji', 'reaction'],
      effect: 'idempotent',
      fields: { post, emoji: text('Emoji', { placeholder: 'thumbsup' }) },
      sample: { user_id: 'u7', post_id: 'z1p9', emoji_name: 'thumbsup' },
      async run({ http, input }) {
        const body = {
          user_id: await myId(http),
          post_id: input.post ?? '',
          emoji_name: textOf(input.emoji ?? '').replaceAll(':', ''),
        }
        return (await http({ method: 'POST', path: 'reactions', body })).body
      },
    }),
    operation({
      name: 'upload',
      title: 'Upload a file to Mattermost',
      description: 'Uploads a file for a channel; its id goes into a post.',
      keywords: ['chat', 'attachment', 'image'],
      summary: '{file}',
      fields: { team, channel, file: file('File') },
      sample: { file_infos: [{ id: 'f1', name: 'report.pdf', size: 12_345 }], id: 'f1' },
      async run({ http, files, input }) {
        const read = await files.read(input.file ?? '', 'file')
        const parts = [
          { name: 'channel_id', value: textOf(input.channel ?? '') },
          { name: 'files', ...read },
        ]
        const { body } = await http({ method: 'POST', path: 'files', parts })
        const infos =
          isJsonObject(body) && isJsonList(body.file_infos ?? null) ? Object.values(Object(body.file_infos)) : []
        return { ...Object(body), id: Object(infos[0]).id ?? null }
      },
    }),
  ],
})
