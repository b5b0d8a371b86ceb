import type { Tx } from '../../db/executor.ts'
import { insertMessage } from '../../db/outbox-messages.ts'
import { getWaitingSteps, releaseStep, type StepRunRow } from '../../db/step-runs.ts'
import { overdueTests, unpauseTest } from '../../db/test-runs.ts'
import type { RunReason } from '../../domain/runs/run-reason.ts'
import { NEVER } from '../../domain/runs/states.ts'
import type { CompiledStep } from '../../domain/zap/graph.ts'
import { type Stepping, stopsBefore } from '../../domain/zap/stepping.ts'
import { journaledInput } from '../step-secrets.ts'
import { beginStep, type Frame } from './frame.ts'
import { pausedRow } from './journal-rows.ts'
import type { Run } from './run.ts'
import { stepKey } from './run-journal.ts'
import { actionOf, prepare } from './run-step.ts'

/** Milliseconds after which a paused test ends unless a person goes on with it. */
export const PAUSE_MS = 30 * 60_000

/** A step before which a test stands still: it waits, and for nothing that comes by itself. */
export const isPaused = (row: StepRunRow): boolean => row.state === 'waiting' && row.wait === null

/**
 * Whether a run stops before a step now. One that was let go on is begun as if nothing had been: it is taken off the steps that are
 * known to be open.
 */
export function stopsHere(run: Run, frame: Frame, stepId: string): boolean {
  const { stepping } = run.begun
  if (stepping === undefined) return false
  const key = stepKey(frame.scope, stepId)
  const row = run.opened.get(key)?.row
  if (row === undefined) return stopsBefore(stepping, stepId)
  if (!isPaused(row)) return false
  if (row.nextAttemptAt === NEVER) return true
  run.opened.delete(key)
  return false
}

/**
 * Notes that the run stands before a step, with the input that the step would get. Returns why there is none, when its templates cannot be
 * filled in or its action would not take it.
 */
export async function pauseBefore(run: Run, frame: Frame, { step }: CompiledStep): Promise<string | null> {
  const { journal, services, opened } = run
  beginStep(frame, services.step.clock.now())
  const action = actionOf(services.step.catalogue, step.uses)
  const secrets = await services.step.secretsOf(run.begun.zap)
  const prepared = await prepare(action, step, frame, services.step)
  const shown = prepared.ok ? journaledInput(secrets, action, prepared.value.shown) : null
  const input = prepared.ok ? await services.step.values.pack(shown) : null
  const row = pausedRow({ stepId: step.id, scope: frame.scope, input, attemptNo: 0, startedAt: null })
  journal.step(row)
  opened.set(stepKey(frame.scope, step.id), { row, failures: 0, timedOut: false })
  return prepared.ok ? null : prepared.error.message
}

/** A run that is paused, and the step that it is to go on with. */
export type PausedAt = {
  readonly run: { readonly id: string; readonly zapId: string; readonly version: number; readonly eventId: string }
  readonly stepId: string
  readonly scope: string
}

/**
 * Lets a paused run go on with one of the steps before which it stands, and from there as `stepping` says. False when it does not stand
 * there (any more); nothing is changed then.
 */
export function goOn(tx: Tx, { run, stepId, scope }: PausedAt, stepping: Stepping, now: number): boolean {
  const standing = getWaitingSteps(tx, run.id).filter(isPaused)
  const isChosen = (row: StepRunRow): boolean => row.stepId === stepId && row.scope === scope
  if (!standing.some(isChosen) || !unpauseTest(tx, run.id, stepping)) return false
  for (const row of standing) {
    if (isChosen(row) || !stopsBefore(stepping, row.stepId)) releaseStep(tx, { runId: run.id, ...row })
  }
  const { zapId, version, eventId } = run
  insertMessage(tx, { kind: 'resume-run', zapId, version, eventId, runId: run.id, availableAt: now, now })
  return true
}

/** Ends the paused tests that were left alone for too long. Returns which. */
export function endOverdueTests(
  tx: Tx,
  now: number,
  end: (runId: string, end: { state: 'cancelled'; reason: RunReason; now: number }) => void,
): readonly string[] {
  const overdue = overdueTests(tx, now)
  const reason = { code: 'left-alone', minutes: PAUSE_MS / 60_000 } as const
  for (const runId of overdue) end(runId, { state: 'cancelled', reason, now })
  return overdue
}
