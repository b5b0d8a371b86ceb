import { z } from 'zod'
import { defineAction } from '../define.ts'
import { limitField, matchField, queryOf, sortField, tableField, tableTouches, whereField } from './fields.ts'
import { everyRow } from './update.action.ts'
import { allRowsField, changedOutput, changedResult } from './written.ts'

/** Deletes rows of a table. */
export const tableDelete = defineAction({
  id: 'table.delete',
  title: 'Delete rows',
  description: 'Deletes the rows of a table that fit, and returns them.',
  keywords: ['table', 'remove rows', 'delete record', 'clear table', 'purge', 'clean up', 'database', 'data table'],
  icon: 'grid-2x2-x',
  category: 'data',
  summary: '{table}',
  // A repeat finds the rows that it has deleted.
  effect: 'idempotent',
  timeoutMs: 600_000,
  touches: ({ table }) => tableTouches(table, 'writes'),
  input: z.strictObject({
    table: tableField,
    where: whereField,
    match: matchField,
    sort: sortField,
    limit: limitField,
    every: allRowsField,
  }),
  output: changedOutput,
  sample: {
    rows: [{ order: 'A-0979', status: 'Returned', amount: 310 }],
    count: 1,
    row: { order: 'A-0979', status: 'Returned', amount: 310 },
    ids: [3],
  },
  async run({ input, tables, render }) {
    if ((input.where ?? []).length === 0 && !input.every) throw everyRow('deleted')
    return { output: changedResult(await tables.remove(input.table, queryOf(input, { render }))) }
  },
})
