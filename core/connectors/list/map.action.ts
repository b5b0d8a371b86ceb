import { z } from 'zod'
import { isJsonObject } from '../../domain/values/json.ts'
import { defineComputation } from '../define-computation.ts'
import { switchField } from '../kit/from-text.ts'
import { NAMED_VALUES, namedValues } from '../kit/named-values.ts'
import { forItem, listOutput, listSchema, rowOf } from '../kit/rows.ts'
import { unfinishedFields } from '../kit/unfinished.ts'

/** Makes a new row of each item of a list. */
export const listMap = defineComputation({
  id: 'list.map',
  title: 'Change each item',
  description: 'Makes a new row of each item of a list, with fields of your own.',
  keywords: ['map', 'transform list', 'edit fields of each', 'rename columns', 'add column', 'set', 'array', 'rows'],
  icon: 'list-checks',
  category: 'data',
  summary: '{fields}',
  itemFields: ['fields'],
  streams: ['items'],
  input: z.strictObject({
    items: listSchema.meta({ title: 'List', ui: { widget: 'template', placeholder: '{{ hook.body.orders }}' } }),
    fields: namedValues.default({}).meta({
      ...NAMED_VALUES,
      title: 'Fields of each new item',
      description:
        'Each item is {{ item }}, its place from 0 is {{ index }}. A value that is one {{ … }} keeps its type.',
      ui: { widget: 'key-value' },
    }),
    keep: switchField().prefault(false).meta({
      title: 'Keep the other fields',
      description: 'The fields that an item has already stay in it.',
    }),
  }),
  unfinished: ({ fields }) => unfinishedFields(fields),
  output: z.object({ items: listOutput, count: z.int() }),
  sample: { items: [{ name: 'Ada', total: 120 }], count: 1 },
  *compute({ items, fields, keep }, { render, lists }) {
    const made = lists.make()
    let index = 0
    for (const item of lists.read(items)) {
      yield
      const own = keep ? rowOf(item, index, 'the list') : {}
      const row = forItem(index, () => render(fields, { item: { item, index } }))
      made.push(Object.fromEntries([...Object.entries(own), ...Object.entries(isJsonObject(row) ? row : {})]))
      index++
    }
    return { items: made.done(), count: made.count }
  },
})
