import { z } from 'zod'
import type { Json } from '../../domain/values/json.ts'
import { defineComputation } from '../define-computation.ts'
import { compareSortables, orderFields, type Sortable, sortable, sortedPlaces } from '../kit/order.ts'
import { pathSchema, valueAt } from '../kit/path.ts'
import { forItem, itemsOf, listOutput, listSchema } from '../kit/rows.ts'
import { zoneFor } from '../kit/zap-zone.ts'

/** Puts a list in order. */
export const listSort = defineComputation({
  id: 'list.sort',
  title: 'Sort a list',
  description: 'Puts the items of a list in order.',
  keywords: ['sort', 'order by', 'arrange', 'ascending', 'descending', 'newest first', 'sort array', 'rows'],
  icon: 'arrow-down-up',
  category: 'data',
  summary: '{by}',
  input: z.strictObject({
    items: listSchema.meta({ title: 'List', ui: { widget: 'template', placeholder: '{{ hook.body.orders }}' } }),
    by: z
      .array(
        z.strictObject({
          path: pathSchema.prefault('').meta({
            title: 'Field',
            ui: { widget: 'item-field', placeholder: 'amount, or empty for the item itself' },
          }),
          ...orderFields,
        }),
      )
      .min(1, { error: 'needs at least one field to sort by' })
      .max(20)
      .prefault([{}])
      .meta({
        title: 'Sort by',
        description: 'The first decides; the next ones where that is equal. What is missing stands last.',
        ui: { widget: 'rows', noun: 'field' },
      }),
  }),
  output: z.object({ items: listOutput }),
  sample: {
    items: [
      { id: 8, amount: 3 },
      { id: 7, amount: 120 },
    ],
  },
  *compute({ items, by }, tools) {
    const list = itemsOf(items)
    const zone = zoneFor(tools)
    const columns: { readonly cells: Sortable[]; readonly isDescending: boolean }[] = []
    for (const { path, order, as } of by) {
      const cells: Sortable[] = []
      for (const [index, item] of list.entries()) {
        if (index % 64 === 0) yield
        cells.push(forItem(index, () => sortable(valueAt(item, path), as, zone)))
      }
      columns.push({ cells, isDescending: order === 'desc' })
    }
    const places = yield* sortedPlaces(list.length, (a, b) => {
      for (const { cells, isDescending } of columns) {
        const order = compareSortables(cells[a], cells[b], isDescending)
        if (order !== 0) return order
      }
      return 0
    })
    return { items: Array.from(places, (place): Json => list[place] ?? null) }
  },
})
