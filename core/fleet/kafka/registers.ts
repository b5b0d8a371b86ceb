import { randomUUID } from 'node:crypto'
import { LogError, OPERATION_MS, type RegisterEntry, type Registers, type Revision } from '../log.ts'
import type { Append } from './append.ts'
import { type Following, findOffset, follow } from './fetch.ts'
import type { KafkaLink } from './link.ts'
import { createLedger, EXPECTED, KEPT } from './register-ledger.ts'

const SWAP = 'swap'

/** What is in force is written again while the topic still has it, which it has for two hours. */
const KEEP_MS = 30 * 60_000
const KEEP_ROUND_MS = 5 * 60_000

/** Compare-and-swap on Kafka; `register-ledger.ts` tells how. A swap waits until this host has read its own record. */
export function createRegisters(link: KafkaLink, append: Append, topic: string): Registers & { stop(): Promise<void> } {
  const listeners = new Set<(entry: RegisterEntry) => void>()
  const ledger = createLedger((entry) => {
    for (const listener of listeners) listener(entry)
  })
  const mine = new Map<string, (revision: Revision | null) => void>()
  const stay = randomUUID()
  let swaps = 0
  let following: Promise<Following> | undefined
  let keeping: NodeJS.Timeout | undefined

  function begin(): Promise<Following> {
    following ??= findOffset(link, topic, 0, 'start').then((first) =>
      follow(link, topic, first, (record, start) => {
        const revision = ledger.read(record, start)
        mine.get(record.headers.get(SWAP) ?? '')?.(revision)
      }),
    )
    following.catch(() => {
      following = undefined
    })
    keeping ??= setInterval(() => void keep().catch(() => undefined), KEEP_ROUND_MS).unref()
    return following
  }

  /** Every host does, at moments of its own, so that mostly the first one does it for all. */
  async function keep(): Promise<void> {
    const before = performance.now() - KEEP_MS - Math.random() * KEEP_ROUND_MS
    for (const { key, bytes, revision } of ledger.silentSince(before))
      await append(topic, 0, { key, bytes, headers: { [KEPT]: String(revision) } })
  }

  return {
    async swap(key, expected, bytes) {
      await begin()
      const id = `${stay} ${++swaps}`
      const result = new Promise<Revision | null>((resolve) => mine.set(id, resolve))
      const late = Promise.withResolvers<never>()
      const message = `Kafka at ${link.address} did not swap "${key}" within ${OPERATION_MS} ms. Check that its brokers run.`
      const timer = setTimeout(() => late.reject(new LogError('unreachable', message)), OPERATION_MS)
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
      for (const entry of ledger.entries()) listener(entry)
      listeners.add(listener)
      return {
        async stop() {
          listeners.delete(listener)
        },
      }
    },
    async stop() {
      clearInterval(keeping)
      await (await following?.catch(() => undefined))?.stop()
    },
  }
}
