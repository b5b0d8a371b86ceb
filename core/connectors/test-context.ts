import { manualClock } from '../domain/clock.ts'
import { type Json, jsonSchema } from '../domain/json.ts'
import { renderValue, type TemplateScope } from '../domain/template.ts'
import type { Action, ActionContext, ActionResult } from './define.ts'

/** Runs an action as the engine does: input rendered, parsed, and output checked. What is not given refuses to be used. */
export async function runAction(
  action: Action,
  input: Record<string, Json>,
  world: Partial<ActionContext<unknown>> & { scope?: TemplateScope } = {},
): Promise<ActionResult<Json>> {
  const { scope = {}, ...given } = world
  const unavailable = () => Promise.reject(new Error('this test gives the action no such thing'))
  const rendered = action.templates === 'own' ? input : renderValue(input, scope)
  const result = await action.run({
    idempotencyKey: 'run_1:step',
    signal: new AbortController().signal,
    clock: manualClock(Date.parse('2026-11-24T09:00:00Z')),
    fetch: unavailable,
    files: { append: unavailable },
    credential: unavailable,
    notify: unavailable,
    render: (value, options) => renderValue(value, scope, options),
    ...given,
    input: action.input.parse(rendered),
  })
  return { ...result, output: jsonSchema.parse(action.output.parse(result.output)) }
}
