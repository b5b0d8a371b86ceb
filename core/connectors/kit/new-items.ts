import { z } from 'zod'
import type { Json } from '../../domain/values/json.ts'
import type { Polled } from '../trigger-sources.ts'

/** Keys that are remembered of items that are not listed any more, should they come back. */
const REMEMBERED = 10_000

/** Items that are looked at before others have their turn. */
const ITEMS_A_TURN = 2_000

const cursorSchema = z.object({
  seen: z.array(z.string()),
  /** Whether the list went on behind what was read; unknown of polls by earlier versions. */
  isCut: z.boolean().optional(),
  /** What was new the last time stood behind what was known: the list begins with the oldest. */
  isOldestFirst: z.boolean().optional(),
})

/** An item of a list, with what tells it from others. */
export type ListItem = { readonly key: string; readonly data: Json }

/** Items that are read beyond those of a usual poll, pages of them, and how long that may take in milliseconds. */
const MOST_ITEMS = 10_000
const MOST_PAGES = 50
const LONGEST_MS = 30_000

/** As many that are known before the first that is not may be pinned to the top of a list; of a short one, others may have been deleted. */
const MOST_PINNED = 3
const FEWEST_BELOW_PINNED = 20

/**
 * What of a list is new, for a service that knows no "since": the items whose keys were not in it at earlier polls. The cursor keeps hashes of
 * the keys, those of the present list first.
 */
export async function newItems(items: readonly ListItem[], cursor: Json | null): Promise<Polled> {
  const { known, before } = knownBy(cursor)
  const events: ListItem[] = []
  const present = await marksOf(items, (item, mark) => {
    if (!known.has(mark)) events.push(item)
  })
  return { events, cursor: { seen: remembered(present, before) } }
}

/**
 * As {@link newItems}, of a list that comes in pages. `usual` items are read at every poll, or one page; when more came than these hold, pages are read on
 * until what was there before begins, so that none is lost. Of a list that was cut off at the last poll, what stands behind the items that are
 * known is old: it moved up when others were deleted. With `isAllNew` the service was asked for what is new, or all is: all pages are read, wherever what is known
 * stands in them, as such lists often begin with the oldest.
 */
export async function newItemsOfPages(
  pages: AsyncIterable<{ readonly items: readonly ListItem[]; readonly hasNext: boolean }>,
  cursor: Json | null,
  { usual, now, isAllNew = false }: { readonly usual: number | 'a page'; now(): number; readonly isAllNew?: boolean },
): Promise<Polled> {
  const { known, before, wasCut: wasCutBefore, wasOldestFirst } = knownBy(cursor)
  const wasCut = isAllNew ? false : wasCutBefore
  const isReadToEnd = isAllNew || (wasOldestFirst && wasCut === false)
  const items: ListItem[] = []
  let hasMore = false
  let isLeft = false
  let count = 0
  const begun = now()
  for await (const page of pages) {
    const isUsual = usual === 'a page' ? items.length === 0 : items.length < usual
    const isEmpty = page.items.length === 0
    for (const item of page.items) items.push(item)
    hasMore = page.hasNext
    if (!hasMore) break
    if (isEmpty || !isUsual) count++
    isLeft = items.length >= MOST_ITEMS || count >= MOST_PAGES || now() - begun > LONGEST_MS
    // The first time what is there has to be found, too: else it would be new at the next poll.
    if (usual === 'a page' ? items.length === 0 : items.length < usual) {
      if (isLeft) break
      continue
    }
    const last = items.at(-1)
    const reachesKnown =
      !isReadToEnd &&
      (wasCut === true ? lastKnown(items, known) >= 0 : last !== undefined && known.has(markOf(last.key)))
    // The first time all of it is new, and an older cursor does not tell whether the list went on.
    if (wasCut === undefined || reachesKnown) {
      isLeft = false
      break
    }
    if (isLeft) break
  }
  if (wasCut === undefined && usual !== 'a page' && items.length > usual) {
    items.length = usual
    hasMore = true
  }
  const end = wasCut === true ? lastKnown(items, known) : -1
  const events: ListItem[] = []
  const present = await marksOf(items, (item, mark, at) => {
    if (!known.has(mark) && (end < 0 || at <= end)) events.push(item)
  })
  const seen = remembered(present, before)
  // Of a list that was known as a whole, the pages that were not read are known too, as far as they are remembered.
  const isCut = hasMore && (wasCut !== false || isLeft || before.length >= REMEMBERED)
  const note = `More came since the last poll than is read at once: ${items.length} items were taken, and what stands behind them was left out.`
  const isKnown = (item: ListItem | undefined): boolean => item !== undefined && known.has(markOf(item.key))
  const isOldestFirst = !hasMore && (events.length === 0 ? wasOldestFirst : isKnown(items[0]) && !isKnown(items.at(-1)))
  return { events, cursor: { seen, isCut, ...(isOldestFirst && { isOldestFirst }) }, ...(isLeft && { note }) }
}

/** Pages of items with their keys. */
export async function* keyedPages(
  pages: AsyncIterable<{ readonly items: readonly Json[]; readonly hasNext: boolean }>,
  keyed: (item: Json, position: number) => ListItem,
): AsyncGenerator<{ readonly items: readonly ListItem[]; readonly hasNext: boolean }> {
  let count = 0
  for await (const { items, hasNext } of pages) {
    const first = count
    yield { items: items.map((item, at) => keyed(item, first + at)), hasNext }
    count += items.length
  }
}

function knownBy(cursor: Json | null) {
  const { seen: before, isCut, isOldestFirst = false } = cursorSchema.safeParse(cursor).data ?? { seen: [] }
  return { before, known: new Set(before), wasCut: isCut, wasOldestFirst: isOldestFirst }
}

/** Where the last item stands that is known; -1 where none is, but some that are pinned to the top. */
function lastKnown(items: readonly ListItem[], known: ReadonlySet<string>): number {
  const end = items.findLastIndex(({ key }) => known.has(markOf(key)))
  const firstNew = items.findIndex(({ key }) => !known.has(markOf(key)))
  const areOnlyPinned = end === firstNew - 1 && firstNew <= MOST_PINNED && items.length >= FEWEST_BELOW_PINNED
  return areOnlyPinned ? -1 : end
}

/** The marks of a list, in turns with everything else; `each` is called with each item once. */
async function marksOf(
  items: readonly ListItem[],
  each: (item: ListItem, mark: string, at: number) => void,
): Promise<ReadonlySet<string>> {
  const present = new Set<string>()
  for (const [at, item] of items.entries()) {
    if (at % ITEMS_A_TURN === ITEMS_A_TURN - 1) await new Promise((resolve) => setImmediate(resolve))
    const mark = markOf(item.key)
    if (present.has(mark)) continue
    present.add(mark)
    each(item, mark, at)
  }
  return present
}

function remembered(present: ReadonlySet<string>, before: readonly string[]): string[] {
  const gone = before.filter((mark) => !present.has(mark))
  return [...present, ...gone.slice(0, Math.max(REMEMBERED - present.size, 0))]
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
