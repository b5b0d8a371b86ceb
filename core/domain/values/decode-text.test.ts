import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeText, MOST_TEXT_BYTES, TextError, withoutMark } from './decode-text.ts'

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text)

function utf16(text: string, isBigEndian: boolean): Uint8Array {
  const view = new DataView(new ArrayBuffer(text.length * 2))
  for (let at = 0; at < text.length; at++) view.setUint16(at * 2, text.charCodeAt(at), !isBigEndian)
  return new Uint8Array(view.buffer)
}

test('the same text comes out of every encoding that it is written in, with a mark and without', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (content) => {
      const text = `{"name":"Köln ${content.replaceAll('\uFEFF', '')}"}`
      const forms = [
        utf8(text),
        utf8(`\uFEFF${text}`),
        utf16(text, false),
        utf16(`\uFEFF${text}`, false),
        utf16(text, true),
        utf16(`\uFEFF${text}`, true),
      ]
      for (const bytes of forms) expect(decodeText(bytes, 'x.json')).toBe(text)
    }),
  )
})

test('a file of a single letter, and an empty one, are texts too', () => {
  expect(decodeText(utf8(''), 'x')).toBe('')
  expect(decodeText(utf8('7'), 'x')).toBe('7')
  expect(decodeText(utf16('\uFEFF7', false), 'x')).toBe('7')
  expect(decodeText(utf16('\uFEFF', true), 'x')).toBe('')
})

test.each([
  ['Latin-1', Uint8Array.from(Buffer.from('{"name":"Köln"}', 'latin1'))],
  ['Windows-1252', Uint8Array.of(0x7b, 0x22, 0x93, 0x94, 0x22, 0x7d)],
  ['Latin-1 behind a mark of UTF-8', Uint8Array.of(0xef, 0xbb, 0xbf, 0x22, 0xe4, 0x22)],
  ['UTF-8 that breaks off', utf8('"ö').subarray(0, 2)],
  ['a surrogate in UTF-8', Uint8Array.of(0x22, 0xed, 0xa0, 0x80, 0x22)],
])('%s is refused with a word that names the file and the remedy', (_what, bytes) => {
  expect(() => decodeText(bytes, 'orders.zap.json')).toThrow(TextError)
  expect(() => decodeText(bytes, 'orders.zap.json')).toThrow(/^orders\.zap\.json is not UTF-8 .*save it as UTF-8/)
})

test.each([
  ['UTF-32', Uint8Array.of(0xff, 0xfe, 0, 0, 0x7b, 0, 0, 0)],
  ['UTF-32 without a mark', Uint8Array.of(0x7b, 0, 0, 0)],
  ['UTF-32, big end first', Uint8Array.of(0, 0, 0xfe, 0xff)],
  ['UTF-16 of an odd length', Uint8Array.of(0xff, 0xfe, 0x7b)],
  ['half a pair in UTF-16', Uint8Array.of(0xff, 0xfe, 0x3d, 0xd8)],
])('%s is refused as well', (_what, bytes) => {
  expect(() => decodeText(bytes, 'x.json')).toThrow(/^x\.json is not text that can be read: save it as UTF-8/)
})

test('what is too large is not decoded at all', () => {
  expect(() => decodeText(new Uint8Array(MOST_TEXT_BYTES + 1), 'x.json')).toThrow('x.json has more than 16 MB')
})

test('a pasted text loses one mark at its beginning', () => {
  expect(withoutMark('\uFEFF{"a":"\uFEFF"}')).toBe('{"a":"\uFEFF"}')
  expect(withoutMark('{}')).toBe('{}')
})
