import { findPendingZaps, type ReservedMessage } from '../db/message-leases.ts'
import type { Database } from '../db/open.ts'
import type { Clock } from '../domain/clock.ts'
import type { Failpoint } from '../domain/failpoint.ts'
import type { CompiledZap } from '../domain/graph.ts'
import { firstRunId } from '../domain/ids.ts'
import { type AcceptedEvent, depthOf, type IncomingEvent } from '../domain/incoming-event.ts'
import type { Log } from '../domain/log.ts'
import { repeat } from '../domain/repeat.ts'
import { reasonText } from '../domain/run-reason.ts'
import type { BegunRun } from '../engine/begin-run.ts'
import { LeaseLostError } from '../engine/run-journal.ts'
import type { AbortReason, Delivery } from '../engine/run-work.ts'
import type { Signals } from '../signals.ts'
import { createActiveRuns, LEASE_MS } from './active-runs.ts'
import { createAdmissionQueue } from './admission-queue.ts'
import { leaseRound, type Round, type RoundConfig, type ZapPolicy } from './lease-round.ts'

export type DispatcherConfig = RoundConfig & {
  readonly database: Database
  readonly clock: Clock
  readonly log: Log
  readonly failpoint: Failpoint
  /** Unique to this process; its lease tokens begin with it. */
  readonly processId: string
  /** Runs that have a place at once, over all zaps. */
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
  /** Leases nothing more, gives what is under way `graceMs` milliseconds to end, then aborts it; it resumes at the next start. */
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
  /** Looks for whatever may be due, without waiting for the safety net. */
  look(): Promise<void>
  /** Tells that messages of crashed processes are in the queue again: the repeated ones are run alone. */
  expectSuspects(): void
  setPaused(paused: boolean): void
  /** Aborts a run that is under way here; false when it is not. Resolves when it has ended. */
  cancel(runId: string, reason: AbortReason): Promise<boolean>
  /** Whether a message is being worked on here. */
  isHeld(messageId: number): boolean
  /** Resolves when nothing is under way. */
  idle(): Promise<void>
}

/** An event that is about to be stored, and whose run could begin at once. */
export type NewEvent = IncomingEvent & {
  readonly id: string
  readonly json: string
  readonly zap: CompiledZap
  readonly policy: ZapPolicy
}

/** Where a run may begin together with its event. */
export type Slot = {
  /** The message that the transaction of the event has to store. */
  readonly message: ReservedMessage
  /**
   * To be called at once, with the promise of the stored event: the run begins with what needs no disk, and what it writes first shares
   * the event's commit. It goes no further when the event turns out to be a repeat or is not stored.
   */
  begin(stored: Promise<AcceptedEvent>): void
}

const SAFETY_NET_MS = 1_000

/** Milliseconds that a suspect runs alone: what crashes a process does so at once, and a slow target must not hold up everybody. */
const ALONE_MS = 500

