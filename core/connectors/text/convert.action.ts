import { z } from 'zod'
import { jsonSchema } from '../../domain/values/json.ts'
import { defineAction } from '../define.ts'
import { openSource, withSource } from '../kit/file-value.ts'
import { keepText } from '../kit/heavy-pieces.ts'

const LABELS = { markdown: 'Markdown', html: 'HTML', text: 'Plain text' }

/** Converts between Markdown (CommonMark, with what GitHub adds), HTML and plain text. */
export const textConvert = defineAction({
  id: 'text.convert',
  title: 'Convert text',
  description: 'Makes HTML of Markdown, Markdown of HTML, or plain text of both.',
  keywords: [
    'markdown',
    'html',
    'markdown to html',
    'html to text',
    'html to markdown',
    'convert',
    'strip tags',
    'format',
  ],
  icon: 'file-type',
  category: 'data',
  summary: '{from} to {to}',
  effect: 'none',
  takesLarge: true,
  input: z.strictObject({
    text: jsonSchema.meta({
      title: 'Text',
      description: 'The text, or a file from an earlier step.',
      ui: { widget: 'template-long' },
    }),
    from: z.enum(['markdown', 'html']).meta({ title: 'It is', ui: { labels: LABELS } }),
    to: z.enum(['html', 'markdown', 'text']).meta({ title: 'It becomes', ui: { labels: LABELS } }),
  }),
  output: z.object({ text: jsonSchema }),
  sample: { text: '<h1>Hello</h1>\n<p>A <strong>bold</strong> word.</p>\n' },
  run: ({ input: { text, from, to }, files, large, heavy }) => {
    if (text === '') return Promise.resolve({ output: { text: '' } })
    const own = { called: 'the text itself', extensions: [] }
    return withSource(openSource({ files, large }, text, 'text', own), async (source) => {
      const kept = await keepText(heavy('text.convert', source.stream(), { from, to }), 'text', large)
      return { output: { text: kept.text } }
    })
  },
})
