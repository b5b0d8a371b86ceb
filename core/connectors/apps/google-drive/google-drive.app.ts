import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { type Json, textOf } from '../../../domain/values/json.ts'
import type { AppClient } from '../../app-request.ts'
import { defineApp } from '../../define-app.ts'
import { GOOGLE_ACCOUNTS, googleAnswers, objectOf } from '../../providers/google.ts'
import { channelSample, channelTrigger } from '../../providers/google-changes.ts'
import { driveFiles, driveText } from '../../providers/google-files.ts'
import { choice, file, longText, number, text, yesNo } from '../../service/fields.ts'
import { newItemTrigger, operation } from '../../service/operation.ts'
import { textAt } from '../../service/parts.ts'
import { pathPart } from '../../service/request.ts'
import { anyChange } from './any-change.trigger.ts'
import { hue, icon } from './logo.ts'

const ALL = ['https://www.googleapis.com/auth/drive']
const READ = ['https://www.googleapis.com/auth/drive.readonly']
const FIELDS = 'id,name,mimeType,size,createdTime,modifiedTime,parents,webViewLink'
const ALL_DRIVES = 'supportsAllDrives=true'

/** The id in a whole address is as good. */
const idOf = (value: Json): Json => /\/(?:d|folders)\/([\w-]{10,})/.exec(textOf(value))?.[1] ?? value
const fileId = text('File', {
  placeholder: '{{ upload.id }}',
  help: 'Its id, or its address.',
  from: { list: 'files', searches: true },
  send: idOf,
})
const folder = text('Folder', {
  optional: true,
  help: '“My Drive” when empty.',
  from: { list: 'folders', searches: true },
  send: idOf,
})

const stored = {
  id: '1AbC',
  name: 'report.pdf',
  mimeType: 'application/pdf',
  size: '12345',
  createdTime: '2026-11-30T09:00:00.000Z',
  modifiedTime: '2026-11-30T09:00:00.000Z',
  parents: ['0Root'],
  webViewLink: 'https://drive.google.com/file/d/1AbC/view',
}

function findFiles(q: string, orderBy: string): `GET ${string}` {
  const query = new URLSearchParams({
    q,
    orderBy,
    fields: `nextPageToken,files(${FIELDS})`,
    supportsAllDrives: 'true',
    includeItemsFromAllDrives: 'true',
  })
  return `GET /drive/v3/files?${query}`
}

const pages = {
  items: 'files',
  size: { as: 'pageSize', most: 1_000 },
  next: { by: 'cursor' as const, at: 'nextPageToken', as: 'pageToken' },
}

const generatedSchema = z.object({ ids: z.array(z.string()).min(1) })

/** An id that Drive made, so that a create that is repeated is told as one (files.generateIds). It stays the same for every attempt of a step. */
async function ownId(http: AppClient, store: { update: StoreUpdate }, key: string, now: number): Promise<string> {
  const { ids } = (await http({ path: 'drive/v3/files/generateIds', query: { count: 1, space: 'drive' } })).as(
    generatedSchema,
  )
  const [fresh = ''] = ids
  return store.update(`drive-id:${key}`, (known) => {
    const id = typeof known === 'string' ? known : fresh
    return { value: id, expiresAt: now + 7 * 86_400_000, result: id }
  })
}
type StoreUpdate = <Result>(
  key: string,
  change: (value: Json | undefined) => { value: Json; expiresAt: number; result: Result },
) => Promise<Result>

/** Metadata and content as one body (RFC 2387): Drive takes no `form-data`. */
function related(metadata: Json, content: Uint8Array, contentType: string) {
  const boundary = `hookline-${randomBytes(18).toString('hex')}`
  const head = `--${boundary}\r\nContent-Type: application/json; charset=UTF-8\r\n\r\n${JSON.stringify(metadata)}\r\n--${boundary}\r\nContent-Type: ${contentType}\r\n\r\n`
  return {
    content: Buffer.concat([Buffer.from(head, 'utf8'), content, Buffer.from(`\r\n--${boundary}--`)]),
    contentType: `multipart/related; boundary=${boundary}`,
  }
}

