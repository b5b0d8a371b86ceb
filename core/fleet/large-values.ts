import { access, open } from 'node:fs/promises'
import type { BlobStore } from '../db/blobs.ts'
import type { Database } from '../db/open.ts'
import { getEvent } from '../db/trigger-events.ts'
import { StepError } from '../domain/runs/step-error.ts'
import { isJsonList, type Json } from '../domain/values/json.ts'
import { isLargeValue, type LargeValue, reference } from '../domain/values/large-value.ts'
import { fromStored } from '../domain/values/stored-json.ts'
import { type FleetLog, LogError } from './log.ts'
import { EVENT_DATA, type ObjectStore } from './object-store.ts'
import { askBytes } from './questions.ts'
import type { SentEvent } from './records.ts'

/**
 * Values that are too large for the log: its records name them, and the host that works on an event fetches them from the host that took it in, in parts, or
 * from the fleet's store where that host does not answer. Their names are the hashes of their contents, so what arrives is what was meant.
 */
export type FleetValues = {
  /** The stored text of an event's data, with everything that it refers to in this host's store. */
  fetch(log: FleetLog, event: SentEvent, isHere: boolean): Promise<string>
  /** A part of what this host has. */
  readEvent(event: string, offset: number, bytes: number): Promise<Uint8Array>
  readBlob(hash: string, offset: number, bytes: number): Promise<Uint8Array>
}

/** An event is larger than this in no case; what is larger is a reference. */
const MAX_EVENT_BYTES = 32 * 1_048_576
/** Stands in each reference, and where `$blob` is a key of outside data, which is escaped. */
const MARK = '$blob":'
/** References in values of our own, which may refer to others. */
const NESTED = /"\$blob":"([0-9a-f]{64})","bytes":(\d{1,15}),"type":"(json|value|text|bytes)"/g

export function createFleetValues(config: {
  readonly database: Database
  readonly blobs: BlobStore
  /** Undefined where the fleet has none. */
  readonly store: ObjectStore | undefined
  /** Whether a host is known not to be there. */
  isGone(host: string): boolean
}): FleetValues {
  const { database, blobs, store } = config

  /** What an event refers to, and where that is. */
  type Source = { readonly log: FleetLog; readonly event: SentEvent }

  async function* askedParts(
    { log, event: { origin } }: Source,
    question: (offset: number) => Parameters<typeof askBytes>[2],
    most: number,
  ) {
    for (let offset = 0; ; ) {
      const part = await askBytes(log, origin, question(offset))
      if (part.length === 0) return
      offset += part.length
      if (offset > most) throw new Error(`${origin} sends more than was asked for`)
      yield part
    }
  }

  async function* storedParts(from: ObjectStore, { event }: Source, name: string, most: number) {
    let bytes = 0
    for await (const part of from.get(event.event, name)) {
      bytes += part.length
      if (bytes > most) throw new Error(`the fleet’s store has more of ${name} than belongs to it`)
      yield part
    }
  }

  /** Reads what the host of origin has: from there, or from the store; first from where it is more likely to be had. */
  async function readFrom<T>(
    source: Source,
    name: string,
    question: (offset: number) => Parameters<typeof askBytes>[2],
    most: number,
    read: (parts: AsyncIterable<Uint8Array>) => Promise<T>,
  ): Promise<T> {
    const { event } = source
    const fromOrigin = (): Promise<T> => read(askedParts(source, question, most))
    if (store === undefined || event.isStored !== true) return fromOrigin()
    const fromStore = (): Promise<T> => read(storedParts(store, source, name, most))
    if (config.isGone(event.origin))
      return fromStore().catch((error) => (isMissing(error) ? fromOrigin() : refuse(error)))
    try {
      return await fromOrigin()
    } catch (error) {
      if (!(error instanceof LogError)) throw error
      return fromStore().catch((other) => refuse(isMissing(other) ? error : other))
    }
  }

  async function fetchValue(source: Source, value: LargeValue): Promise<void> {
    const isHere = await access(blobs.pathOf(value)).then(
      () => true,
      () => false,
    )
    if (!isHere) {
      const { $blob: hash, bytes, type } = value
      await readFrom(
        source,
        hash,
        (offset) => ({ ask: 'blob', hash, offset }),
        bytes,
        async (parts) => {
          const kept = await blobs.keep(parts, type)
          if (kept.$blob !== hash) throw new Error(`what was sent for the value ${hash} is not that value`)
        },
      )
    }
    for (const nested of await nestedValues(blobs, value)) await fetchValue(source, nested)
  }

  async function fetchData(source: Source): Promise<string> {
    const { event } = source.event
    const question = (offset: number) => ({ ask: 'event', event, offset }) as const
    return readFrom(source, EVENT_DATA, question, MAX_EVENT_BYTES, async (parts) => {
      const pieces: Uint8Array[] = []
      for await (const part of parts) pieces.push(part)
      const text = Buffer.concat(pieces).toString('utf8')
      if (text === '') throw new Error(`${source.event.origin} has no data of ${event} any more`)
      return text
    })
  }

  return {
    async fetch(log, event, isHere) {
      const source = { log, event }
      const text = event.data ?? (await fetchData(source))
      if (!isHere) for (const value of largeValuesOf(text)) await fetchValue(source, value)
      return text
    },
    async readEvent(event, offset, bytes) {
      const found = await database.write((tx) => getEvent(tx, event))
      return Buffer.from(found?.data ?? '', 'utf8').subarray(offset, offset + bytes)
    },
    async readBlob(hash, offset, bytes) {
      const file = await open(blobs.pathOf(reference({ $blob: hash, bytes: 0, type: 'bytes' })), 'r')
      try {
        const { bytesRead, buffer } = await file.read(Buffer.alloc(bytes), 0, bytes, offset)
        return buffer.subarray(0, bytesRead)
      } finally {
        await file.close()
      }
    },
  }
}

/** The values that a kept value of ours refers to. */
export async function nestedValues(blobs: Pick<BlobStore, 'read'>, value: LargeValue): Promise<LargeValue[]> {
  if (value.type !== 'value') return []
  const text = (await blobs.read(value)).toString('utf8')
  return [...text.matchAll(NESTED)].flatMap(([, hash = '', bytes = '', type = '']) =>
    type === 'json' || type === 'value' || type === 'text' || type === 'bytes'
      ? [reference({ $blob: hash, bytes: Number(bytes), type })]
      : [],
  )
}

/** The values that an event's stored text refers to. */
export function largeValuesOf(stored: string): LargeValue[] {
  return stored.includes(MARK) ? largeValuesIn(fromStored(stored)) : []
}

function largeValuesIn(value: Json): LargeValue[] {
  if (isLargeValue(value)) return [value]
  if (typeof value !== 'object' || value === null) return []
  return (isJsonList(value) ? value : Object.values(value)).flatMap(largeValuesIn)
}

const isMissing = (error: unknown): boolean => error instanceof StepError && error.details.code === 'no-file'

function refuse(error: unknown): never {
  throw error
}
