import { z } from 'zod'
import { jsonSchema, textOf } from '../../domain/values/json.ts'
import { defineAction } from '../define.ts'
import { bytesOf } from '../kit/file-value.ts'

/** How bytes and texts are written so that they pass through what takes only some characters. */
export const CODINGS = ['base64', 'base64url', 'hex', 'url', 'html'] as const

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

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

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
  output: z.object({ text: z.string() }),
  sample: { text: 'aGVsbG8=' },
  async run({ input: { value, as }, large }) {
    const bytes = Buffer.from(await bytesOf(large, value))
    if (as === 'base64' || as === 'base64url' || as === 'hex') return { output: { text: bytes.toString(as) } }
    const text = bytes.toString('utf8')
    // A half of a character that is two in JavaScript has no place in an address.
    if (as === 'url') return { output: { text: encodeURIComponent(text.toWellFormed()) } }
    return { output: { text: textOf(text).replace(/[&<>"']/g, (char) => ENTITIES[char] ?? char) } }
  },
})
