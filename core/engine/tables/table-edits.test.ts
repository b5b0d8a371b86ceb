import { expect, test } from 'vitest'
import { forgetTables } from '../../db/tables.ts'
import { temporaryDatabase } from '../../db/test-database.ts'
import { StepError } from '../../domain/runs/step-error.ts'
import { EVERY_ROW } from '../../domain/tables/row-filter.ts'
import { manualClock } from '../../domain/time/clock.ts'
import type { Json } from '../../domain/values/json.ts'
import { createSignals } from '../../signals.ts'
import { createTableEdits, type RowEdit } from './table-edits.ts'
import { createTableSteps } from './table-steps.ts'
import { createTableViews, type View } from './table-views.ts'
import { createTableWatch } from './table-watch.ts'

function world() {
  const clock = manualClock(Date.parse('2026-11-24T09:00:00Z'))
  const database = temporaryDatabase()
  const signals = createSignals({ info: () => undefined, warn: () => undefined, error: () => undefined })
  const services = { database, clock, signals, watch: createTableWatch() }
  const edits = createTableEdits(services)
  const views = createTableViews(database)
  let runs = 0
  const stepOf = createTableSteps(services)
  const step = () => {
    const runId = `run_${++runs}`
    return stepOf({ zapId: 'zap', stepId: 's', runId, eventId: 'evt', depth: 0 }, `${runId}:s`)
  }
  const rowsOf = async (table: string): Promise<Json> =>
    (await step().find(table, { filter: EVERY_ROW, sort: [], limit: 1_000, zone: 'UTC' })).rows
  return { clock, database, edits, views, step, rowsOf }
}

const text = (name: string) => ({ name, type: 'text' as const })
const insert = (...cells: Json[]): RowEdit => ({ do: 'insert', cells: new Map(cells.entries()) })
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (error: unknown) =>
      error instanceof StepError ? `${error.details.code}: ${error.details.message}` : String(error),
  )

test('what was done to rows is undone by what it returned, and done again by what that returned', async () => {
  const { edits, rowsOf } = world()
  const { id } = await edits.create('T', [text('a'), text('b')])
  await edits.edit(id, [insert(1, 'x'), insert(2, 'y'), insert(3, 'z')])
  const before = await rowsOf('T')
  const { undo, rows } = await edits.edit(id, [
    { do: 'set', row: 1, cells: new Map([[1, 'changed']]) },
    { do: 'remove', row: 2 },
    insert(4),
    { do: 'set', row: 3, cells: new Map<number, Json>([[0, null]]) },
    { do: 'set', row: 99, cells: new Map([[0, 1]]) },
  ])
  expect(rows).toEqual([1, 2, 4, 3])
  const after = await rowsOf('T')
  expect(after).toEqual([
    { a: 1, b: 'changed' },
    { a: null, b: 'z' },
    { a: 4, b: null },
  ])
  const redo = await edits.edit(id, undo)
  expect(await rowsOf('T')).toEqual(before)
  await edits.edit(id, redo.undo)
  expect(await rowsOf('T')).toEqual(after)
})

test('zaps go on finding a table and a column that were renamed, and a column that was deleted comes back with its cells', async () => {
  const { edits, step, rowsOf } = world()
  const { id } = await edits.create('Orders', [text('order'), text('state')])
  await edits.edit(id, [insert('A-1', 'open')])
  await edits.rename(id, 'Sales')
  await edits.setColumns(id, [
    { id: 1, ...text('status') },
    { id: 0, ...text('order') },
  ])
  const options = { key: ['order'], makesTable: true, makesColumns: true }
  expect(await step().write('orders', [[{ order: 'A-1', state: 'paid' }]], options)).toMatchObject({
    madeTable: false,
    created: 0,
    rows: [{ status: 'paid', order: 'A-1' }],
  })
  await edits.setColumns(id, [{ id: 0, ...text('order') }])
  expect(await rowsOf('Sales')).toEqual([{ order: 'A-1' }])
  await edits.setColumns(id, [
    { id: 0, ...text('order') },
    { id: 1, ...text('status') },
  ])
  expect(await rowsOf('Orders')).toEqual([{ order: 'A-1', status: 'paid' }])
  // Another table may take the old name, and has it then.
  await edits.create('Orders', [text('other')])
  expect(await rowsOf('Orders')).toEqual([])
  expect(await rowsOf('Sales')).toHaveLength(1)
})