export function createDispatcher(config: DispatcherConfig): Dispatcher {
  const { database, clock, log, signals } = config
  const active = createActiveRuns({ ...config, left, ended })
  const admissions = createAdmissionQueue<NewEvent, Slot>(clock)
  /** Zaps that may have something pending, each with the time from which that is so. */
  const candidates = new Map<string, number>()
  /** Zaps of which something came after the round that is being committed: it cannot have seen that. */
  const wokenSince = new Set<string>()
  let leases = 0
  let isRunning = false
  let isPaused = false
  let isLeasing = false
  /** The last round, until it is committed and what it began is under way. */
  let round: Promise<void> = Promise.resolve()
  let isWokenMeanwhile = false
  let suspectsExpected = false
  /** As {@link wokenSince}, for suspects. */
  let suspectsSince = false
  /** Whether something due is left in the queue for want of places, as of the last round. */
  let hasBacklog = false
  /** Until then the suspect that is under way has the process to itself. */
  let aloneUntil = 0
  let cancelDueTimer = (): void => undefined

  function wake(zapId: string): void {
    noteDue(zapId)
    lease()
  }

  function noteDue(zapId: string): void {
    candidates.set(zapId, 0)
    wokenSince.add(zapId)
  }

  function left(zapId: string): void {
    admissions.ended(zapId)
    lease()
    admissions.offer(slotFor)
  }

  function ended(zapId: string, delivery: Delivery): void {
    // A run that is over leaves nothing behind in the queue; one that rests may be due again before anything else.
    if (delivery === 'returned') noteDue(zapId)
    left(zapId)
  }

  /** Runs `runOnce` without anybody waiting for it. */
  function lease(): void {
    runOnce().catch((error: unknown) => log.error('The dispatcher could not lease messages.', { error: String(error) }))
  }

  async function runOnce(): Promise<void> {
    if (isLeasing) {
      isWokenMeanwhile = true
      return
    }
    if (!isRunning || isPaused) return
    const now = clock.now()
    const hasDue = candidates.values().some((at) => at <= now)
    if (now < aloneUntil && active.count() > 0) {
      armDueTimer()
      return
    }
    if (!suspectsExpected && (!hasDue || active.places() >= config.slots)) {
      armDueTimer()
      return
    }
    isLeasing = true
    try {
      round = commitRound(now)
      await round
    } finally {
      isLeasing = false
    }
    if (isWokenMeanwhile) {
      isWokenMeanwhile = false
      return runOnce()
    }
    armDueTimer()
  }

  async function commitRound(now: number): Promise<void> {
    const token = `${config.processId}.${++leases}`
    // As of now: the last commit of a run that leaves its place from here on is written after this round.
    const free = config.slots - active.places()
    const taken = new Map(candidates.keys().map((zapId) => [zapId, active.placesOf(zapId)]))
    const committed = await database.write((tx) => {
      wokenSince.clear()
      suspectsSince = false
      return leaseRound(
        tx,
        {
          now,
          until: now + LEASE_MS,
          token,
          candidates,
          free,
          suspectsExpected,
          underWay: active.countOf,
          placesOf: (zapId) => Math.max(taken.get(zapId) ?? active.countOf(zapId), active.placesOf(zapId)),
          isActive: active.has,
        },
        config,
      )
    })
    follow(committed, now)
  }

  /** Does what follows from a committed round. */
  function follow(round: Round, now: number): void {
    for (const [zapId, at] of round.next) {
      if (wokenSince.has(zapId)) continue
      if (at === null) candidates.delete(zapId)
      else candidates.set(zapId, at)
      // Its time came while this was being committed, so no timer will be set for it.
      if (at !== null && at > now && at <= clock.now()) isWokenMeanwhile = true
    }
    hasBacklog = candidates.entries().some(([zapId, at]) => at <= now && !wokenSince.has(zapId))
    suspectsExpected = round.suspectsExpected || suspectsSince
    if (round.isSuspect) aloneUntil = now + ALONE_MS
    // No end of a run will wake the dispatcher for a place that was taken for nothing.
    if (round.hasGap) isWokenMeanwhile = true
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
    const mayWait = slot === undefined && policy.mode === 'parallel' && !hasBacklog && isOpen()
    if (mayWait && admissions.isWorthwhile(zapId)) admissions.enter(event, settle)
    else settle(slot)
  }

  /** Whether runs begin without being looked at one by one. */
  function isOpen(): boolean {
    return isRunning && !isPaused && !suspectsExpected && clock.now() >= aloneUntil
  }

  function slotFor(event: NewEvent): Slot | undefined {
    const { id: eventId, zapId, version, policy, triggerStepId, data, json, receivedAt, caller } = event
    const now = clock.now()
    if (!isOpen()) return undefined
    if (policy.mode !== 'parallel' || active.placesOf(zapId) >= policy.maxParallel) return undefined
    // With a disk that takes nothing, runs that wait for their last commit would be without number.
    if (active.places() >= config.slots || active.count() >= 2 * config.slots) return undefined
    if (candidates.values().some((at) => at <= now)) return undefined
    const message: ReservedMessage = {
      kind: 'start-run',
      zapId,
      version,
      eventId,
      runId: firstRunId(eventId),
      deliveries: 1,
      crashes: 0,
      failures: 0,
      leaseToken: `${config.processId}.${++leases}`,
      leasedUntil: now + LEASE_MS,
      reservedAt: now,
      row: { id: null },
    }
    return {
      message,
      begin(storing) {
        const stored = storing.then(({ isDuplicate }) => {
          if (isDuplicate) throw new LeaseLostError(message)
          config.failpoint('after-lease')
          signals.emit('run:changed', [message.runId])
        })
        // Consumers await `stored`; this only silences a rejection that has no consumer.
        stored.catch(() => undefined)
        const parentRunId = caller?.runId ?? null
        active.execute({
          message,
          zap: event.zap,
          event: { id: eventId, zapId, triggerStepId, data: json, receivedAt, parentRunId, depth: depthOf(caller) },
          journal: [],
          open: new Map(),
          startedAt: now,
          stored,
          data,
        })
      },
    }
  }

  /** Something of a zap is due at a time, as was read; whoever woke it since knows better. */
  function noteFrom(zapId: string, availableAt: number): void {
    if (availableAt < (candidates.get(zapId) ?? Number.POSITIVE_INFINITY)) candidates.set(zapId, availableAt)
  }

  function armDueTimer(): void {
    cancelDueTimer()
    const now = clock.now()
    let next = aloneUntil > now ? aloneUntil : Number.POSITIVE_INFINITY
    for (const at of candidates.values()) if (at > now && at < next) next = at
    if (isRunning && next < Number.POSITIVE_INFINITY) cancelDueTimer = clock.after(next - now, lease)
  }

  async function look(): Promise<void> {
    for (const { zapId, availableAt } of await findPendingZaps(database.reader)) noteFrom(zapId, availableAt)
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
      suspectsExpected = true
      active.holdLeases()
      safetyNet.start()
      safetyNet.soon()
    },
    async stop(graceMs) {
      isRunning = false
      admissions.empty()
      cancelDueTimer()
      await Promise.all([safetyNet.stop(), active.stop(graceMs, round)])
    },
    runOnce,
    wake,
    admit,
    look,
    expectSuspects() {
      suspectsExpected = true
      suspectsSince = true
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
    idle: active.idle,
  }
}
