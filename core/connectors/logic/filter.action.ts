import { z } from 'zod'
import { conditionsSchema } from '../../domain/templates/condition.ts'
import { MAIN_PORT } from '../../domain/zap/zap-file.ts'
import { defineLogic } from '../define.ts'
import { checkEither, groupOf, testConditions } from '../kit/condition-rows.ts'
import { unfinishedConditions } from '../kit/unfinished.ts'

/** Lets a run go on only when its conditions hold. */
export const logicFilter = defineLogic({
  id: 'logic.filter',
  title: 'Filter',
  description: 'Continues only if the conditions are true.',
  keywords: ['if', 'condition', 'only continue if', 'where', 'stop unless', 'rbe'],
  icon: 'filter',
  category: 'logic',
  summary: '{all}',
  // Rows are rendered one by one: a missing path is an answer for "exists", and an error for the other comparisons.
  templates: 'own',
  effect: 'none',
  stopReason: 'its conditions were not met',
  input: z
    .strictObject({
      all: conditionsSchema.optional().meta({
        title: 'Go on only if',
        description: 'Conditions on the results of earlier steps.',
        ui: { widget: 'conditions' },
      }),
      any: conditionsSchema.optional().meta({ title: 'Any of', ui: { widget: 'hidden' } }),
    })
    .superRefine(checkEither),
  unfinished: (input) => unfinishedConditions(input, []),
  output: z.object({ passed: z.boolean() }),
  sample: { passed: true },
  async run({ input, render }) {
    const { holds, shown } = testConditions(groupOf(input), render)
    return { output: { passed: holds }, ports: holds ? [MAIN_PORT] : [], shownInput: shown }
  },
})
