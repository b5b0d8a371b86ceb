import { z } from 'zod'
import { jsonSchema } from '../../domain/values/json.ts'
import { defineAction } from '../define.ts'
import { openSource, sourceTouch, withSource } from '../kit/file-value.ts'
import { keepJson } from '../kit/heavy-pieces.ts'

/** Reads the text of a PDF (ISO 32000). */
export const pdfText = defineAction({
  id: 'pdf.text',
  title: 'Read PDF',
  description: 'Reads the text of a PDF, page by page.',
  keywords: ['pdf', 'extract text', 'read pdf', 'extract from file', 'invoice', 'document', 'ocr'],
  icon: 'file-text',
  category: 'data',
  summary: '{from}',
  effect: 'none',
  takesLarge: true,
  timeoutMs: 300_000,
  touches: ({ from }) => sourceTouch(from),
  input: z.strictObject({
    from: jsonSchema.meta({
      title: 'PDF',
      description: 'A file from an earlier step, or the path of one.',
      ui: { widget: 'file-path', placeholder: 'invoice.pdf' },
    }),
    password: z
      .string()
      .max(1_000)
      .optional()
      .meta({ title: 'Password', ui: { widget: 'template', advanced: true } }),
  }),
  output: z.object({ text: jsonSchema, pages: jsonSchema, info: jsonSchema }),
  sample: { text: 'Invoice 42\nTotal 75 €', pages: ['Invoice 42\nTotal 75 €'], info: { Title: 'Invoice 42' } },
  run: ({ input, files, large, heavy }) =>
    withSource(openSource({ files, large }, input.from, 'from'), async (source) => {
      const options = input.password === undefined ? {} : { password: input.password }
      const { value } = await keepJson(heavy('pdf.text', source.stream(), options), large)
      return { output: z.object({ text: jsonSchema, pages: jsonSchema, info: jsonSchema }).parse(value) }
    }),
})
