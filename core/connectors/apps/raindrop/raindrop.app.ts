import { isJsonObject, textOf } from '../../../domain/values/json.ts'
import { defineApp } from '../../define-app.ts'
import { bearer, clientHelp, howTo, oauthAccount, tokenAccount, whoIs } from '../../service/accounts.ts'
import { choice, longText, text, texts, yesNo } from '../../service/fields.ts'
import { listOf, newItemTrigger, operation } from '../../service/operation.ts'
import type { Pages } from '../../service/pages.ts'
import { hue, icon } from './logo.ts'

const ADDRESS = 'https://api.raindrop.io/rest/v1'

const within = text('Collection', {
  placeholder: '0',
  help: 'Its number; 0 is all, -1 what is in none.',
  from: { list: 'collections' },
})
const into = text('Collection', {
  as: 'collection.$id',
  optional: true,
  help: 'Its number; none when empty.',
  from: { list: 'collections' },
  send: Number,
})
const bookmark = text('Bookmark', { placeholder: '{{ bookmark._id }}', help: 'Its number.' })
const words = {
  title: text('Title', { optional: true }),
  excerpt: longText('Description', { optional: true }),
  note: longText('Note', { optional: true, advanced: true }),
  tags: texts('Tags', { optional: true }),
  collection: into,
  important: yesNo('A favourite', { advanced: true }),
}
const pages: Pages = { items: 'items', size: { as: 'perpage', most: 50 }, next: { by: 'page', as: 'page', first: 0 } }
const stored = {
  _id: 1_234_567,
  link: 'https://example.com',
  title: 'Example',
  tags: ['later'],
  created: '2026-11-30T09:00:00.000Z',
  collection: { $id: 42 },
}
const collection = { _id: 42, title: 'Reading', count: 7 }

