import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  DEFAULT_RETRY,
  MAX_RETRY_AFTER_MS,
  nextDelayMs,
  parseRetryAfter,
  type RetryOn,
  retries,
  retrySpanMs,
} from './backoff.ts'

describe('retries', () => {
  it.each<[string, boolean, RetryOn | undefined, boolean]>([
    ['http-503', true, undefined, true],
    ['http-404', false, undefined, false],
    ['http-503', true, 'transient', true],
    ['http-404', false, 'transient', false],
    ['http-404', false, 'any', true],
    ['unexpected', false, 'any', true],
    ['http-503', true, ['http-503'], true],
    ['http-503', true, ['http-50'], false],
    ['http-404', false, ['timeout', 'http-4*'], true],
    ['timeout', true, ['http-4*'], false],
    ['http-404', false, ['http-*'], true],
    ['bad-input', false, 'any', false],
    ['template', false, 'any', false],
    ['template-syntax', false, ['t*'], false],
    ['bad-input', true, undefined, false],
  ])('%s (may pass: %s) with %j is tried again: %s', (code, retryable, on, expected) => {
    expect(retries({ code, retryable }, on)).toBe(expected)
  })
})

it('goes on for about a day when a step says nothing else', () => {
  const hours = retrySpanMs(DEFAULT_RETRY) / 3_600_000
  expect(hours).toBeGreaterThan(23)
  expect(hours).toBeLessThan(25)
})

it('spans what the pauses come to on average', () => {
  const retry = { maxAttempts: 8, baseMs: 1_000, capMs: 20_000 }
  const pauses = [1, 2, 3, 4, 5, 6, 7].map((attempt) => nextDelayMs({ ...retry, attempt, random: () => 0.5 }))
  expect(retrySpanMs(retry)).toBe(pauses.reduce((sum, pause) => sum + pause, 0))
})

describe('nextDelayMs', () => {
  it('doubles its ceiling from a second to an hour', () => {
    const ceilings = Array.from({ length: 14 }, (_, n) =>
      nextDelayMs({ ...DEFAULT_RETRY, attempt: n + 1, random: () => 1 }),
    )
    expect(ceilings.slice(0, 4)).toEqual([1_000, 2_000, 4_000, 8_000])
    expect(ceilings.at(-1)).toBe(3_600_000)
  })

  it('stays within its bounds and honours Retry-After as a minimum', () => {
    fc.assert(
      fc.property(
        fc.record({
          attempt: fc.integer({ min: 1, max: 1_000 }),
          baseMs: fc.integer({ min: 1, max: 86_400_000 }),
          capMs: fc.integer({ min: 1, max: 604_800_000 }),
          retryAfterMs: fc.option(fc.double({ min: -1e12, max: 1e15, noNaN: true }), { nil: undefined }),
        }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (options, roll) => {
          const delay = nextDelayMs({ ...options, random: () => roll })
          const asked = Math.min(Math.max(0, options.retryAfterMs ?? 0), MAX_RETRY_AFTER_MS)
          expect(delay).toBeGreaterThanOrEqual(asked)
          expect(delay).toBeLessThanOrEqual(Math.max(options.capMs, asked))
          if (asked === 0) expect(delay).toBeLessThanOrEqual(options.baseMs * 2 ** (options.attempt - 1))
        },
      ),
    )
  })
})

describe('parseRetryAfter', () => {
  const now = Date.parse('2026-11-24T09:00:00Z')
  it.each<[string | undefined | null, number | undefined]>([
    ['120', 120_000],
    [' 0 ', 0],
    ['1.5', 1_500],
    ['-5', 0],
    ['315360000', MAX_RETRY_AFTER_MS],
    [`${'9'.repeat(400)}`, MAX_RETRY_AFTER_MS],
    ['Tue, 24 Nov 2026 09:01:00 GMT', 60_000],
    ['Tuesday, 24-Nov-26 09:01:00 GMT', 60_000],
    ['Tue Nov 24 09:01:00 2026', 60_000],
    ['2026-11-24T09:01:00Z', 60_000],
    ['Tue, 24 Nov 2026 08:00:00 GMT', 0],
    ['Tue, 24 Nov 2036 09:00:00 GMT', MAX_RETRY_AFTER_MS],
    ['attempt 3', undefined],
    ['soon', undefined],
    ['', undefined],
    [undefined, undefined],
    [null, undefined],
  ])('%s', (header, expected) => {
    expect(parseRetryAfter(header, now)).toBe(expected)
  })
})
