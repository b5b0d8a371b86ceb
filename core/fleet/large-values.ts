import { access, open } from 'node:fs/promises'
import type { BlobStore } from '../db/blobs.ts'
import type { Database } from '../db/open.ts'
import { getEvent } from '../db/trigger-events.ts'
import { isJsonList, type Json } from '../domain/values/json.ts'
import { isLargeValue, type LargeValue, reference } from '../domain/values/large-value.ts'
import { fromStored } from '../domain/values/stored-json.ts'
import type { FleetLog } from './log.ts'
import { askBytes } from './questions.ts'
import type { SentEvent } from './records.ts'

/**
 * Values that are too large for the log: its records name them, and the host that works on an event fetches them from the host that took it in, in parts.
 * Their names are the hashes of their contents, so what arrives is what was meant.
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
/** References in values of our own, which may refer to others. */
const NESTED = /"\$blob":"([0-9a-f]{64})","bytes":(\d{1,15}),"type":"(json|value|text|bytes)"/g

export function createFleetValues({
  database,
  blobs,
}: {
  readonly database: Database
  readonly blobs: BlobStore
}): FleetValues {
  async function* parts(
    log: FleetLog,
    to: string,
    question: (offset: number) => Parameters<typeof askBytes>[2],
    most: number,
  ) {
    for (let offset = 0; ; ) {
      const part = await askBytes(log, to, question(offset))
      if (part.length === 0) return
      offset += part.length
      if (offset > most) throw new Error(`${to} sends more than was asked for`)
      yield part
    }
  }

  async function fetchValue(log: FleetLog, from: string, value: LargeValue): Promise<void> {
    const isHere = await access(blobs.pathOf(value)).then(
      () => true,
      () => false,
    )
    if (!isHere) {
      const { $blob: hash, bytes, type } = value
      const kept = await blobs.keep(
        parts(log, from, (offset) => ({ ask: 'blob', hash, offset }), bytes),
        type,
      )
      if (kept.$blob !== hash) throw new Error(`what ${from} sent for the value ${hash} is not that value`)
    }
    if (value.type !== 'value') return
    const text = (await blobs.read(value)).toString('utf8')
    for (const [, hash = '', bytes = '', type = ''] of text.matchAll(NESTED)) {
      if (type !== 'json' && type !== 'value' && type !== 'text' && type !== 'bytes') continue
      await fetchValue(log, from, reference({ $blob: hash, bytes: Number(bytes), type }))
    }
  }

  return {
    async fetch(log, { event, origin, data }, isHere) {
      let text = data
      if (text === null) {
        const pieces: Uint8Array[] = []
        for await (const part of parts(log, origin, (offset) => ({ ask: 'event', event, offset }), MAX_EVENT_BYTES))
          pieces.push(part)
        text = Buffer.concat(pieces).toString('utf8')
        if (text === '') throw new Error(`${origin} has no data of ${event} any more`)
      }
      if (!isHere) for (const value of largeValuesIn(fromStored(text))) await fetchValue(log, origin, value)
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

function largeValuesIn(value: Json): LargeValue[] {
  if (isLargeValue(value)) return [value]
  if (typeof value !== 'object' || value === null) return []
  return (isJsonList(value) ? value : Object.values(value)).flatMap(largeValuesIn)
}
