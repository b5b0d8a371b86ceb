import { describe, expect, it } from 'vitest'
import type { ShownStepRun } from './shown-step-run.ts'
import { shownStatus } from './shown-step-run.ts'
import { stepBadge } from './step-badge.ts'
import { sampleStepRun } from './test-step-run.ts'

const step = { id: 'a', uses: 'data.set', input: {} }
const run = (rest: Partial<ShownStepRun>): ShownStepRun => ({ ...sampleStepRun({}), ...rest })

describe('the mark of a step in a test', () => {
  it.each([
    ['pinned', 'Pinned'],
    ['given', 'Given'],
    ['run', 'Given'],
    ['event', 'Last event'],
    ['connector', 'Example'],
  ] as const)('that was not run but given (%s) is never OK', (given, text) => {
    expect(stepBadge(step, [], run({ given }))).toMatchObject({ kind: 'given', text })
    expect(shownStatus(run({ given }))).toBe('given')
  })

  it('that was run is OK, also beside others that were given', () => {
    expect(stepBadge(step, [], run({}))).toMatchObject({ kind: 'succeeded', text: 'OK' })
  })

  it('before which the test stands is paused', () => {
    const paused = run({ status: 'waiting', waitsFor: 'pause' })
    expect(stepBadge(step, [], paused)).toMatchObject({ kind: 'paused', text: 'Paused' })
    expect(shownStatus(paused)).toBe('paused')
  })

  it('that is pinned stays the pin that it is, unless something went wrong', () => {
    expect(stepBadge(step, [], run({ given: 'pinned' }), true)).toMatchObject({ kind: 'pinned' })
    expect(stepBadge(step, [], run({ status: 'failed' }), true)).toMatchObject({ kind: 'failed' })
  })
})

describe('the mark of a step that is not set up', () => {
  const problem = (field: string) => ({
    code: 'missing',
    message: 'needed',
    step: 'a',
    field,
    severity: 'field' as const,
  })

  it('names the account of an app, when that is missing', () => {
    expect(stepBadge(step, [problem('input.sheet')], undefined)).toMatchObject({ kind: 'todo', text: 'Set up' })
    const both = [problem('input.account'), problem('input.sheet')]
    expect(stepBadge(step, both, undefined)).toMatchObject({ kind: 'todo', text: 'Connect' })
    const chosen = { ...step, input: { account: { $credential: 'gone' } } }
    expect(stepBadge(chosen, both, undefined)).toMatchObject({ text: 'Set up' })
  })
})
