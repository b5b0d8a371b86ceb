import { expect, test } from 'vitest'
import { temporaryDatabase } from '../../db/test-database.ts'
import { StepError } from '../../domain/runs/step-error.ts'
import { manualClock } from '../../domain/time/clock.ts'
import type { Json, JsonObject } from '../../domain/values/json.ts'
import { createTableSteps } from '../../engine/tables/table-steps.ts'
import { createTableWatch } from '../../engine/tables/table-watch.ts'
import { createSignals } from '../../signals.ts'
import { runAction } from '../test-context.ts'
import { table as family } from './table.family.ts'

/** Steps of zaps over one real database. */
function world() {
  const clock = manualClock(Date.parse('2026-11-24T09:00:00Z'))
  const database = temporaryDatabase()
  const signals = createSignals({ info: () => undefined, warn: () => undefined, error: () => undefined })
  const tablesOf = createTableSteps({ database, clock, signals, watch: createTableWatch() })
  let steps = 0
  async function run(name: string, input: Record<string, Json>, by = `run_${++steps}:step`): Promise<JsonObject> {
    const action = family.connectors.find(({ id }) => id === `table.${name}`)
    if (action?.kind !== 'action') throw new Error(`there is no table.${name}`)
    const at = { zapId: 'zap_1', stepId: 'step', runId: by, eventId: 'evt_1', depth: 0 }
    return (await runAction(action, input, { tables: tablesOf(at, by), clock })).output as JsonObject
  }
  const rowsOf = async (table: string, input: Record<string, Json> = {}): Promise<Json> =>
    (await run('find', { table, limit: 100_000, ...input })).rows ?? null
  const failure = (name: string, input: Record<string, Json>) =>
    run(name, input).then(
      () => 'nothing',
      (error: unknown) =>
        error instanceof StepError ? `${error.details.code}: ${error.details.message}` : String(error),
    )
  return { clock, database, run, rowsOf, failure }
}

test('rows are added, found, changed and deleted, with columns in the order in which they came', async () => {
  const { run, rowsOf } = world()
  expect(await run('add', { table: 'Orders', values: { order: 'A-1', amount: 75, paid: true } })).toEqual({
    rows: [{ order: 'A-1', amount: 75, paid: true }],
    count: 1,
    row: { order: 'A-1', amount: 75, paid: true },
    ids: [1],
    created: true,
    madeTable: true,
  })
  await run('add', { table: ' orders ', values: { amount: 12.5, order: 'A-2', note: { a: [null] } } })
  expect(await rowsOf('ORDERS')).toEqual([
    { order: 'A-1', amount: 75, paid: true, note: null },
    { order: 'A-2', amount: 12.5, paid: null, note: { a: [null] } },
  ])
  expect(await run('find', { table: 'Orders', where: { order: 'A-2' } })).toMatchObject({
    row: { order: 'A-2' },
    count: 1,
    ids: [2],
    more: false,
  })
  expect(
    await run('update', {
      table: 'Orders',
      where: [{ column: 'amount', op: 'gt', right: 50 }],
      values: { paid: false },
    }),
  ).toMatchObject({ count: 1, row: { order: 'A-1', paid: false } })
  expect(
    await run('delete', { table: 'Orders', where: [{ left: 'order', op: 'starts-with', value: 'A' }] }),
  ).toMatchObject({ count: 2, ids: [1, 2] })
  expect(await rowsOf('Orders')).toEqual([])
  await run('add', { table: 'Orders', values: { order: 'A-3' } })
  expect(await run('find', { table: 'Orders' })).toMatchObject({ ids: [3] })
})

test('a row with the same key is put over the one that is there', async () => {
  const { run, rowsOf } = world()
  const upsert = (values: Json) => run('upsert', { table: 'Stock', key: ['sku'], values })
  expect(await upsert({ sku: 7, name: 'Lamp', left: 3 })).toMatchObject({ created: true, added: 1 })
  expect(await upsert({ sku: '7', left: 2 })).toMatchObject({
    created: false,
    added: 0,
    row: { sku: '7', name: 'Lamp', left: 2 },
  })
  // Only what is written the same way is the same key.
  expect(await upsert({ sku: '007', left: 1 })).toMatchObject({ created: true })
  expect(
    await upsert([
      { sku: 'x', left: 1 },
      { sku: 'x', left: 2 },
      { sku: 'y', left: 3 },
    ]),
  ).toMatchObject({ added: 2, count: 3 })
  expect(await rowsOf('Stock')).toEqual([
    { sku: '7', name: 'Lamp', left: 2 },
    { sku: '007', name: null, left: 1 },
    { sku: 'x', name: null, left: 2 },
    { sku: 'y', name: null, left: 3 },
  ])
  await run('upsert', { table: 'Rates', key: ['from', 'to'], values: { from: 'EUR', to: 'USD', rate: 1.1 } })
  await run('upsert', { table: 'Rates', key: ['from', 'to'], values: { from: 'EUR', to: 'CHF', rate: 0.9 } })
  expect(
    await run('upsert', { table: 'Rates', key: ['from', 'to'], values: { from: 'EUR', to: 'USD', rate: 1.2 } }),
  ).toMatchObject({ created: false, ids: [1] })
})

