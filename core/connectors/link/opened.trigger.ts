import { z } from 'zod'
import { defineTrigger } from '../define.ts'

/** Starts when a link of Hookline's own is opened on this computer. */
export const linkOpened = defineTrigger({
  id: 'link.opened',
  title: 'Link opened',
  description:
    'Starts when a link hookline://link/NAME is opened on this computer, by a bookmark, a note or another app.',
  keywords: ['deep link', 'url scheme', 'bookmark', 'custom protocol', 'open url', 'x-callback-url', 'stream deck'],
  icon: 'link',
  category: 'manual',
  summary: '{name}',
  desktop: 'links',
  input: z.strictObject({
    name: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/, {
        error: 'begins with a letter or digit, and takes letters, digits, "_" and "-", 64 at most',
      })
      .meta({
        title: 'Name',
        description:
          'The link is hookline://link/NAME; what stands behind a ? in it is handed over: hookline://link/NAME?city=Rome.',
        ui: { widget: 'text', placeholder: 'log-work' },
      }),
  }),
  output: z.object({ name: z.string(), query: z.record(z.string(), z.string()) }),
  sample: { name: 'log-work', query: { hours: '2' } },
  source: {
    from: 'watch',
    watch: ({ input, desktop, emit }) =>
      desktop.onLink((link) => {
        if (link.name.toLowerCase() === input.name.toLowerCase()) emit({ key: null, data: link })
      }),
  },
})
