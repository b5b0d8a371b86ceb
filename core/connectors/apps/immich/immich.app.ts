import { createHash } from 'node:crypto'
import { textOf } from '../../../domain/values/json.ts'
import { defineApp } from '../../define-app.ts'
import { howTo, serverAt, serverField, tokenAccount, whoIs } from '../../service/accounts.ts'
import { choice, file, longText, moment, number, text, texts, yesNo } from '../../service/fields.ts'
import { listOf, newItemTrigger, operation } from '../../service/operation.ts'
import type { Pages } from '../../service/pages.ts'
import { objectAt } from '../../service/parts.ts'
import { pathPart } from '../../service/request.ts'
import { hue, icon } from './logo.ts'

const address = serverAt('/api')
const asset = text('Picture or video', { placeholder: '{{ asset.id }}', help: 'Its id.' })
const assets = texts('Pictures and videos', { as: 'ids', placeholder: '{{ asset.id }}', help: 'Ids, one a line.' })
const album = text('Album', { placeholder: '3fa85f64-5717-4562-b3fc-2c963f66afa6', from: { list: 'albums' } })
const pages: Pages = {
  items: 'assets.items',
  size: { as: 'size', most: 1_000 },
  next: { by: 'cursor', at: 'assets.nextPage', as: 'page' },
  inBody: true,
}
const stored = {
  id: '3fa85f64-5717-4562-b3fc-2c963f66afa6',
  type: 'IMAGE',
  originalFileName: 'IMG_0042.jpg',
  fileCreatedAt: '2026-11-30T09:00:00.000Z',
  updatedAt: '2026-11-30T09:00:05.000Z',
  isFavorite: false,
}
const keywords = ['photo', 'picture', 'video', 'gallery', 'self-hosted']

