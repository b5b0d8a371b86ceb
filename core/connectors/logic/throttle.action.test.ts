import { describe, expect, it } from 'vitest'
import { manualClock } from '../../domain/time/clock.ts'
import type { Json } from '../../domain/values/json.ts'
import type { StepStore, Waited } from '../action-context.ts'
import { callAction, memoryStore } from '../test-context.ts'
import { logicThrottle } from './throttle.action.ts'

const start = Date.parse('2026-11-24T09:00:00Z')
const passed = { output: { passed: true }, ports: ['main'] }
const waitsUntil = (time: string) => ({ wait: { for: 'time', until: Date.parse(time), data: { until: time } } })

function throttle(input: Record<string, Json>, store: StepStore = memoryStore()) {
  const clock = manualClock(start)
  const call = (run: number, scope: Record<string, Json> = {}, waited: Waited | null = null) =>
    callAction(logicThrottle, input, { store, clock, waited, scope, idempotencyKey: `run_${run}:throttle` })
  return { call, clock }
}

const back: Waited = { data: null, answer: null, since: start }

describe('logic.throttle', () => {
  it('lets one pass, and the others wait for their turn', async () => {
    const { call, clock } = throttle({ window: '1m' })
    expect(await call(1)).toEqual(passed)
    expect(await call(2)).toEqual(waitsUntil('2026-11-24T09:01:00.000Z'))
    expect(await call(3)).toEqual(waitsUntil('2026-11-24T09:02:00.000Z'))
    clock.advance(60_000)
    expect(await call(2, {}, back)).toEqual(passed)
    clock.advance(60_000)
    expect(await call(3, {}, back)).toEqual(passed)
  })

  it('ends those that are too many', async () => {
    const { call, clock } = throttle({ limit: 2, window: '1m', mode: 'drop' })
    expect([await call(1), await call(2)]).toEqual([passed, passed])
    expect(await call(3)).toEqual({ output: { passed: false }, ports: [] })
    clock.advance(60_000)
    expect(await call(4)).toEqual(passed)
  })

  it('counts each key for itself, whatever its type', async () => {
    const { call } = throttle({ window: '1m', mode: 'drop', key: '{{ hook.customer }}' })
    expect(await call(1, { hook: { customer: 7 } })).toEqual(passed)
    expect(await call(2, { hook: { customer: 8 } })).toEqual(passed)
    expect(await call(3, { hook: { customer: '7' } })).toMatchObject({ output: { passed: false } })
  })

  it('gives a step that a crash cut off the turn that it had', async () => {
    const { call } = throttle({ window: '1m' })
    expect([await call(1), await call(1)]).toEqual([passed, passed])
    expect(await call(2)).toEqual(waitsUntil('2026-11-24T09:01:00.000Z'))
    expect(await call(2)).toEqual(waitsUntil('2026-11-24T09:01:00.000Z'))
    expect(await call(3)).toEqual(waitsUntil('2026-11-24T09:02:00.000Z'))
  })

  it('is remembered for longer than it limits anybody', async () => {
    const expiries: number[] = []
    const store = memoryStore()
    const { call } = throttle(
      { window: '2d' },
      {
        update: (key, change) =>
          store.update(key, (value) => {
            const changed = change(value)
            expiries.push(changed.expiresAt)
            return changed
          }),
      },
    )
    await call(1)
    await call(2)
    expect(expiries.map((at) => at - start > 2 * 86_400_000)).toEqual([true, true])
  })

  it.each<[string, Json]>([
    ['no window', {}],
    ['a window without time', { window: '0s' }],
    ['no limit', { window: '1m', limit: 0 }],
    ['a payload as its key', { window: '1m', key: 'x'.repeat(1_001) }],
  ])('refuses %s', (_name, input) => {
    expect(logicThrottle.input.safeParse(input).success).toBe(false)
  })
})
