/** The parts of a `content-type` that say how a body is read; empty where they are not given. */
export type ContentType = {
  /** Lower case. */
  readonly type: string
  /** Lower case. */
  readonly charset: string
  readonly boundary: string
}

/** Characters of a header that are looked at: a real one has not a tenth of them. */
const MAX_CHARS = 1_000

export function readContentType(header = ''): ContentType {
  if (header === last.header) return last.read
  const read = readHeader(header)
  last = { header, read }
  return read
}

/** Most senders send one type alone. */
let last = { header: '', read: readHeader('') }

function readHeader(header: string): ContentType {
  const [type = '', ...parameters] = header.slice(0, MAX_CHARS).split(';')
  const found = new Map<string, string>()
  for (const parameter of parameters) {
    const equals = parameter.indexOf('=')
    const name = parameter.slice(0, equals).trim().toLowerCase()
    if (equals > 0 && !found.has(name)) found.set(name, unquoted(parameter.slice(equals + 1).trim()))
  }
  return {
    type: type.trim().toLowerCase(),
    charset: (found.get('charset') ?? '').trim().toLowerCase(),
    boundary: found.get('boundary') ?? '',
  }
}

/** A value without the quotes around it. One with a quote at one end alone is meant to have none, as senders with a broken one show. */
function unquoted(value: string): string {
  const start = value.startsWith('"') ? 1 : 0
  const end = value.endsWith('"') && value.length > start ? value.length - 1 : value.length
  return value.slice(start, end)
}

export const isXml = (type: string): boolean =>
  type === 'application/xml' || type === 'text/xml' || type.endsWith('+xml')

/** A body's text, and a note where its charset had to be guessed. `isExact`: written as UTF-8 it is the very bytes. */
export type BodyText = { readonly text: string; readonly note: string | null; readonly isExact: boolean }

const utf8 = new TextDecoder('utf-8', { fatal: true })
const windows1252 = new TextDecoder('windows-1252')

/** Bytes of an XML document in which its own word on the encoding stands, if it has one. */
const XML_HEAD = 200

/**
 * The text of a body: in the charset that it names, or else as UTF-8; what is not UTF-8 either is read as Windows-1252, with a note, as long as
 * it looks like text at all. Null when it is none.
 */
export function bodyText(raw: Uint8Array, { type, charset }: ContentType): BodyText | null {
  const named = charset === '' && isXml(type) ? xmlCharset(raw) : charset
  const marked = markedCharset(raw)
  const wanted = named === '' ? marked : named
  const decoder = wanted === 'utf-8' ? utf8 : decoderOf(wanted)
  const text = decoder === null ? null : decode(raw, decoder)
  if (text !== null) return { text, note: null, isExact: decoder === utf8 && !hasUtf8Mark(raw) }
  if (wanted !== 'utf-8') {
    const plain = decode(raw, utf8)
    const why = decoder === null ? 'which is not known' : 'in which it is not'
    if (plain !== null)
      return {
        text: plain,
        note: `It is said to be in "${wanted.slice(0, 40)}", ${why}; it was read as UTF-8.`,
        isExact: !hasUtf8Mark(raw),
      }
  }
  if (type === '' || isMarked(raw) || !looksLikeText(raw)) return null
  const said =
    named === ''
      ? 'It names no charset and is not UTF-8'
      : `It is said to be in "${wanted.slice(0, 40)}", in which it is not`
  return { text: windows1252.decode(raw), note: `${said}; it was read as Windows-1252.`, isExact: false }
}

function decoderOf(charset: string): InstanceType<typeof TextDecoder> | null {
  try {
    return new TextDecoder(charset, { fatal: true })
  } catch {
    return null
  }
}

function decode(raw: Uint8Array, decoder: InstanceType<typeof TextDecoder>): string | null {
  try {
    return decoder.decode(raw)
  } catch {
    return null
  }
}

/** Text has no control characters but tabs, line ends, form feeds and escapes. */
function looksLikeText(raw: Uint8Array): boolean {
  return raw.every((byte) => byte >= 0x20 || (byte >= 0x09 && byte <= 0x0d) || byte === 0x1b)
}

/** `<?xml version="1.0" encoding="…"?>`; the letters of it are the same in every encoding that can be written there but UTF-16. */
const XML_ENCODING = /^<\?xml[^>]{0,150}?encoding\s{0,9}=\s{0,9}["']([A-Za-z0-9._-]{1,40})["']/

function xmlCharset(raw: Uint8Array): string {
  const head = Buffer.from(raw.buffer, raw.byteOffset, Math.min(raw.byteLength, XML_HEAD)).toString('latin1')
  return XML_ENCODING.exec(head)?.[1]?.toLowerCase() ?? ''
}

/** UTF-16 gives itself away by its first two bytes. */
function markedCharset(raw: Uint8Array): string {
  if (!isMarked(raw) || raw.length % 2 !== 0) return 'utf-8'
  return raw[0] === 0xff ? 'utf-16le' : 'utf-16be'
}

/** A byte order mark, which reading leaves out. */
function hasUtf8Mark(raw: Uint8Array): boolean {
  return raw[0] === 0xef && raw[1] === 0xbb && raw[2] === 0xbf
}

function isMarked(raw: Uint8Array): boolean {
  return (raw[0] === 0xff && raw[1] === 0xfe) || (raw[0] === 0xfe && raw[1] === 0xff)
}
