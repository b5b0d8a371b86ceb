import type { Tx } from '../db/executor.ts'
import type { Database } from '../db/open.ts'
import {
  extendLease,
  findPendingZaps,
  type LeasedMessage,
  leaseDue,
  leaseHead,
  leaseSuspect,
  nextDueAt,
} from '../db/outbox-messages.ts'
import type { Clock } from '../domain/clock.ts'
import type { Failpoint } from '../domain/failpoint.ts'
import type { Log } from '../domain/log.ts'
import type { BegunRun } from '../engine/begin-run.ts'
import type { ToldOfEnd } from '../engine/run-endings.ts'
import { LeaseLostError } from '../engine/run-journal.ts'
import type { AbortReason } from '../engine/run-work.ts'
import { buryUnbegun, isAboutMessage, giveBack as returnFailed } from './failed-delivery.ts'
import { sortNewcomers } from './newcomers.ts'

/** How the runs of a zap may run beside each other and beside those of other zaps. */
export type ZapPolicy = {
  /** As `settings.concurrency` of a zap file. */
  readonly mode: 'parallel' | 'queued' | 'restart' | 'skip'
  /** With `parallel`: runs under way at once. */
  readonly maxParallel: number
  /** Its share of the places when they are short, relative to other zaps. */
  readonly share: number
}

/** Whatever the settings were: one after the other is never wrong. */
const SAFE_POLICY: ZapPolicy = { mode: 'queued', maxParallel: 1, share: 1 }

export type DispatcherConfig = {
  readonly database: Database
  readonly clock: Clock
  readonly log: Log
  readonly failpoint: Failpoint
  /** This process's word, with which its lease tokens begin. */
  readonly host: string
  /** Runs under way at once, over all zaps. */
  readonly slots: number
  /** Asked inside a lease's transaction for the policy of a zap's pending message. */
  policyOf(tx: Tx, zapId: string): ZapPolicy
  begin(tx: Tx, message: LeasedMessage): BegunRun | undefined
  execute(run: BegunRun, signal: AbortSignal): Promise<void>
  /** Ends a run that rests, as a newer event takes its place; gives whom to tell after the commit. */
  endReplaced(tx: Tx, runId: string, now: number): ToldOfEnd | undefined
  tell(told: ToldOfEnd): void
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
  /** Tells that messages of crashed processes are in the queue again: the repeated ones are run alone. */
  expectSuspects(): void
  setPaused(paused: boolean): void
  /** Aborts a run that is under way here; false when it is not. Resolves when it has ended. */
  cancel(runId: string): Promise<boolean>
  /** Whether a message is being worked on here. */
  isHeld(messageId: number): boolean
  /** Resolves when nothing is under way. */
  idle(): Promise<void>
}

const LEASE_MS = 60_000
const HEARTBEAT_MS = 20_000
const SAFETY_NET_MS = 1_000

/** A message that was being worked on at this many crashes is run with nothing beside it, so that blame is certain. */
export const SUSPECT_CRASHES = 2

/** Milliseconds that a suspect runs alone: what crashes a process does so at once, and a slow target must not hold up everybody. */
const ALONE_MS = 500

type Active = { message: LeasedMessage; controller: AbortController; done: Promise<void> }

/** What one transaction of leasing did. */
type Leased = {
  readonly begun: BegunRun[]
  /** Runs of which something changed although they did not begin. */
  readonly changed: string[]
  /** Runs under way here whose place a newer event takes. */
  readonly replaced: string[]
  readonly told: ToldOfEnd[]
}

