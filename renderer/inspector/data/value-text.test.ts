import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { textOfValue, valueOfText } from './value-text.ts'

describe('the text of a value that is no text', () => {
  test('has its templates as they are written elsewhere', () => {
    const value = { paid: '{{ hook.at | date: "%d %b" }}', note: 'a "b" {{ x }}' }
    expect(textOfValue(value)).toBe('{\n  "paid": "{{ hook.at | date: "%d %b" }}",\n  "note": "a \\"b\\" {{ x }}"\n}')
  })

  test('is that value again when it is read, whatever is in it', () => {
    const piece = fc.constantFrom(
      '{{ a }}',
      '{{ a | date: "%d" }}',
      '{{ "}}" }}',
      '{{',
      '}}',
      '"',
      '\\',
      '\n',
      "'",
      'x',
      '{{-',
      '{% a %}',
    )
    const text = fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join(''))
    const value = fc.oneof(fc.dictionary(text, text), fc.array(fc.oneof(text, fc.integer(), fc.constant(null))))
    fc.assert(
      fc.property(value, (given) => {
        expect(valueOfText(textOfValue(given), true)).toEqual(given)
      }),
    )
  })

  test('null and numbers stay what they are', () => {
    for (const value of [null, 0, false, 1.5, []]) expect(valueOfText(textOfValue(value), true)).toEqual(value)
    expect(valueOfText('{ no json', true)).toBe('{ no json')
  })
})
