import type { Database } from '../db/open.ts'
import {
  endRelayed,
  forgetRelayed,
  markRelayed,
  nextInTurn,
  noteSign,
  noteWorker,
  type OutgoingMessage,
  outgoingMessages,
  runOutgoingHere,
  sendAgain,
  sendAllAgain,
  silentMessages,
  zapOfEvent,
  zapOfRun,
} from '../db/relayed-messages.ts'
import { firstRunId } from '../domain/host/ids.ts'
import type { Log } from '../domain/host/log.ts'
import type { IncomingEvent } from '../domain/runs/incoming-event.ts'
import type { Clock } from '../domain/time/clock.ts'
import { repeat } from '../domain/time/repeat.ts'
import type { Signals } from '../signals.ts'
import { type FleetLog, LogError } from './log.ts'
import type { FleetTimes } from './options.ts'
import type { Presence } from './presence.ts'
import { createPublishing } from './publishing.ts'
import type { Letter } from './records.ts'
import type { StoredValues } from './stored-values.ts'
import { createTurns } from './turns.ts'

/**
 * Sends on what came in here: publishes it once it is committed, hears what becomes of it, and publishes again what has no sign of life. What the log
 * cannot take waits or, where this host works, runs here.
 */
export type FleetRelay = {
  takes(event: IncomingEvent): boolean
  came(): void
  start(log: FleetLog): void
  /** The log does not answer. */
  lost(): void
  stop(): Promise<void>
  /** The log has lost what it held. */
  reset(): Promise<void>
  heard(letter: Letter): Promise<void>
  /** Events taken by another host, and how long it was until they said so; since the last call. */
  lately(): { readonly takenIn: number; readonly addedMs: number | null }
  /** Looks after what is silent, now. */
  runOnce(): Promise<void>
}

const BATCH = 200
const KEPT_MS = 7 * 86_400_000

