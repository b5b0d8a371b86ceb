import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseTemplate } from '../../../core/domain/templates/template.ts'
import { joinExpression, quoted, splitExpression } from './expression.ts'

test.each([
  ['hook.body.at', 'hook.body.at', []],
  ['hook.at | date: "%d | %b" | upcase', 'hook.at', ['date: "%d | %b"', 'upcase']],
  [`hook["a|b"] | default: '|'`, 'hook["a|b"]', [`default: '|'`]],
  ['hook.at |', 'hook.at', []],
])('%s is taken apart', (expression, path, filters) => {
  expect(splitExpression(expression)).toEqual({ path, filters })
})

test('what was taken apart is the same when it is put together', () => {
  const filter = fc.constantFrom('upcase', 'default: "a | b"', "date: '%d'", 'round: 2')
  fc.assert(
    fc.property(fc.array(filter), (filters) => {
      expect(splitExpression(joinExpression({ path: 'a["|"].b', filters }))).toEqual({ path: 'a["|"].b', filters })
    }),
  )
})

test('a quoted text is read as it was, but for a second kind of quotes', () => {
  const letter = fc.constantFrom(...'az |%-'.split(''))
  const text = fc.array(letter, { maxLength: 20 }).map((letters) => letters.join(''))
  fc.assert(
    fc.property(text, fc.constantFrom('', '"', "'"), (letters, quote) => {
      const given = `${letters}${quote}`
      expect(parseTemplate(`{{ v | default: ${quoted(given)} }}`).render({ v: null })).toBe(given)
    }),
  )
  expect(quoted(`"it's"`)).toBe(`'"it’s"'`)
})
