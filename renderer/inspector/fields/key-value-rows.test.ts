import { expect, it } from 'vitest'
import { objectOfRows, rowsOf } from './key-value-rows.ts'

const row = (name: string, value: string, key = 0) => ({ key, name, value })

it('stores named rows by their names, and forgets what is empty', () => {
  expect(objectOfRows([row(' a ', '1'), row('b', ''), row('', '')])).toEqual({ a: '1', b: '' })
  expect(objectOfRows([row('', '')])).toBeUndefined()
})

it('keeps values whose names are still to be given, in their order', () => {
  const stored = objectOfRows([row('', 'x'), row('a', '1'), row(' ', 'y')])
  expect(stored).toEqual({ '': 'x', a: '1', ' ': 'y' })
  let next = 0
  expect(rowsOf(stored, () => next++).map(({ name, value }) => [name, value])).toEqual([
    ['', 'x'],
    ['a', '1'],
    ['', 'y'],
  ])
})
