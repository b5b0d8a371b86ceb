import type { Knex } from 'knex'
import type { Approval, Attempt, FileChange, RunDetail, RunSummary, StepRun } from '../contract/values.ts'
import type { ApprovalRow } from '../db/approvals.ts'
import type { AttemptRow } from '../db/attempts.ts'
import { findReplayedBy, findReplays, type ReplaysOf } from '../db/replays.ts'
import { findRuns, type RunRow } from '../db/run-rows.ts'
import type { StepRunRow } from '../db/step-runs.ts'
import type { TestRunRow } from '../db/test-runs.ts'
import type { TriggerEventRow } from '../db/trigger-events.ts'
import { storedQuestion } from '../domain/runs/question.ts'
import { reasonText } from '../domain/runs/run-reason.ts'
import { isTerminal, NEVER, runTransitions } from '../domain/runs/states.ts'
import { DEFAULT_RETRY } from '../domain/time/backoff.ts'
import type { Json } from '../domain/values/json.ts'
import { fromStored } from '../domain/values/stored-json.ts'
import type { CompiledZap } from '../domain/zap/graph.ts'
import type { GivenFrom } from '../domain/zap/stepping.ts'
import type { Step } from '../domain/zap/zap-file.ts'
import { calledRun } from '../engine/run/end-run.ts'
import { isPaused } from '../engine/run/paused-steps.ts'
import type { AnswerLink } from '../engine/step-services.ts'
import type { SeenChange } from '../files/put-back.ts'

/** A stored time as the contract says it. */
export const toIso = (ms: number): string => new Date(ms).toISOString()
export const toIsoOrNull = (ms: number | null): string | null => (ms === null || ms >= NEVER ? null : toIso(ms))

/** Runs as lists show them, with what they were replayed as. */
export async function runSummaries(reader: Knex, rows: readonly RunRow[]): Promise<RunSummary[]> {
  const replays = await findReplays(
    reader,
    rows.map((row) => row.id),
  )
  return rows.map((row) => runSummary(row, replays.get(row.id)))
}

/** Runs of which something changed, and those that they were replayed from: what these were replayed as changes with them. */
export async function changedRuns(reader: Knex, ids: readonly string[]): Promise<RunSummary[]> {
  const replayed = await findReplayedBy(reader, ids)
  return runSummaries(reader, await findRuns(reader, [...new Set([...ids, ...replayed])]))
}

function runSummary(row: RunRow, replays: ReplaysOf | undefined): RunSummary {
  return {
    id: row.id,
    zapId: row.zapId,
    zapName: row.zapName,
    version: row.version,
    test: row.isTest,
    status: row.state,
    shownAs: row.outcome ?? row.state,
    reason: row.reason && reasonText(row.reason),
    replayOf: row.replayOfRunId,
    replays: [...(replays?.replays ?? [])],
    replayedAs: replays?.replayedAs ?? null,
    eventId: row.eventId,
    triggerStep: row.triggerStepId,
    startedAt: toIso(row.startedAt),
    finishedAt: toIsoOrNull(row.finishedAt),
    resumesAt: toIsoOrNull(row.resumesAt),
    waitsFor: row.state !== 'waiting' ? null : row.pausedUntil === null ? row.waitsFor : 'pause',
  }
}

/** What is stored of a run. */
export type StoredRun = {
  readonly run: RunRow
  readonly replays: ReplaysOf | undefined
  readonly zap: CompiledZap
  readonly event: TriggerEventRow
  readonly journal: readonly StepRunRow[]
  readonly attempts: readonly AttemptRow[]
  readonly approvals: readonly ApprovalRow[]
  /** What is known of it when it is a test. */
  readonly test: TestRunRow | undefined
  readonly versionName: string | null
  /** The zap's live version. */
  readonly liveVersion: number | null
  readonly answerLink: AnswerLink
  readonly filesChanged: number
}

/** Rounds of a loop of which every one is told; of more rounds only those that did not succeed are. */
const SHOWN_ROUNDS = 200

/** A run with every step of its version: the triggers first, then in the order in which they can run. */
export function runDetail(stored: StoredRun): RunDetail {
  const { run, zap, event, liveVersion } = stored
  const isOver = isTerminal(runTransitions, run.state)
  const rowsOf = Map.groupBy(stored.journal, (row) => row.stepId)
  const failed = Map.groupBy(stored.attempts, (attempt) => `${attempt.scope}/${attempt.stepId}`)
  const given = (id: string): GivenFrom | null => stored.test?.given[id] ?? null
  const triggers = zap.triggers.map((id) => ({ ...triggerRun(id, event), given: given(id) }))
  const actions = zap.order
    .filter((id) => !zap.triggers.includes(id))
    .flatMap((id): StepRun[] => {
      const rows = shownRows(rowsOf.get(id) ?? [])
      if (rows.length === 0) return [untouched(id, isOver ? 'skipped' : 'pending')]
      const step = zap.steps.get(id)?.step
      return rows.map((row) => stepRun(row, step, failed.get(`${row.scope}/${row.stepId}`) ?? [], stored))
    })
  return {
    run: runSummary(run, stored.replays),
    steps: [...triggers, ...actions],
    zap: zap.file,
    versionName: stored.versionName,
    paused: pausedAt(stored),
    filesChanged: stored.filesChanged,
    calledBy: event.parentRunId,
    newestVersion: liveVersion === run.version ? null : liveVersion,
  }
}

