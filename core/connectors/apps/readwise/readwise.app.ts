import type { Json } from '../../../domain/values/json.ts'
import { defineApp } from '../../define-app.ts'
import { bearer, howTo, tokenAccount } from '../../service/accounts.ts'
import { choice, json, longText, moment, text, texts, yesNo } from '../../service/fields.ts'
import { handTrigger } from '../../service/hooks.ts'
import { newItemTrigger, operation } from '../../service/operation.ts'
import { type Pages, readPages } from '../../service/pages.ts'
import { itemsAt, objectAt } from '../../service/parts.ts'
import { hue, icon } from './logo.ts'

const ADDRESS = 'https://readwise.io/api'
const DAY_MS = 86_400_000

const pages: Pages = { items: 'results', next: { by: 'cursor', at: 'nextPageCursor', as: 'pageCursor' } }
const PLACES = { new: 'New', later: 'Later', shortlist: 'Shortlist', archive: 'Archive', feed: 'Feed' }
const KINDS = {
  article: 'Article',
  email: 'Mail',
  rss: 'Feed',
  pdf: 'PDF',
  epub: 'Book',
  tweet: 'Post',
  video: 'Video',
  highlight: 'Highlight',
}
const document = {
  id: '01gwfvp9pyaabcdgmx14f6ha0',
  url: 'https://read.readwise.io/read/01gwfvp9pyaabcdgmx14f6ha0',
  title: 'A new engine',
  author: 'Ada Lovelace',
  category: 'article',
  location: 'new',
}
const book = { user_book_id: 123, title: 'Notes', author: 'Ada Lovelace' }
const highlight = {
  id: 456,
  text: 'The engine might act upon other things.',
  note: '',
  highlighted_at: '2026-11-30T09:00:00Z',
}
const keywords = ['read', 'article', 'highlight', 'book', 'reader']

/** The highlights of books, each with its book. */
function highlightsIn(books: readonly Json[]): Json[] {
  return books.flatMap((one) => {
    const { highlights: _, ...of } = objectAt(one, '')
    return itemsAt(one, 'highlights').map((found) => ({ ...objectAt(found, ''), book: of }))
  })
}

