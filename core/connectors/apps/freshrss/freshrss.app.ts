import { textOf } from '../../../domain/values/json.ts'
import type { AppClient } from '../../app-request.ts'
import { defineApp } from '../../define-app.ts'
import { howTo, oauthAccount, serverAt, serverField, whoIs } from '../../service/accounts.ts'
import { choice, moment, text, texts } from '../../service/fields.ts'
import { listOf, newItemTrigger, operation } from '../../service/operation.ts'
import type { Pages } from '../../service/pages.ts'
import { hue, icon } from './logo.ts'

const address = serverAt('/api/greader.php')
const LIST = 'reader/api/0/stream/contents/reading-list'
const READ = 'user/-/state/com.google/read'
const STARRED = 'user/-/state/com.google/starred'

const pages: Pages = {
  items: 'items',
  size: { as: 'n', most: 1_000 },
  next: { by: 'cursor', at: 'continuation', as: 'c' },
}
const stored = {
  id: 'tag:google.com,2005:reader/item/000645a3f2b1',
  title: 'A new engine',
  published: 1_796_029_200,
  canonical: [{ href: 'https://example.org/engine' }],
  summary: { content: '<p>…</p>' },
  origin: { streamId: 'feed/52', title: 'Example' },
}
const keywords = ['rss', 'feed', 'reader', 'news']

/** What changes something carries a token that has to be asked for before. */
async function change(http: AppClient, path: string, fields: Readonly<Record<string, string | string[]>>) {
  const { body } = await http({ path: 'reader/api/0/token' })
  const form = { ...fields, T: textOf(body).trim() }
  // A name that comes several times is not what an object can say.
  const parts = new URLSearchParams(
    Object.entries(form).flatMap(([name, value]) => [value].flat().map((one): [string, string] => [name, one])),
  )
  const content = Buffer.from(parts.toString(), 'utf8')
  const bytes = { content, contentType: 'application/x-www-form-urlencoded' }
  return http({ method: 'POST', path, bytes })
}

