import { z } from 'zod'
import {
  keptValueSchema,
  MOST_EDITS,
  MOST_TABLE_ROWS,
  tableColumnsSchema,
  tableEditSchema,
  tableImportSchema,
  tablePageSchema,
  tableSummarySchema,
  tableViewSchema,
} from '../table-values.ts'
import { done, procedure } from './procedure.ts'

const byTable = z.object({ id: z.int() })

/** Characters of base64 that a piece of a file has at most. */
const MOST_PIECE = 2_000_000

/** Tables that zaps and people share, and the values that zaps keep. */
export const tablesContract = {
  tables: {
    list: procedure.output(z.array(tableSummarySchema)),
    create: procedure
      .input(z.object({ name: z.string(), columns: tableColumnsSchema.default([]) }))
      .output(tableSummarySchema),
    rename: procedure.input(byTable.extend({ name: z.string() })).output(tableSummarySchema),
    /** Sets what columns the table has. */
    setColumns: procedure.input(byTable.extend({ columns: tableColumnsSchema })).output(tableSummarySchema),
    /** Takes the table away; for 30 days `restore` brings it back. */
    remove: procedure.input(byTable).output(done),
    restore: procedure.input(byTable).output(tableSummarySchema),
    rows: procedure
      .input(
        byTable.extend({
          view: tableViewSchema.default({ filters: [], sort: [], search: '' }),
          offset: z.int().min(0).default(0),
          limit: z.int().min(0).max(MOST_TABLE_ROWS).default(100),
          /** The column whose numbers are summed up. */
          sum: z.int().nullable().default(null),
        }),
      )
      .output(tablePageSchema),
    /** Changes rows, all or none, and returns what undoes it. Zaps that watch the table start. */
    edit: procedure
      .input(byTable.extend({ edits: z.array(tableEditSchema).max(MOST_EDITS) }))
      .output(z.object({ undo: z.array(tableEditSchema), rows: z.array(z.int()) })),
    /** Takes a piece of a CSV file in, in base64. Pieces are put together by the name that the caller chose for the upload. */
    importPiece: procedure
      .input(z.object({ upload: z.string().min(1).max(100), at: z.int().min(0), piece: z.base64().max(MOST_PIECE) }))
      .output(done),
    /** Adds the rows of an upload to the table of a name, which is made when there is none. */
    importCsv: procedure
      .input(z.object({ upload: z.string().min(1).max(100), name: z.string() }))
      .output(tableImportSchema),
    /** A part of a table as CSV: `next` is where the next part begins, null when this was the last. */
    exportCsv: procedure
      .input(byTable.extend({ after: z.int().min(0).default(0) }))
      .output(z.object({ text: z.string(), next: z.int().nullable() })),
  },
  memory: {
    /** What steps keep by name: those of a zap, or with null those that all zaps share. */
    list: procedure
      .input(z.object({ zapId: z.string().nullable() }))
      .output(z.object({ values: z.array(keptValueSchema), more: z.boolean() })),
    /** Forgets values by their names; all of them where none is named. Returns how many. */
    forget: procedure
      .input(z.object({ zapId: z.string().nullable(), keys: z.array(z.string()).max(10_000).nullable() }))
      .output(z.object({ forgotten: z.int() })),
  },
}
