import { readFileSync } from 'node:fs'
import { type Clock, systemClock } from '../core/app.ts'

/** What a host takes for its clock and its network in fault tests. */
export type InjectedFaults = {
  readonly clock: Clock
  hasAddress(): boolean
  /** Milliseconds between looks at the network. */
  readonly lookMs: number
}

const LOOK_MS = 50

/**
 * Reads `HOOKLINE_PRETEND`, the path of a file such as `{"clockAheadMs":86400000,"offline":true}`, which a test may change at any time:
 * the clock then jumps by as much, and the network is gone or back. Only the time jumps; timers go on as they would when somebody sets
 * the computer's clock. For fault tests only; undefined without the variable.
 */
export function injectedFaults(path: string | undefined): InjectedFaults | undefined {
  if (path === undefined || path === '') return undefined
  let aheadMs = 0
  let isOffline = false
  const look = (): void => {
    try {
      const content: unknown = JSON.parse(readFileSync(path, 'utf8'))
      if (typeof content !== 'object' || content === null) return
      aheadMs = 'clockAheadMs' in content ? Number(content.clockAheadMs) : 0
      isOffline = 'offline' in content && content.offline === true
    } catch {
      // It is being written: what was read before holds until the next look.
    }
  }
  look()
  setInterval(look, LOOK_MS).unref()
  return {
    clock: { now: () => systemClock.now() + aheadMs, after: systemClock.after },
    hasAddress: () => !isOffline,
    lookMs: LOOK_MS,
  }
}
