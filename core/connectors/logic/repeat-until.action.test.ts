import { describe, expect, it } from 'vitest'
import { renderValue, type TemplateScope } from '../../domain/templates/template.ts'
import type { Json } from '../../domain/values/json.ts'
import { logicRepeatUntil } from './repeat-until.action.ts'

const until = { all: [{ left: '{{ job.status }}', op: 'eq', right: 'ready' }] }
const { loop } = logicRepeatUntil

const parse = (input: Record<string, Json> = {}) => logicRepeatUntil.input.parse({ until, ...input })
const isLast = (scope: TemplateScope, input = parse()) =>
  loop?.isLast?.(input, (value, options) => renderValue(value, scope, options))

describe('logic.repeat-until', () => {
  it('plans its rounds one after the other, with a pause between them', () => {
    expect(loop?.plan(parse())).toEqual({ rounds: 10, parallel: 1, onError: 'stop', pauseMs: 0 })
    expect(loop?.plan(parse({ max: 3, pause: '1m30s' }))).toMatchObject({ rounds: 3, pauseMs: 90_000 })
  })

  it('asks after each round what its body gave', () => {
    expect(isLast({ job: { status: 'running' } })).toBe(false)
    expect(isLast({ job: { status: 'ready' } })).toBe(true)
    expect(() => isLast({ job: {} })).toThrow('"job.status" is missing')
    expect(isLast({ job: {} }, parse({ until: { any: [{ left: '{{ job.error }}', op: 'exists' }] } }))).toBe(false)
  })

  it('tells how often it went round, and what came of it', () => {
    const output = loop?.collect(parse(), { results: [1, 2, { status: 'ready' }], errors: [], isDone: true })
    expect(output).toEqual({ rounds: 3, met: true, last: { status: 'ready' } })
    expect(logicRepeatUntil.output.safeParse(output).success).toBe(true)
  })

  it('fails when its rounds are used up, unless it may go on', () => {
    const rounds = { results: [1, null], errors: [], isDone: false }
    expect(() => loop?.collect(parse({ max: 2 }), rounds)).toThrow('did not hold in any of 2 rounds')
    expect(loop?.collect(parse({ max: 2, onMax: 'continue' }), rounds)).toEqual({ rounds: 2, met: false, last: null })
  })

  it.each<[string, Record<string, Json>]>([
    ['no conditions', { until: { all: [] } }],
    ['no round', { max: 0 }],
    ['more rounds than anybody wants', { max: 1_001 }],
    ['a pause that is none', { pause: 'soon' }],
  ])('refuses %s', (_name, input) => {
    expect(logicRepeatUntil.input.safeParse({ until, ...input }).success).toBe(false)
  })
})
