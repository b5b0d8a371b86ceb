import { isJsonObject, type Json, textOf } from '../../../domain/values/json.ts'
import { defineApp } from '../../define-app.ts'
import { bearer, clientHelp, howTo, oauthAccount, tokenAccount, whoIs } from '../../service/accounts.ts'
import { json, longText, number, pairs, text, yesNo } from '../../service/fields.ts'
import { handTrigger } from '../../service/hooks.ts'
import { listOf, newItemTrigger, operation } from '../../service/operation.ts'
import type { Pages } from '../../service/pages.ts'
import { keyOfParts, textAt } from '../../service/parts.ts'
import { pathPart } from '../../service/request.ts'
import { hue, icon } from './logo.ts'
import { blocksOf, propertiesOf, shownPage } from './notion-values.ts'

const VERSION = { 'notion-version': '2025-09-03' }

/** The id in a page's address is as good. */
const idOf = (value: Json): Json =>
  /([0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:[?#]|$)/i.exec(textOf(value))?.[1] ?? value
const database = text('Database', {
  placeholder: 'Choose a database…',
  help: 'One that is shared with the integration.',
  from: { list: 'databases', searches: true },
  send: idOf,
})
const page = text('Page', {
  placeholder: '{{ page.id }}',
  help: 'Its id, or its address.',
  from: { list: 'pages', searches: true },
  send: idOf,
})
const properties = pairs('Properties', {
  at: 'nowhere',
  optional: true,
  help: 'By their names. Texts, numbers, dates, yes or no, and lists are put in the form that each has in Notion.',
})
const content = longText('Content', {
  at: 'nowhere',
  optional: true,
  help: 'Paragraphs, with an empty line between them; "# " begins a heading, "- " a list.',
})

const stored = {
  id: '59833787-2cf9-4fdf-8782-e53db20768a5',
  url: 'https://www.notion.so/Order-42-598337872cf94fdf8782e53db20768a5',
  title: 'Order 42',
  createdAt: '2026-11-30T09:00:00.000Z',
  editedAt: '2026-11-30T09:00:00.000Z',
  properties: { Name: 'Order 42', Total: 12.5, Paid: true },
}
const cursorIn = (inBody: boolean): Pages => ({
  items: 'results',
  size: { as: 'page_size', most: 100 },
  next: { by: 'cursor', at: 'next_cursor', as: 'start_cursor' },
  inBody,
})

/** Titles stand in pieces. */
const titleOf = (item: Json): string => {
  const shown = shownPage(item)
  return textOf(shown.title ?? '')
}

const searched = (kind: 'page' | 'data_source') =>
  listOf({
    request: 'POST /search',
    body: { filter: { property: 'object', value: kind } },
    headers: VERSION,
    pages: cursorIn(true),
    value: 'id',
    label: titleOf,
    search: 'query',
  })

/** Notion (https://developers.notion.com/reference), with the version in which a database has data sources. */
export const notion = defineApp({
  id: 'notion',
  title: 'Notion',
  icon,
  hue,
  address: 'https://api.notion.com/v1',
  account: 'needed',
  takesKey: false,
  credentials: [
    tokenAccount({
      id: 'notion',
      title: 'Notion integration',
      secret: { title: 'Internal integration secret', placeholder: 'ntn_…' },
      help: howTo(
        'A secret in three steps',
        {
          title: 'Create an integration',
          text: 'Internal, in your workspace.',
          link: { title: 'Integrations', url: 'https://www.notion.so/profile/integrations' },
        },
        { title: 'Copy its secret, and paste it here' },
        { title: 'Share pages with it', text: 'At each page or database: ••• → Connections → your integration.' },
      ),
      signIn: bearer(),
      test: whoIs({
        address: 'https://api.notion.com/v1',
        path: 'users/me',
        name: ['bot.workspace_name', 'name'],
        headers: VERSION,
      }),
    }),
    oauthAccount({
      id: 'notion.oauth',
      title: 'Notion sign-in',
      authorizeUrl: 'https://api.notion.com/v1/oauth/authorize',
      tokenUrl: 'https://api.notion.com/v1/oauth/token',
      scopes: [],
      isAtFixedAddress: true,
      more: { pkce: false, secretInHeader: true, asksInJson: true, authorizeParams: { owner: 'user' } },
      help: clientHelp(
        { title: 'Notion integrations', url: 'https://www.notion.so/profile/integrations' },
        'As a public integration. Which pages it sees you choose while you sign in.',
      ),
      test: whoIs({
        address: 'https://api.notion.com/v1',
        path: 'users/me',
        name: ['bot.workspace_name', 'name'],
        headers: VERSION,
      }),
    }),
  ],
  answers: {
    means: (status, body) =>
      isJsonObject(body) && body.code === 'conflict_error' ? 503 : status === 529 ? 503 : status,
  },
  lists: { databases: searched('data_source'), pages: searched('page') },
  triggers: [
    newItemTrigger({
      name: 'new-page',
      title: 'New page in a Notion database',
      description: 'Starts for each page that is added to a database.',
      keywords: ['row', 'added', 'record'],
      request: 'POST /data_sources/{database}/query',
      headers: VERSION,
      body: { sorts: [{ timestamp: 'created_time', direction: 'descending' }] },
      fields: { database },
      pages: cursorIn(true),
      most: 200,
      key: 'id',
      event: shownPage,
      sample: stored,
    }),
    newItemTrigger({
      name: 'page-updated',
      title: 'New or changed page in a Notion database',
      description: 'Starts for each page of a database that is added or changed.',
      keywords: ['row', 'edited', 'record'],
      request: 'POST /data_sources/{database}/query',
      headers: VERSION,
      body: { sorts: [{ timestamp: 'last_edited_time', direction: 'descending' }] },
      fields: { database },
      pages: cursorIn(true),
      most: 200,
      key: keyOfParts('id', 'last_edited_time'),
      event: shownPage,
      sample: stored,
    }),
    handTrigger({
      name: 'events',
      title: 'Notion tells',
      description:
        'Starts at once when a page, a database or a comment changes. Notion says which: a step after it reads that.',
      keywords: ['webhook', 'page', 'comment', 'at once'],
      where: 'in the settings of your integration at Notion under Webhooks',
      verify: { scheme: 'hmac', header: 'X-Notion-Signature', prefix: 'sha256=' },
      secret:
        'The verification token: Notion sends it to the address once, and it is then in the inbox. It is also entered at Notion.',
      isProofOptional: true,
      // The first call brings the token, which a person confirms there.
      handshake: ({ body }) =>
        textAt(body, 'verification_token') === '' ? null : { status: 200, headers: {}, body: null },
      events: ({ body }) => [{ key: textAt(body, 'id') || null, data: body }],
      sample: {
        id: '367cba44-b6f3-4c92-81e7-6a2e9659efd4',
        type: 'page.content_updated',
        timestamp: '2026-11-30T09:00:00.000Z',
        entity: { id: '153104cd-477e-809d-8dc4-ff2d96ae3090', type: 'page' },
      },
    }),
  ],
  actions: [
    operation({
      name: 'create-database-page',
      title: 'Add a page to a Notion database',
      description: 'Adds a page, with its properties and its content.',
      keywords: ['create', 'row', 'record', 'insert'],
      summary: '{database}',
      fields: { database, properties, content },
      sample: stored,
      async run({ http, input }) {
        const id = textOf(idOf(input.database ?? ''))
        const schema = (await http({ path: `data_sources/${pathPart('database', id)}`, headers: VERSION })).body
        const body = {
          parent: { data_source_id: id },
          properties: propertiesOf(schema, input.properties),
          ...(input.content !== undefined && { children: blocksOf(textOf(input.content)) }),
        }
        return shownPage((await http({ method: 'POST', path: 'pages', headers: VERSION, body })).body)
      },
    }),
    operation({
      name: 'create-page',
      title: 'Create a Notion page',
      description: 'Creates a page below another one.',
      keywords: ['note', 'document'],
      fields: { page, title: text('Title'), content },
      sample: stored,
      async run({ http, input }) {
        const body = {
          parent: { page_id: textOf(idOf(input.page ?? '')) },
          properties: { title: { title: [{ text: { content: textOf(input.title ?? '') } }] } },
          ...(input.content !== undefined && { children: blocksOf(textOf(input.content)) }),
        }
        return shownPage((await http({ method: 'POST', path: 'pages', headers: VERSION, body })).body)
      },
    }),
    operation({
      name: 'query-data-source',
      title: 'Find pages in a Notion database',
      description: 'Reads the pages of a database, all or those that fit a filter of Notion’s.',
      keywords: ['search', 'get many', 'rows', 'records', 'query'],
      effect: 'none',
      fields: {
        database,
        filter: json('Filter', {
          optional: true,
          advanced: true,
          placeholder: '{"property":"Status","select":{"equals":"Open"}}',
        }),
        sorts: json('Order', {
          optional: true,
          advanced: true,
          placeholder: '[{"property":"Name","direction":"ascending"}]',
        }),
        limit: number('At most', {
          min: 1,
          max: 10_000,
          optional: true,
          advanced: true,
          help: 'Pages; 100 when empty.',
        }),
      },
      sample: { items: [stored], count: 1 },
      async run({ http, input }) {
        const { readPages } = await import('../../service/pages.ts')
        const path = `data_sources/${pathPart('database', idOf(input.database ?? ''))}/query`
        const body = {
          ...(input.filter !== undefined && { filter: input.filter }),
          ...(input.sorts !== undefined && { sorts: input.sorts }),
        }
        const request = { method: 'POST' as const, path, headers: VERSION, body }
        const { items } = await readPages(http, request, cursorIn(true), Number(input.limit ?? 100))
        return { items: items.map(shownPage), count: items.length }
      },
    }),
    operation({
      name: 'update-page',
      title: 'Change a Notion page',
      description: 'Changes properties of a page of a database, or moves a page to the trash.',
      keywords: ['edit', 'row', 'record', 'archive'],
      effect: 'idempotent',
      fields: { page, properties, trash: yesNo('To the trash', { advanced: true }) },
      sample: stored,
      async run({ http, input }) {
        const path = `pages/${pathPart('page', idOf(input.page ?? ''))}`
        const now = (await http({ path, headers: VERSION })).body
        const body = {
          properties: propertiesOf(now, input.properties),
          ...(input.trash === true && { in_trash: true }),
        }
        return shownPage((await http({ method: 'PATCH', path, headers: VERSION, body })).body)
      },
    }),
    operation({
      name: 'get-page',
      title: 'Get a Notion page',
      description: 'Reads the properties of a page.',
      keywords: ['read', 'row', 'record'],
      effect: 'none',
      fields: { page },
      sample: stored,
      run: async ({ http, input }) =>
        shownPage((await http({ path: `pages/${pathPart('page', idOf(input.page ?? ''))}`, headers: VERSION })).body),
    }),
    operation({
      name: 'append-blocks',
      title: 'Append to a Notion page',
      description: 'Writes text at the end of a page.',
      keywords: ['add', 'content', 'note', 'block'],
      fields: {
        page,
        content: longText('Content', {
          help: 'Paragraphs, with an empty line between them; "# " begins a heading, "- " a list.',
        }),
      },
      sample: { results: [{ id: '59833787' }] },
      async run({ http, input }) {
        const path = `blocks/${pathPart('page', idOf(input.page ?? ''))}/children`
        return (
          await http({
            method: 'PATCH',
            path,
            headers: VERSION,
            body: { children: blocksOf(textOf(input.content ?? '')) },
          })
        ).body
      },
    }),
    operation({
      name: 'list-blocks',
      title: 'Read a Notion page',
      description: 'Reads the blocks of a page: its paragraphs, headings and lists.',
      keywords: ['content', 'text', 'get'],
      request: 'GET /blocks/{page}/children',
      headers: VERSION,
      fields: { page },
      pages: cursorIn(false),
      sample: {
        items: [{ id: '59833787', type: 'paragraph', paragraph: { rich_text: [{ plain_text: 'Hello' }] } }],
        count: 1,
        hasMore: false,
      },
    }),
    operation({
      name: 'search',
      title: 'Search Notion',
      description: 'Finds pages and databases by their titles.',
      keywords: ['find'],
      request: 'POST /search',
      effect: 'none',
      headers: VERSION,
      fields: { query: text('Title has', { optional: true }) },
      pages: cursorIn(true),
      sample: { items: [{ object: 'page', id: '59833787', url: 'https://www.notion.so/…' }], count: 1, hasMore: false },
    }),
    operation({
      name: 'create-comment',
      title: 'Comment on a Notion page',
      description: 'Writes a comment on a page.',
      request: 'POST /comments',
      headers: VERSION,
      fields: {
        page: { ...page, as: 'parent.page_id' },
        text: longText('Text', { as: 'rich_text', send: (value: Json) => [{ text: { content: textOf(value) } }] }),
      },
      sample: { id: '94cc56ab-9f02-409d-9f99-1037e9fe502f' },
    }),
    operation({
      name: 'get-database',
      title: 'Get a database from Notion',
      description: 'Reads what a database is called, and its data sources.',
      keywords: ['table', 'data source', 'read'],
      request: 'GET /databases/{database}',
      headers: VERSION,
      fields: {
        database: text('Database', {
          placeholder: 'https://www.notion.so/…',
          help: 'Its id, or its address.',
          send: idOf,
        }),
      },
      sample: { id: stored.id, title: [{ plain_text: 'Orders' }], data_sources: [{ id: '248104cd', name: 'Orders' }] },
    }),
  ],
})