export function createRelay(config: {
  readonly name: string
  readonly isIntake: boolean
  readonly isWorker: boolean
  readonly times: FleetTimes
  readonly database: Database
  readonly clock: Clock
  readonly log: Log
  readonly signals: Signals
  readonly presence: Presence
  /** The hash of a zap's version, and whether its events have an order. */
  versionOf(zapId: string, version: number): Promise<{ readonly hash: string; readonly isOrdered: boolean } | undefined>
  isHeld(runId: string): boolean
  /** No answer of its run comes any more. */
  release(runId: string): void
  /** Whether what waits for the log may run here while that is away. */
  mayRunAlone(): boolean
  /** Where the fleet has a store for what does not go by the log. */
  readonly stored: Pick<StoredValues, 'wanted' | 'soon'> | undefined
}): FleetRelay {
  const { times, database, clock, log, signals, presence, stored } = config
  let connection: FleetLog | undefined
  /** Whether the log is away for so long that this host runs its own events. */
  let isAlone = false
  let isAway = false
  let cancelAlone = (): void => undefined
  let pumping: 'idle' | 'busy' | 'again' = 'idle'
  let pumped: Promise<void> = Promise.resolve()
  let takenIn = 0
  /** Up to which message all is sent, or waits for its turn; and, without the log, runs here. A message that is to be sent again lies before it. */
  let sentTo = 0
  let ranTo = 0
  /** Counts how often all is looked at from the first on. */
  let anew = 0
  const turns = createTurns()
  const sentAt = new Map<string, number>()
  const added: number[] = []
  const publish = createPublishing({
    ...config,
    isStored: stored !== undefined,
    sending(eventId, attempt) {
      takenIn++
      if (attempt > 0) return
      if (sentAt.size > 10_000) sentAt.clear()
      sentAt.set(eventId, performance.now())
    },
  })

  function away(): void {
    connection = undefined
    // From when it was lost, however often it has been tried since.
    if (isAway) return
    isAway = true
    ranTo = 0
    cancelAlone = clock.after(times.aloneMs, () => {
      isAlone = true
      came()
    })
  }

  function came(): void {
    if (pumping !== 'idle') {
      pumping = 'again'
      return
    }
    pumping = 'busy'
    pumped = pump().finally(() => {
      const isAgain = pumping === 'again'
      pumping = 'idle'
      if (isAgain) came()
    })
  }

  async function pump(): Promise<void> {
    try {
      if (isAlone && config.isWorker) {
        if (config.mayRunAlone()) await runHere()
      } else await sendAll()
    } catch (error) {
      if (!(error instanceof LogError))
        log.error('Events could not be sent to the fleet’s log.', { error: String(error) })
      clock.after(1_000, came)
    }
  }

  /** Events of an order wait for the log: while hosts do not hear of each other, each of them would run its own, and at once. */
  async function runHere(): Promise<void> {
    for (;;) {
      const messages = await database.write((tx) => outgoingMessages(tx, ranTo, BATCH))
      if (messages.length === 0) return
      const free: number[] = []
      for (const message of messages) if (!(await isOrdered(message))) free.push(message.id)
      const zapIds = await database.write((tx) => runOutgoingHere(tx, free, clock.now()))
      // What could not be stored is tried again.
      ranTo = messages.at(-1)?.id ?? ranTo
      if (zapIds.length > 0) signals.emit('zap:due', [...new Set(zapIds)])
    }
  }

  const isOrdered = async ({ zapId, version }: OutgoingMessage): Promise<boolean> =>
    (await config.versionOf(zapId, version))?.isOrdered === true

  async function sendAll(): Promise<void> {
    for (;;) {
      const opened = connection
      if (opened === undefined) return
      const [from, before] = [sentTo, anew]
      const messages = await database.write((tx) => outgoingMessages(tx, from, BATCH))
      const free: OutgoingMessage[] = []
      for (const message of messages) {
        if (await isOrdered(message)) turns.wait(message.zapId)
        else free.push(message)
      }
      const next = await inTurn()
      if (messages.length === 0 && next.length === 0) return
      const sent = await publish(opened, [...free, ...next])
      await database.write((tx) => {
        for (const { id, position } of sent) markRelayed(tx, id, position, clock.now())
        for (const { eventId, apart } of sent)
          if (apart !== null) stored?.wanted(tx, eventId, apart.values, apart.dataBytes)
      })
      if (sent.some(({ apart }) => apart !== null)) stored?.soon()
      const failed = free.length + next.length - sent.length
      if (failed > 0) {
        turns.areOver()
        throw new LogError('unreachable', `${failed} events could not be sent.`)
      }
      // Otherwise some are to be sent again meanwhile.
      if (anew === before) sentTo = messages.at(-1)?.id ?? from
    }
  }

  /** The next event of each order whose turn it may be. */
  async function inTurn(): Promise<OutgoingMessage[]> {
    const zapIds = turns.take()
    if (zapIds.length === 0) return []
    const found = await database
      .write((tx) => zapIds.map((zapId) => nextInTurn(tx, zapId)))
      .catch((error: unknown) => {
        turns.areOver()
        throw error
      })
    for (const [index, zapId] of zapIds.entries()) if (found[index] === undefined) turns.isDone(zapId)
    return found.filter((next) => next !== undefined && next !== 'not-yet')
  }

  /** All is looked at from the first on: some are to be sent again, in their order. */
  function sendAnew(): void {
    sentTo = 0
    anew++
    turns.areOver()
  }

  async function look(): Promise<void> {
    const opened = connection
    if (opened === undefined || !presence.isAlive()) return
    const now = clock.now()
    let isAny = false
    let asked = 0
    for (let after = 0; ; ) {
      const silent = await database.write((tx) =>
        silentMessages(tx, { since: now - times.relayedMs, now }, after, BATCH),
      )
      if (silent.length === 0) break
      after = silent.at(-1)?.id ?? after
      const signs: { readonly id: number; readonly eventId: string; readonly isThere: boolean }[] = []
      for (const { id, eventId, position, worker } of silent) {
        if (worker !== null) signs.push({ id, eventId, isThere: isAliveHost(worker) })
        // A question each: with a long backlog the others have their turn at the next looks.
        else if (asked++ < BATCH) {
          signs.push({ id, eventId, isThere: position !== null && (await opened.events.isWaiting(position)) })
        }
      }
      await database.write((tx) => {
        for (const { id, isThere } of signs) {
          if (isThere) noteSign(tx, id, now)
          else sendAgain(tx, id, now)
        }
      })
      for (const { eventId, isThere } of signs) {
        // From now on it would tell how long a host was gone.
        if (!isThere) sentAt.delete(eventId)
        isAny ||= !isThere
      }
    }
    if (isAny) sendAnew()
    if (isAny || turns.areOver()) came()
    await database.write((tx) => forgetRelayed(tx, now - KEPT_MS, BATCH))
  }

  function isAliveHost(worker: string): boolean {
    const member = presence.find(worker)
    return member !== undefined && !member.isGone
  }

  const rounds = repeat({
    clock,
    log,
    failed: 'What was sent to other hosts could not be looked after.',
    everyMs: Math.max(100, times.relayedMs / 3),
    run: look,
  })

  async function ended(runId: string): Promise<void> {
    const zapId = await database.write((tx) => zapOfRun(tx, runId))
    if (zapId !== undefined && turns.isOver(zapId)) came()
  }

  // Of events that came back to this very host, and of others that are at work here.
  const isOverHere = (runId: string): void => {
    if (turns.isAnyWaiting()) ended(runId).catch(() => undefined)
  }
  signals.on('run:ended', ({ runId }) => isOverHere(runId))
  signals.on('run:needs-review', isOverHere)

  return {
    takes(event) {
      return config.isIntake && event.runsHere !== true && event.caller === undefined && event.version >= 1
    },
    came,
    start(opened) {
      cancelAlone()
      isAway = false
      isAlone = false
      connection = opened
      turns.clear()
      sendAnew()
      rounds.start()
      came()
    },
    lost: away,
    async stop() {
      cancelAlone()
      connection = undefined
      await rounds.stop()
      await pumped
    },
    // Not each when its time is over: what comes in meanwhile would go before it, and places in another log say nothing.
    async reset() {
      await database.write((tx) => sendAllAgain(tx, clock.now()))
      sendAnew()
    },
    async heard({ kind, from, events, areResting = false }) {
      const now = clock.now()
      const isTurn = turns.isAnyWaiting() && (kind === 'ended' || areResting)
      const zapIds = await database.write((tx) => {
        for (const event of events) {
          if (kind === 'taken') noteWorker(tx, event, from, now, areResting)
          else endRelayed(tx, event, now)
        }
        return isTurn ? events.map((event) => zapOfEvent(tx, event)) : []
      })
      // Each of them is told of, not just the first.
      if (zapIds.filter((zapId) => zapId !== undefined && turns.isOver(zapId)).length > 0) came()
      if (kind === 'ended') {
        for (const event of events) config.release(firstRunId(event))
        signals.emit('status:changed')
        stored?.soon()
        return
      }
      for (const event of events) {
        const at = sentAt.get(event)
        sentAt.delete(event)
        if (at !== undefined && added.length < 1_000) added.push(performance.now() - at)
      }
    },
    lately() {
      const sorted = added.splice(0).sort((a, b) => a - b)
      const said = { takenIn, addedMs: sorted[Math.floor(sorted.length / 2)] ?? null }
      takenIn = 0
      return said
    },
    runOnce: rounds.now,
  }
}
