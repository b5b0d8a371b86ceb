import { type Json, textOf } from '../../../domain/values/json.ts'
import { defineApp } from '../../define-app.ts'
import { bearer, clientHelp, howTo, oauthAccount, tokenAccount, whoIs } from '../../service/accounts.ts'
import { file, longText, pairs, text, texts, yesNo } from '../../service/fields.ts'
import { hookTrigger } from '../../service/hooks.ts'
import { listOf, newItemTrigger, operation } from '../../service/operation.ts'
import type { Pages } from '../../service/pages.ts'
import { readPages } from '../../service/pages.ts'
import { keyOfParts, objectAt, textAt } from '../../service/parts.ts'
import { pathPart } from '../../service/request.ts'
import { hue, icon } from './logo.ts'

const base = text('Base', { placeholder: 'appXXXXXXXXXXXXXX', from: { list: 'bases' } })
const table = text('Table', { placeholder: 'Orders', from: { list: 'tables', needs: ['base'] } })
const record = text('Record', { placeholder: 'recXXXXXXXXXXXXXX', help: 'Its id.' })
const fields = pairs('Fields', { at: 'nowhere', help: 'By their names in the table.' })
const typecast = yesNo('Convert texts', {
  advanced: true,
  help: 'Airtable makes numbers, dates and new choices of texts.',
})

const stored = {
  id: 'recXXXXXXXXXXXXXX',
  createdTime: '2026-11-30T09:00:00.000Z',
  fields: { Name: 'Order 42', Total: 12.5 },
}
const pages: Pages = {
  items: 'records',
  size: { as: 'pageSize', most: 100 },
  next: { by: 'cursor', at: 'offset', as: 'offset' },
}

