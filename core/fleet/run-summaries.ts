import { z } from 'zod'
import type { Log } from '../domain/host/log.ts'
import type { Clock } from '../domain/time/clock.ts'
import { repeat } from '../domain/time/repeat.ts'
import type { Json } from '../domain/values/json.ts'
import type { Signals } from '../signals.ts'
import type { FleetLog, StateEntry } from './log.ts'
import { decode, encode } from './records.ts'

/** The newest runs of every host, as each told them last: what can be shown of one that does not answer. */
export type RunSummaries = {
  note(entry: StateEntry): Promise<void>
  start(log: FleetLog): void
  stop(): Promise<void>
  of(host: string): readonly Json[]
}

const KEY = 'runs/'
const TOLD = 30
const EVERY_MS = 5_000
const toldSchema = z.object({ runs: z.array(z.json()).max(TOLD) })

export function createRunSummaries(config: {
  readonly name: string
  readonly clock: Clock
  readonly log: Log
  readonly signals: Signals
  /** The newest runs here. */
  newest(limit: number): Promise<readonly Json[]>
}): RunSummaries {
  const { name, clock, signals } = config
  const told = new Map<string, readonly Json[]>()
  let connection: FleetLog | undefined
  let isStale = true

  async function tell(): Promise<void> {
    const opened = connection
    if (opened === undefined || !isStale) return
    isStale = false
    try {
      await opened.state.put(KEY + name, await encode({ runs: await config.newest(TOLD) }))
    } catch {
      // Told with the next round.
      isStale = true
    }
  }

  const rounds = repeat({
    clock,
    log: config.log,
    failed: 'The newest runs could not be told to the fleet.',
    everyMs: EVERY_MS,
    run: tell,
  })
  signals.on('run:changed', () => {
    isStale = true
  })
  signals.on('run:ended', () => {
    isStale = true
  })

  return {
    async note(entry) {
      if (!entry.key.startsWith(KEY)) return
      const host = entry.key.slice(KEY.length)
      if (entry.bytes === null) told.delete(host)
      else {
        const read = await decode(toldSchema, entry.bytes).catch(() => undefined)
        if (read !== undefined) told.set(host, read.runs)
      }
    },
    start(opened) {
      connection = opened
      isStale = true
      rounds.start()
    },
    async stop() {
      connection = undefined
      await rounds.stop()
    },
    of: (host) => told.get(host) ?? [],
  }
}
