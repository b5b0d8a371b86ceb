import type { Timetable } from '../connectors/trigger-sources.ts'
import type { Database } from '../db/open.ts'
import { deleteSchedule, getSchedules, writeSchedule } from '../db/schedules.ts'
import { isZapEnabled } from '../db/zaps.ts'
import type { Log } from '../domain/host/log.ts'
import type { IncomingEvent } from '../domain/runs/incoming-event.ts'
import type { Clock } from '../domain/time/clock.ts'
import { repeat } from '../domain/time/repeat.ts'
import type { Outbox } from '../outbox/outbox.ts'
import type { LiveSchedule } from './live-triggers.ts'

export type DueTimeSharing = {
  /** The id of a due time's event, equal on all hosts. */
  eventIdOf(at: { readonly zapId: string; readonly stepId: string }, dueAt: number): string
  /** Schedules came or went, or are due at other times. */
  moved(): void
}

export type SchedulerConfig = {
  readonly database: Database
  readonly clock: Clock
  readonly log: Log
  readonly outbox: Pick<Outbox, 'acceptAll'>
  /** Where several hosts may come to the same due time. */
  readonly sharing?: DueTimeSharing | undefined
}

/**
 * Fires schedules. The next due time of each is stored and moves on in the transaction of the event that it made, so however
 * often the computer restarts, a due time makes one event.
 */
export type Scheduler = {
  start(): Promise<void>
  /** Resolves when the round under way is over. */
  stop(): Promise<void>
  /** Replaces the schedules that are kept. A new or changed one counts from now. */
  setSchedules(schedules: readonly LiveSchedule[]): Promise<void>
  /** Fires what is due; returns how many events that made. */
  runOnce(): Promise<number>
  /** Looks at the time at once: the computer slept, or its clock was set. */
  look(): void
  setPaused(paused: boolean): void
}

/** A due time that is found later than this was missed: the computer slept, or Hookline was not running. */
const LATE_MS = 60_000

/** With `missed: "all"`, no more events than this for one schedule at once. */
const MAX_CATCH_UP = 100

/** Missed due times that are counted one by one. */
const MAX_COUNTED = 1_000

/** The clock may be set and the computer may sleep, so no timer is trusted for longer than this. */
const MAX_WAIT_MS = 60_000

const AFTER_FAILURE_MS = 5_000

