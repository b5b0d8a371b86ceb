import type { SharedState, StateEntry } from '../log.ts'
import type { Append } from './append.ts'
import { findOffset, follow } from './fetch.ts'
import type { KafkaLink } from './link.ts'

/** Values of a compacted topic. Each watch reads it from its beginning and remembers nothing, so that what is large is not held twice. */
export function createState(link: KafkaLink, append: Append, topic: string): SharedState {
  return {
    async put(key, bytes) {
      await append(topic, 0, { key, bytes })
    },
    async watch(listener) {
      const end = await findOffset(link, topic, 0, 'end')
      // Until then only the newest of each key counts.
      const newest = new Map<string, StateEntry>()
      let isCaughtUp = false
      const start = await findOffset(link, topic, 0, 'start')
      const following = follow(link, topic, start, ({ key, bytes, storedAt }) => {
        const entry = { key, bytes, storedAt }
        if (isCaughtUp) listener(entry)
        else newest.set(key, entry)
      })
      await following.until(end)
      isCaughtUp = true
      for (const entry of newest.values()) listener(entry)
      newest.clear()
      return { stop: following.stop }
    },
  }
}
