import { z } from 'zod'
import { jsonSchema } from '../../domain/values/json.ts'
import { defineAction } from '../define.ts'
import { unfinishedFields } from '../kit/unfinished.ts'

/** Gives names to values that later steps use. */
export const dataSet = defineAction({
  id: 'data.set',
  title: 'Set data',
  description: 'Sets values that later steps can use by name.',
  keywords: [
    'set',
    'edit fields',
    'set variable',
    'variable',
    'dictionary',
    'change',
    'assign',
    'compose',
    'tools',
    'formatter',
  ],
  icon: 'braces',
  category: 'data',
  summary: '{fields}',
  effect: 'none',
  takesLarge: true,
  input: z.strictObject({
    fields: z
      .record(z.string().min(1, { error: 'has a row without a name; give it one, or remove it' }), jsonSchema)
      .default({})
      .meta({
        title: 'Values',
        description: 'A value that is one {{ … }} keeps its type; anything else is text.',
        ui: { widget: 'key-value' },
      }),
  }),
  unfinished: ({ fields }) => unfinishedFields(fields),
  output: z.record(z.string(), jsonSchema),
  sample: { name: 'value' },
  async run({ input }) {
    return { output: input.fields }
  },
})
