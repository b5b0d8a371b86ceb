import { markDead } from '../db/dead-letters.ts'
import { forgetFleetTrouble } from '../db/fleet-trouble.ts'
import { forgetMemory } from '../db/memory.ts'
import { heldLeases, reclaimMessage } from '../db/message-leases.ts'
import type { Database } from '../db/open.ts'
import { makeDueRested, makeDueUnbegun } from '../db/outbox-messages.ts'
import { leaveFleet } from '../db/relayed-messages.ts'
import { getRunState, moveRun } from '../db/runs.ts'
import { deleteExpiredEntries } from '../db/store-entries.ts'
import { forgetTables } from '../db/tables.ts'
import type { Log } from '../domain/host/log.ts'
import type { RunReason } from '../domain/runs/run-reason.ts'
import type { Clock } from '../domain/time/clock.ts'
import { repeat } from '../domain/time/repeat.ts'
import type { Engine } from '../engine/engine.ts'
import { SUSPECT_CRASHES } from '../outbox/lease-round.ts'
import type { Signals } from '../signals.ts'
import { noteStandstill, noteTakenBack, sweepIncidents } from './incidents.ts'
import type { Standstill } from './watchdog.ts'

/** A run that was being worked on at this many crashes is not started again without a person's word. */
export const QUARANTINE_CRASHES = 3

export type SweeperConfig = {
  readonly database: Database
  readonly clock: Clock
  readonly log: Log
  /** Unique to this process; its lease tokens begin with it. */
  readonly processId: string
  /** What the process before this one stood still at until it was ended. */
  readonly standstill?: Standstill | undefined
  readonly signals: Signals
  /** Whether this process is at work on a message: its lease may look expired after the computer slept, and is not. */
  isHeld(messageId: number): boolean
  readonly engine: Pick<Engine, 'endOverdueTests'>
  /** Whether it is joined with other hosts, which run what it has sent on. */
  readonly isJoined?: boolean
}

export type SweepResult = { reclaimed: number; quarantined: number }

/** Takes back what crashed workers left, says what needs a person's eye, and forgets what steps need to remember no longer. */
export type Sweeper = {
  start(): void
  /** Resolves when the round under way is over. */
  stop(): Promise<void>
  /** Looks now, after the round under way. */
  runOnce(): Promise<SweepResult>
}

const INTERVAL_MS = 15_000
/** What may open or close an incident is looked at so soon, however much of it there is. */
const SUSPECT_MS = 1_000

/** Expired store entries that one transaction forgets, and transactions for it at one look. */
const FORGET_BATCH = 400
/** What a step has changed is known for so long at least; after that, until its run is over. */
const CHANGES_KEPT_MS = 3_600_000
/** A table that was deleted can be brought back for so long. */
const TABLES_KEPT_MS = 30 * 86_400_000
const FORGET_BATCHES = 60

