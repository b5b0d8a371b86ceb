import type { z } from 'zod'
import {
  asksForPresence,
  type Condition,
  type ConditionGroup,
  type ConditionRow,
  evaluateCondition,
  evaluateRow,
} from '../../domain/templates/condition.ts'
import type { Json } from '../../domain/values/json.ts'
import type { ActionContext } from '../action-context.ts'
import { zoneFor } from './zap-zone.ts'

type Render = ActionContext<unknown>['render']

/**
 * Whether a group whose templates are not rendered yet holds, and its rows as the journal shows them. Rows are rendered one by one and
 * only as far as needed, so that "exists" may ask about what is missing, and guard the row below it.
 */
export function testConditions(group: ConditionGroup, render: Render): { holds: boolean; shown: Json } {
  const compared = new Map<ConditionRow, ConditionRow>()
  const isMet = evaluateCondition(group, (row) => {
    const rendered = renderRow(row, render)
    compared.set(row, rendered)
    return evaluateRow(rendered, () => zoneFor({ render }))
  })
  return { holds: isMet, shown: shown(group, compared) }
}

/** Whether a group whose templates are not rendered yet holds, as {@link testConditions} does, for one of many items. */
export function holds(group: ConditionGroup, render: Render): boolean {
  return evaluateCondition(group, (row) => evaluateRow(renderRow(row, render), () => zoneFor({ render })))
}

/** The rows of an input that has them under `all` or `any`. */
type Rows = { readonly all?: readonly Condition[] | undefined; readonly any?: readonly Condition[] | undefined }

/** Refuses an input with both, or with neither. */
export function checkEither({ all, any }: Rows, check: z.RefinementCtx): void {
  if ((all === undefined) !== (any === undefined)) return
  const message =
    all === undefined ? 'needs at least one condition' : 'cannot stand beside "any"; nest one in the other'
  check.addIssue({ code: 'custom', path: ['all'], message })
}

export function groupOf({ all, any }: Rows): ConditionGroup {
  return all === undefined ? { any: any ?? [] } : { all }
}

/** A group that was not looked at, as it is written. */
export function untestedConditions(group: ConditionGroup): Json {
  return shown(group, new Map())
}

function renderRow({ left, op, right }: ConditionRow, render: Render): ConditionRow {
  const missing = asksForPresence(op) ? 'undefined' : 'error'
  return {
    left: left === undefined ? undefined : render(left, { missing }),
    op,
    right: right === undefined ? undefined : render(right, { missing }),
  }
}

/** The rows as they were compared; those that were not looked at, as they are written. */
function shown(condition: Condition, compared: ReadonlyMap<ConditionRow, ConditionRow>): Json {
  if ('all' in condition) return { all: condition.all.map((part) => shown(part, compared)) }
  if ('any' in condition) return { any: condition.any.map((part) => shown(part, compared)) }
  const { left = null, op, right } = compared.get(condition) ?? condition
  return right === undefined ? { left, op } : { left, op, right }
}
