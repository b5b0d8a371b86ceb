import { z } from 'zod'
import { StepError } from '../../domain/runs/step-error.ts'
import { isJsonObject, type Json, jsonSchema } from '../../domain/values/json.ts'
import { defineAction } from '../define.ts'
import { contentTypeOf } from '../kit/content-type.ts'
import { fileValueSchema, keepFile, sampleFile } from '../kit/file-value.ts'
import { bytesOnly, jsonPieces } from '../kit/heavy-pieces.ts'

/** Writes an Excel workbook (Office Open XML, ECMA-376). */
export const xlsxWrite = defineAction({
  id: 'xlsx.write',
  title: 'Make Excel workbook',
  description: 'Writes rows into a workbook (.xlsx), as a file.',
  keywords: ['excel', 'xlsx', 'spreadsheet', 'workbook', 'export', 'convert to file', 'table', 'report'],
  icon: 'sheet',
  category: 'data',
  summary: '{filename}',
  effect: 'none',
  takesLarge: true,
  timeoutMs: 600_000,
  input: z.strictObject({
    rows: jsonSchema.optional().meta({
      title: 'Rows',
      description: 'A list of objects.',
      ui: { widget: 'template', choice: { title: 'What is written', label: 'One sheet' } },
    }),
    sheets: jsonSchema.optional().meta({
      title: 'Sheets',
      description: 'The name of each sheet, and its rows.',
      ui: { widget: 'key-value', choice: { title: 'What is written', label: 'Several sheets' } },
    }),
    filename: z
      .string()
      .min(1)
      .max(255)
      .default('table.xlsx')
      .meta({ title: 'Name of the file', ui: { widget: 'template' } }),
  }),
  output: z.object({ file: fileValueSchema }),
  sample: { file: sampleFile('table.xlsx', 5_120) },
  unfinished: ({ rows, sheets }) =>
    rows === undefined && sheets === undefined ? [{ path: ['rows'], message: 'needs rows, or sheets with rows' }] : [],
  async run({ input: { rows, sheets, filename }, large, heavy }) {
    const content = bytesOnly(heavy('xlsx.write', jsonPieces(sheetsOf(rows, sheets), large), null))
    return { output: { file: await keepFile(large, filename, content, contentTypeOf('x.xlsx')) } }
  },
})

function sheetsOf(rows: Json | undefined, sheets: Json | undefined): Json {
  if (sheets === undefined) return [{ name: 'Sheet1', rows: rows ?? [] }]
  if (isJsonObject(sheets) && Object.keys(sheets).length > 0)
    return Object.entries(sheets).map(([name, of]) => ({ name, rows: of }))
  const message = '"sheets" takes an object with the rows of each sheet under its name, such as { "Orders": [ … ] }.'
  throw new StepError({ code: 'bad-input', message, retryable: false })
}
