import { setTimeout } from 'node:timers/promises'
import { z } from 'zod'
import { encodedPart } from '../../../domain/values/address-text.ts'
import { type Json, textOf } from '../../../domain/values/json.ts'
import { defineApp } from '../../define-app.ts'
import {
  bearer,
  clientHelp,
  howTo,
  oauthAccount,
  serverAt,
  serverField,
  serverOf,
  tokenAccount,
  whoIs,
} from '../../service/accounts.ts'
import { choice, file, longText, moment, text, texts, yesNo } from '../../service/fields.ts'
import { newItemTrigger, operation } from '../../service/operation.ts'
import type { Pages } from '../../service/pages.ts'
import { objectAt, textAt } from '../../service/parts.ts'
import { jsonIn, socketAddress, streamTrigger } from '../../service/stream.ts'
import { hue, icon } from './logo.ts'

const address = serverAt()
const post = text('Post', { placeholder: '110000000000000000', help: 'Its id on the own server.' })
const pagesOf = (most: number, items = ''): Pages => ({ items, size: { as: 'limit', most }, next: { by: 'link' } })
const stored = {
  id: '110000000000000000',
  url: 'https://mastodon.example/@ada/110000000000000000',
  content: '<p>Hello</p>',
  created_at: '2026-11-30T09:00:00.000Z',
  account: { acct: 'ada' },
}
const uploadedSchema = z.object({ id: z.string() })

