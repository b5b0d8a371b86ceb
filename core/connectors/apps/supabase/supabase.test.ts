import { expect, it } from 'vitest'
import type { Json } from '../../../domain/values/json.ts'
import { lineOf, sentByTrigger, sentByUs } from '../../service/test-judge.ts'
import { fileWorld } from '../../test-files.ts'
import { supabase } from './supabase.app.ts'

const account = {
  type: 'supabase',
  secret: JSON.stringify({ server: 'https://abc.supabase.co', token: 'sb_secret_X' }),
}
const answers = (): Json => [{ id: 1 }]
const todos = { table: 'todos' }

/** As supabase-js 2.109.0 sends them; it names the columns to return, which are all without that. Values are our own; rows that were not seen there follow the maker’s reference. */
it.each<[string, Record<string, Json>, ...unknown[]]>([
  ['insert-row', { ...todos, values: { a: 1 } }, 'POST /rest/v1/todos', { a: 1 }],
  ['upsert-row', { ...todos, by: ['id', 'b'], values: { id: 1 } }, 'POST /rest/v1/todos?on_conflict=id,b', { id: 1 }],
  [
    'list-rows',
    { ...todos, where: { id: 1, gone: null }, conditions: { age: 'gt.5' }, order: 'id.desc', select: 'id', limit: 5 },
    'GET /rest/v1/todos?age=gt.5&gone=is.null&id=eq.1&limit=5&order=id.desc&select=id',
  ],
  ['update-rows', { ...todos, where: { id: 1 }, values: { a: 2 } }, 'PATCH /rest/v1/todos?id=eq.1', { a: 2 }],
  ['delete-rows', { ...todos, where: { id: 1 } }, 'DELETE /rest/v1/todos?id=eq.1'],
  ['call-function', { function: 'add', values: { a: 1 } }, 'POST /rest/v1/rpc/add', { a: 1 }],
  [
    'signed-url',
    { bucket: 'b', path: 'x/y z.txt', seconds: 60 },
    'POST /storage/v1/object/sign/b/x/y z.txt',
    { expiresIn: 60 },
  ],
])('%s %j', async (uses, input, ...expected) => {
  const { sent } = await sentByUs(supabase, uses, input, { answers, account })
  expect(sent.map(lineOf).slice(0, 1)).toEqual([expected])
  expect(sent[0]?.authorization).toBe('Bearer sb_secret_X')
})

it.each(['update-rows', 'delete-rows'])(
  '%s says which rows, or does nothing: without that it would be all of them',
  async (uses) => {
    for (const where of [undefined, {}]) {
      const input = { ...todos, ...(where && { where }), ...(uses === 'update-rows' && { values: { a: 1 } }) }
      await expect(sentByUs(supabase, uses, input, { answers, account })).rejects.toMatchObject({
        details: { code: 'bad-input', message: expect.stringContaining('every row') },
      })
    }
  },
)

it('a file goes into a bucket as it is', async () => {
  const { files, large, put, at } = fileWorld()
  put('a.txt', 'hi')
  const { sent } = await sentByUs(
    supabase,
    'upload-object',
    { bucket: 'b', path: 'x/a.txt', file: at('a.txt') },
    { answers, account, files: { files, large } },
  )
  expect(sent.map(lineOf)).toEqual([['POST /storage/v1/object/b/x/a.txt', 'hi']])
})

it('new rows are found by a column that rises, and told apart by their key', async () => {
  const answer = () => [
    { uuid: 'b', at: 2 },
    { uuid: 'a', at: 1 },
  ]
  const { sent, events } = await sentByTrigger(
    supabase,
    'new-row',
    { ...todos, column: 'at', id: 'uuid' },
    { answers: answer, account },
  )
  expect(sent.map(lineOf)).toEqual([['GET /rest/v1/todos?limit=200&order=at.desc&select=*']])
  expect(events).toEqual([
    { key: 'b', data: { uuid: 'b', at: 2 } },
    { key: 'a', data: { uuid: 'a', at: 1 } },
  ])
})
