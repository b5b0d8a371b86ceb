import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import type { Clock } from '../domain/time/clock.ts'
import { type FleetLog, LogError, type StateEntry } from './log.ts'
import { decode, encode } from './records.ts'

/**
 * Tells when this host has seen all that the shared state had at a moment: what it hears comes late while brokers are killed and choose leaders, and a host
 * that takes over with what it knew before would do again what is done.
 */
export type CaughtUp = {
  /** An entry of the shared state, when those before it have been dealt with. */
  note(entry: StateEntry): Promise<void>
  start(log: FleetLog): void
  stop(): void
  /** Resolves when everything is noted that was in the state at the call. Rejects with a LogError when that does not come about. */
  now(): Promise<void>
}

const KEY = 'seen/'
const WAIT_MS = 5_000
const markSchema = z.object({ mark: z.string() })

export function createCaughtUp({ name, clock }: { readonly name: string; readonly clock: Clock }): CaughtUp {
  const waiting = new Map<string, () => void>()
  let connection: FleetLog | undefined
  return {
    async note({ key, bytes }) {
      if (key !== KEY + name || bytes === null) return
      const read = await decode(markSchema, bytes).catch(() => undefined)
      waiting.get(read?.mark ?? '')?.()
    },
    start(opened) {
      connection = opened
    },
    stop() {
      connection = undefined
    },
    async now() {
      const late = new LogError('unreachable', 'The fleet’s log does not tell what is in it.')
      if (connection === undefined) throw late
      const mark = randomBytes(9).toString('base64url')
      const seen = Promise.withResolvers<void>()
      waiting.set(mark, seen.resolve)
      const cancel = clock.after(WAIT_MS, () => seen.reject(late))
      try {
        // A rejection that comes while this is put is heard below.
        seen.promise.catch(() => undefined)
        await connection.state.put(KEY + name, await encode({ mark }))
        await seen.promise
      } finally {
        cancel()
        waiting.delete(mark)
      }
    },
  }
}
