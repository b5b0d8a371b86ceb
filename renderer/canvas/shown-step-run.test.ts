import { describe, expect, it } from 'vitest'
import type { StepRun } from '../../core/contract/values.ts'
import { shownStepRuns } from './shown-step-run.ts'
import { sampleStepRun } from './test-step-run.ts'

const step = (id: string, status: StepRun['status']): StepRun => sampleStepRun({ step: id, status })

describe('shown step runs', () => {
  const steps = [step('hook', 'succeeded'), step('charge', 'running')]
  const shown = (status: 'running' | 'needs-review') => shownStepRuns({ status }, steps).map((one) => one.status)

  it('ask for a look at the step that was cut off, and leave all others as they are', () => {
    expect(shown('needs-review')).toEqual(['succeeded', 'needs-review'])
    expect(shown('running')).toEqual(['succeeded', 'running'])
  })
})
