import { z } from 'zod'
import { defineAction } from '../define.ts'
import { isBlank } from '../kit/unfinished.ts'
import { keyField, tableField, tableTouches } from './fields.ts'
import { changedOutput, changedResult, ifMissingField, rowsFields, unfinishedRows, writtenRows } from './written.ts'

/** Adds rows to a table, or puts them over those that are there. */
export const tableUpsert = defineAction({
  id: 'table.upsert',
  title: 'Add or update rows',
  description: 'Updates the row with the same key, or adds it where there is none.',
  keywords: [
    'table',
    'upsert',
    'merge',
    'sync',
    'insert or update',
    'find or create',
    'replace row',
    'keep up to date',
    'deduplicate',
    'database',
    'data table',
  ],
  icon: 'grid-2x2-check',
  category: 'data',
  summary: '{table} by {key}',
  // A repeat finds the rows that it has written.
  effect: 'idempotent',
  takesLarge: true,
  timeoutMs: 600_000,
  touches: ({ table }) => tableTouches(table, 'writes'),
  unfinished: (input) => [
    ...unfinishedRows(input),
    ...(isBlank(input.key) ? [{ path: ['key'], message: 'needs at least one column' }] : []),
  ],
  input: z.strictObject({
    table: tableField,
    key: keyField.pipe(z.array(z.string()).min(1, { error: 'needs at least one column' })).meta({
      title: 'Same row by',
      description: 'Columns that tell rows apart, one a line: two rows never have the same values in all of them.',
      ui: { widget: 'text-list', placeholder: 'order' },
    }),
    ...rowsFields,
    ifMissing: ifMissingField,
  }),
  output: changedOutput.extend({
    /** Whether the row is new; of a list, whether any of them is. */
    created: z.boolean(),
    /** How many of them are new. */
    added: z.int(),
    madeTable: z.boolean(),
  }),
  sample: {
    rows: [{ order: 'A-1017', status: 'Paid', amount: 75 }],
    count: 1,
    row: { order: 'A-1017', status: 'Paid', amount: 75 },
    ids: [12],
    created: false,
    added: 0,
    madeTable: false,
  },
  async run(ctx) {
    const { table, key, ifMissing } = ctx.input
    const makes = ifMissing === 'create'
    const written = await ctx.tables.write(table, writtenRows(ctx.input, ctx), {
      key,
      makesTable: makes,
      makesColumns: makes,
    })
    const { created, madeTable } = written
    return { output: { ...changedResult(written), created: created > 0, added: created, madeTable } }
  },
})
