import { z } from 'zod'
import { fileTouch } from '../../domain/trust/touches.ts'
import { defineAction } from '../define.ts'
import { fileInfoSchema, IN_ALLOWED, pathField, sampleInfo } from './fields.ts'

/** Tells whether a file or folder is there, and what it is. */
export const fileInfo = defineAction({
  id: 'file.info',
  title: 'Look at file',
  description: 'Tells whether a file or folder is there, how large it is and when it was changed.',
  keywords: ['file exists', 'file size', 'stat', 'get details of file', 'metadata', 'check file'],
  icon: 'file-search',
  category: 'file',
  summary: '{path}',
  effect: 'none',
  touches: ({ path }) => fileTouch(path, 'reads'),
  input: z.strictObject({ path: pathField('File or folder', IN_ALLOWED, 'orders.csv') }),
  output: fileInfoSchema.partial({ bytes: true, modifiedAt: true, isFolder: true }).extend({ exists: z.boolean() }),
  sample: { ...sampleInfo, exists: true },
  async run({ input, files }) {
    const found = await files.info(input.path)
    if (!('missing' in found)) return { output: { ...found, exists: true } }
    const name = found.path.split(/[\\/]/).at(-1) ?? ''
    const dot = name.lastIndexOf('.')
    return {
      output: { path: found.path, name, extension: dot > 0 ? name.slice(dot + 1).toLowerCase() : '', exists: false },
    }
  },
})
