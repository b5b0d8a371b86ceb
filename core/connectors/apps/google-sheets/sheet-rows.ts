import { z } from 'zod'
import { StepError } from '../../../domain/runs/step-error.ts'
import { type Json, jsonSchema, textOf } from '../../../domain/values/json.ts'
import type { AppClient } from '../../app-request.ts'
import { pathPart } from '../../service/request.ts'

/** A cell as it is sent: null leaves one as it is, "" empties it. */
type Cell = string | number | boolean | null

/** The rows of a sheet as Google returns them: empty cells and rows at the end are missing. */
const valuesSchema = z.object({ values: z.array(z.array(jsonSchema)).default([]) })

export type SheetRow = {
  /** As in the sheet: the first row is 1. */
  readonly number: number
  readonly cells: readonly Json[]
}

/** What a step works on. */
export type SheetPlace = { readonly http: AppClient; readonly spreadsheet: string; readonly sheet: string }

/** A part of a sheet in A1 notation; a quote in its name is doubled. */
export function rangeOf(sheet: string, part = ''): string {
  const name = `'${sheet.replaceAll("'", "''")}'`
  return part === '' ? name : `${name}!${part}`
}

/** The letters of a column, by its place from 0: 26 is `AA`. */
export function columnLetters(at: number): string {
  const rest = Math.floor(at / 26)
  const last = String.fromCharCode(65 + (at % 26))
  return rest === 0 ? last : `${columnLetters(rest - 1)}${last}`
}

const pathTo = (spreadsheet: string, range: string): string =>
  `v4/spreadsheets/${pathPart('spreadsheet', spreadsheet)}/values/${pathPart('range', range)}`

export async function readValues(
  { http, spreadsheet, sheet }: SheetPlace,
  part: string,
  asShown: boolean,
): Promise<Json[][]> {
  const query = asShown ? {} : { valueRenderOption: 'UNFORMATTED_VALUE', dateTimeRenderOption: 'FORMATTED_STRING' }
  const answer = await http({ path: pathTo(spreadsheet, rangeOf(sheet, part)), query, maxBytes: 67_108_864 })
  return answer.as(valuesSchema).values
}

/** The names of the columns, from the row that has them. */
export async function readHeader(place: SheetPlace, row: number): Promise<string[]> {
  const [header = []] = await readValues(place, `${row}:${row}`, true)
  const names = header.map((cell) => textOf(cell).trim())
  if (names.every((name) => name === '')) {
    const message = `The sheet "${place.sheet}" has no names of columns in row ${row}: write them there first, or choose another row under "Names are in row".`
    throw new StepError({ code: 'no-header', message, retryable: false })
  }
  return names
}

/** A row as an object by the names of its columns. Columns without a name have their letters. */
export function rowObject(header: readonly string[], { number, cells }: SheetRow): { [name: string]: Json } {
  const width = Math.max(header.length, cells.length)
  const fields = Array.from({ length: width }, (_, at): [string, Json] => [
    header[at] || columnLetters(at),
    cells[at] ?? '',
  ])
  return { row: number, ...Object.fromEntries(fields) }
}

/**
 * The cells of a row from values by column. Columns that are not named stay as they are.
 *
 * @throws StepError `no-column` for a name that the sheet does not have.
 */
export function cellsOf(
  header: readonly string[],
  values: Readonly<Record<string, Json | undefined>>,
  sheet: string,
): Cell[] {
  const cells: Cell[] = header.map(() => null)
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined) continue
    const at = header.indexOf(name.trim())
    if (at < 0) {
      const known = header
        .filter((one) => one !== '')
        .slice(0, 20)
        .join(', ')
      const message = `The sheet "${sheet}" has no column "${name}": it has ${known}.`
      throw new StepError({ code: 'no-column', message, retryable: false })
    }
    cells[at] = typeof value === 'object' && value !== null ? JSON.stringify(value) : value
  }
  return cells
}

const appendedSchema = z.object({ updates: z.object({ updatedRange: z.string(), updatedRows: z.int().default(0) }) })

/** Appends rows behind the last one. Every repeat appends them again. */
export async function appendRows(place: SheetPlace, rows: readonly (readonly Cell[])[], asEntered: boolean) {
  const answer = await place.http({
    method: 'POST',
    path: `${pathTo(place.spreadsheet, rangeOf(place.sheet))}:append`,
    query: { valueInputOption: asEntered ? 'USER_ENTERED' : 'RAW', insertDataOption: 'INSERT_ROWS' },
    body: { values: rows.map((row) => [...row]) },
  })
  const { updates } = answer.as(appendedSchema)
  return {
    range: updates.updatedRange,
    row: Number(/!\$?[A-Z]{1,3}\$?(\d{1,9})/.exec(updates.updatedRange)?.[1] ?? 0),
    count: updates.updatedRows,
  }
}

/** Writes one row, by its number. */
export async function writeRow(
  place: SheetPlace,
  number: number,
  cells: readonly Cell[],
  asEntered: boolean,
): Promise<void> {
  const part = `A${number}:${columnLetters(Math.max(cells.length - 1, 0))}${number}`
  await place.http({
    method: 'PUT',
    path: pathTo(place.spreadsheet, rangeOf(place.sheet, part)),
    query: { valueInputOption: asEntered ? 'USER_ENTERED' : 'RAW' },
    body: { values: [[...cells]] },
  })
}

/** Rows below the names, each with its number. Rows without any cell are left out. */
export function rowsBelow(values: readonly (readonly Json[])[], headerRow: number): SheetRow[] {
  return values.flatMap((cells, at) =>
    cells.some((cell) => cell !== '' && cell !== null) ? [{ number: headerRow + 1 + at, cells }] : [],
  )
}
