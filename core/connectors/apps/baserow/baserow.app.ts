import { isJsonList, type Json } from '../../../domain/values/json.ts'
import { defineApp } from '../../define-app.ts'
import { readPath, valueAt } from '../../kit/path.ts'
import { bearer, howTo, serverAt, serverField, tokenAccount } from '../../service/accounts.ts'
import { choice, json, pairs, text } from '../../service/fields.ts'
import { handTrigger, OWN_HEADER } from '../../service/hooks.ts'
import { listOf, newItemTrigger, operation } from '../../service/operation.ts'
import type { Pages } from '../../service/pages.ts'
import { itemsAt, objectAt } from '../../service/parts.ts'
import { pathPart } from '../../service/request.ts'
import { hue, icon } from './logo.ts'

const CLOUD = 'https://api.baserow.io'
const address = serverAt('/api', CLOUD)

const table = text('Table', { placeholder: '1234', help: 'Its number.', from: { list: 'tables' } })
const row = text('Row', { placeholder: '{{ row.id }}', help: 'Its number.' })
const values = pairs('Values', { at: 'nowhere', help: 'By the names of the fields.' })
const given = (_: Json, { values: entered }: Readonly<Record<string, Json | undefined>>): Json => entered ?? {}

/** Addresses end with a slash, and fields go by their names. */
const ROWS = '/database/rows/table/{table}/' as const
const NAMED = 'user_field_names=true' as const
const stored = { id: 42, order: '1.00000000000000000000', Name: 'Order 42', Total: '12.50' }
const pages: Pages = {
  items: 'results',
  size: { as: 'size', most: 200 },
  end: { at: 'next', is: null },
  next: { by: 'page', as: 'page' },
}

