import { expect, it } from 'vitest'
import type { Json } from '../../../domain/values/json.ts'
import { lineOf, sentByTrigger, sentByUs } from '../../service/test-judge.ts'
import { nocodb } from './nocodb.app.ts'

const account = { type: 'nocodb', secret: JSON.stringify({ token: 'T' }) }
const answers = (): Json => ({ list: [{ Id: 1, UpdatedAt: null, CreatedAt: 'c' }], pageInfo: { isLastPage: true } })
const records = '/api/v2/tables/tbl/records'

/** As nocodb-sdk 0.301.3 sends them. Values are our own; rows that were not seen there follow the maker’s reference. */
it.each<[string, Record<string, Json>, ...unknown[]]>([
  ['list-rows', { where: '(a,eq,1)', limit: 25 }, `GET ${records}?limit=25&where=(a,eq,1)`],
  ['get-row', { row: 1 }, `GET ${records}/1`],
  ['create-row', { values: { a: 1 } }, `POST ${records}`, { a: 1 }],
  ['update-row', { row: '1', values: { a: 2 } }, `PATCH ${records}`, { Id: 1, a: 2 }],
  ['delete-row', { row: 'rec_a' }, `DELETE ${records}`, { Id: 'rec_a' }],
  ['count', {}, `GET ${records}/count`],
])('%s %j', async (uses, input, ...expected) => {
  const { sent } = await sentByUs(nocodb, uses, { table: 'tbl', ...input }, { answers, account })
  expect(sent.map(lineOf)).toEqual([expected])
})

it('a row that was never changed is known by when it was made', async () => {
  const { events } = await sentByTrigger(nocodb, 'row-created-or-updated', { table: 'tbl' }, { answers, account })
  expect(events.map(({ key }) => key)).toEqual(['1 c'])
})
