import { z } from 'zod'
import { conditionsSchema } from '../../domain/templates/condition.ts'
import { defineComputation } from '../define-computation.ts'
import { checkEither, groupOf, holds } from '../kit/condition-rows.ts'
import { forItem, listOutput, listSchema } from '../kit/rows.ts'
import { unfinishedConditions } from '../kit/unfinished.ts'

/** Parts a list into the items for which conditions hold, and the others. */
export const listFilter = defineComputation({
  id: 'list.filter',
  title: 'Filter a list',
  description: 'Keeps the items for which the conditions are true.',
  keywords: ['where', 'select items', 'remove items', 'filter array', 'filter rows', 'keep only', 'array', 'rows'],
  icon: 'list-filter',
  category: 'data',
  summary: '{all}',
  itemFields: ['all', 'any'],
  streams: ['items'],
  input: z
    .strictObject({
      items: listSchema.meta({ title: 'List', ui: { widget: 'template', placeholder: '{{ hook.body.orders }}' } }),
      all: conditionsSchema.optional().meta({
        title: 'Keep an item if',
        description: 'Each item is {{ item }}, its place from 0 is {{ index }}.',
        ui: { widget: 'conditions' },
      }),
      any: conditionsSchema.optional().meta({ title: 'Any of', ui: { widget: 'hidden' } }),
    })
    .superRefine(checkEither),
  unfinished: ({ all, any }) =>
    unfinishedConditions({ ...(all !== undefined && { all }), ...(any !== undefined && { any }) }, []),
  output: z.object({ items: listOutput, rest: listOutput, count: z.int() }),
  sample: { items: [{ id: 7, amount: 120 }], rest: [{ id: 8, amount: 3 }], count: 1 },
  *compute(input, { render, lists }) {
    const group = groupOf(input)
    const items = lists.make()
    const rest = lists.make()
    let index = 0
    for (const item of lists.read(input.items)) {
      yield
      const isKept = forItem(index, () =>
        holds(group, (value, how) => render(value, { ...how, item: { item, index } })),
      )
      ;(isKept ? items : rest).push(item)
      index++
    }
    return { items: items.done(), rest: rest.done(), count: items.count }
  },
})
