import { z } from 'zod'
import { jsonSchema, textOf } from '../../domain/values/json.ts'
import { defineComputation } from '../define-computation.ts'
import { listOutput } from '../kit/rows.ts'

/** Cuts a text into parts. */
export const textSplit = defineComputation({
  id: 'text.split',
  title: 'Split text',
  description: 'Cuts a text into a list of parts.',
  keywords: ['split', 'cut', 'lines', 'text parser', 'separate', 'split text', 'explode', 'tokenise'],
  icon: 'split',
  category: 'data',
  summary: '{text}',
  input: z.strictObject({
    text: jsonSchema.meta({ title: 'Text', ui: { widget: 'template-long' } }),
    by: z
      .string()
      .min(1, { error: 'needs at least one character' })
      .max(1_000)
      .default('\n')
      .meta({ title: 'Cut at', description: 'A text, such as a comma. Without one, each line is a part.' }),
  }),
  output: z.object({ parts: listOutput }),
  sample: { parts: ['first', 'second'] },
  // biome-ignore lint/correctness/useYield: a long text is cut by the thread, a short one at once
  *compute({ text: given, by }) {
    const text = textOf(given)
    // Lines end as the computer that wrote them ends lines.
    return { parts: by === '\n' ? text.split(/\r\n|\n|\r/) : text.split(by) }
  },
})
