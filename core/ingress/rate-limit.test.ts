import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createRateLimiter } from './rate-limit.ts'

const rate = { max: 3, perMs: 60_000 }

test('as many as the rate says come at once, then one after each pause that was named', () => {
  const limiter = createRateLimiter()
  for (let n = 0; n < 3; n++) expect(limiter.take('a', rate, 0)).toBe(0)
  expect(limiter.take('a', rate, 0)).toBe(20_000)
  expect(limiter.take('b', rate, 0)).toBe(0)
  expect(limiter.take('a', rate, 19_999)).toBe(1)
  expect(limiter.take('a', rate, 20_000)).toBe(0)
  expect(limiter.take('a', rate, 20_000)).toBe(20_000)
})

test('in no span of time more come through than a full bucket and what fills up meanwhile', () => {
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 30_000 }), { maxLength: 200 }), (pauses) => {
      const limiter = createRateLimiter()
      let now = 0
      let passed = 0
      for (const pause of pauses) {
        now += pause
        if (limiter.take('a', rate, now) === 0) passed++
      }
      expect(passed).toBeLessThanOrEqual(3 + Math.floor((now * 3) / 60_000) + 1)
    }),
  )
})

test('a clock that is set back neither fills nor empties a bucket, and many senders do not fill the memory', () => {
  const limiter = createRateLimiter()
  limiter.take('a', rate, 1_000_000)
  expect(limiter.take('a', rate, 0)).toBe(0)
  expect(limiter.take('a', rate, 0)).toBe(0)
  expect(limiter.take('a', rate, 0)).toBeGreaterThan(0)
  for (let n = 0; n < 20_000; n++) limiter.take(`sender ${n}`, rate, 0)
  expect(limiter.take('a', rate, 0)).toBe(0)
})