test('a key that is used later finds the rows that were there before, and those that a person changes', async () => {
  const { run } = world()
  await run('add', { table: 'T', values: Array.from({ length: 2_500 }, (_, n) => ({ n, mail: `a${n}@x.org` })) })
  expect(await run('upsert', { table: 'T', key: 'mail', values: { mail: 'a2400@x.org', n: 'again' } })).toMatchObject({
    created: false,
    ids: [2401],
  })
  await run('update', { table: 'T', where: { n: 5 }, values: { mail: 'other@x.org' } })
  expect(await run('upsert', { table: 'T', key: 'mail', values: { mail: 'a5@x.org' } })).toMatchObject({
    created: true,
  })
  expect(await run('upsert', { table: 'T', key: 'mail', values: { mail: 'other@x.org' } })).toMatchObject({ ids: [6] })
})

test('every change is made once for each step and run, also of rows that take several transactions', async () => {
  const { run, rowsOf } = world()
  const values = Array.from({ length: 1_234 }, (_, n) => ({ n }))
  const first = await run('add', { table: 'T', rows: values }, 'run_a:add')
  expect(await run('add', { table: 'T', rows: values }, 'run_a:add')).toEqual(first)
  expect(first).toMatchObject({ count: 1_234, ids: expect.objectContaining({ length: 1_000 }) })
  expect(await rowsOf('T')).toEqual(values)
  const wanted = { table: 'T', where: [{ column: 'n', op: 'lt', right: 3 }], values: { n: 7 } }
  const changed = await run('update', wanted, 'run_b:set')
  expect(changed).toMatchObject({ count: 3 })
  expect(await run('update', wanted, 'run_b:set')).toEqual(changed)
  const gone = await run('delete', { table: 'T', where: { n: 7 } }, 'run_c:del')
  expect(gone).toMatchObject({ count: 4 })
  await run('add', { table: 'T', values: { n: 7 } })
  expect(await run('delete', { table: 'T', where: { n: 7 } }, 'run_c:del')).toEqual(gone)
  expect(await run('find', { table: 'T', where: { n: 7 } })).toMatchObject({ count: 1 })
})

test('of a large table the oldest are taken, whoever else takes some at the same time', async () => {
  const { run } = world()
  await run('add', { table: 'Jobs', rows: Array.from({ length: 2_100 }, (_, n) => ({ n: 2_100 - n, state: 'open' })) })
  const take = () =>
    run('update', { table: 'Jobs', where: { state: 'open' }, sort: 'n', limit: 600, values: { state: 'taken' } })
  const taken = await Promise.all([take(), take(), take()])
  expect(taken.map(({ count }) => count)).toEqual([600, 600, 600])
  const numbers = taken.flatMap(({ ids }) => ids as readonly number[])
  expect(new Set(numbers).size).toBe(1_800)
  expect((await run('find', { table: 'Jobs', where: { state: 'open' }, limit: 1_000 })).count).toBe(300)
})

test('values come back as they went in, whatever they are called', async () => {
  const { run, rowsOf } = world()
  const long = 'c'.repeat(1_000)
  const row = JSON.parse(
    `{"__proto__": {"x": 1}, "constructor": "c", "a.b": [1, [2]], "1": 1e21, "$blob": {"$blob": "a"}, " ": 1, "${long}": "9007199254740993", "👍": "\\ud800"}`.replace(
      '" ": 1, ',
      '',
    ),
  )
  await run('add', { table: '__proto__', values: row })
  expect(await rowsOf('__proto__')).toEqual([row])
  expect(await run('find', { table: '__proto__', where: { constructor: 'c' } })).toMatchObject({ count: 1 })
  expect(await run('upsert', { table: '__proto__', key: ['__proto__'], values: row })).toMatchObject({ created: false })
})

