/**
 * Whose turn it is, of zaps whose events have an order: the log is given the next event of a zap when this host has none of that zap in the log or at work.
 * So none can come before another one, also when the log loses what it said it has.
 */
export type Turns = {
  /** An event of this zap waits to be sent. */
  wait(zapId: string): void
  /** Something of a zap has ended, or rests. True when an event of it waits, and is to be looked for. */
  isOver(zapId: string): boolean
  /** As {@link isOver}, of all zaps. */
  areOver(): boolean
  isAnyWaiting(): boolean
  /** Zaps that are to be looked at. They are returned once, until there is a new reason for that. */
  take(): string[]
  /** Nothing of it waits any more. */
  isDone(zapId: string): void
  /** What waits is found anew. */
  clear(): void
}

export function createTurns(): Turns {
  const waiting = new Set<string>()
  const due = new Set<string>()

  return {
    wait(zapId) {
      if (!waiting.has(zapId)) due.add(zapId)
      waiting.add(zapId)
    },
    isOver(zapId) {
      if (waiting.has(zapId)) due.add(zapId)
      return waiting.has(zapId)
    },
    areOver() {
      for (const zapId of waiting) due.add(zapId)
      return waiting.size > 0
    },
    isAnyWaiting: () => waiting.size > 0,
    take() {
      const taken = [...due]
      due.clear()
      return taken
    },
    isDone(zapId) {
      if (!due.has(zapId)) waiting.delete(zapId)
    },
    clear() {
      waiting.clear()
      due.clear()
    },
  }
}
