import { isJsonList, type Json, textOf } from '../../../domain/values/json.ts'
import { defineApp } from '../../define-app.ts'
import { bearer, howTo, serverAt, serverField, tokenAccount } from '../../service/accounts.ts'
import { choice, file, json, moment, number, pairs, text, texts, yesNo } from '../../service/fields.ts'
import { handTrigger, OWN_HEADER } from '../../service/hooks.ts'
import { listOf, newItemTrigger, operation } from '../../service/operation.ts'
import type { Pages } from '../../service/pages.ts'
import { joined, numbers } from '../../service/parts.ts'
import { pathPart } from '../../service/request.ts'
import { hue, icon } from './logo.ts'

const address = serverAt('/api')
/** A version of the API: without it, it may be another one tomorrow. */
const VERSION = { accept: 'application/json; version=9' }

const document = text('Document', { placeholder: '{{ document.id }}', help: 'Its number.' })
const chosen = (title: string, list: string, as?: string) =>
  text(title, { optional: true, from: { list }, send: Number, ...(as !== undefined && { as }) })
const tags = texts('Tags', { optional: true, help: 'Numbers, one a line.', send: numbers })
const pages: Pages = { items: 'results', size: { as: 'page_size', most: 100 }, next: { by: 'address', at: 'next' } }
const stored = {
  id: 42,
  title: 'Invoice of the printer',
  content: 'Invoice 2026-042 …',
  created: '2026-11-28',
  added: '2026-11-30T09:00:00Z',
  correspondent: 3,
  tags: [7],
}
const keywords = ['document', 'scan', 'archive', 'self-hosted']
const named = (path: string) =>
  listOf({ request: `GET /${path}/`, headers: VERSION, pages, value: 'id', label: 'name', search: 'name__icontains' })

