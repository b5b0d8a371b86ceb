import { z } from 'zod'
import { jsonSchema, textOf } from '../../domain/values/json.ts'
import { defineLogic } from '../define.ts'

/** Ends the whole run, whatever its other branches are at. */
export const logicStop = defineLogic({
  id: 'logic.stop',
  title: 'Stop',
  description: 'Ends the whole run here, as a success or as a failure.',
  keywords: ['end', 'exit', 'stop and error', 'throw', 'abort', 'cancel', 'quit'],
  icon: 'circle-stop',
  category: 'logic',
  summary: 'as {as}',
  effect: 'none',
  ports: [],
  input: z.strictObject({
    as: z
      .enum(['succeeded', 'failed'])
      .default('succeeded')
      .meta({ title: 'End the run as', ui: { labels: { succeeded: 'Succeeded', failed: 'Failed' } } }),
    message: jsonSchema.optional().meta({
      title: 'Reason',
      description: 'Shown with the run.',
      ui: { widget: 'template', placeholder: 'Order {{ hook.body.id }} is not paid' },
    }),
  }),
  output: z.object({ as: z.enum(['succeeded', 'failed']), message: z.string().nullable() }),
  sample: { as: 'succeeded', message: null },
  async run({ input }) {
    const text = textOf(input.message ?? null)
    const end = { as: input.as, message: text === '' ? null : text }
    return { output: end, ports: [], endRun: end }
  },
})