test('what a table cannot be called or have is refused in a sentence', async () => {
  const { edits } = world()
  const { id } = await edits.create('T', [text('a')])
  expect(await codeOf(edits.create(' t ', []))).toBe('name-taken: There is a table “T” already: choose another name.')
  expect(await codeOf(edits.create('', []))).toBe('bad-input: A table needs a name.')
  expect(await codeOf(edits.create('x'.repeat(201), []))).toMatch(
    /^bad-input: The name of a table has at most 200 characters/,
  )
  expect(await codeOf(edits.setColumns(id, [text('a'), text('a')]))).toMatch(
    /^name-taken: Two columns cannot both be called “a”/,
  )
  expect(await codeOf(edits.setColumns(id, [{ id: 7, ...text('b') }]))).toMatch(/^no-column/)
  expect(await codeOf(edits.setColumns(id, [text(' ')]))).toBe('bad-input: A column needs a name.')
  expect(await codeOf(edits.edit(99, []))).toBe('no-table: This table was deleted.')
  expect(await codeOf(edits.edit(id, [insert('x'.repeat(300_000))]))).toMatch(/^too-large/)
})

test('a table that was deleted can be brought back while its name is free, and is gone after its time', async () => {
  const { edits, rowsOf, clock, database } = world()
  const { id } = await edits.create('T', [text('a')])
  await edits.edit(
    id,
    Array.from({ length: 30 }, (_, n) => insert(n)),
  )
  await edits.remove(id)
  expect(await codeOf(rowsOf('T'))).toMatch(/^no-table/)
  const { id: other } = await edits.create('T', [text('b')])
  expect(await codeOf(edits.restore(id))).toMatch(/^name-taken/)
  await edits.remove(other)
  await edits.restore(id)
  expect(await rowsOf('T')).toHaveLength(30)
  await edits.remove(id)
  clock.advance(1_000)
  for (let batch = 0; batch < 10; batch++) await database.write((tx) => forgetTables(tx, clock.now(), 20))
  expect(await codeOf(edits.restore(id))).toBe('no-table: This table is gone for good.')
  expect(await database.reader.raw('SELECT count(*) AS n FROM data_row')).toEqual([{ n: 0 }])
})

test('a window shows what fits a filter and a search, in an order, with a sum, and follows every change', async () => {
  const { edits, views } = world()
  const { id } = await edits.create('T', [text('name'), { name: 'n', type: 'number' }])
  await edits.edit(
    id,
    Array.from({ length: 1_200 }, (_, n) => insert(`Row ${n}`, n % 5 === 0 ? String(n) : n)),
  )
  const page = async (view: Partial<View>, offset = 0, limit = 3) => {
    const found = await views.page(id, { filters: [], sort: [], search: '', ...view }, { offset, limit, sum: 1 }, 'UTC')
    return { total: found?.total, sum: found?.sum, names: found?.rows.map(({ cells }) => cells[0]) }
  }
  const sorted = { sort: [{ column: 1, order: 'desc' as const }] }
  expect(await page({})).toEqual({ total: 1_200, sum: 719400, names: ['Row 0', 'Row 1', 'Row 2'] })
  expect(await page(sorted, 2)).toMatchObject({ total: 1_200, names: ['Row 1197', 'Row 1196', 'Row 1195'] })
  expect(await page({ search: ' row 119 ' })).toMatchObject({ total: 11 })
  const few = { filters: [{ column: 1, op: 'lt' as const, right: 3 }], ...sorted }
  expect(await page(few)).toMatchObject({ total: 3, sum: 3, names: ['Row 2', 'Row 1', 'Row 0'] })
  await edits.edit(id, [
    { do: 'set', row: 1, cells: new Map([[1, 2.5]]) },
    { do: 'remove', row: 3 },
  ])
  expect(await page(few)).toMatchObject({ total: 2, sum: 3.5, names: ['Row 0', 'Row 1'] })
  await expect(page({ filters: [{ column: 0, op: 'gt', right: 5 }] })).rejects.toThrow('cannot be compared by size')
})
