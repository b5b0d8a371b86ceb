import { insertInterruption } from '../db/attempts.ts'
import type { Tx } from '../db/executor.ts'
import { cancelMessages, returnMessage, settleMessage } from '../db/outbox-messages.ts'
import { getRunState, moveRun } from '../db/runs.ts'
import { answerStep, getWaitingSteps, skipOpenSteps } from '../db/step-runs.ts'
import { pauseTest } from '../db/test-runs.ts'
import { formatDuration } from '../domain/duration.ts'
import { isTerminal, NEVER, runTransitions, type WaitFor } from '../domain/states.ts'
import type { EndEffects } from '../signals.ts'
import type { FrameFailure } from './frame.ts'
import { interruptedAttempt } from './journal-rows.ts'
import { PAUSE_MS } from './paused-steps.ts'
import type { EndedRun } from './run-endings.ts'
import type { AbortReason, Delivery, EndedByStep, Review, RunWork } from './run-work.ts'

/** What stands when no step of a run can go on in this delivery. */
export type RunProgress = {
  /** What the run waits for first, and until when. */
  readonly waits: { readonly stepId: string; readonly until: number; readonly for: WaitFor } | null
  /** The step before which a test stands still, and why its input cannot be filled in, if it cannot. */
  readonly paused: { readonly stepId: string; readonly problem: string | null } | null
  readonly failure: FrameFailure | null
  readonly review: Review | null
  /** The step that let nothing through, such as a filter, when one did. */
  readonly stoppedBy: string | null
  /** Whether nothing got to an end of the zap: what stopped it, stopped all of it. */
  readonly isFiltered: boolean
  readonly ended: EndedByStep | null
  readonly abortReason: AbortReason | null
  /** The zap's time limit for a run, in milliseconds. */
  readonly limitMs: number | null
}

/** How a run ends in this delivery. */
type Ending = {
  readonly state: EndedRun['state']
  readonly reason: string | null
  readonly failure: FrameFailure | null
  /** Whether steps may be open that nobody will go on with. */
  readonly leavesSteps: boolean
}

/** What a run that was cancelled says of it. */
export const CANCEL_REASONS = {
  cancelled: 'Cancelled by you.',
  abandoned: 'The run that called it has ended.',
  replaced: 'A newer event took its place.',
} satisfies Partial<Record<AbortReason, string>>

/** Writes how a delivery of a run ended, and settles its message or gives it back, in one commit. */
export async function endRun(work: RunWork, progress: RunProgress, now: number): Promise<Delivery> {
  const { begun, journal, services } = work
  const { message, event } = begun
  const { runId } = message
  const { abortReason, review, waits, paused } = progress

  if (abortReason === 'lease-lost') return 'returned'
  if (abortReason === 'shutdown') {
    // The journal keeps the interrupted step as running; the next start treats it as it would after a crash.
    await journal.end((tx, lease) => returnMessage(tx, lease, now))
    return 'returned'
  }
  if (abortReason === null && review !== null) {
    const cause = review.cause === 'timeout' ? 'took too long' : 'was at work when Hookline stopped'
    const reason = `The step ${nameOf(work, review.stepId)} ${cause}, and repeating it could do it twice: look whether it was done.`
    await journal.end((tx, lease) => {
      moveRun(tx, runId, 'needs-review', { reason, finishedAt: null, resumesAt: null })
      return settleMessage(tx, lease, 'delivered', now, reason)
    })
    services.signals.emit('run:needs-review', runId)
    return 'settled'
  }
  const ending = endingOf(work, progress)
  if (ending === null && paused !== null) {
    const why = paused.problem === null ? '' : ` Its input cannot be filled in: ${paused.problem}`
    const reason = `Paused before the step ${nameOf(work, paused.stepId)}.${why}`
    await journal.end((tx, lease) => {
      moveRun(tx, runId, 'waiting', { reason, finishedAt: null, resumesAt: null })
      pauseTest(tx, runId, now + PAUSE_MS)
      // No message is left in the queue, where it would stand in the way of what comes behind it. Whoever goes on makes one.
      return settleMessage(tx, lease, 'delivered', now)
    })
    return 'settled'
  }
  if (ending === null && waits !== null) {
    const reason = waitReason(waits.for, nameOf(work, waits.stepId))
    await journal.end((tx, lease) => {
      const resumesAt = hasNews(tx, runId, now) ? now : waits.until
      const shownAt = resumesAt === NEVER ? null : resumesAt
      moveRun(tx, runId, 'waiting', { reason, finishedAt: null, resumesAt: shownAt, waitsFor: waits.for })
      return returnMessage(tx, lease, resumesAt, reason)
    })
    return 'returned'
  }
  const { state, reason, failure, leavesSteps } = ending ?? endOfSteps(work, progress)
  const outcome = ending === null && progress.isFiltered ? 'filtered' : null
  const run: EndedRun = {
    runId,
    zapId: message.zapId,
    zapName: begun.zap.file.name,
    event,
    state,
    reason,
    failure: failure && { id: failure.stepId, name: titleOf(work, failure.stepId), error: failure.error },
    startedAt: begun.startedAt,
    finishedAt: now,
  }
  let effects: EndEffects | undefined
  const ended = journal.end((tx, lease) => {
    if (leavesSteps) leaveSteps(tx, work, now)
    if (state === 'cancelled') cancelMessages(tx, runId, now)
    moveRun(tx, runId, state, { reason, finishedAt: now, resumesAt: null, outcome })
    effects = services.endings.record(tx, run)
    return settleMessage(tx, lease, failure?.exhausted === true ? 'dead' : 'delivered', now, failure && reason)
  })
  work.delivery.leave()
  await ended
  if (effects !== undefined) services.signals.emit('run:ended', effects)
  return 'settled'
}

