import { z } from 'zod'
import { jsonSchema, textOf } from '../../domain/values/json.ts'
import { defineAction } from '../define.ts'

/** Puts a text into the clipboard of this computer. */
export const clipboardSet = defineAction({
  id: 'clipboard.set',
  title: 'Copy to clipboard',
  description: 'Puts a text into the clipboard, to be pasted anywhere.',
  keywords: ['clipboard', 'copy', 'paste', 'set clipboard', 'pasteboard'],
  icon: 'clipboard-copy',
  category: 'notify',
  summary: '{text}',
  desktop: 'clipboard',
  // A second time the same text is there.
  effect: 'idempotent',
  input: z.strictObject({
    // One template may have a value of any type.
    text: jsonSchema.meta({
      title: 'Text',
      description: 'Lists and objects are written as JSON.',
      ui: { widget: 'template-long' },
    }),
  }),
  output: z.object({ text: z.string() }),
  sample: { text: '42.50' },
  async run({ input, desktop }) {
    const text = textOf(input.text)
    await desktop.copy(text)
    return { output: { text } }
  },
})
