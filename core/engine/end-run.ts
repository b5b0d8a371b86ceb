import { findConnector } from '../connectors/registry.ts'
import { cancelMessages, returnMessage, settleMessage } from '../db/outbox-messages.ts'
import { moveRun } from '../db/runs.ts'
import { skipOpenSteps } from '../db/step-runs.ts'
import type { BegunRun } from './begin-run.ts'
import type { RunProgress } from './execute-run.ts'
import type { RunJournal } from './run-journal.ts'

/** Writes how a delivery of a run ended, and settles its message, in one commit. */
export async function endRun(begun: BegunRun, journal: RunJournal, progress: RunProgress, now: number): Promise<void> {
  const { message, zap } = begun
  const { runId } = message
  const nameOf = (stepId: string): string => {
    const step = zap.steps.get(stepId)?.step
    // As its card says it, and as templates say it.
    return `"${step?.name ?? (step && findConnector(step.uses)?.title) ?? stepId}" (${stepId})`
  }

  if (progress.abortReason === 'lease-lost') return
  if (progress.abortReason === 'shutdown') {
    // The journal keeps the interrupted step as running; the next start treats it as it would after a crash.
    return journal.end((tx) => returnMessage(tx, message, now))
  }
  if (progress.abortReason === 'cancelled') {
    return journal.end((tx) => {
      skipOpenSteps(tx, runId, now)
      cancelMessages(tx, runId, now)
      moveRun(tx, runId, 'cancelled', { reason: 'Cancelled by you.', finishedAt: now, resumesAt: null })
      return settleMessage(tx, message, 'delivered', now)
    })
  }
  const { review, failure } = progress
  if (review !== null) {
    const cause = review.cause === 'timeout' ? 'took too long' : 'was at work when Hookline stopped'
    const reason = `The step ${nameOf(review.stepId)} ${cause}, and repeating it could do it twice: look whether it was done.`
    return journal.end((tx) => {
      moveRun(tx, runId, 'needs-review', { reason, finishedAt: null, resumesAt: null })
      return settleMessage(tx, message, 'delivered', now, reason)
    })
  }
  if (failure !== null) {
    const reason = `The step ${nameOf(failure.stepId)} failed: ${failure.error.message}`
    return journal.end((tx) => {
      skipOpenSteps(tx, runId, now)
      moveRun(tx, runId, 'failed', { reason, finishedAt: now, resumesAt: null })
      return settleMessage(tx, message, failure.exhausted ? 'dead' : 'delivered', now, reason)
    })
  }
  if (progress.waiting.size > 0) {
    const [first] = [...progress.waiting].sort((a, b) => a[1] - b[1])
    const [stepId, resumesAt] = first ?? ['', now]
    const reason = `The step ${nameOf(stepId)} failed and will be tried again.`
    return journal.end((tx) => {
      moveRun(tx, runId, 'waiting', { reason, finishedAt: null, resumesAt })
      return returnMessage(tx, message, resumesAt, reason)
    })
  }
  const reason =
    progress.stoppedBy === null ? null : `Stopped by ${nameOf(progress.stoppedBy)}: its conditions were not met.`
  return journal.end((tx) => {
    moveRun(tx, runId, 'succeeded', { reason, finishedAt: now, resumesAt: null })
    return settleMessage(tx, message, 'delivered', now)
  })
}
