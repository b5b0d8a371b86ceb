const FIRST_MS = 300
const LONGEST_MS = 5000

/** Milliseconds to wait before the n-th try (from 1) to reach the host again: quick at first, then every five seconds. */
export function reconnectDelay(attempt: number, random: () => number = Math.random): number {
  const whole = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempt - 1, 10))
  // Some spread, so that several windows do not knock at the same moment.
  return Math.round(whole * (0.8 + 0.4 * random()))
}
