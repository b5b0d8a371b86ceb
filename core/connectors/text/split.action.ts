import { z } from 'zod'
import { jsonSchema, textOf } from '../../domain/values/json.ts'
import { defineAction } from '../define.ts'

/** Cuts a text into parts. */
export const textSplit = defineAction({
  id: 'text.split',
  title: 'Split text',
  description: 'Cuts a text into a list of parts.',
  keywords: ['split', 'cut', 'lines', 'text parser', 'separate', 'split text', 'explode', 'tokenise'],
  icon: 'split',
  category: 'data',
  summary: '{text}',
  effect: 'none',
  input: z.strictObject({
    text: jsonSchema.meta({ title: 'Text', ui: { widget: 'template-long' } }),
    by: z
      .string()
      .min(1, { error: 'needs at least one character' })
      .max(1_000)
      .default('\n')
      .meta({ title: 'Cut at', description: 'A text, such as a comma. Without one, each line is a part.' }),
  }),
  output: z.object({ parts: z.array(z.string()) }),
  sample: { parts: ['first', 'second'] },
  async run({ input }) {
    const text = textOf(input.text)
    // Lines end as the computer that wrote them ends lines.
    return { output: { parts: input.by === '\n' ? text.split(/\r\n|\n|\r/) : text.split(input.by) } }
  },
})
