import { expect, it } from 'vitest'
import { formatClock } from './clock-time.tsx'

// Without a zone, so that the test reads the same wherever it runs.
const now = Date.parse('2026-11-24T09:00:00')
const at = (local: string) => formatClock(local, now, 'en-GB')

it('says as much of a date as is needed', () => {
  expect(at('2026-11-24T14:05:00')).toBe('14:05')
  expect(at('2026-11-26T14:05:00')).toMatch(/^Thu,? 14:05$/)
  expect(at('2026-12-24T14:05:00')).toMatch(/^24 Dec,? 14:05$/)
  expect(at('2027-03-01T14:05:00')).toMatch(/^1 Mar 2027,? 14:05$/)
  expect(at('soon')).toBe('soon')
})
