import { setImmediate as turn } from 'node:timers/promises'
import { z } from 'zod'
import { StepError } from '../../domain/runs/step-error.ts'
import type { Json, JsonObject } from '../../domain/values/json.ts'
import { holdsLarge, LAZY_BYTES } from '../../domain/values/large-value.ts'
import type { LargeValues } from '../action-context.ts'
import { defineAction } from '../define.ts'
import { namedOutput } from '../kit/named-values.ts'
import { listOutput } from '../kit/rows.ts'
import { limitField, matchField, queryOf, sortField, tableField, tableTouches, whereField } from './fields.ts'

/** Numbers of rows that are told. */
const SHOWN_IDS = 1_000

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
    rows: listOutput,
    count: z.int(),
    /** The first one; null when there is none. */
    row: namedOutput.nullable(),
    /** The numbers of the first 1,000 rows, in their order. */
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
  async run({ input, tables, render, large }) {
    const found = tables.find(input.table, queryOf(input, { render }))
    const { rows, ids, more } = await (input.ifMissing === 'empty' ? found.catch(nothing) : found)
    return {
      output: {
        rows: await asOutput(rows, large),
        count: rows.length,
        row: rows[0] ?? null,
        ids: ids.slice(0, SHOWN_IDS),
        more,
      },
    }
  },
})

/** What is found in a table that is not there yet. */
function nothing(error: unknown) {
  if (error instanceof StepError && error.details.code === 'no-table') return { rows: [], ids: [], more: false }
  throw error
}

async function* listOf(pieces: readonly string[]): AsyncIterable<string> {
  yield '['
  yield* pieces
  yield ']'
}

/** Rows that are written as JSON between two turns of everything else. */
const TURN = 500

/** Rows as steps hand them on: what is too large for a run becomes a file. Rows with large values of their own are handed on as they are. */
async function asOutput(rows: readonly JsonObject[], large: Pick<LargeValues, 'keep'>): Promise<Json> {
  if (rows.length <= TURN) return rows
  const pieces: string[] = []
  let chars = 0
  for (let from = 0; from < rows.length; from += TURN) {
    const some = rows.slice(from, from + TURN)
    if (some.some(holdsLarge)) return rows
    const text = JSON.stringify(some).slice(1, -1)
    pieces.push(from === 0 ? text : `,${text}`)
    chars += text.length
    await turn()
  }
  return chars <= LAZY_BYTES ? rows : large.keep(listOf(pieces), 'json')
}
