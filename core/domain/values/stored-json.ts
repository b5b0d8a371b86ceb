import type { Json, JsonObject } from './json.ts'
import { isLargeValue, mapObjects, readReference, reference } from './large-value.ts'

/**
 * How values are written into the database. In its texts `$blob` belongs to our references alone: a key of outside data that is called so
 * (or `$$blob`, and so on) gets one more `$`, which reading takes away again. So such data comes back as it was sent and refers to nothing.
 */

/** Keys that stored text must not carry as they are. */
const RESERVED = /^\$+blob$/

/** How a reserved key stands in any JSON text that we write: `JSON.stringify` escapes none of its characters. */
const MARK = '$blob":'

/** Whether stored text may differ from the JSON of its value: references or escaped keys stand in it. */
export const isMarked = (text: string): boolean => text.includes(MARK)

/** The text to store of a value. It throws what `JSON.stringify` throws. */
export function toStored(value: Json): string {
  const text = JSON.stringify(value)
  return isMarked(text) ? JSON.stringify(mapObjects(value, escapeKeys)) : text
}

/** The value of a stored text, with its references. It throws what `JSON.parse` throws. */
export function fromStored(text: string): Json {
  const value: Json = JSON.parse(text)
  return isMarked(text) ? mapObjects(value, revive) : value
}

/** A key as it stands in stored text. */
export function storedKey(key: string): string {
  return RESERVED.test(key) ? `$${key}` : key
}

function escapeKeys(object: JsonObject): Json | undefined {
  if (isLargeValue(object)) return object
  const keys = Object.keys(object)
  if (!keys.some((key) => RESERVED.test(key))) return undefined
  return Object.fromEntries(Object.entries(object).map(([key, item]) => [storedKey(key), item]))
}

function revive(object: JsonObject): Json | undefined {
  const kept = readReference(object)
  if (kept !== undefined) return reference(kept)
  const keys = Object.keys(object)
  if (!keys.some((key) => key !== '$blob' && RESERVED.test(key))) return undefined
  return Object.fromEntries(
    Object.entries(object).map(([key, item]) => [key !== '$blob' && RESERVED.test(key) ? key.slice(1) : key, item]),
  )
}
