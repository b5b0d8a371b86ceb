import { expect, it } from 'vitest'
import { countIn, tallyOf } from './bulk-tally.ts'

it('counts how many of the selected runs each choice is for', () => {
  const runs = (['failed', 'failed', 'succeeded', 'waiting', 'needs-review'] as const).map((status) => ({ status }))
  const tally = tallyOf(runs)
  expect(countIn(tally)).toBe(5)
  expect(countIn(tally, { action: 'replay' })).toBe(3)
  expect(countIn(tally, { action: 'replay', fromFailed: true })).toBe(2)
  expect(countIn(tally, { action: 'cancel' })).toBe(1)
  expect(countIn(tallyOf([]), { action: 'cancel' })).toBe(0)
})
