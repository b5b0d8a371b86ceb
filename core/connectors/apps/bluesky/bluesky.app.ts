import { createHash } from 'node:crypto'
import { z } from 'zod'
import { StepError } from '../../../domain/runs/step-error.ts'
import { isJsonList, type Json, textOf } from '../../../domain/values/json.ts'
import type { AppClient } from '../../app-request.ts'
import { defineApp } from '../../define-app.ts'
import { howTo, oauthAccount, serverAt, serverField, whoIs } from '../../service/accounts.ts'
import { choice, file, longText, moment, text, texts } from '../../service/fields.ts'
import { newItemTrigger, operation } from '../../service/operation.ts'
import type { Pages } from '../../service/pages.ts'
import { itemsAt, objectAt, textAt } from '../../service/parts.ts'
import { hue, icon } from './logo.ts'
import { facetOf, facetsIn, recordKey } from './post-text.ts'

const USUAL = 'https://bsky.social'
const address = serverAt('/xrpc', USUAL)
const POST = 'app.bsky.feed.post'

const sessionSchema = z.object({ accessJwt: z.string().min(1), refreshJwt: z.string().min(1) })

/** When a token ends, as it says itself; '' where it does not. */
function endOf(jwt: string): string {
  try {
    const claims: unknown = JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString('utf8'))
    const { exp } = z.object({ exp: z.number() }).parse(claims)
    return new Date(exp * 1_000).toISOString()
  } catch {
    return ''
  }
}

const actor = text('Of', { placeholder: 'ada.bsky.social', help: 'A handle or a DID.' })
const post = text('Post', {
  placeholder: 'at://did:plc:…/app.bsky.feed.post/3k43tv4rft22g',
  help: 'Its address, at://…',
})
const pagesOf = (items: string, each?: string): Pages => ({
  items,
  ...(each !== undefined && { each }),
  size: { as: 'limit', most: 100 },
  next: { by: 'cursor', at: 'cursor', as: 'cursor' },
})
const written = {
  uri: 'at://did:plc:u5cwb2mwiv2bfq53cjufe6yn/app.bsky.feed.post/3k43tv4rft22g',
  cid: 'bafyreig2fjxi3rpt',
}
const seen = {
  ...written,
  author: { handle: 'ada.bsky.social', displayName: 'Ada' },
  record: { text: 'Hello!', createdAt: '2026-11-30T09:00:00Z' },
  indexedAt: '2026-11-30T09:00:01Z',
}
const keywords = ['social', 'atproto', 'skeet']

const whoAmI = async (http: AppClient): Promise<string> =>
  textAt((await http({ path: 'com.atproto.server.getSession' })).body, 'did')

async function didOf(http: AppClient, handle: string): Promise<string | null> {
  try {
    const { body } = await http({ path: 'com.atproto.identity.resolveHandle', query: { handle } })
    return textAt(body, 'did') || null
  } catch (error) {
    // A mention of one who is not there stays a word.
    if (error instanceof StepError && /^http-4\d\d$/.test(error.details.code) && !error.details.retryable) return null
    throw error
  }
}

/** The post that is answered, and the one with which its thread began. */
async function replyTo(http: AppClient, uri: Json): Promise<Json> {
  const { body } = await http({ path: 'app.bsky.feed.getPosts', query: { uris: [textOf(uri)] } })
  const parent = { uri: textAt(body, 'posts[0].uri'), cid: textAt(body, 'posts[0].cid') }
  if (parent.cid === '') {
    const message = `Bluesky has no post "${textOf(uri).slice(0, 200)}" that could be answered.`
    throw new StepError({ code: 'http-404', message, retryable: false })
  }
  const root = objectAt(body, 'posts[0].record.reply.root')
  return { parent, root: root.uri === undefined ? parent : root }
}

/** Likes or reposts a post. */
const markOf = (name: 'like' | 'repost', title: string, description: string) =>
  operation({
    name,
    title,
    description,
    keywords,
    summary: '{post}',
    effect: 'idempotent',
    fields: { post },
    sample: { uri: `at://did:plc:u5cwb2mwiv2bfq53cjufe6yn/app.bsky.feed.${name}/3k43tv4rft22g`, cid: written.cid },
    async run({ http, input, clock, idempotencyKey }) {
      const { body } = await http({ path: 'app.bsky.feed.getPosts', query: { uris: [textOf(input.post ?? '')] } })
      const subject = { uri: textAt(body, 'posts[0].uri'), cid: textAt(body, 'posts[0].cid') }
      const kind = `app.bsky.feed.${name}`
      return writeRecord(http, {
        collection: kind,
        record: { $type: kind, subject, createdAt: new Date(clock.now()).toISOString() },
        key: idempotencyKey,
      })
    },
  })

