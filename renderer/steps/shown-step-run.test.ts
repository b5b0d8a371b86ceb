import { describe, expect, it } from 'vitest'
import type { StepRun } from '../../core/contract/values.ts'
import { shownStepRuns } from './shown-step-run.ts'
import { sampleStepRun } from './test-step-run.ts'

const step = (id: string, status: StepRun['status'], more: Partial<StepRun> = {}): StepRun =>
  sampleStepRun({ step: id, status, ...more })

describe('shown step runs', () => {
  const steps = [step('hook', 'succeeded'), step('charge', 'running')]
  const shown = (status: 'running' | 'needs-review') =>
    shownStepRuns({ status, shownAs: status }, steps, []).map((one) => one.status)

  it('ask for a look at the step that was cut off, and leave all others as they are', () => {
    expect(shown('needs-review')).toEqual(['succeeded', 'needs-review'])
    expect(shown('running')).toEqual(['succeeded', 'running'])
  })

  it('name what let nothing through, where that stopped the run, and nothing else', () => {
    const rows = [
      step('hook', 'succeeded', { ports: ['main'] }),
      step('gate', 'succeeded', { ports: [] }),
      step('inside', 'succeeded', { ports: [], scope: '0' }),
      step('after', 'skipped'),
    ]
    const statuses = (shownAs: 'filtered' | 'succeeded') =>
      shownStepRuns({ status: 'succeeded', shownAs }, rows, []).map((one) => one.status)
    expect(statuses('filtered')).toEqual(['succeeded', 'filtered', 'succeeded', 'skipped'])
    expect(statuses('succeeded')).toEqual(['succeeded', 'succeeded', 'succeeded', 'skipped'])
  })

  it('say of a step that is written down only when it is done that it is under way', () => {
    const taken = { ports: ['main'], finishedAt: '2026-11-27T09:00:00.000Z' }
    const edges = [
      { from: 'hook', to: 'size' },
      { from: 'size', port: 'large', to: 'ask' },
      { from: 'size', port: 'else', to: 'log' },
      { from: 'ask', to: 'tell' },
    ]
    const hook = step('hook', 'succeeded', taken)
    const size = step('size', 'succeeded', { ...taken, ports: ['large'] })
    const rest = ['ask', 'log', 'tell'].map((id) => step(id, 'pending'))
    const underWay = (status: 'running' | 'waiting', ...rows: StepRun[]) =>
      shownStepRuns({ status, shownAs: status }, rows, edges)
        .filter((one) => one.status === 'running')
        .map((one) => [one.step, one.startedAt])
    expect(underWay('running', hook, step('size', 'pending'), ...rest)).toEqual([['size', taken.finishedAt]])
    expect(underWay('running', hook, size, ...rest)).toEqual([['ask', taken.finishedAt]])
    expect(underWay('running', hook, size, step('ask', 'waiting'), ...rest.slice(1))).toEqual([])
    expect(underWay('waiting', hook, size, ...rest)).toEqual([])
  })

  it('say nothing of the steps of a loop that had no rounds', () => {
    const loop = step('each', 'succeeded', { ports: ['each', 'done'] })
    const steps = [loop, step('body', 'pending'), step('after', 'pending')]
    const edges = [
      { from: 'each', port: 'each', to: 'body' },
      { from: 'each', port: 'done', to: 'after' },
    ]
    const shown = shownStepRuns({ status: 'running', shownAs: 'running' }, steps, edges)
    expect(shown.map((one) => one.status)).toEqual(['succeeded', 'pending', 'running'])
  })
})
