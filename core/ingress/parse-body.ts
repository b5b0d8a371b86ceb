import type { Json } from '../domain/json.ts'

/** What a request's body says, and a note where it could not be read as what it claims to be. */
export type ParsedBody = { readonly body: Json; readonly note: string | null }

/**
 * Reads a body by its content type: JSON, form and text as what they are; what claims to be JSON and is not, stays text; what
 * is no text at all becomes base64. Nothing is ever refused here, because what was sent should not be lost.
 */
export function parseBody(raw: Uint8Array, contentType: string | undefined): ParsedBody {
  if (raw.length === 0) return { body: null, note: null }
  const { type, charset } = readContentType(contentType)
  const text = decode(raw, charset)
  if (text === null) {
    return { body: Buffer.from(raw).toString('base64'), note: 'The body is not text; it is kept as base64.' }
  }
  if (type === 'application/json' || type.endsWith('+json'))
    return parseJson(text, 'The body is not valid JSON; it is kept as text.')
  if (type === 'application/x-www-form-urlencoded') return { body: parseForm(text), note: null }
  // Senders that name no type mostly mean JSON; what does not parse is simply text.
  if (type === '' && /^\s*[[{]/.test(text)) return parseJson(text, null)
  return { body: text, note: null }
}

/** Query or form pairs as an object; a name that comes more than once has a list. */
export function parseForm(text: string): Json {
  const pairs: Record<string, string | string[]> = Object.create(null)
  for (const [name, value] of new URLSearchParams(text)) {
    const earlier = pairs[name]
    pairs[name] = earlier === undefined ? value : [...(Array.isArray(earlier) ? earlier : [earlier]), value]
  }
  return pairs
}

function parseJson(text: string, note: string | null): ParsedBody {
  try {
    return { body: JSON.parse(text), note: null }
  } catch {
    return { body: text, note }
  }
}

function readContentType(header: string | undefined): { type: string; charset: string } {
  const [type = '', ...parameters] = (header ?? '').split(';')
  const charset = parameters
    .map((part) => /^\s*charset="?([^"]*)"?\s*$/i.exec(part)?.[1])
    .find((found) => found !== undefined)
  return { type: type.trim().toLowerCase(), charset: charset ?? 'utf-8' }
}

const utf8 = new TextDecoder('utf-8', { fatal: true })

function decode(raw: Uint8Array, charset: string): string | null {
  try {
    return (charset === 'utf-8' ? utf8 : new TextDecoder(charset, { fatal: true })).decode(raw)
  } catch {
    return charset === 'utf-8' ? null : decode(raw, 'utf-8')
  }
}
