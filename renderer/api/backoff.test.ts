import { expect, it } from 'vitest'
import { reconnectDelay } from './backoff.ts'

it('waits longer each time, up to five seconds', () => {
  const middle = () => 0.5
  expect([1, 2, 3, 4, 5, 6, 50].map((attempt) => reconnectDelay(attempt, middle))).toEqual([
    300, 600, 1200, 2400, 4800, 5000, 5000,
  ])
})

it('spreads by a fifth to either side', () => {
  expect(reconnectDelay(50, () => 0)).toBe(4000)
  expect(reconnectDelay(50, () => 1)).toBe(6000)
})
