import { randomUUID } from 'node:crypto'
import {
  LogError,
  OPERATION_MS,
  type RegisterEntry,
  type Registers,
  type Revision,
  type SharedState,
  type StateEntry,
} from '../log.ts'
import type { Append } from './append.ts'
import { type Following, findOffset, follow, type StoredRecord } from './fetch.ts'
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

const EXPECTED = 'expected'
const SWAP = 'swap'

/**
 * Registers out of the order of one partition: a swap is a record that names the revision it replaces, and every host drops those that name another
 * than the one in force. A revision is the offset of its record plus one.
 */
export function createRegisters(link: KafkaLink, append: Append, topic: string): Registers & { stop(): Promise<void> } {
  /** What is in force; `base`, while it rests on a record that the log no longer has: the revision which that had. */
  const inForce = new Map<string, RegisterEntry & { readonly base: Revision | null }>()
  const listeners = new Set<(entry: RegisterEntry) => void>()
  const mine = new Map<string, (revision: Revision | null) => void>()
  const stay = randomUUID()
  let swaps = 0
  let following: Promise<Following> | undefined

  /**
   * Whether a swap counts. Where the log begins behind the revision that a swap names, what was in force then is unknown: the swap that names the
   * highest such revision is right, as only what was in force is ever named.
   */
  function isInForce(key: string, expected: Revision, start: number): boolean {
    const known = inForce.get(key)
    if (expected === (known?.revision ?? 0)) return true
    const isForgotten = expected > 0 && expected <= start
    return isForgotten && (known === undefined || (known.base !== null && expected > known.base))
  }

  function read({ key, bytes, headers, offset, storedAt }: StoredRecord, start: number): void {
    const expected = Number(headers.get(EXPECTED))
    const settle = mine.get(headers.get(SWAP) ?? '')
    const counts = isInForce(key, expected, start)
    if (counts) {
      const entry = { key, bytes, storedAt, revision: offset + 1 }
      const isChained = expected === (inForce.get(key)?.revision ?? 0)
      inForce.set(key, { ...entry, base: isChained ? null : expected })
      for (const listener of listeners) listener(entry)
    }
    settle?.(counts ? offset + 1 : null)
  }

  function begin(): Promise<Following> {
    following ??= findOffset(link, topic, 0, 'start').then((start) => follow(link, topic, start, read))
    following.catch(() => {
      following = undefined
    })
    return following
  }

  return {
    async swap(key, expected, bytes) {
      await begin()
      const id = `${stay} ${++swaps}`
      const result = new Promise<Revision | null>((resolve) => mine.set(id, resolve))
      const late = Promise.withResolvers<never>()
      const timer = setTimeout(
        () =>
          late.reject(
            new LogError(
              'unreachable',
              `Kafka at ${link.address} did not swap "${key}" within ${OPERATION_MS} ms. Check that its brokers run.`,
            ),
          ),
        OPERATION_MS,
      )
      try {
        const write = append(topic, 0, { key, bytes, headers: { [EXPECTED]: String(expected), [SWAP]: id } })
        return await Promise.race([write.then(() => result), late.promise])
      } finally {
        clearTimeout(timer)
        mine.delete(id)
      }
    },
    async watch(listener) {
      const reading = await begin()
      await reading.until(await findOffset(link, topic, 0, 'end'))
      for (const { base: _, ...entry } of inForce.values()) listener(entry)
      listeners.add(listener)
      return {
        async stop() {
          listeners.delete(listener)
        },
      }
    },
    async stop() {
      await (await following)?.stop()
    },
  }
}