const WRONG: readonly [what: string, step: string, input: Record<string, Json>, says: string][] = [
  ['an unknown table', 'find', { table: 'Ordres' }, 'no-table: There is no table “Ordres”. Did you mean “Orders”?'],
  [
    'an unknown table',
    'update',
    { table: 'Invoices', where: { a: 1 }, values: { a: 2 } },
    'no-table: There is no table “Invoices”.',
  ],
  [
    'a table that must not be made',
    'add',
    { table: 'order', ifMissing: 'fail', values: { a: 1 } },
    'no-table: There is no table “order”. Did you mean “Orders”?',
  ],
  [
    'an unknown column',
    'find',
    { table: 'Orders', where: { nam: 1 } },
    'no-column: There is no column “nam” in the table “Orders”. Did you mean “name”?',
  ],
  [
    'an unknown column to sort by',
    'find',
    { table: 'Orders', sort: '-amuont' },
    'no-column: There is no column “amuont” in the table “Orders”. Did you mean “amount”?',
  ],
  [
    'a column that must not be made',
    'add',
    { table: 'Orders', ifMissing: 'fail', values: { nmae: 1 } },
    'no-column: There is no column “nmae” in the table “Orders”. Did you mean “name”?',
  ],
  ['a table without a name', 'find', { table: ' ' }, 'needs a name'],
  [
    'a table with a name of a thousand characters',
    'add',
    { table: 'x'.repeat(1_000), values: { a: 1 } },
    'has at most 200 characters',
  ],
  [
    'a column without a name',
    'add',
    { table: 'Orders', values: { ' ': 1 } },
    'bad-input: "values" has a value without the name of a column',
  ],
  [
    'a column with a name of 10,000 characters',
    'add',
    { table: 'Orders', values: { ['y'.repeat(10_000)]: 1 } },
    'bad-input: The name of a column has at most 1,000 characters, and “yyy',
  ],
  ['no values', 'add', { table: 'Orders' }, 'bad-input: "values" says what is written'],
  ['no values', 'add', { table: 'Orders', values: {} }, 'bad-input: "values" has no values: name at least one column.'],
  [
    'values that are text',
    'add',
    { table: 'Orders', values: 'x' },
    'bad-input: "values" takes a row, or a list of rows, but is text',
  ],
  ['a row that is none', 'add', { table: 'Orders', rows: [{ a: 1 }, 2] }, 'bad-input: Row 2 of "rows" is a number'],
  [
    'a row of a megabyte',
    'add',
    { table: 'Orders', values: { name: 'x'.repeat(1_000_000) } },
    'too-large: A row of the table “Orders” would have 977 KB',
  ],
  [
    'a key without a value',
    'upsert',
    { table: 'Orders', key: ['name'], values: { amount: 1 } },
    'bad-input: Rows of the table “Orders” are told apart by “name”, and it is missing in the values',
  ],
  [
    'a key that is empty',
    'upsert',
    { table: 'Orders', key: ['name'], values: { name: '' } },
    'bad-input: Rows of the table “Orders” are told apart by “name”, and there it is empty',
  ],
  ['no key', 'upsert', { table: 'Orders', key: [], values: { name: 'a' } }, 'needs at least one column'],
  ['every row, unsaid', 'delete', { table: 'Orders' }, 'bad-input: "where" says which rows are deleted'],
  [
    'every row, unsaid',
    'update',
    { table: 'Orders', values: { name: 'x' } },
    'bad-input: "where" says which rows are changed',
  ],
  [
    'a number in another style',
    'find',
    { table: 'Orders', where: [{ column: 'price', op: 'gt', right: 5 }] },
    'bad-input: The column “price”: The values cannot be compared by size.',
  ],
  [
    'a condition without a value',
    'find',
    { table: 'Orders', where: [{ column: 'name', op: 'eq' }] },
    'needs a value to compare with',
  ],
  [
    'an op that there is not',
    'find',
    { table: 'Orders', where: [{ column: 'name', op: 'like', right: 'x' }] },
    'Invalid',
  ],
]

test('what cannot be done is refused in a sentence, and changes nothing', async () => {
  const { run, failure, rowsOf } = world()
  await run('add', { table: 'Orders', values: { name: 'Ada', amount: 1, price: '1,500.00' } })
  const before = await rowsOf('Orders')
  for (const [what, step, input, says] of WRONG) expect(await failure(step, input), what).toContain(says)
  expect(await rowsOf('Orders')).toEqual(before)
})

test('conditions may be groups, ask about the row itself, and be met by any', async () => {
  const { run, clock } = world()
  await run('add', {
    table: 'T',
    rows: [
      { a: 1, b: 'x' },
      { a: 2, b: 'y' },
    ],
  })
  clock.advance(60_000)
  await run('add', { table: 'T', rows: [{ a: 3, b: null }] })
  const ids = async (where: Json, more: Record<string, Json> = {}): Promise<Json> =>
    (await run('find', { table: 'T', where, ...more })).ids ?? null
  expect(
    await ids({
      any: [
        { column: 'a', op: 'eq', right: 1 },
        { column: 'b', op: 'is-empty' },
      ],
    }),
  ).toEqual([1, 3])
  expect(
    await ids(
      [
        { column: 'a', op: 'eq', right: 1 },
        { column: 'b', op: 'eq', right: 'y' },
      ],
      { match: 'any' },
    ),
  ).toEqual([1, 2])
  expect(
    await ids([{ any: [{ all: [{ column: 'a', op: 'gte', right: '2' }] }] }, { column: 'b', op: 'exists' }]),
  ).toEqual([2])
  expect(await ids({ '@id': 2 })).toEqual([2])
  expect(await ids([{ column: '@created', op: 'after', right: '2026-11-24T09:00:30Z' }])).toEqual([3])
  expect(await ids([], { sort: [{ column: 'b', order: 'desc' }] })).toEqual([2, 1, 3])
  expect(await ids([], { sort: '@id desc', limit: 1 })).toEqual([3])
})
