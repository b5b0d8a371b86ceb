import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Json } from '../../domain/values/json.ts'
import { fileWorld } from '../test-files.ts'

/** Written by LibreOffice 7.4: three sheets, with text, numbers, booleans (which it writes as 1 and 0), days, a time, a formula, an empty row. */
const orders = readFileSync(join(import.meta.dirname, 'fixtures/orders.xlsx'))

test('a workbook of LibreOffice is read as what its cells are', async () => {
  const { run, put } = fileWorld()
  put('orders.xlsx', orders)
  const columns = ['id', 'customer', 'amount', 'paid', 'due', 'at', 'with tax']
  expect(await run('xlsx.read', { from: 'orders.xlsx' })).toEqual({
    rows: [
      {
        id: '007',
        customer: 'Ada Łovelace & Söhne',
        amount: 129.5,
        paid: 1,
        due: '2026-11-24',
        at: '2026-11-24T09:30:00',
        'with tax': 154.105,
      },
      { id: null, customer: null, amount: null, paid: null, due: null, at: null, 'with tax': null },
      { id: '42', customer: '  two\nlines ', amount: -3, paid: 0, due: null, at: null, 'with tax': -3.57 },
    ],
    columns,
    sheets: ['Orders', 'Ünter Blatt', 'Empty'],
    count: 3,
  })
  expect(await run('xlsx.read', { from: 'orders.xlsx', sheet: 'Ünter Blatt', header: false })).toMatchObject({
    rows: [{ column_1: 'only' }],
    count: 1,
  })
  expect(await run('xlsx.read', { from: 'orders.xlsx', sheet: 3 })).toMatchObject({ rows: [], columns: [], count: 0 })
  const { file } = await run('file.read', { path: 'orders.xlsx' })
  expect(await run('xlsx.read', { from: file ?? null })).toMatchObject({ columns })
})

test.each<[string, Record<string, Json>, RegExp]>([
  [
    'no sheet of that name',
    { from: 'orders.xlsx', sheet: 'Umsatz' },
    /has no sheet "Umsatz": it has "Orders", "Ünter Blatt", "Empty"/,
  ],
  ['no workbook', { from: 'note.xlsx' }, /This is no workbook/],
  ['an old workbook', { from: 'old.xls' }, /old Excel \(.xls\), or one with a password/],
  ['a broken workbook', { from: 'broken.xlsx' }, /The workbook cannot be read: /],
  ['nothing', { from: '' }, /"from" takes a file, or the path of one, but an empty text came/],
])('%s is said', async (_what, input, message) => {
  const { failure, put } = fileWorld()
  put('orders.xlsx', orders)
  put('note.xlsx', 'text')
  put('old.xls', Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1]))
  put('broken.xlsx', orders.subarray(0, 4_000))
  const failed = await failure('xlsx.read', input)
  expect(failed.message).toMatch(message)
  expect(failed.code).toBe('bad-input')
})

test('what is written is read again, cell by cell', async () => {
  const { run } = fileWorld()
  const rows = [
    {
      name: 'Ada',
      amount: 75.25,
      paid: true,
      on: '2026-11-24',
      at: '2026-11-24T09:30:15',
      note: ' spaces  and\nlines ',
    },
    { name: '<b>&"', amount: -0.1, paid: false, on: '1899-01-01', at: '2026-11-24T09:30:15Z', extra: { a: [1] } },
    { name: 'emoji 🎉 and \u0000 control', amount: 1e21 },
  ]
  const { file } = await run('xlsx.write', { rows, filename: 'orders.xlsx' })
  expect(file).toMatchObject({
    filename: 'orders.xlsx',
    contentType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  })
  const read = await run('xlsx.read', { from: file ?? null })
  expect(read.columns).toEqual(['name', 'amount', 'paid', 'on', 'at', 'note', 'extra'])
  expect(read.rows).toEqual([
    { ...rows[0], extra: null },
    { ...rows[1], note: null, extra: '{"a":[1]}' },
    { name: 'emoji 🎉 and   control', amount: 1e21, paid: null, on: null, at: null, note: null, extra: null },
  ])
})

test('texts that mean something to the format or to a program are written as what they are', async () => {
  const { run } = fileWorld()
  const texts = [
    'constructor',
    '__proto__',
    'toString',
    'valueOf',
    '_x0041_',
    '_x005F_',
    '_x0041_x0042_',
    'x_x00e9_y',
    '_X0041_',
  ]
  const { file } = await run('xlsx.write', { rows: texts.map((text) => ({ constructor: text, _x0041_: text })) })
  const read = await run('xlsx.read', { from: file ?? null })
  expect(read.columns).toEqual(['constructor', '_x0041_'])
  expect(read.rows).toEqual(texts.map((text) => ({ constructor: text, _x0041_: text })))
})

test('several sheets are written, and a name that Excel does not take is said', async () => {
  const { run, failure } = fileWorld()
  const { file } = await run('xlsx.write', { sheets: { Paid: [{ a: 1 }], Open: [[1, 2], [3]] }, filename: 'two.xlsx' })
  expect(await run('xlsx.read', { from: file ?? null, sheet: 'Open', header: false })).toMatchObject({
    sheets: ['Paid', 'Open'],
    rows: [
      { column_1: 1, column_2: 2 },
      { column_1: 3, column_2: null },
    ],
  })
  for (const name of ['a/b', 'x'.repeat(32), '', "'x"]) {
    expect(await failure('xlsx.write', { sheets: { [name]: [] } })).toMatchObject({ code: 'bad-input' })
  }
  expect((await failure('xlsx.write', { sheets: { a: [], A: [] } })).message).toMatch(/is there twice/)
  expect((await failure('xlsx.write', { rows: 'text' })).message).toBe(
    '"rows" takes a list of rows, but a string came.',
  )
  expect((await failure('xlsx.write', { rows: [{ a: 1 }, 'x'] })).message).toMatch(/row 2 is a string/)
})

test('a text that no cell can hold is refused, and not cut', async () => {
  const { run, failure } = fileWorld()
  expect(await failure('xlsx.write', { rows: [{ a: 'x'.repeat(32_768) }] })).toMatchObject({
    code: 'too-large',
    message: expect.stringMatching(/^A cell would have 32768 characters/),
  })
  const { file } = await run('xlsx.write', { rows: [{ a: 'x'.repeat(32_767) }] })
  expect(await run('xlsx.read', { from: file ?? null })).toMatchObject({ rows: [{ a: 'x'.repeat(32_767) }] })
})