export function createScheduler(config: SchedulerConfig): Scheduler {
  const { database, clock, log } = config
  let schedules = new Map<string, LiveSchedule>()
  let isPaused = false
  const keyOf = (at: { zapId: string; stepId: string }): string => `${at.zapId}/${at.stepId}`

  async function fireDue(): Promise<number> {
    if (isPaused) return 0
    const now = clock.now()
    const accepted = await config.outbox.acceptAll((tx) =>
      getSchedules(tx).flatMap((row): readonly IncomingEvent[] => {
        const schedule = schedules.get(keyOf(row))
        if (schedule === undefined || row.dueAt === null) return []
        // Switched off or deleted a moment ago, and this scheduler is not told yet.
        if (!isZapEnabled(tx, row.zapId)) return []
        if (row.dueAt > now) {
          // Stored while the clock was ahead, it would keep the schedule silent until then.
          const next = schedule.timetable.next(now)
          if (next !== null && next < row.dueAt) writeSchedule(tx, { ...row, dueAt: next })
          return []
        }
        const dueTimes = dueTimesToFire(schedule, row.dueAt, now)
        writeSchedule(tx, { ...row, dueAt: schedule.timetable.next(now) })
        return dueTimes.map((due) => {
          const id = config.sharing?.eventIdOf(schedule, due.at)
          return { ...eventOf(schedule, due, now), ...(id !== undefined && { id }) }
        })
      }),
    )
    if (accepted.length > 0) config.sharing?.moved()
    // A repeat is a due time that has had its event before: the clock was set back since.
    return accepted.filter(({ isDuplicate }) => !isDuplicate).length
  }

  async function untilNext(): Promise<number> {
    // While paused nothing fires: what is due would only be looked at over and over.
    if (isPaused) return Number.POSITIVE_INFINITY
    const next = await database.write((tx) => getSchedules(tx).map((row) => row.dueAt))
    const now = clock.now()
    const dueAt = Math.min(...next.filter((at) => at !== null), now + MAX_WAIT_MS)
    return Math.max(dueAt - now, 1)
  }

  const failed = 'Schedules could not be fired.'
  // What failed (a full disk, say) would fail again and again at once.
  const rounds = repeat({ clock, log, failed, everyMs: untilNext, retryMs: AFTER_FAILURE_MS, run: fireDue })

  return {
    async start() {
      await rounds.now()
      rounds.start()
    },
    stop: rounds.stop,
    async setSchedules(wanted) {
      schedules = new Map(wanted.map((schedule) => [keyOf(schedule), schedule]))
      const now = clock.now()
      await database.write((tx) => {
        const rows = new Map(getSchedules(tx).map((row) => [keyOf(row), row]))
        for (const [key, schedule] of schedules) {
          if (rows.get(key)?.timetable === schedule.spec) continue
          const { zapId, stepId, spec, timetable } = schedule
          writeSchedule(tx, { zapId, stepId, timetable: spec, dueAt: timetable.next(now) })
        }
        for (const [key, row] of rows) {
          if (!schedules.has(key)) deleteSchedule(tx, row.zapId, row.stepId)
        }
      })
      config.sharing?.moved()
      await rounds.replan()
    },
    runOnce: rounds.now,
    look: rounds.soon,
    setPaused(paused) {
      isPaused = paused
      if (!paused) rounds.soon()
    },
  }
}

type DueTime = {
  readonly at: number /** Due times before this one for which nothing is fired. */
  readonly missed: number
}

/** Which of the due times since `firstDue` make an event, by the schedule's policy for those that were missed. */
function dueTimesToFire(schedule: LiveSchedule, firstDue: number, now: number): DueTime[] {
  const { timetable } = schedule
  const { due, skipped } = dueTimesSince(timetable, firstDue, now)
  const newest = due.at(-1)
  if (newest === undefined) return []
  if (timetable.missed === 'all') return due.slice(-MAX_CATCH_UP).map((at) => ({ at, missed: 0 }))
  if (timetable.missed === 'skip' && now - newest > LATE_MS) return []
  return [{ at: newest, missed: skipped + due.length - 1 }]
}

/**
 * The due times from `firstDue` to `now`. A year of missed seconds would take too long to count one by one, so after a thousand
 * it goes on shortly before now; `skipped` is then about how many lie between.
 */
function dueTimesSince(timetable: Timetable, firstDue: number, now: number): { due: number[]; skipped: number } {
  const count = (from: number | null): number[] => {
    const due: number[] = []
    for (let at = from; at !== null && at <= now && due.length < MAX_COUNTED; at = timetable.next(at)) due.push(at)
    return due
  }
  const due = count(firstDue)
  const last = due.at(-1)
  if (last === undefined || due.length < MAX_COUNTED) return { due, skipped: 0 }
  const pause = (last - firstDue) / (MAX_COUNTED - 1)
  const near = now - pause * MAX_CATCH_UP * 2
  const nearby = near <= last ? [] : count(timetable.next(near))
  if (nearby.length === 0) return { due, skipped: 0 }
  return { due: nearby, skipped: Math.round((near - firstDue) / pause) }
}

function eventOf({ zapId, version, stepId }: LiveSchedule, due: DueTime, now: number): IncomingEvent {
  const dueAt = new Date(due.at).toISOString()
  return {
    zapId,
    version,
    triggerStepId: stepId,
    dedupeKey: `due:${dueAt}`,
    data: { dueAt, firedAt: new Date(now).toISOString(), missed: due.missed },
    receivedAt: now,
  }
}
