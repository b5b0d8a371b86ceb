import { z } from 'zod'
import {
  asksForPresence,
  type Condition,
  type ConditionGroup,
  type ConditionRow,
  conditionsSchema,
  evaluateCondition,
} from '../../domain/condition.ts'
import type { Json } from '../../domain/json.ts'
import { type ActionContext, defineAction } from '../define.ts'

/** Lets a run go on only when its conditions hold. */
export const logicFilter = defineAction({
  id: 'logic.filter',
  title: 'Filter',
  description: 'Goes on only when the conditions hold.',
  icon: 'filter',
  category: 'logic',
  summary: '{all}{any}',
  // Rows are rendered one by one: a missing path is an answer for "exists", and an error for the other comparisons.
  templates: 'own',
  effect: 'none',
  input: z
    .strictObject({
      all: conditionsSchema
        .optional()
        .meta({
          title: 'Go on only if',
          description: 'Conditions on what earlier steps gave.',
          ui: { widget: 'conditions' },
        }),
      any: conditionsSchema.optional().meta({ title: 'Any of', ui: { widget: 'hidden' } }),
    })
    .superRefine(({ all, any }, check) => {
      if ((all === undefined) === (any === undefined)) {
        check.addIssue({ code: 'custom', path: ['all'], message: 'needs at least one condition' })
      }
    }),
  output: z.object({ passed: z.boolean() }),
  sample: { passed: true },
  async run(ctx) {
    const { all, any } = ctx.input
    const group = renderGroup(ctx, all === undefined ? { any: any ?? [] } : { all })
    const passed = evaluateCondition(group)
    return { output: { passed }, ports: passed ? ['main'] : [], shownInput: shown(group) }
  },
})

type Render = Pick<ActionContext<unknown>, 'render'>

function renderGroup(ctx: Render, group: ConditionGroup): ConditionGroup {
  const render = (condition: Condition): Condition =>
    'op' in condition ? renderRow(ctx, condition) : renderGroup(ctx, condition)
  return 'all' in group ? { all: group.all.map(render) } : { any: group.any.map(render) }
}

function renderRow(ctx: Render, { left, op, right }: ConditionRow): ConditionRow {
  const missing = asksForPresence(op) ? 'undefined' : 'error'
  return {
    left: left === undefined ? undefined : ctx.render(left, { missing }),
    op,
    right: right === undefined ? undefined : ctx.render(right, { missing: 'error' }),
  }
}

/** The rendered rows as the journal shows them. */
function shown(condition: Condition): Json {
  if ('op' in condition) {
    const { left = null, op, right } = condition
    return right === undefined ? { left, op } : { left, op, right }
  }
  return 'all' in condition ? { all: condition.all.map(shown) } : { any: condition.any.map(shown) }
}
