import { createHash } from 'node:crypto'
import type { CallService, ServiceCaller } from '../connectors/service-context.ts'
import type { ConnectionContext, LeaveContext } from '../connectors/trigger-sources.ts'
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

/** A trigger that keeps a connection. `subject` is what it is connected to, as text: another text has another cursor. */
export type LiveConnection = At & {
  readonly subject: string
  readonly caller: ServiceCaller
  /** What it hears of, in words. */
  readonly told: string
  keep(context: Omit<ConnectionContext<unknown>, 'input'>): Promise<void>
  readonly leave?: (context: Omit<LeaveContext<unknown>, 'input'>) => Promise<void>
}

/** How a connection goes. */
export type ShownConnection = PollState & {
  readonly stepId: string
  readonly state: 'connected' | 'connecting' | 'waiting'
}

/**
 * Keeps connections by which services tell at once what is new, such as mail and MQTT. What is told becomes events in one transaction with the
 * place up to which it was told, and only then the service hears that it was taken. A connection that ends is opened again, in longer and longer
 * pauses while that fails, and the trigger finds what came meanwhile.
 */
export type Connections = {
  start(): void
  /** Ends the connections without storing anything more of them. */
  stop(): Promise<void>
  /** Replaces the connections. One that was there already goes on as it is; what is switched off is forgotten. */
  set(connections: readonly LiveConnection[]): Promise<void>
  /** While paused there is no connection: services keep what they can. */
  setPaused(paused: boolean): void
  /** Opens all connections anew: the computer slept, its clock was set, or another network is there. */
  look(): void
  /** Opens anew those with an account in which a person has just signed in, or that was entered anew. */
  accountIsBack(credential: string): void
  /** Opens a trigger's connection now and resolves when that has come to something; undefined when there is none. */
  connectNow(zapId: string, stepId: string): Promise<ShownConnection | undefined>
  /** The connections of a zap. */
  of(zapId: string): readonly ShownConnection[]
}

/** The pause after the first failure; see `afterPoll` for the later ones. */
const RETRY_MS = 5_000
/** A connection that broke earlier than this after it was ready has failed, however often it gets ready again. */
const STEADY_MS = 30_000
/** A connection is opened anew after a day, as what the trigger may touch is asked when it is opened. */
const LONGEST_MS = 86_400_000
const LEAVE_MS = 10_000
/** The clock may be set and the computer may sleep, so no timer is trusted for longer than this. */
const MAX_WAIT_MS = 60_000

type Session = {
  readonly controller: AbortController
  /** Resolves when the connection is ready, or over. */
  readonly settled: Promise<void>
  readyAt: number | null
  /** How it went before it was ready: one that breaks soon goes on from there. */
  before: PollState
  done: Promise<void>
}
type Entry = { live: LiveConnection; state: PollState; session: Session | null }

