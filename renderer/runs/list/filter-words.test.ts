import { expect, it } from 'vitest'
import { filterWords } from './filter-words.ts'
import type { RunFilter } from './run-filter.ts'

const now = Date.parse('2026-11-24T09:00:00')
const words = (filter: RunFilter, zap?: string) => filterWords(filter, zap, now, 'en-GB')

it('says what a filter finds', () => {
  expect(words({})).toBe('runs')
  expect(words({ status: 'failed', zapId: 'z' }, 'Orders')).toBe('failed runs of Orders')
  expect(words({ zapId: 'z' })).toBe('runs of this zap')
  expect(words({ status: 'failed', when: 'today' })).toBe('failed runs from today')
  expect(words({ when: '24h', text: 'A-17' })).toBe('runs from the last 24 hours with “A-17”')
  expect(words({ when: { from: '2026-11-24T10:00', to: '2026-11-24T10:30' } })).toBe('runs from 10:00 to 10:30')
  expect(words({ when: { from: '2026-11-24T10:00' } })).toBe('runs since 10:00')
  expect(words({ when: { to: '2026-11-24T10:30' } })).toBe('runs from before 10:30')
  expect(words({ when: {} })).toBe('runs')
})