/** Puts a record where a repeat of this step finds it: one of the same key is the same record. */
async function writeRecord(
  http: AppClient,
  { collection, record, key }: { readonly collection: string; readonly record: Json; readonly key: string },
): Promise<Json> {
  const rkey = createHash('sha256').update(key).digest('hex').slice(0, 24)
  const body = { repo: await whoAmI(http), collection, rkey, record }
  return (await http({ method: 'POST', path: 'com.atproto.repo.putRecord', body })).body
}

/** Bluesky, and other servers of its protocol (https://docs.bsky.app/docs/category/http-reference). */
export const bluesky = defineApp({
  id: 'bluesky',
  title: 'Bluesky',
  icon,
  hue,
  address: { ofAccount: address, known: [USUAL] },
  account: 'needed',
  takesKey: false,
  credentials: [
    oauthAccount({
      id: 'bluesky',
      title: 'Bluesky account',
      tokenUrl: (fields) => `${address(fields)}/com.atproto.server.createSession`,
      scopes: [],
      isSession: true,
      fields: [
        { name: 'handle', title: 'Handle', placeholder: 'ada.bsky.social', isSecret: false },
        { name: 'password', title: 'App password', placeholder: 'xxxx-xxxx-xxxx-xxxx', isSecret: true },
        serverField('https://pds.example.com', { usual: USUAL }),
      ],
      more: {
        // To ask for a session is allowed some hundred times a day: the last one is gone on with.
        login: {
          secrets: ['password', 'refreshToken', 'accessToken'],
          requests(fields) {
            const { handle = '', password = '', refreshToken } = fields
            const at = (method: string) => `${address(fields)}/com.atproto.server.${method}`
            return [
              ...(refreshToken
                ? [{ url: at('refreshSession'), headers: { authorization: `Bearer ${refreshToken}` }, body: '' }]
                : []),
              {
                url: at('createSession'),
                headers: { 'content-type': 'application/json' },
                body: JSON.stringify({ identifier: handle.replace(/^@/, ''), password }),
              },
            ]
          },
          read(answer) {
            const session = sessionSchema.safeParse(JSON.parse(answer)).data
            if (session === undefined) return null
            const { accessJwt: accessToken, refreshJwt: refreshToken } = session
            return { accessToken, refreshToken, expiresAt: endOf(accessToken) }
          },
        },
      },
      help: howTo(
        'An app password in two steps',
        {
          title: 'Add an app password',
          text: 'Settings → Privacy and security.',
          link: { title: 'App passwords', url: 'https://bsky.app/settings/app-passwords' },
        },
        { title: 'Paste it here', text: 'With your handle.' },
      ),
      test: whoIs({ address, path: 'com.atproto.server.getSession', name: ['handle', 'did'] }),
    }),
  ],
  answers: {
    says: ['message', 'error'],
    // A session that has ended is a 400 here.
    means: (status, body) => (status === 400 && textAt(body, 'error') === 'ExpiredToken' ? 401 : status),
    waits: (_body, headers, now) => {
      const resets = Number(headers['ratelimit-reset'])
      return headers['ratelimit-remaining'] === '0' && resets > 0 ? Math.max(0, resets * 1_000 - now) : undefined
    },
  },
  triggers: [
    newItemTrigger({
      name: 'new-mention',
      title: 'New mention on Bluesky',
      description: 'Starts for each post that mentions or answers you.',
      keywords: [...keywords, 'notification', 'reply'],
      list: async ({ http }) => {
        const query = { reasons: ['mention', 'reply'], limit: 50 }
        return itemsAt((await http({ path: 'app.bsky.notification.listNotifications', query })).body, 'notifications')
      },
      key: 'uri',
      sample: { ...seen, reason: 'mention' },
    }),
    newItemTrigger({
      name: 'new-post',
      title: 'New post on Bluesky',
      description: 'Starts for each post of a person.',
      keywords: [...keywords, 'feed', 'author'],
      fields: { actor },
      request: 'GET /app.bsky.feed.getAuthorFeed',
      pages: pagesOf('feed', 'post'),
      most: 30,
      key: 'uri',
      sample: seen,
    }),
  ],
  actions: [
    operation({
      name: 'post',
      title: 'Post on Bluesky',
      description:
        'Writes a post, with pictures and as an answer where that is wanted. Addresses, mentions and tags in it lead on.',
      keywords: [...keywords, 'write', 'publish', 'tweet'],
      summary: '{text}',
      effect: 'keyed',
      fields: {
        text: longText('Text', { most: 3_000, help: 'Up to 300 characters.' }),
        image: file('Picture', { optional: true, help: 'Up to 1 MB.' }),
        alt: text('What the picture shows', { optional: true, most: 2_000 }),
        replyTo: text('Answers the post', { optional: true, advanced: true, placeholder: 'at://…' }),
        languages: texts('Languages', { optional: true, advanced: true, most: 3, placeholder: 'en' }),
      },
      sample: written,
      async run({ http, files, input, clock, idempotencyKey }) {
        const words = textOf(input.text ?? '')
        const facets: Json[] = []
        for (const facet of facetsIn(words)) {
          const did = 'mention' in facet ? await didOf(http, facet.mention) : null
          if (!('mention' in facet) || did !== null) facets.push(facetOf(facet, did))
        }
        let embed: Json | undefined
        if (input.image !== undefined) {
          const { content, contentType } = await files.read(input.image, 'image')
          const bytes = { content, contentType }
          const { body } = await http({ method: 'POST', path: 'com.atproto.repo.uploadBlob', bytes })
          const images = [{ alt: input.alt ?? '', image: objectAt(body, 'blob') }]
          embed = { $type: 'app.bsky.embed.images', images }
        }
        const { languages = null } = input
        const record = {
          $type: POST,
          text: words,
          createdAt: new Date(clock.now()).toISOString(),
          ...(facets.length > 0 && { facets }),
          ...(isJsonList(languages) && { langs: languages }),
          ...(embed !== undefined && { embed }),
          ...(input.replyTo !== undefined && { reply: await replyTo(http, input.replyTo) }),
        }
        return writeRecord(http, { collection: POST, record, key: idempotencyKey })
      },
    }),
    operation({
      name: 'upload-image',
      title: 'Upload a picture to Bluesky',
      description: 'Uploads a picture for a record of your own making.',
      keywords: [...keywords, 'image', 'blob'],
      summary: '{file}',
      fields: { file: file('Picture') },
      sample: { $type: 'blob', ref: { $link: 'bafkreibabalobzn6cd366ukcsjyc' }, mimeType: 'image/png', size: 12_345 },
      async run({ http, files, input }) {
        const { content, contentType } = await files.read(input.file ?? '', 'file')
        const bytes = { content, contentType }
        const { body } = await http({ method: 'POST', path: 'com.atproto.repo.uploadBlob', bytes })
        return objectAt(body, 'blob')
      },
    }),
    operation({
      name: 'delete-post',
      title: 'Delete a post on Bluesky',
      description: 'Deletes a post of yours.',
      keywords: [...keywords, 'remove'],
      summary: '{post}',
      effect: 'idempotent',
      fields: { post },
      sample: {},
      async run({ http, input }) {
        const body = { repo: await whoAmI(http), collection: POST, rkey: recordKey(input.post) }
        return (await http({ method: 'POST', path: 'com.atproto.repo.deleteRecord', body })).body
      },
    }),
    markOf('like', 'Like on Bluesky', 'Likes a post.'),
    markOf('repost', 'Repost on Bluesky', 'Shows a post to those who follow you.'),
    operation({
      name: 'author-feed',
      title: 'Read the posts of a person on Bluesky',
      description: 'Reads what a person posted, the newest first.',
      keywords: [...keywords, 'get many', 'feed'],
      request: 'GET /app.bsky.feed.getAuthorFeed',
      fields: {
        actor,
        filter: choice(
          'Which',
          { posts_with_replies: 'All', posts_no_replies: 'Without answers', posts_with_media: 'With pictures' },
          { advanced: true },
        ),
      },
      pages: pagesOf('feed', 'post'),
      sample: { items: [seen], count: 1, hasMore: false },
    }),
    operation({
      name: 'search',
      title: 'Search Bluesky',
      description: 'Finds posts.',
      keywords: [...keywords, 'find'],
      request: 'GET /app.bsky.feed.searchPosts',
      fields: {
        q: text('Search for'),
        sort: choice('Order', { latest: 'The newest first', top: 'The best first' }),
        since: moment('Since', { form: 'iso', optional: true }),
        until: moment('Until', { form: 'iso', optional: true, advanced: true }),
        author: text('Of', { optional: true, advanced: true, placeholder: 'ada.bsky.social' }),
        tag: text('With the tag', { optional: true, advanced: true }),
      },
      pages: pagesOf('posts'),
      sample: { items: [seen], count: 1, hasMore: false },
    }),
    operation({
      name: 'notifications',
      title: 'Read notifications of Bluesky',
      description: 'Reads who answered, liked or followed.',
      keywords: [...keywords, 'get many', 'mention', 'like', 'follow'],
      request: 'GET /app.bsky.notification.listNotifications',
      fields: {
        reasons: texts('Which', {
          optional: true,
          placeholder: 'mention',
          help: 'mention, reply, like, follow, repost, quote; all when empty.',
        }),
      },
      pages: pagesOf('notifications'),
      sample: { items: [{ ...seen, reason: 'reply' }], count: 1, hasMore: false },
    }),
  ],
})
