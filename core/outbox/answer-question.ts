import { type ApprovalAt, type Decided, decideApproval } from '../db/approvals.ts'
import { wakeMessage } from '../db/outbox-messages.ts'
import { answerStep } from '../db/step-runs.ts'
import type { Clock } from '../domain/time/clock.ts'
import type { JsonObject } from '../domain/values/json.ts'
import type { Outbox } from './outbox.ts'

/**
 * Answers what a run asks a person, and lets the run go on, in one transaction: of two answers one counts, and after a crash there is the whole of
 * it or nothing. `fields` are what was filled in. Resolves with false when the question was answered before, its time is over, or its run has
 * ended.
 */
export async function answerQuestion(
  services: {
    readonly outbox: Pick<Outbox, 'resume'>
    readonly clock: Clock
    /** JSON of a value, in which what is large is kept as a file. */
    pack(value: JsonObject): string | Promise<string>
  },
  run: { readonly id: string; readonly zapId: string },
  at: ApprovalAt,
  decided: Decided & { readonly fields: JsonObject },
): Promise<boolean> {
  const { decision, choice, note, via, fields } = decided
  const packed = await services.pack(fields)
  return services.outbox.resume(run, (tx) => {
    // Within the transaction, so that it is before or after the end of the question's time as the database sees it.
    const now = services.clock.now()
    if (!decideApproval(tx, at, { decision, choice, note, via }, now)) return false
    const word = JSON.stringify({ decision: choice ?? decision, note, decidedAt: new Date(now).toISOString(), via })
    const answer = `${word.slice(0, -1)},"fields":${packed}}`
    if (!answerStep(tx, { ...at, waitFor: 'person' }, answer)) {
      throw new Error(`the step ${at.stepId} of ${at.runId} asks, and does not wait for an answer`)
    }
    wakeMessage(tx, at.runId, now)
    return true
  })
}
