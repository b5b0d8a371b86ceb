import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isJsonList, type Json } from '../../domain/values/json.ts'
import { isLargeValue } from '../../domain/values/large-value.ts'
import { fileWorld } from '../test-files.ts'

// csv-spectrum, by Max Ogden, BSD-2-Clause: https://github.com/max-mapper/csv-spectrum (without location_coordinates, whose JSON has other values than its CSV).
const spectrum = join(import.meta.dirname, 'spectrum')
const cases = readdirSync(spectrum).filter((name) => name.endsWith('.csv'))

test.each(cases)('%s of csv-spectrum is read as it says', async (name) => {
  const { run, put } = fileWorld()
  put(name, readFileSync(join(spectrum, name)))
  // One of them holds its only row, not a list.
  const expected = [JSON.parse(readFileSync(join(spectrum, name.replace('.csv', '.json')), 'utf8'))].flat()
  const { rows, count } = await run('csv.parse', { from: name, types: false })
  expect(rows).toEqual(expected)
  expect(count).toBe(expected.length)
})

test.each<[string, Record<string, Json>, Json, string[]]>([
  [
    'numbers, true and false',
    { from: 'a,b,c\n1,-2.50,TRUE\n007,1e5,+4\n12345678901234567890,,x' },
    [
      { a: 1, b: -2.5, c: true },
      { a: '007', b: '1e5', c: '+4' },
      { a: '12345678901234567890', b: '', c: 'x' },
    ],
    ['a', 'b', 'c'],
  ],
  ['semicolons', { from: 'name;sum\n"Müller; Söhne";3,5\n' }, [{ name: 'Müller; Söhne', sum: '3,5' }], ['name', 'sum']],
  ['tabs', { from: 'a\tb\n1\t2\n' }, [{ a: 1, b: 2 }], ['a', 'b']],
  [
    'bars',
    { from: 'a|b\n1|2\n3|4\n' },
    [
      { a: 1, b: 2 },
      { a: 3, b: 4 },
    ],
    ['a', 'b'],
  ],
  ['the delimiter that Excel names', { from: 'sep=|\r\na|b,c\r\n1|2\r\n' }, [{ a: 1, 'b,c': 2 }], ['a', 'b,c']],
  ['a delimiter that is named', { from: 'a~b\n1~2', delimiter: '~' }, [{ a: 1, b: 2 }], ['a', 'b']],
  [
    'no header',
    { from: '1,x\n2,y\n', header: false },
    [
      { column_1: 1, column_2: 'x' },
      { column_1: 2, column_2: 'y' },
    ],
    ['column_1', 'column_2'],
  ],
  [
    'names that are missing or there twice',
    { from: 'a,,a, b \n1,2,3,4\n' },
    [{ a: 1, column_2: 2, a_2: 3, b: 4 }],
    ['a', 'column_2', 'a_2', 'b'],
  ],
  [
    'rows that are too long or too short',
    { from: 'a,b\n1\n1,2,3\n' },
    [
      { a: 1, b: '' },
      { a: 1, b: 2, column_3: 3 },
    ],
    ['a', 'b', 'column_3'],
  ],
  ['quotes in the middle of a cell', { from: 'a,b\n5" nail,x\n' }, [{ a: '5" nail', b: 'x' }], ['a', 'b']],
  [
    'old line ends',
    { from: 'a,b\r1,2\r3,4\r' },
    [
      { a: 1, b: 2 },
      { a: 3, b: 4 },
    ],
    ['a', 'b'],
  ],
  [
    'line ends of several kinds',
    { from: 'a,b\n1,2\r3,"x\ny\r\nz"\r\n5,6\n\r\n7,8' },
    [
      { a: 1, b: 2 },
      { a: 3, b: 'x\ny\r\nz' },
      { a: 5, b: 6 },
      { a: 7, b: 8 },
    ],
    ['a', 'b'],
  ],
  ['a header alone', { from: 'a,b\n' }, [], ['a', 'b']],
  [
    'a dangerous name',
    { from: '__proto__,constructor\n1,2\n' },
    JSON.parse('[{"__proto__":1,"constructor":2}]'),
    ['__proto__', 'constructor'],
  ],
])('%s', async (_what, input, rows, columns) => {
  const { run } = fileWorld()
  const output = await run('csv.parse', input)
  expect(JSON.stringify(output.rows)).toBe(JSON.stringify(rows))
  expect(output.columns).toEqual(columns)
})

test.each([
  ['UTF-8 with a mark', Buffer.from('\ufeffä;b\n1;ü\n')],
  ['UTF-16 of Windows', Buffer.from('\ufeffä;b\n1;ü\n', 'utf16le')],
  ['Windows-1252', Buffer.from('ä;b\n1;ü\n', 'latin1')],
])('%s is read as what it is', async (_name, content) => {
  const { run, put } = fileWorld()
  put('table.csv', content)
  expect((await run('csv.parse', { from: 'table.csv' })).rows).toEqual([{ ä: 1, b: 'ü' }])
})

