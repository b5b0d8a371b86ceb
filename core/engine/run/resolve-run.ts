import type { Catalogue } from '../../connectors/catalogue.ts'
import { insertInterruption } from '../../db/attempts.ts'
import { handleDeadLetters } from '../../db/dead-letters.ts'
import type { Tx } from '../../db/executor.ts'
import { insertMessage } from '../../db/outbox-messages.ts'
import { getRunForEnd, moveRun } from '../../db/runs.ts'
import { getStepRuns, type StepRunRow, writeStepRun } from '../../db/step-runs.ts'
import type { Json } from '../../domain/values/json.ts'
import { fromStored, toStored } from '../../domain/values/stored-json.ts'
import type { CompiledZap } from '../../domain/zap/graph.ts'
import { MAIN_PORT } from '../../domain/zap/zap-file.ts'
import { interruptedAttempt } from './journal-rows.ts'
import { actionOf, waitedOf } from './run-step.ts'

/** What a person says of a step that was cut off: do it again, or take it for done with this output. */
export type Resolution = { readonly choice: 'run-again' } | { readonly choice: 'mark-done'; readonly output: Json }

/**
 * Lets a run that needs review go on. False when there is no interrupted step that could be taken for done, or when the run does
 * not need review any more; nothing is changed then. The connectors of the zap must be loaded.
 */
export function resolveRun(
  catalogue: Catalogue,
  tx: Tx,
  run: { id: string; version: number },
  zap: CompiledZap,
  resolution: Resolution,
  now: number,
): boolean {
  const stored = getRunForEnd(tx, run.id)
  const cutOff = getStepRuns(tx, run.id).filter((row) => row.state === 'running' && !isLoop(zap, row))
  const unsafe = cutOff.filter((row) => isUnsafe(catalogue, zap, row))
  // A run that was set aside after crashes may have none that is unsafe: then those that were at work are meant.
  const meant = unsafe.length > 0 ? unsafe : cutOff
  if (stored === undefined || (resolution.choice === 'mark-done' && meant.length === 0)) return false
  if (!moveRun(tx, run.id, 'running', { reason: null, finishedAt: null, resumesAt: null })) return false
  for (const row of meant) {
    if (resolution.choice === 'run-again' && waitedOf(row) !== null) {
      // It was going on with what it had waited for, such as a decision: that was given once and is not asked for again.
      writeStepRun(tx, run.id, { ...row, state: 'waiting', nextAttemptAt: now })
      continue
    }
    insertInterruption(tx, run.id, interruptedAttempt(row, now))
    if (resolution.choice === 'mark-done') {
      const ports = JSON.stringify([portOf(catalogue, zap, row)])
      const output = resolution.output === null ? null : toStored(resolution.output)
      writeStepRun(tx, run.id, { ...row, state: 'succeeded', ports, output, finishedAt: now })
    } else {
      const wait = { for: 'retry' as const, since: now }
      writeStepRun(tx, run.id, { ...row, state: 'waiting', nextAttemptAt: now, wait })
    }
  }
  const { zapId, eventId } = stored
  const { version } = run
  insertMessage(tx, { kind: 'resume-run', zapId, version, eventId, runId: run.id, availableAt: now, now })
  handleDeadLetters(tx, zapId, run.id, now)
  return true
}

function isLoop(zap: CompiledZap, row: StepRunRow): boolean {
  return zap.bodies.has(row.stepId)
}

function isUnsafe(catalogue: Catalogue, zap: CompiledZap, row: StepRunRow): boolean {
  const step = zap.steps.get(row.stepId)?.step
  if (step === undefined) return false
  const action = actionOf(catalogue, step.uses)
  if (typeof action.effect !== 'function') return action.effect === 'unsafe'
  const input = action.input.safeParse(fromStored(row.input ?? '{}'))
  return input.success && action.effect(input.data) === 'unsafe'
}

/** The port that a step takes which a person says is done. */
function portOf(catalogue: Catalogue, zap: CompiledZap, row: StepRunRow): string {
  const step = zap.steps.get(row.stepId)?.step
  const ports = step === undefined ? undefined : actionOf(catalogue, step.uses).ports
  return ports?.[0]?.id ?? MAIN_PORT
}