/** Closes the steps that nothing goes on with. Of one that a crash had cut off, the history of attempts says so. */
function leaveSteps(tx: Tx, { begun }: RunWork, now: number): void {
  const { runId } = begun.message
  for (const { row } of begun.open.values()) {
    if (row.state === 'running' && !begun.zap.bodies.has(row.stepId)) {
      insertInterruption(tx, runId, interruptedAttempt(row, now))
    }
  }
  skipOpenSteps(tx, runId, now)
}

/** An end that comes before the steps' own; null when there is none. */
function endingOf(work: RunWork, progress: RunProgress): Ending | null {
  const { abortReason, ended, failure } = progress
  const open = { failure: null, leavesSteps: true }
  if (abortReason === 'cancelled' || abortReason === 'abandoned' || abortReason === 'replaced') {
    return { ...open, state: 'cancelled', reason: CANCEL_REASONS[abortReason] }
  }
  if (abortReason === 'timed-out') {
    const limit = formatDuration(progress.limitMs ?? 0)
    return { ...open, state: 'failed', reason: `The run took longer than its zap allows (${limit}).` }
  }
  if (ended !== null) {
    const reason = ended.message ?? `Ended by the step ${nameOf(work, ended.stepId)}.`
    return { ...open, state: ended.as, reason }
  }
  if (failure === null) return null
  const reason = `The step ${nameOf(work, failure.stepId)} failed: ${failure.error.message}`
  return { state: 'failed', reason, failure, leavesSteps: true }
}

/** Every step has run, or was passed by. */
function endOfSteps(work: RunWork, { stoppedBy }: RunProgress): Ending {
  const reason = stoppedBy === null ? null : `Stopped by ${nameOf(work, stoppedBy)}${whyStopped(work, stoppedBy)}.`
  return { state: 'succeeded', reason, failure: null, leavesSteps: false }
}

function whyStopped({ begun, services }: RunWork, stepId: string): string {
  const connector = services.step.catalogue.find(begun.zap.steps.get(stepId)?.step.uses ?? '')
  const reason = connector?.kind === 'action' ? connector.stopReason : undefined
  return reason === undefined ? '' : `: ${reason}`
}

/** A step as its card says it, and as templates say it. */
function nameOf(work: RunWork, stepId: string): string {
  return `"${titleOf(work, stepId)}" (${stepId})`
}

function titleOf({ begun, services }: RunWork, stepId: string): string {
  const step = begun.zap.steps.get(stepId)?.step
  return step?.name ?? (step && services.step.catalogue.info(step.uses)?.title) ?? stepId
}

function waitReason(what: WaitFor, step: string): string {
  switch (what) {
    case 'retry':
      return `The step ${step} failed and will be tried again.`
    case 'time':
      return `The step ${step} waits for its time.`
    case 'person':
      return `The step ${step} waits for somebody's decision.`
    case 'run':
      return `The step ${step} waits for the run that it called.`
    case 'network':
      return `The step ${step} waits for the network.`
  }
}

/** Whether something that the run waits for came while its last lines were being written. */
function hasNews(tx: Tx, runId: string, now: number): boolean {
  // Every one is looked at, as it may have to be answered: the end of a called run found nobody waiting.
  const news = getWaitingSteps(tx, runId).filter(({ stepId, scope, wait, nextAttemptAt }) => {
    if (wait?.answer != null || (nextAttemptAt ?? NEVER) <= now) return true
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
