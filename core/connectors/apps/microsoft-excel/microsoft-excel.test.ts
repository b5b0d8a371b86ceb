import { expect, it } from 'vitest'
import type { Json } from '../../../domain/values/json.ts'
import { lineOf, type Sent, sentByTrigger, sentByUs } from '../../service/test-judge.ts'
import { microsoftExcel } from './microsoft-excel.app.ts'

const account = { type: 'microsoft', secret: JSON.stringify({ clientId: 'a', accessToken: 'AT' }) }
const answers = ({ path, query }: Sent): Json =>
  path.endsWith('/columns')
    ? { value: [{ name: 'Name' }, { name: 'Total' }] }
    : path.endsWith('/rows')
      ? {
          value: query.some(([name]) => name === '$skip')
            ? []
            : [
                { index: 0, values: [['A', 1]] },
                { index: 1, values: [['B', 2]] },
              ],
        }
      : {
          address: 'S!A1:B2',
          values: [
            ['Name', 'Total'],
            ['A', 1],
          ],
        }
const book = '/v1.0/me/drive/items/W/workbook'
const place = { workbook: 'W', worksheet: "Ada's sheet" }

/** As Microsoft’s own library sends them. Values are our own; rows that were not seen there follow the maker’s reference. */
it.each<[string, Record<string, Json>, ...unknown[]]>([
  [
    'read-range',
    { ...place, range: 'A1:B2' },
    `GET ${book}/worksheets/Ada's sheet/range(address='A1:B2')?$select=values,text,address`,
  ],
  ['used-range', place, `GET ${book}/worksheets/Ada's sheet/usedRange(valuesOnly=true)?$select=values,address`],
  [
    'update-range',
    { ...place, range: 'A1', values: '[["x"]]' },
    `PATCH ${book}/worksheets/Ada's sheet/range(address='A1')`,
    { values: [['x']] },
  ],
  ['add-worksheet', { workbook: 'W', name: 'N' }, `POST ${book}/worksheets/add`, { name: 'N' }],
  [
    'clear',
    { ...place, range: 'A1' },
    `POST ${book}/worksheets/Ada's sheet/range(address='A1')/clear`,
    { applyTo: 'Contents' },
  ],
])('%s %j', async (uses, input, ...expected) => {
  const { sent } = await sentByUs(microsoftExcel, uses, input, { answers, account })
  expect(sent.map(lineOf)).toEqual([expected])
})

it('rows have the names of their columns, read and written', async () => {
  const read = await sentByUs(microsoftExcel, 'table-rows', { workbook: 'W', table: 'T' }, { answers, account })
  expect(read.output).toMatchObject({ items: [{ index: 0, values: { Name: 'A', Total: 1 } }, { index: 1 }], count: 2 })
  const range = await sentByUs(microsoftExcel, 'used-range', place, { answers, account })
  expect(range.output).toMatchObject({ rows: [{ Name: 'A', Total: 1 }] })
  const { sent } = await sentByUs(
    microsoftExcel,
    'add-table-row',
    { workbook: 'W', table: 'T', values: { Total: 3 } },
    { answers, account },
  )
  expect(lineOf(sent[1] ?? (sent[0] as Sent))).toEqual([`POST ${book}/tables/T/rows`, { values: [[null, 3]] }])
  await expect(
    sentByUs(microsoftExcel, 'add-table-row', { workbook: 'W', table: 'T', values: { Totl: 3 } }, { answers, account }),
  ).rejects.toThrow(/has no column "Totl"; it has Name, Total/)
})

it('new rows are those below the last one', async () => {
  const { events } = await sentByTrigger(microsoftExcel, 'new-row', { workbook: 'W', table: 'T' }, { answers, account })
  expect(events).toEqual([
    { key: '0', data: { Name: 'A', Total: 1, row: 1 } },
    { key: '1', data: { Name: 'B', Total: 2, row: 2 } },
  ])
})
