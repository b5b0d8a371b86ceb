import { z } from 'zod'
import { defineComputation } from '../define-computation.ts'
import { listOutput, listSchema, wholeNumber } from '../kit/rows.ts'

/** Keeps the first or the last items of a list. */
export const listLimit = defineComputation({
  id: 'list.limit',
  title: 'Limit a list',
  description: 'Keeps the first or last items of a list.',
  keywords: ['limit', 'first', 'last', 'top', 'take', 'slice', 'skip', 'page', 'get item from list', 'truncate'],
  icon: 'list-end',
  category: 'data',
  summary: '{items}',
  input: z
    .strictObject({
      items: listSchema.meta({ title: 'List', ui: { widget: 'template', placeholder: '{{ hook.body.orders }}' } }),
      first: wholeNumber(0)
        .optional()
        .meta({ title: 'How many', ui: { choice: { title: 'Keep', label: 'The first' } } }),
      last: wholeNumber(0)
        .optional()
        .meta({ title: 'How many', ui: { choice: { title: 'Keep', label: 'The last' } } }),
      skip: wholeNumber(0)
        .prefault(0)
        .meta({
          title: 'Leave out before',
          description: 'So many at that end are left out first.',
          ui: { advanced: true },
        }),
    })
    .superRefine(({ first, last, skip }, check) => {
      if (first !== undefined && last !== undefined) {
        check.addIssue({ code: 'custom', path: ['last'], message: 'cannot stand beside "first"; keep one of them' })
      } else if (first === undefined && last === undefined && skip === 0) {
        check.addIssue({ code: 'custom', path: ['first'], message: 'is needed: how many items to keep' })
      }
    }),
  output: z.object({ items: listOutput, count: z.int(), left: z.int() }),
  sample: { items: [{ id: 7 }], count: 1, left: 2 },
  streams: ['items'],
  *compute({ items, first, last, skip }, { lists }) {
    let begin = skip
    let end = first === undefined ? Number.POSITIVE_INFINITY : skip + first
    if (last !== undefined) {
      let length = 0
      for (const _ of lists.read(items)) {
        if (length % 1_024 === 0) yield
        length++
      }
      begin = length - skip - last
      end = length - skip
    }
    const kept = lists.make()
    let count = 0
    for (const item of lists.read(items)) {
      if (count % 1_024 === 0) yield
      if (count >= begin && count < end) kept.push(item)
      count++
    }
    return { items: kept.done(), count: kept.count, left: count - kept.count }
  },
})
