import { z } from 'zod'
import { jsonSchema } from '../../domain/values/json.ts'
import { defineAction } from '../define.ts'
import { jsonPieces, keepText } from '../kit/heavy-pieces.ts'

/** Writes JSON as XML (1.0). */
export const xmlBuild = defineAction({
  id: 'xml.build',
  title: 'Make XML',
  description: 'Writes fields and lists as XML.',
  keywords: ['xml', 'json to xml', 'soap', 'create xml', 'convert', 'export'],
  icon: 'code-xml',
  category: 'data',
  summary: '{root}',
  effect: 'none',
  takesLarge: true,
  timeoutMs: 600_000,
  input: z.strictObject({
    value: jsonSchema.meta({
      title: 'Value',
      description: 'An object. Fields that begin with @ become attributes, and #text the text beside them.',
      ui: { widget: 'json' },
    }),
    root: z
      .string()
      .min(1, { error: 'needs a name' })
      .max(200)
      .optional()
      .meta({
        title: 'Element around all',
        description: 'Not needed where the value has one field.',
        ui: { placeholder: 'orders' },
      }),
  }),
  output: z.object({ text: jsonSchema }),
  sample: { text: '<?xml version="1.0" encoding="UTF-8"?>\n<order id="42">\n  <sku>A1</sku>\n</order>\n' },
  async run({ input: { value, root }, large, heavy }) {
    const options = root === undefined ? {} : { root }
    return {
      output: { text: (await keepText(heavy('xml.build', jsonPieces(value, large), options), 'text', large)).text },
    }
  },
})
