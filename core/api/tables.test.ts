import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Json } from '../domain/values/json.ts'
import { type TestClient, testApp } from '../test-app.ts'

async function importText(client: TestClient, name: string, text: string) {
  await client.tables.importPiece({ upload: name, at: 0, piece: Buffer.from(text).toString('base64') })
  return client.tables.importCsv({ upload: name, name })
}

async function exported(client: TestClient, id: number): Promise<string> {
  const { text, next } = await client.tables.exportCsv({ id })
  return next === null ? text : 'more than one part'
}

const cellsOf = async (client: TestClient, id: number) =>
  (await client.tables.rows({ id, limit: 500 })).rows.map(({ cells }) => cells)

const failure = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  )

const HARD = [
  '',
  '7',
  '007',
  'true',
  'FALSE',
  '1e400',
  '1.0',
  'a\nb',
  'a\r\nb',
  '\r',
  'x;y',
  'x\ty',
  '=1+1',
  ' lead ',
  '"',
  'sep=;',
]

test('a table that was exported comes back as it was, whatever its cells hold', async () => {
  const { client } = await testApp()
  let tables = 0
  const cell: fc.Arbitrary<Json> = fc.oneof(
    fc.constantFrom<Json>(...HARD, null, true, false, 7, -2.5, 0),
    fc.string(),
    fc.integer(),
  )
  const rows = fc
    .integer({ min: 1, max: 3 })
    .chain((width) => fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 25 }))
  await fc.assert(
    fc.asyncProperty(rows, async (lists) => {
      const number = ++tables
      const columns = (lists[0] ?? []).map((_, at) => ({ name: ['b', '42', 'two\nlines'][at] ?? '' }))
      const { id } = await client.tables.create({ name: `From ${number}`, columns })
      await client.tables.edit({
        id,
        edits: lists.map((cells) => ({ do: 'insert' as const, cells: Object.fromEntries(cells.entries()) })),
      })
      const text = await exported(client, id)
      const made = await importText(client, `To ${number}`, text)
      expect(made).toMatchObject({ rows: lists.length, madeTable: true })
      const names = (await client.tables.list()).find((table) => table.id === made.id)?.columns
      expect(names?.map(({ name }) => name)).toEqual(columns.map(({ name }) => name))
      // Places differ where a name looks like a number, so columns are compared by their names.
      const back = await cellsOf(client, made.id)
      expect(back.map((cells) => names?.map((column) => cells[column.id] ?? null))).toEqual(
        // A row that has nothing at all in its only column would be an empty line.
        lists.map((list) => (list.length === 1 && list[0] === null ? [''] : list)),
      )
      expect(await exported(client, made.id)).toBe(text)
    }),
    { numRuns: 30 },
  )
})

test('a file in which everything stands between quotes is read by what its cells look like', async () => {
  const { client } = await testApp()
  const { id } = await importText(client, 'T', '"a","b"\n"7",""\n"x","true"\n')
  expect(await cellsOf(client, id)).toEqual([
    { 0: 7, 1: '' },
    { 0: 'x', 1: true },
  ])
})

test('a file without rows makes its columns, one that cannot be read makes nothing, and one that breaks off says what came', async () => {
  const { client } = await testApp()
  const { id } = await importText(client, 'Empty', 'b,1,a\n')
  const [table] = await client.tables.list()
  expect(table).toMatchObject({ id, rows: 0, columns: [{ name: 'b' }, { name: '1' }, { name: 'a' }] })
  expect(await failure(importText(client, 'Open', 'a\n"x\n'))).toContain('never closed')
  expect(await failure(importText(client, ' ', 'a\nx\n'))).toContain('needs a name')
  expect(await failure(importText(client, 'Wide', Array.from({ length: 501 }, (_, at) => `c${at}`).join()))).toBe(
    'done',
  )
  expect((await client.tables.list()).map(({ name }) => name)).toEqual(['Empty', 'Wide'])
  const long = `a\n${'x\n'.repeat(250)}${'y'.repeat(300_000)}\nz\n`
  expect(await failure(importText(client, 'Long', long))).toContain('The 250 rows before it were added.')
})

test('a number that no row of a table had is not taken, and none reaches into another table', async () => {
  const { client } = await testApp()
  const [one, two] = [await client.tables.create({ name: 'One' }), await client.tables.create({ name: 'Two' })]
  const columns = [{ name: 'a' }]
  for (const { id } of [one, two]) await client.tables.setColumns({ id, columns })
  await client.tables.edit({ id: two.id, edits: [{ do: 'insert', cells: { 0: 'mine' } }] })
  for (const row of [2 ** 32 + 1, 0, -1]) {
    const edits = (['set', 'insert', 'remove'] as const).map((kind) => ({ do: kind, row, cells: { 0: 'theirs' } }))
    for (const edit of edits) expect(await failure(client.tables.edit({ id: one.id, edits: [edit] }))).not.toBe('done')
  }
  const { rows } = await client.tables.edit({
    id: one.id,
    edits: [{ do: 'insert', row: 4_000_000_000, cells: { 0: 'first' } }],
  })
  expect(rows).toEqual([1])
  expect(await cellsOf(client, two.id)).toEqual([{ 0: 'mine' }])
})
