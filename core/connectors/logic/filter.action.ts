import { z } from 'zod'
import { type ConditionGroup, conditionsSchema } from '../../domain/templates/condition.ts'
import { MAIN_PORT } from '../../domain/zap/zap-file.ts'
import { defineLogic } from '../define.ts'
import { unfinishedConditions } from '../kit/unfinished.ts'
import { testConditions } from './condition-rows.ts'

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
    .superRefine(({ all, any }, check) => {
      if ((all === undefined) === (any === undefined)) {
        const message =
          all === undefined ? 'needs at least one condition' : 'cannot stand beside "any"; nest one in the other'
        check.addIssue({ code: 'custom', path: ['all'], message })
      }
    }),
  unfinished: (input) => unfinishedConditions(input, []),
  output: z.object({ passed: z.boolean() }),
  sample: { passed: true },
  async run({ input: { all, any }, render }) {
    const group: ConditionGroup = all === undefined ? { any: any ?? [] } : { all }
    const { holds, shown } = testConditions(group, render)
    return { output: { passed: holds }, ports: holds ? [MAIN_PORT] : [], shownInput: shown }
  },
})
