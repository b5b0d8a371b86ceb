import type { BlobStore } from '../db/blobs.ts'
import type { Json } from '../domain/values/json.ts'
import { isLargeValue, LAZY_BYTES, type LargeValue, STORED_APART_BYTES } from '../domain/values/large-value.ts'
import { fromStored, toStored } from '../domain/values/stored-json.ts'
import { jsonChunks } from './json-chunks.ts'

/** How values of steps become text of the journal, and values again. Large ones are kept as files, with a reference in the journal. */
export type StoredValues = {
  /** The text to store. Of a large value it is a reference, and the file is on the disk when this resolves. */
  pack(value: Json): string | Promise<string>
  /** As `pack`, of a value that is stored text already (see `toStored`). */
  packText(json: string): string | Promise<string>
  /** As `pack`, for values of which parts are large: turning them into text does not hold up anything else. */
  packPiecewise(value: Json): Promise<string>
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
    return JSON.stringify(await blobs.keep(chunks, 'value'))
  }
  const packText = (json: string): string | Promise<string> => (json.length <= STORED_APART_BYTES ? json : keep([json]))

  return {
    pack: (value) => packText(toStored(value)),
    packText,
    keepBytes: (content) => blobs.keep([content], 'bytes'),
    readBytes: (value) => blobs.read(value),
    async packPiecewise(value) {
      let gathered = ''
      const chunks = jsonChunks(value)
      for (let next = chunks.next(); !next.done; next = chunks.next()) {
        gathered += next.value
        if (gathered.length > STORED_APART_BYTES) return keep(prepend(gathered, chunks))
      }
      return gathered
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

function* prepend(first: string, rest: Iterable<string>): Iterable<string> {
  yield first
  yield* rest
}
