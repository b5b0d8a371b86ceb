import { z } from 'zod'
import { StepError } from '../runs/step-error.ts'
import type { Json, JsonObject } from '../values/json.ts'

/** What the cells of a column are meant to be. A zap may put any value into any column; the screens read and write by it. */
export const COLUMN_TYPES = ['text', 'number', 'date', 'boolean', 'choice', 'json'] as const
export type ColumnType = (typeof COLUMN_TYPES)[number]

/** A column as it is stored. Its place in the list is that of its cell in a row, for ever: one that was deleted leaves its place empty. */
export const columnSchema = z.object({
  name: z.string(),
  type: z.enum(COLUMN_TYPES),
  /** Of a choice. */
  choices: z.array(z.string()).optional(),
  /** Names that it had before, under which zaps still find it. */
  former: z.array(z.string()).optional(),
  deleted: z.literal(true).optional(),
  /** Where it stands among the others; places in the list are used where it is absent. */
  order: z.number().optional(),
  /** Pixels that it is wide on the screens. */
  width: z.number().optional(),
})
export type Column = z.infer<typeof columnSchema>

/** What a table may hold. */
export const TABLE_LIMITS = {
  tables: 1_000,
  columns: 500,
  nameChars: 200,
  columnChars: 1_000,
  /** Rows of one table. */
  rows: 5_000_000,
  /** Characters of JSON of one row. */
  rowChars: 262_144,
} as const

/** How a table's name is compared: case, blanks around it and forms of the same letters say nothing. */
export function tableKey(name: string): string {
  return name.trim().normalize('NFC').toLowerCase()
}

/** A name as a table may have it. Throws a {@link StepError} `bad-input` for another. */
export function checkTableName(name: string): string {
  const trimmed = name.trim().normalize('NFC')
  if (trimmed === '') throw refusal('A table needs a name.')
  if (trimmed.length > TABLE_LIMITS.nameChars)
    throw refusal(
      `The name of a table has at most ${TABLE_LIMITS.nameChars} characters, and “${excerpt(trimmed)}” has ${trimmed.length}.`,
    )
  return trimmed
}

/** A name as a column may have it. Throws a {@link StepError} `bad-input` for another. */
export function checkColumnName(name: string): string {
  if (name.trim() === '') throw refusal('A column needs a name.')
  if (name.length > TABLE_LIMITS.columnChars)
    throw refusal(
      `The name of a column has at most ${TABLE_LIMITS.columnChars.toLocaleString('en-US')} characters, and “${excerpt(name)}” has ${name.length.toLocaleString('en-US')}.`,
    )
  return name
}

/** The columns that are there, with their places, in the order in which they stand. */
export function shownColumns(columns: readonly Column[]): { readonly column: Column; readonly place: number }[] {
  return columns
    .map((column, place) => ({ column, place }))
    .filter(({ column }) => column.deleted !== true)
    .sort((a, b) => (a.column.order ?? a.place) - (b.column.order ?? b.place) || a.place - b.place)
}

/** The place of a column by its name, or by one that it had before; -1 when there is none. */
export function placeOf(columns: readonly Column[], name: string): number {
  const now = columns.findIndex((column) => column.deleted !== true && column.name === name)
  if (now >= 0) return now
  return columns.findIndex((column) => column.deleted !== true && column.former?.includes(name) === true)
}

/** A row as steps see it: every column, in order; an empty cell is null. */
export function rowObject(columns: readonly Column[], cells: readonly Json[]): JsonObject {
  return Object.fromEntries(shownColumns(columns).map(({ column, place }) => [column.name, cells[place] ?? null]))
}

/** Up to `count` names that come nearest to one that there is not. */
export function nearestNames(wanted: string, names: readonly string[], count = 3): string[] {
  const key = tableKey(wanted).slice(0, TABLE_LIMITS.nameChars)
  return names
    .map((name) => ({ name, distance: distanceOf(key, tableKey(name).slice(0, TABLE_LIMITS.nameChars)) }))
    .filter(({ name, distance }) => distance <= Math.max(2, Math.ceil(Math.max(key.length, name.length) / 3)))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, count)
    .map(({ name }) => name)
}

/** Letters that must be changed, put in or taken out to make one text of another; one that is part of the other is near. */
function distanceOf(a: string, b: string): number {
  if (a !== '' && b !== '' && (a.includes(b) || b.includes(a))) return 1
  let before = Array.from({ length: b.length + 1 }, (_, at) => at)
  for (let row = 1; row <= a.length; row++) {
    const now = [row]
    for (let at = 1; at <= b.length; at++) {
      const same = a[row - 1] === b[at - 1] ? 0 : 1
      now.push(Math.min((before[at] ?? 0) + 1, (now[at - 1] ?? 0) + 1, (before[at - 1] ?? 0) + same))
    }
    before = now
  }
  return before[b.length] ?? 0
}

/** What is said where something that was named is not there: its name, and the nearest ones. */
export function notThere(kind: 'table' | 'column', wanted: string, place: string, names: readonly string[]): StepError {
  const near = nearestNames(wanted, names)
  const rest = names.length === 0 ? ` There is no ${kind} yet.` : ''
  const hint = near.length === 0 ? rest : ` Did you mean ${near.map((name) => `“${excerpt(name)}”`).join(' or ')}?`
  const message = `There is no ${kind} “${excerpt(wanted)}”${place}.${hint}`
  return new StepError({ code: kind === 'table' ? 'no-table' : 'no-column', message, retryable: false })
}

export function refusal(message: string, code = 'bad-input'): StepError {
  return new StepError({ code, message, retryable: false })
}

export const excerpt = (text: string): string => (text.length > 60 ? `${text.slice(0, 60)}…` : text)
