import { z } from 'zod'
import { isJsonList, type Json, jsonSchema } from '../../domain/values/json.ts'
import { isLargeValue } from '../../domain/values/large-value.ts'
import { DONE_PORT, EACH_PORT } from '../../domain/zap/zap-file.ts'
import { defineLogic } from '../define.ts'
import { numberField } from '../kit/from-text.ts'
import { listProblem } from '../kit/rows.ts'
import { MOST_ROUNDS, tooManyRounds } from '../logic.ts'

/** Runs its body once for every item of a list. */
export const logicForEach = defineLogic({
  id: 'logic.for-each',
  title: 'For each',
  description: 'Runs the steps on “each” once for every item of a list.',
  keywords: [
    'loop',
    'iterator',
    'iterate',
    'split in batches',
    'loop over items',
    'repeat with each',
    'array',
    'split out',
    'looping',
  ],
  icon: 'repeat',
  category: 'logic',
  summary: '{items}',
  effect: 'none',
  takesLarge: true,
  ports: [
    { id: EACH_PORT, label: 'Each' },
    { id: DONE_PORT, label: 'Done' },
  ],
  passThrough: DONE_PORT,
  input: z.strictObject({
    items: jsonSchema
      .superRefine((items, check) => {
        const message = itemsProblem(items)
        if (message !== null) check.addIssue({ code: 'custom', message })
      })
      .meta({
        title: 'List',
        description: 'The steps on “each” see one of its items as {{ item }}, and its place, from 0, as {{ index }}.',
        ui: { widget: 'template', placeholder: '{{ hook.body.orders }}' },
      }),
    parallel: numberField(z.int().min(1).max(50)).prefault(1).meta({
      title: 'Items at once',
      description: 'With 1, the next item begins when the one before it is done.',
    }),
    onItemError: z
      .enum(['stop', 'collect'])
      .default('stop')
      .meta({
        title: 'When an item fails',
        ui: { labels: { stop: 'Fail this step', collect: 'Go on, and list it under “errors”' } },
      }),
  }),
  output: z.object({
    /** What the last step of the body gave, in the order of the items; null where it did not run. */
    results: z.array(jsonSchema),
    errors: z.array(z.object({ index: z.int(), error: z.object({ code: z.string(), message: z.string() }) })),
  }),
  sample: { results: [{ status: 200 }, { status: 200 }], errors: [] },
  loop: {
    plan: ({ items, parallel, onItemError }) => ({
      // The schema lets nothing else through.
      rounds: isJsonList(items) || isLargeValue(items) ? items : [],
      parallel,
      onError: onItemError,
      pauseMs: 0,
    }),
    collect: (_input, { results, errors }) => ({ results, errors }),
  },
  run: () => Promise.reject(new Error('a loop has no work of its own')),
})

/** Why a value cannot be gone through, or null. */
function itemsProblem(items: Json): string | null {
  const problem = listProblem(items)
  if (problem !== null || !isJsonList(items)) return problem
  return items.length <= MOST_ROUNDS ? null : tooManyRounds(items.length)
}