export function createDispatcher(config: DispatcherConfig): Dispatcher {
  const { database, clock, log } = config
  const active = new Set<Active>()
  const activeOfZap = new Map<string, number>()
  /** Zaps that may have something pending, each with the time from which that is so. */
  const candidates = new Map<string, number>()
  let leases = 0
  let isRunning = false
  let isPaused = false
  let isLeasing = false
  let isWokenMeanwhile = false
  let suspectsExpected = false
  /** Until then the suspect that is under way has the process to itself. */
  let aloneUntil = 0
  let cancelDueTimer = (): void => undefined
  let cancelSafetyNet = (): void => undefined
  let cancelHeartbeat = (): void => undefined

  function wake(zapId: string): void {
    candidates.set(zapId, 0)
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
      const leased = await database.write((tx) => {
        const result: Leased = { begun: [], changed: [], replaced: [], told: [] }
        if (!suspectsExpected || !beginSuspect(tx, now, result)) beginDue(tx, now, result)
        return result
      })
      const { begun } = leased
      if (begun.length > 0) config.failpoint('after-lease')
      for (const run of begun) execute(run)
      for (const runId of leased.replaced) void cancel(runId, 'replaced')
      for (const told of leased.told) config.tell(told)
      const changed = [...begun.map((run) => run.message.runId), ...leased.changed]
      if (changed.length > 0) config.changed(changed)
    } finally {
      isLeasing = false
    }
    if (isWokenMeanwhile) {
      isWokenMeanwhile = false
      return runOnce()
    }
    armDueTimer()
  }

  function beginDue(tx: Tx, now: number, result: Leased): void {
    let free = config.slots - active.size
    const underWay = (zapId: string): number => activeOfZap.get(zapId) ?? 0
    // Those that have least of their share come first, so that a backlog of one zap never keeps another from its turn.
    const due = [...candidates]
      .filter(([, from]) => from <= now)
      .map(([zapId]) => ({ zapId, policy: policyOf(tx, zapId) }))
      .sort(
        (a, b) =>
          underWay(a.zapId) / a.policy.share - underWay(b.zapId) / b.policy.share || b.policy.share - a.policy.share,
      )
    for (const { zapId, policy } of due) {
      if (free === 0) break
      const { mode } = policy
      if (mode === 'restart' || mode === 'skip') makeRoom(tx, zapId, mode, now, result)
      const limit = Math.min(free, (mode === 'parallel' ? policy.maxParallel : 1) - underWay(zapId))
      if (limit <= 0) continue
      const terms = { zapId, now, until: now + LEASE_MS, token: newToken(), maxCrashes: SUSPECT_CRASHES - 1 }
      const inOrder = mode === 'queued'
      const messages = inOrder ? leaseHead(tx, terms) : leaseDue(tx, { ...terms, limit })
      free -= messages.length
      if (messages.length < limit || inOrder) {
        const next = messages.length > 0 && inOrder ? now : nextDueAt(tx, zapId)
        if (next === null) candidates.delete(zapId)
        // A queued zap whose head waits has due messages behind it: look again when a run of it ends or the net is cast.
        else candidates.set(zapId, next <= now && messages.length === 0 ? now + SAFETY_NET_MS : next)
      }
      for (const message of messages) beginOne(tx, message, result)
    }
  }

  /** For zaps without a queue: passes over the events that make no run, and ends the runs whose place is taken. */
  function makeRoom(tx: Tx, zapId: string, mode: 'restart' | 'skip', now: number, result: Leased): void {
    const { replaced, skipped } = sortNewcomers(tx, zapId, mode, now)
    result.changed.push(...skipped, ...replaced)
    for (const runId of replaced) {
      if (active.values().some((entry) => entry.message.runId === runId)) result.replaced.push(runId)
      else {
        const told = config.endReplaced(tx, runId, now)
        if (told !== undefined) result.told.push(told)
      }
    }
  }

  /** Begins a run that crashed the process before, with nothing beside it. False when there is none any more. */
  function beginSuspect(tx: Tx, now: number, result: Leased): boolean {
    const terms = { now, until: now + LEASE_MS, token: newToken(), minCrashes: SUSPECT_CRASHES }
    const message = leaseSuspect(tx, terms)
    suspectsExpected = message !== undefined
    if (message === undefined) return false
    aloneUntil = now + ALONE_MS
    beginOne(tx, message, result)
    return true
  }

  function beginOne(tx: Tx, message: LeasedMessage, result: Leased): void {
    try {
      const run = config.begin(tx, message)
      if (run !== undefined) {
        result.begun.push(run)
        return
      }
    } catch (error) {
      if (!isAboutMessage(error)) throw error
      log.error(buryUnbegun(tx, message, error, clock.now()), { run: message.runId })
      result.changed.push(message.runId)
    }
    // It took a place for nothing, and no end of a run will wake the dispatcher for the next one.
    isWokenMeanwhile = true
  }

  function policyOf(tx: Tx, zapId: string): ZapPolicy {
    try {
      return config.policyOf(tx, zapId)
    } catch (error) {
      if (!isAboutMessage(error)) throw error
      return SAFE_POLICY
    }
  }

  function newToken(): string {
    leases++
    return `${config.host}.${leases}`
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
        wake(message.zapId)
      })
  }

  async function giveBack(message: LeasedMessage, error: unknown): Promise<void> {
    if (error instanceof LeaseLostError) {
      log.warn(error.message)
      return
    }
    log.error('Hookline itself failed while it worked on a run.', { run: message.runId, error: String(error) })
    await database.write((tx) => returnFailed(tx, message, error, clock.now()))
    config.changed([message.runId])
  }

  function armDueTimer(): void {
    cancelDueTimer()
    const now = clock.now()
    const future = [...candidates.values(), aloneUntil].filter((at) => at > now)
    if (!isRunning || future.length === 0) return
    cancelDueTimer = clock.after(Math.min(...future) - now, lease)
  }

  function castSafetyNet(): void {
    cancelSafetyNet = clock.after(SAFETY_NET_MS, () => {
      findPendingZaps(database.reader)
        .then((zaps) => {
          for (const { zapId, availableAt } of zaps) candidates.set(zapId, availableAt)
          return runOnce()
        })
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
      castSafetyNet()
      beat()
      findPendingZaps(database.reader)
        .then((zaps) => {
          for (const { zapId, availableAt } of zaps) candidates.set(zapId, availableAt)
          return runOnce()
        })
        .catch((error: unknown) => log.error('The dispatcher could not start.', { error: String(error) }))
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
    expectSuspects() {
      suspectsExpected = true
      lease()
    },
    setPaused(paused) {
      isPaused = paused
      if (!paused) lease()
    },
    cancel: (runId) => cancel(runId, 'cancelled'),
    isHeld: (messageId) => active.values().some((entry) => entry.message.id === messageId),
    idle,
  }
}
