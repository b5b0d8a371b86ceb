import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { Database } from '../db/open.ts'
import { getPoll, getPolls, type PollRow, writePoll } from '../db/polls.ts'
import { eventIdOf } from '../domain/host/ids.ts'
import type { Log } from '../domain/host/log.ts'
import type { IncomingEvent } from '../domain/runs/incoming-event.ts'
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
  /** The time that stands in the ids of events that are found behind this cursor, until another is told. Milliseconds since 1970 UTC. */
  stamp: z.number().optional(),
  /** The host that told it. */
  by: z.string().max(63).optional(),
})
/** `seenAt`: when it was heard of, on the monotonic clock. */
type Cursor = z.infer<typeof cursorSchema> & { readonly seenAt: number }

/**
 * How far each poll and connection of the fleet has come: a new owner goes on there, and neither misses what is new nor tells all of it again. What it finds
 * that the last owner had stored already and could not tell of any more gets the same ids: they follow from the item, and from a time that is told with the cursor.
 */
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
  /** For polls and connections. */
  readonly sharing: {
    owns(zapId: string): boolean
    storing<T>(at: At, work: (named: (event: IncomingEvent) => IncomingEvent) => Promise<T>): Promise<T>
  }
}

type At = { readonly zapId: string; readonly stepId: string }

const KEY = 'cursor/'
const GATHER_MS = 500
/** Events have ids with a time that is not older than this, so that their runs stand where they belong. */
const STAMP_MS = 60_000
/** Longer than a host can go on with a stamp, and be gone, before another takes over. */
const INHERITED_MS = 180_000
const DAY_MS = 86_400_000

const FRESH = { polledAt: null, succeededAt: null, failures: 0, failingSince: null, error: null }

export function createCursors(config: {
  readonly name: string
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

  /** Of owners before this host: what is found behind them first gets their stamps, however old. */
  const inherited = new Set<string>()
  /** What is done about each, one after the other. */
  const chains = new Map<string, Promise<unknown>>()

  function inTurn<T>(key: string, work: () => Promise<T>): Promise<T> {
    const turn = (chains.get(key) ?? Promise.resolve()).catch(() => undefined).then(work)
    chains.set(key, turn)
    return turn.finally(() => chains.get(key) === turn && chains.delete(key))
  }

  /** Tells how far one has come. */
  async function put(key: string, { zapId, stepId }: At, isNeeded: (row: PollRow) => boolean): Promise<void> {
    const opened = connection
    if (opened === undefined) throw new LogError('unreachable', 'The fleet’s log does not answer.')
    const row = await database.write((tx) => getPoll(tx, zapId, stepId))
    if (row === undefined || !isNeeded(row)) return
    const { kind, subject, cursor } = row
    const mine = { zap: zapId, step: stepId, kind, subject, cursor, stamp: clock.now(), by: config.name }
    // Until it is known to be there, none knows what a new owner would find.
    told.delete(key)
    inherited.delete(key)
    try {
      await opened.state.put(key, await encode(mine))
    } catch (error) {
      // One that is too large for the log: a new owner begins anew with it.
      if (!(error instanceof LogError) || !error.isLasting) throw error
    }
    known.set(key, { ...mine, seenAt: performance.now() })
    told.add(key)
  }

  async function tell(isOwn = config.owns): Promise<void> {
    if (connection === undefined) return
    const rows = await database.write((tx) => [...getPolls(tx, 'poll'), ...getPolls(tx, 'connection')])
    for (const at of rows) {
      if (!isOwn(at.zapId)) continue
      const key = keyOf(at.zapId, at.stepId)
      await inTurn(key, () =>
        put(key, at, ({ subject, cursor }) => {
          const there = known.get(key)
          return !told.has(key) || there?.subject !== subject || there.cursor !== cursor
        }),
      )
    }
  }

  async function storing<T>(at: At, work: (named: (event: IncomingEvent) => IncomingEvent) => Promise<T>): Promise<T> {
    const key = keyOf(at.zapId, at.stepId)
    const stored = await inTurn(key, async () => {
      const there = told.has(key) ? known.get(key)?.stamp : undefined
      const isFresh = there !== undefined && (inherited.has(key) || Math.abs(clock.now() - there) < STAMP_MS)
      if (!isFresh) await put(key, at, () => true)
      const stamp = known.get(key)?.stamp ?? clock.now()
      const result = await work((event) => ({ ...event, id: idOf(stamp, event) }))
      inherited.delete(key)
      return result
    })
    soon()
    return stored
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
        const there = await decode(cursorSchema, entry.bytes)
        // An echo: it may have told another since.
        if (there.by === config.name && told.has(entry.key)) return
        known.set(entry.key, { ...there, seenAt: performance.now() })
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
      for (const { zap, step, stamp, seenAt } of cursors) {
        const isLately = performance.now() - seenAt < INHERITED_MS
        if (stamp !== undefined && isLately && Math.abs(clock.now() - stamp) < DAY_MS) inherited.add(keyOf(zap, step))
      }
      await database.write((tx) => {
        for (const { zap, step, kind, subject, cursor } of cursors) {
          const row: PollRow = { zapId: zap, stepId: step, kind, subject, cursor, nextAt: null, ...FRESH }
          writePoll(tx, row)
        }
      })
    },
    sharing: { owns: config.owns, storing },
  }
}

function idOf(stamp: number, { zapId, triggerStepId, dedupeKey }: IncomingEvent): string {
  return eventIdOf(
    stamp,
    createHash('sha256')
      .update(JSON.stringify([zapId, triggerStepId, dedupeKey]))
      .digest(),
  )
}

function keyOf(zapId: string, stepId: string): string {
  return `${KEY}${zapId}/${createHash('sha256').update(stepId).digest('base64url').slice(0, 16)}`
}
