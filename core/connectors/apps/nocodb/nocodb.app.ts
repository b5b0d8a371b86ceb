import { isJsonObject, type Json, textOf } from '../../../domain/values/json.ts'
import { defineApp } from '../../define-app.ts'
import { readPath, valueAt } from '../../kit/path.ts'
import { howTo, serverAt, serverField, tokenAccount, whoIs } from '../../service/accounts.ts'
import { pairs, text } from '../../service/fields.ts'
import { handTrigger, OWN_HEADER } from '../../service/hooks.ts'
import { listOf, newItemTrigger, operation } from '../../service/operation.ts'
import type { Pages } from '../../service/pages.ts'
import { itemsAt, objectAt } from '../../service/parts.ts'
import { hue, icon } from './logo.ts'

const CLOUD = 'https://app.nocodb.com'
const address = serverAt('', CLOUD)

const base = text('Base', {
  optional: true,
  at: 'nowhere',
  help: 'To choose the table from its list.',
  from: { list: 'bases' },
})
const table = text('Table', {
  placeholder: 'm1a2b3c4d5e6f7',
  help: 'Its id.',
  from: { list: 'tables', needs: ['base'] },
})
const row = text('Row', { placeholder: '{{ row.Id }}', help: 'Its id.' })
const values = pairs('Values', { at: 'nowhere', help: 'By the names of the columns.' })
const where = text('Only where', {
  optional: true,
  placeholder: '(Status,eq,Open)~and(Total,gt,5)',
  help: 'In the words of NocoDB.',
})

const stored = { Id: 42, Title: 'Order 42', Total: 12.5, CreatedAt: '2026-11-30 09:00:00+00:00', UpdatedAt: null }
const pages: Pages = {
  items: 'list',
  size: { as: 'limit', most: 200 },
  end: { at: 'pageInfo.isLastPage', is: true },
  next: { by: 'offset', as: 'offset' },
}
/** Numbers stay numbers, as ids of most tables are. */
const idOf = (value: Json | undefined): Json =>
  /^\d{1,15}$/.test(textOf(value ?? '')) ? Number(value) : (value ?? null)
const withId = (_: Json, { row: id, values: given }: Readonly<Record<string, Json | undefined>>): Json => ({
  Id: idOf(id),
  ...Object(given ?? {}),
})
const changedAt = (item: Json): string =>
  textOf(valueAt(item, readPath('UpdatedAt')) ?? valueAt(item, readPath('CreatedAt')) ?? '')

