import type { StepRun } from '../../core/contract/values.ts'

/** A step of a run that succeeded and has nothing else to tell, but for what the test says. */
export const sampleStepRun = (part: Partial<StepRun>): StepRun => ({
  step: 'a',
  scope: '',
  status: 'succeeded',
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
  ...part,
})
