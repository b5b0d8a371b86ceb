import { z } from 'zod'
import { StepError } from '../../../domain/runs/step-error.ts'
import { isJsonList, isJsonObject, type Json, textOf } from '../../../domain/values/json.ts'
import type { AppClient } from '../../app-request.ts'
import { appPoll } from '../../app-triggers.ts'
import { defineApp } from '../../define-app.ts'
import { readPath, valueAt } from '../../kit/path.ts'
import { bearer, howTo, oauthAccount, tokenAccount } from '../../service/accounts.ts'
import { choice, file, number, text, yesNo } from '../../service/fields.ts'
import { handTrigger } from '../../service/hooks.ts'
import { operation } from '../../service/operation.ts'
import { itemsAt, textAt } from '../../service/parts.ts'
import { hue, icon } from './logo.ts'

const ADDRESS = 'https://api.dropboxapi.com/2'
const CONTENT = 'https://content.dropboxapi.com/2'

/** The top of a Dropbox is '', and everything else begins with a slash, or with `id:`. */
function pathOf(value: Json | undefined): string {
  const path = textOf(value ?? '')
    .trim()
    .replace(/\/$/, '')
  return path === '' || /^(?:\/|id:|rev:|ns:)/.test(path) ? path : `/${path}`
}
const path = (title: string, placeholder: string) =>
  text(title, { placeholder, help: 'From the top of the Dropbox, or the id of a file.' })

/** Arguments that travel in a header are ASCII (https://www.dropbox.com/developers/reference/json-encoding). */
const asHeader = (value: Json): string =>
  JSON.stringify(value).replace(/[\u007f-\uffff]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)

const stored = {
  '.tag': 'file',
  id: 'id:a4ayc_80_OEAAAAAAAAAXw',
  name: 'report.pdf',
  path_display: '/Reports/report.pdf',
  rev: 'a1c10ce0dd78',
  size: 12_345,
  server_modified: '2026-11-30T09:00:00Z',
}
const folderSchema = z.object({
  entries: z.array(z.json()).default([]),
  cursor: z.string(),
  has_more: z.boolean().default(false),
})

/** Everything in a folder, or what changed in it since a cursor. */
async function entriesOf(
  http: AppClient,
  first: { readonly path: string; readonly body: Json },
  most: number,
): Promise<{ entries: Json[]; cursor: string; hasMore: boolean }> {
  const entries: Json[] = []
  let asked = first
  for (;;) {
    const page = (await http({ method: 'POST', ...asked })).as(folderSchema)
    entries.push(...page.entries)
    if (!page.has_more || entries.length >= most)
      return { entries, cursor: page.cursor, hasMore: page.has_more || entries.length > most }
    asked = { path: 'files/list_folder/continue', body: { cursor: page.cursor } }
  }
}

/** Whose an account is. What takes no arguments is sent null. */
async function whoAmI(http: AppClient): Promise<string | null> {
  const { body } = await http({ method: 'POST', path: 'users/get_current_account', body: null })
  return textOf(valueAt(body, readPath('email')) ?? valueAt(body, readPath('name.display_name')) ?? '') || null
}

const cursorSchema = z.object({ cursor: z.string() })
const keyOf = (entry: Json): string =>
  ['id', 'rev'].map((name) => textOf(valueAt(entry, readPath(name)) ?? '')).join(' ')

