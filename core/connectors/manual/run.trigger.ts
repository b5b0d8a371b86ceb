import { z } from 'zod'
import { jsonSchema } from '../../domain/values/json.ts'
import { defineTrigger } from '../define.ts'

/** Starts when a person says so; its output is what that person gave. */
export const manualRun = defineTrigger({
  id: 'manual.run',
  title: 'Run by hand',
  description: 'Starts when you press Run, or from the command line.',
  keywords: ['manual trigger', 'button', 'start', 'inject', 'shortcut', 'test workflow', 'command line'],
  icon: 'play',
  category: 'manual',
  summary: 'when you press Run',
  input: z.strictObject({
    fields: z
      .record(z.string(), jsonSchema)
      .optional()
      .meta({
        title: 'Values',
        description: 'What the zap begins with when you press Run. Later steps use them by name.',
        ui: { widget: 'key-value' },
      }),
  }),
  output: jsonSchema,
  sample: {},
  source: { from: 'person' },
})
