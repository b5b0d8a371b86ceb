import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Json } from '../values/json.ts'
import { parseMoment } from './moment.ts'

describe('parseMoment', () => {
  const noon = Date.parse('2026-11-24T12:00:00Z')

  it.each<[Json, number | undefined]>([
    ['2026-11-24T12:00:00Z', noon],
    ['2026-11-24T12:00:00.250Z', noon + 250],
    ['2026-11-24T12:00Z', noon],
    [' 2026-11-24 17:30:00+05:30 ', noon],
    ['2026-11-24T17:30:00+0530', noon],
    ['2026-11-24T04:00:00-0800', noon],
    [noon, noon],
    [noon / 1_000, noon],
    [noon / 1_000 + 0.5, noon + 500],
    [String(noon), noon],
    [String(noon / 1_000), noon],
    [0, 0],
    ['2026-11-24T12:00:00', undefined],
    ['2026-11-24', undefined],
    ['2026-02-30T12:00:00Z', undefined],
    ['2026-11-24T25:00:00Z', undefined],
    ['2026', undefined],
    ['20261124', undefined],
    ['tomorrow', undefined],
    ['1 hour', undefined],
    ['', undefined],
    [1e300, undefined],
    [null, undefined],
    [true, undefined],
    [['2026-11-24T12:00:00Z'], undefined],
  ])('%j', (value, expected) => {
    expect(parseMoment(value)).toBe(expected)
  })

  it('reads back every moment as it is written, in any spelling', () => {
    const moments = fc.integer({ min: Date.parse('1980-01-01T00:00:00Z'), max: Date.parse('2999-01-01T00:00:00Z') })
    fc.assert(
      fc.property(moments, (ms) => {
        expect(parseMoment(new Date(ms).toISOString())).toBe(ms)
        expect(parseMoment(ms)).toBe(ms)
        expect(parseMoment(Math.floor(ms / 1_000))).toBe(Math.floor(ms / 1_000) * 1_000)
      }),
    )
  })
})
