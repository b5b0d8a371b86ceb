import { expect, it } from 'vitest'
import type { Json } from '../../../domain/values/json.ts'
import { lineOf, type Sent, sentByTrigger, sentByUs } from '../../service/test-judge.ts'
import { fileWorld } from '../../test-files.ts'
import { bluesky } from './bluesky.app.ts'
import { facetsIn } from './post-text.ts'

const secret = { handle: '@ada.bsky.social', password: 'p', refreshToken: 'R', accessToken: 'A' }
const account = { type: 'bluesky', secret: JSON.stringify(secret) }
const answers = ({ path }: Sent): Json => {
  if (path.endsWith('getSession')) return { did: 'did:plc:me', handle: 'ada.bsky.social' }
  if (path.endsWith('resolveHandle')) return { did: 'did:plc:bob' }
  if (path.endsWith('getPosts')) return { posts: [{ uri: 'at://x/y/1', cid: 'c1', record: {} }] }
  if (path.endsWith('uploadBlob')) return { blob: { $type: 'blob', size: 2 } }
  return { uri: 'at://me/p/1', feed: [{ post: { uri: 'at://p' } }], notifications: [{ uri: 'at://n' }] }
}
const at = '/xrpc/com.atproto.repo'
const rkey = expect.stringMatching(/^[0-9a-f]{24}$/)
const createdAt = expect.stringMatching(/Z$/)

it.each<[string, Record<string, Json>, ...(readonly unknown[])[]]>([
  [
    'author-feed',
    { actor: 'ada.bsky.social', limit: 5 },
    ['GET /xrpc/app.bsky.feed.getAuthorFeed?actor=ada.bsky.social&filter=posts_with_replies&limit=5'],
  ],
  ['search', { q: 'x', limit: 5 }, ['GET /xrpc/app.bsky.feed.searchPosts?limit=5&q=x&sort=latest']],
  [
    'notifications',
    { reasons: 'mention\nreply', limit: 5 },
    ['GET /xrpc/app.bsky.notification.listNotifications?limit=5&reasons=mention&reasons=reply'],
  ],
  [
    'delete-post',
    { post: 'at://did:plc:me/app.bsky.feed.post/3k' },
    ['GET /xrpc/com.atproto.server.getSession'],
    [`POST ${at}.deleteRecord`, { repo: 'did:plc:me', collection: 'app.bsky.feed.post', rkey: '3k' }],
  ],
  [
    'like',
    { post: 'at://x/y/1' },
    ['GET /xrpc/app.bsky.feed.getPosts?uris=at://x/y/1'],
    ['GET /xrpc/com.atproto.server.getSession'],
    [
      `POST ${at}.putRecord`,
      {
        repo: 'did:plc:me',
        collection: 'app.bsky.feed.like',
        rkey,
        record: { $type: 'app.bsky.feed.like', subject: { uri: 'at://x/y/1', cid: 'c1' }, createdAt },
      },
    ],
  ],
])('%s %j', async (uses, input, ...expected) => {
  const { sent } = await sentByUs(bluesky, uses, input, { answers, account })
  expect(sent.map(lineOf)).toEqual(expected)
  expect(sent[0]?.authorization).toBe('Bearer A')
})

it('a post has its links, mentions and tags by bytes, a picture, and what it answers', async () => {
  const { files, large, put, at: path } = fileWorld()
  put('a.png', 'PN')
  const input = {
    text: 'Grüße @bob.example #tea https://a.example/x.',
    image: path('a.png'),
    alt: 'A cat',
    replyTo: 'at://x/y/1',
    languages: 'de',
  }
  const { sent } = await sentByUs(bluesky, 'post', input, { answers, account, files: { files, large } })
  const kind = 'app.bsky.richtext.facet'
  expect(sent.at(-1)?.body).toEqual({
    repo: 'did:plc:me',
    collection: 'app.bsky.feed.post',
    rkey,
    record: {
      $type: 'app.bsky.feed.post',
      text: input.text,
      createdAt,
      facets: [
        { index: { byteStart: 8, byteEnd: 20 }, features: [{ $type: `${kind}#mention`, did: 'did:plc:bob' }] },
        { index: { byteStart: 21, byteEnd: 25 }, features: [{ $type: `${kind}#tag`, tag: 'tea' }] },
        { index: { byteStart: 26, byteEnd: 45 }, features: [{ $type: `${kind}#link`, uri: 'https://a.example/x' }] },
      ],
      langs: ['de'],
      embed: { $type: 'app.bsky.embed.images', images: [{ alt: 'A cat', image: { $type: 'blob', size: 2 } }] },
      reply: { root: { uri: 'at://x/y/1', cid: 'c1' }, parent: { uri: 'at://x/y/1', cid: 'c1' } },
    },
  })
})

it.each([
  ['no #1 here, nor a@b.example', []],
  ['https://a.example/#tag', ['https://a.example/#tag']],
  ['(see https://a.example)', ['https://a.example']],
])('in %j there are the parts %j', (text, parts) => {
  expect(facetsIn(text).map((one) => ('link' in one ? one.link : one))).toEqual(parts)
})

it('mentions and posts start runs', async () => {
  const mention = await sentByTrigger(bluesky, 'new-mention', {}, { answers, account })
  expect(mention.sent.map(lineOf)).toEqual([
    ['GET /xrpc/app.bsky.notification.listNotifications?limit=50&reasons=mention&reasons=reply'],
  ])
  expect(mention.events.map(({ key }) => key)).toEqual(['at://n'])
  const post = await sentByTrigger(bluesky, 'new-post', { actor: 'ada.bsky.social' }, { answers, account })
  expect(post.events.map(({ key }) => key)).toEqual(['at://p'])
})

it('a session goes on with what is left of the last one, and else begins with the password', () => {
  const login = bluesky.credentials[0]?.oauth?.(secret).login
  expect(login?.requests(secret)).toEqual([
    {
      url: 'https://bsky.social/xrpc/com.atproto.server.refreshSession',
      headers: { authorization: 'Bearer R' },
      body: '',
    },
    {
      url: 'https://bsky.social/xrpc/com.atproto.server.createSession',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ identifier: 'ada.bsky.social', password: 'p' }),
    },
  ])
  const jwt = `h.${Buffer.from(JSON.stringify({ exp: 1_796_029_200 })).toString('base64url')}.s`
  expect(login?.read(JSON.stringify({ accessJwt: jwt, refreshJwt: 'r' }))).toEqual({
    accessToken: jwt,
    refreshToken: 'r',
    expiresAt: '2026-11-30T09:00:00.000Z',
  })
  expect(login?.read('{"error":"AuthenticationRequired"}')).toBeNull()
})
