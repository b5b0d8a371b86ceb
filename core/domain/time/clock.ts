/** Where the core takes the time from, so that tests can set it. Times are milliseconds since 1970 UTC. */
export type Clock = {
  now(): number
  /** Calls `callback` once after `ms` milliseconds; the returned function takes that back. */
  after(ms: number, callback: () => void): () => void
}

/** Longest delay that a Node timer keeps; a longer one would fire at once. */
const MAX_TIMER_MS = 2 ** 31 - 1

/** The computer's own clock. Its timers are capped at 24.8 days: what waits longer must look again then. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, callback) {
    const timer = setTimeout(callback, Math.min(Math.max(ms, 0), MAX_TIMER_MS))
    return () => clearTimeout(timer)
  },
}

/** A clock that stands still until `advance` moves it; due callbacks then run in order of their time. */
export function manualClock(start = 0): Clock & { advance(ms: number): void } {
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
