import type { Tx } from '../db/executor.ts'
import type { Database } from '../db/open.ts'
import {
  busyTaken,
  endedTaken,
  insertTaken,
  markReported,
  originOf,
  reportAgain,
  restingTaken,
  runRelayedHere,
  stageOf,
  zapOfEvent,
} from '../db/relayed-messages.ts'
import { firstRunId } from '../domain/host/ids.ts'
import type { Log } from '../domain/host/log.ts'
import type { Clock } from '../domain/time/clock.ts'
import { repeat } from '../domain/time/repeat.ts'
import { fromStored } from '../domain/values/stored-json.ts'
import type { Outbox } from '../outbox/outbox.ts'
import type { Signals } from '../signals.ts'
import { type Consumption, type Delivery, type FleetLog, LogError } from './log.ts'
import type { Post } from './post.ts'
import { decode, eventRecordSchema, type Letter, NewerFormatError, type SentEvent } from './records.ts'

/** Runs what comes through the log, as much at once as there are slots for. */
export type FleetWorker = {
  start(log: FleetLog): Promise<void>
  stop(): Promise<void>
  /** Takes no more; what it has goes on. */
  setDraining(isDraining: boolean): void
  /** Events of the fleet that run here, or are about to. */
  load(): number
  /** The log has lost letters that hosts may not have read. */
  reset(): Promise<void>
  /** A letter that says that events have ended is in the log. */
  reported(letter: Letter): Promise<void>
  /** There may be room for more, or a zap can be taken that could not be before. */
  wake(): void
}

/** Why an event is not taken here; it is passed on to other hosts. */
export class NotHereError extends Error {
  override readonly name = 'NotHereError'
}

const RECONCILE_MS = 5_000
const BATCH = 200
/** Hosts are told so often of what rests here, at most of so many: the log may lose what it was given. */
const RESTS_MS = 60_000
const MAX_RESTING = 5_000
/** For so long the log keeps letters. */
const LETTERS_MS = 7 * 86_400_000
/** After so long an event that waits for another host lets others have its slot; so many do. */
const PATIENCE_MS = 200
const MAX_WAITING = 200
/** How long what is passed on rests: to hosts that can take it, while none can, and after a failure. */
const PASS_MS = { on: 50, none: 2_000, failed: 1_000, most: 15_000 }

