import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { StepError } from '../runs/step-error.ts'
import type { Json } from '../values/json.ts'
import {
  type Condition,
  type ConditionOp,
  type ConditionRow,
  conditionGroupSchema,
  conditionOps,
  evaluateCondition,
  evaluateRow,
} from './condition.ts'

describe('a row', () => {
  it.each<[Json | undefined, ConditionOp, Json | undefined, boolean]>([
    [5, 'eq', '5', true],
    ['5.0', 'eq', 5, true],
    ['5.0', 'eq', '5', false],
    ['paid', 'eq', 'paid', true],
    ['paid', 'eq', 'Paid', false],
    [true, 'eq', 'true', true],
    [false, 'eq', '', false],
    [null, 'eq', '', false],
    [null, 'eq', null, true],
    [undefined, 'eq', null, true],
    [{ a: 1, b: [2] }, 'eq', { b: [2], a: 1 }, true],
    [[1, 2], 'eq', [2, 1], false],
    ['9007199254740993', 'eq', '9007199254740992', false],
    ['5', 'ne', '6', true],
    [5, 'ne', '5', false],
    [50_001, 'gt', '50000', true],
    ['9', 'gt', '10', false],
    ['9', 'lt', '10', true],
    [5, 'gte', 5, true],
    [5, 'lte', '4', false],
    ['2026-11-24', 'gt', '2026-11-23', true],
    ['b', 'gt', 'a', true],
    [null, 'lt', 5, false],
    ['', 'lt', 5, false],
    [' ', 'gte', '0', false],
    [true, 'gt', false, false],
    ['9007199254740993', 'gt', 9007199254740992, true],
    ['9007199254740993', 'gt', '9007199254740992', true],
    ['9007199254740993', 'eq', 9007199254740992, false],
    ['-9007199254740993', 'lt', '-9007199254740992', true],
    ['0.1000000000000000055', 'gt', 0.1, true],
    ['1e400', 'gt', 1e308, true],
    ['-1e400', 'lt', '-1e399', true],
    ['1e-400', 'gt', 0, true],
    ['1.0e1', 'gte', '10', true],
    ['+5', 'eq', 5, true],
    ['5.', 'eq', 5, true],
    ['.5', 'eq', 0.5, true],
    ['Infinity', 'eq', 5, false],
    ['10n', 'eq', 10, false],
    ['24.11.2026 a', 'lt', '25.11.2026 a', true],
    [' 1e3 ', 'gt', '999', true],
    ['0x10', 'eq', 16, false],
    ['', 'eq', 0, false],
    ['payment.captured', 'contains', 'captured', true],
    [12_345, 'contains', '23', true],
    [['a', 1], 'contains', '1', true],
    [{ a: 1 }, 'contains', 'a', true],
    [{ a: 1 }, 'contains', 'constructor', false],
    [null, 'contains', 'a', false],
    [null, 'not-contains', 'a', true],
    [['a'], 'not-contains', 'b', true],
    ['INV-1', 'starts-with', 'INV', true],
    ['INV-1', 'ends-with', '-1', true],
    [null, 'starts-with', '', false],
    ['INV-12', 'matches', '^INV-\\d+$', true],
    ['inv-12', 'matches', '^INV-\\d+$', false],
    [null, 'matches', '.*', false],
    [undefined, 'exists', undefined, false],
    [null, 'exists', undefined, false],
    ['', 'exists', undefined, true],
    [0, 'exists', undefined, true],
    [undefined, 'not-exists', undefined, true],
    [false, 'not-exists', undefined, false],
    [undefined, 'is-empty', undefined, true],
    ['', 'is-empty', undefined, true],
    [[], 'is-empty', undefined, true],
    [{}, 'is-empty', undefined, true],
    [0, 'is-empty', undefined, false],
    [' ', 'is-empty', undefined, false],
    ['b', 'in', 'a, b ,c', true],
    ['d', 'in', 'a, b ,c', false],
    [5, 'in', '4,5', true],
    [5, 'in', ['4', '5'], true],
    ['b', 'in', ['a', 'b'], true],
    ['b', 'in', null, false],
    ['1,500.00', 'in', [5, '1,500.00'], true],
    ['1,500.00', 'eq', '1,500.00', true],
    ['1,2', 'eq', '1', false],
    ['192.168.1.1', 'eq', '5', false],
    ['INV-1', 'not-starts-with', 'X', true],
    ['INV-1', 'not-starts-with', 'INV', false],
    ['INV-1', 'not-ends-with', '-2', true],
    ['INV-1', 'not-ends-with', '-1', false],
    ['inv-12', 'not-matches', '^INV-\\d+$', true],
    ['INV-12', 'not-matches', '^INV-\\d+$', false],
    ['2026-11-26T09:00:00+01:00', 'before', '2026-11-26T08:30:00Z', true],
    ['2026-11-26', 'after', '2026-11-25', true],
    ['2026-11-26', 'after', '2026-11-26', false],
    [1_790_000_000, 'before', 1_790_000_001_000, true],
    [null, 'before', '2026-11-26', false],
    ['2026-11-26', 'after', '', false],
    [true, 'is-true', undefined, true],
    ['TRUE', 'is-true', undefined, true],
    ['false', 'is-true', undefined, false],
    [1, 'is-true', undefined, false],
    [null, 'is-true', undefined, false],
    [false, 'is-false', undefined, true],
    [' False ', 'is-false', undefined, true],
    [null, 'is-false', undefined, false],
    ['maybe', 'is-false', undefined, false],
    [[1, 'a'], 'has', '1', true],
    [[1, 'a'], 'has', 'b', false],
    [{ a: null }, 'has', 'a', true],
    [{ a: 1 }, 'has', '__proto__', false],
    [null, 'has', 'a', false],
    ['héllo', 'longer-than', 4, true],
    ['👍👍', 'longer-than', '2', false],
    ['👍👍', 'shorter-than', 3, true],
    [[1, 2, 3], 'longer-than', 2, true],
    [{ a: 1 }, 'shorter-than', 2, true],
    ['', 'shorter-than', 1, true],
    [null, 'shorter-than', 1, false],
    ['', 'not-empty', undefined, false],
    [undefined, 'not-empty', undefined, false],
    [0, 'not-empty', undefined, true],
  ])('%j %s %j is %s', (left, op, right, expected) => {
    expect(evaluateRow({ left, op, right })).toBe(expected)
  })

  it.each<[Json, ConditionOp, Json, string]>([
    ['1,500.00', 'gt', 1000, '“1,500.00” is not a plain number such as 1500.5: name its decimal mark'],
    ['1,500.00', 'gt', '1000', '“1,500.00” is not a plain number'],
    [1000, 'lte', '1.500,00', '“1.500,00” is not a plain number'],
    ['1,500.00', 'lt', '900.00 €', '“1,500.00” is not a plain number'],
    ['3,5', 'gte', '4', '“3,5” is not a plain number'],
    ['€ 20', 'gt', 5, '“€ 20” is not a plain number'],
    ['20 %', 'gt', 5, 'take the % out'],
    ['abc', 'gt', 5, '“abc” is not a number'],
    ['5', 'lt', 'NaN', '“NaN” is not a number'],
    ['Infinity', 'gt', 5, '“Infinity” is not a number'],
    ['12n', 'gt', 5, '“12n” is not a number'],
    ['0x10', 'gt', 5, '“0x10” is not a number'],
    [[1, 2], 'gt', 1, 'A list is not a number'],
    [{ a: 1 }, 'lt', '1', 'An object is not a number'],
    [true, 'gt', 0, 'true is not a number'],
    ['1,500.00', 'eq', 1500, '“1,500.00” is not a plain number such as 1500.5: name its decimal mark'],
    [1500, 'ne', '1.500,00', '“1.500,00” is not a plain number'],
    ['1,500.00', 'eq', '1500', '“1,500.00” is not a plain number'],
    ['1_000', 'eq', 1000, '“1_000” is not a plain number'],
    ['20 %', 'ne', 20, 'take the % out'],
    ['3,5', 'in', [1, 3.5], '“3,5” is not a plain number'],
    ['soon', 'before', '2026-11-26', '“soon” is not a date such as'],
    ['2026-11-26', 'after', '03/04/2026', '“03/04/2026” is not a date'],
    ['abc', 'has', 'a', '“abc” is neither; a text is asked with "contains"'],
    ['abc', 'longer-than', 'two', '“two” is not a number'],
  ])('%j %s %j is an error that names it', (left, op, right, reason) => {
    expect(() => evaluateRow({ left, op, right })).toThrow(reason)
  })

  it.each([
    '1'.repeat(1_000_000),
    `${'1'.repeat(1_000_000)}x`,
    `${' '.repeat(1_000_000)}1x`,
    `${'1,'.repeat(500_000)}x`,
    `.${'0'.repeat(1_000_000)}e`,
  ])('a long text is no number, and looked at in no time to speak of (%#)', (text) => {
    expect(() => evaluateRow({ left: text, op: 'gt', right: 5 })).toThrow('is not a number')
    expect(evaluateRow({ left: text, op: 'eq', right: 5 })).toBe(false)
  })

  it('compares numbers of any length as whole numbers of any length compare', () => {
    const digits = fc.bigInt({ min: -(10n ** 40n), max: 10n ** 40n })
    fc.assert(
      fc.property(digits, digits, (a, b) => {
        const truths = (['lt', 'gte', 'gt'] as const).map((op) => evaluateRow({ left: String(a), op, right: `${b}.0` }))
        expect(truths).toEqual([a < b, a >= b, a > b])
      }),
    )
  })

  it('has an op for every label, and evaluates any of them on any values', () => {
    expect(new Set(conditionOps.map(({ label }) => label)).size).toBe(conditionOps.length)
    const value = fc.oneof(
      fc.jsonValue({ maxDepth: 2 }).map((json) => json as Json),
      fc.constant(undefined),
    )
    const op = fc.constantFrom(...conditionOps.map(({ op }) => op).filter((op) => op !== 'matches'))
    const answer = (row: ConditionRow) => {
      try {
        return typeof evaluateRow(row)
      } catch (error) {
        return StepError.from(error).code
      }
    }
    const throwing: readonly ConditionOp[] = [
      ...(['gt', 'gte', 'lt', 'lte', 'eq', 'ne', 'in'] as const),
      ...(['before', 'after', 'has', 'longer-than', 'shorter-than', 'not-matches'] as const),
    ]
    const answers = (op: ConditionOp) => (throwing.includes(op) ? ['boolean', 'bad-input'] : ['boolean'])
    fc.assert(fc.property(value, op, value, (left, op, right) => answers(op).includes(answer({ left, op, right }))))
  })

  it('orders any two numbers in exactly one way, as numbers and as texts', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer(), fc.boolean(), (a, b, asText) => {
        const left: Json = asText ? String(a) : a
        const truths = (['lt', 'eq', 'gt'] as const).map((op) => evaluateRow({ left, op, right: String(b) }))
        expect(truths).toEqual([a < b, a === b, a > b])
      }),
    )
  })
})

