import { z } from 'zod'
import { isJsonList, type Json } from '../../domain/values/json.ts'
import { defineComputation } from '../define-computation.ts'
import { mergedItems, sizeOf } from '../kit/long-order.ts'
import { keyOf, pathSchema, valueAt } from '../kit/path.ts'
import { listOutput, listSchema } from '../kit/rows.ts'

/** Puts the items of a list that have something in common together. */
export const listGroup = defineComputation({
  id: 'list.group',
  title: 'Group a list',
  description: 'Puts items that have the same value in a field together.',
  keywords: ['group by', 'bucket', 'partition', 'categorise', 'collect'],
  icon: 'group',
  category: 'data',
  summary: '{by}',
  input: z.strictObject({
    items: listSchema.meta({ title: 'List', ui: { widget: 'template', placeholder: '{{ hook.body.orders }}' } }),
    by: pathSchema.meta({
      title: 'Group by',
      description: 'The name of a field, or a path. Items without it are a group of their own.',
      ui: { widget: 'item-field', placeholder: 'customer.country' },
    }),
  }),
  output: z.object({ groups: listOutput }),
  sample: { groups: [{ key: 'DE', items: [{ id: 7, country: 'DE' }], count: 1 }] },
  streams: ['items'],
  *compute({ items, by }, { lists }) {
    const groups = new Map<string, { readonly key: Json; count: number; items: Json[] }>()
    /** What was put aside: pairs of a group's place and an item, in the order of the groups. */
    const runs: Iterable<Json>[] = []
    const held = (): Iterable<Json> => pairs([...groups.values()].map((group) => group.items))
    let size = 0
    for (const item of lists.read(items)) {
      yield
      const key = valueAt(item, by) ?? null
      const id = keyOf(key)
      const group = groups.get(id) ?? { key, count: 0, items: [] }
      if (group.count === 0) groups.set(id, group)
      group.items.push(item)
      group.count++
      if (lists.room === Number.POSITIVE_INFINITY) continue
      size += sizeOf(item)
      if (size <= lists.room) continue
      runs.push(lists.aside(held()))
      for (const one of groups.values()) one.items = []
      size = 0
    }
    const made = lists.make()
    if (runs.length === 0) {
      for (const group of groups.values()) {
        yield
        made.push({ key: group.key, items: group.items, count: group.count })
      }
      return { groups: made.done() }
    }
    const all = mergedItems([...runs, held()], placeOf, (a, b) => a - b)[Symbol.iterator]()
    for (const { key, count } of groups.values()) {
      yield
      made.pushLong({ key, items: [], count }, 'items', take(all, count))
    }
    return { groups: made.done() }
  },
})

function* pairs(groups: readonly (readonly Json[])[]): Iterable<Json> {
  for (const [place, items] of groups.entries()) for (const item of items) yield [place, item]
}

const placeOf = (pair: Json): number => (isJsonList(pair) ? Number(pair[0]) : 0)

/** The items of the next so many pairs. */
function* take(all: Iterator<Json>, count: number): Iterable<Json> {
  for (let taken = 0; taken < count; taken++) {
    const next = all.next()
    if (next.done !== true) yield isJsonList(next.value) ? (next.value[1] ?? null) : null
  }
}
