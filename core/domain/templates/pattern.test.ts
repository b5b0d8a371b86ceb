import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { StepError } from '../runs/step-error.ts'
import { compilePattern } from './pattern.ts'

describe('a pattern', () => {
  it.each<[string, string, boolean]>([
    ['^INV-\\d{4}$', 'INV-2026', true],
    ['^INV-\\d{4}$', 'INV-20261', false],
    ['paid|captured', 'payment captured', true],
    ['(?i)PAID', 'paid', true],
    ['PAID', 'paid', false],
    ['^\\p{L}+$', 'Grüße', true],
    ['[^a-c]', 'abc', false],
    ['\\bcat\\b', 'a cat.', true],
    ['\\bcat\\b', 'concat', false],
    ['^(?:a|b){2,3}$', 'aba', true],
    ['^(?<year>\\d+)-', '2026-11', true],
    ['a.c', 'a\nc', false],
    ['^.$', '😀', true],
    ['^[\\]\\-]+$', '-]', true],
    ['', '', true],
    ['a{,2}', 'a{,2}', true],
    ['user\\@example\\.com', 'user@example.com', true],
  ])('%s on %s', (pattern, text, expected) => {
    expect(compilePattern(pattern).test(text)).toBe(expected)
  })

  it.each([
    ['(', 'is not valid'],
    ['a(?=b)', 'looks around'],
    ['(?<!a)b', 'looks around'],
    ['(a)\\1', 'refers back'],
    ['(?<x>a)\\k<x>', 'refers back'],
    ['a'.repeat(1_001), 'longer than'],
    ['(((a{100}){100}){100})', 'repeats too much'],
  ])('%.30s is refused with a reason', (pattern, reason) => {
    expect(() => compilePattern(pattern)).toThrow(reason)
  })

  it.each(['^(a+)+$', '^(a|a)*$', '^(a|aa)+$', '(.*a){12}$', 'a*a*a*a*a*a*b'])(
    '%s takes no more than its bounded time on a text made to hang others',
    (pattern) => {
      const started = performance.now()
      expect(compilePattern(pattern).test(`${'a'.repeat(20_000)}!`)).toBe(false)
      expect(performance.now() - started).toBeLessThan(5_000)
    },
  )

  it('refuses a text that would take too many steps', () => {
    expect(() => compilePattern('a{1000}').test('a'.repeat(100_000))).toThrow(StepError)
  })

  it('agrees with RegExp', () => {
    const atom = fc.constantFrom('a', 'b', '.', '[ab]', '[^a]', '\\w', '\\d', '\\b', '^', '$', ' ', '(?:)')
    const tree = fc.letrec<{ node: string }>((tie) => ({
      node: fc.oneof(
        { maxDepth: 4, depthSize: 'medium' },
        atom,
        fc.tuple(tie('node'), tie('node')).map(([a, b]) => a + b),
        fc.tuple(tie('node'), tie('node')).map(([a, b]) => `(${a}|${b})`),
        fc
          .tuple(tie('node'), fc.constantFrom('*', '+', '?', '{2}', '{1,}', '{0,2}', '*?'))
          .map(([a, q]) => `(?:${a})${q}`),
      ),
    })).node
    fc.assert(
      fc.property(
        tree,
        fc.string({ unit: fc.constantFrom('a', 'b', '1', ' ', 'B'), maxLength: 8 }),
        (pattern, text) => {
          expect(compilePattern(pattern).test(text)).toBe(new RegExp(pattern).test(text))
          expect(compilePattern(`(?i)${pattern}`).test(text)).toBe(new RegExp(pattern, 'i').test(text))
        },
      ),
      { numRuns: 3_000 },
    )
  })
})
