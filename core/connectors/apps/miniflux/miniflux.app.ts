import { defineApp } from '../../define-app.ts'
import { howTo, serverAt, serverField, tokenAccount, whoIs } from '../../service/accounts.ts'
import { choice, moment, text, texts, yesNo } from '../../service/fields.ts'
import { handTrigger } from '../../service/hooks.ts'
import { listOf, newItemTrigger, operation } from '../../service/operation.ts'
import type { Pages } from '../../service/pages.ts'
import { numbers } from '../../service/parts.ts'
import { hue, icon } from './logo.ts'

const address = serverAt('/v1')
const entry = text('Entry', { placeholder: '{{ entry.id }}', help: 'Its number.' })
const category = text('Category', { as: 'category_id', optional: true, from: { list: 'categories' } })
const pages: Pages = { items: 'entries', size: { as: 'limit', most: 250 }, next: { by: 'offset', as: 'offset' } }
const stored = {
  id: 888,
  title: 'A new engine',
  url: 'https://example.org/engine',
  content: '<p>…</p>',
  published_at: '2026-11-30T09:00:00Z',
  status: 'unread',
  feed: { id: 42, title: 'Example' },
}
const keywords = ['rss', 'feed', 'reader', 'news']

/** Miniflux (https://miniflux.app/docs/api.html). */
export const miniflux = defineApp({
  id: 'miniflux',
  title: 'Miniflux',
  icon,
  hue,
  address: { ofAccount: address },
  account: 'needed',
  takesKey: false,
  credentials: [
    tokenAccount({
      id: 'miniflux',
      title: 'Miniflux key',
      fields: [serverField('https://reader.miniflux.app')],
      secret: { title: 'API key' },
      help: howTo(
        'A key in two steps',
        { title: 'Create a key', text: 'Settings → API keys.' },
        { title: 'Paste it here', text: 'With the address of the server.' },
      ),
      signIn: (token) => ({ headers: { 'x-auth-token': token } }),
      test: whoIs({ address, path: 'me', name: ['username'] }),
    }),
  ],
  answers: { says: ['error_message'] },
  lists: {
    categories: listOf({ request: 'GET /categories', pages: { items: '' }, value: 'id', label: 'title' }),
  },
  triggers: [
    newItemTrigger({
      name: 'new-entry',
      title: 'New entry in Miniflux',
      description: 'Starts for each article that comes in.',
      keywords,
      fields: { category },
      request: 'GET /entries?order=id&direction=desc',
      pages,
      most: 250,
      key: 'id',
      sample: stored,
    }),
    handTrigger({
      name: 'new-entries',
      title: 'Miniflux tells of entries',
      description: 'Starts at once for each article that comes in, or that you save.',
      keywords: [...keywords, 'webhook'],
      where: 'in Miniflux under Settings → Integrations → Webhook',
      verify: { scheme: 'hmac', header: 'X-Miniflux-Signature' },
      secret: 'The one that Miniflux shows there.',
      events: ({ headers, body }) => {
        const { event_type: event, feed, entries, entry: saved } = Object(body)
        const all = Array.isArray(entries) ? entries : saved === undefined ? [] : [saved]
        // The header is not signed.
        const kind = event ?? headers['x-miniflux-event-type'] ?? ''
        return all.map((one) => {
          const { id } = Object(one)
          const data = { event: kind, ...(feed !== undefined && { feed }), ...Object(one) }
          return { key: id === undefined ? null : `${kind} ${id}`, data }
        })
      },
      sample: { event: 'new_entries', ...stored },
    }),
  ],
  actions: [
    operation({
      name: 'list-entries',
      title: 'List entries of Miniflux',
      description: 'Reads articles, all or those that fit.',
      keywords: [...keywords, 'get many', 'articles'],
      request: 'GET /entries',
      fields: {
        status: choice('Which', { unread: 'Unread', read: 'Read', removed: 'Removed' }, { optional: true }),
        starred: yesNo('Starred ones alone'),
        search: text('With the words', { optional: true }),
        category,
        order: choice(
          'Order',
          { published_at: 'When published', id: 'When they came' },
          { optional: true, advanced: true },
        ),
        direction: choice('First', { desc: 'The newest', asc: 'The oldest' }, { advanced: true }),
        after: text('After the entry', { as: 'after_entry_id', optional: true, advanced: true }),
        changed: moment('Changed after', { as: 'changed_after', form: 's', optional: true, advanced: true }),
        published: moment('Published after', { as: 'published_after', form: 's', optional: true, advanced: true }),
      },
      pages,
      sample: { items: [stored], count: 1, hasMore: false },
    }),
    operation({
      name: 'get-entry',
      title: 'Get an entry from Miniflux',
      description: 'Reads one article.',
      keywords: [...keywords, 'read'],
      request: 'GET /entries/{entry}',
      fields: { entry },
      sample: stored,
    }),
    operation({
      name: 'update-entries',
      title: 'Mark entries in Miniflux',
      description: 'Marks articles as read or unread.',
      keywords: [...keywords, 'read', 'unread'],
      request: 'PUT /entries',
      fields: {
        entries: texts('Entries', { as: 'entry_ids', help: 'Numbers, one a line.', send: numbers }),
        status: choice('They are', { read: 'Read', unread: 'Unread' }),
      },
      sample: {},
    }),
    operation({
      name: 'toggle-star',
      title: 'Star an entry in Miniflux',
      description: 'Gives an article its star, or takes it away where it has one.',
      keywords: [...keywords, 'favourite', 'bookmark'],
      request: 'PUT /entries/{entry}/bookmark',
      // Twice is as if nothing had been done.
      effect: 'unsafe',
      fields: { entry },
      sample: {},
    }),
    operation({
      name: 'save-entry',
      title: 'Save an entry of Miniflux',
      description: 'Sends an article to the services that are set there, such as Wallabag.',
      keywords: [...keywords, 'send', 'share'],
      request: 'POST /entries/{entry}/save',
      fields: { entry },
      sample: {},
    }),
    operation({
      name: 'fetch-content',
      title: 'Fetch the article of a Miniflux entry',
      description: 'Reads the whole article from its page.',
      keywords: [...keywords, 'full text', 'read'],
      request: 'GET /entries/{entry}/fetch-content',
      fields: { entry, keep: yesNo('Miniflux keeps it', { as: 'update_content', advanced: true }) },
      sample: { content: '<p>…</p>' },
    }),
    operation({
      name: 'create-feed',
      title: 'Subscribe in Miniflux',
      description: 'Adds a feed.',
      keywords: [...keywords, 'add'],
      summary: '{url}',
      request: 'POST /feeds',
      fields: {
        url: text('Address of the feed', { as: 'feed_url' }),
        category: { ...category, send: Number },
      },
      sample: { feed_id: 262 },
    }),
    operation({
      name: 'list-feeds',
      title: 'List feeds of Miniflux',
      description: 'Reads what is subscribed to.',
      keywords: [...keywords, 'get many', 'subscriptions'],
      request: 'GET /feeds',
      sample: { items: [{ id: 42, title: 'Example', feed_url: 'https://example.org/feed.xml' }], count: 1 },
    }),
  ],
})
