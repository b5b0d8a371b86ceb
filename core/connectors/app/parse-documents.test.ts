import { expect, test } from 'vitest'
import { parseDocumentText } from './parse-documents.ts'

const parse = (text: string) => parseDocumentText({ path: 'api.yaml', text })

test('what YAML merges is merged, and what stands beside it wins', () => {
  const text =
    'base: &base\n  a: 1\n  b: 2\nmore: &more { c: 3 }\nboth:\n  <<: [*base, *more]\n  b: 4\none:\n  <<: *base\n'
  expect(parse(text)).toMatchObject({ both: { a: 1, b: 4, c: 3 }, one: { a: 1, b: 2 } })
})

test('merges of merges end, however many there are', () => {
  const levels = Array.from({ length: 40 }, (_, at) => `a${at + 1}: &a${at + 1}\n  <<: [*a${at}, *a${at}]\n  k${at}: 1`)
  const text = `a0: &a0 { x: 1 }\n${levels.join('\n')}\n`
  const outcome = (() => {
    try {
      return parse(text)
    } catch (error) {
      return error
    }
  })()
  expect(outcome).toBeDefined()
})

test('aliases of aliases are refused in words', () => {
  const levels = Array.from({ length: 9 }, (_, at) => `x${at + 1}: &x${at + 1} [*x${at},*x${at},*x${at},*x${at}]`)
  expect(() => parse(`x0: &x0 [a]\n${levels.join('\n')}\n`)).toThrow(/api\.yaml cannot be read: .*aliases.*"\$ref"/)
})

test('a merge makes no prototype', () => {
  const parsed = parse('a: &a\n  __proto__: { evil: 1 }\nb:\n  <<: *a\n')
  expect(({} as Record<string, unknown>).evil).toBeUndefined()
  expect(Object.getPrototypeOf(Object(parsed).b)).toBe(Object.prototype)
})
