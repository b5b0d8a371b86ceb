import { z } from 'zod'
import { defineTrigger } from '../define.ts'
import { namedOutput } from '../kit/named-values.ts'
import { TABLE_EVENTS, type TableEvent } from '../trigger-sources.ts'
import { tableField, tableTouches } from './fields.ts'

/** Other words for what can happen to a row. */
const SAME: Readonly<Record<string, TableEvent>> = { added: 'created', updated: 'changed', deleted: 'removed' }

function asEvents(events: unknown): unknown {
  const list: unknown = typeof events === 'string' ? [events] : events
  if (!Array.isArray(list)) return list
  return list.map((one: unknown) => (typeof one === 'string' && Object.hasOwn(SAME, one) ? SAME[one] : one))
}

/** Starts when rows of a table are added, changed or deleted, whether a zap or a person did it. */
export const tableChanged = defineTrigger({
  id: 'table.changed',
  title: 'Row of a table',
  description: 'Starts when a row of a table is added, changed or deleted, by a zap or by hand.',
  keywords: [
    'table',
    'new row',
    'new record',
    'updated row',
    'row added',
    'record changed',
    'watch table',
    'database',
    'data table',
    'airtable trigger',
    'on change',
  ],
  icon: 'table-2',
  category: 'data',
  summary: '{table}',
  touches: ({ table }) => tableTouches(table, 'reads'),
  input: z.strictObject({
    table: tableField,
    events: z
      .preprocess(asEvents, z.array(z.enum(TABLE_EVENTS)).min(1, { error: 'needs at least one' }))
      .prefault([...TABLE_EVENTS])
      .meta({
        title: 'When a row is',
        ui: { labels: { created: 'Added', changed: 'Changed', removed: 'Deleted' } },
      }),
  }),
  output: z.object({
    event: z.enum(TABLE_EVENTS),
    table: z.string(),
    /** The row's number, which stays the same. */
    id: z.int(),
    /** The row as it is now; null when it was deleted. */
    row: namedOutput.nullable(),
    /** The row as it was before; null when it is new. */
    before: namedOutput.nullable(),
    /** The columns that have another value. */
    fields: z.array(z.string()),
    at: z.string(),
  }),
  sample: {
    event: 'changed',
    table: 'Orders',
    id: 12,
    row: { order: 'A-1017', status: 'Shipped', amount: 75 },
    before: { order: 'A-1017', status: 'Paid', amount: 75 },
    fields: ['status'],
    at: '2026-11-24T09:00:00.000Z',
  },
  source: { from: 'table', watches: ({ table, events }) => ({ table, events }) },
})
