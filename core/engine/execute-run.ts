import type { Action } from '../connectors/define.ts'
import { findConnector } from '../connectors/registry.ts'
import type { Database } from '../db/open.ts'
import { DEFAULT_RETRY, nextDelayMs } from '../domain/backoff.ts'
import type { Failpoint } from '../domain/failpoint.ts'
import type { Json } from '../domain/json.ts'
import { StepError, type StepErrorDetails } from '../domain/step-error.ts'
import { ERROR_PORT, MAIN_PORT, portOf, type Step } from '../domain/zap-file.ts'
import type { BegunRun } from './begin-run.ts'
import { endRun } from './end-run.ts'
import { attemptStep, errorOf, errorOutput, prepareStep, TIMEOUT } from './execute-step.ts'
import {
  type AttemptLine,
  doneRow,
  failedAttempt,
  interruptedAttempt,
  runningRow,
  skippedRow,
  waitingRow,
} from './journal-rows.ts'
import { createRunJournal } from './run-journal.ts'
import type { StepServices } from './step-services.ts'

/** What makes a run end before its steps do. */
export type AbortReason = 'cancelled' | 'shutdown' | 'lease-lost'

export type RunServices = {
  readonly database: Database
  readonly step: StepServices
  readonly failpoint: Failpoint
  /** Called whenever the stored state of a run has changed. */
  changed(runId: string): void
}

/** How a step ended in this run, or in the delivery before a crash. */
export type StepOutcome = { readonly ports: readonly string[]; readonly output: Json }

/** What stands when no step of a run can go on in this delivery. */
export type RunProgress = {
  /** Steps that wait for their next attempt, with its time. */
  readonly waiting: ReadonlyMap<string, number>
  readonly failure: { readonly stepId: string; readonly error: StepErrorDetails; readonly exhausted: boolean } | null
  /** The step whose call was cut off and must not be repeated without a person's word, and what cut it off. */
  readonly review: { readonly stepId: string; readonly cause: 'interrupted' | 'timeout' } | null
  /** The filter that let nothing through, when one did. */
  readonly stoppedBy: string | null
  readonly outcomes: ReadonlyMap<string, StepOutcome>
  readonly abortReason: AbortReason | null
}

/**
 * Works on a run until it ends, waits, or is aborted, and settles its outbox message in the same commit as its last line.
 * Steps start as soon as all their inbound edges are settled and at least one of them was taken, so branches run side by side.
 *
 * Before a step with an effect is called, everything before it and its own start are committed. So a resumed run repeats
 * nothing that is done, takes the same branches, and knows which call was interrupted.
 *
 * @throws LeaseLostError when the run has become another worker's; any other error means that nothing was settled.
 */
