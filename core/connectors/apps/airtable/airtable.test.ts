import Airtable from 'airtable'
import { expect, it } from 'vitest'
import type { Json } from '../../../domain/values/json.ts'
import { type Sent, sentByLibrary, sentByUs } from '../../service/test-judge.ts'
import { airtable } from './airtable.app.ts'

const account = { type: 'airtable', secret: JSON.stringify({ token: 'pat1' }) }
const answers = (): Json => ({ id: 'rec1', fields: {}, records: [{ id: 'rec1', fields: {} }] })
const place = { base: 'app1', table: 'My orders' }

/** The library ends addresses with a slash, and writes its version into `_`; it names parameters in one way of two. */
const said = (sent: readonly Sent[]) => sent.map(({ path, ...rest }) => ({ ...rest, path: path.replace(/\/$/, '') }))

type Table = ReturnType<ReturnType<Airtable['base']>>

it.each<[string, Record<string, Json>, (table: Table) => Promise<unknown>]>([
  ['get-record', { record: 'rec1' }, (table) => table.find('rec1')],
  [
    'create-records',
    { fields: { Name: 'A', Total: 1 } },
    (table) => table.create([{ fields: { Name: 'A', Total: 1 } }]),
  ],
  [
    'create-records',
    { fields: { Name: 'A' }, typecast: true },
    (table) => table.create([{ fields: { Name: 'A' } }], { typecast: true }),
  ],
  [
    'update-records',
    { record: 'rec1', fields: { Name: 'B' } },
    (table) => table.update([{ id: 'rec1', fields: { Name: 'B' } }]),
  ],
  ['delete-records', { record: 'rec1' }, (table) => table.destroy(['rec1'])],
  [
    'list-records',
    { formula: "{Status} = 'Open'", view: 'Grid', only: ['Name', 'Total'], limit: 50 },
    (table) =>
      table
        .select({ filterByFormula: "{Status} = 'Open'", view: 'Grid', fields: ['Name', 'Total'], pageSize: 50 })
        .firstPage(),
  ],
])('%s as Airtable’s own library does: %j', async (uses, input, call) => {
  const theirs = await sentByLibrary(
    (endpointUrl) => call(new Airtable({ apiKey: 'pat1', endpointUrl }).base('app1')('My orders')),
    answers,
  )
  const { sent } = await sentByUs(airtable, uses, { ...place, ...input }, { answers, account })
  expect(said(sent)).toEqual(said(theirs))
})

it('a record is changed where one has the same values, and created where none has', async () => {
  const { sent } = await sentByUs(
    airtable,
    'upsert-records',
    { ...place, by: ['Email'], fields: { Email: 'a@example.com' } },
    { answers, account },
  )
  expect(sent[0]).toMatchObject({
    method: 'PATCH',
    body: { performUpsert: { fieldsToMergeOn: ['Email'] }, records: [{ fields: { Email: 'a@example.com' } }] },
  })
})
