import { sheets as sheetsOf } from '@googleapis/sheets'
import { describe, expect, it } from 'vitest'
import { isJsonObject, type Json } from '../../../domain/values/json.ts'
import { type Sent, sentByLibrary, sentByUs } from '../../service/test-judge.ts'
import { googleSheets } from './google-sheets.app.ts'
import { columnLetters, rangeOf } from './sheet-rows.ts'

const account = { type: 'google', secret: JSON.stringify({ clientId: 'a', clientSecret: 'b', accessToken: 'ya29.1' }) }
const ID = '1BxiMVs0XRA5nFMdKvBdBZjgmUUqptlbs74OgVE2upms'
const place = { spreadsheet: ID, sheet: "Ada's sheet" }

/** A sheet with names in its first row. */
const SHEET: Json[][] = [['Date', 'Customer', 'Amount'], ['2026-11-29', 'Ada', 7], [], ['2026-11-30', 'Grace']]
const answers = ({ method, path }: Sent): Json => {
  if (method === 'GET') return { values: path.endsWith('!1:1') ? SHEET.slice(0, 1) : SHEET }
  return { updates: { updatedRange: "'Ada''s sheet'!A5:C5", updatedRows: 1 } }
}
const us = (uses: string, input: Record<string, Json>) =>
  sentByUs(googleSheets, uses, { ...place, ...input }, { answers, account })

type Client = ReturnType<typeof sheetsOf>
const theirs = (call: (client: Client['spreadsheets']) => Promise<unknown>) =>
  sentByLibrary((rootUrl) => call(sheetsOf({ version: 'v4', rootUrl: `${rootUrl}/` }).spreadsheets), answers)
/** The account is put in by us at the last moment, and by the library in its own way. */
const bare = (sent: readonly Sent[]) => sent.map(({ authorization: _, ...rest }) => rest)

describe('what is written is what Google’s own library sends', () => {
  it('a row that is added, in the order of the columns', async () => {
    const { sent, output } = await us('append-row', { values: { Amount: 12.5, Date: '2026-11-30' } })
    const expected = await theirs(async ({ values }) => {
      await values.get({ spreadsheetId: ID, range: "'Ada''s sheet'!1:1" })
      await values.append({
        spreadsheetId: ID,
        range: "'Ada''s sheet'",
        valueInputOption: 'USER_ENTERED',
        insertDataOption: 'INSERT_ROWS',
        requestBody: { values: [['2026-11-30', null, 12.5]] },
      })
    })
    expect(bare(sent)).toEqual(bare(expected))
    expect(sent[1]?.authorization).toBe('Bearer ya29.1')
    expect(output).toEqual({ range: "'Ada''s sheet'!A5:C5", row: 5, count: 1 })
  })

  it('a row that is found and changed, its other cells left alone', async () => {
    const { sent, output } = await us('update-row', { column: 'Customer', equals: 'Grace', values: { Amount: 3 } })
    const [, expected] = await theirs(async ({ values }) => {
      await values.get({ spreadsheetId: ID, range: "'Ada''s sheet'" })
      await values.update({
        spreadsheetId: ID,
        range: "'Ada''s sheet'!A4:C4",
        valueInputOption: 'USER_ENTERED',
        requestBody: { values: [[null, null, 3]] },
      })
    })
    expect(bare(sent).at(-1)).toEqual(expected && bare([expected])[0])
    expect(output).toEqual({ row: 4, found: true })
  })

  it('cells that are emptied, and a spreadsheet that is made', async () => {
    const cleared = await us('clear', { range: 'A2:Z' })
    const made = await sentByUs(googleSheets, 'create-spreadsheet', { title: 'Orders' }, { answers, account })
    const expected = await theirs(async (client) => {
      await client.values.clear({ spreadsheetId: ID, range: "'Ada''s sheet'!A2:Z" })
      await client.create({ requestBody: { properties: { title: 'Orders' } } })
    })
    expect(bare([...cleared.sent, ...made.sent])).toEqual(bare(expected))
  })
})

describe('rows', () => {
  it('are read as objects by the names of their columns, with their numbers, and without empty ones', async () => {
    const { output } = await us('read-rows', {})
    expect(output).toEqual({
      columns: ['Date', 'Customer', 'Amount'],
      count: 2,
      rows: [
        { row: 2, Date: '2026-11-29', Customer: 'Ada', Amount: 7 },
        { row: 4, Date: '2026-11-30', Customer: 'Grace', Amount: '' },
      ],
    })
    const { output: some } = await us('read-rows', { column: 'Customer', equals: 'Grace' })
    expect(isJsonObject(some) && some.count).toBe(1)
  })

  it.each<[string, Record<string, Json>, RegExp]>([
    ['append-row', { values: { Price: 1 } }, /no column "Price": it has Date, Customer, Amount/],
    ['append-row', { values: {} }, /has no value for any column/],
    ['update-row', { column: 'Price', equals: '1', values: {} }, /no column "Price"/],
  ])('%s with a name that is no column says which there are', async (uses, input, message) => {
    await expect(us(uses, input)).rejects.toMatchObject({
      details: { message: expect.stringMatching(message) },
    })
  })

  it('takes the whole address of a spreadsheet for its id', async () => {
    const address = `https://docs.google.com/spreadsheets/d/${ID}/edit#gid=0`
    const { sent } = await us('read-rows', { spreadsheet: address })
    expect(sent[0]?.path).toBe(`/v4/spreadsheets/${ID}/values/'Ada''s sheet'`)
  })
})

it('columns have letters, and names of sheets are quoted', () => {
  expect([0, 25, 26, 51, 52, 701, 702].map(columnLetters)).toEqual(['A', 'Z', 'AA', 'AZ', 'BA', 'ZZ', 'AAA'])
  expect(rangeOf("it's", 'A1')).toBe("'it''s'!A1")
})

it.each([
  [{ error: { code: 403, message: 'Quota exceeded for quota metric', status: 'RESOURCE_EXHAUSTED' } }, 'http-429'],
  [{ error: { code: 403, message: 'The caller does not have permission' } }, 'http-403'],
])('403 means two things at Google: %j', async (body, code) => {
  const { serviceError } = await import('../../service/answers.ts')
  const { googleAnswers } = await import('../../providers/google.ts')
  const given = {
    title: 'Google Sheets',
    account: 'work',
    rule: googleAnswers,
    status: 403,
    headers: {},
    body,
    method: 'GET',
    path: '/',
    now: 0,
  }
  expect(serviceError(given).details.code).toBe(code)
})
