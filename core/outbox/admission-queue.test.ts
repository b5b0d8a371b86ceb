import fc from 'fast-check'
import { expect, test } from 'vitest'
import { manualClock } from '../domain/time/clock.ts'
import { createAdmissionQueue } from './admission-queue.ts'

type Event = { readonly zapId: string; readonly n: number }

function queueUnderTest() {
  const clock = manualClock(1_000)
  const queue = createAdmissionQueue<Event, string>(clock)
  const settled: string[] = []
  const enter = (zapId: string, n: number): void =>
    queue.enter({ zapId, n }, (place) => settled.push(`${zapId}${n} ${place ?? 'nothing'}`))
  return { clock, queue, settled, enter }
}

test('waiting makes sense only where a run has just ended', () => {
  const { clock, queue } = queueUnderTest()
  expect(queue.isWorthwhile('a')).toBe(false)
  queue.ended('a')
  expect(queue.isWorthwhile('a')).toBe(true)
  expect(queue.isWorthwhile('b')).toBe(false)
  clock.advance(50)
  expect(queue.isWorthwhile('a')).toBe(false)
})

test('places go to those who came first, and a zap without any does not keep another from its own', () => {
  const { queue, settled, enter } = queueUnderTest()
  enter('a', 1)
  enter('a', 2)
  enter('b', 1)
  let left = { a: 1, b: 1 } as Record<string, number>
  const placeOf = ({ zapId }: Event): string | undefined => {
    const count = left[zapId] ?? 0
    left = { ...left, [zapId]: count - 1 }
    return count > 0 ? 'place' : undefined
  }
  queue.offer(placeOf)
  expect(settled).toEqual(['a1 place', 'b1 place'])
  expect(queue.isAwaited('a')).toBe(true)
  expect(queue.isAwaited('b')).toBe(false)
})

test('nobody waits longer than a moment, and the queue does not fill without bound', () => {
  const { clock, queue, settled, enter } = queueUnderTest()
  queue.ended('a')
  enter('a', 1)
  clock.advance(30)
  enter('a', 2)
  clock.advance(20)
  expect(settled).toEqual(['a1 nothing'])
  clock.advance(30)
  expect(settled).toEqual(['a1 nothing', 'a2 nothing'])
  queue.ended('a')
  let n = 0
  while (queue.isWorthwhile('a')) enter('a', n++)
  expect(n).toBe(256)
})

const moves = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant('enter' as const), zapId: fc.constantFrom('a', 'b') }),
    fc.record({ kind: fc.constant('offer' as const), places: fc.nat(3) }),
    fc.record({ kind: fc.constant('pass' as const), ms: fc.nat(60) }),
    fc.record({ kind: fc.constant('empty' as const) }),
  ),
)

test('whatever happens, everybody who entered goes on once, in the order of their zap', () => {
  fc.assert(
    fc.property(moves, (all) => {
      const { clock, queue, settled, enter } = queueUnderTest()
      const entered: Record<string, number> = { a: 0, b: 0 }
      for (const move of all) {
        if (move.kind === 'enter') {
          const n = (entered[move.zapId] ?? 0) + 1
          entered[move.zapId] = n
          enter(move.zapId, n)
        } else if (move.kind === 'offer') {
          let { places } = move
          queue.offer(() => (places-- > 0 ? 'place' : undefined))
        } else if (move.kind === 'pass') clock.advance(move.ms)
        else queue.empty()
      }
      clock.advance(50)
      for (const zapId of ['a', 'b']) {
        const order = settled.filter((line) => line.startsWith(zapId)).map((line) => Number.parseInt(line.slice(1), 10))
        expect(order).toEqual(Array.from({ length: entered[zapId] ?? 0 }, (_, n) => n + 1))
      }
    }),
  )
})