export async function executeRun(begun: BegunRun, signal: AbortSignal, services: RunServices): Promise<void> {
  const { zap, event, message } = begun
  const { clock } = services.step
  const journal = createRunJournal(services.database, message)
  const outcomes = new Map<string, StepOutcome>()
  const started = new Set<string>()
  const waiting = new Map<string, number>()
  const scope: Record<string, unknown> = Object.create(null)
  let failure: RunProgress['failure'] = null
  let review: RunProgress['review'] = null
  let stoppedBy: string | null = null
  let broken: { error: unknown } | null = null
  let open = 0
  const idle = Promise.withResolvers<void>()

  scope.zap = { id: message.zapId, name: zap.file.name, version: message.version }
  scope.run = { id: message.runId, startedAt: new Date(begun.startedAt).toISOString() }
  scope.env = services.step.env

  const halted = (): boolean => failure !== null || review !== null || broken !== null || signal.aborted

  function settle(stepId: string, outcome: StepOutcome): void {
    outcomes.set(stepId, outcome)
    scope[stepId] = outcome.output
  }

  /** Starts or skips whatever is ready behind the given steps. */
  function advance(from: Iterable<string>): void {
    const queue = [...from]
    for (let stepId = queue.pop(); stepId !== undefined; stepId = queue.pop()) {
      if (halted()) return
      const compiled = zap.steps.get(stepId)
      if (compiled === undefined || started.has(stepId) || outcomes.has(stepId) || compiled.kind === 'trigger') continue
      if (!compiled.inbound.every((edge) => outcomes.has(edge.from))) continue
      const isTaken = compiled.inbound.some((edge) => outcomes.get(edge.from)?.ports.includes(portOf(edge)))
      if (isTaken && compiled.step.settings?.disabled !== true) {
        started.add(stepId)
        open++
        void runStep(stepId)
          .catch((error: unknown) => {
            broken ??= { error }
          })
          .finally(() => {
            open--
            if (open === 0) idle.resolve()
          })
        continue
      }
      const ports = isTaken ? [MAIN_PORT] : []
      journal.step(skippedRow(stepId, ports, clock.now()))
      settle(stepId, { ports, output: null })
      queue.push(...targetsOf(stepId))
    }
  }

  function targetsOf(stepId: string): string[] {
    return [...(zap.steps.get(stepId)?.outbound.values() ?? [])].flat()
  }

  async function runStep(stepId: string): Promise<void> {
    const compiled = zap.steps.get(stepId)
    const before = begun.open.get(stepId)
    if (compiled === undefined) throw new Error(`the step ${stepId} is not part of its zap`)
    if (before?.row.state === 'waiting' && (before.row.nextAttemptAt ?? 0) > clock.now()) {
      waiting.set(stepId, before.row.nextAttemptAt ?? 0)
      return
    }
    const { step } = compiled
    const action = actionOf(step.uses)
    const startedAt = clock.now()
    let line: AttemptLine = { stepId, input: null, attemptNo: (before?.row.attemptNo ?? 0) + 1, startedAt }
    const failures = before?.failures ?? 0
    scope.now = new Date(startedAt).toISOString()

    const prepared = attempt(() => prepareStep(action, step, scope))
    if (prepared.ok) {
      line = { ...line, input: prepared.value.shown }
      const isEffective = prepared.value.effect !== 'none'
      if (before?.row.state === 'running') {
        if (prepared.value.effect === 'unsafe') {
          review = { stepId, cause: 'interrupted' }
          return
        }
        journal.attempt(interruptedAttempt(before.row, startedAt))
      }
      if (isEffective) {
        journal.step(runningRow(line))
        await journal.flush()
        services.changed(message.runId)
        services.failpoint('during-step')
        if (signal.aborted) return
      }
      const context = { scope, idempotencyKey: `${message.runId}:${stepId}`, signal }
      const result = await attempt(() => attemptStep(action, step, prepared.value, context, services.step))
      if (isEffective) services.failpoint('after-effect')
      if (result.ok) {
        const { output, ports, shown } = result.value
        journal.step(doneRow({ ...line, input: shown }, 'succeeded', { ports, output, finishedAt: clock.now() }))
        if (ports.length === 0) stoppedBy = stepId
        settle(stepId, { ports, output })
      } else if (signal.aborted) {
        return
      } else if (prepared.value.effect === 'unsafe' && result.error.code === TIMEOUT) {
        // It may have been done, or still be: that is an interruption like any other.
        journal.attempt(failedAttempt(line, result.error, clock.now()))
        review = { stepId, cause: 'timeout' }
        return
      } else {
        fail(line, result.error, failures)
      }
    } else {
      fail(line, prepared.error, failures)
    }
    advance(targetsOf(stepId))
    // What is done must be durable soon, also while a slow neighbour keeps the run open.
    if (open > 1) await journal.flush()
    services.changed(message.runId)
  }

  function fail(line: AttemptLine, error: StepErrorDetails, earlierFailures: number): void {
    const { stepId } = line
    const { retry, onError } = policyOf(zap.steps.get(stepId)?.step)
    const failures = earlierFailures + 1
    const now = clock.now()
    if (error.retryable && failures < retry.maxAttempts) {
      const nextAttemptAt = now + nextDelayMs({ ...retry, ...error, attempt: failures, random: services.step.random })
      journal.step(waitingRow(line, nextAttemptAt))
      waiting.set(stepId, nextAttemptAt)
    } else {
      const ports = onError === 'stop' ? [] : onError === 'route' ? [ERROR_PORT] : [MAIN_PORT]
      const output = errorOutput(error)
      journal.step(doneRow(line, 'failed', { ports, output, finishedAt: now }))
      if (onError === 'stop') failure ??= { stepId, error, exhausted: error.retryable }
      else settle(stepId, { ports, output })
    }
    journal.attempt(failedAttempt(line, error, now))
  }

  // Take over what is done: the trigger's event, and what an earlier delivery journaled.
  for (const trigger of zap.triggers) {
    const isOurs = trigger === event.triggerStepId
    settle(trigger, isOurs ? { ports: [MAIN_PORT], output: JSON.parse(event.data) } : { ports: [], output: null })
  }
  for (const row of begun.journal) {
    if (row.ports === null) continue
    const outcome: StepOutcome = {
      ports: JSON.parse(row.ports),
      output: row.output === null ? null : JSON.parse(row.output),
    }
    settle(row.stepId, outcome)
    if (row.state === 'succeeded' && outcome.ports.length === 0) stoppedBy = row.stepId
    const { retry, onError } = policyOf(zap.steps.get(row.stepId)?.step)
    if (row.state === 'failed' && onError === 'stop') {
      const exhausted = row.attemptNo >= retry.maxAttempts
      failure ??= { stepId: row.stepId, error: errorOf(outcome.output, exhausted), exhausted }
    }
  }
  open++
  advance(zap.order)
  open--
  if (open > 0) await idle.promise

  const failed = broken as { error: unknown } | null // assigned inside closures, which narrowing does not see
  if (failed !== null) throw failed.error
  const abortReason: AbortReason | null = signal.aborted ? signal.reason : null
  await endRun(begun, journal, { waiting, failure, review, stoppedBy, outcomes, abortReason }, clock.now())
  services.changed(message.runId)
}

/** How often a step is tried and what its failure does, with the defaults filled in. */
function policyOf(step: Step | undefined) {
  const { retry, onError = 'stop' } = step?.settings ?? {}
  const { maxAttempts, baseMs, capMs } = DEFAULT_RETRY
  return {
    onError,
    retry: {
      maxAttempts: retry?.maxAttempts ?? maxAttempts,
      baseMs: retry?.baseMs ?? baseMs,
      capMs: retry?.capMs ?? capMs,
    },
  }
}

type Attempted<T> = { ok: true; value: T } | { ok: false; error: StepErrorDetails }

/** Turns whatever an action or its preparation throws into the details of a step's failure. */
function attempt<T>(work: () => Promise<T>): Promise<Attempted<T>>
function attempt<T>(work: () => T): Attempted<T>
function attempt<T>(work: () => T | Promise<T>): Attempted<T> | Promise<Attempted<T>> {
  const failed = (thrown: unknown): Attempted<T> => ({ ok: false, error: StepError.from(thrown) })
  try {
    const value = work()
    return value instanceof Promise
      ? value.then((result) => ({ ok: true, value: result }), failed)
      : { ok: true, value }
  } catch (thrown) {
    return failed(thrown)
  }
}

function actionOf(uses: string): Action {
  const connector = findConnector(uses)
  if (connector?.kind !== 'action') throw new Error(`${uses} is not an action of this Hookline`)
  return connector
}
