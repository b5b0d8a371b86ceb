/** The parts of a `content-type` that say how a body is read; lower case, and empty where they are not given. */
export type ContentType = { readonly type: string; readonly charset: string }

export function readContentType(header: string | undefined): ContentType {
  const [type = '', ...parameters] = (header ?? '').split(';')
  const charset = parameters
    .map((part) => /^\s*charset\s*=\s*"?([^"]*?)"?\s*$/i.exec(part)?.[1])
    .find((found) => found !== undefined)
  return { type: type.trim().toLowerCase(), charset: (charset ?? '').toLowerCase() }
}

export const isXml = (type: string): boolean =>
  type === 'application/xml' || type === 'text/xml' || type.endsWith('+xml')

const utf8 = new TextDecoder('utf-8', { fatal: true })

/** Bytes of an XML document in which its own word on the encoding stands, if it has one. */
const XML_HEAD = 200

/** The text of a body, in the charset that it names, or else as UTF-8; null when it is no text in either. */
export function bodyText(raw: Uint8Array, { type, charset }: ContentType): string | null {
  const named = charset === '' && isXml(type) ? xmlCharset(raw) : charset
  return decode(raw, named === '' ? markedCharset(raw) : named)
}

function decode(raw: Uint8Array, charset: string): string | null {
  try {
    return (charset === 'utf-8' ? utf8 : new TextDecoder(charset, { fatal: true })).decode(raw)
  } catch {
    // An unknown charset must not lose what may be plain UTF-8.
    return charset === 'utf-8' ? null : decode(raw, 'utf-8')
  }
}

/** `<?xml version="1.0" encoding="…"?>`; the letters of it are the same in every encoding that can be written there but UTF-16. */
function xmlCharset(raw: Uint8Array): string {
  const head = Buffer.from(raw.buffer, raw.byteOffset, Math.min(raw.byteLength, XML_HEAD)).toString('latin1')
  return /^<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']/.exec(head)?.[1]?.toLowerCase() ?? ''
}

/** UTF-16 gives itself away by its first two bytes. */
function markedCharset(raw: Uint8Array): string {
  if (raw[0] === 0xff && raw[1] === 0xfe && raw.length % 2 === 0) return 'utf-16le'
  if (raw[0] === 0xfe && raw[1] === 0xff && raw.length % 2 === 0) return 'utf-16be'
  return 'utf-8'
}
