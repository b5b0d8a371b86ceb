import type { TableSummary } from '../../core/contract/values.ts'
import { readDate } from '../../core/domain/time/read-date.ts'
import { numericOf, writtenNumber } from '../../core/domain/values/decimal.ts'
import type { Json } from '../../core/domain/values/json.ts'

export type Column = TableSummary['columns'][number]

/** A text as a column takes it, or why it does not. */
export type CellText = { readonly ok: true; readonly value: Json } | { readonly ok: false; readonly problem: string }

const YES = new Set(['true', 'yes', 'x', '1', 'on', '✓'])
const NO = new Set(['false', 'no', '0', 'off'])
const ISO = /^\d{4}-\d{2}-\d{2}(?:[T ][0-9:.]{4,20}(?:Z|[+-]\d{2}:?\d{2})?)?$/

/** Reads what a person typed or pasted into a cell. An empty text empties it. */
export function valueOfText({ type, choices }: Pick<Column, 'type' | 'choices'>, text: string): CellText {
  const trimmed = text.trim()
  if (trimmed === '') return done(type === 'text' && text !== '' ? text : null)
  switch (type) {
    case 'number': {
      const number = numericOf(trimmed) ?? writtenNumber(trimmed, '.')
      return number === undefined ? wrong(`“${short(trimmed)}” is not a number, such as 1500.5.`) : done(number)
    }
    case 'boolean': {
      const word = trimmed.toLowerCase()
      if (YES.has(word)) return done(true)
      return NO.has(word) ? done(false) : wrong(`“${short(trimmed)}” is neither yes nor no.`)
    }
    case 'date': {
      if (trimmed.length <= 40 && ISO.test(trimmed)) return done(trimmed)
      const at = readDate(trimmed, zone())
      if (at === undefined) return wrong(`“${short(trimmed)}” is not a date, such as 2026-11-26 or 26 Nov 2026.`)
      return done(/:/.test(trimmed) ? new Date(at).toISOString() : localDay(at))
    }
    case 'choice':
      return done(choices.find((choice) => choice.toLowerCase() === trimmed.toLowerCase()) ?? trimmed)
    case 'json':
      try {
        const value: Json = JSON.parse(trimmed)
        return done(value)
      } catch {
        return done(text)
      }
    default:
      return done(text)
  }
}

/** The text that a cell is edited as, and copied as. */
export function textOfCell(value: Json | undefined): string {
  if (value === undefined || value === null) return ''
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

/** How a cell is shown. `isWrong`: it holds something else than its column is meant for. */
export function shownCell(column: Pick<Column, 'type'>, value: Json | undefined): { text: string; isWrong: boolean } {
  if (value === undefined || value === null || value === '') return { text: '', isWrong: false }
  const text = textOfCell(value)
  switch (column.type) {
    case 'number':
      return { text, isWrong: numericOf(value) === undefined }
    case 'boolean':
      return { text: value === true ? 'Yes' : value === false ? '' : text, isWrong: typeof value !== 'boolean' }
    case 'date': {
      const at = typeof value === 'string' && value.length <= 40 ? readDate(value, zone()) : undefined
      return at === undefined ? { text, isWrong: true } : { text: dateText(at, /[T :]/.test(text)), isWrong: false }
    }
    default:
      // What is longer is cut where it is drawn.
      return { text: text.length > 300 ? `${text.slice(0, 300)}…` : text, isWrong: false }
  }
}

const DAY = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', year: 'numeric' })
const TIME = new Intl.DateTimeFormat(undefined, {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
})
const dateText = (at: number, hasTime: boolean): string => (hasTime ? TIME : DAY).format(at)

function localDay(at: number): string {
  const date = new Date(at)
  const two = (n: number): string => String(n).padStart(2, '0')
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
}

const zone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone
const done = (value: Json): CellText => ({ ok: true, value })
const wrong = (problem: string): CellText => ({ ok: false, problem })
const short = (text: string): string => (text.length > 40 ? `${text.slice(0, 40)}…` : text)
