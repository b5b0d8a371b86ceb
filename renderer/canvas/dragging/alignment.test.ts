import fc from 'fast-check'
import { expect, test } from 'vitest'
import { align } from './alignment.ts'

const card = (x: number, y: number) => ({ x, y, width: 240, height: 64 })

test('a card snaps to the column of the one above it, and the line runs through both', () => {
  const { dx, dy, guides } = align(card(4, 200), [card(0, 0)], 6)
  expect({ dx, dy }).toEqual({ dx: -4, dy: null })
  expect(guides).toEqual([0, 120, 240].map((at) => ({ axis: 'x', at, from: 0, to: 264 })))
})

test('a card stands beside another where its edge meets the other one’s far edge', () => {
  expect(align(card(243, 100), [card(0, 0)], 6).dx).toBe(-3)
})

test('wider things meet a card at their centres', () => {
  const { dx, guides } = align({ x: -60, y: 200, width: 364, height: 300 }, [card(0, 0)], 6)
  expect(dx).toBe(-2)
  expect(guides).toEqual([{ axis: 'x', at: 120, from: 0, to: 500 }])
})

test('nothing pulls from farther than the reach, nor what is far away', () => {
  expect(align(card(10, 200), [card(0, 0)], 6)).toEqual({ dx: null, dy: null, guides: [] })
  expect(align(card(4, 2000), [card(0, 0)], 6).dx).toBeNull()
})

test('what has snapped stays, and is never moved farther than the reach', () => {
  const place = fc.record({ x: fc.integer({ min: -400, max: 400 }), y: fc.integer({ min: -400, max: 400 }) })
  fc.assert(
    fc.property(place, fc.array(place, { maxLength: 8 }), (at, places) => {
      const others = places.map(({ x, y }) => card(x, y))
      const first = align(card(at.x, at.y), others, 6)
      const [dx, dy] = [first.dx ?? 0, first.dy ?? 0]
      expect(Math.max(Math.abs(dx), Math.abs(dy))).toBeLessThanOrEqual(6)
      const second = align(card(at.x + dx, at.y + dy), others, 6)
      if (first.dx !== null) expect(second.dx).toBeCloseTo(0)
      if (first.dy !== null) expect(second.dy).toBeCloseTo(0)
    }),
  )
})