/** Airtable (https://airtable.com/developers/web/api). */
export const airtable = defineApp({
  id: 'airtable',
  title: 'Airtable',
  icon,
  hue,
  address: 'https://api.airtable.com/v0',
  alsoAt: ['https://content.airtable.com'],
  account: 'needed',
  takesKey: false,
  credentials: [
    tokenAccount({
      id: 'airtable',
      title: 'Airtable token',
      secret: { title: 'Personal access token', placeholder: 'pat….…' },
      help: howTo(
        'A token in two steps',
        {
          title: 'Create a token',
          text: 'Scopes: data.records:read, data.records:write, schema.bases:read. Add the bases that it may see.',
          link: { title: 'Tokens', url: 'https://airtable.com/create/tokens' },
        },
        { title: 'Paste it here' },
      ),
      signIn: bearer(),
      test: whoIs({ address: 'https://api.airtable.com/v0', path: 'meta/whoami', name: ['email', 'id'] }),
    }),
    oauthAccount({
      id: 'airtable.oauth',
      title: 'Airtable sign-in',
      authorizeUrl: 'https://airtable.com/oauth2/v1/authorize',
      tokenUrl: 'https://airtable.com/oauth2/v1/token',
      scopes: ['data.records:read', 'data.records:write', 'schema.bases:read'],
      needsSecret: false,
      isAtFixedAddress: true,
      help: clientHelp(
        { title: 'Airtable OAuth integrations', url: 'https://airtable.com/create/oauth' },
        'Scopes: data.records:read, data.records:write, schema.bases:read. A secret is not needed.',
      ),
      test: whoIs({ address: 'https://api.airtable.com/v0', path: 'meta/whoami', name: ['email', 'id'] }),
    }),
  ],
  answers: { says: ['error.message', 'error.type'] },
  lists: {
    bases: listOf({
      request: 'GET /meta/bases',
      pages: { items: 'bases', next: { by: 'cursor', at: 'offset', as: 'offset' } },
      value: 'id',
      label: 'name',
    }),
    tables: listOf({
      request: 'GET /meta/bases/{base}/tables',
      fields: { base },
      pages: { items: 'tables' },
      value: 'name',
      label: 'name',
    }),
  },
  triggers: [
    newItemTrigger({
      name: 'new-record',
      title: 'New record in Airtable',
      description: 'Starts for each record that is added to a table.',
      keywords: ['row', 'added', 'database'],
      summary: '{table}',
      request: 'GET /{base}/{table}',
      fields: { base, table, view: text('View', { optional: true, advanced: true }) },
      pages,
      most: 10_000,
      key: 'id',
      sample: stored,
    }),
    hookTrigger({
      name: 'base-changed',
      title: 'Airtable tells of a base',
      description:
        'Starts at once when a record of a base is added, changed or deleted; a step after it reads what is there.',
      keywords: ['webhook', 'row', 'database', 'at once'],
      scopes: ['webhook:manage'],
      fields: { base },
      verify: { scheme: 'hmac', header: 'X-Airtable-Content-MAC', prefix: 'hmac-sha256=', secretIs: 'base64' },
      subscribe: 'POST /bases/{base}/webhooks',
      body: ({ url }) => ({
        notificationUrl: url,
        specification: { options: { filters: { dataTypes: ['tableData'] } } },
      }),
      id: 'id',
      secret: { in: 'answer', at: 'macSecretBase64' },
      // It ends after a week.
      ends: { at: 'expirationTime', renew: 'POST /bases/{base}/webhooks/{id}/refresh' },
      unsubscribe: 'DELETE /bases/{base}/webhooks/{id}',
      events: ({ body }) => [
        {
          key: `${textAt(body, 'webhook.id')} ${textAt(body, 'timestamp')}`,
          data: { base: textAt(body, 'base.id'), webhook: textAt(body, 'webhook.id'), at: textAt(body, 'timestamp') },
        },
      ],
      sample: { base: 'appXXXXXXXXXXXXXX', webhook: 'achXXXXXXXXXXXXXX', at: '2026-11-30T09:00:00.000Z' },
    }),
    newItemTrigger({
      name: 'record-created-or-updated',
      title: 'New or changed record in Airtable',
      description:
        'Starts for each record of a table that is added or changed. It takes a column with the time of the last change.',
      keywords: ['row', 'updated', 'edited', 'database'],
      summary: '{table}',
      fields: {
        base,
        table,
        changed: text('Column with the time', {
          at: 'nowhere',
          placeholder: 'Last modified',
          help: 'One of the kind “Last modified time”.',
        }),
        view: text('View', { optional: true, advanced: true }),
      },
      async list({ http, input }) {
        const { base: of, table: at, changed, view } = input
        const path = `${pathPart('base', of)}/${pathPart('table', at)}`
        const query = {
          'sort[0][field]': textOf(changed ?? ''),
          'sort[0][direction]': 'desc',
          ...(view !== undefined && { view: textOf(view) }),
        }
        const { items } = await readPages(http, { path, query }, pages, 500)
        // What tells one change from the next is in a column that has a name of the person's own.
        return items.map((one) => ({
          ...objectAt(one, ''),
          changedAt: objectAt(one, 'fields')[textOf(changed ?? '')] ?? null,
        }))
      },
      key: keyOfParts('id', 'changedAt'),
      sample: { ...stored, changedAt: '2026-11-30T09:00:00.000Z' },
    }),
  ],
  actions: [
    operation({
      name: 'list-records',
      title: 'Find records in Airtable',
      description: 'Reads the records of a table, all or those that fit a formula.',
      keywords: ['search', 'get many', 'rows', 'database'],
      summary: '{table}',
      request: 'GET /{base}/{table}',
      fields: {
        base,
        table,
        formula: longText('Only where', {
          as: 'filterByFormula',
          optional: true,
          placeholder: "{Status} = 'Open'",
          help: 'A formula of Airtable’s.',
        }),
        view: text('View', { optional: true, advanced: true }),
        only: texts('Only the fields', { as: 'fields[]', optional: true, advanced: true }),
      },
      pages,
      sample: { items: [stored], count: 1, hasMore: false },
    }),
    operation({
      name: 'get-record',
      title: 'Get a record from Airtable',
      description: 'Reads one record by its id.',
      keywords: ['row', 'read', 'database'],
      request: 'GET /{base}/{table}/{record}',
      fields: { base, table, record },
      sample: stored,
    }),
    operation({
      name: 'create-records',
      title: 'Create a record in Airtable',
      description: 'Adds a record to a table.',
      keywords: ['add', 'row', 'insert', 'database'],
      summary: '{table}',
      request: 'POST /{base}/{table}',
      fields: { base, table, fields, typecast },
      body: (body, { fields: values }) => ({ ...Object(body), records: [{ fields: values ?? {} }] }),
      result: 'records[0]',
      sample: stored,
    }),
    operation({
      name: 'update-records',
      title: 'Change a record in Airtable',
      description: 'Changes some fields of a record.',
      keywords: ['edit', 'row', 'database'],
      request: 'PATCH /{base}/{table}',
      effect: 'idempotent',
      fields: { base, table, record: { ...record, at: 'nowhere' }, fields, typecast },
      body: (body, { record: id, fields: values }) => ({
        ...Object(body),
        records: [{ id: id ?? '', fields: values ?? {} }],
      }),
      result: 'records[0]',
      sample: stored,
    }),
    operation({
      name: 'upsert-records',
      title: 'Create or change a record in Airtable',
      description: 'Changes the record that has the same values in some fields, and creates one where there is none.',
      keywords: ['upsert', 'row', 'database'],
      request: 'PATCH /{base}/{table}',
      effect: 'keyed',
      fields: {
        base,
        table,
        by: texts('By the fields', { as: 'performUpsert.fieldsToMergeOn', most: 3, placeholder: 'Email' }),
        fields,
        typecast,
      },
      body: (body, { fields: values }) => ({ ...Object(body), records: [{ fields: values ?? {} }] }),
      sample: { records: [stored], createdRecords: ['recXXXXXXXXXXXXXX'], updatedRecords: [] },
    }),
    operation({
      name: 'delete-records',
      title: 'Delete a record in Airtable',
      description: 'Deletes a record.',
      keywords: ['remove', 'row', 'database'],
      request: 'DELETE /{base}/{table}',
      fields: {
        base,
        table,
        record: { ...record, at: 'query', as: 'records[]', send: (value: Json) => [textOf(value)] },
      },
      sample: { records: [{ id: 'recXXXXXXXXXXXXXX', deleted: true }] },
    }),
    operation({
      name: 'get-schema',
      title: 'Get the tables of a base in Airtable',
      description: 'Reads the tables of a base with their fields.',
      keywords: ['fields', 'schema'],
      request: 'GET /meta/bases/{base}/tables',
      fields: { base },
      sample: {
        tables: [{ id: 'tblXXXX', name: 'Orders', fields: [{ id: 'fldXXXX', name: 'Name', type: 'singleLineText' }] }],
      },
    }),
    operation({
      name: 'upload-attachment',
      title: 'Attach a file to a record in Airtable',
      description: 'Uploads a file, up to 5 MB, into a field for attachments.',
      keywords: ['upload', 'attachment', 'image'],
      fields: { base, record, field: text('Field', { placeholder: 'Files' }), file: file('File') },
      sample: stored,
      async run({ http, files, input }) {
        const { filename, contentType, content } = await files.read(input.file ?? '', 'file')
        const [baseId, recordId, fieldName] = ['base', 'record', 'field'].map((name) => pathPart(name, input[name]))
        const path = `https://content.airtable.com/v0/${baseId}/${recordId}/${fieldName}/uploadAttachment`
        const body = { contentType, filename, file: Buffer.from(content).toString('base64') }
        return (await http({ method: 'POST', path, body })).body
      },
    }),
  ],
})
