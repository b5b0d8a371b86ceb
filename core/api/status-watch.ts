import type { Status } from '../contract/values.ts'
import type { Log } from '../domain/host/log.ts'
import type { Clock } from '../domain/time/clock.ts'
import type { SignalMap, Signals } from '../signals.ts'

/** Milliseconds between two looks at most: a tray is no meter. */
const PAUSE_MS = 1_000

/** Where something that the status says may have become another. */
const NEWS = [
  'status:changed',
  'run:changed',
  'run:ended',
  'run:needs-review',
  'incidents:opened',
  'pause:changed',
] as const satisfies readonly (keyof SignalMap)[]

/** Makes what tells a host's tray how things are. Nothing is read while nothing listens. */
export function createStatusWatch(config: {
  readonly clock: Clock
  readonly log: Log
  readonly signals: Signals
  status(): Promise<Status>
}): { watch(listener: (status: Status) => void): () => void; stop(): void } {
  const { clock, log, signals } = config
  const listeners = new Set<(status: Status) => void>()
  let state: 'idle' | 'looking' | 'again' = 'idle'

  function look(): void {
    if (listeners.size === 0) return
    if (state !== 'idle') {
      state = 'again'
      return
    }
    state = 'looking'
    config
      .status()
      .then(
        (status) => {
          for (const listener of listeners) listener(status)
        },
        (error: unknown) => log.warn('How things are could not be read.', { error: String(error) }),
      )
      .finally(() =>
        clock.after(PAUSE_MS, () => {
          const isAgain = state === 'again'
          state = 'idle'
          if (isAgain) look()
        }),
      )
  }

  for (const name of NEWS) signals.on(name, look)
  return {
    watch(listener) {
      listeners.add(listener)
      look()
      return () => void listeners.delete(listener)
    },
    stop: () => listeners.clear(),
  }
}
