import { z } from 'zod'
import { StepError } from '../../domain/runs/step-error.ts'
import { jsonSchema, textOf } from '../../domain/values/json.ts'
import { defineAction } from '../define.ts'
import { fileValueSchema, keepFile } from '../kit/file-value.ts'
import { codingField } from './encode.action.ts'

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
  output: z.object({ text: z.string(), file: fileValueSchema.optional() }),
  sample: { text: 'hello' },
  async run({ input: { value, as, filename, contentType }, large }) {
    const text = textOf(value)
    if (as === 'html') return { output: { text: decodeHtml(text) } }
    if (as === 'url') return { output: { text: decodeAddress(text) } }
    const bytes = decodeBytes(text, as)
    const isWanted = filename !== undefined || contentType !== undefined
    const decoded = textIn(bytes)
    if (decoded !== undefined && !isWanted) return { output: { text: decoded } }
    const file = await keepFile(large, filename ?? 'file', bytes, contentType)
    return { output: { text: decoded ?? '', file } }
  },
})

function refusal(message: string): StepError {
  return new StepError({ code: 'bad-input', message, retryable: false })
}

/** Node reads what fits and leaves out the rest without a word, so it is looked at before. */
function decodeBytes(text: string, as: 'base64' | 'base64url' | 'hex'): Buffer {
  const bare = text.replace(/^data:[^,]{0,200};base64,/, '').replace(/\s/g, '')
  if (as === 'hex') {
    const digits = bare.replace(/^0x/i, '')
    if (digits.length % 2 !== 0) throw refusal('The text has an odd number of hex digits, and a byte has two.')
    const wrong = /[^0-9a-f]/i.exec(digits)
    if (wrong !== null) throw refusal(`The text is not hex: it holds “${wrong[0]}”.`)
    return Buffer.from(digits, 'hex')
  }
  // Both alphabets are read, as programs mix them; the signs at the end may be missing.
  const wrong = /[^A-Za-z0-9+/_=-]/.exec(bare) ?? /=[^=]/.exec(bare)
  if (wrong !== null) throw refusal(`The text is not Base64: it holds “${wrong[0]}” at character ${wrong.index + 1}.`)
  if (bare.replaceAll('=', '').length % 4 === 1)
    throw refusal('The text is not Base64: something of its end is missing.')
  return Buffer.from(bare, 'base64')
}

/** The text of bytes; undefined where they are none. */
function textIn(bytes: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
    return text.includes('\0') ? undefined : text
  } catch {
    return undefined
  }
}

function decodeAddress(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    throw refusal('The text is not part of an address: a “%” in it is not followed by two hex digits of UTF-8.')
  }
}

/** The names of characters that encoders write; what has another name stays as it is. */
const NAMED: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: '\u00a0',
  copy: '©',
  reg: '®',
  euro: '€',
  pound: '£',
  yen: '¥',
  cent: '¢',
  sect: '§',
  deg: '°',
  middot: '·',
  bull: '•',
  hellip: '…',
  ndash: '–',
  mdash: '—',
  lsquo: '‘',
  rsquo: '’',
  sbquo: '‚',
  ldquo: '“',
  rdquo: '”',
  bdquo: '„',
  laquo: '«',
  raquo: '»',
  times: '×',
  trade: '™',
  auml: 'ä',
  ouml: 'ö',
  uuml: 'ü',
  Auml: 'Ä',
  Ouml: 'Ö',
  Uuml: 'Ü',
  szlig: 'ß',
  eacute: 'é',
  egrave: 'è',
  agrave: 'à',
  ccedil: 'ç',
  ntilde: 'ñ',
}

function decodeHtml(text: string): string {
  return text.replace(
    /&(?:#x([0-9a-f]{1,6})|#([0-9]{1,7})|([a-z]{2,8}));/gi,
    (whole, hex?: string, decimal?: string, name?: string) => {
      if (name !== undefined) return Object.hasOwn(NAMED, name) ? (NAMED[name] ?? whole) : whole
      const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16)
      const isCharacter = code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff)
      return isCharacter ? String.fromCodePoint(code) : '\ufffd'
    },
  )
}
