import { z } from 'zod'
import { fileTouch } from '../../domain/trust/touches.ts'
import type { FileInfo } from '../action-context.ts'
import { defineAction } from '../define.ts'
import { fileInfoSchema, IN_ALLOWED, sampleInfo } from './fields.ts'

const ORDERS: Readonly<Record<'name' | 'modified' | 'size', (one: FileInfo, other: FileInfo) => number>> = {
  name: (one, other) => byName.compare(one.path, other.path),
  modified: (one, other) => other.modifiedAt.localeCompare(one.modifiedAt, 'en'),
  size: (one, other) => other.bytes - one.bytes,
}
/** As file managers sort: `file 2` before `file 10`. */
const byName = new Intl.Collator('en', { numeric: true })

/** Lists what is in a folder inside of an allowed one. */
export const fileList = defineAction({
  id: 'file.list',
  title: 'List files',
  description: 'Lists the files and folders in a folder.',
  keywords: ['list folder', 'find files', 'directory', 'folder contents', 'search files', 'get files', 'ls', 'glob'],
  icon: 'folder-search',
  category: 'file',
  summary: '{folder}',
  effect: 'none',
  touches: ({ folder }) =>
    fileTouch(typeof folder === 'string' && folder.trim() !== '' ? `${folder}/*` : undefined, 'reads'),
  input: z.strictObject({
    folder: z
      .string()
      .min(1, { error: 'needs the path of a folder' })
      .max(4_096)
      .meta({ title: 'Folder', description: IN_ALLOWED, ui: { widget: 'folder-path', placeholder: 'Downloads' } }),
    glob: z
      .string()
      .min(1, { error: 'needs a pattern, such as *' })
      .max(300)
      .default('*')
      .meta({
        title: 'Names',
        description: '* for any characters, {a,b} for one of several; **/ before it looks into folders too.',
        ui: { widget: 'template', placeholder: '**/*.{jpg,png}' },
      }),
    sort: z
      .enum(['name', 'modified', 'size'])
      .default('name')
      .meta({ title: 'Order', ui: { labels: { name: 'By name', modified: 'Newest first', size: 'Largest first' } } }),
    limit: z
      .int()
      .min(1)
      .max(100_000)
      .default(1_000)
      .meta({ title: 'At most', ui: { advanced: true } }),
  }),
  output: z.object({ files: z.array(fileInfoSchema), count: z.int() }),
  sample: { files: [sampleInfo], count: 1 },
  async run({ input, files, signal }) {
    const found = await files.list(input.folder, input.glob, signal)
    const listed = found.toSorted(ORDERS[input.sort]).slice(0, input.limit)
    return { output: { files: listed, count: listed.length } }
  },
})
