import { type AttemptRow, INTERRUPTED } from '../db/attempts.ts'
import type { StepRunRow } from '../db/step-runs.ts'
import type { Json } from '../domain/json.ts'
import type { StepErrorDetails } from '../domain/step-error.ts'

/** An attempt under way or just ended. `input` is null when it could not even be rendered. */
export type AttemptLine = {
  readonly stepId: string
  readonly input: Json
  readonly attemptNo: number
  readonly startedAt: number | null
}

function row(line: AttemptLine): Omit<StepRunRow, 'state'> {
  return {
    stepId: line.stepId,
    scope: '',
    ports: null,
    input: line.input === null ? null : JSON.stringify(line.input),
    output: null,
    attemptNo: line.attemptNo,
    attemptStartedAt: line.startedAt,
    finishedAt: null,
    nextAttemptAt: null,
  }
}

/** The step is being attempted. */
export function runningRow(line: AttemptLine): StepRunRow {
  return { ...row(line), state: 'running' }
}

/** The attempt failed; the next one is due at `nextAttemptAt`. */
export function waitingRow(line: AttemptLine, nextAttemptAt: number): StepRunRow {
  return { ...row(line), state: 'waiting', nextAttemptAt }
}

/** The step is done, and these of its ports were taken. */
export function doneRow(
  line: AttemptLine,
  state: 'succeeded' | 'failed',
  result: { ports: readonly string[]; output: Json; finishedAt: number },
): StepRunRow {
  const output = result.output === null ? null : JSON.stringify(result.output)
  return { ...row(line), state, ports: JSON.stringify(result.ports), output, finishedAt: result.finishedAt }
}

/** The step was passed by. A disabled step is passed through: it takes its port although it did nothing. */
export function skippedRow(stepId: string, ports: readonly string[], finishedAt: number): StepRunRow {
  const line = { stepId, input: null, attemptNo: 0, startedAt: null }
  return { ...row(line), state: 'skipped', ports: JSON.stringify(ports), finishedAt }
}

/** The attempt's error, for the history of attempts. */
export function failedAttempt(line: AttemptLine, error: StepErrorDetails, finishedAt: number): AttemptRow {
  return {
    stepId: line.stepId,
    scope: '',
    n: line.attemptNo,
    startedAt: line.startedAt ?? finishedAt,
    finishedAt,
    errorCode: error.code,
    errorMessage: error.message,
  }
}

/** An attempt that the end of the process cut off, written when its run is resumed. */
export function interruptedAttempt(before: StepRunRow, now: number): AttemptRow {
  return {
    stepId: before.stepId,
    scope: before.scope,
    n: before.attemptNo,
    startedAt: before.attemptStartedAt ?? now,
    finishedAt: now,
    errorCode: INTERRUPTED,
    errorMessage: 'Hookline stopped during this attempt.',
  }
}
