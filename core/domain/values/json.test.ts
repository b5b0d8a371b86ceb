import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { exceedsDepth, type Json, jsonEquals, jsonSchema } from './json.ts'

function depthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0
  return 1 + Math.max(0, ...Object.values(value).map(depthOf))
}

describe('exceedsDepth', () => {
  it('tells whether a value nests deeper than a limit', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), fc.integer({ min: 0, max: 8 }), (value, limit) => {
        expect(exceedsDepth(value, limit)).toBe(depthOf(value) > limit)
      }),
    )
  })

  it('copes with millions of levels', () => {
    const value: unknown = JSON.parse(`${'['.repeat(1_000_000)}${']'.repeat(1_000_000)}`)
    expect(exceedsDepth(value, 200)).toBe(true)
    expect(exceedsDepth(value, 1_000_000)).toBe(false)
  })
})

describe('jsonSchema', () => {
  it('takes every JSON value, as it is', () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => jsonSchema.parse(value) === value))
  })

  it.each<[string, unknown, boolean]>([
    ['a null prototype', Object.assign(Object.create(null), { a: 1 }), true],
    ['undefined', undefined, false],
    ['an undefined member', { a: undefined }, false],
    ['a hole', new Array(2), false],
    ['NaN', [Number.NaN], false],
    ['a date', new Date(0), false],
    ['a map', new Map(), false],
    ['a function', () => 1, false],
    ['a big integer', 1n, false],
  ])('judges %s', (_name, value, expected) => {
    expect(jsonSchema.safeParse(value).success).toBe(expected)
  })

  it('ends with circles and depths that would overflow a stack', () => {
    const circle: unknown[] = []
    circle.push(circle, circle)
    expect(jsonSchema.safeParse(circle).success).toBe(false)
    expect(jsonSchema.safeParse(JSON.parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`)).success).toBe(false)
  })
})

describe('jsonEquals', () => {
  it('holds for a copy with its members in another order, and for nothing else', () => {
    const shuffled = (value: Json): Json => {
      if (typeof value !== 'object' || value === null) return value
      if (Array.isArray(value)) return value.map(shuffled)
      return Object.fromEntries(
        Object.entries(value)
          .reverse()
          .map(([key, item]) => [key, shuffled(item)]),
      )
    }
    const json = fc.jsonValue({ maxDepth: 4 }).map((value) => JSON.parse(JSON.stringify(value)) as Json)
    fc.assert(fc.property(json, (value) => jsonEquals(value, shuffled(value))))
    fc.assert(
      fc.property(json, json, (a, b) => {
        const canonical = (value: Json) =>
          JSON.stringify(value, (_key, item) =>
            item !== null && typeof item === 'object' && !Array.isArray(item)
              ? Object.fromEntries(Object.entries(item).sort(([x], [y]) => (x < y ? -1 : 1)))
              : item,
          )
        expect(jsonEquals(a, b)).toBe(canonical(a) === canonical(b))
      }),
    )
    expect(jsonEquals({ a: 1 }, [1])).toBe(false)
    expect(jsonEquals({ a: null }, { b: null })).toBe(false)
  })
})
