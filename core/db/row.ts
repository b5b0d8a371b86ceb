/** What a column may hold. `what` says it in an error. */
export type Column<T> = { readonly what: string; holds(value: unknown): value is T }

/** Reads a row that SQLite gave. Throws an `Error` that names the column when it holds something else. */
export type Row<T> = (row: unknown) => T

/** What a {@link Row} reads. */
export type Read<R> = R extends Row<infer T> ? T : never

const column = <T>(what: string, holds: (value: unknown) => boolean): Column<T> => ({
  what,
  // The caller names the type that its test is for: these are the only places where one follows from the other.
  holds: holds as Column<T>['holds'],
})

export const text = column<string>('text', (value) => typeof value === 'string')
export const integer = column<number>('a number', (value) => typeof value === 'number')
export const bytes = column<Uint8Array>('bytes', (value) => value instanceof Uint8Array)
/** SQLite has no booleans. */
export const flag = column<0 | 1>('0 or 1', (value) => value === 0 || value === 1)

export function nullable<T>({ what, holds }: Column<T>): Column<T | null> {
  return column(`${what}, or nothing`, (value) => value === null || holds(value))
}

/** One of some words. Where the table has no CHECK for them, a row of a damaged database may hold another. */
export function oneOf<const Word extends string>(words: readonly Word[]): Column<Word> {
  const known: ReadonlySet<unknown> = new Set(words)
  return column(`one of ${words.join(', ')}`, (value) => known.has(value))
}

/**
 * Reads rows with these columns. They are looked at and handed on as they are: rows are read on the busiest path that there is, so nothing
 * is copied.
 */
export function rowOf<Columns extends Readonly<Record<string, Column<unknown>>>>(
  columns: Columns,
): Row<{ readonly [Name in keyof Columns]: Columns[Name] extends Column<infer T> ? T : never }> {
  type Read = { readonly [Name in keyof Columns]: Columns[Name] extends Column<infer T> ? T : never }
  const names = Object.keys(columns)
  const checks = Object.values(columns)
  return (row) => {
    if (typeof row !== 'object' || row === null) throw new Error('the database gave no row')
    // An object without a prototype of its own: SQLite's rows are plain.
    const cells = row as Readonly<Record<string, unknown>>
    for (let at = 0; at < names.length; at++) {
      const name = names[at] ?? ''
      const check = checks[at]
      if (check?.holds(cells[name]) !== true) {
        throw new Error(`the column ${name} holds ${shown(cells[name])}, which is not ${check?.what}`)
      }
    }
    return row as Read // every column was looked at
  }
}

function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 40 ? `${value.slice(0, 39)}…` : value)
  return value instanceof Uint8Array ? `${value.length} bytes` : String(value)
}
