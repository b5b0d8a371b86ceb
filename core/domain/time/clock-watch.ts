import type { Clock } from './clock.ts'

/** Milliseconds between looks at the clock. */
const LOOK_MS = 1_000

/** Less than so many milliseconds between two looks is the gentle setting of every day, and a busy process. */
const JUMP_MS = 5_000

/**
 * Calls `jumped` when the clock went another way than time did: it was set, or the computer slept, during which timers stand still.
 * `steadyMs` is a count of milliseconds that cannot be set. The returned function ends the watching.
 */
export function watchClock(clock: Clock, steadyMs: () => number, jumped: () => void): () => void {
  let before = clock.now() - steadyMs()
  let cancel = (): void => undefined
  const look = (): void => {
    const difference = clock.now() - steadyMs()
    const hasJumped = Math.abs(difference - before) > JUMP_MS
    before = difference
    if (hasJumped) jumped()
    cancel = clock.after(LOOK_MS, look, 'loose')
  }
  cancel = clock.after(LOOK_MS, look, 'loose')
  return () => cancel()
}
