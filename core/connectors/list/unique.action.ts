import { z } from 'zod'
import { canonical, type Json } from '../../domain/values/json.ts'
import { defineComputation } from '../define-computation.ts'
import { keyAt, pathsSchema } from '../kit/path.ts'
import { itemsOf, listOutput, listSchema } from '../kit/rows.ts'

/** Takes repeated items out of a list. */
export const listUnique = defineComputation({
  id: 'list.unique',
  title: 'Remove duplicates',
  description: 'Keeps the first of items that are the same.',
  keywords: ['unique', 'distinct', 'dedupe', 'deduplicate', 'duplicates', 'remove duplicates from list'],
  icon: 'copy-x',
  category: 'data',
  summary: '{by}',
  input: z.strictObject({
    items: listSchema.meta({ title: 'List', ui: { widget: 'template', placeholder: '{{ hook.body.orders }}' } }),
    by: pathsSchema.optional().meta({
      title: 'Compare by',
      description: 'Names of fields, one a line. Without any, whole items are compared.',
      ui: { widget: 'text-list', placeholder: 'email' },
    }),
  }),
  output: z.object({ items: listOutput, duplicates: listOutput, count: z.int() }),
  sample: { items: [{ id: 7 }, { id: 8 }], duplicates: [{ id: 7 }], count: 2 },
  *compute({ items, by = [] }) {
    const seen = new Set<string>()
    const kept: Json[] = []
    const duplicates: Json[] = []
    for (const item of itemsOf(items)) {
      yield
      const key = by.length === 0 ? canonical(item) : keyAt(item, by)
      ;(seen.has(key) ? duplicates : kept).push(item)
      seen.add(key)
    }
    return { items: kept, duplicates, count: kept.length }
  },
})
