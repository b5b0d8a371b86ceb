import { expect, test, vi } from 'vitest'
import { manualClock } from './clock.ts'
import { watchClock } from './clock-watch.ts'

/** A clock that can be set, beside time that goes its way. */
function setUp() {
  const time = manualClock()
  let ahead = 0
  const jumped = vi.fn()
  const stop = watchClock({ now: () => time.now() + ahead, after: time.after }, time.now, jumped)
  return { time, jumped, stop, set: (ms: number) => (ahead += ms) }
}

test.each([
  ['set ahead, or the computer slept', 60_000],
  ['set back', -60_000],
])('a clock that was %s is told of once', (_how, ms) => {
  const { time, jumped, set } = setUp()
  time.advance(10_000)
  expect(jumped).not.toHaveBeenCalled()
  set(ms)
  time.advance(10_000)
  expect(jumped).toHaveBeenCalledTimes(1)
})

test('a clock that is set a little, again and again, is none that jumped', () => {
  const { time, jumped, set } = setUp()
  for (let seconds = 0; seconds < 60; seconds++) {
    set(500)
    time.advance(1_000)
  }
  expect(jumped).not.toHaveBeenCalled()
})

test('after the end of the watching nobody looks', () => {
  const { time, jumped, stop, set } = setUp()
  stop()
  set(60_000)
  time.advance(10_000)
  expect(jumped).not.toHaveBeenCalled()
})
