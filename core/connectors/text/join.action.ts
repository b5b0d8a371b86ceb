import { z } from 'zod'
import { textOf } from '../../domain/values/json.ts'
import { defineComputation } from '../define-computation.ts'
import { itemsOf, listSchema, textOutput } from '../kit/rows.ts'

/** Makes one text of a list. */
export const textJoin = defineComputation({
  id: 'text.join',
  title: 'Join text',
  description: 'Makes one text of the items of a list.',
  keywords: ['join', 'concatenate', 'combine text', 'implode', 'text aggregator', 'comma separated', 'lines'],
  icon: 'text-cursor-input',
  category: 'data',
  summary: '{items}',
  input: z.strictObject({
    items: listSchema.meta({ title: 'List', ui: { widget: 'template', placeholder: '{{ hook.body.names }}' } }),
    by: z
      .string()
      .max(1_000)
      .default(', ')
      .meta({ title: 'Between them', ui: { widget: 'template', placeholder: ', ' } }),
    last: z
      .string()
      .max(1_000)
      .optional()
      .meta({
        title: 'Before the last',
        description: 'In place of what stands between the others, such as “ and ”.',
        ui: { widget: 'template', placeholder: ' and ', advanced: true },
      }),
  }),
  output: z.object({ text: textOutput }),
  sample: { text: 'Ada, Bob and Cyd' },
  *compute({ items, by, last = by }) {
    const texts: string[] = []
    for (const item of itemsOf(items)) {
      yield
      texts.push(textOf(item))
    }
    const [end = ''] = texts.splice(-1)
    return { text: texts.length === 0 ? end : `${texts.join(by)}${last}${end}` }
  },
})
