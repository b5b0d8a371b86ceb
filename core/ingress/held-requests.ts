import type { SenderAnswer } from '../connectors/action-context.ts'
import type { Clock } from '../domain/time/clock.ts'
import type { Signals } from '../signals.ts'

/** Requests whose answer a step of their run gives. Their events are stored; what is held is only the word to the sender. */
export type HeldRequests = {
  /** Resolves with the answer of the run's step, or with null when none comes within `ms` milliseconds or any more. */
  hold(runId: string, ms: number): Promise<SenderAnswer | null>
  /** Answers the request of a run. False when no sender waits for it (any more). */
  answer(runId: string, answer: SenderAnswer): boolean
  /** Whether a sender waits for it. */
  has(runId: string): boolean
  /** No answer will come: the run has ended, or its sender has gone. */
  release(runId: string): void
  /** Lets go of all, as when the host stops; what is held from now on is let go of at once. */
  close(): void
}

export function createHeldRequests(clock: Clock, signals: Signals): HeldRequests {
  const held = new Map<string, (answer: SenderAnswer | null) => void>()
  let isClosed = false

  function settle(runId: string, answer: SenderAnswer | null): boolean {
    const resolve = held.get(runId)
    held.delete(runId)
    resolve?.(answer)
    return resolve !== undefined
  }

  // The step that would have answered was never reached, or is not gone on with for now.
  signals.on('run:ended', ({ runId }) => settle(runId, null))
  signals.on('run:needs-review', (runId) => settle(runId, null))

  return {
    hold(runId, ms) {
      if (isClosed) return Promise.resolve(null)
      const { promise, resolve } = Promise.withResolvers<SenderAnswer | null>()
      held.set(runId, resolve)
      const cancel = clock.after(ms, () => settle(runId, null))
      return promise.finally(cancel)
    },
    answer: settle,
    has: (runId) => held.has(runId),
    release: (runId) => void settle(runId, null),
    close() {
      isClosed = true
      for (const runId of [...held.keys()]) settle(runId, null)
    },
  }
}
