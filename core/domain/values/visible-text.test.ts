import fc from 'fast-check'
import { expect, test } from 'vitest'
import { visibleJson, visibleLine } from './visible-text.ts'

/** Everything that a terminal might obey, from the outside: other than the code's own list. */
const OBEYED = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Cs}\uFEFF\u200B\u2060\u{E0001}-\u{E007F}]/u
const hostile = fc.string({
  unit: fc.oneof(
    fc.constantFrom(
      '\n',
      '\r',
      '\t',
      '\u001b',
      '\u0007',
      '\u009b',
      '\u009d',
      '\u202e',
      '\u2066',
      '\u200d',
      '\u200b',
      '\ufeff',
    ),
    fc.constantFrom('a', '\\', '"', 'é', '👩', 'ن', '\ud83d', '\u2028', '\u{e0041}', '\u061c'),
    fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)),
  ),
})

test.each([
  ['\u001b]0;title\u0007', '\\x1b]0;title\\x07'],
  ['\u001b[2J', '\\x1b[2J'],
  ['\u009b31m', '\\x9b31m'],
  ['a\r\nb\tc', 'a\\r\\nb\\tc'],
  ['invoice\u202egpj.exe', 'invoice\\u202egpj.exe'],
  ['pay\u200bpal', 'pay\\u200bpal'],
  ['pay\u200dpal\u200c', 'pay\\u200dpal\\u200c'],
  ['\ufeffx\u2028y\u2066z\u061c', '\\ufeffx\\u2028y\\u2066z\\u061c'],
  ['a\u{e0041}', 'a\\udb40\\udc41'],
  ['\ud83d', '\\ud83d'],
  ['\u0000\u007f', '\\x00\\x7f'],
  ['Köln, 東京, "x" \\ ✓', 'Köln, 東京, "x" \\ ✓'],
  ['👩‍👩‍👧 می‌خواهم', '👩‍👩‍👧 می‌خواهم'],
])('%j is shown as %j', (text, shown) => {
  expect(visibleLine(text)).toBe(shown)
})

test('whatever it is, one line without anything that a terminal obeys comes out, and twice is as once', () => {
  fc.assert(
    fc.property(hostile, (text) => {
      const shown = visibleLine(text)
      expect(shown).not.toMatch(OBEYED)
      expect(visibleLine(shown)).toBe(shown)
    }),
  )
})

test('JSON stays the same value, valid, and without anything that a terminal obeys', () => {
  fc.assert(
    fc.property(
      fc.dictionary(hostile, fc.oneof(hostile, fc.double({ noNaN: true }))),
      fc.boolean(),
      (value, isPretty) => {
        const text = visibleJson(value, isPretty ? 2 : undefined)
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)))
        expect(text.replaceAll('\n', '')).not.toMatch(OBEYED)
      },
    ),
  )
})

test('a long text takes as long as its length', () => {
  const text = '\u200d\u001b'.repeat(100_000)
  expect(visibleLine(text)).toHaveLength(100_000 * (6 + 4))
})
