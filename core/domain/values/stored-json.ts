import type { Json, JsonObject } from './json.ts'
import { isLargeValue, mapObjects, readReference, reference } from './large-value.ts'
import { endOfString } from './lossless-json.ts'

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

/** Characters of JSON that came from outside up to which it may be stored as it came. With it, an event is well below what is kept as a file. */
const MOST_AS_SENT = 131_072

/**
 * What a list or object must not have to be stored as it was sent: our references' key, and all by which a search through stored text would miss it: escapes
 * of characters that need none, line ends, and a space after a colon. A sender's text that has it in a string is written anew, and no worse.
 */
const REWRITTEN = /\\[u/]|\$blob|": |[\n\r\t]/

/**
 * Whether the JSON text of a list or object can be stored in place of {@link toStored} of its value: then nothing is written twice, and the sender's very
 * text is there. Its value must be what reading it returns, no number of it kept as text.
 */
export function isStorableAsSent(text: string): boolean {
  if (text.length > MOST_AS_SENT) return false
  const ends = `${text[0]}${text.at(-1)}`
  return (ends === '{}' || ends === '[]') && !REWRITTEN.test(text)
}

/** The text of a member of an object, as it stands in the object's JSON text, which has no spaces around that object's own members. */
export function memberText(json: string, name: string): string | undefined {
  const key = JSON.stringify(name)
  let at = 1
  while (json[at] === '"') {
    const colon = endOfString(json, at)
    const end = endOfValue(json, colon + 1)
    if (json.slice(at, colon) === key) return json.slice(colon + 1, end)
    at = end + 1
  }
  return undefined
}

/** Where a member's value that begins at `start` is over: at the comma behind it, or at the bracket of its object. */
function endOfValue(json: string, start: number): number {
  let depth = 0
  for (let at = start; at < json.length; ) {
    const char = json[at]
    if (char === '"') at = endOfString(json, at)
    else {
      if (char === '{' || char === '[') depth++
      else if (char === '}' || char === ']') depth--
      at++
    }
    if (depth === 0 && (json[at] === ',' || json[at] === '}')) return at
  }
  return json.length
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
