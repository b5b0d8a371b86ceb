import { describe, expect, it } from 'vitest'
import type { Json } from '../../domain/values/json.ts'
import { issueWords } from '../../domain/zap/issue-words.ts'
import { testCatalogue } from '../test-catalogue.ts'
import { logicForEach } from './for-each.action.ts'

const { loop } = logicForEach

describe('logic.for-each', () => {
  it('has a round for each item of any type, in order', () => {
    const items: Json = ['a', { b: 1 }, null]
    expect(loop?.plan(logicForEach.input.parse({ items }))).toEqual({
      rounds: items,
      parallel: 1,
      onError: 'stop',
      pauseMs: 0,
    })
    expect(loop?.plan(logicForEach.input.parse({ items: [], parallel: 50, onItemError: 'collect' }))).toMatchObject({
      rounds: [],
      parallel: 50,
      onError: 'collect',
    })
  })

  it('gives what the rounds gave, and which of them failed', () => {
    const rounds = {
      results: [{ status: 200 }, null],
      errors: [{ index: 1, error: { code: 'http-500', message: 'no' } }],
      isDone: false,
    }
    const output = loop?.collect(logicForEach.input.parse({ items: [1, 2] }), rounds)
    expect(output).toEqual({ results: rounds.results, errors: rounds.errors })
    expect(logicForEach.output.safeParse(output).success).toBe(true)
  })

  it.each<[Json, RegExp]>([
    ['["a", "b"]', /^is text that only reads like a list; .*one \{\{ … \}\}/],
    ['a, b', /^must be a list, but is text; /],
    ['', /^needs a list/],
    [null, /^must be a list, but is empty$/],
    [{ a: 1 }, /^must be a list, but is an object$/],
    [5, /^must be a list, but is a number$/],
    [Array.from({ length: 100_001 }, () => 0), /^has 100,001 items, and a loop takes 100,000 at most/],
  ])('refuses other values', (items, expected) => {
    const result = logicForEach.input.safeParse({ items }, { error: issueWords })
    expect(result.error?.issues.map(({ message }) => message)).toEqual([expect.stringMatching(expected)])
  })

  it('takes 100,000 items, and leaves what a template will give to the run', () => {
    expect(logicForEach.input.safeParse({ items: Array.from({ length: 100_000 }, () => ({ id: 1 })) }).success).toBe(
      true,
    )
    expect(testCatalogue.info('logic.for-each')?.checkInput({ items: '{{ hook.body.orders }}' })).toEqual([])
    expect(testCatalogue.info('logic.for-each')?.checkInput({})).toMatchObject([
      { path: ['items'], message: 'is needed' },
    ])
  })
})
