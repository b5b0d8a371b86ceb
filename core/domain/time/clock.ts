/** Where the core takes the time from, so that tests can set it. Times are milliseconds since 1970 UTC. */
export type Clock = {
  now(): number
  /**
   * Calls `callback` once after `ms` milliseconds; the returned function takes that back. With `loose` it may be half a second early or late, from a
   * second on: what only looks now and then looks together with all else that does, so that an idle computer is woken once for it.
   */
  after(ms: number, callback: () => void, loose?: 'loose'): () => void
}

/** Longest delay that a Node timer keeps; a longer one would fire at once. */
const MAX_TIMER_MS = 2 ** 31 - 1

const SECOND_MS = 1_000

/** What is called together, by the second of its time; seconds are counted from the start of the process, as nothing sets that count. */
const seconds = new Map<number, { readonly waiting: Set<() => void>; readonly timer: NodeJS.Timeout }>()

function withTheSecond(ms: number, callback: () => void): () => void {
  const second = Math.round((performance.now() + Math.min(ms, MAX_TIMER_MS)) / SECOND_MS)
  const entry = (): void => callback()
  let due = seconds.get(second)
  if (due === undefined) {
    const waiting = new Set<() => void>()
    const timer = setTimeout(
      () => {
        seconds.delete(second)
        for (const one of waiting) {
          try {
            one()
          } catch (error) {
            // As from a timer of its own: it stops no other.
            queueMicrotask(() => {
              throw error
            })
          }
        }
      },
      Math.min(Math.max(0, second * SECOND_MS - performance.now()), MAX_TIMER_MS),
    )
    // Looking alone is no reason to stay alive: a start that failed would never end.
    timer.unref()
    due = { waiting, timer }
    seconds.set(second, due)
  }
  const { waiting, timer } = due
  waiting.add(entry)
  return () => {
    waiting.delete(entry)
    if (waiting.size > 0 || seconds.get(second)?.waiting !== waiting) return
    clearTimeout(timer)
    seconds.delete(second)
  }
}

/** The computer's own clock. Its timers are capped at 24.8 days: what waits longer must look again then. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, callback, loose) {
    if (loose === 'loose' && ms >= SECOND_MS) return withTheSecond(ms, callback)
    const timer = setTimeout(callback, Math.min(Math.max(ms, 0), MAX_TIMER_MS))
    return () => clearTimeout(timer)
  },
}

/**
 * A clock that stands still until `advance` moves it; due callbacks then run in order of their time. `waiting` says how many wait for theirs: a
 * test that knows it moves the clock only when the next one is there.
 */
export function manualClock(start = 0): Clock & { advance(ms: number): void; waiting(): number } {
  let now = start
  let waiting: { at: number; callback: () => void }[] = []
  return {
    now: () => now,
    after(ms, callback) {
      const entry = { at: now + Math.max(ms, 0), callback }
      waiting.push(entry)
      return () => {
        waiting = waiting.filter((other) => other !== entry)
      }
    },
    waiting: () => waiting.length,
    advance(ms) {
      const end = now + ms
      for (;;) {
        const next = waiting.filter((entry) => entry.at <= end).sort((a, b) => a.at - b.at)[0]
        if (next === undefined) break
        waiting = waiting.filter((other) => other !== next)
        now = next.at
        next.callback()
      }
      now = end
    },
  }
}
