import { extendLease, findPendingZaps, type LeasedMessage, UNSTORED } from '../db/message-leases.ts'
import type { Database } from '../db/open.ts'
import type { Clock } from '../domain/clock.ts'
import type { Failpoint } from '../domain/failpoint.ts'
import type { CompiledZap } from '../domain/graph.ts'
import { firstRunId, newEventId } from '../domain/ids.ts'
import type { Json } from '../domain/json.ts'
import type { Log } from '../domain/log.ts'
import type { BegunRun } from '../engine/begin-run.ts'
import type { ToldOfEnd } from '../engine/run-endings.ts'
import { LeaseLostError } from '../engine/run-journal.ts'
import type { AbortReason } from '../engine/run-work.ts'
import { giveBack as returnFailed } from './failed-delivery.ts'
import { leaseRound, type Round, type RoundConfig, type ZapPolicy } from './lease-round.ts'

export type DispatcherConfig = RoundConfig & {
  readonly database: Database
  readonly clock: Clock
  readonly log: Log
  readonly failpoint: Failpoint
  /** This process's word, with which its lease tokens begin. */
  readonly host: string
  /** Runs under way at once, over all zaps. */
  readonly slots: number
  execute(run: BegunRun, signal: AbortSignal): Promise<void>
  tell(told: ToldOfEnd): void
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
   * Keeps a place for the run of an event that is about to be stored. Undefined when its run has to wait for its turn: no place is
   * free, its zap does not run side by side, or something is due before it.
   */
  admit(event: AdmittedEvent): Admission | undefined
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

const LEASE_MS = 60_000
const HEARTBEAT_MS = 20_000
const SAFETY_NET_MS = 1_000

/** Milliseconds that a suspect runs alone: what crashes a process does so at once, and a slow target must not hold up everybody. */
const ALONE_MS = 500

type Active = { message: LeasedMessage; controller: AbortController; done: Promise<void> }

export function createDispatcher(config: DispatcherConfig): Dispatcher {
  const { database, clock, log } = config
  const active = new Set<Active>()
  const activeOfZap = new Map<string, number>()
  /** Zaps that may have something pending, each with the time from which that is so. */
  const candidates = new Map<string, number>()
  /** Zaps of which something came after the round that is being committed: it cannot have seen that. */
  const wokenSince = new Set<string>()
  let leases = 0
  let isRunning = false
  let isPaused = false
  let isLeasing = false
  let isWokenMeanwhile = false
  let suspectsExpected = false
  /** As {@link wokenSince}, for suspects. */
  let suspectsSince = false
  /** Until then the suspect that is under way has the process to itself. */
  let aloneUntil = 0
  let cancelDueTimer = (): void => undefined
  let cancelSafetyNet = (): void => undefined
  let cancelHeartbeat = (): void => undefined

  function wake(zapId: string): void {
    candidates.set(zapId, 0)
    wokenSince.add(zapId)
    lease()
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
    const hasDue = [...candidates.values()].some((at) => at <= now)
    if (now < aloneUntil && active.size > 0) {
      armDueTimer()
      return
    }
    if (!suspectsExpected && (!hasDue || active.size >= config.slots)) {
      armDueTimer()
      return
    }
    isLeasing = true
    try {
      const token = `${config.host}.${++leases}`
      const round = await database.write((tx) => {
        wokenSince.clear()
        suspectsSince = false
        return leaseRound(
          tx,
          {
            now,
            until: now + LEASE_MS,
            token,
            candidates,
            free: config.slots - active.size,
            suspectsExpected,
            underWay: (zapId) => activeOfZap.get(zapId) ?? 0,
            isActive: (runId) => active.values().some((entry) => entry.message.runId === runId),
          },
          config,
        )
      })
      follow(round, now)
    } finally {
      isLeasing = false
    }
    if (isWokenMeanwhile) {
      isWokenMeanwhile = false
      return runOnce()
    }
    armDueTimer()
  }

  /** Does what follows from a committed round. */
  function follow(round: Round, now: number): void {
    for (const [zapId, at] of round.next) {
      if (wokenSince.has(zapId)) continue
      if (at === null) candidates.delete(zapId)
      else candidates.set(zapId, at)
    }
    suspectsExpected = round.suspectsExpected || suspectsSince
    if (round.isSuspect) aloneUntil = now + ALONE_MS
    // No end of a run will wake the dispatcher for a place that was taken for nothing.
    if (round.hasGap) isWokenMeanwhile = true
    if (round.begun.length > 0) config.failpoint('after-lease')
    else if (active.size === 0) config.progressed()
    for (const run of round.begun) execute(run)
    for (const runId of round.replaced) void cancel(runId, 'replaced')
    for (const told of round.told) config.tell(told)
    for (const { runId, reason } of round.buried) log.error(reason, { run: runId })
    const changed = [...round.begun.map((run) => run.message.runId), ...round.changed]
    if (changed.length > 0) config.changed(changed)
  }

  function admit(event: AdmittedEvent): Admission | undefined {
    const { zapId, version, policy } = event
    const now = clock.now()
    if (!isRunning || isPaused || suspectsExpected || now < aloneUntil) return undefined
    if (policy.mode !== 'parallel' || (activeOfZap.get(zapId) ?? 0) >= policy.maxParallel) return undefined
    if (active.size >= config.slots || candidates.values().some((at) => at <= now)) return undefined
    const eventId = newEventId()
    const leaseToken = `${config.host}.${++leases}`
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
        execute({
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

  function execute(run: BegunRun): void {
    const { message } = run
    const controller = new AbortController()
    activeOfZap.set(message.zapId, (activeOfZap.get(message.zapId) ?? 0) + 1)
    const entry: Active = { message, controller, done: Promise.resolve() }
    active.add(entry)
    entry.done = config
      .execute(run, controller.signal)
      .catch((error: unknown) => giveBack(message, error))
      .catch((error: unknown) => {
        // The lease runs out by itself, and the sweeper takes the message back.
        log.error('A run could not be settled.', { run: message.runId, error: String(error) })
      })
      .finally(() => {
        active.delete(entry)
        const left = (activeOfZap.get(message.zapId) ?? 1) - 1
        if (left === 0) activeOfZap.delete(message.zapId)
        else activeOfZap.set(message.zapId, left)
        config.progressed()
        wake(message.zapId)
      })
  }

  async function giveBack(message: LeasedMessage, error: unknown): Promise<void> {
    // Its event was a repeat, or was not stored: that is told elsewhere.
    if (message.id === UNSTORED) return
    if (error instanceof LeaseLostError) {
      log.warn(error.message)
      return
    }
    log.error('Hookline itself failed while it worked on a run.', { run: message.runId, error: String(error) })
    const told = await database.write((tx) => returnFailed(tx, message, { error, now: clock.now() }, config.end))
    if (told !== undefined) config.tell(told)
    config.changed([message.runId])
  }

  function armDueTimer(): void {
    cancelDueTimer()
    const now = clock.now()
    const future = [...candidates.values(), aloneUntil].filter((at) => at > now)
    if (!isRunning || future.length === 0) return
    cancelDueTimer = clock.after(Math.min(...future) - now, lease)
  }

  async function look(): Promise<void> {
    for (const { zapId, availableAt } of await findPendingZaps(database.reader)) candidates.set(zapId, availableAt)
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

  function beat(): void {
    cancelHeartbeat = clock.after(HEARTBEAT_MS, () => {
      const until = clock.now() + LEASE_MS
      const held = [...active]
      const extended =
        held.length === 0
          ? Promise.resolve([])
          : database.write((tx) => held.filter((entry) => !extendLease(tx, entry.message, until)))
      extended
        .then((lost) => {
          for (const entry of lost) abort(entry, 'lease-lost')
        })
        .catch((error: unknown) => log.error('Leases could not be extended.', { error: String(error) }))
        .finally(() => {
          if (isRunning) beat()
        })
    })
  }

  function abort(entry: Active, reason: AbortReason): void {
    entry.controller.abort(reason)
  }

  async function cancel(runId: string, reason: AbortReason): Promise<boolean> {
    const entry = [...active].find((candidate) => candidate.message.runId === runId)
    if (entry === undefined) return false
    abort(entry, reason)
    await entry.done
    return true
  }

  async function idle(): Promise<void> {
    while (active.size > 0) await Promise.all([...active].map((entry) => entry.done))
  }

  return {
    start() {
      isRunning = true
      // An earlier process may have taken them back and ended before it could run them.
      suspectsExpected = true
      castSafetyNet()
      beat()
      look().catch((error: unknown) => log.error('The dispatcher could not start.', { error: String(error) }))
    },
    async stop(graceMs) {
      isRunning = false
      cancelDueTimer()
      cancelSafetyNet()
      cancelHeartbeat()
      const cancelGrace = clock.after(graceMs, () => {
        for (const entry of active) abort(entry, 'shutdown')
      })
      await idle()
      cancelGrace()
    },
    runOnce,
    wake,
    admit,
    look,
    expectSuspects() {
      suspectsExpected = true
      suspectsSince = true
      lease()
    },
    setPaused(paused) {
      isPaused = paused
      if (!paused) lease()
    },
    cancel,
    isHeld: (messageId) => active.values().some((entry) => entry.message.id === messageId),
    idle,
  }
}
