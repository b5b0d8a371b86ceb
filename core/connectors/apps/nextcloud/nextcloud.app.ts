import { encodedPart } from '../../../domain/values/address-text.ts'
import { isJsonList, isJsonObject, type Json, textOf } from '../../../domain/values/json.ts'
import type { AppClient, AppRequest } from '../../app-request.ts'
import { defineApp } from '../../define-app.ts'
import { readPath, valueAt } from '../../kit/path.ts'
import {
  basic,
  bearer,
  clientHelp,
  howTo,
  oauthAccount,
  serverField,
  serverOf,
  tokenAccount,
  whoIs,
} from '../../service/accounts.ts'
import type { Refusal } from '../../service/answers.ts'
import { choice, file, moment, text } from '../../service/fields.ts'
import { hookTrigger } from '../../service/hooks.ts'
import { newItemTrigger, operation } from '../../service/operation.ts'
import { keyOfParts, textAt } from '../../service/parts.ts'
import { pathPart } from '../../service/request.ts'
import { hue, icon } from './logo.ts'

const OCS = { 'ocs-apirequest': 'true' }
const path = (title: string, placeholder: string) => text(title, { placeholder, help: 'From the top of your files.' })
const folder = text('Folder', { optional: true, placeholder: '/Invoices', help: 'The top when empty.' })

/** Where a file is, below the address; slashes stay, and no part leads elsewhere. `{user}` is filled in by the account. */
function placeOf(given: Json | undefined, name = 'path'): string {
  const parts = textOf(given ?? '')
    .split('/')
    .filter((part) => part !== '')
  return ['remote.php/dav/files/{user}', ...parts.map((part) => pathPart(name, part))].join('/')
}

const stored = {
  path: '/Invoices/42.pdf',
  name: '42.pdf',
  isFolder: false,
  size: 12_345,
  type: 'application/pdf',
  modifiedAt: '2026-11-30T09:00:00.000Z',
  etag: 'c7e1b9d2',
  id: '1234',
}
const PROPERTIES =
  '<?xml version="1.0"?><d:propfind xmlns:d="DAV:" xmlns:oc="http://owncloud.org/ns"><d:prop><d:getetag/><d:getlastmodified/><d:getcontentlength/><d:getcontenttype/><d:resourcetype/><oc:fileid/><oc:size/></d:prop></d:propfind>'

/** The element of a name, whatever short form its namespace has. */
function part(element: Json, name: string): Json {
  if (!isJsonObject(element)) return null
  const found = Object.entries(element).find(([key]) => (key.split(':').at(-1) ?? '') === name)
  return found?.[1] ?? null
}
const listOf = (value: Json): readonly Json[] => (isJsonList(value) ? value : value === null ? [] : [value])

async function* inOne(content: Uint8Array): AsyncIterable<Uint8Array> {
  yield content
}

/** What is in a folder, without the folder itself (RFC 4918, section 9.1). */
async function entriesOf(http: AppClient, given: Json | undefined): Promise<Json[]> {
  const at = placeOf(given, 'folder')
  const answer = await http({
    method: 'PROPFIND',
    path: `${at}/`,
    headers: { depth: '1' },
    bytes: { content: Buffer.from(PROPERTIES), contentType: 'application/xml' },
    takesFile: true,
    maxBytes: 50_000_000,
  })
  const { readXml } = await import('../../xml/read-xml.ts')
  let text = ''
  for await (const piece of readXml(inOne(answer.bytes), { isText: false })) text += String(piece)
  const status = part(JSON.parse(text), 'multistatus')
  return listOf(part(status, 'response')).flatMap((response): Json[] => {
    const href = decodeURIComponent(textOf(part(response, 'href') ?? ''))
    const after = href.split(/\/remote\.php\/dav\/files\/[^/]+/)[1] ?? ''
    const shown = `/${after.split('/').filter(Boolean).join('/')}`
    if (
      shown ===
      `/${textOf(given ?? '')
        .split('/')
        .filter(Boolean)
        .join('/')}`
    )
      return []
    const properties =
      listOf(part(response, 'propstat')).find((one) => textOf(part(one, 'status') ?? '').includes('200')) ?? null
    const known = part(properties, 'prop')
    const at = Date.parse(textOf(part(known, 'getlastmodified') ?? ''))
    return [
      {
        path: shown,
        name: shown.split('/').at(-1) ?? '',
        isFolder: part(part(known, 'resourcetype'), 'collection') !== null,
        size: Number(part(known, 'getcontentlength') ?? part(known, 'size') ?? 0),
        type: textOf(part(known, 'getcontenttype') ?? ''),
        modifiedAt: Number.isNaN(at) ? '' : new Date(at).toISOString(),
        etag: textOf(part(known, 'getetag') ?? '').replaceAll('"', ''),
        id: textOf(part(known, 'fileid') ?? ''),
      },
    ]
  })
}