describe('a group', () => {
  const yes: Condition = { left: 1, op: 'eq', right: 1 }
  const no: Condition = { left: 1, op: 'eq', right: 2 }

  it.each<[Condition, boolean]>([
    [{ all: [yes, yes] }, true],
    [{ all: [yes, no] }, false],
    [{ any: [no, yes] }, true],
    [{ any: [no, no] }, false],
    [{ all: [] }, true],
    [{ any: [] }, false],
    [{ all: [yes, { any: [no, { all: [yes] }] }] }, true],
  ])('%j is %s', (condition, expected) => {
    expect(evaluateCondition(condition)).toBe(expected)
  })

  it('looks no further than it must', () => {
    const seen: unknown[] = []
    evaluateCondition({ all: [{ any: [yes, no] }, no, yes] }, (row) => {
      seen.push(row)
      return evaluateRow(row)
    })
    expect(seen).toEqual([yes, no])
  })
})

describe('conditionGroupSchema', () => {
  it.each<[string, unknown, boolean]>([
    ['rows', { all: [{ left: '{{ a }}', op: 'gt', right: '5' }] }, true],
    ['nested groups', { any: [{ all: [{ left: 'x', op: 'exists' }] }] }, true],
    ['no rows', { all: [] }, false],
    ['both', { all: [{ left: 'x', op: 'exists' }], any: [] }, false],
    ['an unknown op', { all: [{ left: 'x', op: 'like', right: 'y' }] }, false],
    ['nothing to compare with', { all: [{ left: 'x', op: 'eq' }] }, false],
    ['a bad pattern', { all: [{ left: 'x', op: 'matches', right: '(' }] }, false],
    ['a pattern that is a template', { all: [{ left: 'x', op: 'matches', right: '{{ a }}(' }] }, true],
  ])('%s', (_name, value, valid) => {
    expect(conditionGroupSchema.safeParse(value).success).toBe(valid)
  })
})
