import { z } from 'zod'
import { isJsonObject, type Json, textOf } from '../../../domain/values/json.ts'
import type { AppClient } from '../../app-request.ts'
import { defineApp } from '../../define-app.ts'
import { readPath, valueAt } from '../../kit/path.ts'
import { howTo, oauthAccount, whoIs } from '../../service/accounts.ts'
import { choice, file, longText, moment, text, texts } from '../../service/fields.ts'
import { newItemTrigger, operation } from '../../service/operation.ts'
import { type Pages, readPages } from '../../service/pages.ts'
import { hue, icon } from './logo.ts'

const ADDRESS = 'https://api.x.com'
const TWEET = 'tweet.fields=created_at,author_id,public_metrics'

const post = text('Post', { placeholder: '1990000000000000000', help: 'Its id, or its address.', send: postOf })
/** The id in an address of a post. */
function postOf(value: Json): Json {
  return /\/status\/(\d+)/.exec(textOf(value))?.[1] ?? value
}
const pagesOf = (least: number): Pages => ({
  items: 'data',
  size: { as: 'max_results', most: 100, least },
  next: { by: 'cursor', at: 'meta.next_token', as: 'pagination_token' },
})
const found: Pages = { ...pagesOf(10), next: { by: 'cursor', at: 'meta.next_token', as: 'next_token' } }
const stored = {
  id: '1990000000000000000',
  text: 'The analytical engine weaves algebraic patterns.',
  author_id: '2244994945',
  created_at: '2026-11-30T09:00:00.000Z',
  edit_history_tweet_ids: ['1990000000000000000'],
}
const meSchema = z.object({ data: z.object({ id: z.string() }) })
const myId = async (http: AppClient): Promise<string> => (await http({ path: '2/users/me' })).as(meSchema).data.id

/** An action of the account itself upon a post. */
const onPost = (name: string, title: string, description: string, path: string, said: string) =>
  operation({
    name,
    title,
    description,
    effect: 'idempotent',
    fields: { post },
    sample: { [said]: true },
    async run({ http, input }) {
      const body = { tweet_id: textOf(postOf(input.post ?? '')) }
      const answer = await http({ method: 'POST', path: `2/users/${await myId(http)}/${path}`, body })
      return valueAt(answer.body, readPath('data')) ?? {}
    },
  })

const uploadedSchema = z.object({ data: z.object({ id: z.string() }) })

