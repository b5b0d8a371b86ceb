import { setImmediate as turn } from 'node:timers/promises'
import type { CallService, ServiceCaller, ServiceContext } from '../connectors/service-context.ts'
import type { Polled } from '../connectors/trigger-sources.ts'
import type { Tx } from '../db/executor.ts'
import type { Database } from '../db/open.ts'
import { deletePoll, getPoll, getPolls, POLL_FAILURES, type PollRow, type PollState, writePoll } from '../db/polls.ts'
import { isZapEnabled } from '../db/zaps.ts'
import type { Log } from '../domain/host/log.ts'
import type { IncomingEvent } from '../domain/runs/incoming-event.ts'
import { StepError } from '../domain/runs/step-error.ts'
import type { Clock } from '../domain/time/clock.ts'
import { repeat } from '../domain/time/repeat.ts'
import type { Json } from '../domain/values/json.ts'
import { credentialNames } from '../domain/zap/credential-refs.ts'
import type { Outbox } from '../outbox/outbox.ts'
import type { Signals } from '../signals.ts'
import { type CursorSharing, storingShared } from './cursor-sharing.ts'
import type { At } from './live-triggers.ts'
import { afterPoll, latestPoll, type PollEnd } from './poll-times.ts'

/** A trigger that is polled. `subject` is what it asks for, as text: another text has another cursor. */
export type LivePoll = At & {
  readonly subject: string
  readonly everyMs: number
  readonly first: 'ignore' | 'all'
  readonly caller: ServiceCaller
  ask(context: ServiceContext, cursor: Json | null): Promise<Polled>
}

/** How a poll goes, with whether it is under way. */
export type ShownPoll = PollState & {
  readonly stepId: string
  readonly everyMs: number
  readonly isUnderWay: boolean
  /** What the last poll left out; null where it took all. */
  readonly note: string | null
}

/**
 * Asks services again and again what is new. The cursor moves on in the transaction of the events that it made, so however often the computer
 * restarts, what is found starts one run. Polls of one trigger never overlap, a slow account holds up only its own, and what came while
 * the computer slept is found by one poll.
 */
export type Polls = {
  start(): Promise<void>
  /** Ends what is under way without storing anything of it. */
  stop(): Promise<void>
  /** Replaces the polls. What is polled goes on from its cursor; what is new is polled at once, and what is switched off is forgotten. */
  set(polls: readonly LivePoll[]): Promise<void>
  setPaused(paused: boolean): void
  /** Looks at the time at once: the computer slept, or its clock was set. */
  look(): void
  /** Polls now those that failed for want of a network. */
  networkIsBack(): void
  /** Polls now those that failed with an account in which a person has just signed in, or that was entered anew. */
  accountIsBack(credential: string): void
  /** Polls a trigger now and resolves with how that went; undefined when it is not polled. */
  pollNow(zapId: string, stepId: string): Promise<ShownPoll | undefined>
  /** The polls of a zap. */
  of(zapId: string): readonly ShownPoll[]
}

export type PollsConfig = {
  readonly database: Database
  readonly clock: Clock
  readonly log: Log
  readonly signals: Signals
  readonly outbox: Pick<Outbox, 'acceptAll'>
  readonly call: CallService
  /** The text to store of a value. */
  pack(value: Json): string | Promise<string>
  readonly sharing?: CursorSharing | undefined
  random?(): number
}

/** Polls under way at a time, over all, and with one account. */
const MAX_AT_ONCE = 16
const MAX_PER_ACCOUNT = 2

/** The clock may be set and the computer may sleep, so no timer is trusted for longer than this. */
const MAX_WAIT_MS = 60_000
const TIMEOUT_MS = 60_000

/** Events of one transaction: more would hold up the thread. */
const EVENTS_AT_ONCE = 200
const MAX_KEY_CHARS = 1_000
const MAX_CURSOR_CHARS = 1_048_576

