import { StepError } from '../../../domain/runs/step-error.ts'
import { isJsonList, isJsonObject, type Json, textOf } from '../../../domain/values/json.ts'
import type { AppClient } from '../../app-request.ts'
import type { CredentialType } from '../../credential.ts'
import { defineApp } from '../../define-app.ts'
import { readPath, valueAt } from '../../kit/path.ts'
import { bearer, clientHelp, howTo, oauthAccount, tokenAccount } from '../../service/accounts.ts'
import type { Refusal } from '../../service/answers.ts'
import { choice, longText, number, pairs, text } from '../../service/fields.ts'
import { hookTrigger } from '../../service/hooks.ts'
import { listOf, newItemTrigger, operation } from '../../service/operation.ts'
import { textAt } from '../../service/parts.ts'
import type { Entered } from '../../service/request.ts'
import { hue, icon } from './logo.ts'

const ADDRESS = 'https://api.monday.com/v2'
const HEADERS = { 'api-version': '2026-01' }

const board = text('Board', { placeholder: '1234567890', from: { list: 'boards' } })
const anyBoard = text('Board', { placeholder: '1234567890', at: 'nowhere', from: { list: 'boards' } })
const group = text('Group', {
  optional: true,
  at: 'nowhere',
  help: 'All of the board when empty.',
  from: { list: 'groups', needs: ['board'] },
})
const item = text('Item', { placeholder: '9876543210', at: 'nowhere', help: 'Its id.' })
const values = pairs('Values', {
  at: 'nowhere',
  optional: true,
  help: 'By the ids of the columns. Texts, or what monday has for the kind of column.',
})

const ITEM = '{ id name created_at updated_at group { id title } column_values { id text value column { title } } }'
const stored = {
  id: '9876543210',
  name: 'Mend the printer',
  created_at: '2026-11-30T09:00:00Z',
  updated_at: '2026-11-30T09:00:00Z',
  group: { id: 'topics', title: 'This week' },
  column_values: [{ id: 'status', text: 'Done', value: '{"index":1}', column: { title: 'Status' } }],
  values: { Status: 'Done' },
}

/** Errors of a query stand in a 200 (https://developer.monday.com/api-reference/docs/error-handling). */
function refusalIn(body: Json): Refusal | null {
  if (!isJsonObject(body)) return null
  const errors = isJsonList(body.errors ?? null) ? Object.values(Object(body.errors)) : []
  const says =
    errors.map((one) => textOf(valueAt(one as Json, readPath('message')) ?? '')).join('; ') ||
    textOf(body.error_message ?? '')
  if (says === '') return null
  const code = textOf(valueAt(body, readPath('errors[0].extensions.code')) ?? body.error_code ?? '')
  const wait = valueAt(body, readPath('errors[0].extensions.retry_in_seconds'))
  const isLimit = /COMPLEXITY|RATE_LIMIT|CONCURRENCY|MINUTE_LIMIT|DAILY_LIMIT/i.test(code)
  const status = isLimit
    ? 429
    : /Unauthorized|UserUnauthorized/i.test(code)
      ? 403
      : /NotFound|ResourceNotFound/i.test(code)
        ? 404
        : 400
  return { says, status, ...(typeof wait === 'number' && { retryAfterMs: wait * 1_000 }) }
}

/** Values of columns go as JSON in a text; plain texts are taken as they are. */
const columnsOf = (given: Json | undefined): string => JSON.stringify(given ?? {})

/** What is sent for a query with variables. */
const query = (words: string, variables: (entered: Entered) => Record<string, Json>) => ({
  request: 'POST /' as const,
  headers: HEADERS,
  body: (_: Json, entered: Entered): Json => ({ query: words, variables: variables(entered) }),
})

/** An item with the texts of its columns by their names, so that a pill is one of them. */
function withValues(found: Json): Json {
  if (!isJsonObject(found)) return found
  const columns = isJsonList(found.column_values ?? null) ? Object.values(Object(found.column_values)) : []
  const named = columns.map((one): [string, Json] => [
    textOf(valueAt(one as Json, readPath('column.title')) ?? valueAt(one as Json, readPath('id')) ?? ''),
    valueAt(one as Json, readPath('text')) ?? null,
  ])
  return { ...found, values: Object.fromEntries(named) }
}