/** NocoDB (https://nocodb.com/apis/v2/data), with rows as the second version has them. */
export const nocodb = defineApp({
  id: 'nocodb',
  title: 'NocoDB',
  icon,
  hue,
  address: { ofAccount: address, known: [CLOUD] },
  account: 'needed',
  takesKey: false,
  credentials: [
    tokenAccount({
      id: 'nocodb',
      title: 'NocoDB token',
      fields: [serverField('https://nocodb.example.com', { help: 'Of your own;', usual: CLOUD })],
      secret: { title: 'API token' },
      help: howTo(
        'A token in two steps',
        {
          title: 'Add a token',
          text: 'Account settings → Tokens.',
          link: { title: 'Tokens', url: `${CLOUD}/#/account/tokens` },
        },
        { title: 'Paste it here' },
      ),
      signIn: (token) => ({ headers: { 'xc-token': token } }),
      test: whoIs({ address, path: 'api/v1/auth/user/me', name: ['email', 'display_name'] }),
    }),
  ],
  answers: { says: ['msg', 'message', 'error'] },
  lists: {
    bases: listOf({ request: 'GET /api/v2/meta/bases/', pages: { items: 'list' }, value: 'id', label: 'title' }),
    tables: listOf({
      request: 'GET /api/v2/meta/bases/{base}/tables',
      fields: { base: text('Base') },
      pages: { items: 'list' },
      value: 'id',
      label: 'title',
    }),
  },
  triggers: [
    newItemTrigger({
      name: 'row-created-or-updated',
      title: 'New or changed row in NocoDB',
      description: 'Starts for each row of a table that is added or changed.',
      keywords: ['record', 'database', 'edited'],
      summary: '{table}',
      request: 'GET /api/v2/tables/{table}/records?sort=-UpdatedAt,-CreatedAt',
      fields: { base, table, where },
      pages,
      most: 200,
      key: (item) => `${textOf(isJsonObject(item) ? (item.Id ?? item.id ?? '') : '')} ${changedAt(item)}`,
      sample: stored,
    }),
    handTrigger({
      name: 'row-event',
      title: 'NocoDB tells of a row',
      description: 'Starts at once for each row that is added, changed or deleted.',
      keywords: ['webhook', 'table', 'record', 'at once'],
      where: 'at NocoDB, in the details of a table under Webhooks',
      ...OWN_HEADER,
      events: ({ body }) => {
        const rows = itemsAt(body, 'data.rows')
        const { type = null } = objectAt(body, '')
        const table = valueAt(body, readPath('data.table_name')) ?? null
        return rows.map((row) => ({ key: null, data: { type, table, row } }))
      },
      sample: { type: 'records.after.insert', table: 'Orders', row: { Id: 42, Total: 12.5 } },
    }),
  ],
  actions: [
    operation({
      name: 'list-rows',
      title: 'Find rows in NocoDB',
      description: 'Reads the rows of a table, all or those that fit.',
      keywords: ['search', 'get many', 'records', 'database'],
      summary: '{table}',
      request: 'GET /api/v2/tables/{table}/records',
      fields: {
        base,
        table,
        where,
        sort: text('Order', {
          optional: true,
          placeholder: '-CreatedAt',
          help: 'A column; “-” before it turns the order around.',
        }),
        only: text('Columns to read', { as: 'fields', optional: true, advanced: true, placeholder: 'Title,Total' }),
        view: text('View', { as: 'viewId', optional: true, advanced: true, help: 'Its id.' }),
      },
      pages,
      sample: { items: [stored], count: 1, hasMore: false },
    }),
    operation({
      name: 'get-row',
      title: 'Get a row from NocoDB',
      description: 'Reads one row.',
      keywords: ['record', 'read', 'database'],
      summary: '{row}',
      request: 'GET /api/v2/tables/{table}/records/{row}',
      fields: { base, table, row },
      sample: stored,
    }),
    operation({
      name: 'create-row',
      title: 'Add a row to NocoDB',
      description: 'Adds a row to a table.',
      keywords: ['record', 'create', 'insert', 'database'],
      summary: '{table}',
      request: 'POST /api/v2/tables/{table}/records',
      fields: { base, table, values },
      body: (_, { values: given }) => given ?? {},
      sample: { Id: 42 },
    }),
    operation({
      name: 'update-row',
      title: 'Change a row in NocoDB',
      description: 'Changes some columns of a row.',
      keywords: ['record', 'edit', 'database'],
      summary: '{row}',
      request: 'PATCH /api/v2/tables/{table}/records',
      effect: 'idempotent',
      fields: { base, table, row: { ...row, at: 'nowhere' }, values },
      body: withId,
      sample: { Id: 42 },
    }),
    operation({
      name: 'delete-row',
      title: 'Delete a row in NocoDB',
      description: 'Deletes a row.',
      keywords: ['record', 'remove', 'database'],
      summary: '{row}',
      request: 'DELETE /api/v2/tables/{table}/records',
      fields: { base, table, row: { ...row, at: 'nowhere' } },
      body: withId,
      sample: { Id: 42 },
    }),
    operation({
      name: 'count',
      title: 'Count rows in NocoDB',
      description: 'Counts the rows of a table, all or those that fit.',
      keywords: ['records', 'number', 'database'],
      summary: '{table}',
      request: 'GET /api/v2/tables/{table}/records/count',
      fields: { base, table, where },
      sample: { count: 42 },
    }),
  ],
})
