import { z } from 'zod'
import { fileTouch } from '../../domain/trust/touches.ts'
import { defineAction } from '../define.ts'

/** Makes a folder inside of an allowed one. */
export const folderCreate = defineAction({
  id: 'folder.create',
  title: 'Make folder',
  description: 'Makes a folder, with those on the way to it, if it is not there yet.',
  keywords: ['create folder', 'new folder', 'make directory', 'mkdir'],
  icon: 'folder-plus',
  category: 'file',
  summary: '{path}',
  effect: 'idempotent',
  touches: ({ path }) => fileTouch(path, 'writes'),
  input: z.strictObject({
    path: z
      .string()
      .min(1, { error: 'needs the path of a folder' })
      .max(4_096)
      .meta({
        title: 'Folder',
        description: 'Inside an allowed folder; a path that does not begin at the root begins in your Hookline files.',
        ui: { widget: 'folder-path', placeholder: 'invoices/{{ now | date: "%Y" }}' },
      }),
  }),
  output: z.object({ path: z.string(), existed: z.boolean() }),
  sample: { path: '/home/ada/invoices/2026', existed: false },
  run: async ({ input, files }) => ({ output: await files.makeFolder(input.path) }),
})
