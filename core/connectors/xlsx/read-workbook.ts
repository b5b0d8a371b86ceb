import readWorkbookFile from 'read-excel-file/node'
import { z } from 'zod'
import { StepError } from '../../domain/runs/step-error.ts'
import type { HeavyTask } from '../heavy-work.ts'
import { gather } from '../kit/heavy-pieces.ts'
import { columnNames } from '../kit/table.ts'

const optionsSchema = z.object({ sheet: z.union([z.string(), z.int()]).optional(), header: z.boolean() })

/** Rows that are handed over at once. */
const ROWS_AT_ONCE = 1_000

/** Reads a sheet of an Office Open XML workbook. The texts are the JSON of the rows; the bytes after them that of `{ columns, sheets }`. */
export const readWorkbook: HeavyTask = async function* (content, given) {
  const { sheet, header } = optionsSchema.parse(given)
  const bytes = Buffer.from(await gather(content))
  if (bytes[0] !== 0x50 || bytes[1] !== 0x4b) throw noWorkbook(bytes)
  const sheets = await readWorkbookFile(bytes, { trim: false }).catch((error: unknown) => {
    const why = error instanceof Error ? error.message : String(error)
    throw new StepError(
      { code: 'bad-input', message: `The workbook cannot be read: ${why}`, retryable: false },
      { cause: error },
    )
  })
  const names = sheets.map((one) => one.sheet)
  const wanted = typeof sheet === 'number' ? names[sheet - 1] : (sheet ?? names[0])
  const found = sheets.find((one) => one.sheet === wanted)
  if (found === undefined) {
    const message = `The workbook has no sheet ${JSON.stringify(sheet ?? 1)}: it has ${names.map((name) => `"${name}"`).join(', ') || 'none'}.`
    throw new StepError({ code: 'bad-input', message, retryable: false })
  }
  const [first = [], ...rest] = found.data
  const width = found.data.reduce((most, row) => Math.max(most, row.length), 0)
  const cells = Array.from({ length: width }, (_, at) => first[at] ?? '')
  const columns = header
    ? columnNames(cells.map((cell) => String(shown(cell) ?? '')))
    : cells.map((_, at) => `column_${at + 1}`)
  const rows = header ? rest : found.data
  yield '['
  for (let at = 0; at < rows.length; at += ROWS_AT_ONCE) {
    const part = rows.slice(at, at + ROWS_AT_ONCE).map((row) => {
      const members = columns.map((name, column) => `${JSON.stringify(name)}:${JSON.stringify(shown(row[column]))}`)
      return `{${members.join(',')}}`
    })
    yield (at === 0 ? '' : ',') + part.join(',')
  }
  yield ']'
  yield Buffer.from(JSON.stringify({ columns, sheets: names, count: rows.length }))
}

/** What a cell holds. Dates of a workbook have no zone: they are what their cell shows. */
function shown(cell: unknown): string | number | boolean | null {
  // A moment is a fraction of a day there, which may be a thousandth of a second beside it.
  if (cell instanceof Date)
    return new Date(Math.round(cell.getTime() / 10) * 10).toISOString().replace(/T00:00:00\.000Z$|\.000Z$|Z$/, '')
  return cell === null || cell === undefined || typeof cell === 'number' || typeof cell === 'boolean'
    ? (cell ?? null)
    : String(cell)
}

function noWorkbook(bytes: Uint8Array): StepError {
  // The beginning of a compound file, which workbooks were until Excel 2007.
  const isOld = bytes[0] === 0xd0 && bytes[1] === 0xcf
  const message = isOld
    ? 'This is a workbook of an old Excel (.xls), or one with a password: save it as .xlsx without a password.'
    : 'This is no workbook (.xlsx): choose another file.'
  return new StepError({ code: 'bad-input', message, retryable: false })
}
