import type { Socket } from 'node:net'
import type { SenderAnswer } from '../connectors/action-context.ts'
import type { Database } from '../db/open.ts'
import { setAnsweredStatus } from '../db/webhook-requests.ts'
import { firstRunId } from '../domain/ids.ts'
import type { AcceptedEvent } from './accept-event.ts'
import type { HeldRequests } from './held-requests.ts'

/** A sender whose answer a step of the run gives, from before its event is stored until it is answered. */
export type WaitingSender = {
  /** The run may begin: from now on a step of it finds the sender. Called again, it changes nothing. */
  expect(eventId: string): void
  /** Resolves with the step's answer; null when the sender is to hear what it would have heard without the step. */
  answerFor(accepted: AcceptedEvent, requestId: number): Promise<SenderAnswer | null>
  /** Its event was not stored, so no run will answer. */
  giveUp(): void
}

/** `ms`: milliseconds that the sender waits at most. Its connection is watched: whoever has gone needs no answer. */
export function createWaitingSender(database: Database, held: HeldRequests, socket: Socket, ms: number): WaitingSender {
  let waiting: { readonly runId: string; readonly answer: Promise<SenderAnswer | null> } | undefined
  const giveUp = (): void => {
    if (waiting !== undefined) held.release(waiting.runId)
  }

  function expect(eventId: string): void {
    const runId = firstRunId(eventId)
    if (waiting?.runId === runId) return
    giveUp()
    waiting = { runId, answer: held.hold(runId, ms) }
  }

  return {
    expect,
    giveUp,
    async answerFor(accepted, requestId) {
      // The run of the first request has its own sender to answer.
      if (accepted.isDuplicate) {
        giveUp()
        return null
      }
      expect(accepted.eventId)
      socket.once('close', giveUp)
      const answer = (await waiting?.answer) ?? null
      socket.off('close', giveUp)
      // The inbox tells what the sender was told. Should this be lost, only that word is.
      if (answer !== null) {
        await database.write((tx) => setAnsweredStatus(tx, requestId, answer.status)).catch(() => undefined)
      }
      return answer
    },
  }
}
