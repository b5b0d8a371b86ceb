import fc from 'fast-check'
import { expect, it } from 'vitest'
import { textPattern } from './text-pattern.ts'

const finds = (text: string, value: unknown) => textPattern(text).test(JSON.stringify(value))

it('finds any part of any text that is stored as JSON, or as it is', () => {
  const parts = fc.tuple(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary', minLength: 1 }), fc.string())
  fc.assert(
    fc.property(parts, ([before, text, after]) => {
      const whole = before + text + after
      return finds(text, { note: [whole] }) && textPattern(text).test(whole)
    }),
  )
})

it('finds texts in any case, also of letters beyond ASCII', () => {
  expect(finds('müller', { name: 'MÜLLER' })).toBe(true)
  expect(finds('ΟΔΟΣ', { street: 'οδος' })).toBe(true)
  expect(finds('ORDER-7', { id: 'order-7' })).toBe(true)
})

it('finds quotes, line breaks and backslashes as a person sees them, and JSON as screens show it', () => {
  expect(finds('say "hi"', { said: 'They say "hi".' })).toBe(true)
  expect(finds('C:\\temp', { folder: 'c:\\TEMP\\x' })).toBe(true)
  expect(finds('one\ntwo', { lines: 'one\ntwo' })).toBe(true)
  expect(finds('"amount": 5', { amount: 50 })).toBe(true)
  expect(finds('"amount":5', { amount: 50 })).toBe(true)
})

it('takes every character for itself', () => {
  expect(finds('100%', { rate: '1000' })).toBe(false)
  expect(finds('a_c', { key: 'abc' })).toBe(false)
  expect(finds('a.c', { key: 'abc' })).toBe(false)
  expect(finds('(a|b)*', { key: 'ab' })).toBe(false)
  expect(finds('(a|b)*', { key: '(A|B)*' })).toBe(true)
})
