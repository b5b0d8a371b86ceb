/** Requests that a person waits for in the editor, whether or not a zap listens at their path. */
export type Captures = {
  /** Resolves when the next request has come to a path and is in the inbox; rejects when `signal` aborts. */
  next(path: string, signal: AbortSignal | undefined): Promise<void>
  /** Whether a person waits for a request at this path. */
  isWaiting(path: string): boolean
  /** To be called when a request to this path is in the inbox. */
  came(path: string): void
}

export function createCaptures(): Captures {
  const waiting = new Map<string, Set<() => void>>()

  function forget(path: string, resolve: () => void): void {
    const all = waiting.get(path)
    all?.delete(resolve)
    if (all?.size === 0) waiting.delete(path)
  }

  return {
    next(path, signal) {
      const { promise, resolve, reject } = Promise.withResolvers<void>()
      waiting.set(path, (waiting.get(path) ?? new Set()).add(resolve))
      const give = (): void => reject(signal?.reason)
      if (signal?.aborted === true) give()
      signal?.addEventListener('abort', give, { once: true })
      return promise.finally(() => {
        signal?.removeEventListener('abort', give)
        forget(path, resolve)
      })
    },
    isWaiting: (path) => waiting.size > 0 && waiting.has(path),
    came(path) {
      if (waiting.size === 0) return
      for (const resolve of waiting.get(path) ?? []) resolve()
    },
  }
}
