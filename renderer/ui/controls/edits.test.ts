import { expect, test } from 'vitest'
import { type Edits, entered, isTyped, left, NO_EDITS, only, typed } from './edits.ts'

/** What a field shows while the host says `value`. */
const shown = (edits: Edits, value: string): string => edits.days?.text ?? value

test('a field that is not entered shows what the host says', () => {
  expect(shown(left(entered(NO_EDITS, 'days', '30'), 'days'), '55')).toBe('55')
})

test('a field that is entered keeps its text, and follows the host once it is left as it was found', () => {
  const inside = entered(NO_EDITS, 'days', '30')
  expect(shown(inside, '55')).toBe('30')
  expect(isTyped(inside, 'days')).toBe(false)
  expect(shown(left(inside, 'days'), '55')).toBe('55')
})

test('what was typed stays, also when the field is left and entered again and the host has another value', () => {
  const written = left(typed(entered(NO_EDITS, 'days', '30'), 'days', '30', '40'), 'days')
  expect(shown(written, '55')).toBe('40')
  expect(isTyped(written, 'days')).toBe(true)
  expect(entered(written, 'days', '40')).toEqual(written)
})

test('what was typed and taken back by hand is no edit, whatever the host says by then', () => {
  const back = typed(typed(NO_EDITS, 'days', '30', '3'), 'days', '3', '30')
  expect(isTyped(back, 'days')).toBe(false)
  expect(shown(left(back, 'days'), '55')).toBe('55')
})

test('only the edits that are asked for stay', () => {
  const two = typed(typed(NO_EDITS, 'days', '30', '40'), 'size', '1', '2')
  expect(Object.keys(only(two, (field) => field === 'size'))).toEqual(['size'])
})
