import type { Catalogue } from '../connectors/catalogue.ts'
import { acceptEvent } from '../db/accept-event.ts'
import type { Tx } from '../db/executor.ts'
import type { Database } from '../db/open.ts'
import type { OutsideWait } from '../db/step-runs.ts'
import type { Network } from '../domain/host/adapters.ts'
import { newEventId } from '../domain/host/ids.ts'
import type { Log } from '../domain/host/log.ts'
import type { Failpoint } from '../domain/runs/failpoint.ts'
import type { AcceptedEvent, IncomingEvent } from '../domain/runs/incoming-event.ts'
import type { Clock } from '../domain/time/clock.ts'
import { toStored } from '../domain/values/stored-json.ts'
import type { Engine } from '../engine/engine.ts'
import type { Signals } from '../signals.ts'
import { createCalledZaps } from './called-zaps.ts'
import { createDispatcher, type Dispatcher, type Slot } from './dispatcher.ts'
import { policyOf } from './lease-round.ts'
import { endOutsideWaits } from './outside-waits.ts'
import { createRunStopper, type RunStopper } from './stop-run.ts'

/** Where hosts are joined: what may run on another one. */
export type Relay = {
  /** Whether an event is for the fleet. Its message is stored as `outgoing` then. */
  takes(event: IncomingEvent): boolean
  /** Such events were stored. */
  came(): void
}

/** What `accept` says of an event once it is on the disk. */
export type Accepted = AcceptedEvent & {
  /** Whether its run is under way already; otherwise it waits for its turn, or it is a repeat. */
  readonly isBegun: boolean
}

/** The queue of all work: the only way in for events, and what makes runs of them. */
export type Outbox = Pick<Dispatcher, 'look' | 'isHeld' | 'slotsUsed'> &
  RunStopper & {
    /**
     * Stores an event, begins its run at once when a slot is free or about to be, and else wakes the queue. Resolves when the event is on the
     * disk: nothing may tell a sender "accepted" before that. An event whose dedupe key is known stores nothing.
     *
     * `along` writes what belongs into the same transaction, repeats included; when it throws, nothing is stored, and `accept` rejects with
     * what it threw.
     */
    accept(event: IncomingEvent, along?: (tx: Tx, accepted: AcceptedEvent) => void): Promise<Accepted>
    /** As `accept`, for events that are chosen in the transaction itself, together with what else `choose` writes. */
    acceptAll(
      choose: (tx: Tx) => readonly IncomingEvent[],
    ): Promise<readonly (AcceptedEvent & { readonly zapId: string })[]>
    /**
     * Changes what a run waits for, or puts a run into the queue that begins otherwise than by an event of its own, such as a replay. After
     * the commit the queue looks at its zap, and the run hears of the change if it is under way.
     */
    resume<T>(run: { readonly id: string; readonly zapId: string }, change: (tx: Tx) => T): Promise<T>
    start(): void
    /** Leases nothing more, lets what is under way end for `graceMs` milliseconds, then aborts it; it resumes at the next start. */
    stop(graceMs: number): Promise<void>
  }

