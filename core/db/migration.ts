/** One step from a schema version to the next. An older program's rows stay readable. */
export type Migration = {
  readonly version: number
  readonly name: string
  /** Done first, one after the other. */
  readonly rebuilds?: readonly Rebuild[]
  readonly statements: readonly string[]
}

/**
 * A table that is made anew, as SQLite changes a column, a CHECK or a key in no other way. Rows keep their order, indexes and triggers are
 * made again, and every foreign key is checked before the migration is committed.
 */
export type Rebuild = {
  readonly table: string
  /** The whole new table: `CREATE TABLE <table> (…)`. */
  readonly create: string
  /** What new columns are made of, as SQL over the old row. Columns that both tables have are copied. */
  readonly values?: Readonly<Record<string, string>>
  /** Columns of the old table that are meant to go. Any other that the new table lacks is an error. */
  readonly drops?: readonly string[]
  /** Indexes and triggers of the old table that are not made again. */
  readonly without?: readonly string[]
}
