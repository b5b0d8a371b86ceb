import { expect, it } from 'vitest'
import type { Json } from '../../../domain/values/json.ts'
import { sentByTrigger, sentByUs } from '../../service/test-judge.ts'
import { monday } from './monday.app.ts'

const account = { type: 'monday', secret: JSON.stringify({ token: 'T' }) }
const answers = (): Json => ({ data: { create_item: { id: '1' }, create_webhook: { id: '5' } } })
const us = (uses: string, input: Record<string, Json>, answer: (sent: { body: unknown }) => Json = answers) =>
  sentByUs(monday, uses, input, { answers: answer, account })

it.each<[string, Record<string, Json>, RegExp, Json]>([
  [
    'create-item',
    { board: 1, name: 'n', values: { status: 'Done' } },
    /create_item\(board_id: \$board/,
    { board: '1', name: 'n', values: '{"status":"Done"}' },
  ],
  [
    'change-column-values',
    { board: 1, item: 2, values: { status: { label: 'Done' } } },
    /change_multiple_column_values/,
    { board: '1', item: '2', values: '{"status":{"label":"Done"}}' },
  ],
  ['add-update', { item: 2, text: 'hi' }, /create_update\(item_id: \$item, body: \$text\)/, { item: '2', text: 'hi' }],
  ['create-board', { name: 'n' }, /create_board/, { name: 'n', kind: 'public' }],
  [
    'find-by-column',
    { board: 1, column: 'email', value: 'a' },
    /items_page_by_column_values/,
    { board: '1', column: 'email', value: 'a' },
  ],
])('%s %j', async (uses, input, words, variables) => {
  const { sent } = await us(uses, input)
  expect(sent).toMatchObject([
    { method: 'POST', path: '/v2/', authorization: 'T', body: { query: expect.stringMatching(words), variables } },
  ])
})

it('items come page by page, with the texts of their columns by name', async () => {
  const one = (id: string) => ({ id, column_values: [{ id: 'status', text: 'Done', column: { title: 'Status' } }] })
  const answer = ({ body }: { body: unknown }): Json =>
    JSON.stringify(body).includes('next_items_page')
      ? { data: { next_items_page: { cursor: null, items: [one('2')] } } }
      : { data: { boards: [{ groups: [{ items_page: { cursor: 'c', items: [one('1')] } }] }] } }
  const { sent, output } = await us('list-items', { board: 1, group: 'topics' }, answer)
  expect(sent.map(({ body }) => (body as { variables: Json }).variables)).toEqual([
    { board: ['1'], group: ['topics'] },
    { cursor: 'c' },
  ])
  expect(output).toMatchObject({ items: [{ id: '1', values: { Status: 'Done' } }, { id: '2' }], count: 2 })
})

it.each([
  ['ComplexityException', 'COMPLEXITY_BUDGET_EXHAUSTED', 'http-429', 7_000],
  ['Not Authenticated', 'UserUnauthorizedException', 'http-403', undefined],
])('what monday refuses stands in a 200: %s', async (message, code, expected, retryAfterMs) => {
  const answer = () => ({ errors: [{ message, extensions: { code, ...(retryAfterMs && { retry_in_seconds: 7 }) } }] })
  await expect(us('create-board', { name: 'n' }, answer)).rejects.toMatchObject({
    details: { code: expected, ...(retryAfterMs && { retryAfterMs }) },
  })
})

it('a webhook is made and ended by a mutation', async () => {
  const { sent } = await sentByTrigger(
    monday,
    'board-event',
    { board: 1, event: 'create_item' },
    { answers, account, doing: 'subscribe' },
  )
  expect(sent.map(({ body }) => (body as { variables: Json }).variables)).toEqual([
    { board: '1', url: 'https://hooks.example/hooks/x', event: 'create_item' },
    { id: '5' },
  ])
})