export function createOutbox(config: {
  readonly catalogue: Catalogue
  readonly database: Database
  readonly clock: Clock
  readonly log: Log
  readonly failpoint: Failpoint
  readonly signals: Signals
  readonly network: Network
  readonly engine: Engine
  /** Unique to this process; its lease tokens begin with it. */
  readonly processId: string
  /** Runs that have a slot at once, over all zaps. */
  readonly slots: number
  /** Absent on a host that stands alone. */
  readonly relay?: Relay | undefined
}): Outbox {
  const { database, clock, log, failpoint, signals, network, engine, relay } = config
  const { versions } = engine
  const zapsOf = createCalledZaps({ catalogue: config.catalogue, database, clock, values: engine.values, accept })
  const dispatcher = createDispatcher({
    database,
    clock,
    log,
    failpoint,
    signals,
    processId: config.processId,
    slots: config.slots,
    policyOf: (tx, zapId) => policyOf(versions.settingsOf(tx, zapId) ?? {}),
    begin: engine.begin,
    execute: (run, signal, leave) => engine.execute(run, { signal, leave, zapsOf }),
    end: engine.end,
  })
  let unwatch = (): void => undefined
  const stopper = createRunStopper({ database, clock, log, dispatcher, engine, signals })

  signals.on('zap:due', wakeAll)
  signals.on('run:ended', ({ zapIds }) => wakeAll(zapIds))
  signals.on('messages:reclaimed', (zapIds, hasSuspects) => {
    if (hasSuspects) dispatcher.expectSuspects()
    wakeAll(zapIds)
  })
  signals.on('credential:signed-in', (credential) => endWaitsFor({ for: 'account', credential }))
  signals.on('pause:changed', ({ ofRuns }) => dispatcher.setPaused(ofRuns))

  function networkChanged(): void {
    signals.emit('status:changed')
    if (network.isOnline()) endWaitsFor({ for: 'network' })
  }

  function endWaitsFor(wait: OutsideWait): void {
    endOutsideWaits(database, wait, clock.now()).then(
      ({ zapIds, runIds }) => {
        wakeAll(zapIds)
        for (const runId of runIds) signals.emit('run:news', runId)
      },
      (error: unknown) => log.error(`Runs that wait for the ${wait.for} could not go on.`, { error: String(error) }),
    )
  }

  function wakeAll(zapIds: readonly string[]): void {
    for (const zapId of zapIds) dispatcher.wake(zapId)
  }

  function accept(event: IncomingEvent, along?: (tx: Tx, accepted: AcceptedEvent) => void): Promise<Accepted> {
    const { zapId, id = newEventId(), json = toStored(event.data) } = event
    const incoming = { ...event, id, json }
    const state = relay?.takes(incoming) === true ? 'outgoing' : 'pending'
    return new Promise((resolve, reject) => {
      const store = (slot: Slot | undefined): void => {
        const stored = database.write((tx) => {
          const accepted = acceptEvent(tx, incoming, slot?.message, state)
          along?.(tx, accepted)
          failpoint('before-commit')
          return accepted
        })
        slot?.begin(stored)
        stored.then((accepted) => {
          failpoint('after-commit')
          if (state === 'outgoing') relay?.came()
          else if (slot === undefined && !accepted.isDuplicate) dispatcher.wake(zapId)
          resolve({ ...accepted, isBegun: slot !== undefined })
        }, reject)
      }
      const zap = state === 'outgoing' ? undefined : versions.peek(zapId, event.version)
      if (zap === undefined) store(undefined)
      else dispatcher.admit({ ...incoming, zap, policy: policyOf(zap.file.settings ?? {}) }, store)
    })
  }

  return {
    start() {
      unwatch = network.watch(networkChanged)
      dispatcher.start()
    },
    look: dispatcher.look,
    isHeld: dispatcher.isHeld,
    slotsUsed: dispatcher.slotsUsed,
    ...stopper,
    accept,
    async acceptAll(choose) {
      const accepted = await database.write((tx) =>
        choose(tx).map((event) => {
          const isOutgoing = relay?.takes(event) === true
          const ids = acceptEvent(tx, event, undefined, isOutgoing ? 'outgoing' : 'pending')
          return { zapId: event.zapId, isOutgoing, ...ids }
        }),
      )
      const fresh = accepted.filter(({ isDuplicate }) => !isDuplicate)
      if (fresh.some(({ isOutgoing }) => isOutgoing)) relay?.came()
      wakeAll([...new Set(fresh.filter(({ isOutgoing }) => !isOutgoing).map(({ zapId }) => zapId))])
      return accepted
    },
    async resume({ id, zapId }, change) {
      const result = await database.write(change)
      dispatcher.wake(zapId)
      signals.emit('run:news', id)
      signals.emit('run:changed', [id])
      return result
    },
    stop(graceMs) {
      unwatch()
      return dispatcher.stop(graceMs)
    },
  }
}