/** Immich (https://api.immich.app). */
export const immich = defineApp({
  id: 'immich',
  title: 'Immich',
  icon,
  hue,
  address: { ofAccount: address },
  account: 'needed',
  takesKey: false,
  credentials: [
    tokenAccount({
      id: 'immich',
      title: 'Immich key',
      fields: [serverField('http://192.168.1.5:2283')],
      secret: { title: 'API key' },
      help: howTo(
        'A key in two steps',
        { title: 'Create a key', text: 'Account settings → API keys.' },
        { title: 'Paste it here', text: 'With the address of Immich.' },
      ),
      signIn: (token) => ({ headers: { 'x-api-key': token } }),
      test: whoIs({ address, path: 'users/me', name: ['email', 'name'] }),
    }),
  ],
  lists: {
    albums: listOf({ request: 'GET /albums', pages: { items: '' }, value: 'id', label: 'albumName' }),
  },
  triggers: [
    newItemTrigger({
      name: 'new-asset',
      title: 'New picture or video in Immich',
      description: 'Starts for each picture and video that comes in.',
      keywords: [...keywords, 'upload'],
      request: 'POST /search/metadata',
      body: { order: 'desc' },
      pages,
      most: 250,
      key: 'id',
      sample: stored,
    }),
  ],
  actions: [
    operation({
      name: 'upload-asset',
      title: 'Upload a picture or video to Immich',
      description: 'Adds a picture or a video. One that is there already is not added again.',
      keywords: [...keywords, 'add', 'backup', 'save'],
      summary: '{file}',
      // Immich knows what it has by its checksum.
      effect: 'idempotent',
      timeoutMs: 600_000,
      fields: {
        file: file('File'),
        made: moment('Taken', {
          form: 'iso',
          optional: true,
          help: 'Now when empty; what stands in the picture itself counts more.',
        }),
        favourite: yesNo('A favourite', { advanced: true }),
      },
      sample: { id: stored.id, status: 'created' },
      async run({ http, files, input, clock }) {
        const { content, filename, contentType } = await files.read(input.file ?? '', 'file')
        const checksum = createHash('sha1').update(content).digest('hex')
        const made = moment('Taken', { form: 'iso' }).send?.(input.made ?? new Date(clock.now()).toISOString())
        const told = {
          fileCreatedAt: made,
          fileModifiedAt: made,
          filename,
          // Immich before 3 wants both.
          deviceAssetId: checksum,
          deviceId: 'Hookline',
          ...(input.favourite === true && { isFavorite: 'true' }),
        }
        const fields = Object.entries(told).map(([name, value]) => ({ name, value: textOf(value ?? '') }))
        const request = { method: 'POST', path: 'assets', headers: { 'x-immich-checksum': checksum } } as const
        return (await http({ ...request, parts: [...fields, { name: 'assetData', filename, contentType, content }] }))
          .body
      },
    }),
    operation({
      name: 'search-assets',
      title: 'Find pictures in Immich',
      description: 'Finds pictures and videos by when they were taken, and what is known of them.',
      keywords: [...keywords, 'search', 'get many'],
      request: 'POST /search/metadata',
      effect: 'none',
      fields: {
        type: choice('What', { IMAGE: 'Pictures', VIDEO: 'Videos' }, { optional: true }),
        from: moment('Taken after', { as: 'takenAfter', form: 'iso', optional: true }),
        to: moment('Taken before', { as: 'takenBefore', form: 'iso', optional: true }),
        name: text('Name of the file', { as: 'originalFileName', optional: true }),
        favourites: yesNo('Favourites alone', { as: 'isFavorite' }),
        albums: texts('In the albums', { as: 'albumIds', optional: true, advanced: true, help: 'Ids, one a line.' }),
        created: moment('Uploaded after', { as: 'createdAfter', form: 'iso', optional: true, advanced: true }),
        updated: moment('Changed after', { as: 'updatedAfter', form: 'iso', optional: true, advanced: true }),
        order: choice('First', { desc: 'The newest', asc: 'The oldest' }, { advanced: true }),
      },
      pages,
      sample: { items: [stored], count: 1, hasMore: false },
    }),
    operation({
      name: 'smart-search',
      title: 'Find pictures in Immich by what they show',
      description: 'Finds pictures that look like what is said: “a dog at the sea”.',
      keywords: [...keywords, 'search', 'ai', 'semantic'],
      request: 'POST /search/smart',
      effect: 'none',
      fields: { query: text('What they show') },
      pages,
      sample: { items: [stored], count: 1, hasMore: false },
    }),
    operation({
      name: 'get-asset',
      title: 'Get a picture of Immich',
      description: 'Reads what is known of a picture or a video: when, where, with what, and who is on it.',
      keywords: [...keywords, 'exif', 'read'],
      request: 'GET /assets/{asset}',
      fields: { asset },
      sample: { ...stored, exifInfo: { make: 'Fujifilm', city: 'London' }, people: [{ name: 'Ada' }], tags: [] },
    }),
    operation({
      name: 'update-asset',
      title: 'Change a picture of Immich',
      description: 'Changes what is filled in.',
      keywords: [...keywords, 'edit', 'favourite', 'rating'],
      request: 'PUT /assets/{asset}',
      fields: {
        asset,
        description: longText('Description', { optional: true }),
        favourite: choice(
          'A favourite',
          { true: 'Yes', false: 'No' },
          { as: 'isFavorite', optional: true, send: (value) => value === 'true' },
        ),
        rating: number('Stars', { min: -1, max: 5, optional: true, advanced: true }),
        taken: moment('Taken', { as: 'dateTimeOriginal', form: 'iso', optional: true, advanced: true }),
      },
      sample: stored,
    }),
    operation({
      name: 'download-asset',
      title: 'Download a picture from Immich',
      description: 'Fetches the original as a file for later steps.',
      keywords: [...keywords, 'get', 'original'],
      summary: '{asset}',
      effect: 'none',
      timeoutMs: 600_000,
      fields: { asset },
      sample: { id: stored.id, file: { filename: 'IMG_0042.jpg', contentType: 'image/jpeg', bytes: 12_345 } },
      async run({ http, files, input }) {
        const path = `assets/${pathPart('asset', input.asset)}`
        const { originalFileName = 'picture', originalMimeType } = objectAt((await http({ path })).body, '')
        const { bytes } = await http({ path: `${path}/original`, takesFile: true, maxBytes: 500_000_000 })
        const type = typeof originalMimeType === 'string' ? originalMimeType : undefined
        return { id: input.asset ?? null, file: await files.keep(textOf(originalFileName), bytes, type) }
      },
    }),
    operation({
      name: 'list-albums',
      title: 'List the albums of Immich',
      description: 'Reads which albums there are.',
      keywords: [...keywords, 'get many'],
      request: 'GET /albums',
      sample: { items: [{ id: stored.id, albumName: 'Holidays', assetCount: 42 }], count: 1 },
    }),
    operation({
      name: 'create-album',
      title: 'Create an album in Immich',
      description: 'Creates an album, with pictures in it where some are named.',
      keywords: [...keywords, 'add'],
      summary: '{name}',
      request: 'POST /albums',
      fields: {
        name: text('Name', { as: 'albumName' }),
        description: longText('Description', { optional: true }),
        assets: {
          ...texts('Pictures and videos', { optional: true, advanced: true, help: 'Ids, one a line.' }),
          as: 'assetIds',
        },
      },
      sample: { id: stored.id, albumName: 'Holidays' },
    }),
    operation({
      name: 'add-to-album',
      title: 'Add pictures to an album of Immich',
      description: 'Adds pictures and videos to an album. What could not be added says why.',
      keywords,
      request: 'PUT /albums/{album}/assets',
      fields: { album, assets },
      sample: { items: [{ id: stored.id, success: true }], count: 1 },
    }),
    operation({
      name: 'delete-assets',
      title: 'Delete pictures from Immich',
      description: 'Moves pictures and videos to the trash, or deletes them for good.',
      keywords: [...keywords, 'remove', 'trash'],
      effect: 'idempotent',
      request: 'DELETE /assets',
      fields: { assets: { ...assets, at: 'body' }, force: { ...yesNo('For good', { advanced: true }), at: 'body' } },
      sample: {},
    }),
  ],
})