/** A trigger with how its polls go. */
type Entry = {
  live: LivePoll
  state: PollState
  /** While a poll is under way. */
  running: { readonly controller: AbortController; readonly done: Promise<void> } | null
  note: string | null
}

export function createPolls(config: PollsConfig): Polls {
  const { database, clock, log, signals, outbox, sharing, random = Math.random } = config
  const entries = new Map<string, Entry>()
  /** Also of triggers that are polled no more. */
  const underWay = new Set<Promise<void>>()
  let isPaused = false
  let isStopped = false
  const keyOf = (at: { zapId: string; stepId: string }): string => `${at.zapId}/${at.stepId}`

  const rounds = repeat({
    clock,
    log,
    failed: 'Polls could not be begun.',
    everyMs: untilNext,
    async run() {
      for (const entry of dueNow()) void begin(entry)
    },
  })

  /** What was planned while the clock was ahead would keep a poll silent until then. */
  function planAnew(): void {
    const now = clock.now()
    for (const entry of entries.values()) {
      const { state, live } = entry
      const latest = state.failures === 0 ? now + live.everyMs : latestPoll(now, live.everyMs)
      if (state.nextAt !== null && state.nextAt > latest) entry.state = { ...state, nextAt: latest }
    }
  }

  /** The entries whose time has come and for which there is room, the longest due first. */
  function dueNow(): Entry[] {
    if (isPaused || isStopped) return []
    // Also of a poll that ended before the clock was set, and was stored after it.
    planAnew()
    const now = clock.now()
    const running = [...entries.values()].filter((entry) => entry.running !== null)
    const perAccount = new Map<string, number>()
    for (const { live } of running) perAccount.set(accountOf(live), (perAccount.get(accountOf(live)) ?? 0) + 1)
    let free = MAX_AT_ONCE - running.length
    const due = [...entries.values()]
      .filter(({ state, running }) => running === null && (state.nextAt ?? Number.POSITIVE_INFINITY) <= now)
      .sort((a, b) => (a.state.nextAt ?? 0) - (b.state.nextAt ?? 0))
    return due.filter(({ live }) => {
      const account = accountOf(live)
      const others = perAccount.get(account) ?? 0
      if (free <= 0 || others >= MAX_PER_ACCOUNT) return false
      free--
      perAccount.set(account, others + 1)
      return true
    })
  }

  function untilNext(): number {
    if (isPaused) return Number.POSITIVE_INFINITY
    const now = clock.now()
    // What is due and has no room is begun when another one ends.
    const times = [...entries.values()].flatMap(({ state, running }) =>
      running === null && state.nextAt !== null && state.nextAt > now ? [state.nextAt] : [],
    )
    return Math.min(...times.map((at) => at - now), MAX_WAIT_MS)
  }

  function begin(entry: Entry): Promise<void> {
    const controller = new AbortController()
    const done = pollOnce(entry, controller.signal)
      .catch((error: unknown) => {
        // A full disk, say: the same would come of it at once again.
        putOff(entry)
        log.error(`What a poll of the zap "${entry.live.zapName}" found could not be stored.`, { error: String(error) })
      })
      .finally(() => {
        entry.running = null
        underWay.delete(done)
        signals.emit('polls:changed')
        rounds.soon()
      })
    entry.running = { controller, done }
    underWay.add(done)
    signals.emit('polls:changed')
    return done
  }

  /** For what has changed in the database, of which this service will hear. */
  function putOff(entry: Entry): void {
    entry.state = { ...entry.state, nextAt: clock.now() + entry.live.everyMs }
  }

  /** Polls what had to be put off, as the reason for that is gone. */
  function dueAtOnce(isMeant: (entry: Entry) => boolean): void {
    for (const entry of entries.values()) {
      if (isMeant(entry)) entry.state = { ...entry.state, nextAt: clock.now() }
    }
    rounds.soon()
  }

  async function pollOnce(entry: Entry, signal: AbortSignal): Promise<void> {
    const { live } = entry
    const row = await database.write((tx) => getPoll(tx, live.zapId, live.stepId))
    if (row?.kind !== 'poll' || row.subject !== live.subject) return putOff(entry)
    let found: Polled | undefined
    let end: PollEnd
    try {
      const cursor: Json | null = row.cursor === null ? null : JSON.parse(row.cursor)
      found = await config.call(live.caller, async (context) => checked(await live.ask(context, cursor)), {
        signal,
        timeoutMs: TIMEOUT_MS,
      })
      end = { ok: true, at: clock.now() }
    } catch (error) {
      if (signal.aborted) return
      end = { ok: false, at: clock.now(), error: StepError.from(error) }
    }
    await settle(entry, row, end, found, signal)
  }

  /** Stores what a poll came to. What was changed meanwhile, or switched off, keeps nothing of it. */
  async function settle(
    entry: Entry,
    row: PollRow,
    end: PollEnd,
    found: Polled | undefined,
    signal: AbortSignal,
  ): Promise<void> {
    const { live } = entry
    const isIgnored = row.cursor === null && live.first === 'ignore'
    const incoming = found === undefined || isIgnored ? [] : await eventsOf(live, found, end.at)
    const isOwner = (): boolean => sharing?.owns(row.zapId) !== false
    const isCurrent = (tx: Tx): boolean => {
      const stored = getPoll(tx, row.zapId, row.stepId)
      return stored?.subject === row.subject && stored.cursor === row.cursor && isZapEnabled(tx, row.zapId) && isOwner()
    }
    const state = afterPoll(row, end, live.everyMs, random)
    const cursor = found === undefined ? row.cursor : JSON.stringify(found.cursor)
    let isStored = false
    const store = async (events: readonly IncomingEvent[]): Promise<void> => {
      // All but the last part go ahead of the cursor: cut off there, they are found again, and known by their keys.
      let at = 0
      for (; events.length - at > EVENTS_AT_ONCE; at += EVENTS_AT_ONCE) {
        const part = events.slice(at, at + EVENTS_AT_ONCE)
        await outbox.acceptAll((tx) => (signal.aborted || !isCurrent(tx) ? [] : part))
        await turn()
      }
      await outbox.acceptAll((tx) => {
        if (signal.aborted || !isCurrent(tx)) return []
        writePoll(tx, { ...row, ...state, cursor })
        isStored = true
        return events.slice(at)
      })
    }
    if (incoming.length === 0) await store([])
    else await storingShared(sharing, row, (named) => store(incoming.map(named)))
    if (!isStored) return putOff(entry)
    entry.state = state
    if (found !== undefined) entry.note = found.note ?? null
    if (found?.note !== undefined)
      log.warn(`A poll of the zap "${live.zapName}" left something out.`, { note: found.note })
    const isNews = state.failures === 0 ? row.failures > 0 : state.failures >= POLL_FAILURES
    if (isNews) signals.emit('incidents:suspected')
  }

  async function eventsOf(live: LivePoll, { events }: Polled, receivedAt: number): Promise<IncomingEvent[]> {
    const { zapId, version, stepId: triggerStepId } = live
    const incoming: IncomingEvent[] = []
    for (const { key, data } of events) {
      if (incoming.length % EVENTS_AT_ONCE === EVENTS_AT_ONCE - 1) await turn()
      const packed = config.pack(data)
      const json = typeof packed === 'string' ? packed : await packed
      incoming.push({ zapId, version, triggerStepId, dedupeKey: `poll:${key}`, data, json, receivedAt })
    }
    return incoming
  }

  function shown({ live, state, running, note }: Entry): ShownPoll {
    return { ...state, stepId: live.stepId, everyMs: live.everyMs, isUnderWay: running !== null, note }
  }

  async function set(polls: readonly LivePoll[]): Promise<void> {
    const wanted = new Map(polls.map((poll) => [keyOf(poll), poll]))
    const now = clock.now()
    const states = await database.write((tx) => {
      const rows = new Map(getPolls(tx, 'poll').map((row) => [keyOf(row), row]))
      for (const [key, row] of rows) {
        if (wanted.has(key)) continue
        // Of a zap that is on, the trigger may only be broken for now: its cursor is kept, and nothing is due.
        if (!isZapEnabled(tx, row.zapId)) deletePoll(tx, row.zapId, row.stepId)
        else if (row.nextAt !== null) writePoll(tx, { ...row, nextAt: null })
      }
      return [...wanted].map(([key, live]): [Entry['live'], PollState] => {
        const row = rows.get(key)
        const isKept = row?.subject === live.subject
        const next = isKept ? { ...row, nextAt: nextOf(row, live, now) } : newPoll(live, now)
        if (!isKept || next.nextAt !== row.nextAt) writePoll(tx, next)
        return [live, next]
      })
    })
    for (const [key, entry] of entries) {
      const next = wanted.get(key)
      if (next?.subject === entry.live.subject) continue
      entry.running?.controller.abort()
      entries.delete(key)
    }
    for (const [live, state] of states) {
      const entry = entries.get(keyOf(live))
      if (entry === undefined) entries.set(keyOf(live), { live, state, running: null, note: null })
      else if (entry.running === null) Object.assign(entry, { live, state })
      else entry.live = live
    }
    signals.emit('polls:changed')
    rounds.soon()
  }

  return {
    async start() {
      rounds.start()
      rounds.soon()
    },
    async stop() {
      isStopped = true
      for (const { running } of entries.values()) running?.controller.abort()
      await rounds.stop()
      await Promise.all(underWay)
    },
    set,
    setPaused(paused) {
      isPaused = paused
      if (!paused) rounds.soon()
    },
    look() {
      planAnew()
      rounds.soon()
    },
    networkIsBack: () => dueAtOnce(({ state }) => state.error?.code === 'offline'),
    accountIsBack: (credential) =>
      dueAtOnce(
        ({ state, live }) => state.failures > 0 && credentialNames(live.caller.step.input).includes(credential),
      ),
    async pollNow(zapId, stepId) {
      const entry = entries.get(keyOf({ zapId, stepId }))
      if (entry === undefined || isStopped || isPaused) return undefined
      await (entry.running?.done ?? begin(entry))
      return shown(entry)
    },
    of: (zapId) => [...entries.values()].filter(({ live }) => live.zapId === zapId).map(shown),
  }
}

