import { z } from 'zod'
import { StepError } from '../../domain/runs/step-error.ts'
import type { HeavyTask } from '../heavy-work.ts'
import { gather } from '../kit/heavy-pieces.ts'

/** How bytes and texts are written so that they pass through what takes only some characters. */
export const CODINGS = ['base64', 'base64url', 'hex', 'url', 'html'] as const

type Coding = (typeof CODINGS)[number]

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Bytes in other characters. */
export function encoded(bytes: Uint8Array, as: Coding): string {
  const content = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (as === 'base64' || as === 'base64url' || as === 'hex') return content.toString(as)
  const text = content.toString('utf8')
  // A half of a character that is two in JavaScript has no place in an address.
  if (as === 'url') return encodeURIComponent(text.toWellFormed())
  return text.replace(/[&<>"']/g, (char) => ENTITIES[char] ?? char)
}

/**
 * What was encoded: a text, where it is one, and bytes where it may be something else.
 *
 * @throws StepError `bad-input` that says what does not belong there.
 */
export function decoded(text: string, as: Coding): { readonly text: string | undefined; readonly bytes?: Uint8Array } {
  if (as === 'html') return { text: decodeHtml(text) }
  if (as === 'url') return { text: decodeAddress(text) }
  const bytes = decodeBytes(text, as)
  return { text: textIn(bytes), bytes }
}

const optionsSchema = z.object({ way: z.enum(['encode', 'decode']), as: z.enum(CODINGS) })

/** The same of long content, in a thread. What is decoded comes as text, where it is one, and as bytes where it may be something else, one after the other. */
export const recode: HeavyTask = async function* (content, given) {
  const { way, as } = optionsSchema.parse(given)
  const whole = await gather(content)
  if (way === 'encode') yield encoded(whole, as)
  else {
    const { text, bytes } = decoded(Buffer.from(whole).toString('utf8'), as)
    if (text !== undefined) yield text
    if (bytes !== undefined) yield bytes
  }
}

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
