import { StepError } from '../../domain/runs/step-error.ts'
import { isJsonList, isJsonObject, type Json, type JsonObject } from '../../domain/values/json.ts'

/** The columns of a table whose rows are objects, in the order in which they first come. */
export function columnsOf(rows: Iterable<JsonObject>): string[] {
  const columns = new Set<string>()
  for (const row of rows) for (const name of Object.keys(row)) columns.add(name)
  return [...columns]
}

/**
 * Rows that a field was given: a list of objects; lists in it are rows without names.
 *
 * @throws StepError `bad-input` that says what came, and in which row.
 */
export function rowsOf(value: Json, field: string): (JsonObject | readonly Json[])[] {
  return isJsonList(value) ? value.map((row, at) => tableRow(row, at, field)) : noRows(value, field)
}

/** A row of {@link rowsOf}; `at` is its place from 0. */
export function tableRow(row: Json, at: number, field: string): JsonObject | readonly Json[] {
  if (isJsonList(row) || isJsonObject(row)) return row
  const message = `"${field}" takes a list of rows, but row ${at + 1} is ${row === null ? 'nothing' : `a ${typeof row}`}: each row is an object with a field for each column.`
  throw new StepError({ code: 'bad-input', message, retryable: false })
}

/** Refuses what is no list of rows. */
export function noRows(value: Json, field: string): never {
  const came = value === null ? 'nothing' : typeof value === 'object' ? 'an object' : `a ${typeof value}`
  throw new StepError({
    code: 'bad-input',
    message: `"${field}" takes a list of rows, but ${came} came.`,
    retryable: false,
  })
}

/** Names for the cells of a first row: without one it is `column_3`, and a second `name` is `name_2`. */
export function columnNames(cells: readonly string[]): string[] {
  const used = new Set<string>()
  return cells.map((cell, at) => {
    const base = cell.trim() === '' ? `column_${at + 1}` : cell.trim()
    let name = base
    for (let number = 2; used.has(name); number++) name = `${base}_${number}`
    used.add(name)
    return name
  })
}

/** What a cell's text stands for when it is no text, as JSON writes it: a number, true or false. */
export function typedIn(cell: string): string | undefined {
  // Most cells are words and dates: a look at where they begin and end spares them the rest.
  if (cell.length > 16 || cell === '') return undefined
  const first = cell.charCodeAt(0)
  const isDigit = first >= 0x30 && first <= 0x39
  if (!isDigit && first !== 0x2d && !'tTfF'.includes(cell.charAt(0))) return undefined
  if (isDigit && cell.length <= 15 && /^[1-9][0-9]*$/.test(cell)) return cell
  return /^(?:true|false)$/i.test(cell) ? cell.toLowerCase() : numberIn(cell)
}

/** A number that a cell's text stands for, as JSON writes it; undefined where that would lose something, as of `007` or twenty digits. */
function numberIn(cell: string): string | undefined {
  if (cell.length > 16 || /^-[0.]*$/.test(cell) || !/^-?(?:0|[1-9]\d*)(?:\.\d+)?$/.test(cell)) return undefined
  return cell.replace(/\D/g, '').length <= 15 ? cell : undefined
}
