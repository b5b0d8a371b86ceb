import type { Json } from '../../domain/values/json.ts'
import type { Lists } from '../action-context.ts'
import { sortedPlaces } from './order.ts'

type Entry<Key> = { readonly item: Json; readonly key: Key }

/**
 * Puts items in order, however many there are: what is more than there is room for is sorted part by part, put aside, and merged as it is read.
 * Stable. `keyOf` says what an item is ordered by, and may be asked again.
 */
export function* sortedItems<Key>(
  items: Iterable<Json>,
  keyOf: (item: Json, index: number) => Key,
  compare: (a: Key, b: Key) => number,
  lists: Lists,
): Generator<undefined, Iterable<Json>, undefined> {
  const runs: Iterable<Json>[] = []
  let held: Entry<Key>[] = []
  let size = 0
  let index = 0
  for (const item of items) {
    if (index % 64 === 0) yield
    held.push({ item, key: keyOf(item, index) })
    index++
    if (lists.room === Number.POSITIVE_INFINITY) continue
    size += sizeOf(item)
    if (size <= lists.room) continue
    runs.push(lists.aside(yield* inOrder(held, compare)))
    held = []
    size = 0
  }
  const last = yield* inOrder(held, compare)
  return runs.length === 0 ? last : mergedItems([...runs, last], keyOf, compare)
}

function* inOrder<Key>(
  entries: readonly Entry<Key>[],
  compare: (a: Key, b: Key) => number,
): Generator<undefined, Json[], undefined> {
  const places = yield* sortedPlaces(entries.length, (a, b) => {
    const [one, other] = [entries[a], entries[b]]
    return one === undefined || other === undefined ? 0 : compare(one.key, other.key)
  })
  return Array.from(places, (place) => entries[place]?.item ?? null)
}

/** Parts that are in order each, as one: of equal items those of an earlier part go first. */
export function* mergedItems<Key>(
  runs: readonly Iterable<Json>[],
  keyOf: (item: Json, index: number) => Key,
  compare: (a: Key, b: Key) => number,
): Iterable<Json> {
  const next = (rest: Iterator<Json>): Entry<Key> | undefined => {
    const { done, value } = rest.next()
    return done === true ? undefined : { item: value, key: keyOf(value, 0) }
  }
  const heads = runs.map((run) => {
    const rest = run[Symbol.iterator]()
    return { rest, head: next(rest) }
  })
  for (;;) {
    let first: { readonly rest: Iterator<Json>; head: Entry<Key> | undefined } | undefined
    for (const one of heads) {
      if (one.head === undefined) continue
      if (first?.head === undefined || compare(one.head.key, first.head.key) < 0) first = one
    }
    if (first?.head === undefined) return
    yield first.head.item
    first.head = next(first.rest)
  }
}

/** Characters that a value has as JSON, more or less. */
export function sizeOf(value: Json): number {
  if (typeof value === 'string') return value.length + 2
  if (typeof value !== 'object' || value === null) return 6
  let size = 2
  for (const [key, member] of Object.entries(value)) size += key.length + 3 + sizeOf(member)
  return size
}
