import type { FleetValues } from './large-values.ts'
import { type FleetLog, LogError } from './log.ts'
import { ask } from './questions.ts'
import type { SentEvent } from './records.ts'
import { NotHereError } from './worker.ts'
import type { FleetZaps } from './zaps.ts'

/** What an event that came through the log needs on this host: its version, and its data. What is not here is asked of the host of origin. */
export function eventsHere(config: {
  readonly name: string
  readonly zaps: FleetZaps
  readonly values: FleetValues
  /** Throws a {@link NotHereError} while it does not answer. */
  connection(): FleetLog
}) {
  const { name, zaps, values } = config

  async function orNotHere<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (error) {
      throw error instanceof LogError ? new NotHereError(error.message, { cause: error }) : error
    }
  }

  async function numberOf({ zap, version, hash, origin }: SentEvent): Promise<number> {
    const known = await zaps.numberOf(zap, version, hash)
    if (known !== undefined) return known
    const text = await orNotHere(() => ask(config.connection(), origin, { ask: 'version', zap, version }))
    if (typeof text !== 'string') throw new NotHereError(`${origin} has no version ${version} of ${zap}.`)
    return zaps.adopt(zap, version, text)
  }

  return {
    /** The number that the version has here. Rejects with a {@link NotHereError} where this host cannot run it. */
    async versionOf(event: SentEvent): Promise<number> {
      const number = await numberOf(event)
      // Of this very version: it may be here before its zap is.
      if (await zaps.lacksFor(event.zap, number)) {
        throw new NotHereError(`A credential of the zap ${event.zap} is not on this host.`)
      }
      return number
    },
    /** The event's data as stored text, with the values that it refers to in this host's store. */
    dataOf: (event: SentEvent): Promise<string> =>
      orNotHere(() => values.fetch(config.connection(), event, event.origin === name)),
  }
}
