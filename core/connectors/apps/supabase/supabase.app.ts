import { StepError } from '../../../domain/runs/step-error.ts'
import { isJsonList, isJsonObject, type Json, textOf } from '../../../domain/values/json.ts'
import { defineApp } from '../../define-app.ts'
import { howTo, serverField, serverOf, tokenAccount } from '../../service/accounts.ts'
import { choice, file, json, number, pairs, text, texts, yesNo } from '../../service/fields.ts'
import { handTrigger, OWN_HEADER } from '../../service/hooks.ts'
import { newItemTrigger, operation } from '../../service/operation.ts'
import type { Pages } from '../../service/pages.ts'
import { type Entered, type RequestLine, requestOf } from '../../service/request.ts'
import { hue, icon } from './logo.ts'

const table = text('Table', { placeholder: 'orders', from: { list: 'tables' } })
const values = pairs('Values', { at: 'nowhere', help: 'By the names of the columns.' })
const where = pairs('Where', { at: 'nowhere', optional: true, help: 'Columns, and what they are equal to.' })
const conditions = pairs('More conditions', {
  at: 'nowhere',
  optional: true,
  advanced: true,
  placeholder: 'gt.5',
  help: 'Columns, and a condition in the words of PostgREST: gt.5, like.*ada*, in.(a,b).',
})
const schema = text('Schema', { at: 'nowhere', optional: true, advanced: true, placeholder: 'public' })
const select = text('Columns to read', { optional: true, advanced: true, placeholder: 'id,name,lines(sku)' })
const bucket = text('Bucket', { placeholder: 'invoices', from: { list: 'buckets' } })
const path = text('Path', { placeholder: '2026/11/42.pdf' })

const stored = { id: 42, name: 'Ada', created_at: '2026-11-30T09:00:00+00:00' }
const pages: Pages = { items: '', size: { as: 'limit', most: 1_000 }, next: { by: 'offset', as: 'offset' } }

/** Conditions as PostgREST has them in the query (https://docs.postgrest.org/en/stable/references/api/tables_views.html). */
function filters({ where: equal, conditions: more }: Entered): Record<string, string> {
  const own = Object.entries(isJsonObject(equal ?? null) ? Object(equal) : {}).map(
    ([column, value]): [string, string] => [column, value === null ? 'is.null' : `eq.${textOf(value as Json)}`],
  )
  const said = Object.entries(isJsonObject(more ?? null) ? Object(more) : {}).map(
    ([column, value]): [string, string] => [column, textOf(value as Json)],
  )
  return Object.fromEntries([...own, ...said])
}

/** The same, where no condition at all would mean every row. */
function someFilters(entered: Entered): Record<string, string> {
  const made = filters(entered)
  if (Object.keys(made).length > 0) return made
  const message = 'Say in "Where" which rows are meant: without it Supabase would take every row of the table.'
  throw new StepError({ code: 'bad-input', message, retryable: false })
}

const inSchema = ({ schema: name }: Entered, header: 'accept-profile' | 'content-profile') =>
  name === undefined ? {} : { [header]: textOf(name) }

const RETURN = { prefer: 'return=representation' }
const requestFor = (request: RequestLine, entered: Entered) =>
  requestOf({ request, fields: { table, select } }, entered)

