import { describe, expect, it } from 'vitest'
import type { StepRun } from '../../core/contract/values.ts'
import { shownStepRuns } from './shown-step-run.ts'

const step = (id: string, status: StepRun['status']): StepRun => ({
  step: id,
  scope: '',
  status,
  given: null,
  input: null,
  output: null,
  ports: [],
  startedAt: null,
  finishedAt: null,
  nextAttemptAt: null,
  waitsFor: null,
  approval: null,
  calledRunId: null,
  maxAttempts: null,
  attempts: [],
})

describe('shown step runs', () => {
  const steps = [step('hook', 'succeeded'), step('charge', 'running')]
  const shown = (status: 'running' | 'needs-review') => shownStepRuns({ status }, steps).map((one) => one.status)

  it('ask for a look at the step that was cut off, and leave all others as they are', () => {
    expect(shown('needs-review')).toEqual(['succeeded', 'needs-review'])
    expect(shown('running')).toEqual(['succeeded', 'running'])
  })
})
