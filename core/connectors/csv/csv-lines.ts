import { stringify } from 'csv-stringify/sync'
import type { Json } from '../../domain/values/json.ts'
import { typedIn } from '../kit/table.ts'

/**
 * What stands between quotes whatever the delimiter is: a line end of any kind, as readers take the first that they meet for that of the file,
 * and what is a delimiter elsewhere, as they find out which one is meant.
 */
const SEPARATES = /[\r\n,;\t|]/

type Options = Parameters<typeof stringify>[1]

/** Rows as lines of CSV by RFC 4180. Nothing is an empty cell; lists and objects are JSON. */
export function csvLines(rows: readonly (readonly Json[])[], delimiter: string): string {
  return lines(rows, { delimiter, quoted_match: SEPARATES })
}

/**
 * As {@link csvLines}, so that every cell comes back as it was where `quotes` count when it is read: a text that is empty, or that could be taken
 * for a number or for true or false, stands between quotes.
 */
export function exactCsvLines(rows: readonly (readonly Json[])[]): string {
  return lines(rows, { quoted_match: [SEPARATES, /^$/] }, (text) =>
    typedIn(text) === undefined ? text : { value: text, quoted: true },
  )
}

function lines(
  rows: readonly (readonly Json[])[],
  options: Options,
  string: (text: string) => string | { value: string; quoted: true } = (text) => text,
): string {
  const cells = rows.map((row) => (row.length === 1 && (row[0] === null || row[0] === '') ? [ALONE] : row))
  return stringify(cells, {
    record_delimiter: '\r\n',
    cast: {
      string,
      boolean: String,
      object: (value) => (value === ALONE ? { value: '', quoted_empty: true } : JSON.stringify(value)),
    },
    ...options,
  })
}

/** The only cell of a row that is empty: written with nothing at all, the row would be an empty line, which is left out. */
const ALONE = {}
