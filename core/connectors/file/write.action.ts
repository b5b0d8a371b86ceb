import { z } from 'zod'
import { fileTouch } from '../../domain/trust/touches.ts'
import { jsonSchema, textOf } from '../../domain/values/json.ts'
import { isLargeValue } from '../../domain/values/large-value.ts'
import { defineAction } from '../define.ts'
import { isFileValue } from '../kit/file-value.ts'
import { IN_ALLOWED, ifExistsField, pathField } from './fields.ts'

/** Writes a file inside an allowed folder, whole. */
export const fileWrite = defineAction({
  id: 'file.write',
  title: 'Write file',
  description: 'Writes text, JSON or a file from an earlier step to a file.',
  keywords: [
    'save',
    'save file',
    'create file',
    'export',
    'download to folder',
    'write binary file',
    'file out',
    'store file',
  ],
  icon: 'file-output',
  category: 'file',
  summary: '{path}',
  // Written again it is the same file; a second numbered one would be one too many.
  effect: ({ ifExists }) => (ifExists === 'replace' ? 'idempotent' : 'unsafe'),
  takesLarge: true,
  touches: ({ path }) => fileTouch(path, 'writes'),
  input: z.strictObject({
    path: pathField('File', IN_ALLOWED, 'reports/{{ hook.body.id }}.json'),
    content: jsonSchema.default('').meta({
      title: 'Content',
      description: 'Lists and objects are written as JSON; a file from an earlier step is written as it is.',
      ui: { widget: 'template-long' },
    }),
    ifExists: ifExistsField('replace'),
  }),
  output: z.object({ path: z.string(), bytes: z.int() }),
  sample: { path: '/home/ada/reports/42.json', bytes: 310 },
  async run({ input, files, large }) {
    const { content, path, ifExists } = input
    const kept = isFileValue(content) ? content.content : isLargeValue(content) ? content : undefined
    if (kept !== undefined) return { output: await files.write(path, await bytesOf(kept), ifExists) }
    const text =
      typeof content === 'object' && content !== null ? `${JSON.stringify(content, null, 2)}\n` : textOf(content)
    return { output: await files.write(path, text, ifExists) }

    /** What has references in it is put together first. */
    async function bytesOf(value: typeof kept & object) {
      return value.type === 'value' ? large.read(value) : large.stream(value)
    }
  },
})