/** The items of a board or of a group of it, page by page: each answer but the last one has a cursor. */
async function itemsOf(http: AppClient, entered: Entered, limit: number): Promise<Json[]> {
  const { board: of, group: within } = entered
  const size = Math.min(limit, 100)
  const page = `items_page(limit: ${size}) { cursor items ${ITEM} }`
  const first =
    within === undefined
      ? { words: `query($board: [ID!]) { boards(ids: $board) { ${page} } }`, at: 'data.boards[0].items_page' }
      : {
          words: `query($board: [ID!], $group: [String]) { boards(ids: $board) { groups(ids: $group) { ${page} } } }`,
          at: 'data.boards[0].groups[0].items_page',
        }
  const items: Json[] = []
  let asked: Json = {
    query: first.words,
    variables: { board: [textOf(of ?? '')], ...(within !== undefined && { group: [textOf(within)] }) },
  }
  let at = first.at
  while (items.length < limit) {
    const { body } = await http({ method: 'POST', path: '', headers: HEADERS, body: asked })
    const found = valueAt(body, readPath(at)) ?? null
    const list = isJsonObject(found) && isJsonList(found.items ?? null) ? Object.values(Object(found.items)) : []
    items.push(...list.map((one) => withValues(one as Json)))
    const cursor = isJsonObject(found) ? (found.cursor ?? null) : null
    if (cursor === null || list.length === 0) break
    asked = {
      query: `query($cursor: String!) { next_items_page(limit: ${size}, cursor: $cursor) { cursor items ${ITEM} } }`,
      variables: { cursor },
    }
    at = 'data.next_items_page'
  }
  return items.slice(0, limit)
}

const EVENTS = {
  create_item: 'An item is created',
  change_column_value: 'A column changes',
  change_status_column_value: 'A status changes',
  item_moved_to_any_group: 'An item is moved',
  create_update: 'An update is posted',
  item_archived: 'An item is archived',
  item_deleted: 'An item is deleted',
}

/** Whose an account is. */
const test: NonNullable<CredentialType['test']> = async ({ at }) => {
  const answer = await at(ADDRESS)({
    method: 'POST',
    path: '',
    headers: HEADERS,
    body: { query: '{ me { name email account { name } } }' },
  })
  const refusal = refusalIn(answer.body)
  if (refusal !== null)
    throw new StepError({
      code: `http-${refusal.status ?? 400}`,
      message: `monday.com says: ${refusal.says}`,
      retryable: false,
    })
  return textAt(answer.body, 'data.me.name') || null
}

