import { z } from 'zod'
import { type Json, type JsonObject, jsonSchema } from '../../domain/values/json.ts'
import type { ActionContext } from '../action-context.ts'
import { switchField } from '../kit/from-text.ts'
import { NAMED_VALUES, namedOutput } from '../kit/named-values.ts'
import { unfinishedFields } from '../kit/unfinished.ts'
import type { ChangedRows } from '../table-access.ts'
import { batchesOf, refusal } from './fields.ts'

/** What is written: one row by its columns, or a list of rows. */
export const rowsFields = {
  values: jsonSchema.optional().meta({
    ...NAMED_VALUES,
    title: 'Values',
    description: 'A value for each column. One that is a single {{ … }} keeps its type.',
    ui: { widget: 'key-value', choice: { title: 'What is written', label: 'One row' } },
  }),
  rows: jsonSchema.optional().meta({
    title: 'Rows',
    description: 'A list of objects: each becomes a row, with their fields as columns.',
    ui: {
      widget: 'template',
      placeholder: '{{ csv.rows }}',
      choice: { title: 'What is written', label: 'A list of rows' },
    },
  }),
} as const

export const ifMissingField = z
  .enum(['create', 'fail'])
  .default('create')
  .meta({
    title: 'What is not there yet',
    description: 'A table or a column that is named here and not there.',
    ui: { advanced: true, labels: { create: 'Is made', fail: 'Is an error' } },
  })

/** What keeps a draft from being published: neither a row nor rows. */
export function unfinishedRows(input: { readonly [name: string]: Json }) {
  if (input.rows !== undefined) return []
  return unfinishedFields(input.values).map(({ path, message }) => ({ path: ['values', ...path.slice(1)], message }))
}

type Written = { readonly values?: Json | undefined; readonly rows?: Json | undefined }

/** Whether one row is written, and not a list. */
export const isOne = ({ values, rows }: Written): boolean => rows === undefined && !Array.isArray(values)

/** What is written, in parts. Throws a StepError `bad-input` where nothing is said, or something that is no row. */
export function writtenRows({ values, rows }: Written, ctx: Pick<ActionContext<unknown>, 'heavy' | 'large'>) {
  if (values !== undefined && rows !== undefined)
    throw refusal('Either "values" or "rows" says what is written, not both.')
  if (rows !== undefined) return batchesOf(rows, 'rows', ctx)
  if (values === undefined) throw refusal('"values" says what is written: give at least one column a value.')
  return batchesOf(values, 'values', ctx)
}

/** What changes of rows come to. */
export const changedOutput = z.object({
  rows: z.array(namedOutput),
  count: z.int(),
  /** The first one; null when there is none. */
  row: namedOutput.nullable(),
  /** The numbers of the rows, in their order. */
  ids: z.array(z.int()),
  /** Zaps that this table starts and that were not started, as this change is their own. */
  notStarted: z.array(z.string()).optional(),
})

export function changedResult({ rows, ids, count, held }: ChangedRows) {
  const [row = null] = rows
  return { rows: rows as JsonObject[], count, row, ids: [...ids], ...(held.length > 0 && { notStarted: [...held] }) }
}

export const allRowsField = switchField()
  .prefault(false)
  .meta({
    title: 'Without conditions: every row',
    description: 'Else a step without conditions is refused.',
    ui: { advanced: true },
  })
