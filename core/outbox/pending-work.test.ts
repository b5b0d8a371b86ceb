import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createPendingWork } from './pending-work.ts'

const nothing = { next: new Map(), suspectsExpected: false }

test('a zap that was woken is due until a round found nothing of it', () => {
  const work = createPendingWork()
  expect(work.hasDue(5)).toBe(false)
  work.wake('a')
  expect(work.hasDue(0)).toBe(true)
  work.beginRound()
  work.endRound({ ...nothing, next: new Map([['a', null]]) }, 5, 6)
  expect(work.hasDue(1_000)).toBe(false)
  expect(work.nextAfter(0)).toBe(Number.POSITIVE_INFINITY)
})

test('what was woken while a round was being committed is not forgotten by what that round found', () => {
  const work = createPendingWork()
  work.wake('a')
  work.beginRound()
  work.wake('a')
  work.expectSuspects()
  work.endRound({ ...nothing, next: new Map([['a', null]]) }, 5, 6)
  expect(work.hasDue(5)).toBe(true)
  expect(work.hasSuspects()).toBe(true)
  // It came after the round began, so it was not left lying by it.
  expect(work.hasBacklog()).toBe(false)
})

test('what a round left due is a backlog, and what became due while it was committed is told', () => {
  const work = createPendingWork()
  for (const zapId of ['left', 'late', 'later']) work.note(zapId, 1)
  work.beginRound()
  const next = new Map([
    ['left', 4],
    ['late', 7],
    ['later', 20],
  ])
  expect(work.endRound({ ...nothing, next }, 5, 8)).toBe(true)
  expect(work.hasBacklog()).toBe(true)
  expect(work.nextAfter(8)).toBe(20)
  work.note('later', 30)
  expect(work.nextAfter(8)).toBe(20)
  work.note('later', 12)
  expect(work.nextAfter(8)).toBe(12)
})

test('however rounds and wakes interleave, a zap that was woken last is due', () => {
  const moves = fc.array(
    fc.oneof(
      fc.record({ kind: fc.constant('wake' as const), zapId: fc.constantFrom('a', 'b') }),
      fc.record({ kind: fc.constant('begin' as const) }),
      fc.record({ kind: fc.constant('end' as const), at: fc.option(fc.integer({ min: 1, max: 100 })) }),
    ),
  )
  fc.assert(
    fc.property(moves, (all) => {
      const work = createPendingWork()
      /** Zaps woken since the last round began. */
      let unseen = new Set<string>()
      for (const move of all) {
        if (move.kind === 'wake') {
          work.wake(move.zapId)
          unseen.add(move.zapId)
        } else if (move.kind === 'begin') {
          work.beginRound()
          unseen = new Set()
        } else {
          const next = new Map([...work.zaps().keys()].map((zapId) => [zapId, move.at] as const))
          work.endRound({ next, suspectsExpected: false }, 0, 0)
        }
        for (const zapId of unseen) expect(work.zaps().get(zapId)).toBe(0)
      }
    }),
  )
})
