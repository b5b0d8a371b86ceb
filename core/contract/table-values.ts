import { z } from 'zod'
import { COLUMN_TYPES, TABLE_LIMITS } from '../domain/tables/table.ts'
import { conditionOps } from '../domain/templates/condition.ts'
import { type Json, jsonSchema } from '../domain/values/json.ts'

/** A column of a table. */
export const tableColumnSchema = z.object({
  /** Its place among all columns that the table ever had: the same for ever. */
  id: z.int(),
  name: z.string(),
  type: z.enum(COLUMN_TYPES),
  /** Of a choice. */
  choices: z.array(z.string()),
  /** Pixels that it is wide; null for what fits it. */
  width: z.number().nullable(),
  /** Whether zaps look rows up by it. */
  isKey: z.boolean(),
})

/** What a zap does with a table. */
export const tableUseSchema = z.object({
  zapId: z.string(),
  name: z.string(),
  enabled: z.boolean(),
  reads: z.boolean(),
  writes: z.boolean(),
  /** Whether changes of the table start it. */
  starts: z.boolean(),
})
export type TableUse = z.infer<typeof tableUseSchema>

export const tableSummarySchema = z.object({
  id: z.int(),
  name: z.string(),
  rows: z.int(),
  columns: z.array(tableColumnSchema),
  /** Zaps whose draft or live version names it. */
  uses: z.array(tableUseSchema),
  createdAt: z.string(),
  changedAt: z.string(),
})
export type TableSummary = z.infer<typeof tableSummarySchema>

/** Who wrote a row last: a zap, in a run that may be gone by now, or a person. */
export const rowWriterSchema = z.object({ zapId: z.string(), runId: z.string() }).nullable()

export const tableRowSchema = z.object({
  id: z.int(),
  /** A value for each column, by its id; an empty cell is absent or null. */
  cells: z.record(z.string(), jsonSchema),
  createdAt: z.string(),
  changedAt: z.string(),
  by: rowWriterSchema,
})
export type TableRow = z.infer<typeof tableRowSchema>

/** Conditions over columns, which are named by their ids, so that renaming one changes nothing. */
export const tableFilterSchema = z.object({
  column: z.int(),
  op: z.enum(conditionOps.map(({ op }) => op)),
  right: jsonSchema.optional(),
})

/** Which rows of a table are looked at. */
export const tableViewSchema = z.object({
  filters: z.array(tableFilterSchema).max(50).default([]),
  sort: z
    .array(z.object({ column: z.int(), order: z.enum(['asc', 'desc']) }))
    .max(10)
    .default([]),
  /** A part of any cell, in upper or lower case. */
  search: z.string().max(500).default(''),
})

export type TableView = z.infer<typeof tableViewSchema>

/** Rows that are asked for at once. */
export const MOST_TABLE_ROWS = 500

export const tablePageSchema = z.object({
  /** Rows that fit the view. */
  total: z.int(),
  offset: z.int(),
  rows: z.array(tableRowSchema),
  /** Of the numbers in a column that fit, where one was asked for: as text where it has more digits than a number. */
  sum: z.union([z.number(), z.string()]).nullable(),
  /** Why the view cannot be made; then there are no rows. */
  problem: z.string().nullable(),
})
export type TablePage = z.infer<typeof tablePageSchema>

const cellsSchema = z.record(z.string().regex(/^\d{1,6}$/), jsonSchema)

/** A row's number: those of other tables lie beyond. */
const rowNumber = z.int().min(1).max(4_294_967_295)

/** A change of one row. A `set` leaves other cells as they are; an `insert` with an id brings back the row that had it. */
export const tableEditSchema = z.discriminatedUnion('do', [
  z.object({ do: z.literal('set'), row: rowNumber, cells: cellsSchema }),
  z.object({ do: z.literal('insert'), row: rowNumber.optional(), cells: cellsSchema }),
  z.object({ do: z.literal('remove'), row: rowNumber }),
])
export type TableEdit = z.infer<typeof tableEditSchema>

/** Changes that are made at once, all of them or none. */
export const MOST_EDITS = 20_000

/** Columns as they are to be, in their order: one without an id is new, and one that is missing is deleted, with its cells kept for its return. */
export const tableColumnsSchema = z
  .array(
    z.object({
      id: z.int().optional(),
      name: z.string().max(TABLE_LIMITS.columnChars),
      type: z.enum(COLUMN_TYPES).default('text'),
      choices: z.array(z.string().max(1_000)).max(1_000).default([]),
      width: z.number().min(40).max(2_000).nullable().default(null),
    }),
  )
  .max(TABLE_LIMITS.columns)

export type TableColumns = z.input<typeof tableColumnsSchema>

/** How far an import is, or what came of it. */
export const tableImportSchema = z.object({ id: z.int(), name: z.string(), rows: z.int(), madeTable: z.boolean() })

/** What a person keeps by name, for a zap or for all. */
export const keptValueSchema = z.object({
  key: z.string(),
  value: jsonSchema as z.ZodType<Json>,
  changedAt: z.string(),
  /** When it is forgotten; null for never. */
  expiresAt: z.string().nullable(),
})
