import { insertInterruption } from '../../db/attempts.ts'
import type { Tx } from '../../db/executor.ts'
import { cancelMessages, returnMessage, settleMessage } from '../../db/outbox-messages.ts'
import { getRunState, moveRun } from '../../db/runs.ts'
import { answerStep, answerTo, getWaitingSteps, skipOpenSteps } from '../../db/step-runs.ts'
import { pauseTest } from '../../db/test-runs.ts'
import type { NamedStep, RunReason } from '../../domain/runs/run-reason.ts'
import { isTerminal, NEVER, runTransitions, type WaitFor } from '../../domain/runs/states.ts'
import type { CompiledZap } from '../../domain/zap/graph.ts'
import { portOf } from '../../domain/zap/zap-file.ts'
import type { EndEffects } from '../../signals.ts'
import type { Frame, FrameFailure } from './frame.ts'
import { interruptedAttempt } from './journal-rows.ts'
import { PAUSE_MS } from './paused-steps.ts'
import type { AbortReason, Delivery, Run, StandsBefore } from './run.ts'
import type { EndedRun } from './run-endings.ts'
import { stepKey } from './run-journal.ts'

/** What stands when no step of a run can go on in this delivery. */
export type RunProgress = {
  /** What the run waits for first, and until when. */
  readonly waits: { readonly stepId: string; readonly until: number; readonly for: WaitFor } | null
  readonly paused: StandsBefore | null
  /** The step that let nothing through, such as a filter, when one did. */
  readonly stoppedBy: string | null
  /** Whether nothing got to an end of the zap: what stopped it, stopped all of it. */
  readonly isFiltered: boolean
  /** The zap's time limit for a run, in milliseconds. */
  readonly limitMs: number | null
}

/** How a run ends in this delivery. */
type Ending = {
  readonly state: EndedRun['state']
  readonly reason: RunReason | null
  readonly failure: FrameFailure | null
  /** Whether steps may be open that no worker will go on with. */
  readonly leavesSteps: boolean
}

/** Aborts that end a run for good, as its reasons call them too. */
export type CancelReason = Extract<AbortReason, 'cancelled' | 'abandoned' | 'replaced'>

const abortReasonOf = ({ signal }: Run): AbortReason | null => (signal.aborted ? signal.reason : null)

/** What stands of an idle run. `deadline`: when it has to be over. */
export function progressOf(run: Run, deadline: number): RunProgress {
  const { begun, opened, resting, root, standing, stoppers } = run
  const { zap } = begun
  const first = resting.first()
  const waits =
    first === undefined
      ? null
      : {
          stepId: first.stepId,
          until: Math.min(first.until, deadline),
          for: opened.get(stepKey(first.frame.scope, first.stepId))?.row.wait?.for ?? 'time',
        }
  // Of several the first in the order of the zap, whichever came first this time.
  const stoppedBy = zap.order.find((stepId) => stoppers.has(stepId)) ?? null
  const isFiltered = stoppedBy !== null && !reachedAnEnd(root, zap)
  const stands = [...standing.values()]
  const standsBefore = zap.order.find((id) => stands.some(({ stepId }) => stepId === id))
  const paused = stands.find(({ stepId }) => stepId === standsBefore) ?? null
  return { waits, paused, stoppedBy, isFiltered, limitMs: zap.file.settings?.runTimeoutMs ?? null }
}

/** Whether a step let something through behind which the zap has nothing more to do. */
function reachedAnEnd(root: Frame, zap: CompiledZap): boolean {
  return zap.order.some((stepId) => {
    const ports = root.outcomes.get(stepId)?.ports ?? []
    const compiled = zap.steps.get(stepId)
    if (ports.length === 0 || compiled?.kind !== 'action' || compiled.step.settings?.disabled === true) return false
    return !zap.file.edges.some((edge) => edge.from === stepId && ports.includes(portOf(edge)))
  })
}

