import type { SystemEventName, SystemEvents } from '../connectors/trigger-sources.ts'
import type { Network } from '../domain/host/adapters.ts'
import type { Signals } from '../signals.ts'

/** What happens to the computer, of which triggers hear. */
export function createSystemEvents({
  signals,
  network,
}: {
  readonly signals: Signals
  readonly network: Network
}): SystemEvents & { started(): void; stop(): void } {
  const listeners = new Set<(event: SystemEventName) => void>()
  const tell = (event: SystemEventName): void => {
    for (const listener of listeners) listener(event)
  }
  signals.on('clock:jumped', () => tell('woke'))
  const unwatch = network.watch(() => tell(network.isOnline() ? 'network-up' : 'network-down'))
  return {
    on(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    started: () => tell('started'),
    stop: unwatch,
  }
}
