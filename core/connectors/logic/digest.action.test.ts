import { expect, test } from 'vitest'
import { manualClock } from '../../domain/time/clock.ts'
import type { Json } from '../../domain/values/json.ts'
import { callAction, memoryStore } from '../test-context.ts'
import { logicDigest } from './digest.action.ts'
import { logicOnChange } from './on-change.action.ts'

const START = Date.parse('2026-11-24T09:00:00.000Z')

function world() {
  const clock = manualClock(START)
  const store = memoryStore()
  /** What a run does: "waits 60", "ends", or what it goes on with. */
  async function arrive(run: string, input: Record<string, Json>, isBack = false): Promise<unknown> {
    const waited = isBack ? { data: { gathers: true }, answer: null, since: START } : null
    const outcome = await callAction(logicDigest, input, { clock, store, waited, idempotencyKey: `${run}:step` })
    if ('wait' in outcome) return `waits ${((outcome.wait.until ?? 0) - clock.now()) / 1_000}`
    return outcome.ports?.length === 0 ? 'ends' : outcome.output
  }
  return { clock, arrive }
}

test('after a time one run goes on with the items of all, in their order', async () => {
  const { clock, arrive } = world()
  const input = (item: Json) => ({ item, after: '1m' })
  expect(await arrive('a', input(1))).toBe('waits 60')
  clock.advance(20_000)
  expect(await arrive('b', input({ two: true }))).toBe('ends')
  expect(await arrive('b', input({ two: true }))).toBe('ends')
  expect(await arrive('a', input(1))).toBe('waits 40')
  clock.advance(40_000)
  const all = { items: [1, { two: true }], count: 2, since: '2026-11-24T09:00:00.000Z' }
  expect(await arrive('a', input(1), true)).toEqual(all)
  // A repeat after a crash has the same; the next one begins anew.
  expect(await arrive('a', input(1), true)).toEqual(all)
  expect(await arrive('c', input(3))).toBe('waits 60')
})

test('when the run that waits is gone, the next one that comes goes on with what was gathered', async () => {
  const { clock, arrive } = world()
  await arrive('cancelled', { item: 1, after: '1m' })
  clock.advance(600_000)
  expect(await arrive('b', { item: 2, after: '1m' })).toMatchObject({ items: [1, 2], count: 2 })
  expect(await arrive('cancelled', { item: 1, after: '1m' }, true)).toBe('ends')
})

test('a number of items is reached by the run that brings the last', async () => {
  const { arrive } = world()
  for (const after of [3, '3']) {
    expect(await arrive(`a${after}`, { item: 'a', after, key: `k${typeof after}` })).toBe('ends')
    expect(await arrive(`b${after}`, { item: 'b', after, key: `k${typeof after}` })).toBe('ends')
    expect(await arrive(`c${after}`, { item: 'c', after, key: `k${typeof after}` })).toMatchObject({
      items: ['a', 'b', 'c'],
      count: 3,
    })
  }
  expect(await arrive('x', { item: 1, after: 1 })).toMatchObject({ items: [1] })
})

test('a digest that grows too large goes on early, so that nothing is lost', async () => {
  const { arrive } = world()
  const results: unknown[] = []
  for (let n = 0; n < 6; n++) results.push(await arrive(`r${n}`, { item: 'x'.repeat(250_000), after: '1h' }))
  expect(results.slice(0, 4)).toEqual(['waits 3600', 'ends', 'ends', 'ends'])
  expect(results[4]).toMatchObject({ count: 5 })
  expect(results[5]).toBe('waits 3600')
})

test.each([0, -1, 1_001, '', 'soon', '0s', 1.5])('%j is no time and no number of items', (after) => {
  expect(logicDigest.input.safeParse({ item: 1, after }).success).toBe(false)
})

test('only another value goes on, for each key, and a repeat of the change too', async () => {
  const store = memoryStore()
  const see = async (event: string, value: Json, more: Record<string, Json> = {}) => {
    const outcome = await callAction(logicOnChange, { value, ...more }, { store, eventKey: `${event}:step` })
    if ('wait' in outcome) throw new Error('it never waits')
    return outcome.ports?.length === 0 ? 'same' : outcome.output
  }
  expect(await see('e1', 20)).toEqual({ value: 20, previous: null, first: true })
  expect(await see('e1', 20)).toEqual({ value: 20, previous: null, first: true })
  expect(await see('e2', '20.0')).toBe('same')
  expect(await see('e3', 20.4, { tolerance: 0.5 })).toBe('same')
  expect(await see('e4', 20.6, { tolerance: 0.5 })).toEqual({ value: 20.6, previous: 20, first: false })
  expect(await see('e5', 'on', { key: 'lamp' })).toMatchObject({ first: true })
  expect(await see('e6', { a: 1, b: [2] }, { key: 'o' })).toMatchObject({ first: true })
  expect(await see('e7', { b: [2], a: 1 }, { key: 'o' })).toBe('same')
  expect(await see('e8', null, { key: 'o' })).toEqual({ value: null, previous: { a: 1, b: [2] }, first: false })
})
