import fc from 'fast-check'
import { expect, it } from 'vitest'
import { sparkBars } from './spark-bars.ts'
import { minuteWords, throughputWords } from './throughput-words.ts'

const NOW = new Date(2026, 10, 27, 12, 0).getTime()
const minute = (ago: number, succeeded: number, failed: number) => ({
  at: new Date(NOW - ago * 60_000).toISOString(),
  succeeded,
  failed,
})
const from = new Date(NOW - 3_600_000).toISOString()

it('stands what succeeded on the line and hangs what failed from it, in one scale', () => {
  expect(sparkBars([minute(2, 30, 0), minute(1, 15, 10), minute(0, 0, 0)])).toEqual({
    line: 0.75,
    bars: [
      { up: 0.75, down: 0 },
      { up: 0.375, down: 0.25 },
      { up: 0, down: 0 },
    ],
  })
})

it('shows whatever happened, and draws nothing outside of its frame', () => {
  const counts = fc.oneof(fc.constant(0), fc.nat(3), fc.nat(1_000_000))
  fc.assert(
    fc.property(fc.array(fc.tuple(counts, counts), { minLength: 1, maxLength: 60 }), (pairs) => {
      const { line, bars } = sparkBars(pairs.map(([succeeded, failed], ago) => minute(ago, succeeded, failed)))
      bars.forEach(({ up, down }, index) => {
        const [succeeded, failed] = pairs[index] ?? [0, 0]
        expect(up > 0).toBe(succeeded > 0)
        expect(down > 0).toBe(failed > 0)
        expect(up).toBeLessThanOrEqual(line)
        expect(down).toBeLessThanOrEqual(1 - line)
      })
    }),
  )
})

it('says the hour, and each minute, in words', () => {
  const minutes = [minute(2, 30, 0), minute(1, 15, 40), minute(0, 0, 0)]
  expect(throughputWords({ from, minutes }, NOW, 'en-GB')).toBe(
    'Runs that ended in the last hour: 45 succeeded, 40 failed. Most in one minute: 55, at 11:59.',
  )
  expect(throughputWords({ from, minutes: [minute(0, 0, 0)] }, NOW)).toBe('Nothing ran in the last hour.')
  expect(minutes.map((one) => minuteWords(one, NOW, 'en-GB'))).toEqual([
    '11:58: 30 succeeded',
    '11:59: 15 succeeded, 40 failed',
    '12:00: nothing ended',
  ])
})
