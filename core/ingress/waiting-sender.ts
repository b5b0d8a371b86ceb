import type { Socket } from 'node:net'
import type { SenderAnswer } from '../connectors/action-context.ts'
import type { Database } from '../db/open.ts'
import { setAnsweredStatus } from '../db/webhook-requests.ts'
import type { AcceptedEvent } from '../domain/runs/incoming-event.ts'
import type { HeldRequests } from './held-requests.ts'

/** A sender whose answer a step of the run gives, from before its event is stored until it is answered. */
export type WaitingSender = {
  /** Resolves with the step's answer; null when the sender is to hear what it would have heard without the step. */
  answerFor(accepted: AcceptedEvent, requestId: number): Promise<SenderAnswer | null>
  /** Its event was not stored, so no run will answer. */
  giveUp(): void
}

/**
 * From now on a step of the run finds the sender. It waits `ms` milliseconds at most. Its connection is watched: a sender that has gone
 * needs no answer.
 */
export function createWaitingSender(
  database: Database,
  held: HeldRequests,
  { runId, socket, ms }: { readonly runId: string; readonly socket: Socket; readonly ms: number },
): WaitingSender {
  const answered = held.hold(runId, ms)
  const giveUp = (): void => held.release(runId)

  return {
    giveUp,
    async answerFor(accepted, requestId) {
      // The run of the first request has its own sender to answer.
      if (accepted.isDuplicate) {
        giveUp()
        return null
      }
      socket.once('close', giveUp)
      const answer = await answered
      socket.off('close', giveUp)
      // The inbox tells what the sender was told. Should this be lost, only that is.
      if (answer !== null) {
        await database.write((tx) => setAnsweredStatus(tx, requestId, answer.status)).catch(() => undefined)
      }
      return answer
    },
  }
}
