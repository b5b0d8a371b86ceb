import { z } from 'zod'
import { jsonSchema } from '../../domain/values/json.ts'
import { defineAction } from '../define.ts'
import { bytesOf } from '../kit/file-value.ts'
import { keepText, piecesOf } from '../kit/heavy-pieces.ts'
import { textOutput } from '../kit/rows.ts'
import { CODINGS, encoded } from './recode.ts'

export const codingField = z.enum(CODINGS).meta({
  title: 'As',
  ui: {
    labels: {
      base64: 'Base64',
      base64url: 'Base64 for addresses',
      hex: 'Hex',
      url: 'Part of an address',
      html: 'HTML',
    },
  },
})

/** Bytes, or characters, from which a thread does the work. */
export const LONG = 100_000

/** Writes a text or a file in other characters. */
export const dataEncode = defineAction({
  id: 'data.encode',
  title: 'Encode',
  description: 'Writes a text or a file as Base64, hex, part of an address, or HTML.',
  keywords: [
    'base64',
    'base64 encode',
    'url encode',
    'hex',
    'escape html',
    'encode',
    'percent encoding',
    'file to base64',
  ],
  icon: 'binary',
  category: 'data',
  summary: '{as}',
  effect: 'none',
  takesLarge: true,
  input: z.strictObject({
    value: jsonSchema.meta({
      title: 'Text or file',
      ui: { widget: 'template-long', placeholder: '{{ hook.body.photo }}' },
    }),
    as: codingField,
  }),
  output: z.object({ text: textOutput }),
  sample: { text: 'aGVsbG8=' },
  async run({ input: { value, as }, large, heavy }) {
    const bytes = await bytesOf(large, value)
    if (bytes.length <= LONG) return { output: { text: encoded(bytes, as) } }
    const { text } = await keepText(heavy('data.recode', piecesOf(bytes), { way: 'encode', as }), 'text', large)
    return { output: { text } }
  },
})
