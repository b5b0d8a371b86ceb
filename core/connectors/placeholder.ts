import { z } from 'zod'
import { jsonSchema } from '../domain/json.ts'
import { StepError } from '../domain/step-error.ts'
import { type Action, defineLogic } from './define.ts'

const placeholders = new Map<string, Action>()

/**
 * Stands for an action that this Hookline does not have, such as that of an app which was removed: it keeps its place in its zap, and a run
 * that reaches it fails with the remedy. A call that was cut off when there still was one may have happened, so it counts as `unsafe`.
 */
export function placeholderFor(uses: string): Action {
  const known = placeholders.get(uses)
  if (known !== undefined) return known
  const made = defineLogic({
    id: uses,
    title: uses,
    description: `This Hookline does not have "${uses}".`,
    icon: 'circle-question-mark',
    category: 'logic',
    summary: '',
    effect: 'unsafe',
    templates: 'own',
    input: z.looseObject({}),
    output: jsonSchema,
    sample: null,
    async run() {
      const message = `This Hookline does not have "${uses}": update Hookline, or put another step in its place.`
      throw new StepError({ code: 'unknown-connector', message, retryable: false })
    },
  })
  placeholders.set(uses, made)
  return made
}