export function createSweeper(config: SweeperConfig): Sweeper {
  const { database, clock, log, signals } = config
  /** When it looked last; at the start it is unknown how far ahead the clock was. */
  let lookedAt = Number.POSITIVE_INFINITY
  /** Leases of this process that no worker had at the last look: their workers could not settle them, as the disk was full. */
  let idleBefore = new Set<string>()
  /** Looked at once: what stood still in this process is not here to tell. */
  let { standstill } = config

  /** Whether an incident was open at the last look: any change may close it. */
  let hasOpen = false
  let cancelSuspicion: (() => void) | undefined

  async function look(): Promise<SweepResult> {
    const result = await takeBack()
    await endOverdue()
    await lookForIncidents()
    await forget()
    return result
  }

  async function takeBack(): Promise<SweepResult> {
    const now = clock.now()
    const { expired, quarantined, hastened, left, idle } = await database.write((tx) => {
      const leases = heldLeases(tx, now, config.processId).filter((lease) => !config.isHeld(lease.id))
      // One that was taken a moment ago is not held yet; at the next look it is.
      const idle = new Set(leases.filter(({ isOurs }) => isOurs).map(({ leaseToken, id }) => `${leaseToken} ${id}`))
      const expired = leases
        .filter(({ isOurs, isOver, leaseToken, id }) => !isOurs || isOver || idleBefore.has(`${leaseToken} ${id}`))
        .map((lease) => ({ ...lease, crashes: lease.crashes + (lease.isOurs ? 0 : 1) }))
      const quarantined: string[] = []
      for (const lease of expired) {
        const stoodStill = standstill?.kind === 'run' && standstill.what === lease.runId
        if (lease.crashes < QUARANTINE_CRASHES && !stoodStill) {
          reclaimMessage(tx, lease, now)
          continue
        }
        const reason: RunReason = stoodStill ? { code: 'stood-still' } : { code: 'ended-host', times: lease.crashes }
        markDead(tx, lease, now, reason)
        if (getRunState(tx, lease.runId) !== undefined) {
          moveRun(tx, lease.runId, 'needs-review', { reason, finishedAt: null, resumesAt: null })
          quarantined.push(lease.runId)
        }
      }
      if (expired.length > 0) noteTakenBack(tx, expired.length, now)
      if (standstill !== undefined) noteStandstill(tx, standstill)
      const left = config.isJoined === true ? [] : leaveFleet(tx, now)
      if (config.isJoined !== true) forgetFleetTrouble(tx)
      const hastened = [...makeDueUnbegun(tx, now), ...(now < lookedAt ? makeDueRested(tx, now) : [])]
      return { expired, quarantined, hastened, left, idle }
    })
    lookedAt = now
    idleBefore = idle
    standstill = undefined
    if (left.length > 0) {
      log.warn('This host is in no fleet any more: what it had sent on runs here, under the same keys.')
      signals.emit('messages:reclaimed', left, false)
    }
    if (hastened.length > 0) {
      log.warn('The clock was set back: what came while it was ahead goes on now.')
      signals.emit('messages:reclaimed', hastened, false)
    }
    if (expired.length > 0) {
      log.warn(`Took back ${expired.length} messages that a worker left behind.`, { quarantined: quarantined.length })
      const hasSuspects = expired.some((lease) => lease.crashes >= SUSPECT_CRASHES)
      signals.emit('messages:reclaimed', [...new Set(expired.map((lease) => lease.zapId))], hasSuspects)
      signals.emit('run:changed', quarantined)
    }
    return { reclaimed: expired.length - quarantined.length, quarantined: quarantined.length }
  }

  async function endOverdue(): Promise<void> {
    const now = clock.now()
    const ended = await database.write((tx) => config.engine.endOverdueTests(tx, now))
    if (ended.length > 0) signals.emit('run:changed', ended)
  }

  async function lookForIncidents(): Promise<void> {
    const now = clock.now()
    const { opened, closed, open } = await database.write((tx) => sweepIncidents(tx, now))
    hasOpen = open > 0
    for (const [kind, facts] of opened) signals.emit('incidents:opened', kind, facts)
    if (opened.size > 0 || closed > 0) signals.emit('status:changed')
  }

  /** In small batches, so that no other write waits for long. */
  async function forget(): Promise<void> {
    const now = clock.now()
    for (let batch = 0; batch < FORGET_BATCHES; batch++) {
      const forgotten = await database.write((tx) =>
        Math.max(
          deleteExpiredEntries(tx, now, FORGET_BATCH),
          forgetMemory(tx, now, now - CHANGES_KEPT_MS, FORGET_BATCH),
          forgetTables(tx, now - TABLES_KEPT_MS, FORGET_BATCH),
        ),
      )
      if (forgotten < FORGET_BATCH) return
    }
  }

  const rounds = repeat({ clock, log, failed: 'The sweeper failed.', everyMs: INTERVAL_MS, run: look })
  function suspect(): void {
    cancelSuspicion ??= clock.after(SUSPECT_MS, () => {
      cancelSuspicion = undefined
      rounds.soon()
    })
  }
  signals.on('incidents:suspected', rounds.soon)
  signals.on('run:ended', ({ state }) => {
    if (state === 'failed' || hasOpen) suspect()
  })
  signals.on('run:changed', () => {
    if (hasOpen) suspect()
  })
  return {
    start: rounds.start,
    stop() {
      cancelSuspicion?.()
      return rounds.stop()
    },
    runOnce: rounds.now,
  }
}