/** FreshRSS, by the API of Google Reader that it has (https://freshrss.github.io/FreshRSS/en/developers/06_GoogleReader_API.html). */
export const freshrss = defineApp({
  id: 'freshrss',
  title: 'FreshRSS',
  icon,
  hue,
  address: { ofAccount: address },
  account: 'needed',
  takesKey: false,
  credentials: [
    oauthAccount({
      id: 'freshrss',
      title: 'FreshRSS account',
      tokenUrl: (fields) => `${address(fields)}/accounts/ClientLogin`,
      scopes: [],
      isSession: true,
      fields: [
        serverField('https://rss.example.com'),
        { name: 'user', title: 'User', isSecret: false },
        { name: 'password', title: 'API password', isSecret: true },
      ],
      more: {
        login: {
          secrets: ['password', 'accessToken'],
          requests: (fields) => [
            {
              url: `${address(fields)}/accounts/ClientLogin`,
              headers: { 'content-type': 'application/x-www-form-urlencoded' },
              body: new URLSearchParams({ Email: fields.user ?? '', Passwd: fields.password ?? '' }).toString(),
            },
          ],
          read(answer) {
            const accessToken = /^Auth=(.{1,1000})$/m.exec(answer.slice(0, 10_000))?.[1]?.trim()
            return accessToken === undefined ? null : { accessToken, expiresAt: '' }
          },
        },
      },
      signIn: (token) => ({ headers: { authorization: `GoogleLogin auth=${token}` } }),
      help: howTo(
        'An API password in three steps',
        { title: 'Allow it', text: 'Settings → Authentication → Allow API access.' },
        { title: 'Set an API password', text: 'Settings → Profile → API management.' },
        { title: 'Enter it here', text: 'With the address of FreshRSS and your user name.' },
      ),
      test: whoIs({ address, path: 'reader/api/0/user-info?output=json', name: ['userName', 'userEmail'] }),
    }),
  ],
  lists: {
    feeds: listOf({
      request: 'GET /reader/api/0/subscription/list?output=json',
      pages: { items: 'subscriptions' },
      value: 'id',
      label: 'title',
      hint: 'url',
    }),
  },
  triggers: [
    newItemTrigger({
      name: 'new-article',
      title: 'New article in FreshRSS',
      description: 'Starts for each article that comes in.',
      keywords,
      request: `GET /${LIST}`,
      pages,
      most: 200,
      key: 'id',
      sample: stored,
    }),
  ],
  actions: [
    operation({
      name: 'list-items',
      title: 'List articles of FreshRSS',
      description: 'Reads articles, the newest first.',
      keywords: [...keywords, 'get many', 'unread'],
      request: `GET /${LIST}`,
      fields: {
        without: choice('Which', { [READ]: 'Unread', '': 'All' }, { as: 'xt', send: (value) => value || undefined }),
        since: moment('Since', { as: 'ot', form: 's', optional: true }),
        order: choice('First', { d: 'The newest', o: 'The oldest' }, { as: 'r', advanced: true }),
      },
      pages,
      sample: { items: [stored], count: 1, hasMore: false },
    }),
    operation({
      name: 'list-feeds',
      title: 'List feeds of FreshRSS',
      description: 'Reads what is subscribed to.',
      keywords: [...keywords, 'get many', 'subscriptions'],
      request: 'GET /reader/api/0/subscription/list?output=json',
      result: 'subscriptions',
      sample: { items: [{ id: 'feed/52', title: 'Example', url: 'https://example.org/feed.xml' }], count: 1 },
    }),
    operation({
      name: 'unread-count',
      title: 'Count unread articles in FreshRSS',
      description: 'Reads how many articles of each feed are unread.',
      keywords: [...keywords, 'number'],
      request: 'GET /reader/api/0/unread-count?output=json',
      sample: { max: 12, unreadcounts: [{ id: 'feed/52', count: 12 }] },
    }),
    operation({
      name: 'edit-subscription',
      title: 'Subscribe in FreshRSS',
      description: 'Adds a feed, removes it, or gives it another name or category.',
      keywords: [...keywords, 'add', 'unsubscribe', 'remove'],
      summary: '{feed}',
      effect: 'idempotent',
      fields: {
        what: choice('What', { subscribe: 'Subscribe', edit: 'Change', unsubscribe: 'Unsubscribe' }),
        feed: text('Feed', {
          placeholder: 'https://example.org/feed.xml',
          help: 'Its address, or which one of yours.',
          from: { list: 'feeds' },
        }),
        title: text('Name', { optional: true }),
        category: text('Category', { optional: true }),
      },
      sample: { value: 'OK' },
      async run({ http, input }) {
        const feed = textOf(input.feed ?? '')
        const { body } = await change(http, 'reader/api/0/subscription/edit', {
          ac: textOf(input.what ?? 'subscribe'),
          s: /^feed\//.test(feed) ? feed : `feed/${feed}`,
          ...(input.title !== undefined && { t: textOf(input.title) }),
          ...(input.category !== undefined && { a: `user/-/label/${textOf(input.category)}` }),
        })
        return body
      },
    }),
    operation({
      name: 'mark-item',
      title: 'Mark articles in FreshRSS',
      description: 'Marks articles as read or unread, gives them a star or takes it away.',
      keywords: [...keywords, 'read', 'star', 'favourite'],
      effect: 'idempotent',
      fields: {
        items: texts('Articles', { placeholder: '{{ article.id }}', help: 'Ids, one a line.' }),
        what: choice('As', { read: 'Read', unread: 'Unread', star: 'Starred', unstar: 'Without a star' }),
      },
      sample: { value: 'OK' },
      async run({ http, input }) {
        const { items = [], what } = input
        const tag = what === 'star' || what === 'unstar' ? STARRED : READ
        const { body } = await change(http, 'reader/api/0/edit-tag', {
          i: Array.isArray(items) ? items.map(textOf) : [],
          [what === 'unread' || what === 'unstar' ? 'r' : 'a']: tag,
        })
        return body
      },
    }),
  ],
})
