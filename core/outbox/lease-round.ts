import type { Tx } from '../db/executor.ts'
import { headCrashes, type LeasedMessage, leaseDue, leaseHead, leaseSuspect, nextDueAt } from '../db/message-leases.ts'
import type { RunReason } from '../domain/runs/run-reason.ts'
import { DEFAULT_MAX_PARALLEL, PRIORITY_SHARES, type ZapSettings } from '../domain/zap/zap-file.ts'
import type { Engine } from '../engine/engine.ts'
import type { BegunRun } from '../engine/run/begin-run.ts'
import type { EndEffects } from '../signals.ts'
import { giveUpUnbegun, isAboutMessage } from './failed-delivery.ts'
import { skipOrRestart } from './skip-or-restart.ts'

/** How the runs of a zap may run beside each other and beside those of other zaps. */
export type ZapPolicy = {
  /** As `settings.concurrency` of a zap file. */
  readonly mode: 'parallel' | 'queued' | 'restart' | 'skip'
  /** With `parallel`: runs that have a slot at once. */
  readonly maxParallel: number
  /** Its share of the slots when they are short, relative to other zaps. */
  readonly share: number
}

/** How the runs of a zap with these settings may run side by side. */
export function policyOf({ concurrency, maxParallel, priority }: ZapSettings): ZapPolicy {
  return {
    mode: concurrency ?? 'parallel',
    maxParallel: maxParallel ?? DEFAULT_MAX_PARALLEL,
    share: PRIORITY_SHARES[priority ?? 'normal'],
  }
}

/** Used when settings cannot be read. Serial is always safe. */
const SAFE_POLICY: ZapPolicy = { mode: 'queued', maxParallel: 1, share: 1 }

/** What a round asks the engine for, inside its transaction. */
export type RoundConfig = {
  /** The policy of a zap's pending message. */
  policyOf(tx: Tx, zapId: string): ZapPolicy
  begin(tx: Tx, message: LeasedMessage): BegunRun | undefined
  readonly end: Engine['end']
}

/** What the dispatcher knows when a round begins. */
export type RoundStart = {
  readonly now: number
  /** Until when the leases of this round hold. */
  readonly until: number
  readonly token: string
  /** Zaps that may have something pending, each with the time from which that is so. */
  readonly candidates: ReadonlyMap<string, number>
  /** Runs that may be begun. */
  readonly free: number
  /** Whether a run that crashed the process before may be in the queue. */
  readonly suspectsExpected: boolean
  underWay(zapId: string): number
  /** Those of them that have more to do than their last commit. */
  slotsOf(zapId: string): number
  isActive(runId: string): boolean
}

/** What a round did in the database, and what follows from it once that is committed. */
export type Round = {
  readonly begun: BegunRun[]
  /** Runs of which something changed although they did not begin. */
  readonly changed: string[]
  /** Runs under way here whose place a newer event takes. */
  readonly replaced: string[]
  readonly effects: EndEffects[]
  /** When each zap that was looked at is to be looked at again; null when nothing of it is pending. */
  readonly next: Map<string, number | null>
  /** Runs that could not be begun, with the reasons. */
  readonly givenUp: { readonly runId: string; readonly reason: RunReason }[]
  /** Whether the only run that was begun is one that crashed the process before. */
  isSuspect: boolean
  suspectsExpected: boolean
  /** Whether a slot was taken by a message of which nothing came. */
  hasGap: boolean
}

/** A message that was being worked on at this many crashes is run with nothing beside it, so that blame is certain. */
export const SUSPECT_CRASHES = 2

/** A zap whose due messages could not be leased is looked at again after this many milliseconds. */
const LOOK_AGAIN_MS = 1_000

/**
 * Leases what is due and fits, and begins it, in one transaction. It touches nothing outside of that, so a transaction that is rolled
 * back and done again does no harm.
 */
export function leaseRound(tx: Tx, start: RoundStart, config: RoundConfig): Round {
  const round: Round = {
    begun: [],
    changed: [],
    replaced: [],
    effects: [],
    next: new Map(),
    givenUp: [],
    isSuspect: false,
    suspectsExpected: start.suspectsExpected,
    hasGap: false,
  }
  if (!start.suspectsExpected || !beginSuspect(tx, start, config, round)) beginDue(tx, start, config, round)
  return round
}

/** A zap with something due, and how many of its runs this round began. */
type Due = { readonly zapId: string; readonly policy: ZapPolicy; begun: number }

