import { CsvError, type Parser, parse } from 'csv-parse'
import { z } from 'zod'
import { StepError } from '../../domain/runs/step-error.ts'
import type { HeavyTask } from '../heavy-work.ts'
import { decodePieces } from '../kit/decode-pieces.ts'
import { columnNames, typedIn } from '../kit/table.ts'
import { createRecordSplitter, type RecordSplitter } from './split-records.ts'

const optionsSchema = z.object({
  delimiter: z.string(),
  header: z.boolean(),
  types: z.boolean(),
  /** Whether quotes count, as `exactCsvLines` writes them: what stands between them is a text, and an empty cell without them is nothing. */
  quotes: z.boolean().default(false),
})

const LINE_ENDS = ['\r\n', '\n', '\r']
/** Characters of JSON that are handed over at once. */
const PIECE = 131_072
/** Characters of one record: a quote that is never closed must not take all the memory. */
const MOST_RECORD = 16_777_216

/**
 * Reads CSV as RFC 4180 has it, and as programs write it: any usual delimiter, line ends of any kind, quotes inside of cells. The texts that it
 * yields are the JSON of the rows; the bytes after them are that of `{ columns, count }`.
 */
export const readCsv: HeavyTask = async function* (content, given) {
  const { delimiter, header, types, quotes } = optionsSchema.parse(given)
  let delimiterFound: string | undefined
  let splitter: RecordSplitter | undefined
  let parser: Parser | undefined
  /** How many lines the splitter took before the parser. */
  let linesSplit = 0
  let failure: Error | undefined
  let columns: string[] | undefined
  /** What stands before the cell of a column in the JSON of a row. */
  const heads: string[] = []
  let asJson: ReadCell = types ? typedCell : JSON.stringify
  let count = 0
  let json = '['
  /** The text since a record was last whole, and how many lines lie before it: where a quote was opened that is never closed. */
  const open: string[] = []
  let linesBefore = 0

  function takeRecord(given: string[]): void {
    let record = given
    if (columns === undefined) {
      if (quotes) {
        // Where even the names stand between quotes, a program writes them around everything, and they say nothing.
        asJson = record.every((cell) => cell.startsWith(QUOTED)) ? (cell) => typedCell(cell.slice(1)) : exactCell
        record = record.map((cell) => cell.slice(1))
      }
      columns = header ? columnNames(record) : record.map((_, at) => `column_${at + 1}`)
      if (header) return
    }
    json += `${count === 0 ? '' : ','}${rowJson(record, columns, heads, asJson)}`
    count += 1
  }

  /** Takes the records that the parser has by now. */
  function takeRecords(from: Parser): void {
    // Without `columns` or `raw` a record is a list of texts.
    for (let record: string[] | null = from.read(); record !== null; record = from.read()) takeRecord(record)
  }

  function startParser(between: string): Parser {
    const started = parse({
      delimiter: between,
      // Files that were put together of several have several: all of them end a line.
      record_delimiter: LINE_ENDS,
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: true,
      max_record_size: MOST_RECORD,
      ...(quotes && { cast: (cell, { quoting }) => (quoting ? QUOTED : ' ') + cell }),
    })
    started.on('error', (error) => {
      failure = error
    })
    return started
  }

  /** Hands what the splitter leaves to the parser, and all that follows. */
  function handOver(text: string): void {
    splitter = undefined
    linesSplit = linesBefore + linesIn(open.join('')) - linesIn(text)
    parser = startParser(delimiterFound ?? ',')
    parser.write(text)
    takeRecords(parser)
  }

  for await (let text of decodePieces(content)) {
    if (delimiterFound === undefined) {
      const named = /^sep=(.)\r?\n/i.exec(text)
      if (named !== null) text = text.slice(named[0].length)
      delimiterFound = named?.[1] ?? (delimiter === 'auto' ? findDelimiter(text) : delimiter)
      splitter = quotes ? undefined : createRecordSplitter(delimiterFound)
      if (splitter === undefined) parser = startParser(delimiterFound)
    }
    open.push(text)
    const before = count
    const left = splitter?.take(text, takeRecord)
    if (left !== undefined) handOver(left)
    else if (parser !== undefined) {
      parser.write(text)
      takeRecords(parser)
    }
    // What went wrong is said in the next turn.
    if (parser !== undefined) await Promise.resolve()
    if (failure !== undefined) throw asStepError(failure, openedAt(open, linesBefore), linesSplit)
    if (count > before && open.length > 1) {
      // The record under way may have begun in the newest piece, and not before it.
      for (const piece of open.splice(0, open.length - 1)) linesBefore += linesIn(piece)
    }
    if (json.length < PIECE) continue
    yield json
    json = ''
  }
  const left = splitter?.end(takeRecord)
  if (left !== undefined) handOver(left)
  if (parser !== undefined) {
    const ending: Parser = parser
    const ended = new Promise<void>((resolve, reject) => {
      ending.once('end', resolve)
      ending.once('error', (error) => reject(asStepError(error, openedAt(open, linesBefore), linesSplit)))
      ending.on('readable', () => takeRecords(ending))
    })
    ending.end()
    await ended
  }
  yield `${json}]`
  yield Buffer.from(JSON.stringify({ columns: columns ?? [], count }))
}

