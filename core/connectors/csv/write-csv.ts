import { z } from 'zod'
import { isJsonList, isJsonObject } from '../../domain/values/json.ts'
import type { HeavyTask } from '../heavy-work.ts'
import { decodeWhole } from '../kit/decode-pieces.ts'
import { columnsOf, rowsOf } from '../kit/table.ts'
import { csvLines } from './csv-lines.ts'

const optionsSchema = z.object({
  columns: z.array(z.string()).optional(),
  delimiter: z.string(),
  header: z.boolean(),
  bom: z.boolean(),
})

/** Rows that are written at once. */
const ROWS_AT_ONCE = 2_000

/** Writes rows, which come as JSON, as CSV by RFC 4180, with line ends of CR LF. */
export const writeCsv: HeavyTask = async function* (content, given) {
  const { delimiter, header, bom, ...options } = optionsSchema.parse(given)
  const rows = rowsOf(JSON.parse(await decodeWhole(content)), 'rows')
  const objects = rows.filter((row) => isJsonObject(row))
  const columns = options.columns ?? (objects.length === 0 ? [] : columnsOf(objects))
  if (bom) yield '\ufeff'
  if (header && columns.length > 0) yield csvLines([columns], delimiter)
  for (let at = 0; at < rows.length; at += ROWS_AT_ONCE) {
    yield csvLines(
      rows
        .slice(at, at + ROWS_AT_ONCE)
        .map((row) =>
          isJsonList(row) ? row : columns.map((name) => (Object.hasOwn(row, name) ? (row[name] ?? null) : null)),
        ),
      delimiter,
    )
  }
}
