import { z } from 'zod'
import { fileTouch } from '../../domain/trust/touches.ts'
import { jsonSchema, textOf } from '../../domain/values/json.ts'
import { defineAction } from '../define.ts'

/** Adds a line to a file inside an allowed folder. */
export const fileAppend = defineAction({
  id: 'file.append',
  title: 'Append to file',
  description: 'Adds a line at the end of a file.',
  keywords: ['write file', 'log', 'add to file', 'append to text file', 'write', 'save'],
  icon: 'file-plus',
  category: 'file',
  summary: '{path}',
  // Whether a cut-off append was written cannot be told afterwards, and a repeat would write the line twice.
  effect: 'unsafe',
  touches: ({ path }) => fileTouch(path, 'writes'),
  input: z.strictObject({
    path: z
      .string()
      .min(1, { error: 'needs the path of a file' })
      .meta({
        title: 'File',
        description: 'Inside an allowed folder; a path that does not begin at the root begins in your Hookline files.',
        ui: { widget: 'file-path', placeholder: 'orders.txt' },
      }),
    // One template may have a value of any type.
    text: jsonSchema.default('').meta({
      title: 'Line',
      description: 'A line break is added. Lists and objects are written as JSON.',
      ui: { widget: 'template-long' },
    }),
  }),
  output: z.object({ path: z.string(), bytes: z.int() }),
  sample: { path: '/home/ada/orders.txt', bytes: 42 },
  async run({ input, files }) {
    return { output: await files.append(input.path, `${textOf(input.text)}\n`) }
  },
})
