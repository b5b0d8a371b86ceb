import { expect, it } from 'vitest'
import { parseJson } from './parse-json.ts'

it('reads JSON', () => {
  expect(parseJson(' {"a": [1, null]} ')).toEqual({ ok: true, value: { a: [1, null] } })
})

it.each([
  ['', 'Nothing is written here yet.'],
  ['{\n  "a": 1,\n  b: 2\n}', 'Line 3, column 3: this is not JSON from "b" on.'],
  ['{"a": 1', 'Line 1, column 8: the JSON breaks off.'],
])('says where %j is wrong', (text, message) => {
  expect(parseJson(text)).toEqual({ ok: false, message })
})

it('refuses what nests too deep to be kept', () => {
  expect(parseJson('['.repeat(300) + ']'.repeat(300)).ok).toBe(false)
})
