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
  ])('%s', (text, ms) => {
    expect(parseDuration(text)).toBe(ms)
    expect(durationSchema.safeParse(text).success).toBe(ms !== undefined)
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
