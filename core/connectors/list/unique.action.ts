import { hash } from 'node:crypto'
import { z } from 'zod'
import { canonical } from '../../domain/values/json.ts'
import { defineComputation } from '../define-computation.ts'
import { keyAt, pathsSchema } from '../kit/path.ts'
import { listOutput, listSchema } from '../kit/rows.ts'

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
  streams: ['items'],
  *compute({ items, by = [] }, { lists }) {
    const seen = new Set<string>()
    const kept = lists.make()
    const duplicates = lists.make()
    for (const item of lists.read(items)) {
      yield
      const key = shortKey(by.length === 0 ? canonical(item) : keyAt(item, by))
      ;(seen.has(key) ? duplicates : kept).push(item)
      seen.add(key)
    }
    return { items: kept.done(), duplicates: duplicates.done(), count: kept.count }
  },
})

/** Characters of keys that are kept as they are: those of a million whole rows would take hundreds of megabytes. */
const SHORT = 24

/** Half of a SHA-256 still tells as many apart as there can be. No short key begins as the long ones do. */
const shortKey = (key: string): string =>
  key.length <= SHORT ? key : `#${hash('sha256', key, 'buffer').toString('latin1', 0, 16)}`
