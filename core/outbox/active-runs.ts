import type { Tx } from '../db/executor.ts'
import { extendLease, type HeldMessage, leaseOf } from '../db/message-leases.ts'
import type { Database } from '../db/open.ts'
import type { Log } from '../domain/host/log.ts'
import type { Clock } from '../domain/time/clock.ts'
import { repeat } from '../domain/time/repeat.ts'
import type { BegunRun } from '../engine/run/begin-run.ts'
import type { AbortReason, Delivery } from '../engine/run/run.ts'
import { LeaseLostError } from '../engine/run/run-journal.ts'
import type { Signals } from '../signals.ts'
import { giveBack as returnFailed } from './failed-delivery.ts'
import type { RoundConfig } from './lease-round.ts'

export type ActiveRunsConfig = Pick<RoundConfig, 'end'> & {
  readonly database: Database
  readonly clock: Clock
  readonly log: Log
  /** `leave` is to be called when nothing of the run is left to do but a commit that is asked for already. */
  execute(run: BegunRun, signal: AbortSignal, leave: () => void): Promise<Delivery>
  readonly signals: Signals
  /** A run of this zap has left its slot, and is about to be over. */
  left(zapId: string): void
  /** Nothing of a run of this zap is under way any more; its message is settled, or in the queue again. */
  ended(zapId: string, delivery: Delivery): void
}

/**
 * The runs that are under way in this process, each under a lease that is extended while it works. A run has a slot until it rests or,
 * when it ends for good, until all that is left of it is its last commit: what is begun after that is written after it.
 */
export type ActiveRuns = {
  count(): number
  countOf(zapId: string): number
  /** Runs that have a slot. */
  slots(): number
  slotsOf(zapId: string): number
  has(runId: string): boolean
  /** Whether a message is being worked on here. */
  isHeld(messageId: number): boolean
  execute(run: BegunRun): void
  /** Aborts a run; false when it is not under way here. Resolves when it has ended. */
  cancel(runId: string, reason: AbortReason): Promise<boolean>
  /** Extends the leases from now on, until `stop`. */
  holdLeases(): void
  /**
   * Lets what is under way, and what is still begun until `begun` resolves, end for `graceMs` milliseconds, then aborts it. Resolves
   * when nothing is under way.
   */
  stop(graceMs: number, begun: Promise<unknown>): Promise<void>
  /** Resolves when nothing is under way. */
  idle(): Promise<void>
}

/** For how long a lease holds unless it is extended. */
export const LEASE_MS = 60_000
const HEARTBEAT_MS = 20_000

type Active = { message: HeldMessage; controller: AbortController; done: Promise<void>; hasSlot: boolean }

export function createActiveRuns(config: ActiveRunsConfig): ActiveRuns {
  const { database, clock, log, signals } = config
  const active = new Set<Active>()
  const activeOfZap = createTally()
  const slotsOfZap = createTally()
  let isAborting = false

  function execute(run: BegunRun): void {
    const { message } = run
    const controller = new AbortController()
    const { zapId } = message
    const entry: Active = { message, controller, done: Promise.resolve(), hasSlot: true }
    active.add(entry)
    activeOfZap.add(zapId)
    slotsOfZap.add(zapId)
    let delivery: Delivery = 'returned'
    entry.done = config
      .execute(run, controller.signal, () => leave(entry))
      .then((end) => {
        delivery = end
      })
      .catch((error: unknown) => giveBack(message, error))
      .catch((error: unknown) => {
        // The lease runs out by itself, and the sweeper takes the message back.
        log.error('A run could not be settled.', { run: message.runId, error: String(error) })
      })
      .finally(() => {
        active.delete(entry)
        activeOfZap.remove(zapId)
        freeSlot(entry)
        signals.emit('work:progressed')
        config.ended(zapId, delivery)
      })
    if (isAborting) controller.abort('shutdown' satisfies AbortReason)
  }

  function leave(entry: Active): void {
    freeSlot(entry)
    config.left(entry.message.zapId)
  }

  function freeSlot(entry: Active): void {
    if (!entry.hasSlot) return
    entry.hasSlot = false
    slotsOfZap.remove(entry.message.zapId)
  }

  async function giveBack(message: HeldMessage, error: unknown): Promise<void> {
    const lease = leaseOf(message)
    // Its event was a repeat, or was not stored: the sender hears of that.
    if (lease === null) return
    if (error instanceof LeaseLostError) {
      log.warn(error.message)
      return
    }
    log.error('Hookline itself failed while it worked on a run.', { run: message.runId, error: String(error) })
    const effects = await database.write((tx) =>
      returnFailed(tx, { ...message, ...lease }, { error, now: clock.now() }, config.end),
    )
    if (effects !== undefined) signals.emit('run:ended', effects)
    signals.emit('run:changed', [message.runId])
  }

  async function extendLeases(): Promise<void> {
    if (active.size === 0) return
    const until = clock.now() + LEASE_MS
    const held = [...active]
    const lost = await database.write((tx) => held.filter((entry) => isLost(tx, entry.message, until)))
    for (const entry of lost) entry.controller.abort('lease-lost' satisfies AbortReason)
  }

  const failed = 'Leases could not be extended.'
  const heartbeat = repeat({ clock, log, failed, everyMs: HEARTBEAT_MS, run: extendLeases })

  async function idle(): Promise<void> {
    while (active.size > 0) await Promise.all([...active].map((entry) => entry.done))
  }

  return {
    count: () => active.size,
    countOf: activeOfZap.of,
    slots: slotsOfZap.total,
    slotsOf: slotsOfZap.of,
    has: (runId) => active.values().some((entry) => entry.message.runId === runId),
    isHeld: (messageId) => active.values().some((entry) => leaseOf(entry.message)?.id === messageId),
    execute,
    async cancel(runId, reason) {
      const entry = active.values().find((candidate) => candidate.message.runId === runId)
      if (entry === undefined) return false
      entry.controller.abort(reason)
      await entry.done
      return true
    },
    holdLeases() {
      isAborting = false
      heartbeat.start()
    },
    async stop(graceMs, begun) {
      const heartStopped = heartbeat.stop()
      const cancelGrace = clock.after(graceMs, () => {
        isAborting = true
        for (const entry of active) entry.controller.abort('shutdown' satisfies AbortReason)
      })
      await begun.catch(() => undefined)
      await idle()
      cancelGrace()
      await heartStopped
    },
    idle,
  }
}

/** Extends a lease. One of a message that is on its way to the disk is not lost: its transaction writes when it ends. */
function isLost(tx: Tx, message: HeldMessage, until: number): boolean {
  const lease = leaseOf(message)
  return lease !== null && !extendLease(tx, lease, until)
}

/** How many there are of each key, and together. */
function createTally() {
  const counts = new Map<string, number>()
  let total = 0
  const of = (key: string): number => counts.get(key) ?? 0
  return {
    of,
    total: () => total,
    add(key: string): void {
      total++
      counts.set(key, of(key) + 1)
    },
    remove(key: string): void {
      total--
      if (of(key) === 1) counts.delete(key)
      else counts.set(key, of(key) - 1)
    },
  }
}
