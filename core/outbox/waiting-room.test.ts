import fc from 'fast-check'
import { expect, test } from 'vitest'
import { manualClock } from '../domain/clock.ts'
import { createWaitingRoom } from './waiting-room.ts'

type Event = { readonly zapId: string; readonly n: number }

function roomUnderTest() {
  const clock = manualClock(1_000)
  const room = createWaitingRoom<Event, string>(clock)
  const seated: string[] = []
  const enter = (zapId: string, n: number): void =>
    room.enter({ zapId, n }, (place) => seated.push(`${zapId}${n} ${place ?? 'nothing'}`))
  return { clock, room, seated, enter }
}

test('waiting makes sense only where a run has just ended', () => {
  const { clock, room } = roomUnderTest()
  expect(room.isWorthwhile('a')).toBe(false)
  room.ended('a')
  expect(room.isWorthwhile('a')).toBe(true)
  expect(room.isWorthwhile('b')).toBe(false)
  clock.advance(50)
  expect(room.isWorthwhile('a')).toBe(false)
})

test('places go to those who came first, and a zap without any does not keep another from its own', () => {
  const { room, seated, enter } = roomUnderTest()
  enter('a', 1)
  enter('a', 2)
  enter('b', 1)
  let left = { a: 1, b: 1 } as Record<string, number>
  const placeOf = ({ zapId }: Event): string | undefined => {
    const count = left[zapId] ?? 0
    left = { ...left, [zapId]: count - 1 }
    return count > 0 ? 'place' : undefined
  }
  room.serve(placeOf)
  expect(seated).toEqual(['a1 place', 'b1 place'])
  expect(room.isAwaited('a')).toBe(true)
  expect(room.isAwaited('b')).toBe(false)
})

test('nobody waits longer than a moment, and the room does not fill without bound', () => {
  const { clock, room, seated, enter } = roomUnderTest()
  room.ended('a')
  enter('a', 1)
  clock.advance(30)
  enter('a', 2)
  clock.advance(20)
  expect(seated).toEqual(['a1 nothing'])
  clock.advance(30)
  expect(seated).toEqual(['a1 nothing', 'a2 nothing'])
  room.ended('a')
  let n = 0
  while (room.isWorthwhile('a')) enter('a', n++)
  expect(n).toBe(256)
})

const moves = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant('enter' as const), zapId: fc.constantFrom('a', 'b') }),
    fc.record({ kind: fc.constant('serve' as const), places: fc.nat(3) }),
    fc.record({ kind: fc.constant('pass' as const), ms: fc.nat(60) }),
    fc.record({ kind: fc.constant('empty' as const) }),
  ),
)

test('whatever happens, everybody who entered goes on once, in the order of their zap', () => {
  fc.assert(
    fc.property(moves, (all) => {
      const { clock, room, seated, enter } = roomUnderTest()
      const entered: Record<string, number> = { a: 0, b: 0 }
      for (const move of all) {
        if (move.kind === 'enter') {
          const n = (entered[move.zapId] ?? 0) + 1
          entered[move.zapId] = n
          enter(move.zapId, n)
        } else if (move.kind === 'serve') {
          let { places } = move
          room.serve(() => (places-- > 0 ? 'place' : undefined))
        } else if (move.kind === 'pass') clock.advance(move.ms)
        else room.empty()
      }
      clock.advance(50)
      for (const zapId of ['a', 'b']) {
        const order = seated.filter((line) => line.startsWith(zapId)).map((line) => Number.parseInt(line.slice(1), 10))
        expect(order).toEqual(Array.from({ length: entered[zapId] ?? 0 }, (_, n) => n + 1))
      }
    }),
  )
})