/** The words of WebDAV stand in XML, and those of the other API in a 200. */
function refusalIn(body: Json): Refusal | null {
  if (typeof body === 'string') {
    const words = /<s:message>([^<]{1,300})/.exec(body.slice(0, 5_000))?.[1]
    return words === undefined ? null : { says: words }
  }
  const status = valueAt(body, readPath('ocs.meta.statuscode'))
  if (typeof status !== 'number' || status === 100 || status === 200) return null
  return {
    says: textAt(body, 'ocs.meta.message'),
    status: status === 997 ? 401 : status >= 400 && status < 600 ? status : 400,
  }
}

/** Moves or copies, to a place that is said as a whole address. */
const relocates = (method: 'MOVE' | 'COPY', title: string, description: string, words: readonly string[]) =>
  operation({
    name: method.toLowerCase(),
    title,
    description,
    keywords: words,
    fields: {
      from: path('File or folder', '/Inbox/42.pdf'),
      to: path('To', '/Invoices/42.pdf'),
      how: choice('When it is there', { F: 'Leave it, and say so', T: 'Take its place' }, { advanced: true }),
    },
    sample: { path: '/Invoices/42.pdf' },
    async run({ http, input, account }) {
      const fields = await account()
      const to = placeOf(input.to, 'to').replace('{user}', encodedPart(fields.user ?? ''))
      const headers = { destination: `${serverOf(fields)}/${to}`, overwrite: textOf(input.how ?? 'F') }
      await http({ method, path: placeOf(input.from, 'from'), headers } satisfies AppRequest)
      return { path: textOf(input.to ?? '') }
    },
  })

/** What Nextcloud tells of (https://docs.nextcloud.com/server/latest/admin_manual/webhook_listeners). */
const TOLD = {
  'OCP\\Files\\Events\\Node\\NodeCreatedEvent': 'A file comes',
  'OCP\\Files\\Events\\Node\\NodeWrittenEvent': 'A file changes',
  'OCP\\Files\\Events\\Node\\NodeDeletedEvent': 'A file is deleted',
  'OCP\\Files\\Events\\Node\\NodeRenamedEvent': 'A file is renamed',
  'OCP\\Calendar\\Events\\CalendarObjectCreatedEvent': 'An event comes into a calendar',
  'OCP\\Calendar\\Events\\CalendarObjectUpdatedEvent': 'An event of a calendar changes',
}

