import { z } from 'zod'
import { jsonSchema, textOf } from '../../domain/values/json.ts'
import { defineAction } from '../define.ts'
import { fileValueSchema, keepFile } from '../kit/file-value.ts'
import { keepText, piecesOf } from '../kit/heavy-pieces.ts'
import { textOutput } from '../kit/rows.ts'
import { codingField, LONG } from './encode.action.ts'
import { decoded } from './recode.ts'

/** Reads what was encoded. */
export const dataDecode = defineAction({
  id: 'data.decode',
  title: 'Decode',
  description: 'Reads Base64, hex, a part of an address, or HTML back into a text or a file.',
  keywords: ['base64 decode', 'url decode', 'unescape html', 'decode', 'base64 to file', 'convert to file', 'hex'],
  icon: 'package-open',
  category: 'data',
  summary: '{as}',
  effect: 'none',
  input: z.strictObject({
    value: jsonSchema.meta({ title: 'Encoded text', ui: { widget: 'template-long' } }),
    as: codingField,
    filename: z
      .string()
      .max(255)
      .optional()
      .meta({
        title: 'File name',
        description: 'Gives a file of this name, also where it is text.',
        ui: { widget: 'template', placeholder: 'photo.jpg', advanced: true },
      }),
    contentType: z
      .string()
      .max(255)
      .optional()
      .meta({ title: 'Type of the file', ui: { widget: 'template', placeholder: 'image/jpeg', advanced: true } }),
  }),
  output: z.object({ text: textOutput, file: fileValueSchema.optional() }),
  sample: { text: 'hello' },
  async run({ input: { value, as, filename, contentType }, large, heavy }) {
    const given = textOf(value)
    const isWanted = filename !== undefined || contentType !== undefined
    if (given.length <= LONG) {
      const { text, bytes } = decoded(given, as)
      if (bytes === undefined || (text !== undefined && !isWanted)) return { output: { text: text ?? '' } }
      return { output: { text: text ?? '', file: await keepFile(large, filename ?? 'file', bytes, contentType) } }
    }
    const { text, rest } = await keepText(heavy('data.recode', piecesOf(given), { way: 'decode', as }), 'text', large)
    if (rest.length === 0 || (text !== '' && !isWanted)) return { output: { text } }
    return { output: { text, file: await keepFile(large, filename ?? 'file', Buffer.concat(rest), contentType) } }
  },
})
