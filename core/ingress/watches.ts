import type { DesktopEvents, SystemEvents, WatchContext } from '../connectors/trigger-sources.ts'
import { isZapEnabled } from '../db/zaps.ts'
import type { Log } from '../domain/host/log.ts'
import type { Clock } from '../domain/time/clock.ts'
import type { Outbox } from '../outbox/outbox.ts'
import type { At } from './live-triggers.ts'

/** A trigger that watches by itself. `spec` is its configuration as text: another text is another watch. */
export type LiveWatch = At & {
  readonly spec: string
  begin(context: Omit<WatchContext<unknown>, 'input'>): () => void
}

/** Lets triggers watch as long as their zaps are switched on. */
export type Watches = {
  /** Replaces the watches. One that was there already goes on as it is. */
  set(watches: readonly LiveWatch[]): void
  /** While paused, what a watch sees makes no run, then or later. */
  setPaused(paused: boolean): void
  /** Ends the watches; resolves when what they saw is stored. */
  stop(): Promise<void>
}

export function createWatches(config: {
  readonly clock: Clock
  readonly log: Log
  readonly outbox: Pick<Outbox, 'acceptAll'>
  readonly system: SystemEvents
  readonly desktop: DesktopEvents
}): Watches {
  const { clock, log, outbox, system, desktop } = config
  const running = new Map<string, { readonly end: () => void }>()
  const storing = new Set<Promise<unknown>>()
  let isPaused = false

  function begin(watch: LiveWatch): { end: () => void } {
    const { zapId, version, stepId: triggerStepId } = watch
    const emit: WatchContext<unknown>['emit'] = ({ key, data }) => {
      if (isPaused) return
      const event = { zapId, version, triggerStepId, dedupeKey: key, data, receivedAt: clock.now() }
      // Switched off a moment ago, and this watch is not ended yet.
      const stored: Promise<unknown> = outbox
        .acceptAll((tx) => (isZapEnabled(tx, zapId) ? [event] : []))
        .catch((error: unknown) =>
          log.error(`What started the zap "${watch.zapName}" could not be stored.`, { zapId, error: String(error) }),
        )
        .finally(() => storing.delete(stored))
      storing.add(stored)
    }
    return { end: watch.begin({ clock, system, desktop, emit }) }
  }

  function set(watches: readonly LiveWatch[]): void {
    const wanted = new Map(
      watches.map((watch) => [`${watch.zapId}/${watch.version}/${watch.stepId}/${watch.spec}`, watch]),
    )
    for (const [key, { end }] of running) {
      if (wanted.has(key)) continue
      running.delete(key)
      end()
    }
    for (const [key, watch] of wanted) if (!running.has(key)) running.set(key, begin(watch))
  }

  return {
    set,
    setPaused(paused) {
      isPaused = paused
    },
    async stop() {
      set([])
      await Promise.all(storing)
    },
  }
}
