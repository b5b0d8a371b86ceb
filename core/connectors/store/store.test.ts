import { expect, test } from 'vitest'
import { temporaryDatabase } from '../../db/test-database.ts'
import { StepError } from '../../domain/runs/step-error.ts'
import { manualClock } from '../../domain/time/clock.ts'
import type { Json } from '../../domain/values/json.ts'
import { createMemories } from '../../engine/memory.ts'
import { runAction } from '../test-context.ts'
import { store } from './store.family.ts'

/** Steps of zaps over one real database. */
function world() {
  const clock = manualClock(Date.parse('2026-11-24T09:00:00Z'))
  const memoryOf = createMemories(temporaryDatabase(), clock)
  let steps = 0
  async function run(
    name: string,
    input: Record<string, Json>,
    { zap = 'zap_1', by = `run_${++steps}:step` } = {},
  ): Promise<Json> {
    const action = store.connectors.find(({ id }) => id === `store.${name}`)
    if (action?.kind !== 'action') throw new Error(`there is no store.${name}`)
    return (await runAction(action, input, { memory: memoryOf(zap, by), clock })).output
  }
  const failure = (name: string, input: Record<string, Json>) =>
    run(name, input).then(
      () => 'nothing',
      (error: unknown) =>
        error instanceof StepError ? `${error.details.code}: ${error.details.message}` : String(error),
    )
  return { clock, run, failure }
}

test('a value is kept for its zap, or for all, until it is forgotten', async () => {
  const { run } = world()
  expect(await run('get', { key: 'a' })).toEqual({ value: null, existed: false })
  expect(await run('get', { key: 'a', default: [] })).toEqual({ value: [], existed: false })
  expect(await run('set', { key: 'a', value: { b: [1, null] } })).toEqual({ value: { b: [1, null] }, existed: false })
  expect(await run('set', { key: 'a', value: null })).toEqual({ value: null, existed: true })
  expect(await run('get', { key: 'a', default: 1 })).toEqual({ value: null, existed: true })
  expect(await run('get', { key: 'a' }, { zap: 'zap_2' })).toEqual({ value: null, existed: false })
  await run('set', { key: 'a', value: 'shared', scope: 'all' })
  expect(await run('get', { key: 'a', scope: 'all' }, { zap: 'zap_2' })).toEqual({ value: 'shared', existed: true })
  expect(await run('delete', { key: 'a' })).toEqual({ value: null, existed: true })
  expect(await run('delete', { key: 'a' })).toEqual({ value: null, existed: false })
  for (const key of ['__proto__', 'constructor', '💾', 7, { a: 1 }]) {
    await run('set', { key, value: key })
    expect(await run('get', { key })).toEqual({ value: key, existed: true })
  }
})

test('counting gives each run a number of its own, and a repeat the same again', async () => {
  const { run, failure } = world()
  const numbers = await Promise.all(Array.from({ length: 50 }, () => run('increment', { key: 'n' })))
  expect(numbers).toEqual(Array.from({ length: 50 }, (_, n) => ({ value: n + 1, existed: n > 0 })))
  for (let again = 0; again < 3; again++) {
    expect(await run('increment', { key: 'n', by: -0.5 }, { by: 'run_x:step' })).toEqual({ value: 49.5, existed: true })
  }
  await run('set', { key: 'text', value: ' 41 ' })
  expect(await run('increment', { key: 'text', by: '1' })).toEqual({ value: 42, existed: true })
  await run('set', { key: 'list', value: [] })
  expect(await failure('increment', { key: 'list' })).toBe(
    'bad-input: "list" is a list or an object, which nothing can be added to: it must be a number.',
  )
  expect(await failure('increment', { key: 'n', by: 'x' })).toMatch(/^bad-input: "by" is "x"/)
})

test('counting is exact, and says when there is no such number', async () => {
  const { run, failure } = world()
  const sum = async (value: Json, by: Json): Promise<Json> => {
    await run('set', { key: 'n', value })
    return run('increment', { key: 'n', by })
  }
  for (const [value, by, total] of [
    ['9007199254740993', 1, 9007199254740994],
    ['9007199254740993', 2, '9007199254740995'],
    [9007199254740992, 1, '9007199254740993'],
    [0.1, 0.2, 0.3],
    ['0.1', '-0.3', -0.2],
    ['12345678901234567890.5', 1, '12345678901234567891.5'],
    [null, '9007199254740993', '9007199254740993'],
  ] as const) {
    expect(await sum(value ?? 0, by)).toEqual({ value: total, existed: true })
  }
  for (const [value, by] of [
    [1.7e308, 1.7e308],
    [-1.7e308, -1.7e308],
    [1, '1e400'],
    ['1e999999', 1],
  ] as const) {
    await run('set', { key: 'n', value })
    expect(await failure('increment', { key: 'n', by })).toMatch(
      /^bad-input: "n" is \S+, to which \S+ cannot be added: the sum is larger/,
    )
    expect(await run('get', { key: 'n' })).toEqual({ value, existed: true })
  }
})

test('a list keeps its last items, and an item is added once however often the step is repeated', async () => {
  const { run, failure } = world()
  for (const value of ['a', 'b', 'c'])
    for (let again = 0; again < 2; again++) await run('append', { key: 'l', value, limit: 2 }, { by: `run_${value}:s` })
  expect(await run('get', { key: 'l' })).toEqual({ value: ['b', 'c'], existed: true })
  await run('set', { key: 'l', value: 'text' })
  expect(await failure('append', { key: 'l', value: 1 })).toBe(
    'bad-input: What is kept as "l" is no list: use another name, or forget it first.',
  )
  expect(await failure('set', { key: 'l', value: 'x'.repeat(300_000) })).toMatch(
    /^too-large: What would be kept as "l" has more than 256 KB/,
  )
  expect(await failure('append', { key: 'new', value: 'x'.repeat(300_000) })).toMatch(/^too-large/)
  expect(await run('get', { key: 'new' })).toEqual({ value: null, existed: false })
  expect(await failure('set', { key: '', value: 1 })).toMatch(/needs a name/)
})

test('what has its time is forgotten then, and changing it without saying one leaves its time', async () => {
  const { run, clock } = world()
  await run('increment', { key: 'n', ttl: '1h' })
  clock.advance(30 * 60_000)
  expect(await run('increment', { key: 'n' })).toEqual({ value: 2, existed: true })
  clock.advance(30 * 60_000)
  expect(await run('increment', { key: 'n' })).toEqual({ value: 1, existed: false })
  await run('set', { key: 'n', value: 1, ttl: '1m' })
  await run('set', { key: 'n', value: 2 })
  clock.advance(3_600_000)
  expect(await run('get', { key: 'n' })).toEqual({ value: 2, existed: true })
})
