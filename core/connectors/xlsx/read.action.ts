import { z } from 'zod'
import { jsonSchema } from '../../domain/values/json.ts'
import { defineAction } from '../define.ts'
import { openSource, sourceTouch, withSource } from '../kit/file-value.ts'
import { switchField } from '../kit/from-text.ts'
import { keepJson } from '../kit/heavy-pieces.ts'

const factsSchema = z.object({ columns: z.array(z.string()), sheets: z.array(z.string()), count: z.int() })

/** Reads a sheet of an Excel workbook (Office Open XML, ECMA-376). */
export const xlsxRead = defineAction({
  id: 'xlsx.read',
  title: 'Read Excel workbook',
  description: 'Reads a sheet of a workbook (.xlsx) as rows.',
  keywords: [
    'excel',
    'xlsx',
    'spreadsheet',
    'workbook',
    'sheet',
    'extract from file',
    'table',
    'libreoffice',
    'numbers',
  ],
  icon: 'sheet',
  category: 'data',
  summary: '{from}',
  effect: 'none',
  takesLarge: true,
  timeoutMs: 600_000,
  touches: ({ from }) => sourceTouch(from),
  input: z.strictObject({
    from: jsonSchema.meta({
      title: 'Workbook',
      description: 'A file from an earlier step, or the path of one.',
      ui: { widget: 'file-path', placeholder: 'orders.xlsx' },
    }),
    sheet: z
      .union([z.string().max(100), z.int().min(1)])
      .optional()
      .meta({
        title: 'Sheet',
        description: 'Its name. Without one, the first sheet is read.',
        ui: { widget: 'template' },
      }),
    header: switchField().prefault(true).meta({ title: 'The first row has the names of the columns' }),
  }),
  output: z.object({ rows: jsonSchema, columns: z.array(z.string()), sheets: z.array(z.string()), count: z.int() }),
  sample: {
    rows: [{ name: 'Ada', amount: 75, paid: '2026-11-24' }],
    columns: ['name', 'amount', 'paid'],
    sheets: ['Orders'],
    count: 1,
  },
  run: ({ input, files, large, heavy }) =>
    withSource(openSource({ files, large }, input.from, 'from'), async (source) => {
      const options = { header: input.header, ...(input.sheet === undefined ? {} : { sheet: input.sheet }) }
      const { value, rest } = await keepJson(heavy('xlsx.read', source.stream(), options), large)
      return { output: { rows: value, ...factsSchema.parse(JSON.parse(Buffer.concat(rest).toString('utf8'))) } }
    }),
})
