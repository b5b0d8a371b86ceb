import { create } from 'zustand'
import { type StartState, type StartWish, startStateSchema } from '../../core/contract/start-values.ts'

/** How far the desktop app is with its start; null on a host whose screens come only when it is ready. */
export const useStart = create<{ state: StartState | null }>(() => ({ state: null }))

let port: MessagePort | undefined

/** Follows the start of the desktop app, and calls `ready` once when it is over. */
export function followStart(from: MessagePort, ready: () => void): void {
  port = from
  let isReady = false
  from.onmessage = ({ data }: MessageEvent<unknown>) => {
    const told = startStateSchema.safeParse(data)
    if (!told.success) return
    useStart.setState({ state: told.data })
    if (told.data.kind !== 'ready' || isReady) return
    isReady = true
    ready()
  }
}

/** Says what the person wants of an app that could not start. */
export function wishOfStart(wish: StartWish): void {
  port?.postMessage(wish)
}
