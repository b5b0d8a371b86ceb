import { type Minute, totals } from './throughput-words.ts'

/** A minute as it is drawn, in parts of the height: what succeeded stands on the line, what failed hangs from it. */
export type SparkBar = { readonly up: number; readonly down: number }

/** Nothing that happened is drawn smaller than this: one failure among a thousand is what a person looks for. */
const LEAST = 0.08

/**
 * The bars of some minutes and where their line is, in parts of the height from the top. Both ways have one scale, as far as the smallest
 * bars can be seen.
 */
export function sparkBars(minutes: readonly Minute[]): { readonly line: number; readonly bars: readonly SparkBar[] } {
  const most = (of: 'succeeded' | 'failed'): number => Math.max(0, ...minutes.map((minute) => minute[of]))
  const all = most('succeeded') + most('failed')
  if (all === 0) return { line: 1, bars: minutes.map(() => ({ up: 0, down: 0 })) }
  const { succeeded, failed } = totals(minutes)
  const least = (count: number): number => (count === 0 ? 0 : LEAST)
  const line = Math.min(Math.max(most('succeeded') / all, least(succeeded)), 1 - least(failed))
  const share = (count: number, room: number): number =>
    count === 0 ? 0 : Math.min(room, Math.max(least(count), count / all))
  return {
    line,
    bars: minutes.map((minute) => ({ up: share(minute.succeeded, line), down: share(minute.failed, 1 - line) })),
  }
}