/** Mastodon, and servers that speak as it does (https://docs.joinmastodon.org/client). */
export const mastodon = defineApp({
  id: 'mastodon',
  title: 'Mastodon',
  icon,
  hue,
  address: { ofAccount: address },
  account: 'needed',
  credentials: [
    tokenAccount({
      id: 'mastodon',
      title: 'Mastodon account',
      fields: [serverField('https://mastodon.social')],
      secret: { title: 'Access token' },
      help: howTo(
        'A token in two steps',
        {
          title: 'Create an application',
          text: 'Preferences → Development → New application; scopes: profile, read:statuses, read:notifications, write:statuses, write:media.',
        },
        { title: 'Paste its access token here', text: 'With the address of your server.' },
      ),
      signIn: bearer(),
      test: whoIs({ address, path: 'api/v1/accounts/verify_credentials', name: ['acct', 'display_name'] }),
    }),
    oauthAccount({
      id: 'mastodon.oauth',
      title: 'Mastodon sign-in',
      authorizeUrl: (fields) => serverOf(fields, '/oauth/authorize'),
      tokenUrl: (fields) => serverOf(fields, '/oauth/token'),
      scopes: [
        'read:accounts',
        'read:statuses',
        'read:notifications',
        'read:search',
        'write:statuses',
        'write:media',
        'write:favourites',
      ],
      isAtFixedAddress: true,
      fields: [serverField('https://mastodon.social')],
      help: clientHelp(
        { title: 'Preferences → Development → New application' },
        'Scopes: read:accounts, read:statuses, read:notifications, read:search, write:statuses, write:media, write:favourites.',
      ),
      test: whoIs({ address, path: 'api/v1/accounts/verify_credentials', name: ['acct', 'display_name'] }),
    }),
  ],
  answers: {
    waits: (_body, headers, now) => {
      const resets = Date.parse(headers['x-ratelimit-reset'] ?? '')
      return headers['x-ratelimit-remaining'] === '0' && resets > now ? resets - now : undefined
    },
  },
  triggers: [
    newItemTrigger({
      name: 'new-mention',
      title: 'New mention on Mastodon',
      description: 'Starts for each post that mentions the account.',
      keywords: ['fediverse', 'reply', 'notification'],
      request: 'GET /api/v1/notifications?types[]=mention',
      fields: {},
      pages: pagesOf(80),
      most: 80,
      key: 'id',
      sample: { id: '34975861', type: 'mention', account: { acct: 'grace' }, status: stored },
    }),
    newItemTrigger({
      name: 'new-post-tag',
      title: 'New post with a hashtag on Mastodon',
      description: 'Starts for each post with a hashtag that the server knows of.',
      keywords: ['fediverse', 'toot', 'hashtag'],
      request: 'GET /api/v1/timelines/tag/{tag}',
      fields: { tag: text('Hashtag', { placeholder: 'automation', send: (value) => textOf(value).replace(/^#/, '') }) },
      pages: pagesOf(40),
      most: 40,
      key: 'id',
      sample: stored,
    }),
    streamTrigger({
      name: 'stream',
      title: 'Mastodon tells',
      description: 'Starts at once for what comes in: a notification, or a post of those whom you follow.',
      keywords: ['social', 'fediverse', 'mention', 'notification', 'at once'],
      fields: {
        what: choice('What', { notification: 'Notifications', update: 'Posts', '': 'Both' }, { at: 'nowhere' }),
      },
      isReadyAtOnce: true,
      open: async ({ account }) => ({
        url: `${socketAddress(address(account))}/api/v1/streaming?stream=user`,
        headers: { authorization: `Bearer ${account.accessToken || account.token || ''}` },
      }),
      read(message, { entered }) {
        const event = textAt(message, 'event')
        const isWanted = entered.what === '' ? event === 'update' || event === 'notification' : event === entered.what
        // What it tells is a text of JSON in the JSON.
        const told = isWanted ? jsonIn(textAt(message, 'payload')) : null
        return told === null
          ? null
          : { events: [{ key: `${event} ${textAt(told, 'id')}`, data: { event, ...objectAt(told, '') } }] }
      },
      sample: { event: 'notification', id: '34975861', type: 'mention', account: { acct: 'ada@example.social' } },
    }),
  ],
  actions: [
    operation({
      name: 'post',
      title: 'Post on Mastodon',
      description: 'Publishes a post, at once or later. A repeat is told by the server.',
      keywords: ['fediverse', 'toot', 'publish', 'social'],
      summary: '{text}',
      request: 'POST /api/v1/statuses',
      effect: 'keyed',
      fields: {
        text: longText('Text', { as: 'status', optional: true, most: 50_000 }),
        media: texts('Images or videos', {
          as: 'media_ids',
          optional: true,
          most: 16,
          help: 'Ids of what was uploaded, one a line.',
        }),
        visibility: choice('Seen by', {
          public: 'Everybody',
          unlisted: 'Everybody, quietly',
          private: 'Followers',
          direct: 'Who is mentioned',
        }),
        replyTo: text('Replies to', {
          as: 'in_reply_to_id',
          optional: true,
          advanced: true,
          help: 'The id of a post.',
        }),
        warning: text('Warning before it', { as: 'spoiler_text', optional: true, advanced: true }),
        sensitive: yesNo('The images are hidden first', { advanced: true }),
        language: text('Language', { optional: true, advanced: true, placeholder: 'en' }),
        when: moment('At', {
          form: 'iso',
          as: 'scheduled_at',
          optional: true,
          advanced: true,
          help: 'Five minutes ahead at least.',
        }),
      },
      sample: stored,
    }),
    operation({
      name: 'upload',
      title: 'Upload an image or video to Mastodon',
      description: 'Uploads an image, a video or a sound; its id goes into a post.',
      keywords: ['fediverse', 'photo', 'media', 'file'],
      summary: '{file}',
      timeoutMs: 300_000,
      fields: {
        file: file('File'),
        description: longText('Text for who cannot see it', { optional: true, most: 1_500 }),
      },
      sample: { id: '22348641', type: 'image', url: 'https://files.mastodon.example/1.png' },
      async run({ http, files, input, signal }) {
        const read = await files.read(input.file ?? '', 'file')
        const words = input.description === undefined ? [] : [{ name: 'description', value: textOf(input.description) }]
        let answer = await http({ method: 'POST', path: 'api/v2/media', parts: [...words, { name: 'file', ...read }] })
        const { id } = answer.as(uploadedSchema)
        // A video takes a while until it can be posted: 202, and 206 until then.
        for (let wait = 500; answer.status !== 200; wait = Math.min(wait * 2, 10_000)) {
          await setTimeout(wait, undefined, { signal })
          answer = await http({ path: `api/v1/media/${encodedPart(id)}` })
        }
        return answer.body
      },
    }),
    operation({
      name: 'delete',
      title: 'Delete a post on Mastodon',
      description: 'Deletes a post of the account.',
      keywords: ['fediverse', 'toot', 'remove'],
      request: 'DELETE /api/v1/statuses/{post}',
      fields: { post },
      sample: stored,
    }),
    operation({
      name: 'boost',
      title: 'Boost a post on Mastodon',
      description: 'Shows a post to the followers of the account.',
      keywords: ['fediverse', 'toot', 'reblog', 'share'],
      request: 'POST /api/v1/statuses/{post}/reblog',
      effect: 'idempotent',
      fields: { post },
      sample: { id: '110000000000000001', reblog: stored },
    }),
    operation({
      name: 'search',
      title: 'Search Mastodon',
      description: 'Finds posts, accounts or hashtags.',
      keywords: ['fediverse', 'find'],
      request: 'GET /api/v2/search',
      fields: {
        query: text('Search for', { as: 'q' }),
        kind: choice('Of the kind', { statuses: 'Posts', accounts: 'Accounts', hashtags: 'Hashtags' }, { as: 'type' }),
        resolve: yesNo('Also at other servers', { advanced: true }),
      },
      sample: { statuses: [stored], accounts: [], hashtags: [] },
    }),
    operation({
      name: 'home',
      title: 'Read the home timeline of Mastodon',
      description: 'Reads the posts of those whom the account follows.',
      keywords: ['fediverse', 'toots', 'get many'],
      request: 'GET /api/v1/timelines/home',
      pages: pagesOf(40),
      sample: { items: [stored], count: 1, hasMore: false },
    }),
    operation({
      name: 'tag',
      title: 'Read a hashtag on Mastodon',
      description: 'Reads the posts with a hashtag.',
      keywords: ['fediverse', 'toots', 'get many'],
      request: 'GET /api/v1/timelines/tag/{tag}',
      fields: {
        tag: text('Hashtag', { placeholder: 'automation', send: (value: Json) => textOf(value).replace(/^#/, '') }),
        local: yesNo('Of the own server alone', { advanced: true }),
      },
      pages: pagesOf(40),
      sample: { items: [stored], count: 1, hasMore: false },
    }),
    operation({
      name: 'notifications',
      title: 'Read the notifications of Mastodon',
      description: 'Reads what came in, the last first.',
      keywords: ['fediverse', 'mentions', 'follows', 'get many'],
      request: 'GET /api/v1/notifications',
      fields: {
        kinds: texts('Kinds', {
          as: 'types[]',
          optional: true,
          placeholder: 'mention',
          help: 'mention, reblog, follow, favourite …, one a line.',
        }),
      },
      pages: pagesOf(80),
      sample: {
        items: [{ id: '34975861', type: 'mention', account: { acct: 'grace' }, status: stored }],
        count: 1,
        hasMore: false,
      },
    }),
  ],
})