function beginDue(tx: Tx, start: RoundStart, config: RoundConfig, round: Round): void {
  const { now, underWay, slotsOf } = start
  // Those that have least of their share come first, so that a backlog of one zap never keeps another from its turn.
  const due = [...start.candidates]
    .filter(([, from]) => from <= now)
    .map(([zapId]): Due => ({ zapId, policy: readPolicy(tx, config, zapId), begun: 0 }))
    .sort(
      (a, b) =>
        slotsOf(a.zapId) / a.policy.share - slotsOf(b.zapId) / b.policy.share || b.policy.share - a.policy.share,
    )
  for (const { zapId, policy } of due) {
    if (policy.mode === 'restart' || policy.mode === 'skip')
      makeRoom(tx, { ...start, zapId, mode: policy.mode }, config, round)
  }
  const shares = due.reduce((sum, { policy }) => sum + policy.share, 0)
  let free = start.free
  // First each has its share; what is left over then goes to those that want more.
  let wanting = due
  for (const isFair of [true, false]) {
    const unsatisfied: Due[] = []
    for (const zap of wanting) {
      if (free === 0) return
      const { zapId, policy } = zap
      const { mode, maxParallel, share } = policy
      const fair = isFair ? Math.max(1, Math.floor((start.free * share) / shares)) : free
      const room = (mode === 'parallel' ? maxParallel - slotsOf(zapId) : 1 - underWay(zapId)) - zap.begun
      const limit = Math.min(free, fair, room)
      if (limit <= 0) continue
      const leased = leaseOf(tx, zap, limit, start, round)
      for (const message of leased) beginOne(tx, message, now, config, round)
      zap.begun += leased.length
      free -= leased.length
      if (leased.length === limit && limit < room) unsatisfied.push(zap)
    }
    wanting = unsatisfied
  }
}

function leaseOf(tx: Tx, zap: Due, limit: number, start: RoundStart, round: Round): LeasedMessage[] {
  const { zapId } = zap
  const { now, until, token } = start
  const terms = { zapId, now, until, token, maxCrashes: SUSPECT_CRASHES - 1 }
  const isQueued = zap.policy.mode === 'queued'
  const messages = isQueued ? leaseHead(tx, terms) : leaseDue(tx, { ...terms, limit })
  if (messages.length === limit && !isQueued) return messages
  const next = messages.length > 0 && isQueued ? now : nextDueAt(tx, zapId)
  const isLeft = next !== null && next <= now && messages.length < limit
  // Only one that crashed the process before is left lying though it is due; in a queue one that waits holds up those behind it too.
  if (isLeft && (!isQueued || headCrashes(tx, zapId) >= SUSPECT_CRASHES)) round.suspectsExpected = true
  round.next.set(zapId, isLeft ? now + LOOK_AGAIN_MS : next)
  return messages
}

/** For zaps without a queue: passes over the events that make no run, and ends the runs whose place is taken. */
function makeRoom(
  tx: Tx,
  at: RoundStart & { readonly zapId: string; readonly mode: 'restart' | 'skip' },
  { end }: RoundConfig,
  round: Round,
): void {
  const { replaced, skipped, effects } = skipOrRestart(tx, at, end)
  round.changed.push(...skipped, ...replaced)
  round.effects.push(...effects)
  for (const runId of replaced) {
    if (at.isActive(runId)) {
      round.replaced.push(runId)
      continue
    }
    const ended = end(tx, runId, { state: 'cancelled', reason: { code: 'replaced' }, now: at.now })
    if (ended !== undefined) round.effects.push(ended)
  }
}

/** Begins a run that crashed the process before, with nothing beside it. False when there is none any more. */
function beginSuspect(tx: Tx, start: RoundStart, config: RoundConfig, round: Round): boolean {
  const { now, until, token } = start
  const message = leaseSuspect(tx, { now, until, token, minCrashes: SUSPECT_CRASHES })
  round.suspectsExpected = message !== undefined
  if (message === undefined) return false
  round.isSuspect = true
  beginOne(tx, message, now, config, round)
  return true
}

function beginOne(tx: Tx, message: LeasedMessage, now: number, config: RoundConfig, round: Round): void {
  try {
    const run = config.begin(tx, message)
    if (run !== undefined) {
      round.begun.push(run)
      return
    }
  } catch (error) {
    if (!isAboutMessage(error)) throw error
    const { reason, effects } = giveUpUnbegun(tx, message, { error, now }, config.end)
    if (effects !== undefined) round.effects.push(effects)
    round.givenUp.push({ runId: message.runId, reason })
    round.changed.push(message.runId)
  }
  round.hasGap = true
}

function readPolicy(tx: Tx, config: RoundConfig, zapId: string): ZapPolicy {
  try {
    return config.policyOf(tx, zapId)
  } catch (error) {
    if (!isAboutMessage(error)) throw error
    return SAFE_POLICY
  }
}
