import { z } from 'zod'
import { jsonSchema } from '../../domain/values/json.ts'
import { defineAction } from '../define.ts'
import { fileValueSchema, keepFile, sampleFile } from '../kit/file-value.ts'
import { switchField } from '../kit/from-text.ts'
import { jsonPieces, keepText } from '../kit/heavy-pieces.ts'

/** Writes rows as CSV (RFC 4180). */
export const csvBuild = defineAction({
  id: 'csv.build',
  title: 'Make CSV',
  description: 'Writes rows as a table in CSV, as text and as a file.',
  keywords: ['csv', 'export', 'spreadsheet', 'table', 'convert to file', 'create csv', 'download', 'tsv'],
  icon: 'table',
  category: 'data',
  summary: '{filename}',
  effect: 'none',
  takesLarge: true,
  timeoutMs: 600_000,
  input: z.strictObject({
    rows: jsonSchema.meta({
      title: 'Rows',
      description: 'A list of objects.',
      ui: { widget: 'template', placeholder: '{{ find.rows }}' },
    }),
    columns: z
      .array(z.string().max(1_000))
      .max(10_000)
      .optional()
      .meta({
        title: 'Columns',
        description: 'In this order. Without any, all that the rows have.',
        ui: { widget: 'text-list' },
      }),
    filename: z
      .string()
      .min(1)
      .max(255)
      .default('table.csv')
      .meta({ title: 'Name of the file', ui: { widget: 'template' } }),
    delimiter: z
      .string()
      .min(1)
      .max(8)
      .default(',')
      .meta({ title: 'Between cells', ui: { advanced: true } }),
    header: switchField()
      .prefault(true)
      .meta({ title: 'The names of the columns in the first row', ui: { advanced: true } }),
    bom: switchField()
      .prefault(false)
      .meta({
        title: 'Begin with a byte order mark',
        description: 'Excel takes the file for UTF-8 only with one.',
        ui: { advanced: true },
      }),
  }),
  output: z.object({ text: jsonSchema, file: fileValueSchema }),
  sample: { text: 'name,amount\r\nAda,75\r\n', file: sampleFile('table.csv', 22) },
  async run({ input, large, heavy }) {
    const { rows, filename, columns, ...options } = input
    const names =
      columns ?? namesSchema.parse(JSON.parse(await joined(heavy('csv.columns', jsonPieces(rows, large), {}))))
    const pieces = heavy('csv.build', jsonPieces(rows, large), { ...options, columns: names })
    const { text } = await keepText(pieces, 'text', large)
    const content = typeof text === 'string' ? text : large.stream(text)
    return { output: { text, file: await keepFile(large, filename, content, 'text/csv') } }
  },
})

const namesSchema = z.array(z.string())

async function joined(pieces: AsyncIterable<string | Uint8Array>): Promise<string> {
  let text = ''
  for await (const piece of pieces) text += String(piece)
  return text
}
