import { networkInterfaces } from 'node:os'
import { type Network, systemClock } from '../core/app.ts'

/** Milliseconds between looks: the operating system does not tell Node of changes. */
const LOOK_MS = 3_000

/** Whether this computer has an address besides its own loopback. `close` ends the looking. */
export function createNetwork(
  hasAddress: () => boolean = hasOutsideAddress,
  lookMs = LOOK_MS,
): Network & { close(): void } {
  const listeners = new Set<() => void>()
  let isOnline = hasAddress()
  let cancel = (): void => undefined
  const look = (): void => {
    cancel = systemClock.after(lookMs, look, 'loose')
    const now = hasAddress()
    if (now === isOnline) return
    isOnline = now
    for (const listener of listeners) listener()
  }
  cancel = systemClock.after(lookMs, look, 'loose')
  return {
    isOnline: () => isOnline,
    watch(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    close: () => cancel(),
  }
}

/** Link-local addresses are given without any network, so they do not count. */
function hasOutsideAddress(): boolean {
  return Object.values(networkInterfaces())
    .flat()
    .some((at) => at !== undefined && !at.internal && !/^(169\.254\.|fe80:)/i.test(at.address))
}
