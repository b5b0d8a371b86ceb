import { z } from 'zod'
import { defineAction } from '../define.ts'
import { NAMED_VALUES, namedValues } from '../kit/named-values.ts'
import { unfinishedFields } from '../kit/unfinished.ts'
import type { RowQuery } from '../table-access.ts'
import {
  keyField,
  limitField,
  matchField,
  queryOf,
  refusal,
  sortField,
  tableField,
  tableTouches,
  whereField,
} from './fields.ts'
import { allRowsField, changedOutput, changedResult } from './written.ts'

/** Changes rows of a table. */
export const tableUpdate = defineAction({
  id: 'table.update',
  title: 'Update rows',
  description: 'Sets values in the rows of a table that fit. Columns that are not named stay as they are.',
  keywords: [
    'table',
    'change rows',
    'edit row',
    'set status',
    'modify record',
    'update record',
    'database',
    'data table',
  ],
  icon: 'pencil',
  category: 'data',
  summary: '{table}',
  // A repeat finds the changes that it has made.
  effect: 'idempotent',
  takesLarge: true,
  timeoutMs: 600_000,
  touches: ({ table }) => tableTouches(table, 'writes'),
  unfinished: ({ values }) =>
    unfinishedFields(values).map(({ path, message }) => ({ path: ['values', ...path.slice(1)], message })),
  input: z.strictObject({
    table: tableField,
    where: whereField,
    match: matchField,
    key: keyField.optional().meta({
      title: 'Or: the rows with the same',
      description: 'Columns, one a line, whose values stand in the new values.',
      ui: { widget: 'text-list', advanced: true },
    }),
    values: namedValues.meta({
      ...NAMED_VALUES,
      title: 'New values',
      description: 'A value that is a single {{ … }} keeps its type.',
      ui: { widget: 'key-value' },
    }),
    sort: sortField,
    limit: limitField,
    every: allRowsField,
  }),
  output: changedOutput,
  sample: {
    rows: [{ order: 'A-1017', status: 'Shipped', amount: 75 }],
    count: 1,
    row: { order: 'A-1017', status: 'Shipped', amount: 75 },
    ids: [12],
  },
  async run({ input, tables, render }) {
    const { values, key = [], where = [], every } = input
    if (Object.keys(values).length === 0)
      throw refusal('"values" says what is changed: give at least one column a value.')
    const query = queryOf(input, { render })
    const wanted: RowQuery =
      key.length === 0 ? query : { ...query, filter: { all: [query.filter, ...sameAs(key, values)] } }
    if (key.length === 0 && where.length === 0 && !every) throw everyRow('changed')
    return { output: changedResult(await tables.update(input.table, wanted, values)) }
  },
})

function sameAs(key: readonly string[], values: z.output<typeof namedValues>) {
  return key.map((column) => {
    const right = Object.hasOwn(values, column) ? values[column] : undefined
    if (right === undefined || right === null || right === '')
      throw refusal(`"key" names the column "${column}", which has no value in "values".`)
    return { column, op: 'eq' as const, right }
  })
}

/** What is said where no conditions were given. */
export function everyRow(what: 'changed' | 'deleted') {
  return refusal(
    `"where" says which rows are ${what}: without any condition it would be every row, which has to be said with "every".`,
  )
}
