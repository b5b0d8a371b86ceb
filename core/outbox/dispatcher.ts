import { findPendingZaps, UNSTORED } from '../db/message-leases.ts'
import type { Database } from '../db/open.ts'
import type { Clock } from '../domain/clock.ts'
import type { Failpoint } from '../domain/failpoint.ts'
import type { CompiledZap } from '../domain/graph.ts'
import { firstRunId, newEventId } from '../domain/ids.ts'
import type { Json } from '../domain/json.ts'
import type { Log } from '../domain/log.ts'
import type { BegunRun } from '../engine/begin-run.ts'
import type { EndEffects } from '../engine/run-endings.ts'
import { LeaseLostError } from '../engine/run-journal.ts'
import type { AbortReason, Delivery } from '../engine/run-work.ts'
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
  announce(effects: EndEffects): void
  /** Called when a run came to its end or to a rest here, and when there was nothing to begin. */
  progressed(): void
  /** Called when runs began or the queue changed. */
  changed(runIds: readonly string[]): void
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
   * Finds a place for the run of an event that is about to be stored, and has it stored by calling `store`: at once, or within
   * a moment when a place is about to be free. Without a place its run has to wait for its turn in the queue: none is free, its
   * zap does not run side by side, or something is due before it.
   */
  admit(event: AdmittedEvent, store: (place: Admission | undefined) => void): void
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

/** An event whose run could begin at once. */
export type AdmittedEvent = {
  readonly zapId: string
  readonly version: number
  readonly zap: CompiledZap
  readonly policy: ZapPolicy
  readonly triggerStepId: string
  readonly data: Json
  readonly json: string
  readonly receivedAt: number
}

/** A place for a run, and how to begin it; the intake's `Admission`. */
export type Admission = {
  readonly eventId: string
  readonly leaseToken: string
  readonly leasedUntil: number
  stored(messageId: number): void
  begin(stored: Promise<{ readonly isDuplicate: boolean }>): void
}

const SAFETY_NET_MS = 1_000

/** Milliseconds that a suspect runs alone: what crashes a process does so at once, and a slow target must not hold up everybody. */
const ALONE_MS = 500

export function createDispatcher(config: DispatcherConfig): Dispatcher {
  const { database, clock, log } = config
  const active = createActiveRuns({ ...config, left, ended })
  const room = createAdmissionQueue<AdmittedEvent, Admission>(clock)
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
  let cancelSafetyNet = (): void => undefined

  function wake(zapId: string): void {
    noteDue(zapId)
    lease()
  }

  function noteDue(zapId: string): void {
    candidates.set(zapId, 0)
    wokenSince.add(zapId)
  }

  function left(zapId: string): void {
    room.ended(zapId)
    lease()
    room.offer(placeFor)
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
    else if (active.count() === 0) config.progressed()
    for (const run of round.begun) active.execute(run)
    for (const runId of round.replaced) void active.cancel(runId, 'replaced')
    for (const effects of round.effects) config.announce(effects)
    for (const { runId, reason } of round.givenUp) log.error(reason, { run: runId })
    const changed = [...round.begun.map((run) => run.message.runId), ...round.changed]
    if (changed.length > 0) config.changed(changed)
    room.offer(placeFor)
  }

  function admit(event: AdmittedEvent, store: (place: Admission | undefined) => void): void {
    const { zapId, policy } = event
    const place = room.isAwaited(zapId) ? undefined : placeFor(event)
    const mayWait = place === undefined && policy.mode === 'parallel' && !hasBacklog && isOpen()
    if (mayWait && room.isWorthwhile(zapId)) room.enter(event, store)
    else store(place)
  }

  /** Whether runs begin without being looked at one by one. */
  function isOpen(): boolean {
    return isRunning && !isPaused && !suspectsExpected && clock.now() >= aloneUntil
  }

  function placeFor(event: AdmittedEvent): Admission | undefined {
    const { zapId, version, policy } = event
    const now = clock.now()
    if (!isOpen()) return undefined
    if (policy.mode !== 'parallel' || active.placesOf(zapId) >= policy.maxParallel) return undefined
    // With a disk that takes nothing, runs that wait for their last commit would be without number.
    if (active.places() >= config.slots || active.count() >= 2 * config.slots) return undefined
    if (candidates.values().some((at) => at <= now)) return undefined
    const eventId = newEventId()
    const leaseToken = `${config.processId}.${++leases}`
    const { triggerStepId, data, json, receivedAt } = event
    const message = {
      id: UNSTORED,
      kind: 'start-run' as const,
      zapId,
      version,
      eventId,
      runId: firstRunId(eventId),
      deliveries: 1,
      crashes: 0,
      failures: 0,
      leaseToken,
    }
    return {
      eventId,
      leaseToken,
      leasedUntil: now + LEASE_MS,
      stored(messageId) {
        message.id = messageId
      },
      begin(storing) {
        const stored = storing.then(({ isDuplicate }) => {
          if (isDuplicate) throw new LeaseLostError(message)
          config.failpoint('after-lease')
          config.changed([message.runId])
        })
        // Whoever needs it waits for it; nobody may.
        stored.catch(() => undefined)
        const row = { id: eventId, zapId, triggerStepId, data: json, receivedAt, parentRunId: null, depth: 0 }
        active.execute({
          message,
          zap: event.zap,
          event: row,
          journal: [],
          open: new Map(),
          startedAt: receivedAt,
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

  function castSafetyNet(): void {
    cancelSafetyNet = clock.after(SAFETY_NET_MS, () => {
      look()
        .catch((error: unknown) => log.error('The dispatcher could not look for messages.', { error: String(error) }))
        .finally(() => {
          if (isRunning) castSafetyNet()
        })
    })
  }

  return {
    start() {
      isRunning = true
      // An earlier process may have taken them back and ended before it could run them.
      suspectsExpected = true
      castSafetyNet()
      active.holdLeases()
      look().catch((error: unknown) => log.error('The dispatcher could not start.', { error: String(error) }))
    },
    async stop(graceMs) {
      isRunning = false
      room.empty()
      cancelDueTimer()
      cancelSafetyNet()
      await active.stop(graceMs, round)
    },
    runOnce,
    wake,
    admit,
    look,
    expectSuspects() {
      suspectsExpected = true
      suspectsSince = true
      room.empty()
      lease()
    },
    setPaused(paused) {
      isPaused = paused
      if (paused) room.empty()
      else lease()
    },
    cancel: active.cancel,
    isHeld: active.isHeld,
    idle: active.idle,
  }
}