function shownRows(rows: readonly StepRunRow[]): readonly StepRunRow[] {
  const ordered = rows.toSorted((a, b) => compareScopes(a.scope, b.scope))
  return ordered.filter((row, index) => index < SHOWN_ROUNDS || (row.state !== 'succeeded' && row.state !== 'skipped'))
}

/** The step before which a test stands: of several the first in the order of the zap. */
function pausedAt({ test, journal, zap }: StoredRun): RunDetail['paused'] {
  if (test?.stepping == null || test.pausedUntil === null) return null
  const standing = journal
    .filter(isPaused)
    .toSorted((a, b) => zap.order.indexOf(a.stepId) - zap.order.indexOf(b.stepId) || compareScopes(a.scope, b.scope))
  const [first] = standing
  if (first === undefined) return null
  const { pauses } = test.stepping
  return { step: first.stepId, scope: first.scope, pauses, until: toIso(test.pausedUntil) }
}

/** Rounds in their order: `2` before `10`, `1.3` before `2`. */
function compareScopes(a: string, b: string): number {
  const [left, right] = [a.split('.'), b.split('.')]
  for (let at = 0; at < Math.max(left.length, right.length); at++) {
    const difference = Number(left[at] ?? -1) - Number(right[at] ?? -1)
    if (difference !== 0) return difference
  }
  return 0
}

function untouched(step: string, status: 'skipped' | 'pending'): StepRun {
  return {
    step,
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

function stepRun(row: StepRunRow, step: Step | undefined, failed: readonly AttemptRow[], stored: StoredRun): StepRun {
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
  const approval = stored.approvals.find((found) => found.stepId === row.stepId && found.scope === row.scope)
  return {
    step: row.stepId,
    scope: row.scope,
    status: row.state,
    given: row.state === 'succeeded' && row.attemptNo === 0 ? (stored.test?.given[row.stepId] ?? 'given') : null,
    input: parseJson(row.input),
    output: parseJson(row.output),
    ports: row.ports === null ? [] : JSON.parse(row.ports),
    startedAt: list[0]?.startedAt ?? null,
    finishedAt: toIsoOrNull(row.finishedAt),
    nextAttemptAt: toIsoOrNull(row.nextAttemptAt),
    waitsFor: isPaused(row) ? 'pause' : row.state === 'waiting' ? (row.wait?.for ?? null) : null,
    approval: approval === undefined ? null : approvalView(approval, stored.run, stored.answerLink),
    calledRunId: row.wait?.for === 'run' ? (calledRun(row.wait.data) ?? null) : null,
    maxAttempts: step?.settings?.retry?.maxAttempts ?? DEFAULT_RETRY.maxAttempts,
    attempts: list,
  }
}

/** A question of a run, as the screens see it. */
export function approvalView(
  row: ApprovalRow,
  zap: { zapId: string; zapName: string },
  answerLink: AnswerLink,
): Approval {
  const { runId, stepId, scope, message, decision, choice, note } = row
  const { fields, answers } = storedQuestion(row.form)
  const isOpen = decision === null && row.linkUntil > 0
  return {
    runId,
    step: stepId,
    scope,
    zapId: zap.zapId,
    zapName: zap.zapName,
    message,
    data: fromStored(row.data),
    question: { fields: [...fields], answers: [...answers] },
    requestedAt: toIso(row.requestedAt),
    expiresAt: toIsoOrNull(row.expiresAt),
    link: isOpen ? { url: answerLink({ runId, stepId, scope }), until: toIso(row.linkUntil) } : null,
    decision,
    choice,
    via: row.via === 'app' || row.via === 'link' ? row.via : null,
    note,
    decidedAt: toIsoOrNull(row.decidedAt),
  }
}

/** What a run did to a file, as the screens see it. */
export function fileChangeView({ change, state, why, to, canRedo }: SeenChange): FileChange {
  const { key, stepId, scope, kind, place, source, keeps, at, undoneAt } = change
  return {
    key,
    step: stepId,
    scope,
    kind,
    path: place,
    from: source,
    replaced: keeps,
    at: toIso(at),
    state,
    why,
    to,
    undoneAt: toIsoOrNull(undoneAt),
    canRedo,
  }
}

/** A stored value. One that was damaged is shown as the text that it is now: better than not to show its run at all. */
function parseJson(text: string | null): Json {
  if (text === null) return null
  try {
    return fromStored(text)
  } catch {
    return text
  }
}
