import { z } from 'zod'
import type { EndRun } from '../../connectors/action-context.ts'
import { type AttemptRow, INTERRUPTED } from '../../db/attempts.ts'
import type { StepRunRow, StepWait } from '../../db/step-runs.ts'
import { NEVER, type RunState } from '../../domain/runs/states.ts'
import type { StepErrorDetails } from '../../domain/runs/step-error.ts'

/** An attempt under way or just ended. `input` is JSON text, null when it could not even be rendered. */
export type AttemptLine = {
  readonly stepId: string
  readonly scope: string
  readonly input: string | null
  readonly attemptNo: number
  readonly startedAt: number | null
}

function row(line: AttemptLine): Omit<StepRunRow, 'state'> {
  return {
    stepId: line.stepId,
    scope: line.scope,
    ports: null,
    input: line.input,
    output: null,
    attemptNo: line.attemptNo,
    attemptStartedAt: line.startedAt,
    finishedAt: null,
    nextAttemptAt: null,
    wait: null,
    exhausted: false,
    endsRun: null,
  }
}

/** The step is being attempted. */
export function runningRow(line: AttemptLine): StepRunRow {
  return { ...row(line), state: 'running' }
}

/** The step rests until `until`, or until its wait is answered. */
export function waitingRow(line: AttemptLine, until: number, wait: StepWait): StepRunRow {
  return { ...row(line), state: 'waiting', nextAttemptAt: until, wait }
}

/** A test stands before the step, until a person lets it go on: nothing is waited for that comes by itself. */
export function pausedRow(line: AttemptLine): StepRunRow {
  return { ...row(line), state: 'waiting', nextAttemptAt: NEVER }
}

/**
 * The step is done, and these of its ports were taken. `output` is JSON text. `exhausted` and `endRun` say what that means for the run,
 * which a resumed one reads here.
 */
export function doneRow(
  line: AttemptLine,
  state: 'succeeded' | 'failed',
  result: {
    ports: readonly string[]
    output: string
    finishedAt: number
    exhausted?: boolean
    endRun?: EndRun | undefined
  },
): StepRunRow {
  const { ports, finishedAt, exhausted = false, endRun } = result
  const output = result.output === 'null' ? null : result.output
  const endsRun = endRun === undefined ? null : JSON.stringify(endRun)
  return { ...row(line), state, ports: portsText(ports), output, finishedAt, exhausted, endsRun }
}

/** The step was passed by. A disabled step is passed through: it takes its port although it did nothing. */
export function skippedRow(stepId: string, scope: string, ports: readonly string[], finishedAt: number): StepRunRow {
  const line = { stepId, scope, input: null, attemptNo: 0, startedAt: null }
  return { ...row(line), state: 'skipped', ports: portsText(ports), finishedAt }
}

/** Nearly every step takes its one port. */
function portsText(ports: readonly string[]): string {
  return ports.length === 1 && ports[0] === 'main' ? '["main"]' : JSON.stringify(ports)
}

/** The attempt's error, for the history of attempts. */
export function failedAttempt(line: AttemptLine, error: StepErrorDetails, finishedAt: number): AttemptRow {
  return {
    stepId: line.stepId,
    scope: line.scope,
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

/** How a run ends by the word of one of its steps. */
export type EndedByStep = {
  readonly stepId: string
  readonly as: Extract<RunState, 'succeeded' | 'failed'>
  readonly message: string | null
}

/** The step by which the journal says that its run was ended, though others are still open; the first one of several. */
export function endedByStep(journal: readonly StepRunRow[]): EndedByStep | null {
  const [row] = journal
    .filter(({ endsRun }) => endsRun !== null)
    .sort((a, b) => (a.finishedAt ?? 0) - (b.finishedAt ?? 0))
  return row?.endsRun == null ? null : { stepId: row.stepId, ...endRunSchema.parse(JSON.parse(row.endsRun)) }
}

const endRunSchema = z.object({ as: z.enum(['succeeded', 'failed']), message: z.string().nullable() })