/** X, once Twitter (https://docs.x.com/x-api). */
export const x = defineApp({
  id: 'x',
  title: 'X (Twitter)',
  icon,
  hue,
  address: ADDRESS,
  account: 'needed',
  takesKey: false,
  credentials: [
    oauthAccount({
      id: 'x',
      title: 'X account',
      authorizeUrl: 'https://x.com/i/oauth2/authorize',
      tokenUrl: `${ADDRESS}/2/oauth2/token`,
      scopes: [
        'tweet.read',
        'tweet.write',
        'users.read',
        'like.write',
        'media.write',
        'dm.read',
        'dm.write',
        'offline.access',
      ],
      needsSecret: false,
      // The address that X sends a browser back to has to be entered there as a whole.
      isAtFixedAddress: true,
      more: { secretInHeader: true },
      help: howTo(
        'A client id in three steps',
        {
          title: 'Create an app',
          text: 'In a project of yours. What may be read is a matter of the plan that you have there.',
          link: { title: 'Developer portal', url: 'https://developer.x.com/en/portal/dashboard' },
        },
        {
          title: 'Set up the sign-in',
          text: 'User authentication settings: read and write (and direct messages), “Native App”; and this callback address.',
          showsRedirect: true,
        },
        { title: 'Paste its client id here', text: 'And the secret, for an app of another type.' },
      ),
      test: whoIs({ address: ADDRESS, path: '2/users/me', name: ['data.username', 'data.name'] }),
    }),
  ],
  answers: {
    says: ['detail', 'errors[0].message', 'errors[0].detail', 'title'],
    // What was not found stands in a 200 without data.
    refusal: (body) => {
      if (!isJsonObject(body) || body.data !== undefined || body.meta !== undefined) return null
      const why = valueAt(body, readPath('errors[0].detail'))
      return typeof why === 'string' ? { says: why, status: /not find|not exist/i.test(why) ? 404 : 400 } : null
    },
    waits: (_body, headers, now) => {
      const resets = Number(headers['x-rate-limit-reset'])
      return headers['x-rate-limit-remaining'] === '0' && resets > 0 ? Math.max(0, resets * 1_000 - now) : undefined
    },
  },
  triggers: [
    newItemTrigger({
      name: 'new-post-search',
      title: 'New post on X that fits a search',
      description: 'Starts for each new post that a search finds.',
      keywords: ['tweet', 'twitter', 'hashtag'],
      every: '15m',
      request: `GET /2/tweets/search/recent?${TWEET}`,
      fields: { query: text('Search for', { placeholder: 'from:nasa -is:retweet' }) },
      pages: found,
      key: 'id',
      sample: stored,
    }),
    newItemTrigger({
      name: 'new-mention',
      title: 'New mention on X',
      description: 'Starts for each post that mentions the account.',
      keywords: ['tweet', 'twitter', 'reply'],
      every: '15m',
      fields: {},
      key: 'id',
      sample: stored,
      list: async ({ http }) =>
        (await readPages(http, { path: `2/users/${await myId(http)}/mentions?${TWEET}` }, pagesOf(5), 100)).items,
    }),
  ],
  actions: [
    operation({
      name: 'create-post',
      title: 'Post on X',
      description: 'Publishes a post.',
      keywords: ['tweet', 'twitter', 'publish', 'social'],
      summary: '{text}',
      request: 'POST /2/tweets',
      fields: {
        text: longText('Text', { most: 25_000 }),
        media: texts('Images or videos', {
          as: 'media.media_ids',
          optional: true,
          most: 4,
          help: 'Ids of what was uploaded, one a line.',
        }),
        replyTo: text('Replies to', { as: 'reply.in_reply_to_tweet_id', optional: true, advanced: true, send: postOf }),
        quote: text('Quotes', { as: 'quote_tweet_id', optional: true, advanced: true, send: postOf }),
        who: choice(
          'Answers by',
          { following: 'Who is followed', mentionedUsers: 'Who is mentioned', subscribers: 'Subscribers' },
          { as: 'reply_settings', optional: true, advanced: true },
        ),
      },
      result: 'data',
      sample: stored,
    }),
    operation({
      name: 'delete-post',
      title: 'Delete a post on X',
      description: 'Deletes a post of the account.',
      keywords: ['tweet', 'twitter', 'remove'],
      request: 'DELETE /2/tweets/{post}',
      fields: { post },
      result: 'data',
      sample: { deleted: true },
    }),
    operation({
      name: 'search',
      title: 'Search X',
      description: 'Finds posts of the last seven days.',
      keywords: ['tweet', 'twitter', 'find', 'hashtag'],
      request: `GET /2/tweets/search/recent?${TWEET}`,
      fields: {
        query: text('Search for', { placeholder: '#automation lang:en' }),
        since: moment('After', { form: 'iso', as: 'start_time', optional: true, advanced: true }),
        order: choice(
          'Order',
          { recency: 'Newest first', relevancy: 'The most relevant first' },
          { as: 'sort_order', optional: true, advanced: true },
        ),
      },
      pages: found,
      sample: { items: [stored], count: 1, hasMore: false },
    }),
    operation({
      name: 'user-posts',
      title: 'Read the posts of a user on X',
      description: 'Reads what a user posted, the newest first.',
      keywords: ['tweet', 'twitter', 'timeline'],
      request: `GET /2/users/{user}/tweets?${TWEET}`,
      fields: {
        user: text('User', { help: 'The id, as “Find a user on X” has it.' }),
        without: choice(
          'Without',
          { 'replies,retweets': 'Answers and reposts', replies: 'Answers', retweets: 'Reposts' },
          { as: 'exclude', optional: true, advanced: true },
        ),
      },
      pages: pagesOf(5),
      sample: { items: [stored], count: 1, hasMore: false },
    }),
    operation({
      name: 'mentions',
      title: 'Read the mentions on X',
      description: 'Reads posts that mention a user.',
      keywords: ['tweet', 'twitter', 'replies'],
      request: `GET /2/users/{user}/mentions?${TWEET}`,
      fields: { user: text('User', { help: 'The id, as “Find a user on X” has it.' }) },
      pages: pagesOf(5),
      sample: { items: [stored], count: 1, hasMore: false },
    }),
    operation({
      name: 'get-user',
      title: 'Find a user on X',
      description: 'Finds a user by the @name.',
      keywords: ['twitter', 'profile'],
      request: 'GET /2/users/by/username/{user}?user.fields=description,public_metrics,created_at',
      fields: { user: text('Name', { placeholder: 'nasa', send: (value) => textOf(value).replace(/^@/, '') }) },
      result: 'data',
      sample: { id: '11348282', name: 'NASA', username: 'NASA' },
    }),
    onPost('like', 'Like a post on X', 'Likes a post.', 'likes', 'liked'),
    onPost('repost', 'Repost on X', 'Shows a post to the followers of the account.', 'retweets', 'retweeted'),
    operation({
      name: 'send-dm',
      title: 'Send a direct message on X',
      description: 'Writes to a user.',
      keywords: ['twitter', 'chat', 'dm'],
      request: 'POST /2/dm_conversations/with/{user}/messages',
      fields: {
        user: text('User', { help: 'The id, as “Find a user on X” has it.' }),
        text: longText('Text', { most: 10_000 }),
      },
      result: 'data',
      sample: { dm_conversation_id: '123-456', dm_event_id: '1990000000000000001' },
    }),
    operation({
      name: 'upload-media',
      title: 'Upload an image or video to X',
      description: 'Uploads an image, an animation or a video; its id goes into a post.',
      keywords: ['twitter', 'photo', 'file'],
      fields: { file: file('File') },
      timeoutMs: 600_000,
      sample: { id: '1990000000000000002', media_key: '3_1990000000000000002' },
      async run({ http, files, input }) {
        const { filename, contentType, content } = await files.read(input.file ?? '', 'file')
        const kind =
          contentType === 'image/gif' ? 'tweet_gif' : contentType.startsWith('video/') ? 'tweet_video' : 'tweet_image'
        const begun = await http({
          method: 'POST',
          path: '2/media/upload/initialize',
          body: { media_type: contentType, total_bytes: content.length, media_category: kind },
        })
        const { id } = begun.as(uploadedSchema).data
        for (let at = 0; at * CHUNK < content.length; at++) {
          const piece = content.subarray(at * CHUNK, (at + 1) * CHUNK)
          const parts = [
            { name: 'segment_index', value: String(at) },
            { name: 'media', filename, contentType: 'application/octet-stream', content: piece },
          ]
          await http({ method: 'POST', path: `2/media/upload/${id}/append`, parts })
        }
        return (
          valueAt((await http({ method: 'POST', path: `2/media/upload/${id}/finalize` })).body, readPath('data')) ?? {}
        )
      },
    }),
  ],
})

/** Bytes of a piece of an upload. */
const CHUNK = 4_000_000
