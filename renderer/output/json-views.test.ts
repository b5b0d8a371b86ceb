import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Json } from '../../core/domain/values/json.ts'
import { foundRows, jsonRows } from './json-rows.ts'
import { schemaRows } from './json-schema-rows.ts'
import { jsonTable, rowsWith } from './json-table.ts'

const orders: Json = {
  status: 200,
  body: {
    orders: [
      { id: 1, customer: { name: 'Ada' }, paid: true },
      { id: 2, customer: { name: 'Bob' }, paid: null, note: 'late' },
    ],
  },
}
const json = fc.jsonValue({ maxDepth: 4 }).map((value): Json => JSON.parse(JSON.stringify(value)))

describe('a value as lines', () => {
  it('unfolds what is open', () => {
    expect(jsonRows(orders, 'call', new Set()).map((row) => row.path)).toEqual(['call'])
    expect(jsonRows(orders, 'call', new Set(['call', 'call.body'])).map((row) => [row.path, row.open])).toEqual([
      ['call', true],
      ['call.status', null],
      ['call.body', true],
      ['call.body.orders', false],
    ])
  })

  it('shows what was found and what leads to it', () => {
    const { rows, found } = foundRows(orders, 'call', 'bob')
    expect(found).toBe(1)
    expect(rows.map((row) => row.path)).toEqual([
      'call',
      'call.body',
      'call.body.orders',
      'call.body.orders[1]',
      'call.body.orders[1].customer',
      'call.body.orders[1].customer.name',
    ])
    expect(foundRows(orders, 'call', 'nobody')).toEqual({ rows: [], found: 0 })
  })

  it('finds every line when nothing is searched for', () => {
    fc.assert(
      fc.property(json, (value) => {
        const all = foundRows(value, 'x', '').rows
        const opened = new Set(all.map((row) => row.path))
        expect(jsonRows(value, 'x', opened)).toEqual(all)
      }),
    )
  })
})

describe('a schema', () => {
  it('tells types, what is sometimes absent, and an example', () => {
    expect(
      schemaRows(orders, 'call').map(({ path, type, optional, example }) => [path, type, optional, example]),
    ).toEqual([
      ['call', 'object', false, null],
      ['call.status', 'number', false, '200'],
      ['call.body', 'object', false, null],
      ['call.body.orders', 'list of 2', false, null],
      ['call.body.orders[0]', 'object', false, null],
      ['call.body.orders[0].id', 'number', false, '1'],
      ['call.body.orders[0].customer', 'object', false, null],
      ['call.body.orders[0].customer.name', 'text', false, '"Ada"'],
      ['call.body.orders[0].paid', 'yes or no or nothing', false, 'true'],
      ['call.body.orders[0].note', 'text', true, '"late"'],
    ])
  })

  it('has each place once, whatever the value', () => {
    fc.assert(
      fc.property(json, (value) => {
        const paths = schemaRows(value, 'x').map((row) => row.path)
        expect(new Set(paths).size).toBe(paths.length)
      }),
    )
  })
})

describe('a table', () => {
  it('is the nearest list of objects', () => {
    const table = jsonTable(orders, 'call')
    expect(table).toMatchObject({ path: 'call.body.orders', columns: ['id', 'customer', 'paid', 'note'] })
    expect(table && rowsWith(table, 'BOB')).toEqual([1])
  })

  it('is none where a list holds anything else', () => {
    for (const value of [[1, 2], [], [{ a: 1 }, 2], 'text', { a: { b: 1 } }]) expect(jsonTable(value, 'x')).toBeNull()
  })
})
