import { z } from 'zod'
import {
  asksForPresence,
  type Condition,
  type ConditionGroup,
  type ConditionRow,
  conditionsSchema,
  evaluateCondition,
  evaluateRow,
} from '../../domain/condition.ts'
import type { Json } from '../../domain/json.ts'
import { MAIN_PORT } from '../../domain/zap-file.ts'
import { type ActionContext, defineAction } from '../define.ts'

/** Lets a run go on only when its conditions hold. */
export const logicFilter = defineAction({
  id: 'logic.filter',
  title: 'Filter',
  description: 'Goes on only when the conditions hold.',
  icon: 'filter',
  category: 'logic',
  summary: '{all}',
  // Rows are rendered one by one: a missing path is an answer for "exists", and an error for the other comparisons.
  templates: 'own',
  effect: 'none',
  input: z
    .strictObject({
      all: conditionsSchema.optional().meta({
        title: 'Go on only if',
        description: 'Conditions on what earlier steps gave.',
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
  output: z.object({ passed: z.boolean() }),
  sample: { passed: true },
  async run(ctx) {
    const { all, any } = ctx.input
    const group: ConditionGroup = all === undefined ? { any: any ?? [] } : { all }
    const compared = new Map<ConditionRow, ConditionRow>()
    // Rows are looked at only as far as needed: "exists" may guard the row below it.
    const passed = evaluateCondition(group, (row) => {
      const rendered = renderRow(ctx, row)
      compared.set(row, rendered)
      return evaluateRow(rendered)
    })
    return { output: { passed }, ports: passed ? [MAIN_PORT] : [], shownInput: shown(group, compared) }
  },
})

function renderRow(ctx: Pick<ActionContext<unknown>, 'render'>, { left, op, right }: ConditionRow): ConditionRow {
  const missing = asksForPresence(op) ? 'undefined' : 'error'
  return {
    left: left === undefined ? undefined : ctx.render(left, { missing }),
    op,
    right: right === undefined ? undefined : ctx.render(right, { missing }),
  }
}

/** The rows as they were compared; those that were not looked at, as they are written. */
function shown(condition: Condition, compared: ReadonlyMap<ConditionRow, ConditionRow>): Json {
  if ('all' in condition) return { all: condition.all.map((part) => shown(part, compared)) }
  if ('any' in condition) return { any: condition.any.map((part) => shown(part, compared)) }
  const { left = null, op, right } = compared.get(condition) ?? condition
  return right === undefined ? { left, op } : { left, op, right }
}
