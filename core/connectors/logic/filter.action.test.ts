import { describe, expect, it } from 'vitest'
import { StepError } from '../../domain/runs/step-error.ts'
import type { Json } from '../../domain/values/json.ts'
import { runAction } from '../test-context.ts'
import { logicFilter } from './filter.action.ts'

const scope = { hook: { body: { amount: 50_001, note: null, empty: '', items: ['a'] } } }

const run = (input: Record<string, Json>) => runAction(logicFilter, input, { scope })

describe('logic.filter', () => {
  it.each<[Record<string, Json>, boolean]>([
    [{ all: [{ left: '{{ hook.body.amount }}', op: 'gt', right: '50000' }] }, true],
    [{ all: [{ left: '{{ hook.body.amount }}', op: 'gt', right: '60000' }] }, false],
    [
      {
        any: [
          { left: '{{ hook.body.amount }}', op: 'lt', right: 1 },
          { left: 'a', op: 'in', right: '{{ hook.body.items }}' },
        ],
      },
      true,
    ],
    [{ all: [{ left: '{{ hook.body.nope }}', op: 'exists' }] }, false],
    [{ all: [{ left: '{{ hook.body.nope }}', op: 'not-exists' }] }, true],
    [{ all: [{ left: '{{ hook.body.note }}', op: 'exists' }] }, false],
    [
      {
        all: [
          { left: '{{ hook.body.nope.deeper }}', op: 'is-empty' },
          { left: '{{ hook.body.empty }}', op: 'is-empty' },
        ],
      },
      true,
    ],
    [{ all: [{ any: [{ left: '{{ hook.body.nope | default: 7 }}', op: 'eq', right: '7' }] }] }, true],
  ])('%j passes: %s', async (input, passed) => {
    const result = await run(input)
    expect(result).toMatchObject({ output: { passed }, ports: passed ? ['main'] : [] })
  })

  it('shows what was compared, and what was not looked at as it is written', async () => {
    const skipped = { left: '{{ hook.body.nope }}', op: 'eq', right: 1 }
    const { shownInput } = await run({ all: [{ left: '{{ hook.body.amount }}', op: 'lt', right: '5' }, skipped] })
    expect(shownInput).toEqual({ all: [{ left: 50_001, op: 'lt', right: '5' }, skipped] })
  })

  it('lets "exists" guard the row below it', async () => {
    const guarded = { left: '{{ hook.body.nope }}', op: 'gt', right: 1 }
    expect(await run({ all: [{ left: '{{ hook.body.nope }}', op: 'exists' }, guarded] })).toMatchObject({ ports: [] })
    await expect(run({ all: [guarded] })).rejects.toThrow('"hook.body.nope" is missing')
  })

  it('fails for a pattern that came out broken', async () => {
    const row = { left: 'a', op: 'matches', right: '{{ hook.body.amount }}(' }
    await expect(run({ all: [row] })).rejects.toThrow(StepError)
  })

  it.each<[string, Json]>([
    ['nothing', {}],
    ['no rows', { all: [] }],
    ['both', { all: [{ left: 'a', op: 'exists' }], any: [{ left: 'a', op: 'exists' }] }],
    ['an unknown op', { all: [{ left: 'a', op: 'like', right: 'b' }] }],
    ['no right side', { all: [{ left: 'a', op: 'eq' }] }],
  ])('refuses %s', (_name, input) => {
    expect(logicFilter.input.safeParse(input).success).toBe(false)
  })
})
