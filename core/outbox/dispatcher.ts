import { findPendingZaps, type ReservedMessage } from '../db/message-leases.ts'
import type { Database } from '../db/open.ts'
import type { Log } from '../domain/host/log.ts'
import type { Failpoint } from '../domain/runs/failpoint.ts'
import type { AcceptedEvent } from '../domain/runs/incoming-event.ts'
import { reasonText } from '../domain/runs/run-reason.ts'
import type { Clock } from '../domain/time/clock.ts'
import { repeat } from '../domain/time/repeat.ts'
import type { BegunRun } from '../engine/run/begin-run.ts'
import type { AbortReason, Delivery } from '../engine/run/run.ts'
import type { Signals } from '../signals.ts'
import { createActiveRuns, LEASE_MS } from './active-runs.ts'
import { createAdmissionQueue } from './admission-queue.ts'
import { leaseRound, type Round, type RoundConfig } from './lease-round.ts'
import { createPendingWork } from './pending-work.ts'
import { type NewEvent, reserveMessage, runWithEvent } from './run-with-event.ts'

export type DispatcherConfig = RoundConfig & {
  readonly database: Database
  readonly clock: Clock
  readonly log: Log
  readonly failpoint: Failpoint
  /** Unique to this process; its lease tokens begin with it. */
  readonly processId: string
  /** Runs that have a slot at once, over all zaps. */
  readonly slots: number
  /** `leave` is to be called when nothing of the run is left to do but a commit that is asked for already. */
  execute(run: BegunRun, signal: AbortSignal, leave: () => void): Promise<Delivery>
  readonly signals: Signals
}

/**
 * Turns pending outbox messages into running runs. It wakes when an event was committed, when the next message is due, and once
 * a second; the last is a safety net, for what other processes or a mistake of ours may have left.
 */
export type Dispatcher = {
  start(): void
  /** Leases nothing more, lets what is under way end for `graceMs` milliseconds, then aborts it; it resumes at the next start. */
  stop(graceMs: number): Promise<void>
  /** Leases and starts what is due and fits; resolves when that is committed, not when it has run. */
  runOnce(): Promise<void>
  /** Something of this zap is due. */
  wake(zapId: string): void
  /**
   * Finds a slot for the run of an event that is about to be stored, and calls `settle` with it: at once, or within a moment when a slot
   * is about to be free. Without a slot its run has to wait for its turn in the queue: none is free, its zap does not run side by side,
   * or something is due before it.
   */
  admit(event: NewEvent, settle: (slot: Slot | undefined) => void): void
  /** Looks for what may be due, without waiting for the safety net. */
  look(): Promise<void>
  /** Tells that messages of crashed processes are in the queue again: the repeated ones are run alone. */
  expectSuspects(): void
  setPaused(paused: boolean): void
  /** Aborts a run that is under way here; false when it is not. Resolves when it has ended. */
  cancel(runId: string, reason: AbortReason): Promise<boolean>
  /** Whether a message is being worked on here. */
  isHeld(messageId: number): boolean
  /** Runs that have a slot. */
  slotsUsed(): number
  /** Resolves when nothing is under way. */
  idle(): Promise<void>
}

/** Where a run may begin together with its event. */
export type Slot = {
  /** The message that the transaction of the event has to store. */
  readonly message: ReservedMessage
  /** To be called at once, with the promise of the stored event; see `runWithEvent`. */
  begin(stored: Promise<AcceptedEvent>): void
}

const SAFETY_NET_MS = 1_000

/**
 * What may begin.
 *
 * - `stopped`: nothing, before `start` and after `stop`. What is under way has its grace.
 * - `paused`: nothing, as the user wants it, or the safe mode. What is under way goes on.
 * - `alone`: one suspect, which is a message that was being worked on at several crashes, with nothing beside it; and nothing else before it has
 *   ended or had the process to itself for a moment. Entered at `start` (an earlier process may have left suspects) and when the sweeper takes one
 *   back; left when a round finds none.
 * - `open`: all that is due and fits, and runs of events that are about to be stored.
 */
type Mode = 'stopped' | 'paused' | 'alone' | 'open'

/** Milliseconds that a suspect runs alone: what crashes a process does so at once, and a slow target must not hold up everybody. */
const ALONE_MS = 500

