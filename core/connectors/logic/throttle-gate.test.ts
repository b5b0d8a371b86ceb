import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Gate, type GateRule, readGate, takeTurn } from './throttle-gate.ts'

type Passing = { readonly by: string; readonly at: number }

/** Lets calls come, and come back as late as `lateness` says; gives who passed when. */
function simulate(rule: GateRule, pauses: readonly number[], lateness: (n: number) => number): Passing[] {
  let gate: Gate = readGate(undefined)
  let time = 0
  const due = pauses.map((pause, n) => {
    time += pause
    return { by: `run_${n}:throttle`, at: time, order: n, isBack: false }
  })
  const passed: Passing[] = []
  for (let calls = 0; due.length > 0; calls++) {
    expect(calls).toBeLessThan(100_000)
    due.sort((a, b) => a.at - b.at || a.order - b.order)
    const call = due.shift()
    if (call === undefined) break
    const turn = takeTurn(gate, { by: call.by, now: call.at, isBack: call.isBack }, rule)
    gate = turn.gate
    if (turn.at <= call.at) passed.push({ by: call.by, at: call.at })
    else due.push({ ...call, at: turn.at + lateness(calls), isBack: true })
  }
  return passed
}

/** The most that passed in any window. */
function mostInWindow(passed: readonly Passing[], windowMs: number): number {
  return Math.max(0, ...passed.map(({ at }) => passed.filter((o) => o.at >= at && o.at < at + windowMs).length))
}

const rules = fc.record({ limit: fc.integer({ min: 1, max: 5 }), windowMs: fc.integer({ min: 1, max: 1_000 }) })
const arrivals = fc.array(fc.integer({ min: 0, max: 800 }), { maxLength: 40 })

describe('takeTurn', () => {
  it('lets as many pass at once as the limit says, and gives the others their time in order', () => {
    const passed = simulate({ limit: 2, windowMs: 100 }, [0, 0, 0, 0, 0], () => 0)
    expect(passed.map(({ at }) => at)).toEqual([0, 0, 100, 100, 200])
  })

  it('slides: a place is free a window after the passing that took it', () => {
    const passed = simulate({ limit: 2, windowMs: 100 }, [0, 60, 10, 10], () => 0)
    expect(passed.map(({ at }) => at)).toEqual([0, 60, 100, 160])
  })

  it('never lets more pass in any window, and everybody in the end, in order', () => {
    fc.assert(
      fc.property(rules, arrivals, (rule, pauses) => {
        const passed = simulate(rule, pauses, () => 0)
        expect(mostInWindow(passed, rule.windowMs)).toBeLessThanOrEqual(rule.limit)
        expect(passed.map(({ by }) => by)).toEqual(pauses.map((_, n) => `run_${n}:throttle`))
      }),
    )
  })

  it('never lets more pass in any window however late they come back', () => {
    const lateness = fc.array(fc.integer({ min: 0, max: 5_000 }), { minLength: 1, maxLength: 20 })
    fc.assert(
      fc.property(rules, arrivals, lateness, (rule, pauses, late) => {
        const passed = simulate(rule, pauses, (n) => late[n % late.length] ?? 0)
        expect(mostInWindow(passed, rule.windowMs)).toBeLessThanOrEqual(rule.limit)
        expect(passed.map(({ by }) => by).sort()).toEqual(pauses.map((_, n) => `run_${n}:throttle`).sort())
      }),
    )
  })

  it('keeps the order of those whose time passed while the computer slept', () => {
    const rule = { limit: 1, windowMs: 100 }
    let gate = readGate(undefined)
    const take = (by: string, now: number, isBack: boolean): number => {
      const turn = takeTurn(gate, { by, now, isBack }, rule)
      gate = turn.gate
      return turn.at
    }
    expect(['a', 'b', 'c', 'd'].map((by) => take(by, 0, false))).toEqual([0, 100, 200, 300])
    // It wakes when b and c are overdue, and d is to come soon.
    expect([take('b', 250, true), take('c', 250, true), take('e', 260, false)]).toEqual([250, 350, 450])
    expect(take('d', 300, true)).toBe(450)
    expect([take('d', 450, true), take('e', 450, true)]).toEqual([450, 550])
  })

  it('gives a call that a crash cut off the turn that it had, passed or not', () => {
    const rule = { limit: 1, windowMs: 100 }
    const first = takeTurn(readGate(undefined), { by: 'a', now: 0, isBack: false }, rule)
    const second = takeTurn(first.gate, { by: 'b', now: 10, isBack: false }, rule)
    expect(takeTurn(second.gate, { by: 'a', now: 20, isBack: false }, rule)).toEqual({ gate: second.gate, at: 20 })
    expect(takeTurn(second.gate, { by: 'b', now: 20, isBack: false }, rule)).toEqual({ gate: second.gate, at: 100 })
    expect(takeTurn(second.gate, { by: 'b', now: 500, isBack: false }, rule).at).toBe(500)
  })

  it('is open after anything that it cannot read', () => {
    expect(readGate({ passed: 'yes' })).toEqual({ passed: [], waiting: [] })
  })
})
