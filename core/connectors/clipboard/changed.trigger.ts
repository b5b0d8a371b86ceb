import { z } from 'zod'
import { defineTrigger } from '../define.ts'

/** Starts when another text is in the clipboard. */
export const clipboardChanged = defineTrigger({
  id: 'clipboard.changed',
  title: 'Clipboard changed',
  description:
    'Starts when you copy a text. Passwords that you copy are among them: let the zap pass on only what it needs.',
  keywords: ['clipboard', 'copy', 'copied text', 'pasteboard', 'clipboard manager'],
  icon: 'clipboard',
  category: 'manual',
  summary: 'when a text is copied',
  desktop: 'clipboard',
  input: z.strictObject({}),
  output: z.object({ text: z.string() }),
  sample: { text: 'https://example.com/article' },
  source: {
    from: 'watch',
    watch: ({ desktop, emit }) => desktop.onClipboard((text) => emit({ key: null, data: { text } })),
  },
})
