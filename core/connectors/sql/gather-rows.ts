import { StepError } from '../../domain/runs/step-error.ts'
import { columnNames } from '../kit/table.ts'
import type { RowTaker, SqlValue } from './database.ts'

/** Characters of JSON that rows may come to. They are in memory until the statement is over. */
const MOST_CHARS = 134_217_728
/** Characters of a piece. */
const PIECE = 131_072

/** Rows as they come, kept as pieces of the JSON of a list of objects. */
export type GatheredRows = RowTaker & {
  readonly names: () => readonly string[]
  readonly count: () => number
  /** Whether there were more rows than are kept. */
  readonly more: () => boolean
  /** The JSON of the list, in pieces; what was returned is forgotten. */
  pieces(): string[]
}

/** Gathers up to `limit` rows. A second column of a name is `name_2`; bytes become text in Base64. */
export function gatherRows(limit: number): GatheredRows {
  let names: readonly string[] = []
  let keys: readonly string[] = []
  let count = 0
  let more = false
  let chars = 0
  const pieces: string[] = []
  let open = '['
  return {
    names: () => names,
    count: () => count,
    more: () => more,
    columns(given) {
      names = columnNames(given)
      keys = names.map((name, at) => `${at === 0 ? '' : ','}${JSON.stringify(name)}:`)
    },
    row(values) {
      if (count === limit) {
        more = true
        return false
      }
      if (count > 0) open += ','
      const row = keys.map((key, at) => key + textOf(values[at] ?? null)).join('')
      open += `{${row}}`
      count += 1
      if (open.length > PIECE) {
        chars += open.length
        pieces.push(open)
        open = ''
        if (chars > MOST_CHARS) throw tooLarge(count)
      }
      return true
    },
    pieces() {
      const whole = [...pieces, `${open}]`]
      pieces.length = 0
      return whole
    },
  }
}

function textOf(value: SqlValue): string {
  if (!(value instanceof Uint8Array)) return JSON.stringify(value)
  return `"${Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64')}"`
}

function tooLarge(rows: number): StepError {
  const message = `The first ${rows.toLocaleString('en-US')} rows have more than ${MOST_CHARS / 1_048_576} MB: ask for fewer rows, or leave out large columns.`
  return new StepError({ code: 'too-large', message, retryable: false })
}
