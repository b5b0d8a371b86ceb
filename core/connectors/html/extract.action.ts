import { z } from 'zod'
import { jsonSchema } from '../../domain/values/json.ts'
import { defineAction } from '../define.ts'
import { openSource, withSource } from '../kit/file-value.ts'
import { keepJson } from '../kit/heavy-pieces.ts'
import { htmlFieldSchema } from './html-field.ts'

/** Takes fields out of HTML by CSS selectors (Selectors Level 4, as far as css-select goes). */
export const htmlExtract = defineAction({
  id: 'html.extract',
  title: 'Extract from HTML',
  description: 'Takes texts, links and attributes out of a web page or a mail.',
  keywords: ['html', 'scrape', 'web page', 'css selector', 'extract html content', 'cheerio', 'parse html', 'website'],
  icon: 'scan-text',
  category: 'data',
  summary: '{html}',
  effect: 'none',
  takesLarge: true,
  input: z.strictObject({
    html: jsonSchema.meta({
      title: 'HTML',
      description: 'The text, a file from an earlier step, or the path of a file.',
      ui: { widget: 'template-long', placeholder: '{{ page.body }}' },
    }),
    each: z
      .string()
      .min(1)
      .max(2_000)
      .optional()
      .meta({
        title: 'For each',
        description: 'A CSS selector: one item for each element that fits.',
        ui: { placeholder: '.product' },
      }),
    fields: z
      .record(z.string().min(1).max(200), htmlFieldSchema)
      .refine((fields) => Object.keys(fields).length > 0, { error: 'needs a field' })
      .meta({
        title: 'Fields',
        description: 'Each by its name in the output, with the selector of what it takes.',
        ui: { noun: 'field' },
      }),
  }),
  output: z.union([z.object({ items: jsonSchema, count: z.int() }), z.record(z.string(), jsonSchema)]),
  sample: { items: [{ title: 'A lamp', price: '75 €' }], count: 1 },
  run: ({ input, files, large, heavy }) => {
    const text = { called: 'the HTML itself', extensions: ['html', 'htm'] }
    return withSource(openSource({ files, large }, input.html, 'html', text), async (source) => {
      const options = { fields: input.fields, each: input.each }
      const { value } = await keepJson(heavy('html.extract', source.stream(), options), large)
      return { output: z.record(z.string(), jsonSchema).parse(value) }
    })
  },
})
