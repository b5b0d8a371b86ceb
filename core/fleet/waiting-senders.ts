import type { SenderAnswer } from '../connectors/action-context.ts'
import type { Log } from '../domain/host/log.ts'
import type { Clock } from '../domain/time/clock.ts'
import type { FleetLog } from './log.ts'
import { ask, writeSenderAnswer } from './questions.ts'

/** Senders that wait at another host for the answer of a step here. */
export type WaitingSenders = {
  note(runId: string, origin: string): void
  /** Hands an answer to the host that holds the request. False when no such host is known, or it cannot be reached. */
  answer(runId: string, answer: SenderAnswer): boolean
}

/** No sender waits for longer. */
const HELD_MS = 600_000

export function createWaitingSenders(config: {
  readonly clock: Clock
  readonly log: Log
  connection(): FleetLog | undefined
}): WaitingSenders {
  const origins = new Map<string, string>()
  return {
    note(runId, origin) {
      origins.set(runId, origin)
      config.clock.after(HELD_MS, () => origins.delete(runId))
    },
    answer(runId, answer) {
      const origin = origins.get(runId)
      const log = config.connection()
      if (origin === undefined || log === undefined) return false
      origins.delete(runId)
      ask(log, origin, { ask: 'respond', runId, answer: writeSenderAnswer(answer) }).catch((error: unknown) =>
        config.log.warn('The answer of a step did not reach the host that holds its request.', {
          run: runId,
          error: String(error),
        }),
      )
      return true
    },
  }
}