test.each<[Record<string, Json>, string, RegExp]>([
  [{ from: 'none.csv' }, 'no-file', /There is no file or folder "none.csv"/],
  [{ from: null }, 'bad-input', /"from" takes a file, the path of one, or the text of a table, but nothing came/],
  [{ from: 42 }, 'bad-input', /but a number came/],
  [{ from: { rows: [] } }, 'bad-input', /but an object came that is no file/],
  [{ from: [] }, 'bad-input', /but an empty list came/],
  [
    { from: 'a,b\n1,"never closed\n2,3\n' },
    'bad-input',
    /cannot be read from line 2 on: a quote is opened and never closed/,
  ],
  [{ from: '../../etc/passwd.csv' }, 'folder-not-allowed', /is not inside an allowed folder/],
])('%j fails with %s', async (input, code, message) => {
  const { failure } = fileWorld()
  const failed = await failure('csv.parse', input)
  expect(failed.message).toMatch(message)
  expect(failed.code).toBe(code)
})

test('rows become a table, and the table the same rows again', async () => {
  const { run } = fileWorld()
  const cell = fc.oneof(
    fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\r') || text.length > 1),
    fc.integer().map(String),
  )
  const rows = fc.array(fc.record({ a: cell, 'b, "c"': cell, d: cell }), { minLength: 1, maxLength: 20 })
  await fc.assert(
    fc.asyncProperty(rows, fc.constantFrom(',', ';', '\t'), async (given, delimiter) => {
      const { text, file } = await run('csv.build', { rows: given, delimiter })
      const again = await run('csv.parse', { from: file ?? null, delimiter, types: false })
      expect(again.rows).toEqual(given)
      expect((await run('csv.parse', { from: `${String(text)}`, delimiter, types: false })).rows).toEqual(given)
    }),
    { numRuns: 50 },
  )
})

test('a table has the columns that are asked for, in their order', async () => {
  const { run } = fileWorld()
  const rows = [
    { b: 2, a: null },
    { a: [1, 'x'], c: true },
    { __proto__: null, a: 'x,y' },
  ]
  const { text, file } = await run('csv.build', { rows })
  expect(text).toBe('b,a,c\r\n2,,\r\n,"[1,""x""]",true\r\n,"x,y",\r\n')
  expect(file).toMatchObject({ filename: 'table.csv', contentType: 'text/csv', bytes: Buffer.byteLength(String(text)) })
  expect((await run('csv.build', { rows, columns: ['c', 'none'], header: false })).text).toBe(',\r\ntrue,\r\n,\r\n')
  expect((await run('csv.build', { rows: [[1, 'a'], [2]], bom: true, delimiter: ';' })).text).toBe('\ufeff1;a\r\n2\r\n')
  expect((await run('csv.build', { rows: [] })).text).toBe('')
  // Line ends of any kind and what could be taken for a delimiter stand between quotes, and no row is an empty line.
  expect((await run('csv.build', { rows: [{ a: 'x\ny' }, { a: 'x\ry' }, { a: 'x;y' }, { a: null }] })).text).toBe(
    'a\r\n"x\ny"\r\n"x\ry"\r\n"x;y"\r\n""\r\n',
  )
})

test('a table that is large is handed on as a file with JSON in it', async () => {
  const { run, put, large } = fileWorld()
  const count = 200_000
  put('large.csv', `id,name\n${Array.from({ length: count }, (_, n) => `${n},Somebody number ${n}\n`).join('')}`)
  const { rows, columns, count: read } = await run('csv.parse', { from: 'large.csv' })
  expect({ columns, read }).toEqual({ columns: ['id', 'name'], read: count })
  if (!isLargeValue(rows)) throw new Error('it is kept as a file')
  const all: Json = JSON.parse(Buffer.from(await large.read(rows)).toString('utf8'))
  expect(isJsonList(all) && all.length).toBe(count)
  expect(isJsonList(all) && all[199_999]).toEqual({ id: 199_999, name: 'Somebody number 199999' })
  const back = await run('csv.build', { rows, filename: 'again.csv' })
  expect(isLargeValue(back.text) || typeof back.text === 'string').toBe(true)
  expect(back.file).toMatchObject({ filename: 'again.csv' })
})

test.each([
  ['in its first line', '"a,b\n1,2\n', 1],
  ['behind lines in quotes', 'a,b\n"x\ny","z ""q"" z"\n3,"open\n4,5\n6,7\n', 4],
  ['in a long table', `a,b\n${'1,"two"\n'.repeat(200_000)}3,"open\n${'1,2\n'.repeat(50_000)}`, 200_002],
])('a quote that is never closed is told by the line in which it was opened: %s', async (_where, from, line) => {
  const { failure } = fileWorld()
  expect((await failure('csv.parse', { from })).message).toContain(
    `cannot be read from line ${line} on: a quote is opened and never closed`,
  )
})