/** Writes how a delivery of a run ended, and settles its message or gives it back, in one commit. */
export async function endRun(run: Run, progress: RunProgress, now: number): Promise<Delivery> {
  const { begun, journal, services } = run
  const { message, event } = begun
  const { runId } = message
  const { waits, paused } = progress
  const { review } = run
  const abortReason = abortReasonOf(run)

  if (abortReason === 'lease-lost') return 'returned'
  if (abortReason === 'shutdown') {
    // The journal keeps the interrupted step as running; the next start treats it as it would after a crash.
    await journal.end((tx, lease) => returnMessage(tx, lease, now))
    return 'returned'
  }
  if (abortReason === null && review !== null) {
    const reason = { code: 'cut-off', step: named(run, review.stepId), by: review.cause } as const
    await journal.end((tx, lease) => {
      moveRun(tx, runId, 'needs-review', { reason, finishedAt: null, resumesAt: null })
      return settleMessage(tx, lease, 'delivered', now)
    })
    services.signals.emit('run:changed', [runId])
    services.signals.emit('run:needs-review', runId)
    return 'settled'
  }
  const ending = endingOf(run, progress)
  if (ending === null && paused !== null) {
    const reason = { code: 'paused', step: named(run, paused.stepId), problem: paused.problem } as const
    await journal.end((tx, lease) => {
      moveRun(tx, runId, 'waiting', { reason, finishedAt: null, resumesAt: null })
      pauseTest(tx, runId, now + PAUSE_MS)
      // No message is left in the queue, where it would stand in the way of what comes behind it. To go on makes one.
      return settleMessage(tx, lease, 'delivered', now)
    })
    services.signals.emit('run:changed', [runId])
    return 'settled'
  }
  if (ending === null && waits !== null) {
    const reason = { code: 'waits', step: named(run, waits.stepId), for: waits.for } as const
    await journal.end((tx, lease) => {
      const resumesAt = hasNews(tx, runId, now) ? now : waits.until
      const shownAt = resumesAt === NEVER ? null : resumesAt
      moveRun(tx, runId, 'waiting', { reason, finishedAt: null, resumesAt: shownAt, waitsFor: waits.for })
      return returnMessage(tx, lease, resumesAt)
    })
    services.signals.emit('run:changed', [runId])
    return 'returned'
  }
  const { state, reason, failure, leavesSteps } = ending ?? endOfSteps(run, progress)
  const outcome = ending === null && progress.isFiltered ? 'filtered' : null
  const endedRun: EndedRun = {
    runId,
    zapId: message.zapId,
    zapName: begun.zap.file.name,
    event,
    state,
    reason,
    failure: failure && { ...named(run, failure.stepId), error: failure.error },
    startedAt: begun.startedAt,
    finishedAt: now,
  }
  let effects: EndEffects | undefined
  const ended = journal.end((tx, lease) => {
    if (leavesSteps) leaveSteps(tx, run, now)
    if (state === 'cancelled') cancelMessages(tx, runId, now)
    moveRun(tx, runId, state, { reason, finishedAt: now, resumesAt: null, outcome })
    effects = services.endings.record(tx, endedRun)
    return failure?.exhausted === true
      ? settleMessage(tx, lease, 'dead', now, reason)
      : settleMessage(tx, lease, 'delivered', now)
  })
  run.delivery.leave()
  await ended
  if (effects !== undefined) services.signals.emit('run:ended', effects)
  return 'settled'
}

/** Closes the steps that nothing goes on with. Of one that a crash had cut off, the history of attempts says so. */
function leaveSteps(tx: Tx, { begun }: Run, now: number): void {
  const { runId } = begun.message
  for (const { row } of begun.open.values()) {
    if (row.state === 'running' && !begun.zap.bodies.has(row.stepId)) {
      insertInterruption(tx, runId, interruptedAttempt(row, now))
    }
  }
  skipOpenSteps(tx, runId, now)
}

/** An end that comes before the steps' own; null when there is none. */
function endingOf(run: Run, progress: RunProgress): Ending | null {
  const { endedBy, root } = run
  const { failure } = root
  const abortReason = abortReasonOf(run)
  const open = { failure: null, leavesSteps: true }
  if (abortReason === 'cancelled' || abortReason === 'abandoned' || abortReason === 'replaced') {
    return { ...open, state: 'cancelled', reason: { code: abortReason } }
  }
  if (abortReason === 'timed-out') {
    return { ...open, state: 'failed', reason: { code: 'timed-out', limitMs: progress.limitMs ?? 0 } }
  }
  if (endedBy !== null) {
    const { stepId, as, message } = endedBy
    return { ...open, state: as, reason: { code: 'ended-by', step: named(run, stepId), message } }
  }
  if (failure === null) return null
  const { stepId, error } = failure
  const reason = { code: 'step-failed', step: named(run, stepId), message: error.message } as const
  return { state: 'failed', reason, failure, leavesSteps: true }
}

/** Every step has run, or was passed by. */
function endOfSteps(run: Run, { stoppedBy }: RunProgress): Ending {
  const reason =
    stoppedBy === null
      ? null
      : ({ code: 'stopped-by', step: named(run, stoppedBy), because: whyStopped(run, stoppedBy) } as const)
  return { state: 'succeeded', reason, failure: null, leavesSteps: false }
}

/** Why a step of this kind lets nothing through, where its connector says it. */
function whyStopped({ begun, services }: Run, stepId: string): string | null {
  const connector = services.step.catalogue.find(begun.zap.steps.get(stepId)?.step.uses ?? '')
  return (connector?.kind === 'action' ? connector.stopReason : undefined) ?? null
}

/** A step with its name of now: its card may be called otherwise tomorrow. */
function named({ begun, services }: Run, stepId: string): NamedStep {
  const step = begun.zap.steps.get(stepId)?.step
  return { id: stepId, name: step?.name ?? (step && services.step.catalogue.info(step.uses)?.title) ?? stepId }
}

/** Whether something that the run waits for came while its last lines were being written. */
function hasNews(tx: Tx, runId: string, now: number): boolean {
  // Every one is looked at, as it may have to be answered: the end of a called run found no step waiting.
  const news = getWaitingSteps(tx, runId).filter(({ stepId, scope, wait, nextAttemptAt }) => {
    if (answerTo(wait) !== null || (nextAttemptAt ?? NEVER) <= now) return true
    const called = wait?.for === 'run' ? calledRun(wait.data) : undefined
    const state = called === undefined ? undefined : getRunState(tx, called)
    if (state === undefined || !isTerminal(runTransitions, state)) return false
    return answerStep(tx, { runId, stepId, scope, waitFor: 'run' }, JSON.stringify({ runId: called }))
  })
  return news.length > 0
}

/** The run that a waiting step called, from what it wants to know when it goes on. */
export function calledRun(waitData: string | null): string | undefined {
  const data: unknown = waitData === null ? null : JSON.parse(waitData)
  return typeof data === 'object' && data !== null && 'runId' in data && typeof data.runId === 'string'
    ? data.runId
    : undefined
}