/** Paperless-ngx (https://docs.paperless-ngx.com/api). Its addresses end with a slash. */
export const paperlessNgx = defineApp({
  id: 'paperless-ngx',
  title: 'Paperless-ngx',
  icon,
  hue,
  address: { ofAccount: address },
  account: 'needed',
  takesKey: false,
  credentials: [
    tokenAccount({
      id: 'paperless-ngx',
      title: 'Paperless token',
      fields: [serverField('http://192.168.1.5:8000')],
      secret: { title: 'API token' },
      help: howTo(
        'A token in two steps',
        { title: 'Create a token', text: 'Your name at the top → My profile → API auth token.' },
        { title: 'Paste it here', text: 'With the address of Paperless.' },
      ),
      signIn: bearer('Token'),
      async test({ at, fields }) {
        const { body } = await at(address(fields))({ path: 'documents/?page_size=1', headers: VERSION })
        return `${textOf(Object(body).count ?? 0)} documents`
      },
    }),
  ],
  lists: {
    correspondents: named('correspondents'),
    types: named('document_types'),
    tags: named('tags'),
    paths: named('storage_paths'),
  },
  triggers: [
    newItemTrigger({
      name: 'new-document',
      title: 'New document in Paperless-ngx',
      description: 'Starts for each document that comes in.',
      keywords: [...keywords, 'added'],
      request: 'GET /documents/?ordering=-added',
      headers: VERSION,
      pages,
      key: 'id',
      sample: stored,
    }),
    handTrigger({
      name: 'workflow-webhook',
      title: 'A workflow of Paperless-ngx calls',
      description: 'Starts at once when a workflow of Paperless comes to its webhook.',
      keywords: [...keywords, 'webhook'],
      where: 'in Paperless under Settings → Workflows, as an action of the kind “Webhook”',
      ...OWN_HEADER,
      events: ({ body }) => [{ key: null, data: body }],
      sample: { doc_url: 'https://paperless.example.com/documents/42', title: 'Invoice of the printer' },
    }),
  ],
  actions: [
    operation({
      name: 'upload-document',
      title: 'Upload a document to Paperless-ngx',
      description: 'Hands a document over, which Paperless then reads in its own time.',
      keywords: [...keywords, 'add', 'scan', 'save'],
      summary: '{file}',
      timeoutMs: 600_000,
      fields: {
        file: file('File'),
        title: text('Title', { optional: true }),
        created: moment('Of the day', { form: 'day', optional: true }),
        correspondent: chosen('Correspondent', 'correspondents'),
        type: chosen('Type', 'types'),
        tags,
        path: chosen('Storage path', 'paths'),
        number: number('Archive number', { min: 1, optional: true, advanced: true }),
        own: pairs('Own fields', { optional: true, advanced: true, help: 'Their numbers, and what stands in them.' }),
      },
      sample: { value: '9a1f3c52-2f3b-4a1e-8f0d-8f1c6b6d0f5e' },
      async run({ http, files, input }) {
        const read = await files.read(input.file ?? '', 'file')
        const { title, created, correspondent, type, path, number: archive, own, tags: given = null } = input
        const day = created === undefined ? undefined : moment('Of the day', { form: 'day' }).send?.(created)
        const told: Readonly<Record<string, Json | undefined>> = {
          title,
          created: day,
          correspondent,
          document_type: type,
          storage_path: path,
          archive_serial_number: archive,
          custom_fields: own === undefined ? undefined : JSON.stringify(own),
        }
        const parts = Object.entries(told).flatMap(([name, value]) =>
          value === undefined ? [] : [{ name, value: textOf(value) }],
        )
        const marks = (isJsonList(given) ? given : []).map((one) => ({ name: 'tags', value: textOf(one) }))
        const all = [{ name: 'document', ...read }, ...parts, ...marks]
        return (await http({ method: 'POST', path: 'documents/post_document/', headers: VERSION, parts: all })).body
      },
    }),
    operation({
      name: 'get-task',
      title: 'How far Paperless-ngx is with a document',
      description: 'Reads whether a document that was handed over is read by now, and which one it became.',
      keywords: [...keywords, 'status', 'task'],
      request: 'GET /tasks/',
      headers: VERSION,
      fields: { task: text('Task', { as: 'task_id', placeholder: '{{ upload.value }}' }) },
      sample: { items: [{ task_id: '9a1f3c52', status: 'SUCCESS', related_document: '42' }], count: 1 },
    }),
    operation({
      name: 'search',
      title: 'Find documents in Paperless-ngx',
      description: 'Finds documents by their words, tags and fields.',
      keywords: [...keywords, 'list', 'get many'],
      request: 'GET /documents/',
      headers: VERSION,
      fields: {
        query: text('With the words', { optional: true }),
        tags: texts('With the tags', {
          as: 'tags__id__all',
          optional: true,
          help: 'Numbers, one a line.',
          send: joined,
        }),
        order: text('Order', { as: 'ordering', optional: true, advanced: true, placeholder: '-added' }),
        like: text('Like the document', { as: 'more_like_id', optional: true, advanced: true }),
        own: json('By own fields', {
          as: 'custom_field_query',
          optional: true,
          advanced: true,
          placeholder: '["amount","gt",100]',
          send: (value) => JSON.stringify(value),
        }),
      },
      pages,
      sample: { items: [stored], count: 1, hasMore: false },
    }),
    operation({
      name: 'get-document',
      title: 'Get a document from Paperless-ngx',
      description: 'Reads what is known of a document, and its words.',
      keywords: [...keywords, 'read', 'text'],
      request: 'GET /documents/{document}/',
      headers: VERSION,
      fields: { document },
      sample: stored,
    }),
    operation({
      name: 'download',
      title: 'Download a document from Paperless-ngx',
      description: 'Fetches a document as a file for later steps.',
      keywords: [...keywords, 'pdf', 'file'],
      summary: '{document}',
      effect: 'none',
      timeoutMs: 600_000,
      fields: { document, original: yesNo('As it was handed over', { advanced: true }) },
      sample: { id: 42, file: { filename: 'invoice.pdf', contentType: 'application/pdf', bytes: 12_345 } },
      async run({ http, files, input }) {
        const path = `documents/${pathPart('document', input.document)}/download/`
        const query = input.original === true ? { original: 'true' } : {}
        const { bytes, headers } = await http({ path, query, takesFile: true, maxBytes: 250_000_000 })
        const said = textOf(headers['content-disposition'] ?? '').slice(0, 1_000)
        const name = /filename="([^"\\/]{1,200})"/.exec(said)?.[1] ?? `document-${textOf(input.document ?? '')}.pdf`
        const type = headers['content-type']
        return {
          id: input.document ?? null,
          file: await files.keep(name, bytes, typeof type === 'string' ? type : undefined),
        }
      },
    }),
    operation({
      name: 'update-document',
      title: 'Change a document of Paperless-ngx',
      description: 'Changes what is filled in; tags take the place of all others.',
      keywords: [...keywords, 'edit', 'tag'],
      request: 'PATCH /documents/{document}/',
      headers: VERSION,
      effect: 'idempotent',
      fields: {
        document,
        title: text('Title', { optional: true }),
        correspondent: chosen('Correspondent', 'correspondents'),
        type: chosen('Type', 'types', 'document_type'),
        tags,
        own: json('Own fields', {
          as: 'custom_fields',
          optional: true,
          advanced: true,
          placeholder: '[{"field":1,"value":"42"}]',
        }),
      },
      sample: stored,
    }),
    operation({
      name: 'bulk-edit',
      title: 'Change many documents of Paperless-ngx',
      description: 'Does one thing to many documents: a tag, a correspondent, or away with them.',
      keywords: [...keywords, 'bulk', 'tag', 'delete'],
      request: 'POST /documents/bulk_edit/',
      headers: VERSION,
      effect: 'idempotent',
      fields: {
        documents: texts('Documents', { help: 'Numbers, one a line.', send: numbers }),
        method: choice('What', {
          add_tag: 'Add a tag',
          remove_tag: 'Take a tag away',
          modify_tags: 'Change tags',
          set_correspondent: 'Set the correspondent',
          set_document_type: 'Set the type',
          set_storage_path: 'Set the storage path',
          reprocess: 'Read them anew',
          delete: 'Delete them',
        }),
        parameters: json('With', {
          optional: true,
          help: 'As Paperless names it.',
          placeholder: '{"tag":7}',
        }),
      },
      body: (body) => ({ parameters: {}, ...Object(body) }),
      sample: { result: 'OK' },
    }),
  ],
})
