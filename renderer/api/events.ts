import type { AppEvent } from '../../core/contract/values.ts'
import { api } from './client.ts'
import { useConnection } from './connection.ts'

type Listener = (event: AppEvent) => void
const listeners = new Set<Listener>()
const resumers = new Set<() => void>()

/** Hears of every change at the host, until the returned function is called. */
export function onAppEvent(listener: Listener): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Calls `listener` when the stream of changes flows again after a gap: everything that is shown may be stale. */
export function onResumed(listener: () => void): () => void {
  resumers.add(listener)
  return () => resumers.delete(listener)
}

/** What was heard since the last frame. */
let heard: AppEvent[] = []

/** Milliseconds after which a page that draws no frames (its window is hidden, or behind others) takes what it has heard. */
const UNSEEN_MS = 1_000

/** Hands what is heard to the listeners once a frame: what comes of it is drawn once, however much comes at a time. */
function hand(event: AppEvent): void {
  heard.push(event)
  if (heard.length > 1) return
  const timer = setTimeout(flush, UNSEEN_MS)
  const frame = requestAnimationFrame(flush)
  function flush(): void {
    clearTimeout(timer)
    cancelAnimationFrame(frame)
    const events = heard
    heard = []
    for (const one of events) for (const listener of listeners) listener(one)
  }
}

/** Listens to the host for as long as the page lives, across lost connections. Call once. */
export function watchEvents(): void {
  let watched = 0
  const follow = () => {
    const { state, generation } = useConnection.getState()
    if (state !== 'open' || generation === watched) return
    watched = generation
    void watch(generation)
  }
  useConnection.subscribe(follow)
  follow()
}

async function watch(generation: number): Promise<void> {
  const isCurrent = () => {
    const now = useConnection.getState()
    return now.state === 'open' && now.generation === generation
  }
  for (let again = generation > 1; isCurrent(); again = true) {
    try {
      const events = await api.events.watch({ screen: true })
      if (again) for (const resumed of resumers) resumed()
      for await (const event of events) hand(event)
    } catch (thrown) {
      if (!isCurrent()) return
      console.warn('The stream of changes broke off; asking for it again.', thrown)
    }
    await new Promise((resolve) => setTimeout(resolve, 1000))
  }
}
