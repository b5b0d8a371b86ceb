import { z } from 'zod'
import { StepError } from '../domain/runs/step-error.ts'
import { jsonSchema } from '../domain/values/json.ts'
import { type Action, type Connector, defineLogic, defineTrigger } from './define.ts'
import type { Manifest } from './manifest.ts'

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

/** Stands for a connector whose module could not be loaded: it keeps its place, starts nothing, and says what is wrong wherever it is used. */
export function brokenConnector(manifest: Manifest, why: string): Connector {
  const { id, kind, title, description, icon, category, summary, sample } = manifest
  const message = `"${id}" could not be loaded (${why}): install Hookline again.`
  const parts = {
    id,
    title,
    description,
    icon,
    category,
    summary,
    sample,
    input: z.looseObject({}),
    output: jsonSchema,
    unfinished: () => [{ path: [], message: `cannot be checked. ${message}` }],
  }
  if (kind === 'trigger') return defineTrigger({ ...parts, source: { from: 'person' } })
  return defineLogic({
    ...parts,
    effect: 'unsafe',
    templates: 'own',
    async run() {
      throw new StepError({ code: 'broken-connector', message, retryable: false })
    },
  })
}
