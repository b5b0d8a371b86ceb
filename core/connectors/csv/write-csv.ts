import { z } from 'zod'
import { isJsonList, isJsonObject, type Json, type JsonObject } from '../../domain/values/json.ts'
import type { HeavyTask } from '../heavy-work.ts'
import { readItems } from '../kit/json-items.ts'
import { columnsOf, noRows, tableRow } from '../kit/table.ts'
import { csvLines } from './csv-lines.ts'

const optionsSchema = z.object({
  columns: z.array(z.string()),
  delimiter: z.string(),
  header: z.boolean(),
  bom: z.boolean(),
})

/** Writes rows, which come as JSON, as CSV by RFC 4180, with line ends of CR LF. */
export const writeCsv: HeavyTask = async function* (content, given) {
  const { columns, delimiter, header, bom } = optionsSchema.parse(given)
  if (bom) yield '\ufeff'
  if (header && columns.length > 0) yield csvLines([columns], delimiter)
  for await (const rows of rowsIn(content)) yield csvLines(rows.map(cellsOf), delimiter)

  function cellsOf(row: JsonObject | readonly Json[]): readonly Json[] {
    return isJsonList(row) ? row : columns.map((name) => (Object.hasOwn(row, name) ? (row[name] ?? null) : null))
  }
}

/** The names of the columns that rows have, which come as JSON: as JSON. All rows must have been read before the first can be written. */
export const csvColumns: HeavyTask = async function* (content) {
  const columns = new Set<string>()
  for await (const rows of rowsIn(content)) {
    for (const name of columnsOf(rows.filter((row) => isJsonObject(row)))) columns.add(name)
  }
  yield JSON.stringify([...columns])
}

async function* rowsIn(content: AsyncIterable<Uint8Array>): AsyncIterable<(JsonObject | readonly Json[])[]> {
  let before = 0
  for await (const items of readItems(content, (value) => noRows(value, 'rows'))) {
    yield items.map((item, at) => tableRow(item, before + at, 'rows'))
    before += items.length
  }
}