/** Google Drive (https://developers.google.com/workspace/drive/api/reference/rest/v3). */
export const googleDrive = defineApp({
  id: 'google-drive',
  title: 'Google Drive',
  icon,
  hue,
  address: 'https://www.googleapis.com',
  account: 'needed',
  alsoTakes: GOOGLE_ACCOUNTS,
  takesKey: false,
  answers: googleAnswers,
  lists: {
    files: driveFiles("mimeType!='application/vnd.google-apps.folder'"),
    folders: driveFiles("mimeType='application/vnd.google-apps.folder'"),
  },
  triggers: [
    anyChange,
    newItemTrigger({
      name: 'new-file-in-folder',
      title: 'New file in Google Drive',
      description: 'Starts for each file that comes into a folder.',
      keywords: ['upload', 'added', 'document'],
      scopes: READ,
      fields: { folder: { ...folder, schema: folder.schema } },
      key: 'id',
      sample: stored,
      list: ({ http, input }) => newest(http, textOf(idOf(input.folder ?? 'root')), 'createdTime desc'),
    }),
    newItemTrigger({
      name: 'file-updated',
      title: 'Changed file in Google Drive',
      description: 'Starts for each file in a folder that is new or changed.',
      keywords: ['edited', 'modified'],
      scopes: READ,
      fields: { folder },
      key: (item) => `${textOf(objectOf(item).id ?? '')} ${textOf(objectOf(item).modifiedTime ?? '')}`,
      sample: stored,
      list: ({ http, input }) => newest(http, textOf(idOf(input.folder ?? 'root')), 'modifiedTime desc'),
    }),
    channelTrigger({
      name: 'push',
      title: 'Google Drive tells of a change',
      description: 'Starts at once when anything changes in your Drive; a step after it looks what.',
      keywords: ['webhook', 'document', 'at once'],
      scopes: READ,
      async watch(_, http) {
        const { body } = await http({ path: 'drive/v3/changes/startPageToken' })
        return { path: 'drive/v3/changes/watch', query: { pageToken: textAt(body, 'startPageToken') } }
      },
      stop: 'drive/v3/channels/stop',
      sample: channelSample('https://www.googleapis.com/drive/v3/changes'),
    }),
  ],
  actions: [
    operation({
      name: 'upload',
      title: 'Upload a file to Google Drive',
      description: 'Uploads a file into a folder of your Drive. A repeat does not upload it twice.',
      keywords: ['create', 'save', 'document'],
      effect: 'keyed',
      scopes: ALL,
      fields: {
        file: file('File'),
        name: text('Name', { optional: true, help: 'That of the file when empty.' }),
        folder,
        convert: choice(
          'Make it a',
          {
            'application/vnd.google-apps.document': 'Google document',
            'application/vnd.google-apps.spreadsheet': 'Google spreadsheet',
          },
          { optional: true, advanced: true },
        ),
      },
      sample: stored,
      async run({ http, files, input, store, idempotencyKey, clock }) {
        const { filename, contentType, content } = await files.read(input.file ?? '', 'file')
        // A document of Google's own cannot have an id that was made before.
        const id = input.convert === undefined ? { id: await ownId(http, store, idempotencyKey, clock.now()) } : {}
        const metadata = {
          ...id,
          name: input.name ?? filename,
          ...(input.folder !== undefined && { parents: [idOf(input.folder)] }),
          ...(input.convert !== undefined && { mimeType: input.convert }),
        }
        const path = `upload/drive/v3/files?uploadType=multipart&${ALL_DRIVES}&fields=${FIELDS}`
        return (await http({ method: 'POST', path, bytes: related(metadata, content, contentType) })).body
      },
    }),
    operation({
      name: 'download',
      title: 'Download a file from Google Drive',
      description: 'Downloads a file. Google’s own documents are exported: see “Export a Google document”.',
      keywords: ['get', 'read'],
      effect: 'none',
      scopes: READ,
      fields: { file: fileId },
      sample: { file: { filename: 'report.pdf', contentType: 'application/pdf', bytes: 12_345 }, id: '1AbC' },
      async run({ http, files, input }) {
        const id = pathPart('file', idOf(input.file ?? ''))
        const about = (await http({ path: `drive/v3/files/${id}?${ALL_DRIVES}&fields=${FIELDS}` })).body
        const { name = 'file', mimeType } = objectOf(about)
        const answer = await http({
          path: `drive/v3/files/${id}?alt=media&${ALL_DRIVES}`,
          maxBytes: 104_857_600,
          takesFile: true,
        })
        return {
          ...objectOf(about),
          file: await files.keep(textOf(name), answer.bytes, textOf(mimeType ?? 'application/octet-stream')),
        }
      },
    }),
    operation({
      name: 'export',
      title: 'Export a Google document',
      description: 'Makes a file of a document, spreadsheet or presentation of Google’s.',
      keywords: ['pdf', 'docx', 'csv', 'download'],
      effect: 'none',
      scopes: READ,
      fields: {
        file: fileId,
        as: choice('As', {
          'application/pdf': 'PDF',
          'text/csv': 'CSV (of the first sheet)',
          'text/plain': 'Text',
          'application/vnd.openxmlformats-officedocument.wordprocessingml.document': 'Word',
          'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': 'Excel',
          'application/vnd.openxmlformats-officedocument.presentationml.presentation': 'PowerPoint',
        }),
        name: text('Name of the file', { optional: true, placeholder: 'report.pdf' }),
      },
      sample: { file: { filename: 'report.pdf', contentType: 'application/pdf', bytes: 12_345 } },
      async run({ http, files, input }) {
        const id = pathPart('file', idOf(input.file ?? ''))
        const mimeType = textOf(input.as ?? 'application/pdf')
        const answer = await http({
          path: `drive/v3/files/${id}/export`,
          query: { mimeType },
          maxBytes: 10_485_760,
          takesFile: true,
        })
        return { file: await files.keep(textOf(input.name ?? 'export'), answer.bytes, mimeType) }
      },
    }),
    operation({
      name: 'search',
      title: 'Find files in Google Drive',
      description: 'Finds files by name, folder, or Drive’s own search.',
      keywords: ['list', 'search', 'get many'],
      effect: 'none',
      scopes: READ,
      fields: {
        name: text('Name has', { optional: true }),
        folder,
        q: text('Search', {
          optional: true,
          advanced: true,
          placeholder: "mimeType='application/pdf' and modifiedTime > '2026-01-01T00:00:00'",
        }),
        order: choice(
          'Order',
          { 'modifiedTime desc': 'Last changed first', 'createdTime desc': 'Newest first', name: 'By name' },
          { advanced: true },
        ),
        limit: number('At most', {
          min: 1,
          max: 10_000,
          optional: true,
          advanced: true,
          help: 'Files; 100 when empty.',
        }),
      },
      summary: '{name}',
      sample: { items: [stored], count: 1 },
      async run({ http, input }) {
        const parts = [
          'trashed=false',
          input.name === undefined ? '' : `name contains ${driveText(textOf(input.name))}`,
          input.folder === undefined ? '' : `${driveText(textOf(idOf(input.folder)))} in parents`,
          input.q === undefined ? '' : `(${textOf(input.q)})`,
        ]
        const q = parts.filter((one) => one !== '').join(' and ')
        const { readPages } = await import('../../service/pages.ts')
        const { requestOf } = await import('../../service/request.ts')
        const request = requestOf({ request: findFiles(q, textOf(input.order ?? 'modifiedTime desc')) }, {})
        const { items } = await readPages(http, request, pages, Number(input.limit ?? 100))
        return { items, count: items.length }
      },
    }),
    operation({
      name: 'get',
      title: 'Get what Google Drive knows of a file',
      description: 'Reads name, size, times and address of a file or folder.',
      keywords: ['metadata', 'info'],
      request: `GET /drive/v3/files/{file}?${ALL_DRIVES}&fields=${FIELDS}`,
      scopes: READ,
      fields: { file: fileId },
      sample: stored,
    }),
    operation({
      name: 'create-folder',
      title: 'Create a folder in Google Drive',
      description: 'Creates a folder. A repeat does not create it twice.',
      keywords: ['directory', 'new folder'],
      effect: 'keyed',
      scopes: ALL,
      fields: {
        name: text('Name'),
        folder: {
          ...folder,
          schema: folder.schema.meta({
            title: 'In the folder',
            ui: { widget: 'service-choice', options: { from: 'folders', searches: true } },
          }),
        },
      },
      sample: { id: '1AbC', name: 'Invoices', webViewLink: 'https://drive.google.com/drive/folders/1AbC' },
      async run({ http, input, store, idempotencyKey, clock }) {
        const body = {
          id: await ownId(http, store, idempotencyKey, clock.now()),
          name: input.name ?? '',
          mimeType: 'application/vnd.google-apps.folder',
          ...(input.folder !== undefined && { parents: [idOf(input.folder)] }),
        }
        return (await http({ method: 'POST', path: `drive/v3/files?${ALL_DRIVES}&fields=id,name,webViewLink`, body }))
          .body
      },
    }),
    operation({
      name: 'move',
      title: 'Move or rename a file in Google Drive',
      description: 'Moves a file to another folder, gives it another name, or both.',
      keywords: ['rename', 'move', 'trash'],
      effect: 'idempotent',
      scopes: ALL,
      fields: {
        file: fileId,
        folder,
        name: text('New name', { optional: true }),
        trash: yesNo('To the trash', { advanced: true }),
      },
      sample: stored,
      async run({ http, input }) {
        const id = pathPart('file', idOf(input.file ?? ''))
        const query: Record<string, string> = { supportsAllDrives: 'true', fields: FIELDS }
        if (input.folder !== undefined) {
          const about = objectOf((await http({ path: `drive/v3/files/${id}?${ALL_DRIVES}&fields=parents` })).body)
          query.addParents = textOf(idOf(input.folder))
          query.removeParents = Array.isArray(about.parents) ? about.parents.map(textOf).join(',') : ''
        }
        const body = {
          ...(input.name !== undefined && { name: input.name }),
          ...(input.trash === true && { trashed: true }),
        }
        return (await http({ method: 'PATCH', path: `drive/v3/files/${id}`, query, body })).body
      },
    }),
    operation({
      name: 'update-content',
      title: 'Replace a file in Google Drive',
      description: 'Puts another content into a file, which keeps its address.',
      keywords: ['update', 'overwrite', 'new version'],
      effect: 'idempotent',
      scopes: ALL,
      fields: { file: fileId, content: file('New content') },
      sample: stored,
      async run({ http, files, input }) {
        const { contentType, content } = await files.read(input.content ?? '', 'content')
        const id = pathPart('file', idOf(input.file ?? ''))
        const path = `upload/drive/v3/files/${id}?uploadType=media&${ALL_DRIVES}&fields=${FIELDS}`
        return (await http({ method: 'PATCH', path, bytes: { content, contentType } })).body
      },
    }),
    operation({
      name: 'copy',
      title: 'Copy a file in Google Drive',
      description: 'Copies a file, such as a template.',
      keywords: ['duplicate', 'template'],
      request: `POST /drive/v3/files/{file}/copy?${ALL_DRIVES}&fields=${FIELDS}`,
      scopes: ALL,
      fields: {
        file: fileId,
        name: text('Name', { optional: true }),
        folder: { ...folder, as: 'parents', send: (value: Json) => [idOf(value)] },
      },
      sample: stored,
    }),
    operation({
      name: 'share',
      title: 'Share a file in Google Drive',
      description: 'Lets a person, a group, an organisation or everyone see or change a file.',
      keywords: ['permission', 'access', 'link'],
      request: `POST /drive/v3/files/{file}/permissions?${ALL_DRIVES}`,
      scopes: ALL,
      fields: {
        file: fileId,
        role: choice('May', { reader: 'See it', commenter: 'Comment on it', writer: 'Change it' }),
        type: choice('Who', {
          user: 'A person',
          group: 'A group',
          domain: 'An organisation',
          anyone: 'Everyone with the link',
        }),
        email: text('E-mail', { as: 'emailAddress', optional: true, showIf: { field: 'type', in: ['user', 'group'] } }),
        domain: text('Domain', { optional: true, showIf: { field: 'type', in: ['domain'] } }),
        tell: yesNo('Tell them by mail', {
          as: 'sendNotificationEmail',
          at: 'query',
          initial: true,
          sendsNo: true,
          advanced: true,
        }),
        words: longText('Words in that mail', { as: 'emailMessage', at: 'query', optional: true, advanced: true }),
      },
      sample: { id: '42', type: 'user', role: 'reader' },
    }),
    operation({
      name: 'delete',
      title: 'Delete a file in Google Drive for good',
      description: 'Deletes a file or folder at once, past the trash. It cannot be had back.',
      keywords: ['remove'],
      request: `DELETE /drive/v3/files/{file}?${ALL_DRIVES}`,
      scopes: ALL,
      fields: { file: fileId },
      sample: {},
    }),
  ],
})

/** What came into a folder last, the newest first. */
async function newest(http: AppClient, inFolder: string, order: string): Promise<Json[]> {
  const { readPages } = await import('../../service/pages.ts')
  const { requestOf } = await import('../../service/request.ts')
  const q = `${driveText(inFolder)} in parents and trashed=false`
  return (await readPages(http, requestOf({ request: findFiles(q, order) }, {}), pages, 200)).items
}
