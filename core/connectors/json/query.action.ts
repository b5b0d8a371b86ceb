import { z } from 'zod'
import { jsonSchema } from '../../domain/values/json.ts'
import { defineAction } from '../define.ts'
import { jsonParts } from '../kit/json-parts.ts'
import { sandboxResult } from '../kit/sandbox-result.ts'

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
  input: z.strictObject({
    data: jsonSchema.meta({ title: 'Data', ui: { widget: 'template' } }),
    expression: z
      .string()
      .min(1, { error: 'needs an expression, such as $sum(items.price)' })
      .max(100_000, { error: 'is longer than 100,000 characters' })
      .meta({
        title: 'Expression',
        description: 'JSONata, such as $sum(items.price) or orders[total > 100].customer. See docs.jsonata.org.',
        ui: { widget: 'code', language: 'jsonata', placeholder: '$sum(items.price)' },
      }),
  }),
  output: z.object({ result: jsonSchema }),
  sample: { result: 42 },
  async run({ input, large, sandbox }) {
    const data = ['{"data":', ...(await jsonParts(input.data, large)), '}']
    const answer = await sandbox({ kind: 'query', source: input.expression, data })
    return { output: { result: await sandboxResult(answer, 'query', large) } }
  },
})
