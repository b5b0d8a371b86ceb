import { expect, it } from 'vitest'
import type { Json } from '../../../domain/values/json.ts'
import { lineOf, type Sent, sentByTrigger, sentByUs } from '../../service/test-judge.ts'
import { fileWorld } from '../../test-files.ts'
import { microsoftOnedrive } from './microsoft-onedrive.app.ts'

const account = { type: 'microsoft', secret: JSON.stringify({ clientId: 'a', accessToken: 'AT' }) }
const answers = (): Json => ({ id: 'f1', name: 'a.txt', value: [{ id: 'f1' }] })
const v1 = '/v1.0/me/drive'

/** As Microsoft’s own library sends them. */
it.each<[string, Record<string, Json>, ...unknown[]]>([
  ['list', { folder: 'root', order: 'name', limit: 5 }, `GET ${v1}/items/root/children?$orderby=name&$top=5`],
  ['search', { query: "Ada's", limit: 5 }, `GET ${v1}/root/search(q='Ada''s')?$top=5`],
  ['get', { item: 'f1' }, `GET ${v1}/items/f1`],
  [
    'create-folder',
    { folder: 'root', name: 'n' },
    `POST ${v1}/items/root/children`,
    { name: 'n', folder: {}, '@microsoft.graph.conflictBehavior': 'rename' },
  ],
  ['move', { item: 'f1', folder: 'p', name: 'n' }, `PATCH ${v1}/items/f1`, { parentReference: { id: 'p' }, name: 'n' }],
  ['copy', { item: 'f1', folder: 'p' }, `POST ${v1}/items/f1/copy`, { parentReference: { id: 'p' } }],
  ['share', { item: 'f1' }, `POST ${v1}/items/f1/createLink`, { type: 'view', scope: 'anonymous' }],
  ['delete', { item: 'f1' }, `DELETE ${v1}/items/f1`],
])('%s %j', async (uses, input, ...expected) => {
  const { sent } = await sentByUs(microsoftOnedrive, uses, input, { answers, account })
  expect(sent.map(lineOf)).toEqual([expected])
})

it('a small file is sent at once, and a path keeps its slashes', async () => {
  const { files, large, put, at } = fileWorld()
  put('a.txt', 'hi')
  const world = { answers, account, files: { files, large } }
  const { sent } = await sentByUs(microsoftOnedrive, 'upload', { file: at('a.txt'), path: '/Reports/a b.txt' }, world)
  expect(sent.map(lineOf)).toEqual([[`PUT ${v1}/root:/Reports/a b.txt:/content`, 'hi']])
  await expect(
    sentByUs(microsoftOnedrive, 'upload', { file: at('a.txt'), path: '../a.txt' }, world),
  ).rejects.toMatchObject({ details: { code: 'bad-input' } })
  const { output } = await sentByUs(microsoftOnedrive, 'download', { item: 'f1' }, world)
  expect(output).toMatchObject({ name: 'a.txt', file: { filename: 'a.txt' } })
})

it('a large file is sent in pieces to the address that Microsoft names, without the account', async () => {
  const { files, large, put, at } = fileWorld()
  put('a.bin', 'x'.repeat(7_000_000))
  const ranges: unknown[] = []
  const sent: Sent[] = []
  const world = {
    answers: (one: Sent, headers: Readonly<Record<string, string | undefined>>): Json => {
      sent.push(one)
      ranges.push(headers['content-range'])
      return { uploadUrl: 'https://contoso.sharepoint.com/up/1', id: 'f1' }
    },
    account,
    files: { files, large },
  }
  await sentByUs(microsoftOnedrive, 'upload', { file: at('a.bin'), path: 'a.bin' }, world)
  expect(sent.map(({ method, path, authorization }) => [method, path, authorization])).toEqual([
    ['POST', `${v1}/root:/a.bin:/createUploadSession`, 'Bearer AT'],
    ['PUT', '/up/1', undefined],
    ['PUT', '/up/1', undefined],
  ])
  expect(ranges).toEqual([undefined, 'bytes 0-6553599/7000000', 'bytes 6553600-6999999/7000000'])
  const elsewhere = { ...world, answers: (): Json => ({ uploadUrl: 'https://evil.example/up/1' }) }
  await expect(
    sentByUs(microsoftOnedrive, 'upload', { file: at('a.bin'), path: 'a.bin' }, elsewhere),
  ).rejects.toMatchObject({ details: { code: 'other-service' } })
})

it('changes are asked for from now on, or from the beginning', async () => {
  const listed = (): Json => ({
    value: [
      { id: 'f1', eTag: 'e', file: {} },
      { id: 'd', folder: {} },
      { id: 'g', file: {}, deleted: {} },
    ],
    '@odata.deltaLink': 'https://graph.microsoft.com/v1.0/me/drive/root/delta?token=2',
  })
  const { sent, events } = await sentByTrigger(microsoftOnedrive, 'file-changed', {}, { answers: listed, account })
  expect(sent.map(lineOf)).toEqual([[`GET ${v1}/root/delta?token=latest`]])
  expect(events.map(({ key }) => key)).toEqual(['f1 e'])
  const all = await sentByTrigger(microsoftOnedrive, 'file-changed', { first: 'all' }, { answers: listed, account })
  expect(all.sent.map(lineOf)).toEqual([[`GET ${v1}/root/delta`]])
})
