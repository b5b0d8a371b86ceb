import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isExact } from './decimal.ts'
import type { Json } from './json.ts'
import { keptNumbersNote, quoteNumbers, readJson } from './lossless-json.ts'

test.each([
  '9007199254740993',
  '-9007199254740993',
  '123456789012345678901234567890',
  '1e400',
  '-1E+999',
  '1e-400',
  '0.1000000000000000055',
  '3.14159265358979323846',
  '12345678901234.123456',
])('%s cannot be held by a double, so it stays text as it was written', (number) => {
  expect(readJson(number).value).toBe(number)
  const { value, kept } = readJson(`{"a":[true,${number}, "${number}"],"b":false,"c":null}`)
  expect(value).toEqual({ a: [true, number, number], b: false, c: null })
  expect(kept).toEqual({ count: 1, first: number })
})

test.each([
  ['0.1', 0.1],
  ['1.10', 1.1],
  ['-0', 0],
  ['0e999', 0],
  ['1e3', 1_000],
  ['9007199254740991', 9_007_199_254_740_991],
  ['9007199254740992', 9_007_199_254_740_992],
  ['123456789012345680000', 123_456_789_012_345_680_000],
  // As C, PHP and others write doubles.
  ['0.10000000000000001', 0.1],
  ['0.30000000000000004', 0.1 + 0.2],
  ['1.7976931348623157e308', Number.MAX_VALUE],
  ['5e-324', Number.MIN_VALUE],
  ['1.00000000000000000000000', 1],
])('%s is an ordinary number', (text, number) => {
  expect(readJson(text).value).toEqual(number === 0 && text.startsWith('-') ? -0 : number)
  expect(readJson(`[${text}]`).kept).toBeNull()
})

test('every value that JavaScript writes is read as JSON.parse reads it', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom(0, 2), (value, indent) => {
      const text = JSON.stringify(value, null, indent)
      expect(readJson(text)).toEqual({ value: JSON.parse(text), kept: null })
    }),
  )
})

test('every whole number is a number that is written the same, or its own text, wherever it stands', () => {
  fc.assert(
    fc.property(fc.bigInt(), fc.string(), (number, key) => {
      const { value } = readJson(`{${JSON.stringify(key)}:${number}}`)
      const read = (value as Readonly<Record<string, Json>>)[key]
      if (typeof read === 'number') expect(BigInt(read)).toBe(number)
      else expect(read).toBe(String(number))
      if (number <= Number.MAX_SAFE_INTEGER && number >= Number.MIN_SAFE_INTEGER) expect(typeof read).toBe('number')
    }),
  )
})

test('what is not looked at digit by digit loses nothing, and what is lost by a double is found anywhere in a text', () => {
  const digits = fc.stringMatching(/^[0-9]{0,24}$/)
  const number = fc
    .tuple(
      fc.constantFrom('', '-'),
      fc.integer({ min: 0, max: 9 }),
      digits,
      digits,
      fc.integer({ min: -420, max: 420 }),
    )
    .map(([sign, first, whole, fraction, exponent]) => {
      const before = first === 0 ? '0' : `${first}${whole}`
      return `${sign}${before}${fraction === '' ? '' : `.${fraction}`}${exponent % 3 === 0 ? '' : `e${exponent}`}`
    })
  fc.assert(
    fc.property(fc.array(fc.oneof(number, fc.constantFrom('"12345678901234567890"', 'true', '"a1e999"'))), (items) => {
      const { value } = readJson(`[ ${items.join(', ')} ]`)
      expect(value).toEqual(items.map((item) => (/^["t]/.test(item) || isExact(item) ? JSON.parse(item) : item)))
    }),
    { numRuns: 500 },
  )
})

test('what is no JSON is refused as ever', () => {
  for (const text of ['', '{', '01', '1e', '{"a":9007199254740993,}', '9007199254740993 x']) {
    expect(() => readJson(text)).toThrow(SyntaxError)
  }
})

test('a number of a million digits, and a million numbers, take no longer than in proportion', () => {
  const time = (text: string): number => {
    const started = performance.now()
    quoteNumbers(text)
    return performance.now() - started
  }
  const best = (text: string): number => Math.min(time(text), time(text), time(text))
  for (const make of [
    (n: number) => '9'.repeat(n),
    (n: number) => `[${'1e99,'.repeat(n / 5)}0]`,
    (n: number) => `[1e1,"${'\\"'.repeat(n / 2)}"]`,
  ]) {
    expect(best(make(1_000_000)) / Math.max(best(make(100_000)), 5)).toBeLessThan(40)
  }
})

test('a note names one number, and of a long one the beginning', () => {
  expect(keptNumbersNote({ count: 1, first: '1e400' })).toContain('1e400')
  expect(keptNumbersNote({ count: 3, first: '9'.repeat(5_000) }).length).toBeLessThan(200)
  expect(isExact('1')).toBe(true)
})
