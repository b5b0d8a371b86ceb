import { StepError } from '../../../domain/runs/step-error.ts'
import { encodedPart } from '../../../domain/values/address-text.ts'
import { isJsonObject, type Json, textOf } from '../../../domain/values/json.ts'
import type { AppClient } from '../../app-request.ts'
import { defineApp } from '../../define-app.ts'
import { readPath, valueAt } from '../../kit/path.ts'
import { GRAPH, graphPages, microsoftAnswers } from '../../providers/microsoft.ts'
import { changeSample, changesTrigger, deltaTrigger } from '../../providers/microsoft-changes.ts'
import { choice, file, moment, text } from '../../service/fields.ts'
import { listOf, operation } from '../../service/operation.ts'
import { textAt } from '../../service/parts.ts'
import { pathPart } from '../../service/request.ts'
import { hue, icon } from './logo.ts'

const reads = { scopes: ['Files.Read'] }
const writes = { scopes: ['Files.ReadWrite'] }

const item = text('File or folder', { placeholder: '{{ file.id }}', help: 'Its id.', from: { list: 'items' } })
const folder = text('Folder', {
  placeholder: 'root',
  help: 'root is the top; else the id of a folder.',
  from: { list: 'folders' },
})
const stored = {
  id: '01BYE5RZ6QN3ZWBTUFOFD3GSPGOHDJD36K',
  name: 'report.pdf',
  size: 12_345,
  webUrl: 'https://contoso-my.sharepoint.com/personal/ada/Documents/report.pdf',
  lastModifiedDateTime: '2026-11-30T09:00:00Z',
  file: { mimeType: 'application/pdf' },
}
const keywords = ['file', 'cloud', 'document', 'office 365', 'sharepoint']

/** Bytes up to which a file is sent at once (https://learn.microsoft.com/en-us/graph/api/driveitem-put-content). */
const AT_ONCE = 4_000_000
/** Bytes of a piece of a larger file: a multiple of 320 KiB. */
const PIECE = 327_680 * 20

/** The path of a file from the top of the drive. Throws a StepError `bad-input` for one that would lead elsewhere. */
function filePath(given: Json | undefined): string {
  const parts = textOf(given ?? '')
    .split('/')
    .filter((part) => part !== '')
  if (parts.length === 0 || parts.some((part) => /^\.{1,2}$/.test(part))) {
    const message = `"As" takes the path of a file, such as Reports/report.pdf, but "${textOf(given ?? '')}" came.`
    throw new StepError({ code: 'bad-input', message, retryable: false })
  }
  return parts.map(encodedPart).join('/')
}

/** Sends a large file in pieces, to an address that Microsoft names for it. */
async function inPieces(http: AppClient, at: string, content: Uint8Array, contentType: string): Promise<Json> {
  let answer: Json = {}
  for (let from = 0; from < content.byteLength; from += PIECE) {
    const piece = content.subarray(from, from + PIECE)
    const range = `bytes ${from}-${from + piece.byteLength - 1}/${content.byteLength}`
    const request = { method: 'PUT', path: at, headers: { 'content-range': range } } as const
    answer = (await http({ ...request, bytes: { content: piece, contentType }, withoutAccount: true })).body
  }
  return answer
}

