import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { groundUnder } from './canvas-ground.tsx'

const card = (x: number, y: number) => ({ position: { x, y }, width: 240, height: 64 })
const place = fc.double({ min: -1e5, max: 1e5, noNaN: true })

describe('groundUnder', () => {
  test('an empty canvas has none', () => {
    expect(groundUnder([])).toBeNull()
  })

  test('it lies under every card, and reaches 400 pixels beyond', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(place, place), { minLength: 1 }), (places) => {
        const ground = groundUnder(places.map(([x, y]) => card(x, y)))
        for (const [x, y] of places) {
          expect(ground?.x).toBeLessThanOrEqual(x - 400)
          expect(ground?.y).toBeLessThanOrEqual(y - 400)
          expect((ground?.x ?? 0) + (ground?.width ?? 0)).toBeGreaterThanOrEqual(x + 640)
          expect((ground?.y ?? 0) + (ground?.height ?? 0)).toBeGreaterThanOrEqual(y + 464)
        }
      }),
    )
  })

  test('a card that is dragged a little does not change it', () => {
    expect(groundUnder([card(300, 300), card(1_000, 900)])).toEqual(groundUnder([card(300, 300), card(1_100, 950)]))
  })
})
