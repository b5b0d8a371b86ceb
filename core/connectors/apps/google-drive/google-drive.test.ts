import { drive as driveOf } from '@googleapis/drive'
import { expect, it } from 'vitest'
import type { Json } from '../../../domain/values/json.ts'
import { type Sent, sentByLibrary, sentByUs } from '../../service/test-judge.ts'
import { googleDrive } from './google-drive.app.ts'

const account = { type: 'google', secret: JSON.stringify({ clientId: 'a', clientSecret: 'b', accessToken: 'ya29.1' }) }
const FIELDS = 'id,name,mimeType,size,createdTime,modifiedTime,parents,webViewLink'
const answers = ({ path }: Sent): Json =>
  path.endsWith('generateIds') ? { ids: ['made-before'] } : { id: 'f1', name: 'a', parents: ['p0'], files: [] }
const us = (uses: string, input: Record<string, Json>) => sentByUs(googleDrive, uses, input, { answers, account })
type Client = ReturnType<typeof driveOf>
const theirs = (call: (client: Client) => Promise<unknown>) =>
  sentByLibrary((rootUrl) => call(driveOf({ version: 'v3', rootUrl: `${rootUrl}/` })), answers)
const bare = (sent: readonly Sent[]) => sent.map(({ authorization: _, ...rest }) => rest)
const all = { supportsAllDrives: true }

it.each<[string, Record<string, Json>, (client: Client) => Promise<unknown>]>([
  ['get', { file: 'f1' }, ({ files }) => files.get({ fileId: 'f1', fields: FIELDS, ...all })],
  [
    'create-folder',
    { name: 'Invoices', folder: 'p1' },
    async ({ files }) => {
      await files.generateIds({ count: 1, space: 'drive' })
      await files.create({
        fields: 'id,name,webViewLink',
        ...all,
        requestBody: {
          id: 'made-before',
          name: 'Invoices',
          mimeType: 'application/vnd.google-apps.folder',
          parents: ['p1'],
        },
      })
    },
  ],
  [
    'search',
    { name: "Ada's \\ file", folder: 'p1', limit: 10 },
    ({ files }) =>
      files.list({
        q: "trashed=false and name contains 'Ada\\'s \\\\ file' and 'p1' in parents",
        orderBy: 'modifiedTime desc',
        fields: `nextPageToken,files(${FIELDS})`,
        includeItemsFromAllDrives: true,
        pageSize: 10,
        ...all,
      }),
  ],
  [
    'move',
    { file: 'f1', folder: 'https://drive.google.com/drive/folders/abcdefghij1', name: 'b' },
    async ({ files }) => {
      await files.get({ fileId: 'f1', fields: 'parents', ...all })
      await files.update({
        fileId: 'f1',
        addParents: 'abcdefghij1',
        removeParents: 'p0',
        fields: FIELDS,
        ...all,
        requestBody: { name: 'b' },
      })
    },
  ],
  [
    'copy',
    { file: 'f1', name: 'b', folder: 'p1' },
    ({ files }) => files.copy({ fileId: 'f1', fields: FIELDS, ...all, requestBody: { name: 'b', parents: ['p1'] } }),
  ],
  [
    'share',
    { file: 'f1', role: 'reader', type: 'user', email: 'ada@example.com' },
    ({ permissions }) =>
      permissions.create({
        fileId: 'f1',
        sendNotificationEmail: true,
        ...all,
        requestBody: { role: 'reader', type: 'user', emailAddress: 'ada@example.com' },
      }),
  ],
  ['delete', { file: 'f1' }, ({ files }) => files.delete({ fileId: 'f1', ...all })],
])('%s as Google’s own library does', async (uses, input, call) => {
  expect(bare((await us(uses, input)).sent)).toEqual(bare(await theirs(call)))
})
