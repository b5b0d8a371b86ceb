import writeWorkbookFile from 'write-excel-file/node'
import { z } from 'zod'
import { StepError } from '../../domain/runs/step-error.ts'
import { isJsonList, isJsonObject, type Json, jsonSchema } from '../../domain/values/json.ts'
import type { HeavyTask } from '../heavy-work.ts'
import { decodeWhole } from '../kit/decode-pieces.ts'
import { columnsOf, rowsOf } from '../kit/table.ts'

const contentSchema = z.array(z.object({ name: z.string(), rows: jsonSchema }))

/** What Excel takes, by its own specification: https://support.microsoft.com/office/1672b34d-7043-467e-8e27-269d656771c3 */
const MOST = { rows: 1_048_576, columns: 16_384, characters: 32_767, sheetName: 31 } as const

type Cell = {
  readonly value: string | number | boolean | Date
  readonly type: unknown
  readonly format?: string
} | null

/** Writes a workbook. The content is the JSON of its sheets, `[{ name, rows }]`. */
export const writeWorkbook: HeavyTask = async function* (content) {
  const sheets = contentSchema.parse(JSON.parse(await decodeWhole(content)))
  const used = new Set<string>()
  const written = sheets.map(({ name, rows }) => {
    checkName(name, used)
    return { sheet: name, data: linesOf(rowsOf(rows, sheets.length === 1 ? 'rows' : `sheets.${name}`), name) }
  })
  // The types of the library are narrower than what it takes.
  yield await writeWorkbookFile(written as Parameters<typeof writeWorkbookFile>[0]).toBuffer()
}

function linesOf(rows: ReturnType<typeof rowsOf>, sheet: string): Cell[][] {
  const columns = columnsOf(rows.filter((row) => isJsonObject(row)))
  const lines = rows.map((row) =>
    isJsonList(row)
      ? row.map(cellOf)
      : columns.map((name) => cellOf(Object.hasOwn(row, name) ? (row[name] ?? null) : null)),
  )
  if (columns.length > 0)
    lines.unshift(columns.map((name) => ({ value: escaped(name), type: String, fontWeight: 'bold' })))
  const width = lines.reduce((most, line) => Math.max(most, line.length), 0)
  if (lines.length <= MOST.rows && width <= MOST.columns) return lines
  const message = `The sheet "${sheet}" would have ${lines.length} rows and ${width} columns, and a workbook takes ${MOST.rows} and ${MOST.columns}: write CSV, or several sheets.`
  throw new StepError({ code: 'too-large', message, retryable: false })
}

/** A cell that Excel shows as what it is. A number that it would change stays text. */
function cellOf(value: Json): Cell {
  if (value === null || value === '') return null
  if (typeof value === 'number') return { value, type: Number }
  if (typeof value === 'boolean') return { value, type: Boolean }
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  const date = dateIn(text)
  if (date !== undefined) return date
  if (text.length > MOST.characters) throw tooLong(text)
  // A surrogate that stands alone is in no XML, nor are most control characters.
  return {
    value: escaped(text),
    type: String,
  }
}

/**
 * A text as a workbook holds it: ECMA-376, part 1, §22.9.2.19 has `_x0041_` for a character by its number, so what only looks like that is written
 * with the number of its underscore. The library looks texts up in an object that has members of its own, such as `constructor`: of these the first
 * character is written by its number.
 */
function escaped(text: string): string {
  const plain = text
    .toWellFormed()
    .replace(/[\p{Cc}\ufffe\uffff]/gu, (char) => (/[\t\n\r]/.test(char) ? char : ' '))
    .replace(/_(?=x[0-9A-Fa-f]{4}_)/g, '_x005F_')
  return plain in {} ? `_x${plain.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}_${plain.slice(1)}` : plain
}

function tooLong(text: string): StepError {
  const message = `A cell would have ${text.length} characters ("${text.slice(0, 40)}…"), and a workbook takes ${MOST.characters}: shorten it, or write CSV.`
  return new StepError({ code: 'too-large', message, retryable: false })
}

/** A day, or a day and time without a zone, is one in the workbook too; a time with a zone would lose it. */
function dateIn(text: string): Cell | undefined {
  const isDay = /^\d{4}-\d\d-\d\d$/.test(text)
  if (!isDay && !/^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d)?$/.test(text)) return undefined
  const date = new Date(isDay ? `${text}T00:00:00Z` : `${text}Z`)
  // Before 1900-03-01 a workbook's days are not those of the calendar.
  if (Number.isNaN(date.getTime()) || date.getTime() < Date.UTC(1900, 2, 1) || !date.toISOString().startsWith(text))
    return undefined
  return { value: date, type: Date, format: isDay ? 'yyyy-mm-dd' : 'yyyy-mm-dd hh:mm:ss' }
}

function checkName(name: string, used: Set<string>): void {
  const why =
    name.trim() === ''
      ? 'is empty'
      : name.length > MOST.sheetName
        ? `has more than ${MOST.sheetName} characters`
        : /[[\]:*?/\\]/.test(name)
          ? 'has one of the characters [ ] : * ? / \\ in it'
          : /^'|'$/.test(name)
            ? 'begins or ends with an apostrophe'
            : used.has(name.toLowerCase())
              ? 'is there twice'
              : null
  used.add(name.toLowerCase())
  if (why === null) return
  throw new StepError({
    code: 'bad-input',
    message: `The name of the sheet "${name.slice(0, 80)}" ${why}: choose another one.`,
    retryable: false,
  })
}
