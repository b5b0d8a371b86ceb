import { app, net, powerMonitor } from 'electron'
import { type Network, systemClock } from '../../core/app.ts'

/** Milliseconds between looks: Chromium tells the main process of no change. */
const LOOK_MS = 3_000

/** Whether Chromium sees a network. It is looked at again and again, and at once when the computer wakes. `close` ends that. */
export function createNetwork(): Network & { close(): void } {
  const listeners = new Set<() => void>()
  let isOnline = net.isOnline()
  const look = (): void => {
    const now = net.isOnline()
    if (now === isOnline) return
    isOnline = now
    for (const listener of listeners) listener()
  }
  let cancel = (): void => undefined
  const lookOn = (): void => {
    cancel = systemClock.after(LOOK_MS, lookOn, 'loose')
    look()
  }
  cancel = systemClock.after(LOOK_MS, lookOn, 'loose')
  let isClosed = false
  // Before the app is ready Electron has no eye on the computer's power.
  void app.whenReady().then(() => {
    if (!isClosed) powerMonitor.on('resume', look)
  })
  return {
    isOnline: () => isOnline,
    watch(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    close() {
      isClosed = true
      cancel()
      powerMonitor.off('resume', look)
    },
  }
}
