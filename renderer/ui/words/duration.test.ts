import { describe, expect, it } from 'vitest'
import { elapsedMs, formatDuration, formatRelative, relativeTick } from './duration.ts'

describe('formatDuration', () => {
  it.each([
    [0, '< 1 ms'],
    [8.4, '8 ms'],
    [999, '999 ms'],
    [1400, '1.4 s'],
    [59_940, '59.9 s'],
    [59_960, '1 min 00 s'],
    [125_000, '2 min 05 s'],
    [3_599_900, '1 h 00 min'],
    [3 * 3_600_000 + 10 * 60_000, '3 h 10 min'],
    [52 * 3_600_000, '2 d 4 h'],
    [-1, '–'],
    [Number.NaN, '–'],
  ])('says %d ms as %s', (ms, words) => {
    expect(formatDuration(ms)).toBe(words)
  })
})

describe('elapsedMs', () => {
  it('counts an open end up to now, and never below zero', () => {
    const start = '2026-11-24T09:00:00.000Z'
    expect(elapsedMs(start, '2026-11-24T09:00:01.500Z', 0)).toBe(1500)
    expect(elapsedMs(start, null, Date.parse(start) + 250)).toBe(250)
    expect(elapsedMs(start, null, Date.parse(start) - 250)).toBe(0)
  })
})

describe('formatRelative', () => {
  const now = Date.parse('2026-11-24T09:00:00.000Z')
  it.each([
    [0, 'just now'],
    [-1500, 'just now'],
    [-12_000, '12 s ago'],
    [-5 * 60_000, '5 min ago'],
    [-3 * 3_600_000, '3 h ago'],
    [-4 * 86_400_000, '4 d ago'],
    [-70 * 86_400_000, '2 months ago'],
    [1000, 'now'],
    [90_000, 'in 2 min'],
    [(8 * 60 + 50) * 60_000, 'in 8 h 50 min'],
    [8 * 3_600_000, 'in 8 h'],
    [59.6 * 60_000, 'in 1 h'],
    [(23 * 60 + 59.7) * 60_000, 'in 1 d'],
    [40 * 3_600_000, 'in 1 d 16 h'],
    [10.6 * 86_400_000, 'in 11 d'],
    [-(8 * 60 + 50) * 60_000, '9 h ago'],
    [-59.6 * 60_000, '1 h ago'],
    [-23.8 * 3_600_000, '1 d ago'],
    [20_000, 'in 20 s'],
  ])('says an offset of %d ms as %s', (offset, words) => {
    expect(formatRelative(new Date(now + offset).toISOString(), now)).toBe(words)
  })
  it('does not invent a time from nonsense', () => {
    expect(formatRelative('soon', now)).toBe('–')
  })
  it('looks again as often as the words may change', () => {
    expect(relativeTick(new Date(now - 5000).toISOString(), now)).toBe(1000)
    expect(relativeTick(new Date(now - 2 * 3_600_000).toISOString(), now)).toBe(60_000)
  })
})
