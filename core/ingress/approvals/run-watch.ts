import type { Clock } from '../../domain/time/clock.ts'
import type { Signals } from '../../signals.ts'

/** Waits a moment for something that a run does. */
export type RunWatch = {
  /** Asks `look` now and whenever something of the run changed, until it finds something; null when it does not within `ms` milliseconds. */
  until<T>(runId: string, look: () => Promise<T | null>, ms: number): Promise<T | null>
  /** Lets go of all that is waited for. */
  close(): void
}

/** Pages that may be held open at once for a run to go on; more are answered with what there is. */
const MOST = 200

export function createRunWatch(clock: Clock, signals: Signals): RunWatch {
  const watching = new Set<{ readonly runId: string; changed(): void; over(): void }>()
  const tell = (runIds: readonly string[]): void => {
    if (watching.size === 0) return
    for (const one of [...watching]) if (runIds.includes(one.runId)) one.changed()
  }
  signals.on('run:changed', tell)
  signals.on('run:needs-review', (runId) => tell([runId]))
  signals.on('run:ended', ({ runId }) => tell([runId]))

  return {
    async until(runId, look, ms) {
      if (watching.size >= MOST) return look()
      let hasChanged = true
      let isOver = false
      let wake = (): void => undefined
      const one = {
        runId,
        changed() {
          hasChanged = true
          wake()
        },
        over() {
          isOver = true
          wake()
        },
      }
      watching.add(one)
      const cancel = clock.after(ms, one.over)
      try {
        for (;;) {
          hasChanged = false
          const found = await look()
          if (found !== null || isOver) return found
          if (hasChanged) continue
          await new Promise<void>((resolve) => {
            wake = resolve
          })
        }
      } finally {
        cancel()
        watching.delete(one)
      }
    },
    close() {
      for (const one of [...watching]) one.over()
    },
  }
}
