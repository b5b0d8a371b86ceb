import { describe, expect, it } from 'vitest'
import { manualClock } from '../../domain/time/clock.ts'
import type { Json } from '../../domain/values/json.ts'
import type { ActionOutcome } from '../action-context.ts'
import { callAction, memoryStore } from '../test-context.ts'
import { logicDebounce } from './debounce.action.ts'

const start = Date.parse('2026-11-24T09:00:00Z')

function debounce(input: Record<string, Json>) {
  const clock = manualClock(start)
  const store = memoryStore()
  const world = (run: number, key: Json) => ({
    store,
    clock,
    scope: { hook: { key } },
    idempotencyKey: `run_${run}:debounce`,
  })
  return {
    clock,
    /** The wait of a run that comes. */
    async arrive(run: number, key: Json = 1) {
      const outcome: ActionOutcome<Json> = await callAction(logicDebounce, input, world(run, key))
      if (!('wait' in outcome)) throw new Error('did not wait')
      return { run, key, data: outcome.wait.data ?? null, until: (outcome.wait.until ?? 0) - start }
    },
    /** How a run ends that is back from its wait. */
    back: ({ run, key, data }: { run: number; key: Json; data: Json }) =>
      callAction(logicDebounce, input, { ...world(run, key), waited: { data, answer: null, since: start } }),
  }
}

const passed = { output: { passed: true, replacedBy: null }, ports: ['main'] }
const replaced = (run: number) => ({ output: { passed: false, replacedBy: `run_${run}` }, ports: [] })

describe('logic.debounce', () => {
  it('lets the last of a burst go on, and ends the others', async () => {
    const { arrive, back, clock } = debounce({ window: '10s' })
    const first = await arrive(1)
    clock.advance(6_000)
    const second = await arrive(2)
    expect([first.until, second.until]).toEqual([10_000, 16_000])
    clock.advance(4_000)
    expect(await back(first)).toEqual(replaced(2))
    clock.advance(6_000)
    expect(await back(second)).toEqual(passed)
  })

  it('begins a new burst when the last one was quiet for long enough, though nobody came back yet', async () => {
    const { arrive, back, clock } = debounce({ window: '10s' })
    const first = await arrive(1)
    clock.advance(10_000)
    const second = await arrive(2)
    expect(await back(first)).toEqual(passed)
    clock.advance(10_000)
    expect(await back(second)).toEqual(passed)
  })

  it('lets the newest through after maxWait', async () => {
    const { arrive, back, clock } = debounce({ window: '10s', maxWait: '15s' })
    const waits = []
    for (let run = 1; run <= 4; run++) {
      waits.push(await arrive(run))
      clock.advance(6_000)
    }
    expect(waits.map(({ until }) => until)).toEqual([10_000, 15_000, 15_000, 28_000])
    const ends = await Promise.all(waits.map(back))
    expect(ends).toEqual([replaced(3), replaced(3), passed, passed])
  })

  it('makes a burst of each key', async () => {
    const { arrive, back, clock } = debounce({ window: '10s', key: '{{ hook.key }}' })
    const waits = [await arrive(1, 'a'), await arrive(2, 'b'), await arrive(3, 'a')]
    clock.advance(10_000)
    expect(await Promise.all(waits.map(back))).toEqual([replaced(3), passed, passed])
  })

  it('does not take a step that a crash cut off for the newest', async () => {
    const { arrive, back, clock } = debounce({ window: '10s' })
    const first = await arrive(1)
    const second = await arrive(2)
    expect(await arrive(1)).toEqual({ ...first, until: second.until })
    clock.advance(10_000)
    expect([await back(first), await back(second), await back(second)]).toEqual([replaced(2), passed, passed])
  })
})
