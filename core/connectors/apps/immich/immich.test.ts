import { createHash } from 'node:crypto'
import { expect, it } from 'vitest'
import type { Json } from '../../../domain/values/json.ts'
import { lineOf, sentByTrigger, sentByUs } from '../../service/test-judge.ts'
import { fileWorld } from '../../test-files.ts'
import { immich } from './immich.app.ts'

const account = { type: 'immich', secret: JSON.stringify({ server: 'http://i.example:2283', token: 'T' }) }
const answers = (): Json => ({ id: 'x1' })

/** As the maker’s reference has them, and where it has a library, as that sends them. */
it.each<[string, Record<string, Json>, ...unknown[]]>([
  [
    'search-assets',
    { type: 'IMAGE', from: '2026-12-01T00:00:00Z', limit: 5 },
    'POST /api/search/metadata',
    { size: 5, type: 'IMAGE', takenAfter: '2026-12-01T00:00:00.000Z', order: 'desc' },
  ],
  ['smart-search', { query: 'a dog', limit: 5 }, 'POST /api/search/smart', { query: 'a dog', size: 5 }],
  ['get-asset', { asset: 'a1' }, 'GET /api/assets/a1'],
  [
    'update-asset',
    { asset: 'a1', favourite: 'false', rating: 3 },
    'PUT /api/assets/a1',
    { isFavorite: false, rating: 3 },
  ],
  ['list-albums', {}, 'GET /api/albums'],
  ['create-album', { name: 'n', assets: 'a1' }, 'POST /api/albums', { albumName: 'n', assetIds: ['a1'] }],
  ['add-to-album', { album: 'b', assets: 'a1\na2' }, 'PUT /api/albums/b/assets', { ids: ['a1', 'a2'] }],
  ['delete-assets', { assets: 'a1', force: true }, 'DELETE /api/assets', { ids: ['a1'], force: true }],
])('%s %j', async (uses, input, ...expected) => {
  const { sent } = await sentByUs(immich, uses, input, { answers, account })
  expect(sent.map(lineOf)).toEqual([expected])
})

it('a picture is known by its checksum, and read as a file', async () => {
  const { files, large, put, at } = fileWorld()
  put('a.jpg', 'JPG')
  const checksums: unknown[] = []
  const world = {
    answers: (_: unknown, headers: Readonly<Record<string, string | undefined>>): Json => {
      checksums.push(headers['x-immich-checksum'])
      return { id: 'a1', originalFileName: 'b.jpg', originalMimeType: 'image/jpeg' }
    },
    account,
    files: { files, large },
  }
  const { sent } = await sentByUs(immich, 'upload-asset', { file: at('a.jpg'), made: '2026-12-01' }, world)
  expect(checksums).toEqual([createHash('sha1').update('JPG').digest('hex')])
  expect(sent[0]).toMatchObject({ path: '/api/assets', body: expect.stringContaining('filename="a.jpg"') })
  expect(sent[0]?.body).toContain('2026-12-01T00:00:00.000Z')
  const { output } = await sentByUs(immich, 'download-asset', { asset: 'a1' }, world)
  expect(output).toMatchObject({ file: { filename: 'b.jpg', contentType: 'image/jpeg' } })
})

it('the pages of a search go on in its body', async () => {
  const paged = ({ body }: { readonly body: unknown }): Json =>
    JSON.stringify(body).includes('"page"')
      ? { assets: { items: [{ id: 'a2' }] } }
      : { assets: { items: [{ id: 'a1' }], nextPage: '2' } }
  const { sent, events } = await sentByTrigger(immich, 'new-asset', {}, { answers: paged, account })
  expect(sent.map(({ body }) => body)).toEqual([
    { size: 250, order: 'desc' },
    { size: 250, order: 'desc', page: '2' },
  ])
  expect(events.map(({ key }) => key)).toEqual(['a1', 'a2'])
})
