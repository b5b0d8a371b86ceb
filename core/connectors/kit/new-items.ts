import { z } from 'zod'
import type { Json } from '../../domain/values/json.ts'
import type { Polled } from '../trigger-sources.ts'

/** Keys that are remembered of items that are not listed any more, should they come back. */
const REMEMBERED = 10_000

/** Items that are looked at before others have their turn. */
const ITEMS_A_TURN = 2_000

const cursorSchema = z.object({ seen: z.array(z.string()) })

/**
 * What of a list is new, for a service that knows no "since": the items whose keys were not in it at earlier polls. The cursor keeps hashes of
 * the keys, those of the present list first.
 */
export async function newItems(
  items: readonly { readonly key: string; readonly data: Json }[],
  cursor: Json | null,
): Promise<Polled> {
  const before = cursorSchema.safeParse(cursor).data?.seen ?? []
  const known = new Set(before)
  const present = new Set<string>()
  const events: { readonly key: string; readonly data: Json }[] = []
  for (const [at, item] of items.entries()) {
    if (at % ITEMS_A_TURN === ITEMS_A_TURN - 1) await new Promise((resolve) => setImmediate(resolve))
    const mark = markOf(item.key)
    if (!known.has(mark) && !present.has(mark)) events.push(item)
    present.add(mark)
  }
  const gone = before.filter((mark) => !present.has(mark))
  return { events, cursor: { seen: [...present, ...gone.slice(0, Math.max(REMEMBERED - present.size, 0))] } }
}

/** Characters up to which a key is kept as it is. */
const SHORT = 14

/** What is remembered of a key: itself, or a hash of 53 bits and its length, which no two keys of one service will share. */
function markOf(key: string): string {
  return key.length <= SHORT ? `=${key}` : `#${hashOf(key).toString(36)}.${key.length.toString(36)}`
}

/** Two multiplicative hashes of 32 bits that are mixed into one number at the end, as cyrb53 does (in the public domain, by bryc). */
function hashOf(text: string): number {
  let high = 0xdeadbeef
  let low = 0x41c6ce57
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    high = Math.imul(high ^ code, 2_654_435_761)
    low = Math.imul(low ^ code, 1_597_334_677)
  }
  high = Math.imul(high ^ (high >>> 16), 2_246_822_507) ^ Math.imul(low ^ (low >>> 13), 3_266_489_909)
  low = Math.imul(low ^ (low >>> 16), 2_246_822_507) ^ Math.imul(high ^ (high >>> 13), 3_266_489_909)
  return 4_294_967_296 * (2_097_151 & low) + (high >>> 0)
}