/** What stands between cells, of which there are as many in each row. */
const DELIMITERS = [',', ';', '\t', '|'] as const
const LOOKED_AT = { characters: 65_536, records: 20 } as const

/** Finds out which delimiter a table has: the one that most of its first records have equally often, outside of quotes. A comma where none does. */
export function findDelimiter(text: string): string {
  const begin = text.slice(0, LOOKED_AT.characters)
  const records: Map<string, number>[] = []
  let record = new Map<string, number>()
  let isQuoted = false
  for (const char of begin) {
    if (char === '"') isQuoted = !isQuoted
    else if (isQuoted) continue
    else if (char === '\n' || char === '\r') {
      if (record.size > 0) records.push(record)
      record = new Map()
      if (records.length === LOOKED_AT.records) break
    } else record.set(char, (record.get(char) ?? 0) + 1)
  }
  // A last line that was cut says nothing, unless it is the only one.
  if (record.size > 0 && (begin.length === text.length || records.length === 0)) records.push(record)
  let best: { readonly delimiter: string; readonly score: number } = { delimiter: ',', score: 0 }
  for (const delimiter of DELIMITERS) {
    const counts = records.map((one) => one.get(delimiter) ?? 0)
    const usual = counts.toSorted((one, other) => one - other)[counts.length >> 1] ?? 0
    const score = usual === 0 ? 0 : counts.filter((one) => one === usual).length + usual / 1_000
    if (score > best.score) best = { delimiter, score }
  }
  return best.delimiter
}

/** A row as JSON. Cells without a column get names of their own, which are columns from then on. */
function rowJson(record: readonly string[], columns: string[], heads: string[], asJson: ReadCell): string {
  let json = ''
  const width = Math.max(record.length, columns.length)
  for (let at = 0; at < width; at++) {
    let head = heads[at]
    if (head === undefined) {
      const name = columns[at] ?? columnNames([...columns, ''])[at] ?? ''
      if (at === columns.length) columns.push(name)
      head = `${at === 0 ? '{' : ','}${JSON.stringify(name)}:`
      heads.push(head)
    }
    json += head + asJson(record[at] ?? '')
  }
  return json === '' ? '{}' : `${json}}`
}

/** A cell as JSON. */
type ReadCell = (cell: string) => string

const typedCell: ReadCell = (cell) => typedIn(cell) ?? JSON.stringify(cell)

/** What a cell begins with that stood between quotes, where they count; any other has one more character, too. */
const QUOTED = '"'

const exactCell: ReadCell = (cell) => {
  if (cell.startsWith(QUOTED)) return JSON.stringify(cell.slice(1))
  return cell.length <= 1 ? 'null' : typedCell(cell.slice(1))
}

/** How many lines end in a text. */
function linesIn(text: string): number {
  let lines = 0
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines++
  return lines
}

/** The line in which the quote was opened that is open at the end of these pieces. */
function openedAt(pieces: readonly string[], linesBefore: number): number {
  const text = pieces.join('')
  // At its begin a quote may be open already; at its end one is, which tells.
  const quotes = text.split('"').length - 1
  let isOpen = quotes % 2 === 0
  let opened = 0
  for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', at + 1)) {
    // Two of them inside of quotes are one in the cell.
    if (isOpen && text[at + 1] === '"') {
      at++
      continue
    }
    isOpen = !isOpen
    if (isOpen) opened = at
  }
  return linesBefore + linesIn(text.slice(0, opened)) + 1
}

function asStepError(error: unknown, opened: number, linesSplit: number): unknown {
  if (!(error instanceof CsvError)) return error
  const isOpen = error.code === 'CSV_QUOTE_NOT_CLOSED' || error.code === 'CSV_MAX_RECORD_SIZE'
  const line = isOpen
    ? ` from line ${opened} on`
    : 'lines' in error
      ? ` in line ${Number(error.lines) + linesSplit}`
      : ''
  const why =
    error.code === 'CSV_QUOTE_NOT_CLOSED'
      ? 'a quote is opened and never closed'
      : error.code === 'CSV_MAX_RECORD_SIZE'
        ? `a record has more than ${MOST_RECORD / 1_048_576} MB, perhaps as a quote is never closed`
        : error.message
  const message = `The CSV cannot be read${line}: ${why}.`
  return new StepError({ code: 'bad-input', message, retryable: false }, { cause: error })
}
