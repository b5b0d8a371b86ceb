import { expect, it } from 'vitest'
import type { Json } from '../../../domain/values/json.ts'
import { lineOf, sentByTrigger, sentByUs } from '../../service/test-judge.ts'
import { baserow } from './baserow.app.ts'

const account = { type: 'baserow', secret: JSON.stringify({ server: 'https://own.example', token: 'T' }) }
const answers = (): Json => ({ results: [{ id: 2 }, { id: 1 }], next: null, items: [{ id: 1 }] })
const rows = '/api/database/rows/table/7/'

/** As Baserow documents them for each database (baserow.io/api-docs). */
it.each<[string, Record<string, Json>, ...unknown[]]>([
  [
    'list-rows',
    { search: 'x', order: '-Name', limit: 5 },
    `GET ${rows}?order_by=-Name&search=x&size=5&user_field_names=true`,
  ],
  ['create-row', { values: { Name: 'A' } }, `POST ${rows}?user_field_names=true`, { Name: 'A' }],
  ['update-row', { row: 1, values: { Name: 'B' } }, `PATCH ${rows}1/?user_field_names=true`, { Name: 'B' }],
  ['get-row', { row: 1 }, `GET ${rows}1/?user_field_names=true`],
  ['delete-row', { row: 1 }, `DELETE ${rows}1/`],
  ['batch-create', { rows: '[{"Name":"A"}]' }, `POST ${rows}batch/?user_field_names=true`, { items: [{ Name: 'A' }] }],
  [
    'batch-create',
    { rows: [{ id: 1 }], how: 'update' },
    `PATCH ${rows}batch/?user_field_names=true`,
    { items: [{ id: 1 }] },
  ],
])('%s %j', async (uses, input, ...expected) => {
  const { sent } = await sentByUs(baserow, uses, { table: 7, ...input }, { answers, account })
  expect(sent.map(lineOf)).toEqual([expected])
  expect(sent[0]?.authorization).toBe('Token T')
})

it('new rows are the last ones', async () => {
  const { sent, events } = await sentByTrigger(baserow, 'new-row', { table: 7 }, { answers, account })
  expect(sent.map(lineOf)).toEqual([[`GET ${rows}?order_by=-id&size=200&user_field_names=true`]])
  expect(events.map(({ key }) => key)).toEqual(['2', '1'])
})
