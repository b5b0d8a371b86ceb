import { expect, test } from 'vitest'
import { usedPaths } from './used-paths.ts'
import { kindOf } from './value-kind.ts'

test('every path in a value is found, wherever it stands, and quoted text is none', () => {
  const used = usedPaths({
    a: 'x {{ hook.body.id }} y',
    b: [{ c: '{{ hook.lines[0]["unit price"] | default: other.value, "hook.no" }}' }],
    plain: 'hook.body.plain',
  })
  expect([...used].filter((path) => /[.[]/.test(path))).toEqual([
    'hook.body.id',
    'hook.lines[0]["unit price"]',
    'other.value',
  ])
})

test.each([
  ['2026-11-27', 'date'],
  ['2026-11-27T09:43:41.504Z', 'date'],
  ['2026-13-01', 'text'],
  ['ord_4707', 'text'],
  ['', 'text'],
  [12.5, 'number'],
  [false, 'boolean'],
  [[], 'list'],
  [{}, 'object'],
  [null, null],
])('%j is of the kind %s', (value, kind) => {
  expect(kindOf(value)).toBe(kind)
})