/** Microsoft OneDrive (https://learn.microsoft.com/en-us/graph/api/resources/onedrive). */
export const microsoftOnedrive = defineApp({
  id: 'microsoft-onedrive',
  title: 'Microsoft OneDrive',
  icon,
  hue,
  address: GRAPH,
  // Where contents are, at addresses that are signed themselves.
  alsoAt: [
    'https://*.sharepoint.com',
    'https://*.1drv.com',
    'https://*.microsoftpersonalcontent.com',
    'https://*.svc.ms',
  ],
  account: 'needed',
  takesKey: false,
  alsoTakes: ['microsoft'],
  answers: microsoftAnswers,
  lists: {
    folders: listOf({
      request: 'GET /me/drive/root/children?$filter=folder ne null&$select=id,name,folder',
      pages: graphPages(200),
      value: 'id',
      label: 'name',
    }),
    items: listOf({ request: 'GET /me/drive/recent', pages: { items: 'value' }, value: 'id', label: 'name' }),
  },
  triggers: [
    deltaTrigger({
      name: 'file-changed',
      title: 'New or changed file in OneDrive',
      description: 'Starts for each file that comes into the drive, or changes there.',
      keywords: [...keywords, 'upload', 'added'],
      ...reads,
      begin: ({ all }) => `me/drive/root/delta${all ? '' : '?token=latest'}`,
      counts: (one) => isJsonObject(one) && one.file !== undefined && one.deleted === undefined,
      key: (one) => ['id', 'eTag'].map((name) => textOf(valueAt(one, readPath(name)) ?? '')).join(' '),
      sample: stored,
    }),
    changesTrigger({
      name: 'push',
      title: 'OneDrive tells of a change',
      description: 'Starts at once when anything changes in the drive; OneDrive does not say what.',
      keywords: [...keywords, 'webhook', 'at once'],
      ...writes,
      resource: () => 'me/drive/root',
      changes: 'updated',
      sample: changeSample('', 'me/drive/root', 'updated'),
    }),
  ],
  actions: [
    operation({
      name: 'upload',
      title: 'Upload a file to OneDrive',
      description: 'Puts a file into the drive; one of the same name is replaced.',
      keywords: [...keywords, 'save', 'store', 'backup'],
      summary: '{path}',
      effect: 'idempotent',
      ...writes,
      fields: {
        file: file('File'),
        path: text('As', { placeholder: 'Reports/report.pdf', help: 'From the top of the drive.' }),
      },
      timeoutMs: 900_000,
      sample: stored,
      async run({ http, files, input }) {
        const path = `me/drive/root:/${filePath(input.path)}:`
        const { content, contentType } = await files.read(input.file ?? '', 'file')
        if (content.byteLength <= AT_ONCE)
          return (await http({ method: 'PUT', path: `${path}/content`, bytes: { content, contentType } })).body
        const session = await http({
          method: 'POST',
          path: `${path}/createUploadSession`,
          body: { item: { '@microsoft.graph.conflictBehavior': 'replace' } },
        })
        const at = textAt(session.body, 'uploadUrl')
        return inPieces(http, at, content, contentType)
      },
    }),
    operation({
      name: 'download',
      title: 'Download a file from OneDrive',
      description: 'Fetches a file for later steps.',
      keywords: [...keywords, 'get', 'read'],
      summary: '{item}',
      effect: 'none',
      ...reads,
      fields: { item },
      timeoutMs: 600_000,
      sample: {
        id: stored.id,
        name: 'report.pdf',
        file: { filename: 'report.pdf', contentType: 'application/pdf', bytes: 12_345 },
      },
      async run({ http, files, input }) {
        const path = `me/drive/items/${pathPart('item', input.item)}`
        const { body } = await http({ path, query: { $select: 'id,name,file,size' } })
        const name = textOf(valueAt(body, readPath('name')) ?? 'file')
        const type = valueAt(body, readPath('file.mimeType'))
        // Microsoft leads to another address, which is signed: the account stays behind.
        const { bytes } = await http({ path: `${path}/content`, takesFile: true, maxBytes: 250_000_000 })
        const kept = await files.keep(name, bytes, typeof type === 'string' ? type : undefined)
        return { id: input.item ?? null, name, file: kept }
      },
    }),
    operation({
      name: 'list',
      title: 'List a folder of OneDrive',
      description: 'Reads what is in a folder.',
      keywords: [...keywords, 'get many', 'directory'],
      ...reads,
      request: 'GET /me/drive/items/{folder}/children',
      fields: {
        folder,
        order: text('Order', {
          as: '$orderby',
          optional: true,
          advanced: true,
          placeholder: 'lastModifiedDateTime desc',
        }),
      },
      pages: graphPages(200),
      sample: { items: [stored], count: 1, hasMore: false },
    }),
    operation({
      name: 'search',
      title: 'Search OneDrive',
      description: 'Finds files and folders by their names and what is in them.',
      keywords: [...keywords, 'find'],
      ...reads,
      // A quotation mark in what is looked for is written twice.
      request: "GET /me/drive/root/search(q='{query}')",
      fields: { query: text('Search for', { send: (value) => textOf(value).replaceAll("'", "''") }) },
      pages: graphPages(200),
      sample: { items: [stored], count: 1, hasMore: false },
    }),
    operation({
      name: 'get',
      title: 'Get a file of OneDrive',
      description:
        'Reads what is known of a file or a folder, and an address from which it can be fetched for an hour.',
      keywords: [...keywords, 'metadata', 'link'],
      ...reads,
      request: 'GET /me/drive/items/{item}',
      fields: { item },
      sample: { ...stored, '@microsoft.graph.downloadUrl': 'https://contoso-my.sharepoint.com/…' },
    }),
    operation({
      name: 'create-folder',
      title: 'Create a folder in OneDrive',
      description: 'Creates a folder.',
      keywords: [...keywords, 'directory', 'add'],
      summary: '{name}',
      ...writes,
      request: 'POST /me/drive/items/{folder}/children',
      fields: {
        folder,
        name: text('Name'),
        when: choice(
          'When it is there',
          { rename: 'Another name', fail: 'Leave it, and say so', replace: 'Take its place' },
          { at: 'nowhere', advanced: true },
        ),
      },
      body: (body, { when }) => ({
        ...Object(body),
        folder: {},
        '@microsoft.graph.conflictBehavior': when ?? 'rename',
      }),
      sample: { id: '01BYE5RZ5MYLM2SMX75ZBIPQZIHT6OAYPB', name: 'Reports', folder: { childCount: 0 } },
    }),
    operation({
      name: 'move',
      title: 'Move or rename in OneDrive',
      description: 'Moves a file or a folder to another folder, or calls it another name.',
      keywords: [...keywords, 'rename'],
      ...writes,
      request: 'PATCH /me/drive/items/{item}',
      effect: 'idempotent',
      fields: {
        item,
        folder: { ...text('To the folder', { optional: true, from: { list: 'folders' } }), as: 'parentReference.id' },
        name: text('New name', { optional: true }),
      },
      sample: stored,
    }),
    operation({
      name: 'copy',
      title: 'Copy in OneDrive',
      description: 'Copies a file or a folder. Microsoft does it in its own time, and says where that can be seen.',
      keywords: [...keywords, 'duplicate'],
      summary: '{item}',
      ...writes,
      fields: {
        item,
        folder: text('To the folder', { optional: true, from: { list: 'folders' } }),
        name: text('New name', { optional: true }),
      },
      sample: { monitor: 'https://contoso-my.sharepoint.com/_api/v2.0/monitor/4A3407B5' },
      async run({ http, input }) {
        const { headers } = await http({
          method: 'POST',
          path: `me/drive/items/${pathPart('item', input.item)}/copy`,
          body: {
            ...(input.name !== undefined && { name: input.name }),
            ...(input.folder !== undefined && { parentReference: { id: input.folder } }),
          },
        })
        return { monitor: textOf(headers.location ?? '') || null }
      },
    }),
    operation({
      name: 'share',
      title: 'Share a file of OneDrive',
      description: 'Makes an address at which a file or a folder can be seen, or finds the one that there is.',
      keywords: [...keywords, 'link', 'public', 'url'],
      summary: '{item}',
      ...writes,
      request: 'POST /me/drive/items/{item}/createLink',
      effect: 'idempotent',
      fields: {
        item,
        type: choice('To', { view: 'Look at it', edit: 'Change it', embed: 'Show it in a page' }),
        scope: choice('For', { anonymous: 'All who have the address', organization: 'The organisation' }),
        password: text('Password', { optional: true, advanced: true }),
        until: moment('Until', { as: 'expirationDateTime', form: 'iso', optional: true, advanced: true }),
      },
      sample: { id: '123ABC', link: { type: 'view', scope: 'anonymous', webUrl: 'https://1drv.ms/b/s!AkijuZglD51u' } },
    }),
    operation({
      name: 'delete',
      title: 'Delete in OneDrive',
      description: 'Moves a file or a folder to the recycle bin.',
      keywords: [...keywords, 'remove', 'trash'],
      ...writes,
      request: 'DELETE /me/drive/items/{item}',
      fields: { item },
      sample: {},
    }),
  ],
})