export function createConnections(config: {
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
}): Connections {
  const { database, clock, log, signals, outbox, sharing, random = Math.random } = config
  const entries = new Map<string, Entry>()
  /** Also of triggers that are there no more. */
  const open = new Set<Promise<void>>()
  const leaving = new AbortController()
  let isPaused = false
  let isStopped = false
  const keyOf = (at: { zapId: string; stepId: string }): string => `${at.zapId}/${at.stepId}`

  const rounds = repeat({
    clock,
    log,
    failed: 'Connections could not be opened.',
    everyMs() {
      const times = [...entries.values()].flatMap(({ state, session }) =>
        session === null && state.nextAt !== null ? [state.nextAt - clock.now()] : [],
      )
      return isPaused ? Number.POSITIVE_INFINITY : Math.max(0, Math.min(...times, MAX_WAIT_MS))
    },
    async run() {
      if (isPaused || isStopped) return
      for (const entry of entries.values()) {
        const { nextAt, polledAt } = entry.state
        const now = clock.now()
        // One that was tried while the clock was ahead is tried at once: it would be silent until then.
        const isDue = nextAt !== null && (nextAt <= now || (polledAt !== null && polledAt > now))
        if (entry.session === null && isDue) begin(entry)
      }
    },
  })

  function begin(entry: Entry): Session {
    const settled = Promise.withResolvers<void>()
    const controller = new AbortController()
    const session: Session = {
      controller,
      settled: settled.promise,
      readyAt: null,
      before: entry.state,
      done: Promise.resolve(),
    }
    entry.session = session
    session.done = keep(entry, session, settled.resolve)
      .catch((error: unknown) => {
        // A full disk, say.
        entry.state = { ...entry.state, nextAt: clock.now() + MAX_WAIT_MS }
        log.error(`A connection of the zap "${entry.live.zapName}" could not be kept.`, { error: String(error) })
      })
      .finally(() => {
        settled.resolve()
        open.delete(session.done)
        if (entry.session === session) entry.session = null
        signals.emit('polls:changed')
        rounds.soon()
      })
    open.add(session.done)
    signals.emit('polls:changed')
    return session
  }

  async function keep(entry: Entry, session: Session, settled: () => void): Promise<void> {
    const { live } = entry
    const { signal } = session.controller
    const row = await database.write((tx) => getPoll(tx, live.zapId, live.stepId))
    if (row?.kind !== 'connection' || row.subject !== live.subject) {
      entry.state = { ...entry.state, nextAt: null }
      return
    }
    let cursor: Json | null = row.cursor === null ? null : JSON.parse(row.cursor)
    let end: PollEnd
    try {
      await config.call(
        live.caller,
        (context) =>
          live.keep({
            ...context,
            id: idOf(live),
            cursor,
            async ready() {
              session.readyAt = clock.now()
              session.before = entry.state
              await noteState(entry, { ok: true, at: clock.now() }, signal)
              settled()
            },
            async take(events, next) {
              context.signal.throwIfAborted()
              await store(entry, events, next, context.signal)
              cursor = next
            },
          }),
        { signal, timeoutMs: LONGEST_MS },
      )
      end = { ok: false, at: clock.now(), error: ENDED.details }
    } catch (error) {
      if (signal.aborted) return
      end = { ok: false, at: clock.now(), error: StepError.from(error) }
    }
    const lasted = session.readyAt === null ? 0 : end.at - session.readyAt
    // One that was steady is opened again at once; what keeps breaking is not.
    if (lasted >= STEADY_MS) {
      entry.state = { ...entry.state, nextAt: end.at + Math.round(random() * 1_000) }
      return
    }
    if (session.readyAt !== null) entry.state = session.before
    await noteState(entry, end, signal)
  }

  /** Whether a row is still what this connection began with, and its zap on. */
  function current(tx: Tx, { zapId, stepId, subject }: LiveConnection): PollRow | undefined {
    const row = getPoll(tx, zapId, stepId)
    return row?.kind === 'connection' && row.subject === subject && isZapEnabled(tx, zapId) ? row : undefined
  }

  /** Stores how a connection came out. */
  async function noteState(entry: Entry, end: PollEnd, signal: AbortSignal): Promise<void> {
    const before = entry.state.failures
    const state = afterPoll(entry.state, end, RETRY_MS, random)
    const next = end.ok ? { ...state, nextAt: null } : state
    await database.write((tx) => {
      const row = signal.aborted ? undefined : current(tx, entry.live)
      if (row !== undefined) writePoll(tx, { ...row, ...next })
    })
    entry.state = next
    signals.emit('polls:changed')
    if (next.failures === 0 ? before > 0 : next.failures >= POLL_FAILURES) signals.emit('incidents:suspected')
  }

  async function store(
    { live }: Entry,
    events: readonly { readonly key: string; readonly data: Json }[],
    cursor: Json,
    signal: AbortSignal,
  ): Promise<void> {
    const { zapId, version, stepId: triggerStepId } = live
    const receivedAt = clock.now()
    const incoming: IncomingEvent[] = []
    for (const { key, data } of events) {
      const json = await config.pack(data)
      incoming.push({ zapId, version, triggerStepId, dedupeKey: `connection:${key}`, data, json, receivedAt })
    }
    let isStored = false
    await storingShared(sharing, live, (named) =>
      outbox.acceptAll((tx) => {
        const row = signal.aborted || sharing?.owns(zapId) === false ? undefined : current(tx, live)
        if (row === undefined) return []
        writePoll(tx, { ...row, cursor: JSON.stringify(cursor) })
        isStored = true
        return incoming.map(named)
      }),
    )
    // What is not stored must not be acknowledged.
    if (!isStored) throw new StepError({ code: 'switched-off', message: 'The zap was switched off.', retryable: false })
  }

  /** Says goodbye for a trigger that is there no more. A service that is not there learns nothing of it. */
  function leave({ live, session }: Entry): void {
    const { leave: say } = live
    if (say === undefined || isStopped) return
    const left = (session?.done ?? Promise.resolve())
      .then(() =>
        config.call(live.caller, (context) => say({ ...context, id: idOf(live) }), {
          timeoutMs: LEAVE_MS,
          signal: leaving.signal,
        }),
      )
      .catch(() => undefined)
      .finally(() => open.delete(left))
    open.add(left)
  }

  const shown = ({ live, state, session }: Entry): ShownConnection => ({
    ...state,
    stepId: live.stepId,
    state: session === null ? 'waiting' : session.readyAt === null ? 'connecting' : 'connected',
  })

  /** Ends what is there of a connection and opens it again. */
  function reopen(entry: Entry): void {
    entry.session?.controller.abort()
    entry.session = null
    entry.state = { ...entry.state, nextAt: clock.now() }
    rounds.soon()
  }

  return {
    start() {
      rounds.start()
      rounds.soon()
    },
    async stop() {
      isStopped = true
      leaving.abort()
      for (const { session } of entries.values()) session?.controller.abort()
      await rounds.stop()
      await Promise.all(open)
    },
    async set(connections) {
      const wanted = new Map(connections.map((live) => [keyOf(live), live]))
      const now = clock.now()
      const states = await database.write((tx) => {
        const rows = new Map(getPolls(tx, 'connection').map((row) => [keyOf(row), row]))
        for (const [key, row] of rows) {
          if (wanted.has(key)) continue
          // Of a zap that is on, the trigger may only be broken for now: its cursor is kept.
          if (!isZapEnabled(tx, row.zapId)) deletePoll(tx, row.zapId, row.stepId)
          else if (row.nextAt !== null) writePoll(tx, { ...row, nextAt: null })
        }
        return [...wanted].map(([key, live]): [LiveConnection, PollState] => {
          const row = rows.get(key)
          const isKept = row?.subject === live.subject
          const next: PollRow = isKept
            ? { ...row, nextAt: Math.min(row.nextAt ?? now, latestPoll(now, RETRY_MS)) }
            : newRow(live, now)
          if (!isKept) writePoll(tx, next)
          return [live, stateIn(next)]
        })
      })
      for (const [key, entry] of entries) {
        const next = wanted.get(key)
        // Another version may also be another account's right: it is opened anew, and goes on from the cursor.
        if (next?.subject === entry.live.subject && next.version === entry.live.version) continue
        entry.session?.controller.abort()
        entries.delete(key)
        if (next === undefined) leave(entry)
      }
      for (const [live, state] of states) {
        const entry = entries.get(keyOf(live))
        if (entry === undefined) entries.set(keyOf(live), { live, state, session: null })
        else entry.live = live
      }
      signals.emit('polls:changed')
      rounds.soon()
    },
    setPaused(paused) {
      isPaused = paused
      for (const entry of paused ? entries.values() : []) reopen(entry)
      if (!paused) rounds.soon()
    },
    look() {
      for (const entry of entries.values()) reopen(entry)
    },
    accountIsBack(credential) {
      for (const entry of entries.values())
        if (credentialNames(entry.live.caller.step.input).includes(credential)) reopen(entry)
    },
    async connectNow(zapId, stepId) {
      const entry = entries.get(keyOf({ zapId, stepId }))
      if (entry === undefined || isStopped || isPaused) return undefined
      const session = entry.session ?? begin(entry)
      await session.settled
      return shown(entry)
    },
    of: (zapId) => [...entries.values()].filter(({ live }) => live.zapId === zapId).map(shown),
  }
}

/** How a connection goes, without its cursor: that is stored by `take` alone. */
function stateIn({ nextAt, polledAt, succeededAt, failures, failingSince, error }: PollRow): PollState {
  return { nextAt, polledAt, succeededAt, failures, failingSince, error }
}

/** By which a service knows the connections of a trigger. */
const idOf = ({ zapId, stepId }: LiveConnection): string =>
  createHash('sha256').update(`${zapId}/${stepId}`).digest('hex')

const ENDED = new StepError({ code: 'network', message: 'The other side ended the connection.', retryable: true })

function newRow({ zapId, stepId, subject }: LiveConnection, now: number): PollRow {
  const never = { polledAt: null, succeededAt: null, failures: 0, failingSince: null, error: null }
  return { zapId, stepId, kind: 'connection', subject, cursor: null, nextAt: now, ...never }
}
