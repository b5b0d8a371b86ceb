import { closeIncidents, openIncident } from '../db/incidents.ts'
import type { Database } from '../db/open.ts'
import { buryMessage, expiredLeases, reclaimMessage, stuckSince } from '../db/outbox-messages.ts'
import { getRunState, moveRun } from '../db/runs.ts'
import { getZap } from '../db/zaps.ts'
import type { Clock } from '../domain/clock.ts'
import { newIncidentId } from '../domain/ids.ts'
import type { Log } from '../domain/log.ts'
import { SUSPECT_CRASHES } from './dispatcher.ts'

/** The kind of incident that says that something stays pending too long. */
export const STUCK = 'stuck'

/** A run that was being worked on at this many crashes is not started again without a person's word. */
export const QUARANTINE_CRASHES = 3

export type SweeperConfig = {
  readonly database: Database
  readonly clock: Clock
  readonly log: Log
  readonly host: string
  /** Milliseconds that a due message may stay pending before it is an incident. */
  readonly stuckAfterMs: number
  /** Whether this process is at work on a message: its lease may look expired after the computer slept, and is not. */
  isHeld(messageId: number): boolean
  /** Called when messages went back into the queue. */
  reclaimed(zapIds: readonly string[], hasSuspects: boolean): void
  incident(message: string): void
  /** Called with runs whose state was changed. */
  changed(runIds: readonly string[]): void
}

export type SweepResult = { reclaimed: number; quarantined: number; stuck: number }

/** Takes back what crashed workers left, and says what stays undone too long. */
export type Sweeper = {
  start(): void
  stop(): void
  runOnce(): Promise<SweepResult>
}

const INTERVAL_MS = 15_000

export function createSweeper(config: SweeperConfig): Sweeper {
  const { database, clock, log } = config
  let cancelTimer = (): void => undefined
  let isRunning = false

  async function runOnce(): Promise<SweepResult> {
    const now = clock.now()
    const swept = await database.write((tx) => {
      const expired = expiredLeases(tx, now, config.host)
        .filter((lease) => !config.isHeld(lease.id))
        .map((lease) => ({ ...lease, crashes: lease.crashes + (lease.isOurs ? 0 : 1) }))
      const quarantined: string[] = []
      for (const lease of expired) {
        if (lease.crashes < QUARANTINE_CRASHES) {
          reclaimMessage(tx, lease, now)
          continue
        }
        const reason = `Hookline ended ${lease.crashes} times while it worked on this run; it is set aside so that it cannot do so again.`
        buryMessage(tx, lease, now, reason)
        if (getRunState(tx, lease.runId) !== undefined) {
          moveRun(tx, lease.runId, 'needs-review', { reason, finishedAt: null, resumesAt: null })
          quarantined.push(lease.runId)
        }
      }
      const stuck = stuckSince(tx, now - config.stuckAfterMs)
      const opened = stuck
        .map((zap) => ({ zap, message: stuckMessage(getZap(tx, zap.zapId)?.name ?? zap.zapId, zap.count) }))
        .filter(({ zap, message }) =>
          openIncident(tx, { id: newIncidentId(), kind: STUCK, subject: zap.zapId, message, openedAt: now }),
        )
      const stillStuck = stuck.map((zap) => zap.zapId)
      closeIncidents(tx, STUCK, stillStuck, now)
      return { expired, quarantined, stuck, opened: opened.map(({ message }) => message) }
    })
    const { expired, quarantined } = swept
    if (expired.length > 0) {
      log.warn(`Took back ${expired.length} messages that a worker left behind.`, { quarantined: quarantined.length })
      const hasSuspects = expired.some((lease) => lease.crashes >= SUSPECT_CRASHES)
      config.reclaimed([...new Set(expired.map((lease) => lease.zapId))], hasSuspects)
      config.changed(quarantined)
    }
    for (const message of swept.opened) config.incident(message)
    return {
      reclaimed: expired.length - quarantined.length,
      quarantined: quarantined.length,
      stuck: swept.stuck.length,
    }
  }

  function schedule(): void {
    cancelTimer = clock.after(INTERVAL_MS, () => {
      runOnce()
        .catch((error: unknown) => log.error('The sweeper failed.', { error: String(error) }))
        .finally(() => {
          if (isRunning) schedule()
        })
    })
  }

  return {
    start() {
      isRunning = true
      schedule()
    },
    stop() {
      isRunning = false
      cancelTimer()
    },
    runOnce,
  }
}

function stuckMessage(zapName: string, count: number): string {
  return `${count} ${count === 1 ? 'event' : 'events'} of "${zapName}" should have run long ago and did not.`
}
