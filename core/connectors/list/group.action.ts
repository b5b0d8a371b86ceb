import { z } from 'zod'
import type { Json } from '../../domain/values/json.ts'
import { defineComputation } from '../define-computation.ts'
import { keyOf, pathSchema, valueAt } from '../kit/path.ts'
import { itemsOf, listOutput, listSchema } from '../kit/rows.ts'

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
  *compute({ items, by }) {
    const groups = new Map<string, { key: Json; items: Json[] }>()
    for (const item of itemsOf(items)) {
      yield
      const key = valueAt(item, by) ?? null
      const known = groups.get(keyOf(key))
      if (known === undefined) groups.set(keyOf(key), { key, items: [item] })
      else known.items.push(item)
    }
    return { groups: [...groups.values()].map((group) => ({ ...group, count: group.items.length })) }
  },
})