/** Raindrop.io (https://developer.raindrop.io). */
export const raindrop = defineApp({
  id: 'raindrop',
  title: 'Raindrop.io',
  icon,
  hue,
  address: ADDRESS,
  account: 'needed',
  takesKey: false,
  credentials: [
    tokenAccount({
      id: 'raindrop',
      title: 'Raindrop.io token',
      secret: { title: 'Test token', help: 'It does not end.' },
      help: howTo(
        'A token in two steps',
        {
          title: 'Create an app',
          text: 'Then open it, and create a test token.',
          link: { title: 'Integrations', url: 'https://app.raindrop.io/settings/integrations' },
        },
        { title: 'Paste it here' },
      ),
      signIn: bearer(),
      test: whoIs({ address: ADDRESS, path: 'user', name: ['user.fullName', 'user.email'] }),
    }),
    oauthAccount({
      id: 'raindrop.oauth',
      title: 'Raindrop.io sign-in',
      authorizeUrl: 'https://raindrop.io/oauth/authorize',
      tokenUrl: 'https://raindrop.io/oauth/access_token',
      scopes: [],
      isAtFixedAddress: true,
      more: { pkce: false, asksInJson: true },
      help: clientHelp(
        { title: 'Raindrop.io integrations', url: 'https://app.raindrop.io/settings/integrations' },
        'Nothing is to be chosen.',
      ),
      test: whoIs({ address: ADDRESS, path: 'user', name: ['user.fullName', 'user.email'] }),
    }),
  ],
  answers: {
    says: ['errorMessage', 'error'],
    refusal: (body) =>
      isJsonObject(body) && body.result === false
        ? {
            says: textOf(body.errorMessage ?? body.error ?? ''),
            ...(typeof body.status === 'number' && { status: body.status }),
          }
        : null,
    waits: (_body, headers, now) => {
      const resets = Number(headers['x-ratelimit-reset'])
      return resets > 0 ? Math.max(0, resets * 1_000 - now) : undefined
    },
  },
  lists: {
    async collections(given) {
      const [top, below] = [
        await listOf({ request: 'GET /collections', pages: { items: 'items' }, value: '_id', label: 'title' })(given),
        await listOf({
          request: 'GET /collections/childrens',
          pages: { items: 'items' },
          value: '_id',
          label: 'title',
        })(given),
      ]
      return { options: [...top.options, ...below.options], next: null }
    },
  },
  triggers: [
    newItemTrigger({
      name: 'new-bookmark',
      title: 'New bookmark in Raindrop.io',
      description: 'Starts for each bookmark that is added.',
      keywords: ['link', 'read later', 'saved'],
      request: 'GET /raindrops/{collection}?sort=-created',
      fields: { collection: within },
      pages,
      key: '_id',
      sample: stored,
    }),
  ],
  actions: [
    operation({
      name: 'create-bookmark',
      title: 'Save a bookmark in Raindrop.io',
      description: 'Saves a link.',
      keywords: ['link', 'read later', 'add'],
      summary: '{link}',
      request: 'POST /raindrop',
      fields: {
        link: text('Link', { placeholder: 'https://example.com' }),
        ...words,
        look: yesNo('Find title and picture', {
          as: 'pleaseParse',
          initial: true,
          send: (value) => (value === false ? undefined : {}),
        }),
      },
      result: 'item',
      sample: stored,
    }),
    operation({
      name: 'list-bookmarks',
      title: 'List bookmarks of Raindrop.io',
      description: 'Reads bookmarks, all or those that fit.',
      keywords: ['links', 'search', 'get many'],
      request: 'GET /raindrops/{collection}',
      fields: {
        collection: within,
        search: text('Search for', { optional: true, placeholder: '#later' }),
        sort: choice('Order', { '-created': 'Newest first', created: 'Oldest first', title: 'By title' }),
      },
      pages,
      sample: { items: [stored], count: 1, hasMore: false },
    }),
    operation({
      name: 'get-bookmark',
      title: 'Get a bookmark from Raindrop.io',
      description: 'Reads one bookmark.',
      keywords: ['link', 'read'],
      request: 'GET /raindrop/{bookmark}',
      fields: { bookmark },
      result: 'item',
      sample: stored,
    }),
    operation({
      name: 'update-bookmark',
      title: 'Change a bookmark in Raindrop.io',
      description: 'Changes a bookmark; what is left empty stays.',
      keywords: ['link', 'edit', 'tag', 'move'],
      request: 'PUT /raindrop/{bookmark}',
      fields: { bookmark, ...words },
      result: 'item',
      sample: stored,
    }),
    operation({
      name: 'delete-bookmark',
      title: 'Delete a bookmark in Raindrop.io',
      description: 'Moves a bookmark to the bin.',
      keywords: ['link', 'remove', 'trash'],
      request: 'DELETE /raindrop/{bookmark}',
      // What is in the bin already would be deleted for good by a repeat.
      effect: 'unsafe',
      fields: { bookmark },
      sample: { result: true },
    }),
    operation({
      name: 'get-collection',
      title: 'Get a collection from Raindrop.io',
      description: 'Reads one collection.',
      keywords: ['folder', 'read'],
      request: 'GET /collection/{collection}',
      fields: { collection: text('Collection', { from: { list: 'collections' } }) },
      result: 'item',
      sample: collection,
    }),
    operation({
      name: 'create-collection',
      title: 'Create a collection in Raindrop.io',
      description: 'Creates a collection.',
      keywords: ['folder', 'add'],
      request: 'POST /collection',
      fields: {
        title: text('Title'),
        parent: text('Below', {
          as: 'parent.$id',
          optional: true,
          advanced: true,
          from: { list: 'collections' },
          send: Number,
        }),
        public: yesNo('Everybody may see it', { advanced: true }),
      },
      result: 'item',
      sample: collection,
    }),
    operation({
      name: 'list-highlights',
      title: 'List highlights of Raindrop.io',
      description: 'Reads what was marked in pages.',
      keywords: ['quotes', 'annotations', 'get many'],
      request: 'GET /highlights',
      pages,
      sample: {
        items: [
          { _id: '62388e9e48b63606f41e44a6', text: 'Weaves algebraic patterns', note: '', raindropRef: 1_234_567 },
        ],
        count: 1,
        hasMore: false,
      },
    }),
  ],
})
