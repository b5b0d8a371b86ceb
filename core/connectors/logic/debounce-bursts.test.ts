import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type BurstRule, joinBurst, readBursts, replacedBy } from './debounce-bursts.ts'

/** Lets calls come after these pauses, each coming back when its wait is over; gives who went on, and when it could. */
function simulate(rule: BurstRule, pauses: readonly number[], lateness: number) {
  let bursts = readBursts(undefined)
  let now = 0
  const joined = pauses.map((pause, order) => {
    now += pause
    const by = `run_${order}:debounce`
    const joined = joinBurst(bursts, by, now, rule)
    bursts = joined.bursts
    return { by, at: now, n: joined.n, goesAt: joined.goesAt + lateness }
  })
  return joined.filter(({ by, n }) => replacedBy(bursts, by, n) === null)
}

const pauses = fc.array(fc.integer({ min: 0, max: 300 }), { minLength: 1, maxLength: 60 })
const never = Number.POSITIVE_INFINITY

describe('joinBurst', () => {
  it('lets the last of each burst go on, a window after it', () => {
    const gone = simulate({ windowMs: 100, maxWaitMs: never }, [0, 50, 50, 200, 99], 0)
    expect(gone.map(({ by, goesAt }) => [by, goesAt])).toEqual([
      ['run_2:debounce', 200],
      ['run_4:debounce', 499],
    ])
  })

  it('lets the newest through when a burst does not end', () => {
    const gone = simulate({ windowMs: 100, maxWaitMs: 250 }, [0, 80, 80, 80, 80, 80], 0)
    expect(gone.map(({ by, goesAt }) => [by, goesAt])).toEqual([
      ['run_3:debounce', 250],
      ['run_5:debounce', 500],
    ])
  })

  it('goes on with exactly the calls after which it was quiet, however late they come back', () => {
    fc.assert(
      fc.property(pauses, fc.nat({ max: 10_000 }), (pauses, lateness) => {
        const gone = simulate({ windowMs: 100, maxWaitMs: never }, pauses, lateness)
        const quietAfter = pauses.flatMap((_, n) => ((pauses[n + 1] ?? never) >= 100 ? [`run_${n}:debounce`] : []))
        expect(gone.map(({ by }) => by)).toEqual(quietAfter)
      }),
    )
  })

  it('holds nothing back for longer than maxWait, and lets no two go within a window of each other without need', () => {
    fc.assert(
      fc.property(pauses, (pauses) => {
        const rule = { windowMs: 100, maxWaitMs: 250 }
        const gone = simulate(rule, pauses, 0)
        expect(gone.at(-1)?.by).toBe(`run_${pauses.length - 1}:debounce`)
        let arrived = 0
        for (const pause of pauses) {
          arrived += pause
          const next = gone.find(({ goesAt }) => goesAt >= arrived)
          expect((next?.goesAt ?? 0) - arrived).toBeLessThanOrEqual(rule.maxWaitMs)
        }
      }),
    )
  })

  it('knows a call that a crash cut off, so that it does not become the newest again', () => {
    const rule = { windowMs: 100, maxWaitMs: never }
    const first = joinBurst(readBursts(undefined), 'a', 0, rule)
    const second = joinBurst(first.bursts, 'b', 50, rule)
    const again = joinBurst(second.bursts, 'a', 60, rule)
    expect(again).toEqual({ bursts: second.bursts, n: 1, goesAt: 150 })
    expect(replacedBy(again.bursts, 'a', 1)).toBe('b')
    expect(replacedBy(again.bursts, 'b', 1)).toBeNull()
  })

  it('lets a call go on that nobody remembers', () => {
    expect(replacedBy(readBursts({ bursts: 5 }), 'a', 7)).toBeNull()
  })
})
