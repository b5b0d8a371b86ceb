import fc from 'fast-check'
import { expect, test } from 'vitest'
import { placeOn, USUAL_SIZE } from './window-place.ts'

const left = { x: 0, y: 25, width: 1920, height: 1055 }
const right = { x: 1920, y: 0, width: 2560, height: 1440 }
const place = { x: 2_100, y: 200, width: 1_400, height: 900, isMaximized: false }

test('a window opens where it was', () => {
  expect(placeOn(place, [left, right])).toEqual({ x: 2_100, y: 200, width: 1_400, height: 900 })
})

test('a window of a display that is gone opens where the system puts it, no larger than what is there', () => {
  expect(placeOn(place, [left])).toEqual({ width: 1_400, height: 900 })
  expect(placeOn({ ...place, width: 4_000, height: 3_000 }, [left])).toEqual({ width: 1_920, height: 1_055 })
})

test('a window that is cut to its display is still on it', () => {
  expect(placeOn({ x: -15_000, y: 200, width: 20_000, height: 900, isMaximized: false }, [left])).toEqual({
    width: 1_920,
    height: 900,
  })
})

test('the first time it has its usual size', () => {
  expect(placeOn(null, [left])).toEqual(USUAL_SIZE)
  expect(placeOn(null, [])).toEqual(USUAL_SIZE)
})

test('whatever was kept, the window can be taken hold of', () => {
  const area = fc.record({
    x: fc.integer({ min: -5_000, max: 5_000 }),
    y: fc.integer({ min: -5_000, max: 5_000 }),
    width: fc.integer({ min: 640, max: 5_000 }),
    height: fc.integer({ min: 480, max: 3_000 }),
  })
  const kept = fc.record({
    x: fc.integer(),
    y: fc.integer(),
    width: fc.integer({ min: 1, max: 20_000 }),
    height: fc.integer({ min: 1, max: 20_000 }),
    isMaximized: fc.boolean(),
  })
  fc.assert(
    fc.property(kept, fc.array(area, { minLength: 1, maxLength: 4 }), (was, displays) => {
      const { x, y, width, height } = placeOn(was, displays)
      if (x === undefined || y === undefined) return displays[0] !== undefined && width <= displays[0].width
      return displays.some(
        (one) =>
          y >= one.y &&
          y + 40 <= one.y + one.height &&
          x + width > one.x &&
          x < one.x + one.width &&
          height <= one.height,
      )
    }),
  )
})
