import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { PollState } from '../db/polls.ts'
import type { StepErrorDetails } from '../domain/runs/step-error.ts'
import { afterPoll } from './poll-times.ts'

const MINUTE = 60_000
const fresh: PollState = { nextAt: 0, polledAt: null, succeededAt: null, failures: 0, failingSince: null, error: null }
const busy: StepErrorDetails = { code: 'http-503', message: 'Busy.', retryable: true }

const fail = (state: PollState, at: number, error = busy, everyMs = 5 * MINUTE, random = () => 1) =>
  afterPoll(state, { ok: false, at, error }, everyMs, random)

test('failures put the next poll off further and further, and a success takes all of it back', () => {
  let state = fresh
  const pauses: number[] = []
  for (let n = 0; n < 9; n++) {
    const at = state.nextAt ?? 0
    state = fail(state, at)
    pauses.push(((state.nextAt ?? 0) - at) / MINUTE)
  }
  expect(pauses).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60])
  expect(state).toMatchObject({ failures: 9, failingSince: 0, error: { code: 'http-503', message: 'Busy.' } })
  expect(afterPoll(state, { ok: true, at: 7 }, MINUTE, () => 0)).toEqual({
    nextAt: 7 + MINUTE,
    polledAt: 7,
    succeededAt: 7,
    failures: 0,
    failingSince: null,
    error: null,
  })
})

test('what fails for good is asked no more often than it is polled anyway, and what asks to wait is waited for', () => {
  expect(fail(fresh, 0, { ...busy, retryable: false }).nextAt).toBe(5 * MINUTE)
  expect(fail(fresh, 0, { ...busy, retryAfterMs: 30 * MINUTE }).nextAt).toBe(30 * MINUTE)
  expect(fail(fresh, 0, { ...busy, retryAfterMs: 1e12 }).nextAt).toBe(1_440 * MINUTE)
})

test('without a network nothing is counted', () => {
  const offline = fail(fresh, 9, { code: 'offline', message: 'No network.', retryable: true, needsNetwork: true })
  expect(offline).toMatchObject({ failures: 0, failingSince: null, nextAt: 9 + MINUTE, error: { code: 'offline' } })
})

test('half of a pause is left to chance, and no pause is ever longer than the cap or the usual one', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 2_000 }),
      fc.integer({ min: 1_000, max: 1e9 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (failures, everyMs, chance) => {
        const state = { ...fresh, failures, failingSince: failures === 0 ? null : 0 }
        const at = (random: number) => fail(state, 0, busy, everyMs, () => random).nextAt ?? 0
        expect(at(chance)).toBeGreaterThanOrEqual(at(0))
        expect(at(chance)).toBeLessThanOrEqual(at(1))
        expect(at(1)).toBeLessThanOrEqual(Math.max(everyMs, 60 * MINUTE))
        expect(at(0)).toBeGreaterThanOrEqual(Math.min(everyMs, MINUTE) / 2 - 1)
      },
    ),
  )
})
