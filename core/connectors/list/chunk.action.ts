import { z } from 'zod'
import type { Json } from '../../domain/values/json.ts'
import { defineComputation } from '../define-computation.ts'
import { listOutput, listSchema, wholeNumber } from '../kit/rows.ts'

/** Cuts a list into shorter ones. */
export const listChunk = defineComputation({
  id: 'list.chunk',
  title: 'Cut a list into parts',
  description: 'Cuts a list into shorter lists of one size.',
  keywords: ['chunk', 'batch', 'pages', 'partition', 'bulk'],
  icon: 'rows-3',
  category: 'data',
  summary: '{size} a part',
  input: z.strictObject({
    items: listSchema.meta({ title: 'List', ui: { widget: 'template', placeholder: '{{ hook.body.orders }}' } }),
    size: wholeNumber(1).meta({ title: 'Items in each part', description: 'The last part may have fewer.' }),
  }),
  output: z.object({ chunks: listOutput, count: z.int() }),
  sample: { chunks: [[{ id: 7 }, { id: 8 }], [{ id: 9 }]], count: 2 },
  streams: ['items'],
  *compute({ items, size }, { lists }) {
    const chunks = lists.make()
    let chunk: Json[] = []
    for (const item of lists.read(items)) {
      if (chunk.length === 0) yield
      chunk.push(item)
      if (chunk.length < size) continue
      chunks.push(chunk)
      chunk = []
    }
    if (chunk.length > 0) chunks.push(chunk)
    return { chunks: chunks.done(), count: chunks.count }
  },
})
