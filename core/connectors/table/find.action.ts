import { z } from 'zod'
import { defineAction } from '../define.ts'
import { namedOutput } from '../kit/named-values.ts'
import { limitField, matchField, queryOf, sortField, tableField, tableTouches, whereField } from './fields.ts'

/** Finds rows of a table. */
export const tableFind = defineAction({
  id: 'table.find',
  title: 'Find rows',
  description: 'Finds the rows of a table that fit, in the order that is wanted.',
  keywords: [
    'table',
    'lookup',
    'search rows',
    'get rows',
    'select',
    'query',
    'read table',
    'database',
    'find records',
    'data table',
    'airtable',
    'sheet lookup',
  ],
  icon: 'table-2',
  category: 'data',
  summary: '{table}',
  effect: 'none',
  touches: ({ table }) => tableTouches(table, 'reads'),
  input: z.strictObject({
    table: tableField,
    where: whereField,
    match: matchField,
    sort: sortField,
    limit: limitField,
  }),
  output: z.object({
    rows: z.array(namedOutput),
    count: z.int(),
    /** The first one; null when there is none. */
    row: namedOutput.nullable(),
    /** The numbers of the rows, in their order. */
    ids: z.array(z.int()),
    /** Whether there are others beyond the limit. */
    more: z.boolean(),
  }),
  sample: {
    rows: [{ order: 'A-1017', status: 'Paid', amount: 75 }],
    count: 1,
    row: { order: 'A-1017', status: 'Paid', amount: 75 },
    ids: [12],
    more: false,
  },
  async run({ input, tables, render }) {
    const { rows, ids, more } = await tables.find(input.table, queryOf(input, { render }))
    return { output: { rows: [...rows], count: rows.length, row: rows[0] ?? null, ids: [...ids], more } }
  },
})