/** Supabase: tables by PostgREST, and files (https://supabase.com/docs/guides/api). */
export const supabase = defineApp({
  id: 'supabase',
  title: 'Supabase',
  icon,
  hue,
  address: { ofAccount: (fields) => serverOf(fields), known: ['https://*.supabase.co'] },
  account: 'needed',
  takesKey: false,
  credentials: [
    tokenAccount({
      id: 'supabase',
      title: 'Supabase project',
      fields: [serverField('https://abcdefgh.supabase.co', { title: 'Project address' })],
      secret: {
        title: 'Secret key',
        placeholder: 'sb_secret_…',
        help: 'Or the service_role key. It goes past all rules of rows.',
      },
      help: howTo(
        'A key in two steps',
        {
          title: 'Open the settings of the project',
          text: 'Data API: the address of the project. API keys: a secret key.',
          link: { title: 'Projects', url: 'https://supabase.com/dashboard/projects' },
        },
        { title: 'Paste both here' },
      ),
      signIn: (key) => ({ headers: { apikey: key, authorization: `Bearer ${key}` } }),
      async test({ fields, at }) {
        const { body } = await at(serverOf(fields))({ path: 'rest/v1/' })
        return `${tablesIn(body).length} tables`
      },
    }),
  ],
  answers: { says: ['message', 'details', 'hint', 'error'] },
  lists: {
    async tables({ http }) {
      const { body } = await http({ path: 'rest/v1/' })
      return { options: tablesIn(body).map((name) => ({ value: name, label: name })), next: null }
    },
    async buckets({ http }) {
      const { body } = await http({ path: 'storage/v1/bucket' })
      const found = isJsonList(body)
        ? body.flatMap((one) => (isJsonObject(one) && typeof one.name === 'string' ? [one.name] : []))
        : []
      return { options: found.map((name) => ({ value: name, label: name })), next: null }
    },
  },
  triggers: [
    newItemTrigger({
      name: 'new-row',
      title: 'New row in Supabase',
      description: 'Starts for each row that is added to a table.',
      keywords: ['record', 'database', 'insert'],
      summary: '{table}',
      fields: {
        table,
        column: text('Column that rises', {
          placeholder: 'created_at',
          help: 'By which the newest rows are found: a time, or a number that counts up.',
        }),
        id: text('Column of the key', { placeholder: 'id' }),
        schema,
      },
      key: (item) => textOf(isJsonObject(item) ? (item.$key ?? '') : ''),
      event: (item) => {
        const { $key: _, ...row } = isJsonObject(item) ? item : {}
        return row
      },
      sample: stored,
      async list({ http, input }) {
        const { column = 'created_at', id = 'id' } = input
        const request = requestFor('GET /rest/v1/{table}', input)
        const query = { select: '*', order: `${textOf(column)}.desc`, limit: 200 }
        const { body } = await http({ ...request, query, headers: inSchema(input, 'accept-profile') })
        return (isJsonList(body) ? body : []).map((row) => ({
          ...Object(row),
          $key: textOf(Object(row)[textOf(id)] ?? ''),
        }))
      },
    }),
    handTrigger({
      name: 'database-webhook',
      title: 'Supabase tells of a row',
      description: 'Starts at once when a row is added, changed or deleted.',
      keywords: ['webhook', 'database', 'postgres', 'at once'],
      where: 'at Supabase under Database → Webhooks',
      ...OWN_HEADER,
      events: ({ body }) => [{ key: null, data: body }],
      sample: { type: 'INSERT', table: 'orders', schema: 'public', record: { id: 42, total: 12.5 }, old_record: null },
    }),
  ],
  actions: [
    operation({
      name: 'insert-row',
      title: 'Add a row to Supabase',
      description: 'Adds a row to a table.',
      keywords: ['insert', 'create', 'record', 'database', 'postgres'],
      summary: '{table}',
      fields: { table, values, schema },
      sample: stored,
      run: async ({ http, input }) => {
        const headers = { ...RETURN, ...inSchema(input, 'content-profile') }
        return firstOf(
          (await http({ ...requestFor('POST /rest/v1/{table}', input), headers, body: input.values ?? {} })).body,
        )
      },
    }),
    operation({
      name: 'upsert-row',
      title: 'Add or change a row in Supabase',
      description: 'Changes the row with the same key, and adds one where there is none.',
      keywords: ['upsert', 'insert', 'update', 'record', 'database', 'postgres'],
      summary: '{table}',
      effect: 'keyed',
      fields: {
        table,
        values,
        by: texts('Same by the columns', {
          at: 'nowhere',
          optional: true,
          placeholder: 'email',
          help: 'Which have to be unique together; the primary key when empty.',
        }),
        there: choice(
          'When it is there',
          { 'merge-duplicates': 'Change it', 'ignore-duplicates': 'Leave it' },
          { at: 'nowhere', advanced: true },
        ),
        schema,
      },
      sample: stored,
      run: async ({ http, input }) => {
        const { by, there = 'merge-duplicates' } = input
        const headers = {
          prefer: `resolution=${textOf(there)},return=representation`,
          ...inSchema(input, 'content-profile'),
        }
        const query = by === undefined ? {} : { on_conflict: isJsonList(by) ? by.map(textOf).join(',') : textOf(by) }
        return firstOf(
          (await http({ ...requestFor('POST /rest/v1/{table}', input), query, headers, body: input.values ?? {} }))
            .body,
        )
      },
    }),
    operation({
      name: 'list-rows',
      title: 'Find rows in Supabase',
      description: 'Reads the rows of a table, all or those that fit.',
      keywords: ['select', 'get many', 'search', 'records', 'database', 'postgres'],
      summary: '{table}',
      effect: 'none',
      fields: {
        table,
        where,
        conditions,
        order: text('Order', { at: 'nowhere', optional: true, placeholder: 'created_at.desc' }),
        select,
        limit: number('At most', {
          at: 'nowhere',
          min: 1,
          max: 100_000,
          optional: true,
          advanced: true,
          help: 'Rows; 100 when empty.',
        }),
        schema,
      },
      sample: { items: [stored], count: 1, hasMore: false },
      async run({ http, input }) {
        const { readPages } = await import('../../service/pages.ts')
        const request = requestFor('GET /rest/v1/{table}', input)
        const order = input.order === undefined ? {} : { order: textOf(input.order) }
        const query = { ...request.query, ...filters(input), ...order }
        const asked = { ...request, query, headers: inSchema(input, 'accept-profile') }
        const { items, hasMore } = await readPages(http, asked, pages, Number(input.limit ?? 100))
        return { items, count: items.length, hasMore }
      },
    }),
    operation({
      name: 'update-rows',
      title: 'Change rows in Supabase',
      description: 'Changes the rows that fit.',
      keywords: ['edit', 'update', 'records', 'database', 'postgres'],
      summary: '{table}',
      effect: 'idempotent',
      fields: { table, where, values, conditions, schema },
      sample: { items: [stored], count: 1 },
      run: async ({ http, input }) => {
        const headers = { ...RETURN, ...inSchema(input, 'content-profile') }
        const query = someFilters(input)
        return (
          await http({ ...requestFor('PATCH /rest/v1/{table}', input), query, headers, body: input.values ?? {} })
        ).body
      },
    }),
    operation({
      name: 'delete-rows',
      title: 'Delete rows in Supabase',
      description: 'Deletes the rows that fit.',
      keywords: ['remove', 'records', 'database', 'postgres'],
      summary: '{table}',
      effect: 'idempotent',
      fields: { table, where, conditions, schema },
      sample: { items: [stored], count: 1 },
      run: async ({ http, input }) => {
        const headers = { ...RETURN, ...inSchema(input, 'content-profile') }
        return (await http({ ...requestFor('DELETE /rest/v1/{table}', input), query: someFilters(input), headers }))
          .body
      },
    }),
    operation({
      name: 'call-function',
      title: 'Call a function of Supabase',
      description: 'Calls a function of the database.',
      keywords: ['rpc', 'procedure', 'database', 'postgres'],
      request: 'POST /rest/v1/rpc/{function}',
      fields: {
        function: text('Function', { placeholder: 'add_points' }),
        values: json('Arguments', { at: 'nowhere', optional: true, placeholder: '{"player":7}' }),
      },
      body: (_, { values: given }) => given ?? {},
      sample: { value: 12 },
    }),
    operation({
      name: 'upload-object',
      title: 'Upload a file to Supabase',
      description: 'Puts a file into a bucket.',
      keywords: ['storage', 'save', 'document', 'image'],
      summary: '{path}',
      fields: { bucket, path, file: file('File'), replace: yesNo('In place of one that is there') },
      sample: { Key: 'invoices/2026/11/42.pdf', Id: 'c7e1b9d2' },
      async run({ http, files, input }) {
        const { contentType, content } = await files.read(input.file ?? '', 'file')
        const request = requestOf(
          { request: 'POST /storage/v1/object/{bucket}/{+path}', fields: { bucket, path } },
          input,
        )
        const headers = { 'x-upsert': String(input.replace === true), 'cache-control': 'max-age=3600' }
        return (await http({ ...request, headers, bytes: { content, contentType } })).body
      },
    }),
    operation({
      name: 'signed-url',
      title: 'Share a file of Supabase',
      description: 'Makes an address by which a file can be fetched for a time.',
      keywords: ['storage', 'link', 'download', 'url'],
      summary: '{path}',
      effect: 'idempotent',
      fields: { bucket, path, seconds: number('For seconds', { min: 1, max: 31_536_000, placeholder: '3600' }) },
      sample: {
        url: 'https://abcdefgh.supabase.co/storage/v1/object/sign/invoices/42.pdf?token=eyJ',
        signedURL: '/object/sign/invoices/42.pdf?token=eyJ',
      },
      async run({ http, input, account }) {
        const request = requestOf(
          { request: 'POST /storage/v1/object/sign/{bucket}/{+path}', fields: { bucket, path } },
          input,
        )
        const { body } = await http({ ...request, body: { expiresIn: input.seconds ?? 3_600 } })
        const signed = Object(body)
        return { ...signed, url: `${serverOf(await account())}/storage/v1${textOf(signed.signedURL ?? '')}` }
      },
    }),
  ],
})

/** The tables that the project describes, which does so in OpenAPI. */
function tablesIn(body: Json): string[] {
  const found =
    isJsonObject(body) && isJsonObject(body.definitions ?? null) ? Object.keys(Object(body.definitions)) : []
  return found.sort()
}

/** The one row of an answer. */
const firstOf = (body: Json): Json => (isJsonList(body) ? (body[0] ?? null) : body)
