import { z } from 'zod'
import type { FileInfo } from '../action-context.ts'
import { defineAction } from '../define.ts'
import { numberField } from '../kit/from-text.ts'
import { fileInfoSchema, folderField, folderTouch, globField, sampleInfo } from './fields.ts'

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
  touches: ({ folder }) => folderTouch(folder, 'reads'),
  input: z.strictObject({
    folder: folderField,
    glob: globField('*', '**/ before it looks into folders too.'),
    sort: z
      .enum(['name', 'modified', 'size'])
      .default('name')
      .meta({ title: 'Order', ui: { labels: { name: 'By name', modified: 'Newest first', size: 'Largest first' } } }),
    limit: numberField(z.int().min(1).max(100_000))
      .prefault(1_000)
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
