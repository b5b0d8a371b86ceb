import { z } from 'zod'
import { StepError } from '../../domain/runs/step-error.ts'
import { createSum, notANumber, numericOf } from '../../domain/values/decimal.ts'
import { type Json, textOf } from '../../domain/values/json.ts'
import { defineComputation } from '../define-computation.ts'
import { compareSortables, sortable } from '../kit/order.ts'
import { keyAt, keyOf, type Path, pathSchema, pathsSchema, valueAt } from '../kit/path.ts'
import { forItem, listOutput, listSchema } from '../kit/rows.ts'
import { zoneFor } from '../kit/zap-zone.ts'

const WAYS = ['sum', 'avg', 'min', 'max', 'count', 'count-unique', 'join', 'list', 'first', 'last'] as const
type Way = (typeof WAYS)[number]

/** Totals, averages and the like of a list, for all of it or for each group. */
export const listSummarize = defineComputation({
  id: 'list.summarize',
  title: 'Summarize a list',
  description: 'Adds up, counts and averages the items of a list, for all of them or for each group.',
  keywords: [
    'sum',
    'total',
    'average',
    'count',
    'minimum',
    'maximum',
    'pivot',
    'aggregate',
    'statistics',
    'numeric aggregator',
    'add up',
  ],
  icon: 'sigma',
  category: 'data',
  summary: '{fields}',
  input: z.strictObject({
    items: listSchema.meta({ title: 'List', ui: { widget: 'template', placeholder: '{{ hook.body.orders }}' } }),
    by: pathsSchema.optional().meta({
      title: 'For each',
      description: 'Names of fields, one a line. Without any there is one row for the whole list.',
      ui: { widget: 'text-list', placeholder: 'country' },
    }),
    fields: z
      .array(
        z.strictObject({
          as: z.enum(WAYS).meta({
            title: 'What',
            ui: {
              labels: {
                sum: 'Sum',
                avg: 'Average',
                min: 'Smallest',
                max: 'Largest',
                count: 'How many',
                'count-unique': 'How many different',
                join: 'All, as one text',
                list: 'All, as a list',
                first: 'The first',
                last: 'The last',
              },
            },
          }),
          path: pathSchema
            .prefault('')
            .meta({ title: 'Of the field', ui: { widget: 'item-field', placeholder: 'amount' } }),
          name: z
            .string()
            .min(1, { error: 'needs a name' })
            .max(200)
            .optional()
            .meta({ title: 'Called', ui: { widget: 'text', placeholder: 'sum_amount' } }),
          separator: z
            .string()
            .max(100)
            .optional()
            .meta({
              title: 'Between them',
              ui: { widget: 'text', placeholder: ', ', showIf: { field: 'as', in: ['join'] } },
            }),
        }),
      )
      .min(1, { error: 'needs at least one value to work out' })
      .max(50)
      .meta({ title: 'Work out', ui: { widget: 'rows', noun: 'value' } }),
  }),
  output: z.object({ rows: listOutput }),
  sample: { rows: [{ country: 'DE', sum_amount: 123, count: 2 }] },
  streams: ['items'],
  *compute({ items, by = [], fields }, tools) {
    const zone = zoneFor(tools)
    const start = (): Column[] => fields.map((field) => columnOf(field, zone))
    const groups = new Map<string, { readonly first: Json; readonly columns: Column[] }>()
    if (by.length === 0) groups.set('', { first: null, columns: start() })
    let index = 0
    for (const item of tools.lists.read(items)) {
      yield
      const id = by.length === 0 ? '' : keyAt(item, by)
      const group = groups.get(id) ?? { first: item, columns: start() }
      groups.set(id, group)
      for (const column of group.columns) forItem(index, () => column.take(item))
      index++
    }
    const rows: Json[] = []
    for (const { first, columns } of groups.values()) {
      yield
      const keys = by.map((path): [string, Json] => [path.text, valueAt(first, path) ?? null])
      rows.push(Object.fromEntries([...keys, ...columns.map(({ name, result }): [string, Json] => [name, result()])]))
    }
    return { rows }
  },
})

/** One value that is worked out, item by item. */
type Column = { readonly name: string; take(item: Json): void; result(): Json }

type Field = {
  readonly path: Path
  readonly as: Way
  readonly name?: string | undefined
  readonly separator?: string | undefined
}

function columnOf({ path, as, name, separator }: Field, zone: string): Column {
  const work = workOf(as, separator ?? ', ', zone)
  return {
    name: name ?? [as.replace('-', '_'), path.text].filter((part) => part !== '').join('_'),
    take(item) {
      const value = valueAt(item, path)
      // As in a database, what is missing adds nothing and is not counted. Without a field, items are counted.
      if (value !== undefined && value !== null) work.take(value)
      else if (as === 'count' && path.keys.length === 0) work.take(value ?? null)
    },
    result: work.result,
  }
}

function workOf(as: Way, separator: string, zone: string): { take(value: Json): void; result(): Json } {
  let count = 0
  const values: Json[] = []
  switch (as) {
    case 'sum':
    case 'avg': {
      const sum = createSum()
      return {
        take(value) {
          if (typeof value === 'string' && value.trim() === '') return
          const numeric = numericOf(value)
          if (numeric === undefined) {
            throw new StepError({ code: 'bad-input', message: `${notANumber(value)}.`, retryable: false })
          }
          orRefuse(() => sum.add(numeric))
          count += 1
        },
        result: () => (as === 'avg' ? (count === 0 ? null : sum.mean(count)) : orRefuse(() => sum.total())),
      }
    }
    case 'min':
    case 'max': {
      let best: Json = null
      let cell: ReturnType<typeof sortable>
      return {
        take(value) {
          const next = sortable(value, 'auto', zone)
          if (next === undefined) return
          if (cell !== undefined && compareSortables(next, cell, as === 'max') >= 0) return
          best = value
          cell = next
        },
        result: () => best,
      }
    }
    case 'count':
      return { take: () => void count++, result: () => count }
    case 'count-unique': {
      const seen = new Set<string>()
      return { take: (value) => void seen.add(keyOf(value)), result: () => seen.size }
    }
    case 'join':
      return { take: (value) => void values.push(value), result: () => values.map(textOf).join(separator) }
    case 'list':
      return { take: (value) => void values.push(value), result: () => values }
    case 'first':
      return {
        take(value) {
          if (values.length === 0) values.push(value)
        },
        result: () => values[0] ?? null,
      }
    case 'last':
      return { take: (value) => void values.splice(0, 1, value), result: () => values[0] ?? null }
  }
}

function orRefuse<Result>(work: () => Result): Result {
  try {
    return work()
  } catch (error) {
    const message = `${error instanceof Error ? error.message : String(error)}.`
    throw new StepError({ code: 'bad-input', message, retryable: false }, { cause: error })
  }
}
