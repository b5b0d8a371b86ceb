import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type Condition,
  type ConditionOp,
  conditionGroupSchema,
  conditionOps,
  evaluateCondition,
  evaluateRow,
} from './condition.ts'
import type { Json } from './json.ts'

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
    ['abc', 'gt', 5, false],
    ['abc', 'lte', 5, false],
    [null, 'lt', 5, false],
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
  ])('%j %s %j is %s', (left, op, right, expected) => {
    expect(evaluateRow({ left, op, right })).toBe(expected)
  })

  it('has an op for every label, and evaluates any of them on any values', () => {
    expect(new Set(conditionOps.map(({ label }) => label)).size).toBe(conditionOps.length)
    const value = fc.oneof(
      fc.jsonValue({ maxDepth: 2 }).map((json) => json as Json),
      fc.constant(undefined),
    )
    const op = fc.constantFrom(...conditionOps.map(({ op }) => op).filter((op) => op !== 'matches'))
    fc.assert(fc.property(value, op, value, (left, op, right) => typeof evaluateRow({ left, op, right }) === 'boolean'))
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
