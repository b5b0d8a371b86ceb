import { expect, test } from 'vitest'
import { fieldPaths } from './item-field-control.tsx'

test('the fields of an item are suggested, with those inside of them', () => {
  expect(fieldPaths({ id: 7, customer: { name: 'Ada', address: { city: 'Bonn' } }, lines: [{ sku: 'a' }] })).toEqual([
    'id',
    'customer',
    'customer.name',
    'customer.address',
    'lines',
  ])
})

test('an item without fields, or none at all, suggests nothing', () => {
  expect(fieldPaths(7)).toEqual([])
  expect(fieldPaths([{ id: 1 }])).toEqual([])
  expect(fieldPaths(undefined)).toEqual([])
})