const fileChanged = appPoll({
  name: 'file-changed',
  title: 'New or changed file in Dropbox',
  description: 'Starts for each file that comes into a folder, or changes there.',
  keywords: ['upload', 'document', 'added'],
  summary: '{folder}',
  input: z.strictObject({
    folder: z
      .string()
      .max(4_000)
      .optional()
      .meta({
        title: 'Folder',
        description: 'All of the Dropbox when empty.',
        ui: { widget: 'template', placeholder: '/Invoices' },
      }),
    deep: z.boolean().default(false).meta({ title: 'Also in folders below' }),
  }),
  output: z.record(z.string(), z.json()),
  sample: stored,
  async poll({ input, http, cursor }) {
    const begin = { path: pathOf(input.folder), recursive: input.deep }
    const known = cursorSchema.safeParse(cursor).data?.cursor
    const found = await (known === undefined
      ? entriesOf(http, { path: 'files/list_folder', body: begin }, 10_000)
      : entriesOf(http, { path: 'files/list_folder/continue', body: { cursor: known } }, 10_000).catch(
          async (error: unknown) => {
            // A cursor that Dropbox has forgotten: what is there now is where it goes on.
            if (!(error instanceof StepError) || !error.details.message.includes('reset')) throw error
            return entriesOf(http, { path: 'files/list_folder', body: begin }, 10_000)
          },
        ))
    const files = found.entries.filter((entry) => valueAt(entry, readPath('[".tag"]')) === 'file')
    return { events: files.map((entry) => ({ key: keyOf(entry), data: entry })), cursor: { cursor: found.cursor } }
  },
})

