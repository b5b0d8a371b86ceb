import type { BlobStore } from '../db/blobs.ts'
import type { Tx } from '../db/executor.ts'
import type { Database } from '../db/open.ts'
import {
  deleteObject,
  endedObjects,
  insertObjects,
  markObjectPut,
  type StoredObject,
  wantedObjects,
} from '../db/stored-objects.ts'
import { getEvent } from '../db/trigger-events.ts'
import type { Log } from '../domain/host/log.ts'
import { StepError } from '../domain/runs/step-error.ts'
import type { Clock } from '../domain/time/clock.ts'
import { repeat } from '../domain/time/repeat.ts'
import { type LargeValue, reference } from '../domain/values/large-value.ts'
import type { Signals } from '../signals.ts'
import { nestedValues } from './large-values.ts'
import { EVENT_DATA, type ObjectStore } from './object-store.ts'
import type { StoreAddress } from './store-address.ts'

/** Keeps the large values of events in a store until the events have ended: for when the host that took them in is gone. */
export type StoredValues = {
  /** Notes what an event needs, in the transaction in which it is sent on. `bytes` of its own data, where those do not go by the log. */
  wanted(tx: Tx, event: string, values: readonly LargeValue[], dataBytes: number | null): void
  /** Notes what an event of a host that is gone has there: it is taken away when the event has ended here. As {@link wanted}. */
  took(tx: Tx, event: string, values: readonly LargeValue[], dataBytes: number | null): void
  /** There is something to put. */
  soon(): void
  start(): void
  stop(): Promise<void>
}

const EVERY_MS = 60_000
const AGAIN_MS = 15_000
/** Of those that are done side by side. */
const SOME = 4
const BATCH = 100

export function createStoredValues(config: {
  readonly store: ObjectStore
  readonly address: Pick<StoreAddress, 'shown'>
  readonly database: Database
  readonly blobs: BlobStore
  readonly clock: Clock
  readonly log: Log
  readonly signals: Signals
}): StoredValues {
  const { store, address, database, blobs, clock, log, signals } = config
  let said = ''

  async function put(object: StoredObject): Promise<void> {
    const { eventId, name, kind } = object
    if (kind === 'event') {
      const data = (await database.write((tx) => getEvent(tx, eventId)))?.data
      if (data !== undefined) await store.put(eventId, name, piecesOf(data))
    } else {
      await store.put(eventId, name, blobs.stream(reference({ $blob: name, bytes: object.bytes, type: kind })))
      await addNested(object, null)
    }
    await database.write((tx) => markObjectPut(tx, object, clock.now()))
  }

  /** What a value refers to is noted when it is put or taken away itself: the next look finds it. */
  async function addNested({ eventId, name, bytes, kind }: StoredObject, putAt: number | null): Promise<void> {
    if (kind !== 'value') return
    const nested = await nestedValues(blobs, reference({ $blob: name, bytes, type: kind }))
    await database.write((tx) => insertObjects(tx, objectsOf(putAt, eventId, nested, null)))
  }

  async function remove(object: StoredObject): Promise<void> {
    await addNested(object, clock.now())
    await store.remove(object.eventId, object.name, object.bytes)
    await database.write((tx) => deleteObject(tx, object))
  }

  /** Does something with each. What this host has lost is left out; rejects when the store could not be used. */
  async function withAll(
    objects: readonly StoredObject[],
    act: (object: StoredObject) => Promise<void>,
  ): Promise<void> {
    for (let at = 0; at < objects.length; at += SOME) {
      const some = objects.slice(at, at + SOME).map(async (object) => {
        try {
          await act(object)
        } catch (error) {
          if (!(error instanceof StepError) || error.details.code !== 'missing-data') throw error
          await database.write((tx) => deleteObject(tx, object))
        }
      })
      await Promise.all(some)
    }
  }

  async function round(): Promise<void> {
    try {
      for (;;) {
        const [wanted, ended] = await database.write((tx) => [wantedObjects(tx, BATCH), endedObjects(tx, BATCH)])
        if (wanted.length + ended.length === 0) break
        await withAll(wanted, put)
        await withAll(ended, remove)
      }
      said = ''
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      // The same is said once, however often it is tried.
      if (said !== why)
        log.warn(
          `Large values of events could not be put into, or taken out of, the fleet’s store ${address.shown}: ${why} Until they can, workers have to reach this host for them.`,
        )
      said = why
      throw error
    }
  }

  const rounds = repeat({
    clock,
    log: { ...log, error: () => undefined },
    failed: '',
    everyMs: EVERY_MS,
    firstMs: 0,
    retryMs: AGAIN_MS,
    run: round,
  })
  signals.on('run:ended', rounds.soon)

  return {
    wanted: (tx, ...of) => insertObjects(tx, objectsOf(null, ...of)),
    took: (tx, ...of) => insertObjects(tx, objectsOf(clock.now(), ...of)),
    soon: rounds.soon,
    start: rounds.start,
    stop: rounds.stop,
  }
}

function objectsOf(
  putAt: number | null,
  eventId: string,
  values: readonly LargeValue[],
  dataBytes: number | null,
): StoredObject[] {
  const data =
    dataBytes === null ? [] : [{ eventId, name: EVENT_DATA, bytes: dataBytes, kind: 'event' as const, putAt }]
  return [...data, ...values.map(({ $blob: name, bytes, type: kind }) => ({ eventId, name, bytes, kind, putAt }))]
}

async function* piecesOf(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text, 'utf8')
}
