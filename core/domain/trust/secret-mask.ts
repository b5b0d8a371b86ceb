/** Hides secrets in text. What is found becomes `[secret: <name>]`. */
export type SecretMask = {
  /** Finds every form of every secret; null where there is none to hide. Global: set `lastIndex` before use. */
  readonly pattern: RegExp | null
  /** What stands in the place of a match of the pattern. */
  labelOf(match: string): string
  /** Characters of the longest form. */
  readonly longest: number
}

/** A secret, by the name of its credential. */
export type KnownSecret = { readonly name: string; readonly value: string }

export const NO_SECRETS: SecretMask = { pattern: null, labelOf: (match) => match, longest: 0 }

/** Characters from which a secret is hidden wherever it stands; a shorter one would shred ordinary text. */
const ANYWHERE = 8
/** Characters from which a secret is hidden where it stands as a word of its own. */
const AS_A_WORD = 6

/** Characters of a form that a pattern spells out: engines refuse one of more than 65,535 at a time. */
const AS_A_TEXT = 4_096

/**
 * A mask for secrets in every spelling in which a program may send them back: as they are, inside JSON, in an address or a form, in
 * HTML, in hex, and in base64 at any offset. `encode` turns each form into the characters in which the text is written.
 */
export function createSecretMask(
  secrets: readonly KnownSecret[],
  encode: (text: string) => string = (text) => text,
): SecretMask {
  const labels = new Map<string, string>()
  for (const { name, value } of secrets) {
    const label = encode(`[secret: ${plainName(name)}]`)
    for (const form of formsOf(value)) if (!labels.has(encode(form))) labels.set(encode(form), label)
  }
  if (labels.size === 0) return NO_SECRETS
  const longLabels = new Map([...labels].map(([form, label]) => [form.slice(0, AS_A_TEXT), label]))
  // The longest first, so that what contains another form is hidden as a whole.
  const forms = [...labels.keys()].sort((a, b) => b.length - a.length)
  return {
    pattern: new RegExp(forms.map(asPattern).join('|'), 'g'),
    labelOf: (match) => labels.get(match) ?? longLabels.get(match.slice(0, AS_A_TEXT)) ?? match,
    longest: forms[0]?.length ?? 0,
  }
}

/** Whether a secret stands in a text. */
export function holdsSecret({ pattern }: SecretMask, text: string): boolean {
  if (pattern === null) return false
  pattern.lastIndex = 0
  return pattern.test(text)
}

/** A text without secrets. The same text where there is none in it. */
export function maskText(mask: SecretMask, text: string): string {
  return mask.pattern === null ? text : text.replace(mask.pattern, mask.labelOf)
}

/** A value without secrets in its texts and names. The same value where there is none in it. */
export function maskValue<Value>(mask: SecretMask, value: Value): Value {
  if (mask.pattern === null) return value
  return maskDeep(mask, value) as Value // of the same shape: only texts are exchanged for texts
}

function maskDeep(mask: SecretMask, value: unknown): unknown {
  if (typeof value === 'string') return maskText(mask, value)
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) {
    const items = value.map((item: unknown) => maskDeep(mask, item))
    return items.some((item, at) => item !== value[at]) ? items : value
  }
  let differs = false
  const members = Object.entries(value).map(([key, item]: [string, unknown]) => {
    const member: [string, unknown] = [maskText(mask, key), maskDeep(mask, item)]
    differs ||= member[0] !== key || member[1] !== item
    return member
  })
  return differs ? Object.fromEntries(members) : value
}

/** A name as it may stand in JSON, HTML, an address and a log alike. */
function plainName(name: string): string {
  return name.replace(/[^\p{L}\p{N} ._@-]/gu, '_')
}

/** Short ones must not be part of a longer word. One that is very long is told by how it begins, and hidden in its whole length. */
function asPattern(form: string): string {
  const rest = form.length - AS_A_TEXT
  if (rest > 0) return `${asPattern(form.slice(0, AS_A_TEXT))}[^]{0,${rest}}`
  const literal = form.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')
  return form.length >= ANYWHERE ? literal : `(?<![A-Za-z0-9])${literal}(?![A-Za-z0-9])`
}

const jsonInside = (text: string): string => JSON.stringify(text).slice(1, -1)
const percent = (text: string): string => encodeURIComponent(text.toWellFormed())
const lowerHex = (text: string): string => text.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase())
const strictPercent = (text: string): string =>
  percent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)

/** The ways in which programs write a text into another one. */
const ENCODERS: readonly ((text: string) => string)[] = [
  jsonInside,
  (text) => jsonInside(text).replaceAll('/', '\\/'),
  (text) =>
    jsonInside(text).replace(/[\u007f-\uffff]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`),
  percent,
  strictPercent,
  (text) => lowerHex(percent(text)),
  (text) => lowerHex(strictPercent(text)),
  (text) => percent(text).replaceAll('%2F', '/'),
  (text) => new URLSearchParams([['', text]]).toString().slice(1),
  (text) => encodeURI(text.toWellFormed()),
  (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;'),
  (text) =>
    text
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll('"', '&#34;')
      .replaceAll("'", '&#39;'),
]

function formsOf(value: string): Set<string> {
  const forms = new Set<string>()
  if (value.length < AS_A_WORD) return forms
  forms.add(value)
  // Nearly every key consists of characters that all of these leave alone.
  if (!/^[A-Za-z0-9_.-]*$/.test(value)) {
    for (const encode of ENCODERS) {
      const once = encode(value)
      forms.add(once)
      // JSON, or an address, inside JSON.
      forms.add(jsonInside(once))
    }
  }
  for (const form of base64Forms(value)) forms.add(form)
  const hex = toHex(value)
  forms.add(hex).add(hex.toUpperCase())
  return forms
}

/**
 * What a text looks like inside base64, at each of the three offsets: those characters that its neighbours have no part in; and in both
 * alphabets. Those of short ones are too short to be told from others.
 */
function base64Forms(value: string): string[] {
  const bytes = new TextEncoder().encode(value)
  return [0, 1, 2].flatMap((offset) => {
    const padded = new Uint8Array(offset + bytes.length)
    padded.set(bytes, offset)
    const text = toBase64(padded)
    // Each character holds six bits: those of the filling before, and those that run into what comes after, are left out.
    const part = text.slice(Math.ceil((offset * 8) / 6), Math.floor((padded.length * 8) / 6))
    if (part.length < ANYWHERE) return []
    return [part, part.replaceAll('+', '-').replaceAll('/', '_')]
  })
}

function toHex(value: string): string {
  let hex = ''
  for (const byte of new TextEncoder().encode(value)) hex += byte.toString(16).padStart(2, '0')
  return hex
}

function toBase64(bytes: Uint8Array): string {
  let binary = ''
  for (const byte of bytes) binary += String.fromCharCode(byte)
  return btoa(binary)
}