export function createDispatcher(config: DispatcherConfig): Dispatcher {
  const { database, clock, log, signals, slots } = config
  const active = createActiveRuns({ ...config, left, ended })
  const admissions = createAdmissionQueue<NewEvent, Slot>(clock)
  const pending = createPendingWork()
  let isRunning = false
  let isPaused = false
  /** Until then the suspect that is under way has the process to itself. */
  let aloneUntil = 0
  /** `again`: something came while the round was being committed, which it may not have seen. */
  let leasing: 'idle' | 'round' | 'again' = 'idle'
  /** The last round, until it is committed and what it began is under way. */
  let round: Promise<void> = Promise.resolve()
  let leases = 0
  let cancelTimer = (): void => undefined

  function modeAt(now: number): Mode {
    if (!isRunning) return 'stopped'
    if (isPaused) return 'paused'
    return pending.hasSuspects() || now < aloneUntil ? 'alone' : 'open'
  }

  /** What is to be done now. While it waits, a timer, something that is woken, or the end of a run has it plan again. */
  function plan(now: number): 'lease' | 'wait' {
    const mode = modeAt(now)
    if (mode === 'stopped' || mode === 'paused') return 'wait'
    if (mode === 'alone') {
      if (now < aloneUntil && active.count() > 0) return 'wait'
      if (pending.hasSuspects()) return 'lease'
    }
    return pending.hasDue(now) && active.slots() < slots ? 'lease' : 'wait'
  }

  function wake(zapId: string): void {
    pending.wake(zapId)
    lease()
  }

  function left(zapId: string): void {
    admissions.ended(zapId)
    lease()
    admissions.offer(slotFor)
  }

  function ended(zapId: string, delivery: Delivery): void {
    // A settled run leaves no message. A returned one may be due at once, so its zap is looked at again.
    if (delivery === 'returned') pending.wake(zapId)
    left(zapId)
  }

  function lease(): void {
    runOnce().catch((error: unknown) => log.error('The dispatcher could not lease messages.', { error: String(error) }))
  }

  async function runOnce(): Promise<void> {
    if (leasing !== 'idle') {
      leasing = 'again'
      return
    }
    const now = clock.now()
    if (plan(now) === 'lease') {
      leasing = 'round'
      let isAgain: boolean
      try {
        round = commitRound(now)
        await round
      } finally {
        isAgain = leasing !== 'round'
        leasing = 'idle'
      }
      if (isAgain) return runOnce()
    }
    armTimer()
  }

  /** What is due and was not leased waits for a slot, and the end of a run wakes it: a timer is for what becomes due later. */
  function armTimer(): void {
    cancelTimer()
    const now = clock.now()
    const next = Math.min(pending.nextAfter(now), now < aloneUntil ? aloneUntil : Number.POSITIVE_INFINITY)
    if (isRunning && next < Number.POSITIVE_INFINITY) cancelTimer = clock.after(next - now, lease)
  }

  async function commitRound(now: number): Promise<void> {
    const token = `${config.processId}.${++leases}`
    // As of now: the last commit of a run that leaves its slot from here on is written after this round.
    const free = slots - active.slots()
    const zaps = pending.zaps()
    const taken = new Map(zaps.keys().map((zapId) => [zapId, active.slotsOf(zapId)]))
    const committed = await database.write((tx) => {
      pending.beginRound()
      return leaseRound(
        tx,
        {
          now,
          until: now + LEASE_MS,
          token,
          candidates: zaps,
          free,
          suspectsExpected: pending.hasSuspects(),
          underWay: active.countOf,
          slotsOf: (zapId) => Math.max(taken.get(zapId) ?? active.countOf(zapId), active.slotsOf(zapId)),
          isActive: active.has,
        },
        config,
      )
    })
    follow(committed, now)
  }

  /** Does what follows from a committed round. */
  function follow(round: Round, now: number): void {
    const isLate = pending.endRound(round, now, clock.now())
    if (round.isSuspect) aloneUntil = now + ALONE_MS
    // No end of a run will wake the dispatcher for a slot that was taken for nothing.
    if (isLate || round.hasGap) leasing = 'again'
    if (round.begun.length > 0) config.failpoint('after-lease')
    else if (active.count() === 0) signals.emit('work:progressed')
    for (const run of round.begun) active.execute(run)
    for (const runId of round.replaced) void active.cancel(runId, 'replaced')
    for (const effects of round.effects) signals.emit('run:ended', effects)
    for (const { runId, reason } of round.givenUp) log.error(reasonText(reason), { run: runId })
    const changed = [...round.begun.map((run) => run.message.runId), ...round.changed]
    if (changed.length > 0) signals.emit('run:changed', changed)
    admissions.offer(slotFor)
  }

  function admit(event: NewEvent, settle: (slot: Slot | undefined) => void): void {
    const { zapId, policy } = event
    const slot = admissions.isAwaited(zapId) ? undefined : slotFor(event)
    const mayWait =
      slot === undefined && policy.mode === 'parallel' && !pending.hasBacklog() && modeAt(clock.now()) === 'open'
    if (mayWait && admissions.isWorthwhile(zapId)) admissions.enter(event, settle)
    else settle(slot)
  }

  function slotFor(event: NewEvent): Slot | undefined {
    const { zapId, policy } = event
    const now = clock.now()
    if (modeAt(now) !== 'open') return undefined
    if (policy.mode !== 'parallel' || active.slotsOf(zapId) >= policy.maxParallel) return undefined
    // With a disk that takes nothing, runs that wait for their last commit would be without number.
    if (active.slots() >= slots || active.count() >= 2 * slots) return undefined
    if (pending.hasDue(now)) return undefined
    const message = reserveMessage(event, { token: `${config.processId}.${++leases}`, now, until: now + LEASE_MS })
    return {
      message,
      begin(storing) {
        const run = runWithEvent(message, event, storing, () => {
          config.failpoint('after-lease')
          signals.emit('run:changed', [message.runId])
        })
        active.execute(run)
      },
    }
  }

  async function look(): Promise<void> {
    for (const { zapId, availableAt } of await findPendingZaps(database.reader)) pending.note(zapId, availableAt)
    await runOnce()
  }

  const safetyNet = repeat({
    clock,
    log,
    failed: 'The dispatcher could not look for messages.',
    everyMs: SAFETY_NET_MS,
    run: look,
  })

  return {
    start() {
      isRunning = true
      // An earlier process may have taken them back and ended before it could run them.
      pending.expectSuspects()
      active.holdLeases()
      safetyNet.start()
      safetyNet.soon()
    },
    async stop(graceMs) {
      isRunning = false
      admissions.empty()
      cancelTimer()
      await Promise.all([safetyNet.stop(), active.stop(graceMs, round)])
    },
    runOnce,
    wake,
    admit,
    look,
    expectSuspects() {
      pending.expectSuspects()
      admissions.empty()
      lease()
    },
    setPaused(paused) {
      isPaused = paused
      if (paused) admissions.empty()
      else lease()
    },
    cancel: active.cancel,
    isHeld: active.isHeld,
    slotsUsed: active.slots,
    idle: active.idle,
  }
}
