import { z } from 'zod'
import { isJsonList, isJsonObject, type Json, type JsonObject } from './json.ts'

/** Bytes of JSON beyond which a value is kept as a file beside the database, so that the journal stays small. */
export const STORED_APART_BYTES = 262_144

/**
 * Bytes beyond which a value is not even read into a run: reading 50 MB of JSON would hold up everything else for half a second.
 * Steps get a {@link LargeValue} in its place, and templates that look inside are rendered by another thread.
 */
export const LAZY_BYTES = 4_194_304

/** Lists, objects and commas of a JSON text from which it takes too long to be read where everything else waits. */
const HEAVY = { holders: 50_000, commas: 500_000 }

/**
 * Whether JSON text of ours should be looked into by another thread only, like what is larger than {@link LAZY_BYTES}: four megabytes of
 * `{},` take a second to be read. It only counts characters, those inside of strings too.
 */
export function isHeavyJson(json: string): boolean {
  if (json.length <= STORED_APART_BYTES) return false
  let holders = 0
  let commas = 0
  for (let at = 0; at < json.length; at++) {
    const code = json.charCodeAt(at)
    if (code === OPEN_OBJECT || code === OPEN_LIST) holders++
    else if (code === COMMA) commas++
  }
  return holders > HEAVY.holders || commas > HEAVY.commas
}

/** As {@link isHeavyJson}, of a value: whether it would become a text that is. It looks no further than it must. */
export function isHeavyValue(value: Json): boolean {
  const left = { holders: HEAVY.holders, members: HEAVY.commas, chars: LAZY_BYTES }
  return isBeyond(value, left)
}

/** Takes what a value has from what is left; true when that is not enough. */
function isBeyond(value: Json, left: { holders: number; members: number; chars: number }): boolean {
  if (typeof value === 'string') {
    left.chars -= value.length
    return left.chars < 0
  }
  if (typeof value !== 'object' || value === null || isLargeValue(value)) return false
  left.holders -= 1
  if (left.holders < 0) return true
  if (isJsonList(value)) {
    left.members -= value.length
    return left.members < 0 || value.some((item) => isBeyond(item, left))
  }
  for (const key of Object.keys(value)) {
    left.members -= 1
    left.chars -= key.length
    if (left.members < 0 || left.chars < 0 || isBeyond(value[key] ?? null, left)) return true
  }
  return false
}

const [OPEN_OBJECT, OPEN_LIST, COMMA] = [0x7b, 0x5b, 0x2c] as const

/**
 * What stands in place of a value that is kept as a file: its SHA-256 and what is in it. `json` (as it came from outside) and `text`
 * (UTF-8) can be read by templates like any value, and so can `value`, JSON of our own in which references may stand; `bytes` are handed
 * on whole.
 */
const largeValueSchema = z.strictObject({
  $blob: z.string().regex(/^[0-9a-f]{64}$/),
  bytes: z.int().min(0),
  type: z.enum(['json', 'value', 'text', 'bytes']),
})

/** What a screen shows of a large value. */
export type LargeValueFacts = z.infer<typeof largeValueSchema>

declare const minted: unique symbol

/** A reference to a large value. Only {@link reference} makes one; an object that looks the same is data. */
export type LargeValue = LargeValueFacts & { readonly [minted]: true }

/** The references of this process: what outside data says of itself can never make one. */
const references = new WeakSet<object>()

/** Makes a reference to a file that is known to be kept. */
export function reference(to: LargeValueFacts): LargeValue {
  // Frozen, so that it goes on to refer to what it was made for.
  const made = Object.freeze({ $blob: to.$blob, bytes: to.bytes, type: to.type })
  references.add(made)
  return made as typeof made & { readonly [minted]: true } // the mark is the membership above
}

/** Whether a value is a reference to a large one. */
export function isLargeValue(value: unknown): value is LargeValue {
  return typeof value === 'object' && value !== null && references.has(value)
}

/** What a value would refer to if it were a reference: for screens, which show it, and for reading what was stored. */
export function readReference(value: unknown): LargeValueFacts | undefined {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, '$blob')) return undefined
  return largeValueSchema.safeParse(value).data
}

/** Whether a value is, or has in it, a reference to a large one. */
export function holdsLarge(value: Json): boolean {
  if (typeof value !== 'object' || value === null) return false
  if (isLargeValue(value)) return true
  return isJsonList(value) ? value.some(holdsLarge) : Object.values(value).some(holdsLarge)
}

/**
 * A value that a person sends back, such as an edited event: what looks like a reference is one if it is among those of `known`, which
 * they were shown. Everything else in it is data.
 */
export function adoptReferences(value: Json, known: readonly Json[]): Json {
  const hashes = new Map<string, LargeValue>()
  const collect = (part: Json): void => {
    if (isLargeValue(part)) hashes.set(part.$blob, part)
    else if (typeof part === 'object' && part !== null) for (const item of Object.values(part)) collect(item)
  }
  for (const part of known) collect(part)
  if (hashes.size === 0) return value
  return mapObjects(value, (item) => hashes.get(readReference(item)?.$blob ?? ''))
}

/** A copy in which objects are exchanged for what `exchange` returns for them; the same value where nothing is. */
export function mapObjects(value: Json, exchange: (object: JsonObject) => Json | undefined): Json {
  if (typeof value !== 'object' || value === null || isLargeValue(value)) return value
  if (isJsonList(value)) {
    const items = value.map((item) => mapObjects(item, exchange))
    return items.some((item, at) => item !== value[at]) ? items : value
  }
  if (!isJsonObject(value)) return value
  const exchanged = exchange(value)
  if (exchanged !== undefined && isLargeValue(exchanged)) return exchanged
  const members = Object.entries(exchanged ?? value)
  const mapped = members.map(([key, item]): [string, Json] => [key, mapObjects(item, exchange)])
  const differs = exchanged !== undefined || mapped.some(([, item], at) => item !== members[at]?.[1])
  return differs ? Object.fromEntries(mapped) : value
}
