import { expect, test } from 'vitest'
import type { JsonObject } from '../../domain/values/json.ts'
import { memoryStore, runAction } from '../test-context.ts'
import { cryptoRandom } from './random.action.ts'

const chosenBy = async (input: JsonObject, world: Parameters<typeof runAction>[2] = {}) => {
  const { output } = await runAction(cryptoRandom, { ...input }, world)
  return Object(output).value
}

test('a step that is repeated finds what it chose, and another run chooses anew', async () => {
  const store = memoryStore()
  for (const kind of ['uuid', 'ulid', 'token']) {
    const first = await chosenBy({ kind }, { store, idempotencyKey: `run_1:${kind}` })
    expect(await chosenBy({ kind }, { store, idempotencyKey: `run_1:${kind}` })).toBe(first)
    expect(await chosenBy({ kind }, { store, idempotencyKey: `run_2:${kind}` })).not.toBe(first)
  }
})

test.each<[JsonObject, RegExp]>([
  [{}, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/],
  [{ kind: 'ulid' }, /^[0-9A-HJKMNP-TV-Z]{26}$/],
  [{ kind: 'token' }, /^[A-Za-z2-9]{32}$/],
  [{ kind: 'token', length: '6' }, /^[A-Za-z2-9]{6}$/],
])('%j is of its form', async (input, form) => {
  expect(await chosenBy(input)).toMatch(form)
})

test('numbers reach both ends, and nothing beyond', async () => {
  const seen = new Set<unknown>()
  for (let at = 0; at < 400; at++) {
    seen.add(await chosenBy({ kind: 'number', min: -1, max: 1 }, { idempotencyKey: `run_${at}:x` }))
  }
  expect([...seen].sort()).toEqual([-1, 0, 1])
  expect(await chosenBy({ kind: 'number', min: 500, max: 500 })).toBe(500)
  expect(await chosenBy({ kind: 'number', min: 500 })).toBeGreaterThanOrEqual(500)
  expect(await chosenBy({ kind: 'number', max: -5 })).toBeLessThanOrEqual(-5)
})

test.each<[JsonObject, string]>([
  [{ kind: 'number', min: 5, max: 4 }, 'must not be smaller than 5'],
  [{ kind: 'number', min: 0, max: 9_007_199_254_740_991 }, 'is too far from the smallest'],
  [{ kind: 'number', min: 'many' }, 'must be a whole number'],
  [{ kind: 'token', length: 5_000 }, 'must be at most 1000'],
])('%j is refused, and it says why', (input, reason) => {
  expect(cryptoRandom.input.safeParse(input).error?.issues[0]?.message).toBe(reason)
})