/** Nextcloud: files by WebDAV, and shares (https://docs.nextcloud.com/server/latest/developer_manual/client_apis). */
export const nextcloud = defineApp({
  id: 'nextcloud',
  title: 'Nextcloud',
  icon,
  hue,
  address: { ofAccount: (fields) => serverOf(fields) },
  account: 'needed',
  takesKey: false,
  credentials: [
    tokenAccount({
      id: 'nextcloud',
      title: 'Nextcloud account',
      fields: [
        serverField('https://cloud.example.com'),
        {
          name: 'user',
          title: 'User',
          placeholder: 'ada',
          help: 'The account name, not the e-mail address.',
          isSecret: false,
        },
      ],
      secret: { title: 'App password', placeholder: 'xxxxx-xxxxx-xxxxx-xxxxx-xxxxx' },
      help: howTo(
        'A password in two steps',
        { title: 'Create an app password', text: 'Personal settings → Security → Devices & sessions.' },
        { title: 'Paste it here', text: 'With the address of your Nextcloud, and your user name.' },
      ),
      signIn: (password, { user = '' }) => ({ ...basic(user, password), path: { user } }),
      test: whoIs({
        address: (fields) => serverOf(fields),
        path: 'ocs/v2.php/cloud/user?format=json',
        name: ['ocs.data.displayname', 'ocs.data.display-name', 'ocs.data.id'],
        headers: OCS,
      }),
    }),
    oauthAccount({
      id: 'nextcloud.oauth',
      title: 'Nextcloud sign-in',
      authorizeUrl: (fields) => serverOf(fields, '/index.php/apps/oauth2/authorize'),
      tokenUrl: (fields) => serverOf(fields, '/index.php/apps/oauth2/api/v1/token'),
      scopes: [],
      isAtFixedAddress: true,
      fields: [
        serverField('https://cloud.example.com'),
        { name: 'user', title: 'User', isSecret: false, isOptional: true, isAdvanced: true },
      ],
      more: { pkce: false, keeps: { user: 'user_id' } },
      help: clientHelp(
        { title: 'Administration settings → Security → OAuth 2.0 clients' },
        'It may do all that you may. Only an administrator can add a client; others take an app password.',
      ),
      signIn: (token, { user = '' }) => ({ ...bearer()(token), path: { user } }),
      test: whoIs({
        address: (fields) => serverOf(fields),
        path: 'ocs/v2.php/cloud/user?format=json',
        name: ['ocs.data.displayname', 'ocs.data.display-name', 'ocs.data.id'],
        headers: OCS,
      }),
    }),
  ],
  answers: { refusal: refusalIn, means: (status) => (status === 423 ? 503 : status) },
  triggers: [
    newItemTrigger({
      name: 'new-or-changed-file',
      title: 'New or changed file in Nextcloud',
      description: 'Starts for each file that comes into a folder, or changes there.',
      keywords: ['upload', 'document', 'webdav', 'owncloud'],
      fields: { folder },
      key: keyOfParts('path', 'etag'),
      sample: stored,
      list: async ({ http, input }) =>
        (await entriesOf(http, input.folder)).filter((one) => valueAt(one, readPath('isFolder')) === false),
    }),
    hookTrigger({
      name: 'event',
      title: 'Nextcloud tells',
      description:
        'Starts some minutes after a file, a share or a calendar changes. It takes an administrator, and the app “Webhooks”.',
      keywords: ['webhook', 'file', 'calendar', 'share'],
      fields: { event: choice('When', TOLD) },
      headers: OCS,
      verify: { scheme: 'header', header: 'X-Hookline-Secret' },
      subscribe: 'POST /ocs/v2.php/apps/webhook_listeners/api/v1/webhooks?format=json',
      body: ({ url, secret }, { event }) => ({
        httpMethod: 'POST',
        uri: url,
        event: event ?? '',
        headers: { 'X-Hookline-Secret': secret },
      }),
      id: 'ocs.data.id',
      unsubscribe: 'DELETE /ocs/v2.php/apps/webhook_listeners/api/v1/webhooks/{id}?format=json',
      all: {
        request: 'GET /ocs/v2.php/apps/webhook_listeners/api/v1/webhooks?format=json',
        pages: { items: 'ocs.data' },
        url: 'uri',
        id: 'id',
      },
      events: ({ body }) => [{ key: null, data: body }],
      sample: {
        event: { class: 'OCP\\Files\\Events\\Node\\NodeCreatedEvent', node: { id: 42, path: '/ada/files/report.pdf' } },
        user: { uid: 'ada', displayName: 'Ada' },
        time: 1_796_029_200,
      },
    }),
  ],
  actions: [
    operation({
      name: 'upload',
      title: 'Upload a file to Nextcloud',
      description: 'Puts a file into Nextcloud, in the place of one that is there.',
      keywords: ['save', 'store', 'backup', 'webdav', 'owncloud'],
      summary: '{path}',
      effect: 'idempotent',
      timeoutMs: 600_000,
      fields: { file: file('File'), path: path('As', '/Invoices/42.pdf') },
      sample: { path: '/Invoices/42.pdf', id: '00001234oc1', etag: 'c7e1b9d2' },
      async run({ http, files, input }) {
        const { content, contentType } = await files.read(input.file ?? '', 'file')
        const { headers } = await http({ method: 'PUT', path: placeOf(input.path), bytes: { content, contentType } })
        return {
          path: textOf(input.path ?? ''),
          id: textOf(headers['oc-fileid'] ?? ''),
          etag: textOf(headers.etag ?? '').replaceAll('"', ''),
        }
      },
    }),
    operation({
      name: 'download',
      title: 'Download a file from Nextcloud',
      description: 'Fetches a file for later steps.',
      keywords: ['get', 'read', 'webdav', 'owncloud'],
      effect: 'none',
      timeoutMs: 600_000,
      fields: { path: path('File', '/Invoices/42.pdf') },
      sample: { file: { filename: '42.pdf', contentType: 'application/pdf', bytes: 12_345 } },
      async run({ http, files, input }) {
        const { bytes } = await http({ path: placeOf(input.path), takesFile: true, maxBytes: 200_000_000 })
        return {
          file: await files.keep(
            textOf(input.path ?? '')
              .split('/')
              .at(-1) || 'file',
            bytes,
          ),
        }
      },
    }),
    operation({
      name: 'list-folder',
      title: 'List a folder of Nextcloud',
      description: 'Reads what is in a folder.',
      keywords: ['files', 'get many', 'webdav', 'owncloud'],
      effect: 'none',
      fields: { folder },
      sample: { items: [stored], count: 1 },
      run: ({ http, input }) => entriesOf(http, input.folder),
    }),
    operation({
      name: 'create-folder',
      title: 'Create a folder in Nextcloud',
      description: 'Creates a folder.',
      keywords: ['directory', 'add', 'webdav', 'owncloud'],
      fields: { path: path('Folder', '/Invoices/2026') },
      sample: { path: '/Invoices/2026' },
      async run({ http, input }) {
        await http({ method: 'MKCOL', path: `${placeOf(input.path)}/` })
        return { path: textOf(input.path ?? '') }
      },
    }),
    operation({
      name: 'delete',
      title: 'Delete in Nextcloud',
      description: 'Deletes a file, or a folder with all that is in it.',
      keywords: ['remove', 'trash', 'webdav', 'owncloud'],
      effect: 'idempotent',
      fields: { path: path('File or folder', '/Invoices/42.pdf') },
      sample: {},
      async run({ http, input }) {
        if (
          textOf(input.path ?? '')
            .split('/')
            .every((one) => one === '')
        )
          pathPart('path', '')
        return (await http({ method: 'DELETE', path: placeOf(input.path) })).body
      },
    }),
    relocates('MOVE', 'Move or rename in Nextcloud', 'Moves a file or a folder, or gives it another name.', [
      'rename',
      'webdav',
      'owncloud',
    ]),
    relocates('COPY', 'Copy in Nextcloud', 'Copies a file or a folder.', ['duplicate', 'webdav', 'owncloud']),
    operation({
      name: 'share',
      title: 'Share a file of Nextcloud',
      description: 'Makes an address at which a file or a folder can be seen, or shares it with a person or a group.',
      keywords: ['link', 'public', 'url', 'owncloud'],
      request: 'POST /ocs/v2.php/apps/files_sharing/api/v1/shares?format=json',
      headers: OCS,
      bodyType: 'form',
      fields: {
        path: path('File or folder', '/Invoices/42.pdf'),
        kind: choice(
          'With',
          { '3': 'Who has the link', '0': 'A person', '1': 'A group', '4': 'An e-mail address' },
          { as: 'shareType', initial: '3' },
        ),
        who: text('Who', { as: 'shareWith', optional: true, help: 'The user, group or address.' }),
        password: text('Password', { optional: true, advanced: true }),
        until: moment('Until', { form: 'day', as: 'expireDate', optional: true, advanced: true }),
      },
      result: 'ocs.data',
      sample: { id: '7', url: 'https://cloud.example.com/s/pSWabXyz', token: 'pSWabXyz' },
    }),
  ],
})
