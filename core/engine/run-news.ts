/** Tells runs that are under way that something they wait for may have come: an answer, or the word not to wait. */
export type RunNews = {
  /** Calls `listener` at each piece of news for a run; the returned function takes that back. */
  listen(runId: string, listener: () => void): () => void
  tell(runId: string): void
}

export function createRunNews(): RunNews {
  const listeners = new Map<string, () => void>()
  return {
    // A run is worked on by one worker at a time, so it has one listener.
    listen(runId, listener) {
      listeners.set(runId, listener)
      return () => {
        if (listeners.get(runId) === listener) listeners.delete(runId)
      }
    },
    tell: (runId) => listeners.get(runId)?.(),
  }
}
