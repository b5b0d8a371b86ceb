import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatDuration, parseDuration } from '../../../core/domain/time/duration.ts'
import { durationInWords } from './duration-words.ts'

test('durations are said in words', () => {
  expect(durationInWords('30s')).toBe('30 seconds')
  expect(durationInWords('1h30m')).toBe('1 hour 30 minutes')
  expect(durationInWords('1.5h')).toBe('1 hour 30 minutes')
  expect(durationInWords('2w')).toBe('14 days')
  expect(durationInWords('0s')).toBe('no time at all')
  expect(durationInWords('soon')).toBeNull()
})

test('the words mean the same time', () => {
  fc.assert(
    fc.property(fc.nat(400_000_000), (ms) => {
      const short = (durationInWords(formatDuration(ms)) ?? '')
        .replace(/ milliseconds?/, 'ms')
        .replace(/ (day|hour|minute|second)s?/g, (_, unit: string) => unit.charAt(0))
      expect(ms === 0 ? 0 : parseDuration(short)).toBe(ms)
    }),
  )
})
