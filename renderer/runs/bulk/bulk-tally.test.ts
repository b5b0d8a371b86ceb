import { expect, it } from 'vitest'
import type { RunSummary } from '../../../core/contract/values.ts'
import { countIn, leftOutIn, tallyOf } from './bulk-tally.ts'

it('counts how many of the selected runs each choice is for', () => {
  const runs = (['failed', 'failed', 'succeeded', 'waiting', 'needs-review'] as const).map((status) => ({
    status,
    test: false,
    replays: [],
  }))
  const tally = tallyOf(runs)
  expect(countIn(tally)).toBe(5)
  expect(countIn(tally, { action: 'replay' })).toBe(3)
  expect(countIn(tally, { action: 'replay', fromFailed: true })).toBe(2)
  expect(countIn(tally, { action: 'cancel' })).toBe(1)
  expect(countIn(tallyOf([]), { action: 'cancel' })).toBe(0)
})

type Counted = Pick<RunSummary, 'status' | 'test' | 'replays'>

it('leaves what was replayed, and tests, out of a replay, unless they are wanted', () => {
  const failed: Counted = { status: 'failed', test: false, replays: [] }
  const replayed = { ...failed, replays: [{ id: 'run_2', status: 'succeeded' as const }] }
  const test = { ...failed, test: true }
  const tally = tallyOf([failed, replayed, replayed, test, { ...replayed, test: true }])
  expect(countIn(tally, { action: 'replay' })).toBe(1)
  expect(leftOutIn(tally, { action: 'replay' })).toEqual({ replayed: 2, tests: 2 })
  expect(countIn(tally, { action: 'replay', include: ['replayed'] })).toBe(3)
  expect(leftOutIn(tally, { action: 'replay', include: ['replayed'] })).toEqual({ replayed: 0, tests: 2 })
  expect(countIn(tally, { action: 'replay', include: ['replayed', 'tests'] })).toBe(5)
  const waits = tallyOf([{ ...test, status: 'waiting' }])
  expect(countIn(waits, { action: 'cancel' })).toBe(1)
})