export function createWorker(config: {
  readonly name: string
  readonly slots: number
  readonly database: Database
  readonly clock: Clock
  readonly log: Log
  readonly signals: Signals
  readonly outbox: Pick<Outbox, 'accept' | 'resume' | 'slotsUsed'>
  readonly post: Pick<Post, 'say'>
  /** The number that the version has here. Rejects with a {@link NotHereError} where this host cannot run it. */
  versionOf(event: SentEvent): Promise<number>
  /** The event's data as stored text, with the values that it refers to at hand. Rejects with a {@link NotHereError} where they cannot be had. */
  dataOf(event: SentEvent): Promise<string>
  /** Whether another host is there that works, and could run this zap. */
  canOthers(zapId: string): boolean
  /** Whether a host is in the fleet, there or gone. */
  isMember(host: string): boolean
  /** An event of another host is stored here, in this transaction. `data`: its stored text. */
  took(tx: Tx, event: SentEvent, data: string): void
  /** The sender of an event waits at its host for the answer of a step. */
  held(runId: string, origin: string): void
  /** A record was set aside: it is none of ours, or cannot be read. */
  setAside(record: { readonly id: string; readonly key: string; readonly why: string }): void
}): FleetWorker {
  const { name, slots, database, clock, log, signals, outbox, post } = config
  let consumption: Consumption | undefined
  let isDraining = false
  /** Deliveries that are not in the outbox yet. */
  let inHand = 0
  /** Deliveries that wait for another host, and have given their slots back. */
  let waiting = 0
  /** Runs of the fleet that have something to do here. */
  let busy = new Set<string>()
  /** Deliveries of an order, by their runs: acknowledged when those have ended. */
  const ordered = new Map<string, Delivery>()
  /** When hosts were told last of all that rests here. */
  let restsSaidAt: number | undefined

  // An order has its next event only when this one has ended, so it takes no room of others.
  const room = (): number => (isDraining ? 0 : Math.max(0, slots - Math.max(busy.size, outbox.slotsUsed()) - inHand))

  /** Waits for what another host may have to be asked for: one that is slow, or says nothing, must not take the slots of others. */
  async function beside<T>(work: Promise<T>): Promise<T> {
    let isBeside = false
    const cancel = clock.after(PATIENCE_MS, () => {
      if (waiting >= MAX_WAITING) return
      isBeside = true
      waiting++
      inHand--
      consumption?.wake()
    })
    try {
      return await work
    } finally {
      cancel()
      if (isBeside) {
        waiting--
        inHand++
      }
    }
  }

  async function take(delivery: Delivery): Promise<void> {
    inHand++
    let event: SentEvent | undefined
    try {
      event = await read(delivery)
      if (event === undefined) return
      if (await isKnown(event)) {
        if (event.origin !== name) post.say('taken', event.origin, event.event)
        await taken(delivery, event)
        return
      }
      if (isDraining) throw new NotHereError('This host takes no more.')
      const taking = event
      const version = await beside(config.versionOf(event))
      const json = await beside(config.dataOf(event))
      const { event: id, zap: zapId, trigger: triggerStepId, receivedAt, origin, isHeld } = event
      if (isHeld && origin !== name) config.held(firstRunId(id), origin)
      await outbox.accept(
        // Repeats are known by the event's id, whichever host took it in.
        {
          id,
          zapId,
          version,
          triggerStepId,
          dedupeKey: `fleet:${id}`,
          data: fromStored(json),
          json,
          receivedAt,
          availableAt: clock.now(),
          runsHere: true,
        },
        (tx) => {
          if (origin === name) return
          insertTaken(tx, id, origin, clock.now())
          config.took(tx, taking, json)
        },
      )
      if (origin !== name) post.say('taken', origin, id)
      await taken(delivery, event)
    } catch (error) {
      if (event !== undefined && isLost(event, error)) {
        const why = `It needs what only ${event.origin} has, which is not in the fleet. Should that come back, it sends it again.`
        await acknowledge(delivery)
        config.setAside({ id: delivery.id, key: delivery.key, why })
        return
      }
      if (!(error instanceof NotHereError)) {
        log.warn('An event of the fleet could not be taken here; it goes to another host or comes again.', {
          event: delivery.id,
          error: String(error),
        })
      }
      await delivery.pass(passMs(error, delivery)).catch(() => undefined)
    } finally {
      inHand--
    }
  }

  /** Its host has to be asked for it, and was taken out of the fleet: it would go round for ever. */
  function isLost({ origin }: SentEvent, error: unknown): boolean {
    const cause = error instanceof NotHereError ? error.cause : undefined
    return cause instanceof LogError && cause.code === 'no-answer' && !config.isMember(origin)
  }

  function passMs(error: unknown, { key, delivery }: Delivery): number {
    const slower = 2 ** Math.min(delivery - 1, 10)
    if (!(error instanceof NotHereError)) return Math.min(PASS_MS.most, PASS_MS.failed * slower)
    // What no host can take yet, such as while its own is away, must not go round and round.
    return config.canOthers(key) ? Math.min(PASS_MS.none, PASS_MS.on * slower) : PASS_MS.none
  }

  async function read(delivery: Delivery): Promise<SentEvent | undefined> {
    try {
      return await decode(eventRecordSchema, delivery.bytes)
    } catch (error) {
      if (error instanceof NewerFormatError) {
        throw new NotHereError(`This host is older than the one that sent ${delivery.id}: ${error.message}.`)
      }
      // It would come again for ever, and in an order hold up all behind it.
      config.setAside({
        id: delivery.id,
        key: delivery.key,
        why: error instanceof Error ? error.message : String(error),
      })
      await acknowledge(delivery)
      return undefined
    }
  }

  /**
   * Whether an event is here already: it comes again, or this host took it in itself. Then it runs here, if it waited for another host, and its own
   * host is told of its end.
   */
  async function isKnown({ event, origin }: SentEvent): Promise<boolean> {
    const found = await database.write((tx) => {
      const zapId = zapOfEvent(tx, event)
      if (zapId === undefined) return undefined
      if (origin !== name) insertTaken(tx, event, origin, clock.now())
      return { zapId, isMoved: runRelayedHere(tx, event, clock.now()) }
    })
    if (found?.isMoved === true) signals.emit('zap:due', [found.zapId])
    return found !== undefined
  }

  async function taken(delivery: Delivery, { event, origin }: SentEvent): Promise<void> {
    const runId = firstRunId(event)
    const stage = await stageHere(event)
    if (stage !== 'busy') {
      if (origin !== name) post.say(stage === 'over' ? 'ended' : 'resting', origin, event)
      await acknowledge(delivery)
      return
    }
    busy.add(runId)
    if (delivery.order === null) {
      await acknowledge(delivery)
      return
    }
    ordered.set(runId, delivery)
    delivery.lost.addEventListener('abort', () => ordered.delete(runId), { once: true })
  }

  /** What the log could not be told comes again, here or elsewhere, and is known then. */
  const acknowledge = (delivery: Delivery): Promise<void> => delivery.ack().catch(() => undefined)

  const stageHere = (eventId: string) => database.write((tx) => stageOf(tx, eventId))

  function ended(runId: string): void {
    busy.delete(runId)
    const delivery = ordered.get(runId)
    ordered.delete(runId)
    if (delivery !== undefined) void acknowledge(delivery)
    consumption?.wake()
  }

  /** What ended is told to its host; also what ended while this host could not tell it, or was not told of. */
  async function reconcile(): Promise<void> {
    const found = await database.write((tx) => ({ ended: endedTaken(tx, BATCH), busy: busyTaken(tx, clock.now()) }))
    for (const { eventId, origin } of found.ended) post.say('ended', origin, eventId)
    busy = new Set(found.busy)
    for (const runId of ordered.keys()) {
      const stage = await stageHere(eventOf(runId))
      if (stage === 'busy') continue
      ended(runId)
      if (stage === 'resting') restsSaidAt = undefined
    }
    if (restsSaidAt === undefined || performance.now() - restsSaidAt >= RESTS_MS) {
      restsSaidAt = performance.now()
      const resting = await database.write((tx) => restingTaken(tx, MAX_RESTING))
      for (const { eventId, origin } of resting) post.say('resting', origin, eventId)
    }
    consumption?.wake()
  }

  const rounds = repeat({
    clock,
    log,
    failed: 'Events of other hosts could not be looked after.',
    everyMs: RECONCILE_MS,
    firstMs: 0,
    run: reconcile,
  })

  signals.on('run:ended', ({ runId }) => {
    ended(runId)
    void tellEnd(runId)
  })
  signals.on('run:needs-review', (runId) => {
    busy.delete(runId)
    consumption?.wake()
  })

  async function tellEnd(runId: string): Promise<void> {
    const eventId = eventOf(runId)
    const origin = await database.write((tx: Tx) => originOf(tx, eventId))
    if (origin !== undefined) post.say('ended', origin, eventId)
  }

  return {
    async start(opened) {
      await rounds.now()
      consumption = await opened.events.consume({ room, take: (delivery) => void take(delivery) })
      rounds.start()
    },
    async stop() {
      await rounds.stop()
      await consumption?.stop()
      consumption = undefined
    },
    setDraining(draining) {
      isDraining = draining
      consumption?.wake()
    },
    reset: () => database.write((tx) => reportAgain(tx, clock.now() - LETTERS_MS)),
    load: () => busy.size + inHand + waiting,
    async reported({ kind, events }) {
      if (kind !== 'ended') return
      const now = clock.now()
      await database.write((tx) => {
        for (const event of events) markReported(tx, event, now)
      })
    },
    wake: () => consumption?.wake(),
  }
}

const eventOf = (runId: string): string => runId.replace(/^run_/, 'evt_')
