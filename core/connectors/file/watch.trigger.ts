import { z } from 'zod'
import { parseDuration } from '../../domain/time/duration.ts'
import { defineTrigger } from '../define.ts'
import { FOLDER_EVENTS } from '../trigger-sources.ts'
import { folderField, folderTouch, globField } from './fields.ts'

const MAX_SETTLE_MS = 3_600_000

/** Starts when files come into a folder, change or go away. */
export const fileWatch = defineTrigger({
  id: 'file.watch',
  title: 'Watch folder',
  description: 'Starts when a file comes into a folder, changes or goes away.',
  keywords: [
    'watch',
    'folder',
    'new file',
    'file trigger',
    'local file trigger',
    'watch in',
    'hot folder',
    'downloads',
    'hazel',
    'file changed',
  ],
  icon: 'folder-search',
  category: 'file',
  summary: '{folder} {glob}',
  touches: ({ folder }) => folderTouch(folder, 'reads'),
  input: z.strictObject({
    folder: folderField,
    glob: globField('**/*', '**/ before it watches the folders in it too.'),
    events: z
      .array(z.enum(FOLDER_EVENTS))
      .min(1, { error: 'needs at least one' })
      .default(['created'])
      .meta({
        title: 'Starts when a file',
        ui: { labels: { created: 'comes', changed: 'is changed', removed: 'goes away' } },
      }),
    settle: z
      .string()
      .default('1s')
      .refine((text) => (parseDuration(text) ?? MAX_SETTLE_MS + 1) <= MAX_SETTLE_MS, {
        error: 'must be a length of time up to an hour, such as 1s or 2m',
      })
      .meta({
        title: 'Wait until it is whole',
        description: 'A file counts when nothing was written to it for so long.',
        ui: { widget: 'duration', advanced: true },
      }),
    existing: z
      .enum(['ignore', 'run'])
      .default('ignore')
      .meta({
        title: 'Files that are there already',
        description: 'When the zap is switched on.',
        ui: { labels: { ignore: 'Leave them', run: 'Start a run for each' } },
      }),
  }),
  output: z.object({
    event: z.enum(FOLDER_EVENTS),
    path: z.string(),
    name: z.string(),
    folder: z.string(),
    extension: z.string(),
    bytes: z.int(),
    modifiedAt: z.string(),
  }),
  sample: {
    event: 'created',
    path: '/home/ada/Downloads/invoice-42.pdf',
    name: 'invoice-42.pdf',
    folder: '/home/ada/Downloads',
    extension: 'pdf',
    bytes: 84_213,
    modifiedAt: '2026-11-24T09:30:00.000Z',
  },
  source: {
    from: 'folder',
    watches: ({ folder, glob, events, settle, existing }) => ({
      folder,
      glob,
      events,
      settleMs: parseDuration(settle) ?? 1_000,
      existing,
    }),
  },
})
