import { expect, it } from 'vitest'
import { parseJson, parseJsonTemplate } from './parse-json.ts'

it('reads JSON', () => {
  expect(parseJson(' {"a": [1, null]} ')).toEqual({ ok: true, value: { a: [1, null] } })
})

it.each([
  ['', null, 'Nothing is written here yet.'],
  ['{\n  "a": 1,\n  b: 2\n}', 3, 'Line 3, column 3: this is not JSON from "b" on.'],
  ['{"a": 1', 1, 'Line 1, column 8: the JSON breaks off.'],
])('says where %j is wrong', (text, line, message) => {
  expect(parseJson(text)).toEqual({ ok: false, message, line })
})

it.each([
  '{ "id": "{{ hook.body.id }}", "amount": {{ hook.body.amount }} }',
  '[{{ a }}, "\\"{{ b | default: "x" }}"]',
  '{{ hook.body }}',
])('takes the expressions of %j for what they should be', (text) => {
  expect(parseJsonTemplate(text).ok).toBe(true)
})

it('tells the line of a slip behind an expression', () => {
  expect(parseJsonTemplate('{\n  "id": {{ hook.body.id }}\n  "b": 1\n}')).toMatchObject({ ok: false, line: 3 })
})

it('refuses what nests too deep to be kept', () => {
  expect(parseJson('['.repeat(300) + ']'.repeat(300)).ok).toBe(false)
})
