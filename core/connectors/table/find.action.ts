import { z } from 'zod'
import { StepError } from '../../domain/runs/step-error.ts'
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
    ifMissing: z
      .enum(['fail', 'empty'])
      .default('fail')
      .meta({
        title: 'If there is no such table',
        ui: { advanced: true, labels: { fail: 'The step fails', empty: 'Nothing is found' } },
      }),
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
    const found = tables.find(input.table, queryOf(input, { render }))
    const { rows, ids, more } = await (input.ifMissing === 'empty' ? found.catch(nothing) : found)
    return { output: { rows: [...rows], count: rows.length, row: rows[0] ?? null, ids: [...ids], more } }
  },
})

/** What is found in a table that is not there yet. */
function nothing(error: unknown) {
  if (error instanceof StepError && error.details.code === 'no-table') return { rows: [], ids: [], more: false }
  throw error
}