/** monday.com (https://developer.monday.com/api-reference). */
export const monday = defineApp({
  id: 'monday',
  title: 'monday.com',
  icon,
  hue,
  address: ADDRESS,
  account: 'needed',
  takesKey: false,
  credentials: [
    tokenAccount({
      id: 'monday',
      title: 'monday.com token',
      secret: { title: 'API token' },
      help: howTo(
        'A token in two steps',
        {
          title: 'Open the developer center',
          text: 'Your picture → Developers → API token.',
          link: { title: 'monday.com', url: 'https://auth.monday.com' },
        },
        { title: 'Paste it here' },
      ),
      signIn: bearer(''),
      test,
    }),
    oauthAccount({
      id: 'monday.oauth',
      title: 'monday.com sign-in',
      authorizeUrl: 'https://auth.monday.com/oauth2/authorize',
      tokenUrl: 'https://auth.monday.com/oauth2/token',
      scopes: [
        'me:read',
        'account:read',
        'boards:read',
        'boards:write',
        'updates:read',
        'updates:write',
        'users:read',
        'webhooks:write',
      ],
      isAtFixedAddress: true,
      // Its tokens do not end.
      more: { pkce: false },
      help: clientHelp(
        { title: 'monday.com developer center', url: 'https://auth.monday.com' },
        'OAuth: boards, updates, users, webhooks and me.',
      ),
      signIn: bearer(''),
      test,
    }),
  ],
  answers: { refusal: refusalIn },
  lists: {
    boards: listOf({
      ...query('', () => ({})),
      body: { query: 'query { boards(limit: 200, order_by: used_at) { id name type } }' },
      pages: { items: 'data.boards' },
      value: 'id',
      label: 'name',
    }),
    async groups({ http, input }) {
      const body = {
        query: 'query($board: [ID!]) { boards(ids: $board) { groups { id title } } }',
        variables: { board: [textOf(input.board ?? '')] },
      }
      const found =
        valueAt(
          (await http({ method: 'POST', path: '', headers: HEADERS, body })).body,
          readPath('data.boards[0].groups'),
        ) ?? null
      const groups = isJsonList(found) ? found : []
      return {
        options: groups.map((one) => ({
          value: textAt(one, 'id'),
          label: textAt(one, 'title'),
        })),
        next: null,
      }
    },
  },
  triggers: [
    newItemTrigger({
      name: 'new-item',
      title: 'New item on monday.com',
      description: 'Starts for each item that is added to a board.',
      keywords: ['task', 'row', 'added'],
      summary: '{board}',
      fields: { board: anyBoard, group },
      key: 'id',
      sample: stored,
      list: ({ http, input }) => itemsOf(http, input, 1_000),
    }),
    hookTrigger({
      name: 'board-event',
      title: 'monday.com tells of a board',
      description: 'Starts at once when something happens on a board.',
      keywords: ['webhook', 'status', 'column', 'item'],
      fields: { board, event: choice('When', EVENTS) },
      // Webhooks of a token are not signed; their address is unguessable.
      verify: null,
      headers: HEADERS,
      subscribe: 'POST /',
      body: ({ url }, { board: of, event }) => ({
        query:
          'mutation($board: ID!, $url: String!, $event: WebhookEventType!) { create_webhook(board_id: $board, url: $url, event: $event) { id } }',
        variables: { board: textOf(of ?? ''), url, event: event ?? 'create_item' },
      }),
      id: 'data.create_webhook.id',
      unsubscribe: 'POST /',
      endsWith: (id) => ({ query: 'mutation($id: ID!) { delete_webhook(id: $id) { id } }', variables: { id } }),
      // monday looks whether the address is ours by a word that it wants back.
      handshake: ({ body }) =>
        isJsonObject(body) && body.challenge !== undefined
          ? { status: 200, headers: {}, body: { challenge: body.challenge } }
          : null,
      events: ({ body }) => {
        const event = isJsonObject(body) ? (body.event ?? null) : null
        const key = valueAt(event, readPath('triggerUuid')) ?? null
        return event === null ? [] : [{ key: key === null ? null : textOf(key), data: event }]
      },
      sample: {
        type: 'create_pulse',
        boardId: 1_234_567_890,
        pulseId: 9_876_543_210,
        pulseName: 'Mend the printer',
        triggerUuid: 'b5ed2e17',
      },
    }),
  ],
  actions: [
    operation({
      name: 'create-item',
      title: 'Create an item on monday.com',
      description: 'Adds an item to a board.',
      keywords: ['task', 'row', 'add'],
      summary: '{name}',
      ...query(
        'mutation($board: ID!, $group: String, $name: String!, $values: JSON) { create_item(board_id: $board, group_id: $group, item_name: $name, column_values: $values, create_labels_if_missing: true) { id name } }',
        ({ board: of, group: within, name, values: columns }) => ({
          board: textOf(of ?? ''),
          ...(within !== undefined && { group: textOf(within) }),
          name: textOf(name ?? ''),
          values: columnsOf(columns),
        }),
      ),
      fields: {
        board: anyBoard,
        group: text('Group', {
          optional: true,
          at: 'nowhere',
          help: 'The first one when empty.',
          from: { list: 'groups', needs: ['board'] },
        }),
        name: text('Title', { at: 'nowhere' }),
        values,
      },
      result: 'data.create_item',
      sample: { id: '9876543210', name: 'Mend the printer' },
    }),
    operation({
      name: 'list-items',
      title: 'List items of monday.com',
      description: 'Reads the items of a board, or of a group of it.',
      keywords: ['tasks', 'rows', 'get many'],
      summary: '{board}',
      effect: 'none',
      fields: {
        board: anyBoard,
        group,
        limit: number('At most', {
          min: 1,
          max: 10_000,
          optional: true,
          advanced: true,
          at: 'nowhere',
          help: 'Items; 100 when empty.',
        }),
      },
      sample: { items: [stored], count: 1 },
      run: ({ http, input }) => itemsOf(http, input, Number(input.limit ?? 100)),
    }),
    operation({
      name: 'get-item',
      title: 'Get an item from monday.com',
      description: 'Reads one item with its columns.',
      keywords: ['task', 'row', 'read'],
      effect: 'none',
      fields: { item },
      sample: stored,
      async run({ http, input }) {
        const body = {
          query: `query($item: [ID!]) { items(ids: $item) ${ITEM} }`,
          variables: { item: [textOf(input.item ?? '')] },
        }
        const found = valueAt(
          (await http({ method: 'POST', path: '', headers: HEADERS, body })).body,
          readPath('data.items[0]'),
        )
        if (found !== undefined && found !== null) return withValues(found)
        throw new StepError({
          code: 'http-404',
          message: 'monday.com does not find this item: look at its id, and whether the account may see it.',
          retryable: false,
        })
      },
    }),
    operation({
      name: 'change-column-values',
      title: 'Change an item on monday.com',
      description: 'Changes columns of an item.',
      keywords: ['task', 'row', 'edit', 'status'],
      effect: 'idempotent',
      summary: '{item}',
      ...query(
        'mutation($board: ID!, $item: ID!, $values: JSON!) { change_multiple_column_values(board_id: $board, item_id: $item, column_values: $values, create_labels_if_missing: true) { id name } }',
        ({ board: of, item: one, values: columns }) => ({
          board: textOf(of ?? ''),
          item: textOf(one ?? ''),
          values: columnsOf(columns),
        }),
      ),
      fields: { board: anyBoard, item, values: pairs('Values', { at: 'nowhere', help: 'By the ids of the columns.' }) },
      result: 'data.change_multiple_column_values',
      sample: { id: '9876543210', name: 'Mend the printer' },
    }),
    operation({
      name: 'add-update',
      title: 'Post an update on monday.com',
      description: 'Writes an update at an item.',
      keywords: ['comment', 'note', 'reply'],
      summary: '{text}',
      ...query(
        'mutation($item: ID!, $text: String!) { create_update(item_id: $item, body: $text) { id } }',
        ({ item: one, text: words }) => ({ item: textOf(one ?? ''), text: textOf(words ?? '') }),
      ),
      fields: { item, text: longText('Text', { at: 'nowhere', help: 'HTML.' }) },
      result: 'data.create_update',
      sample: { id: '1234567' },
    }),
    operation({
      name: 'find-by-column',
      title: 'Find items on monday.com',
      description: 'Finds the items of a board by the value of a column.',
      keywords: ['search', 'lookup', 'task', 'row'],
      effect: 'none',
      fields: {
        board: anyBoard,
        column: text('Column', { at: 'nowhere', placeholder: 'email', help: 'Its id.' }),
        value: text('Value', { at: 'nowhere' }),
      },
      sample: { items: [stored], count: 1 },
      async run({ http, input }) {
        const words = `query($board: ID!, $column: String!, $value: String!) { items_page_by_column_values(limit: 100, board_id: $board, columns: [{ column_id: $column, column_values: [$value] }]) { items ${ITEM} } }`
        const variables = {
          board: textOf(input.board ?? ''),
          column: textOf(input.column ?? ''),
          value: textOf(input.value ?? ''),
        }
        const found =
          valueAt(
            (await http({ method: 'POST', path: '', headers: HEADERS, body: { query: words, variables } })).body,
            readPath('data.items_page_by_column_values.items'),
          ) ?? null
        return isJsonList(found) ? found.map(withValues) : []
      },
    }),
    operation({
      name: 'create-board',
      title: 'Create a board on monday.com',
      description: 'Creates a board.',
      keywords: ['project', 'add'],
      summary: '{name}',
      ...query(
        'mutation($name: String!, $kind: BoardKind!) { create_board(board_name: $name, board_kind: $kind) { id } }',
        ({ name, kind }) => ({ name: textOf(name ?? ''), kind: textOf(kind ?? 'public') }),
      ),
      fields: {
        name: text('Name', { at: 'nowhere' }),
        kind: choice(
          'Seen by',
          { public: 'All of the team', private: 'Who is invited', share: 'Guests, too' },
          { at: 'nowhere' },
        ),
      },
      result: 'data.create_board',
      sample: { id: '1234567890' },
    }),
  ],
})
