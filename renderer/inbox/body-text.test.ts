import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeBase64, hexDump, utf8Of } from './body-text.ts'

test('base64 gives the bytes back', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      expect(decodeBase64(Buffer.from(bytes).toString('base64'))).toEqual(bytes)
    }),
  )
})

test('only UTF-8 is text, and a character that was cut in two is no mistake', () => {
  const bytes = new TextEncoder().encode('Grüße')
  expect(utf8Of(bytes, false)).toBe('Grüße')
  expect(utf8Of(bytes.subarray(0, 3), true)).toBe('Gr')
  expect(utf8Of(bytes.subarray(0, 3), false)).toBeNull()
  expect(utf8Of(Uint8Array.of(0xff, 0x00), true)).toBeNull()
})

test('a hex dump has an offset, the bytes and what is printable', () => {
  expect(hexDump(new TextEncoder().encode('0123456789abcdef!\n'))).toBe(
    [
      '00000000  30 31 32 33 34 35 36 37 38 39 61 62 63 64 65 66  0123456789abcdef',
      '00000010  21 0a                                            !·',
    ].join('\n'),
  )
  expect(hexDump(new Uint8Array())).toBe('')
})
