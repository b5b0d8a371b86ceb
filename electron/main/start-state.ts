import { type StartState, type StartWish, startWishSchema } from '../../core/contract/start-values.ts'

/** A port of a window, as it hears how the start goes. */
type StatePort = {
  postMessage(message: unknown): void
  on(event: 'message', listener: (event: { data: unknown }) => void): unknown
  on(event: 'close', listener: () => void): unknown
  start(): void
}

/** How far the app is with its start, told to every window that asks. */
export type StartTeller = {
  state(): StartState
  set(state: StartState): void
  /** Tells a port from now on, and hears what the person at its window wants. */
  serve(port: StatePort): void
}

export function createStartTeller(wish: (wish: StartWish) => void): StartTeller {
  let state: StartState = { kind: 'starting', checkedBytes: null }
  const ports = new Set<StatePort>()
  return {
    state: () => state,
    set(next) {
      state = next
      for (const port of ports) port.postMessage(state)
    },
    serve(port) {
      ports.add(port)
      port.on('close', () => void ports.delete(port))
      port.on('message', ({ data }) => {
        const wanted = startWishSchema.safeParse(data)
        if (wanted.success) wish(wanted.data)
      })
      port.start()
      port.postMessage(state)
    },
  }
}
