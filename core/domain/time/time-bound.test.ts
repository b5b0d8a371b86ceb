import { expect, it } from 'vitest'
import { parseTimeBound } from './time-bound.ts'

const now = Date.parse('2026-11-27T12:00:00Z')
const since = (text: string) => parseTimeBound(text, 'since', now)
const until = (text: string) => parseTimeBound(text, 'until', now)

it('takes a duration for the time since when it has passed', () => {
  expect(since('24h')).toBe(now - 86_400_000)
  expect(until(' 1h30m ')).toBe(now - 5_400_000)
})

it('means a day whole, in the zone of this computer', () => {
  expect(since('2026-11-01')).toBe(new Date(2026, 10, 1).getTime())
  expect(until('2026-11-01')).toBe(new Date(2026, 10, 2).getTime())
  expect(until('2026-12-31')).toBe(new Date(2027, 0, 1).getTime())
})

it('takes a day and time, of this computer unless it names its zone', () => {
  expect(since('2026-11-01T14:30')).toBe(new Date(2026, 10, 1, 14, 30).getTime())
  expect(since('2026-11-01 14:30')).toBe(new Date(2026, 10, 1, 14, 30).getTime())
  expect(until('2026-11-01T14:30:00Z')).toBe(Date.UTC(2026, 10, 1, 14, 30))
  expect(since('2026-11-01T14:30:00+05:30')).toBe(Date.UTC(2026, 10, 1, 9))
})

it('takes nothing else', () => {
  for (const text of ['', 'yesterday', '5', '2026-02-30', '2026-11-01T25:00', '01.11.2026', '-1h']) {
    expect(since(text)).toBeUndefined()
  }
})
