import { expect, it } from 'vitest'
import type { Json } from '../../../domain/values/json.ts'
import { lineOf, type Sent, sentByTrigger, sentByUs } from '../../service/test-judge.ts'
import { fileWorld } from '../../test-files.ts'
import { dropbox } from './dropbox.app.ts'

const account = { type: 'dropbox.token', secret: JSON.stringify({ token: 'sl.1' }) }
const answers = ({ path }: { path: string }): Json =>
  path.endsWith('list_folder')
    ? {
        entries: [
          { '.tag': 'file', id: 'id:1', rev: 'a' },
          { '.tag': 'folder', id: 'id:2' },
        ],
        cursor: 'c1',
        has_more: true,
      }
    : path.endsWith('continue')
      ? { entries: [{ '.tag': 'file', id: 'id:3', rev: 'b' }], cursor: 'c2', has_more: false }
      : { metadata: { id: 'id:1' }, matches: [{ metadata: { metadata: { id: 'id:1' } } }] }

/** As dropbox 10.34.0, the maker’s own library, sends them. Values are our own; rows that were not seen there follow the maker’s reference. */
it.each<[string, Record<string, Json>, ...(readonly unknown[])[]]>([
  ['create-folder', { path: 'a' }, ['POST /2/files/create_folder_v2', { path: '/a' }]],
  ['delete', { path: '/a' }, ['POST /2/files/delete_v2', { path: '/a' }]],
  ['move', { from: '/a', to: 'b' }, ['POST /2/files/move_v2', { from_path: '/a', to_path: '/b' }]],
  ['copy', { from: 'id:1', to: '/b' }, ['POST /2/files/copy_v2', { from_path: 'id:1', to_path: '/b' }]],
  ['share-link', { path: '/a' }, ['POST /2/sharing/create_shared_link_with_settings', { path: '/a' }]],
  ['temporary-link', { path: '/a' }, ['POST /2/files/get_temporary_link', { path: '/a' }]],
  [
    'search',
    { query: 'x', folder: '/r' },
    ['POST /2/files/search_v2', { query: 'x', options: { path: '/r', max_results: 100 } }],
  ],
  [
    'list-folder',
    {},
    ['POST /2/files/list_folder', { path: '', recursive: false, limit: 1_000 }],
    ['POST /2/files/list_folder/continue', { cursor: 'c1' }],
  ],
])('%s %j', async (uses, input, ...expected) => {
  const { sent } = await sentByUs(dropbox, uses, input, { answers, account })
  expect(sent.map(lineOf)).toEqual(expected)
})

it('what goes with a file stands in a header, in ASCII', async () => {
  const { files, large, put, at } = fileWorld()
  put('a.txt', 'hi')
  const arguments_: unknown[] = []
  const answer = (_: Sent, headers: Readonly<Record<string, string | undefined>>): Json => {
    arguments_.push(headers['dropbox-api-arg'])
    return { id: 'id:1' }
  }
  const { sent } = await sentByUs(
    dropbox,
    'upload',
    { file: at('a.txt'), path: '/é👍.txt' },
    { answers: answer, account, files: { files, large } },
  )
  expect(sent.map(lineOf)).toEqual([['POST /2/files/upload', 'hi']])
  expect(arguments_[0]).toBe(
    String.raw`{"path":"/\u00e9\ud83d\udc4d.txt","mode":"overwrite","autorename":false,"mute":false}`,
  )
})

it('files that come start runs, folders do not, and the next poll goes on from there', async () => {
  const { events, sent } = await sentByTrigger(dropbox, 'file-changed', { folder: '/r' }, { answers, account })
  expect(events.map(({ key }) => key)).toEqual(['id:1 a', 'id:3 b'])
  expect(sent[0]?.body).toEqual({ path: '/r', recursive: false })
})
