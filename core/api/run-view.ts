import type { Attempt, RunDetail, RunSummary, StepRun } from '../contract/values.ts'
import type { AttemptRow } from '../db/attempts.ts'
import type { RunRow } from '../db/runs.ts'
import type { StepRunRow } from '../db/step-runs.ts'
import type { TriggerEventRow } from '../db/trigger-events.ts'
import { DEFAULT_RETRY } from '../domain/backoff.ts'
import type { CompiledZap } from '../domain/graph.ts'
import type { Json } from '../domain/json.ts'
import { isTerminal, runTransitions } from '../domain/states.ts'
import type { Step } from '../domain/zap-file.ts'

/** A stored time as the contract says it. */
export const toIso = (ms: number): string => new Date(ms).toISOString()
export const toIsoOrNull = (ms: number | null): string | null => (ms === null ? null : toIso(ms))

export function runSummary(row: RunRow): RunSummary {
  return {
    id: row.id,
    zapId: row.zapId,
    zapName: row.zapName,
    version: row.version,
    status: row.state,
    reason: row.reason,
    replayOf: row.replayOfRunId,
    eventId: row.eventId,
    triggerStep: row.triggerStepId,
    startedAt: toIso(row.startedAt),
    finishedAt: toIsoOrNull(row.finishedAt),
    resumesAt: toIsoOrNull(row.resumesAt),
  }
}

/** A run with every step of its version: the triggers first, then in the order in which they can run. */
export function runDetail(
  run: RunRow,
  zap: CompiledZap,
  event: TriggerEventRow,
  journal: readonly StepRunRow[],
  attempts: readonly AttemptRow[],
): RunDetail {
  const isOver = isTerminal(runTransitions, run.state)
  const triggers = zap.triggers.map((id) => triggerRun(id, event))
  const actions = zap.order
    .filter((id) => !zap.triggers.includes(id))
    .flatMap((id): StepRun[] => {
      const step = zap.steps.get(id)?.step
      const rows = journal.filter((row) => row.stepId === id)
      if (rows.length === 0) return [untouched(id, isOver ? 'skipped' : 'pending')]
      return rows.map((row) => stepRun(row, step, attempts))
    })
  return { run: runSummary(run), steps: [...triggers, ...actions], zap: zap.file }
}

function untouched(step: string, status: 'skipped' | 'pending'): StepRun {
  return {
    step,
    scope: '',
    status,
    input: null,
    output: null,
    ports: [],
    startedAt: null,
    finishedAt: null,
    nextAttemptAt: null,
    maxAttempts: null,
    attempts: [],
  }
}

function triggerRun(step: string, event: TriggerEventRow): StepRun {
  if (step !== event.triggerStepId) return untouched(step, 'skipped')
  const at = toIso(event.receivedAt)
  return {
    ...untouched(step, 'skipped'),
    status: 'succeeded',
    output: parseJson(event.data),
    ports: ['main'],
    startedAt: at,
    finishedAt: at,
  }
}

function stepRun(row: StepRunRow, step: Step | undefined, attempts: readonly AttemptRow[]): StepRun {
  const failed = attempts.filter((attempt) => attempt.stepId === row.stepId && attempt.scope === row.scope)
  const list: Attempt[] = failed.map((attempt) => ({
    n: attempt.n,
    startedAt: toIso(attempt.startedAt),
    finishedAt: toIso(attempt.finishedAt),
    error: { code: attempt.errorCode, message: attempt.errorMessage },
  }))
  // The attempt under way, and the one that succeeded, have no row of their own.
  if (row.attemptStartedAt !== null && !failed.some((attempt) => attempt.n === row.attemptNo)) {
    list.push({
      n: row.attemptNo,
      startedAt: toIso(row.attemptStartedAt),
      finishedAt: toIsoOrNull(row.finishedAt),
      error: null,
    })
  }
  return {
    step: row.stepId,
    scope: row.scope,
    status: row.state,
    input: parseJson(row.input),
    output: parseJson(row.output),
    ports: row.ports === null ? [] : JSON.parse(row.ports),
    startedAt: list[0]?.startedAt ?? null,
    finishedAt: toIsoOrNull(row.finishedAt),
    nextAttemptAt: toIsoOrNull(row.nextAttemptAt),
    maxAttempts: step?.settings?.retry?.maxAttempts ?? DEFAULT_RETRY.maxAttempts,
    attempts: list,
  }
}

function parseJson(text: string | null): Json {
  return text === null ? null : JSON.parse(text)
}
