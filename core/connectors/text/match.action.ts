import { z } from 'zod'
import { StepError } from '../../domain/runs/step-error.ts'
import { type Json, jsonSchema, textOf } from '../../domain/values/json.ts'
import { defineComputation } from '../define-computation.ts'
import { switchField } from '../kit/from-text.ts'
import { checkPattern, findPattern, MAX_PATTERN_CHARS } from '../kit/pattern.ts'
import { checkMade, listOutput } from '../kit/rows.ts'

/** A pattern in an input. */
const patternSchema = z
  .string()
  .min(1, { error: 'needs a pattern' })
  .max(MAX_PATTERN_CHARS)
  .superRefine((pattern, check) => {
    try {
      checkPattern(pattern)
    } catch (error) {
      check.addIssue({ code: 'custom', message: `cannot be used. ${StepError.from(error).message}` })
    }
  })

/** Finds a pattern in a text. */
export const textMatch = defineComputation({
  id: 'text.match',
  title: 'Match a pattern',
  description: 'Finds a pattern in a text, with its groups.',
  keywords: [
    'regex',
    'regular expression',
    'match',
    're2',
    'capture',
    'find pattern',
    'text parser',
    'extract pattern',
    'match text',
    'regexp',
  ],
  icon: 'regex',
  category: 'data',
  summary: '{pattern}',
  input: z.strictObject({
    text: jsonSchema.meta({ title: 'Text', ui: { widget: 'template-long' } }),
    pattern: patternSchema.meta({
      title: 'Pattern',
      description: 'A regular expression in RE2’s syntax. Groups are (…), with names (?P<name>…).',
      ui: { widget: 'template', placeholder: 'INV-(?P<number>\\d+)' },
    }),
    all: switchField().prefault(false).meta({ title: 'Every match', description: 'And not only the first.' }),
    ignoreCase: switchField().prefault(false).meta({ title: 'Ignore upper and lower case' }),
  }),
  output: z.object({ matched: z.boolean(), matches: listOutput }),
  sample: { matched: true, matches: [{ text: 'INV-12', index: 8, groups: ['12'], named: { number: '12' } }] },
  *compute({ text, pattern, all, ignoreCase }) {
    const matches: Json[] = []
    for (const found of findPattern(pattern, textOf(text), ignoreCase)) {
      yield
      // Without a prototype a value is no JSON to some of its readers.
      matches.push({ ...found, named: { ...found.named } })
      checkMade(matches.length)
      if (!all) break
    }
    return { matched: matches.length > 0, matches }
  },
})
