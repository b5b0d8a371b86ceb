import { z } from 'zod'
import { jsonSchema } from '../../domain/values/json.ts'
import { defineAction } from '../define.ts'
import { openSource, withSource } from '../kit/file-value.ts'
import { keepJson } from '../kit/heavy-pieces.ts'

/** Reads XML (1.0) as JSON. */
export const xmlParse = defineAction({
  id: 'xml.parse',
  title: 'Read XML',
  description: 'Reads XML as fields and lists.',
  keywords: ['xml', 'xml to json', 'soap', 'parse xml', 'rss', 'feed', 'convert'],
  icon: 'code-xml',
  category: 'data',
  summary: '{text}',
  effect: 'none',
  takesLarge: true,
  input: z.strictObject({
    text: jsonSchema.meta({
      title: 'XML',
      description: 'The text, a file from an earlier step, or the path of a file.',
      ui: { widget: 'template-long' },
    }),
    lists: z
      .array(z.string().max(200))
      .max(1_000)
      .optional()
      .meta({
        title: 'Always lists',
        description: 'Names of elements that are a list even where there is only one, such as item.',
        ui: { widget: 'text-list', advanced: true },
      }),
  }),
  output: z.object({ value: jsonSchema }),
  sample: { value: { order: { '@id': '42', line: [{ sku: 'A1' }, { sku: 'B2' }] } } },
  run: ({ input, files, large, heavy }) =>
    withSource(
      openSource({ files, large }, input.text, 'text', { called: 'the XML itself', extensions: ['xml'] }),
      async (source) => {
        const options = { lists: input.lists ?? [], isText: source.isText }
        return { output: { value: (await keepJson(heavy('xml.parse', source.stream(), options), large)).value } }
      },
    ),
})
