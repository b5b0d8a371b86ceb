import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Json } from './json.ts'
import { parsePath, valueAt } from './value-path.ts'

test.each([
  ['', []],
  ['$', []],
  ['data.items', ['data', 'items']],
  ['$.data[0].id', ['data', '0', 'id']],
  ['[2]["a.b"].c', ['2', 'a.b', 'c']],
  ["['it is'].x y", ['it is', 'x y']],
  ['$price.amount', ['$price', 'amount']],
  [' a.b ', ['a', 'b']],
])('the path %j is %j', (path, parts) => {
  expect(parsePath(path)).toEqual(parts)
})

test.each(['a..b', 'a.', '.', 'a[', 'a[x]', 'a]b', '["a', 'a"b".c[', 'x'.repeat(1_001)])('%j is no path', (path) => {
  expect(parsePath(path)).toBeNull()
})

test('a value is found by what it holds itself, and nothing that it inherits', () => {
  const value: Json = { list: [{ id: 7 }], text: 'abc' }
  const at = (path: string) => valueAt(value, parsePath(path) ?? ['no path'])
  expect(at('list[0].id')).toBe(7)
  expect(at('list.0.id')).toBe(7)
  for (const path of ['list[1]', 'list.length', 'text.length', 'text[0]', '__proto__', 'constructor', 'a.b.c']) {
    expect(at(path)).toBeUndefined()
  }
})

test('any name is found when it is written in quotes, and any text is read in no time', () => {
  fc.assert(
    fc.property(
      fc.string().filter((name) => !name.includes('"')),
      fc.jsonValue(),
      (name, inner) => {
        const value = JSON.parse(JSON.stringify({ [name]: inner })) as Json
        expect(valueAt(value, parsePath(`["${name}"]`) ?? [])).toEqual(JSON.parse(JSON.stringify(inner)))
      },
    ),
  )
  fc.assert(fc.property(fc.string({ maxLength: 2_000 }), (text) => void parsePath(text)))
})