/** Readwise and Reader (https://readwise.io/api_deets, https://readwise.io/reader_api). */
export const readwise = defineApp({
  id: 'readwise',
  title: 'Readwise and Reader',
  icon,
  hue,
  address: ADDRESS,
  account: 'needed',
  takesKey: false,
  credentials: [
    tokenAccount({
      id: 'readwise',
      title: 'Readwise token',
      secret: { title: 'Access token' },
      help: howTo(
        'A token in two steps',
        { title: 'Copy the token', link: { title: 'Access token', url: 'https://readwise.io/access_token' } },
        { title: 'Paste it here' },
      ),
      signIn: bearer('Token'),
      // It proves the token, and does not say whose it is.
      async test({ at }) {
        await at(ADDRESS)({ path: 'v2/auth/' })
        return null
      },
    }),
  ],
  triggers: [
    newItemTrigger({
      name: 'new-highlight',
      title: 'New highlight in Readwise',
      description: 'Starts for each highlight of the last month that comes in, with its book.',
      keywords,
      async list({ http, now }) {
        const updatedAfter = new Date(now - 31 * DAY_MS).toISOString()
        const { items } = await readPages(http, { path: 'v2/export/', query: { updatedAfter } }, pages, 2_000)
        return highlightsIn(items)
      },
      key: 'id',
      sample: { ...highlight, book },
    }),
    handTrigger({
      name: 'webhook',
      title: 'Readwise tells',
      description: 'Starts at once when something is saved, read or highlighted.',
      keywords: [...keywords, 'webhook'],
      where: 'at readwise.io/webhook',
      // The caller has to know the secret that Readwise shows there.
      verify: { scheme: 'in-body', at: 'secret' },
      secret: 'The one that Readwise shows there.',
      events: ({ body }) => {
        const { secret: _, ...told } = objectAt(body, '')
        return [{ key: null, data: told }]
      },
      sample: { event_type: 'reader.any_document.created', ...document },
    }),
  ],
  actions: [
    operation({
      name: 'save-to-reader',
      title: 'Save a page to Reader',
      description: 'Saves a page for later. One that is there already stays one.',
      keywords: [...keywords, 'bookmark', 'add', 'later'],
      summary: '{url}',
      request: 'POST /v3/save/',
      effect: 'idempotent',
      fields: {
        url: text('Address'),
        title: text('Title', { optional: true }),
        author: text('Author', { optional: true, advanced: true }),
        summary: longText('Summary', { optional: true, advanced: true }),
        tags: texts('Tags', { optional: true }),
        notes: longText('Notes', { optional: true }),
        location: choice('Goes to', PLACES, { optional: true }),
        category: choice('It is', KINDS, { optional: true, advanced: true }),
        html: longText('Content', {
          optional: true,
          advanced: true,
          help: 'HTML; Readwise fetches the page when empty.',
        }),
        tidies: yesNo('Content is tidied', { as: 'should_clean_html', advanced: true }),
        image: text('Picture', { as: 'image_url', optional: true, advanced: true }),
        published: moment('Published', { as: 'published_date', form: 'iso', optional: true, advanced: true }),
      },
      body: { saved_using: 'Hookline' },
      sample: { id: document.id, url: document.url },
    }),
    operation({
      name: 'list-reader',
      title: 'List documents of Reader',
      description: 'Reads what is saved, all or what fits.',
      keywords: [...keywords, 'get many'],
      request: 'GET /v3/list/',
      fields: {
        location: choice('In', PLACES, { optional: true }),
        category: choice('What', KINDS, { optional: true }),
        tag: text('With the tag', { optional: true }),
        updated: moment('Changed after', { as: 'updatedAfter', form: 'iso', optional: true }),
        id: text('Document', { optional: true, advanced: true, help: 'Its id: that one alone.' }),
      },
      pages,
      sample: { items: [document], count: 1, hasMore: false },
    }),
    operation({
      name: 'create-highlights',
      title: 'Add highlights to Readwise',
      description: 'Adds one highlight, or many. One that is there already stays one.',
      keywords: [...keywords, 'quote', 'note'],
      summary: '{text}',
      request: 'POST /v2/highlights/',
      effect: 'idempotent',
      fields: {
        text: longText('Text', { optional: true, most: 8_191, at: 'nowhere' }),
        title: text('From', { optional: true, at: 'nowhere', help: 'The title of the book or page.' }),
        author: text('Author', { optional: true, at: 'nowhere' }),
        source: text('Address', { optional: true, at: 'nowhere' }),
        note: longText('Note', { optional: true, at: 'nowhere' }),
        many: json('Many at once', {
          optional: true,
          advanced: true,
          at: 'nowhere',
          help: 'In place of the fields above, as Readwise names them.',
          placeholder: '[{"text":"…","title":"…"}]',
        }),
      },
      body: (_, { text: words, title, author, source, note, many }) => ({
        highlights: many ?? [
          {
            text: words ?? '',
            ...(title !== undefined && { title }),
            ...(author !== undefined && { author }),
            ...(source !== undefined && { source_url: source }),
            ...(note !== undefined && { note }),
          },
        ],
      }),
      sample: { items: [{ id: 111, title: 'Notes', modified_highlights: [456] }], count: 1 },
    }),
    operation({
      name: 'export',
      title: 'Export highlights of Readwise',
      description: 'Reads books with their highlights.',
      keywords: [...keywords, 'get many', 'backup'],
      request: 'GET /v2/export/',
      fields: {
        updated: moment('Changed after', { as: 'updatedAfter', form: 'iso', optional: true }),
        ids: text('Books', { optional: true, advanced: true, help: 'Numbers, with commas between.' }),
      },
      pages,
      sample: { items: [{ ...book, highlights: [highlight] }], count: 1, hasMore: false },
    }),
  ],
})
