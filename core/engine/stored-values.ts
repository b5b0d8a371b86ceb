import type { BlobStore } from '../db/blobs.ts'
import { isJsonObject, type Json } from '../domain/values/json.ts'
import {
  isHeavyValue,
  isLargeValue,
  LAZY_BYTES,
  type LargeValue,
  STORED_APART_BYTES,
} from '../domain/values/large-value.ts'
import { fromStored, toStored } from '../domain/values/stored-json.ts'
import { gathered, jsonChunks } from './json-chunks.ts'

/** How values of steps become text of the journal, and values again. Large ones are kept as files, with a reference in the journal. */
export type StoredValues = {
  /** The text to store. Of a large value it is a reference, and the file is on the disk when this resolves. */
  pack(value: Json): string | Promise<string>
  /** As `pack`, of a value that is stored text already (see `toStored`). */
  packText(json: string): string | Promise<string>
  /** As `pack`, for values of which parts are large: turning them into text does not hold up anything else. */
  packPiecewise(value: Json): Promise<string>
  /** The value with references in place of those of its members that are too large for a run (see {@link isHeavyValue}). */
  lighten(value: Json): Promise<Json>
  /**
   * The value of a stored text. A reference to something of more than {@link LAZY_BYTES} stays one.
   *
   * @throws StepError `missing-data` when the file is gone or was changed.
   */
  unpack(text: string): Promise<Json>
  /** Keeps bytes as a file, which is on the disk when this resolves. */
  keepBytes(content: Uint8Array): Promise<LargeValue>
  /** @throws StepError `missing-data` when the file is gone or was changed. */
  readBytes(value: LargeValue): Promise<Uint8Array>
}

export function createStoredValues(blobs: BlobStore): StoredValues {
  async function keep(chunks: Iterable<string>): Promise<string> {
    return JSON.stringify(await blobs.keep(gathered(chunks), 'value'))
  }
  const packText = (json: string): string | Promise<string> => (json.length <= STORED_APART_BYTES ? json : keep([json]))

  async function packPiecewise(value: Json): Promise<string> {
    let text = ''
    const chunks = jsonChunks(value)
    for (let next = chunks.next(); !next.done; next = chunks.next()) {
      text += next.value
      if (text.length > STORED_APART_BYTES) return keep(prepend(text, chunks))
    }
    return text
  }

  return {
    pack: (value) => (isHeavyValue(value) ? packPiecewise(value) : packText(toStored(value))),
    packText,
    packPiecewise,
    keepBytes: (content) => blobs.keep([content], 'bytes'),
    readBytes: (value) => blobs.read(value),
    async lighten(value) {
      if (!isHeavyValue(value) || !isJsonObject(value)) return value
      const members: [string, Json][] = []
      for (const [key, member] of Object.entries(value)) {
        const isKept = isHeavyValue(member)
        members.push([key, isKept ? await blobs.keep(gathered(jsonChunks(member, ROWS)), 'value') : member])
      }
      return Object.fromEntries(members)
    },
    async unpack(text) {
      const value = fromStored(text)
      if (!isLargeValue(value) || value.bytes > LAZY_BYTES) return value
      if (value.type !== 'json' && value.type !== 'value') return value
      const content = (await blobs.read(value)).toString('utf8')
      return value.type === 'value' ? fromStored(content) : JSON.parse(content)
    },
  }
}

/** Levels of a list of rows that are written one by one: the list, and not the cells. */
const ROWS = 1

function* prepend(first: string, rest: Iterable<string>): Iterable<string> {
  yield first
  yield* rest
}