/** Baserow (https://baserow.io/docs/apis/rest-api). */
export const baserow = defineApp({
  id: 'baserow',
  title: 'Baserow',
  icon,
  hue,
  address: { ofAccount: address, known: [CLOUD] },
  account: 'needed',
  takesKey: false,
  credentials: [
    tokenAccount({
      id: 'baserow',
      title: 'Baserow token',
      fields: [serverField('https://baserow.example.com', { help: 'Of your own;', usual: CLOUD })],
      secret: { title: 'Database token' },
      help: howTo(
        'A token in two steps',
        {
          title: 'Create a database token',
          text: 'My settings → Database tokens; say there what it may do.',
          link: { title: 'Baserow', url: 'https://baserow.io/dashboard' },
        },
        { title: 'Paste it here' },
      ),
      signIn: bearer('Token'),
      async test({ fields, at }) {
        const { body } = await at(address(fields))({ path: 'database/tables/all-tables/' })
        const count = isJsonList(body) ? body.length : 0
        return `${count} table${count === 1 ? '' : 's'}`
      },
    }),
  ],
  answers: { says: ['detail', 'error'] },
  lists: {
    tables: listOf({ request: 'GET /database/tables/all-tables/', pages: { items: '' }, value: 'id', label: 'name' }),
  },
  triggers: [
    newItemTrigger({
      name: 'new-row',
      title: 'New row in Baserow',
      description: 'Starts for each row that is added to a table.',
      keywords: ['record', 'database', 'added'],
      request: `GET ${ROWS}?${NAMED}&order_by=-id`,
      fields: { table },
      pages,
      most: 200,
      key: 'id',
      sample: stored,
    }),
    handTrigger({
      name: 'rows-changed',
      title: 'Baserow tells of rows',
      description: 'Starts at once for each row that is added, changed or deleted.',
      keywords: ['webhook', 'table', 'record', 'at once'],
      where: 'at Baserow, at the ⋯ of a table under Webhooks',
      ...OWN_HEADER,
      events: ({ body }) => {
        const { event_id: id = null, event_type: type = null, table_id: table = null } = objectAt(body, '')
        const rows = [...itemsAt(body, 'items'), ...itemsAt(body, 'row_ids')]
        return rows.map((row, at) => ({ key: id === null ? null : `${String(id)} ${at}`, data: { type, table, row } }))
      },
      sample: { type: 'rows.created', table: 42, row: { id: 7, Name: 'Ada' } },
    }),
  ],
  actions: [
    operation({
      name: 'list-rows',
      title: 'Find rows in Baserow',
      description: 'Reads the rows of a table, all or those that fit.',
      keywords: ['search', 'get many', 'records', 'database'],
      request: `GET ${ROWS}?${NAMED}`,
      fields: {
        table,
        search: text('Search for', { optional: true }),
        order: text('Order', {
          as: 'order_by',
          optional: true,
          placeholder: '-Name',
          help: 'A field; “-” before it turns the order around.',
        }),
        filters: json('Filters', {
          optional: true,
          advanced: true,
          placeholder: '{"filter_type":"AND","filters":[{"field":"Name","type":"contains","value":"Ada"}]}',
          send: (value) => JSON.stringify(value),
        }),
        view: text('View', { as: 'view_id', optional: true, advanced: true, help: 'Its number.' }),
      },
      pages,
      sample: { items: [stored], count: 1, hasMore: false },
    }),
    operation({
      name: 'create-row',
      title: 'Add a row to Baserow',
      description: 'Adds a row to a table.',
      keywords: ['record', 'create', 'insert', 'database'],
      request: `POST ${ROWS}?${NAMED}`,
      fields: { table, values },
      body: given,
      sample: stored,
    }),
    operation({
      name: 'update-row',
      title: 'Change a row in Baserow',
      description: 'Changes some fields of a row.',
      keywords: ['record', 'edit', 'database'],
      request: `PATCH ${ROWS}{row}/?${NAMED}`,
      effect: 'idempotent',
      fields: { table, row, values },
      body: given,
      sample: stored,
    }),
    operation({
      name: 'get-row',
      title: 'Get a row from Baserow',
      description: 'Reads one row.',
      keywords: ['record', 'read', 'database'],
      request: `GET ${ROWS}{row}/?${NAMED}`,
      fields: { table, row },
      sample: stored,
    }),
    operation({
      name: 'delete-row',
      title: 'Delete a row in Baserow',
      description: 'Deletes a row.',
      keywords: ['record', 'remove', 'database'],
      request: `DELETE ${ROWS}{row}/`,
      fields: { table, row },
      sample: {},
    }),
    operation({
      name: 'batch-create',
      title: 'Add or change rows in Baserow',
      description: 'Adds up to 200 rows at once, or changes those whose id is in them.',
      keywords: ['records', 'create', 'insert', 'import', 'database'],
      effect: 'unsafe',
      fields: {
        table,
        rows: json('Rows', { placeholder: '[{"Name":"A"},{"Name":"B"}]', help: 'A list of objects.' }),
        how: choice('What', { create: 'Add them', update: 'Change those with the same id' }),
      },
      sample: { items: [stored], count: 1 },
      async run({ http, input }) {
        const path = `database/rows/table/${pathPart('table', input.table)}/batch/`
        const method = input.how === 'update' ? 'PATCH' : 'POST'
        return (
          valueAt(
            (await http({ method, path, query: { user_field_names: 'true' }, body: { items: input.rows ?? [] } })).body,
            readPath('items'),
          ) ?? []
        )
      },
    }),
    operation({
      name: 'upload-via-url',
      title: 'Give Baserow a file from an address',
      description: 'Baserow fetches a file; what comes back goes into a field for files.',
      keywords: ['upload', 'attachment', 'image', 'database'],
      request: 'POST /user-files/upload-via-url/',
      fields: { url: text('Address', { placeholder: 'https://example.com/invoice.pdf' }) },
      sample: { name: 'a1b2_c3d4.pdf', original_name: 'invoice.pdf', size: 12_345 },
    }),
  ],
})
