import type { Signals } from '../../signals.ts'

/** Passes on to runs that are under way that something they wait for may have come: an answer, or the end of a wait. */
export type RunNews = {
  /** Calls `listener` at each piece of news for a run; the returned function takes that back. */
  listen(runId: string, listener: () => void): () => void
}

export function createRunNews(signals: Signals): RunNews {
  const listeners = new Map<string, () => void>()
  signals.on('run:news', (runId) => listeners.get(runId)?.())
  signals.on('run:ended', ({ runIds }) => {
    for (const runId of runIds) listeners.get(runId)?.()
  })
  return {
    // A run is worked on by one worker at a time, so it has one listener.
    listen(runId, listener) {
      listeners.set(runId, listener)
      return () => {
        if (listeners.get(runId) === listener) listeners.delete(runId)
      }
    },
  }
}
