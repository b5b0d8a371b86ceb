import { z } from 'zod'
import { jsonSchema } from '../../domain/json.ts'
import { defineAction } from '../define.ts'

/** Gives names to values that later steps use. */
export const dataSet = defineAction({
  id: 'data.set',
  title: 'Set data',
  description: 'Names values, so that later steps can use them.',
  icon: 'braces',
  category: 'data',
  summary: '{fields}',
  effect: 'none',
  takesLarge: true,
  input: z.strictObject({
    fields: z
      .record(z.string().min(1), jsonSchema)
      .default({})
      .meta({
        title: 'Values',
        description: 'A value that is one {{ … }} keeps its type; anything else is text.',
        ui: { widget: 'key-value' },
      }),
  }),
  output: z.record(z.string(), jsonSchema),
  sample: { name: 'value' },
  async run({ input }) {
    return { output: input.fields }
  },
})
