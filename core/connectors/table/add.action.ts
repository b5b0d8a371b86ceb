import { z } from 'zod'
import { defineAction } from '../define.ts'
import { tableField, tableTouches } from './fields.ts'
import {
  changedOutput,
  changedResult,
  ifMissingField,
  isOne,
  rowsFields,
  unfinishedRows,
  writtenRows,
} from './written.ts'

/** Adds rows to a table. */
export const tableAdd = defineAction({
  id: 'table.add',
  title: 'Add rows',
  description: 'Adds a row to a table, or all rows of a list.',
  keywords: [
    'table',
    'insert',
    'append row',
    'create row',
    'new record',
    'create record',
    'add row',
    'spreadsheet',
    'save to table',
    'database',
    'data table',
  ],
  icon: 'grid-2x2-plus',
  category: 'data',
  summary: '{table}',
  // A repeat finds the rows that it has added.
  effect: 'idempotent',
  takesLarge: true,
  timeoutMs: 600_000,
  touches: ({ table }) => tableTouches(table, 'writes'),
  unfinished: unfinishedRows,
  input: z.strictObject({ table: tableField, ...rowsFields, ifMissing: ifMissingField }),
  output: changedOutput.extend({ created: z.boolean(), madeTable: z.boolean() }),
  sample: {
    rows: [{ order: 'A-1017', status: 'Paid', amount: 75 }],
    count: 1,
    row: { order: 'A-1017', status: 'Paid', amount: 75 },
    ids: [12],
    created: true,
    madeTable: false,
  },
  async run(ctx) {
    const { table, ifMissing } = ctx.input
    const makes = ifMissing === 'create'
    const written = await ctx.tables.write(table, writtenRows(ctx.input, ctx), {
      key: null,
      makesTable: makes,
      makesColumns: makes,
    })
    const { madeTable } = written
    return { output: { ...changedResult(written), created: isOne(ctx.input) || written.created > 0, madeTable } }
  },
})
