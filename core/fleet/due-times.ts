import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { Database } from '../db/open.ts'
import { getSchedules, type ScheduleRow, writeSchedule } from '../db/schedules.ts'
import { eventIdOf } from '../domain/host/ids.ts'
import type { Log } from '../domain/host/log.ts'
import type { Clock } from '../domain/time/clock.ts'
import type { FleetLog, StateEntry } from './log.ts'
import { decode, encode } from './records.ts'

const dueSchema = z.object({
  zap: z.string().max(100),
  step: z.string().max(200),
  timetable: z.string(),
  dueAt: z.number().nullable(),
})
type Due = z.infer<typeof dueSchema>

/** Until when each schedule of the fleet has fired: a new owner goes on there, so that no due time is missed. */
export type DueTimes = {
  /** An entry of the shared state; those of other things are passed by. */
  note(entry: StateEntry): Promise<void>
  start(log: FleetLog): void
  stop(): void
  /** The log is another: what is known is told again. */
  reset(): void
  /** This host becomes the owner of these zaps' schedules, and goes on where the last one was. */
  adopt(zapIds: readonly string[]): Promise<void>
  /** It is their owner no longer: resolves when all that fired is told. */
  leave(): Promise<void>
  /** For the scheduler. */
  readonly sharing: {
    eventIdOf(at: { readonly zapId: string; readonly stepId: string }, dueAt: number): string
    moved(): void
  }
}

const KEY = 'due/'
const AGAIN_MS = 1_000

export function createDueTimes(config: {
  readonly database: Database
  readonly clock: Clock
  readonly log: Log
  owns(zapId: string): boolean
}): DueTimes {
  const { database, clock, log } = config
  const known = new Map<string, Due>()
  /** Keys of those that are in the log as they are known. */
  const told = new Set<string>()
  let connection: FleetLog | undefined
  let telling: Promise<void> = Promise.resolve()

  async function tell(): Promise<void> {
    const opened = connection
    if (opened === undefined) return
    for (const row of await database.write(getSchedules)) {
      if (!config.owns(row.zapId)) continue
      const key = keyOf(row.zapId, row.stepId)
      const there = known.get(key)
      if (told.has(key) && there?.timetable === row.timetable && there.dueAt === row.dueAt) continue
      const due: Due = { zap: row.zapId, step: row.stepId, timetable: row.timetable, dueAt: row.dueAt }
      await opened.state.put(key, await encode(due))
      known.set(key, due)
      told.add(key)
    }
  }

  function moved(): void {
    telling = telling.then(tell).catch(() => void clock.after(AGAIN_MS, moved))
  }

  return {
    async note(entry) {
      if (!entry.key.startsWith(KEY) || entry.bytes === null) return
      try {
        known.set(entry.key, await decode(dueSchema, entry.bytes))
        told.add(entry.key)
      } catch (error) {
        log.warn('A due time of the fleet could not be read.', { key: entry.key, error: String(error) })
      }
    },
    start(opened) {
      connection = opened
      moved()
    },
    stop() {
      connection = undefined
    },
    reset: () => told.clear(),
    leave: () => telling,
    async adopt(zapIds) {
      const wanted = new Set(zapIds)
      const due = [...known.values()].filter(({ zap }) => wanted.has(zap))
      if (due.length === 0) return
      await database.write((tx) => {
        for (const { zap, step, timetable, dueAt } of due) {
          const row: ScheduleRow = { zapId: zap, stepId: step, timetable, dueAt }
          writeSchedule(tx, row)
        }
      })
    },
    sharing: {
      eventIdOf: ({ zapId, stepId }, dueAt) =>
        eventIdOf(
          dueAt,
          createHash('sha256')
            .update(JSON.stringify([zapId, stepId, dueAt]))
            .digest(),
        ),
      moved,
    },
  }
}

function keyOf(zapId: string, stepId: string): string {
  return `${KEY}${zapId}/${createHash('sha256').update(stepId).digest('base64url').slice(0, 16)}`
}