/** Dropbox (https://www.dropbox.com/developers/documentation/http). */
export const dropbox = defineApp({
  id: 'dropbox',
  title: 'Dropbox',
  icon,
  hue,
  address: ADDRESS,
  alsoAt: [CONTENT],
  account: 'needed',
  takesKey: false,
  credentials: [
    oauthAccount({
      id: 'dropbox',
      title: 'Dropbox account',
      authorizeUrl: 'https://www.dropbox.com/oauth2/authorize',
      tokenUrl: 'https://api.dropboxapi.com/oauth2/token',
      scopes: [
        'account_info.read',
        'files.metadata.read',
        'files.content.read',
        'files.content.write',
        'sharing.read',
        'sharing.write',
      ],
      needsSecret: false,
      // The address that Dropbox sends a browser back to has to be entered there as a whole.
      isAtFixedAddress: true,
      more: { authorizeParams: { token_access_type: 'offline' } },
      help: howTo(
        'A client id in four steps',
        {
          title: 'Create an app',
          text: 'Scoped access; a folder of its own, or all of the Dropbox.',
          link: { title: 'App console', url: 'https://www.dropbox.com/developers/apps' },
        },
        {
          title: 'Give it rights',
          text: 'Permissions: account_info.read, files.metadata.read, files.content.read, files.content.write, sharing.read, sharing.write.',
        },
        { title: 'Enter the redirect address', text: 'Settings → Redirect URIs.', showsRedirect: true },
        { title: 'Paste its app key here', text: 'As client id; the secret is not needed.' },
      ),
      test: ({ at }) => whoAmI(at(ADDRESS)),
    }),
    tokenAccount({
      id: 'dropbox.token',
      title: 'Dropbox token',
      secret: { title: 'Access token', placeholder: 'sl.…', help: 'It ends after four hours: good for a try.' },
      help: howTo('One step', {
        title: 'Generate an access token',
        text: 'Settings of an app → Generated access token.',
        link: { title: 'App console', url: 'https://www.dropbox.com/developers/apps' },
      }),
      signIn: bearer(),
      test: ({ at }) => whoAmI(at(ADDRESS)),
    }),
  ],
  answers: {
    says: ['error_summary', 'user_message.text'],
    // 409 is whatever goes wrong with what was asked; its words say what.
    means(status, body) {
      const words = textAt(body, 'error_summary')
      if (status !== 409) return status
      if (words.includes('not_found')) return 404
      if (words.includes('too_many_')) return 429
      return /conflict|exists/.test(words) ? 409 : 400
    },
    waits: (body) => {
      const seconds = valueAt(body, readPath('error.retry_after'))
      return typeof seconds === 'number' ? seconds * 1_000 : undefined
    },
  },
  triggers: [
    fileChanged,
    handTrigger({
      name: 'account-changed',
      title: 'Dropbox tells of a change',
      description: 'Starts at once when anything changes in a Dropbox. It says in whose: a step after it looks what.',
      keywords: ['webhook', 'file', 'at once'],
      where: 'in the app console of Dropbox under Settings → Webhooks',
      verify: { scheme: 'hmac', header: 'X-Dropbox-Signature' },
      secret: 'The app secret, which stands there.',
      handshake: ({ method, query }) =>
        method === 'GET' && query.challenge !== undefined
          ? {
              status: 200,
              headers: { 'content-type': 'text/plain', 'x-content-type-options': 'nosniff' },
              body: textOf(query.challenge),
            }
          : null,
      events: ({ body }) => itemsAt(body, 'list_folder.accounts').map((one) => ({ key: null, data: { account: one } })),
      sample: { account: 'dbid:AAH4f99T0taONIb-OurWxbNQ6ywGRopQngc' },
    }),
  ],
  actions: [
    operation({
      name: 'upload',
      title: 'Upload a file to Dropbox',
      description: 'Puts a file, up to 150 MB, into Dropbox.',
      keywords: ['save', 'store', 'document', 'backup'],
      summary: '{path}',
      effect: 'idempotent',
      fields: {
        file: file('File'),
        path: path('As', '/Reports/report.pdf'),
        how: choice(
          'When it is there',
          { overwrite: 'Take its place', add: 'Leave it, and say so' },
          { advanced: true },
        ),
      },
      timeoutMs: 600_000,
      sample: stored,
      async run({ http, files, input }) {
        const { content } = await files.read(input.file ?? '', 'file')
        const argument = { path: pathOf(input.path), mode: input.how ?? 'overwrite', autorename: false, mute: false }
        const answer = await http({
          method: 'POST',
          path: `${CONTENT}/files/upload`,
          headers: { 'dropbox-api-arg': asHeader(argument) },
          bytes: { content, contentType: 'application/octet-stream' },
        })
        return answer.body
      },
    }),
    operation({
      name: 'download',
      title: 'Download a file from Dropbox',
      description: 'Fetches a file for later steps.',
      keywords: ['get', 'read', 'document'],
      effect: 'none',
      fields: { path: path('File', '/Reports/report.pdf') },
      timeoutMs: 600_000,
      sample: {
        name: 'report.pdf',
        id: stored.id,
        file: { filename: 'report.pdf', contentType: 'application/pdf', bytes: 12_345 },
      },
      async run({ http, files, input }) {
        const answer = await http({
          method: 'POST',
          path: `${CONTENT}/files/download`,
          headers: { 'dropbox-api-arg': asHeader({ path: pathOf(input.path) }) },
          takesFile: true,
          maxBytes: 200_000_000,
        })
        const about = answer.headers['dropbox-api-result']
        const known = z
          .record(z.string(), z.json())
          .catch({})
          .parse(JSON.parse(typeof about === 'string' ? about : '{}'))
        const name = textOf(known.name ?? '') || (pathOf(input.path).split('/').at(-1) ?? 'file')
        return { ...known, file: await files.keep(name, answer.bytes) }
      },
    }),
    operation({
      name: 'list-folder',
      title: 'List a folder of Dropbox',
      description: 'Reads what is in a folder.',
      keywords: ['files', 'get many', 'directory'],
      effect: 'none',
      fields: {
        folder: text('Folder', { optional: true, placeholder: '/Reports', help: 'The top when empty.' }),
        deep: yesNo('Also in folders below', { advanced: true }),
        limit: number('At most', {
          min: 1,
          max: 10_000,
          optional: true,
          advanced: true,
          help: 'Entries; 1,000 when empty.',
        }),
      },
      sample: { items: [stored], count: 1, hasMore: false },
      async run({ http, input }) {
        const limit = Number(input.limit ?? 1_000)
        const body = { path: pathOf(input.folder), recursive: input.deep === true, limit: Math.min(limit, 2_000) }
        const { entries, hasMore } = await entriesOf(http, { path: 'files/list_folder', body }, limit)
        const items = entries.slice(0, limit)
        return { items, count: items.length, hasMore }
      },
    }),
    operation({
      name: 'create-folder',
      title: 'Create a folder in Dropbox',
      description: 'Creates a folder.',
      keywords: ['directory', 'add'],
      request: 'POST /files/create_folder_v2',
      fields: {
        path: { ...path('Folder', '/Reports/2026'), send: pathOf },
        rename: yesNo('Another name when it is there', { as: 'autorename', advanced: true }),
      },
      result: 'metadata',
      sample: { id: 'id:a4ayc_80_OEAAAAAAAAAYa', name: '2026', path_display: '/Reports/2026' },
    }),
    operation({
      name: 'delete',
      title: 'Delete in Dropbox',
      description: 'Deletes a file, or a folder with all that is in it. Dropbox keeps it for some weeks.',
      keywords: ['remove', 'trash', 'file', 'folder'],
      request: 'POST /files/delete_v2',
      effect: 'idempotent',
      fields: { path: { ...path('File or folder', '/Reports/report.pdf'), send: pathOf } },
      result: 'metadata',
      sample: stored,
    }),
    ...(['move', 'copy'] as const).map((what) =>
      operation({
        name: what,
        title: what === 'move' ? 'Move or rename in Dropbox' : 'Copy in Dropbox',
        description:
          what === 'move'
            ? 'Moves a file or a folder to another place, or gives it another name.'
            : 'Copies a file or a folder.',
        keywords: ['file', 'folder', what === 'move' ? 'rename' : 'duplicate'],
        request: `POST /files/${what}_v2`,
        fields: {
          from: { ...path('File or folder', '/Inbox/report.pdf'), as: 'from_path', send: pathOf },
          to: { ...text('To', { placeholder: '/Reports/report.pdf' }), as: 'to_path', send: pathOf },
          rename: yesNo('Another name when it is there', { as: 'autorename', advanced: true }),
        },
        result: 'metadata',
        sample: stored,
      }),
    ),
    operation({
      name: 'share-link',
      title: 'Share a file of Dropbox',
      description: 'Makes an address at which a file or a folder can be seen, or finds the one that there is.',
      keywords: ['link', 'public', 'url'],
      effect: 'idempotent',
      fields: { path: path('File or folder', '/Reports/report.pdf') },
      sample: { url: 'https://www.dropbox.com/scl/fi/abc/report.pdf?rlkey=x', name: 'report.pdf' },
      async run({ http, input }) {
        const at = pathOf(input.path)
        try {
          return (await http({ method: 'POST', path: 'sharing/create_shared_link_with_settings', body: { path: at } }))
            .body
        } catch (error) {
          if (!(error instanceof StepError) || !error.details.message.includes('shared_link_already_exists'))
            throw error
          const { body } = await http({
            method: 'POST',
            path: 'sharing/list_shared_links',
            body: { path: at, direct_only: true },
          })
          return valueAt(body, readPath('links[0]')) ?? {}
        }
      },
    }),
    operation({
      name: 'temporary-link',
      title: 'Get a temporary link from Dropbox',
      description: 'Makes an address at which a file can be fetched for four hours.',
      keywords: ['download', 'url', 'stream'],
      request: 'POST /files/get_temporary_link',
      effect: 'none',
      fields: { path: { ...path('File', '/Reports/report.pdf'), send: pathOf } },
      sample: { link: 'https://uc1.dl.dropboxusercontent.com/cd/0/get/x', metadata: stored },
    }),
    operation({
      name: 'search',
      title: 'Search Dropbox',
      description: 'Finds files and folders by their names and what is in them.',
      keywords: ['find', 'files'],
      effect: 'none',
      fields: {
        query: text('Search for', { most: 1_000 }),
        folder: text('In the folder', { optional: true, placeholder: '/Reports' }),
        limit: number('At most', { min: 1, max: 1_000, optional: true, advanced: true, help: '100 when empty.' }),
      },
      sample: { items: [stored], count: 1 },
      async run({ http, input }) {
        const options = {
          ...(input.folder !== undefined && { path: pathOf(input.folder) }),
          max_results: Number(input.limit ?? 100),
        }
        const { body } = await http({
          method: 'POST',
          path: 'files/search_v2',
          body: { query: input.query ?? '', options },
        })
        const matches =
          isJsonObject(body) && isJsonList(body.matches ?? null) ? Object.values(Object(body.matches)) : []
        return matches.map((one) => valueAt(one as Json, readPath('metadata.metadata')) ?? null)
      },
    }),
  ],
})
