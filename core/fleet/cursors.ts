import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { Database } from '../db/open.ts'
import { getPolls, type PollRow, writePoll } from '../db/polls.ts'
import type { Log } from '../domain/host/log.ts'
import type { Clock } from '../domain/time/clock.ts'
import type { Signals } from '../signals.ts'
import { type FleetLog, LogError, type StateEntry } from './log.ts'
import { decode, encode } from './records.ts'

const cursorSchema = z.object({
  zap: z.string().max(100),
  step: z.string().max(200),
  kind: z.enum(['poll', 'connection']),
  subject: z.string(),
  cursor: z.string().nullable(),
})
type Cursor = z.infer<typeof cursorSchema>

/** How far each poll and connection of the fleet has come: a new owner goes on there, and neither misses what is new nor tells all of it again. */
export type Cursors = {
  /** An entry of the shared state; those of other things are passed by. */
  note(entry: StateEntry): Promise<void>
  start(log: FleetLog): void
  stop(): void
  /** The log is another: what is known is told again. */
  reset(): void
  /** This host becomes the owner of these zaps' polls and connections. */
  adopt(zapIds: readonly string[]): Promise<void>
  /** It was their owner until now: tells how far they have come. */
  leave(zapIds: readonly string[]): Promise<void>
}

const KEY = 'cursor/'
const GATHER_MS = 500

const FRESH = { polledAt: null, succeededAt: null, failures: 0, failingSince: null, error: null }

export function createCursors(config: {
  readonly database: Database
  readonly clock: Clock
  readonly log: Log
  readonly signals: Signals
  owns(zapId: string): boolean
}): Cursors {
  const { database, clock, log } = config
  const known = new Map<string, Cursor>()
  /** Keys of those that are in the log as they are known. */
  const told = new Set<string>()
  let connection: FleetLog | undefined
  let isArmed = false

  async function tell(isOwn = config.owns): Promise<void> {
    const opened = connection
    if (opened === undefined) return
    const rows = await database.write((tx) => [...getPolls(tx, 'poll'), ...getPolls(tx, 'connection')])
    for (const { zapId, stepId, kind, subject, cursor } of rows) {
      if (!isOwn(zapId)) continue
      const key = keyOf(zapId, stepId)
      const there = known.get(key)
      if (told.has(key) && there?.subject === subject && there.cursor === cursor) continue
      const mine: Cursor = { zap: zapId, step: stepId, kind, subject, cursor }
      try {
        await opened.state.put(key, await encode(mine))
      } catch (error) {
        // A cursor too large for the log: a new owner begins anew with this one.
        if (!(error instanceof LogError) || !error.isLasting) throw error
      }
      known.set(key, mine)
      told.add(key)
    }
  }

  function soon(): void {
    if (isArmed || connection === undefined) return
    isArmed = true
    clock.after(GATHER_MS, () => {
      isArmed = false
      tell().catch(soon)
    })
  }

  config.signals.on('polls:changed', soon)

  return {
    async note(entry) {
      if (!entry.key.startsWith(KEY) || entry.bytes === null) return
      try {
        known.set(entry.key, await decode(cursorSchema, entry.bytes))
        told.add(entry.key)
      } catch (error) {
        log.warn('How far a poll of the fleet has come could not be read.', { key: entry.key, error: String(error) })
      }
    },
    start(opened) {
      connection = opened
      soon()
    },
    stop() {
      connection = undefined
    },
    reset: () => told.clear(),
    leave: (zapIds) => tell((zapId) => zapIds.includes(zapId)),
    async adopt(zapIds) {
      const wanted = new Set(zapIds)
      const cursors = [...known.values()].filter(({ zap }) => wanted.has(zap))
      if (cursors.length === 0) return
      await database.write((tx) => {
        for (const { zap, step, kind, subject, cursor } of cursors) {
          const row: PollRow = { zapId: zap, stepId: step, kind, subject, cursor, nextAt: null, ...FRESH }
          writePoll(tx, row)
        }
      })
    },
  }
}

function keyOf(zapId: string, stepId: string): string {
  return `${KEY}${zapId}/${createHash('sha256').update(stepId).digest('base64url').slice(0, 16)}`
}