/** Those of one account share its limits at the service; a trigger without one is an account of its own. */
function accountOf(live: LivePoll): string {
  return credentialNames(live.caller.step.input).sort().join(' ') || `${live.zapId}/${live.stepId}`
}

function newPoll({ zapId, stepId, subject }: LivePoll, now: number): PollRow {
  const never = { polledAt: null, succeededAt: null, failures: 0, failingSince: null, error: null }
  return { zapId, stepId, kind: 'poll', subject, cursor: null, nextAt: now, ...never }
}

/** When a poll that is there already is due, as its pause may be another now. */
function nextOf({ nextAt, failures, polledAt }: PollRow, { everyMs }: LivePoll, now: number): number {
  if (nextAt === null || polledAt === null) return now
  return Math.min(nextAt, failures === 0 ? Math.max(polledAt + everyMs, now) : latestPoll(now, everyMs))
}

/** What a connector returned, where it keeps to what it has to. */
function checked(found: Polled): Polled {
  const broken = (what: string): StepError =>
    new StepError({ code: 'bad-output', message: `${what}; please report it.`, retryable: false })
  const long = found.events.find(({ key }) => key.length > MAX_KEY_CHARS)
  if (long !== undefined) {
    const message = `An item has a key of ${long.key.length} characters, which is more than ${MAX_KEY_CHARS}: choose another key.`
    throw new StepError({ code: 'bad-key', message, retryable: false })
  }
  if (JSON.stringify(found.cursor).length > MAX_CURSOR_CHARS) throw broken('What the poll has to remember is too large')
  return found
}
