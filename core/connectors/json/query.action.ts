import { z } from 'zod'
import { StepError } from '../../domain/runs/step-error.ts'
import { templateRoots } from '../../domain/templates/template.ts'
import { jsonSchema } from '../../domain/values/json.ts'
import { defineAction } from '../define.ts'
import { jsonParts } from '../kit/json-parts.ts'
import { sandboxResult } from '../kit/sandbox-result.ts'

const NO_TEMPLATES =
  'holds {{ … }}, which is not filled in: what came from outside would become part of the expression. Give it a name under "Values", and write $name here'

/** Whether an expression holds a template. Braces in braces may be JSONata's own: `{{` begins nothing there that a template could be read from. */
function readsOutside(expression: string): boolean {
  return templateRoots(expression).some(({ error, roots }) => error === undefined && roots.length > 0)
}

/** Asks a JSONata expression of a value. JSONata can loop for ever, so it runs in the sandbox, as code does. */
export const jsonQuery = defineAction({
  id: 'json.query',
  title: 'Query JSON',
  description: 'Picks and computes values with a JSONata expression.',
  keywords: ['jsonata', 'jmespath', 'jq', 'jsonpath', 'query', 'expression', 'transform json', 'extract', 'set fields'],
  icon: 'braces',
  category: 'data',
  summary: '{expression}',
  effect: 'none',
  takesLarge: true,
  // What came from outside must not become part of an expression: it could read all of the data, or run without an end.
  verbatim: ['expression'],
  unfinished: ({ expression }) =>
    typeof expression === 'string' && readsOutside(expression) ? [{ path: ['expression'], message: NO_TEMPLATES }] : [],
  input: z.strictObject({
    data: jsonSchema.meta({ title: 'Data', ui: { widget: 'template' } }),
    expression: z
      .string()
      .min(1, { error: 'needs an expression, such as $sum(items.price)' })
      .max(100_000, { error: 'is longer than 100,000 characters' })
      .meta({
        title: 'Expression',
        description: 'JSONata, such as $sum(items.price) or orders[total > $limit].customer. See docs.jsonata.org.',
        ui: { widget: 'code', language: 'jsonata', placeholder: '$sum(items.price)' },
      }),
    params: z
      .record(
        z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,99}$/, { error: 'is not the name of a value, such as limit' }),
        jsonSchema,
      )
      .optional()
      .meta({
        title: 'Values',
        description: 'What the expression reads beside the data: limit as $limit.',
        ui: { widget: 'key-value' },
      }),
  }),
  output: z.object({ result: jsonSchema }),
  sample: { result: 42 },
  async run({ input, large, sandbox }) {
    if (readsOutside(input.expression)) {
      throw new StepError({ code: 'bad-input', message: `"Expression" ${NO_TEMPLATES}.`, retryable: false })
    }
    const params = await jsonParts(input.params ?? {}, large)
    const data = ['{"data":', ...(await jsonParts(input.data, large)), ',"params":', ...params, '}']
    const answer = await sandbox({ kind: 'query', source: input.expression, data })
    return { output: { result: await sandboxResult(answer, 'query', large) } }
  },
})
