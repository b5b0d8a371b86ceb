import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { durationSchema, formatDuration, MAX_DURATION_MS, parseDuration } from './duration.ts'

describe('parseDuration', () => {
  it.each<[string, number | undefined]>([
    ['90s', 90_000],
    ['5m', 300_000],
    ['2h', 7_200_000],
    ['1d', 86_400_000],
    ['1h30m', 5_400_000],
    [' 1h 30m ', 5_400_000],
    ['1.5h', 5_400_000],
    ['250ms', 250],
    ['2w', 1_209_600_000],
    ['0s', 0],
    ['90', undefined],
    ['', undefined],
    ['  ', undefined],
    ['-5m', undefined],
    ['30m1h', undefined],
    ['5 minutes', undefined],
    ['99999999d', undefined],
    ['5 m', undefined],
    ['1h1h', undefined],
    ['5m5ms', 300_005],
    ['1w 2d 3h 4m 5s 6ms', 788_645_006],
    ['1.h', undefined],
    ['.5h', undefined],
    ['1H', undefined],
    [`${' '.repeat(57)}5m`, 300_000],
    [`${' '.repeat(80)}x`, undefined],
    [`${' '.repeat(59)}x`, undefined],
    [`${'1'.repeat(100_000)}x`, undefined],
  ])('%s', (text, ms) => {
    expect(parseDuration(text)).toBe(ms)
    expect(durationSchema.safeParse(text).success).toBe(ms !== undefined)
  })

  it('is a sum of its parts, larger before smaller, with blanks before each', () => {
    const sizes = { w: 604_800_000, d: 86_400_000, h: 3_600_000, m: 60_000, s: 1_000, ms: 1 }
    const units = fc.subarray(['w', 'd', 'h', 'm', 's', 'ms'] as const, { minLength: 1 })
    const blanks = fc.constantFrom('', ' ', '\t ')
    fc.assert(
      fc.property(
        fc.shuffledSubarray([1, 2, 3, 4, 5, 0.5], { minLength: 6 }),
        units,
        blanks,
        (counts, units, blank) => {
          const parts = units.map((unit, at) => [counts[at] ?? 0, unit] as const)
          const text = parts.map(([count, unit]) => `${blank}${count}${unit}`).join('')
          const ms = parts.reduce((sum, [count, unit]) => sum + count * sizes[unit], 0)
          expect(parseDuration(text + blank)).toBe(Math.round(ms))
          const reversed = parts.toReversed().map(([count, unit]) => `${count}${unit}`)
          expect(parseDuration(reversed.join(''))).toBe(parts.length === 1 ? Math.round(ms) : undefined)
        },
      ),
    )
  })

  it('reads what formatDuration writes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: MAX_DURATION_MS }), (ms) => {
        expect(parseDuration(formatDuration(ms))).toBe(ms)
      }),
    )
    expect(formatDuration(5_400_000)).toBe('1h30m')
    expect(formatDuration(-1)).toBe('0s')
  })
})
