import { z } from 'zod'
import { fileTouch } from '../../domain/trust/touches.ts'
import { defineAction } from '../define.ts'
import { IN_ALLOWED, pathField } from './fields.ts'

/** Deletes a file or a folder inside of an allowed folder. */
export const fileDelete = defineAction({
  id: 'file.delete',
  title: 'Delete file',
  description: 'Puts a file or folder into the trash, or deletes it for ever.',
  keywords: ['delete', 'remove', 'trash', 'recycle bin', 'clean up', 'erase'],
  icon: 'trash-2',
  category: 'file',
  summary: '{path}',
  // What is not there any more is as it should be.
  effect: 'idempotent',
  touches: ({ path }) => fileTouch(path, 'writes'),
  input: z.strictObject({
    path: pathField('File or folder', IN_ALLOWED, 'Downloads/old.zip'),
    how: z
      .enum(['trash', 'forever'])
      .default('trash')
      .meta({ title: 'How', ui: { labels: { trash: 'Into the trash', forever: 'For ever' } } }),
  }),
  output: z.object({ path: z.string(), existed: z.boolean() }),
  sample: { path: '/home/ada/Downloads/old.zip', existed: true },
  async run({ input, files }) {
    const { path, existed } = await files.remove(input.path, input.how)
    return { output: { path, existed } }
  },
})
