import { z } from 'zod'
import { fileTouch } from '../../domain/trust/touches.ts'
import { jsonSchema } from '../../domain/values/json.ts'
import { defineAction } from '../define.ts'
import { openSource } from '../kit/file-value.ts'
import { switchField } from '../kit/from-text.ts'
import { keepJson } from '../kit/heavy-pieces.ts'

const factsSchema = z.object({ columns: z.array(z.string()), count: z.int() })

/** Reads CSV (RFC 4180, and what programs make of it) as rows. */
export const csvParse = defineAction({
  id: 'csv.parse',
  title: 'Read CSV',
  description: 'Reads a table in CSV: a file, or its text.',
  keywords: [
    'csv',
    'spreadsheet',
    'table',
    'tsv',
    'extract from file',
    'convert csv',
    'parse csv',
    'import csv',
    'rows',
    'excel',
  ],
  icon: 'table',
  category: 'data',
  summary: '{from}',
  effect: 'none',
  takesLarge: true,
  timeoutMs: 600_000,
  touches: ({ from }) =>
    typeof from === 'string' && /\.(?:csv|tsv|txt)\s*$/i.test(from) ? fileTouch(from, 'reads') : [],
  input: z.strictObject({
    from: jsonSchema.meta({
      title: 'CSV',
      description: 'A file from an earlier step, the path of a file, or the text itself.',
      ui: { widget: 'template-long', placeholder: '{{ read.file }}' },
    }),
    delimiter: z
      .string()
      .min(1, { error: 'needs a character, or "auto"' })
      .max(8)
      .default('auto')
      .meta({
        title: 'Between cells',
        description: '"auto" finds out whether it is a comma, a semicolon, a tab or a bar.',
        ui: { advanced: true },
      }),
    header: switchField().prefault(true).meta({ title: 'The first row has the names of the columns' }),
    types: switchField().prefault(true).meta({
      title: 'Numbers, true and false as what they are',
      description: 'What would lose something, such as 007 or a long number, stays text.',
    }),
  }),
  output: z.object({
    /** A list of objects. A table of several megabytes is kept as a file, of which templates read what they need. */
    rows: jsonSchema,
    columns: z.array(z.string()),
    count: z.int(),
  }),
  sample: {
    rows: [
      { name: 'Ada', amount: 75 },
      { name: 'Grace', amount: 12.5 },
    ],
    columns: ['name', 'amount'],
    count: 2,
  },
  async run({ input, files, large, heavy }) {
    const { from, ...options } = input
    const text = { called: 'the text of a table', extensions: ['csv', 'tsv', 'txt'] }
    const source = await openSource({ files, large }, from, 'from', text)
    try {
      const { value, rest } = await keepJson(heavy('csv.parse', source.stream(), options), large)
      const facts = factsSchema.parse(JSON.parse(Buffer.concat(rest).toString('utf8')))
      return { output: { rows: value, ...facts } }
    } finally {
      await source.close()
    }
  },
})
