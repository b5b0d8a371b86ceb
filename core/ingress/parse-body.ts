import type { Json } from '../domain/json.ts'
import type { LargeValue } from '../domain/large-value.ts'
import { bodyText, readContentType } from './body-text.ts'
import { parseForm } from './parse-form.ts'
import { parseMultipart } from './parse-multipart.ts'

/** What a request's body says, and a note where it could not be read as what it claims to be. `isFile`: `body` stands for a kept file. */
export type ParsedBody = { readonly body: Json; readonly note: string | null; readonly isFile?: true }

/** Keeps bytes as a file; resolves when it is on the disk. */
export type KeepBytes = (content: Uint8Array) => Promise<LargeValue>

/** Types of which the bytes count, whether or not they happen to be text. */
const BINARY =
  /^(?:image|audio|video|font)\/(?!svg\+xml$)|^application\/(?:octet-stream|pdf|zip|gzip|x-tar|x-7z-compressed|x-protobuf|protobuf|msgpack|cbor)$/

/**
 * Reads a body by its content type: JSON, form, multipart and text as what they are; what claims to be JSON and is not, stays text;
 * what is no text at all becomes a file. Nothing is ever refused here, because what was sent should not be lost. Only what goes into
 * files has to be waited for.
 */
export function parseBody(
  raw: Uint8Array,
  contentType: string | undefined,
  keepBytes: KeepBytes,
): ParsedBody | Promise<ParsedBody> {
  if (raw.length === 0) return { body: null, note: null }
  const content = readContentType(contentType)
  const { type } = content
  if (type === 'multipart/form-data') return parseMultipart(raw, contentType ?? '', keepBytes)
  const text = BINARY.test(type) ? null : bodyText(raw, content)
  if (text === null) return keepBytes(raw).then((body) => ({ body, note: null, isFile: true }))
  if (type === 'application/json' || type.endsWith('+json')) {
    return parseJson(text, 'The body is not valid JSON; it is kept as text.')
  }
  if (type === 'application/x-www-form-urlencoded') {
    return sentAsForm(text) ?? { body: parseForm(text, content.charset), note: null }
  }
  // Senders that name no type mostly mean JSON; what does not parse is simply text.
  if (type === '' && /^\s*[[{]/.test(text)) return parseJson(text, null)
  return { body: text, note: null }
}

/** JSON that its sender called a form, as `curl -d` does; a form would have its brackets written as `%7B`. */
function sentAsForm(text: string): ParsedBody | null {
  if (!/^\s*[[{]/.test(text)) return null
  const parsed = parseJson(text, null)
  return typeof parsed.body === 'string' ? null : parsed
}

function parseJson(text: string, note: string | null): ParsedBody {
  try {
    return { body: JSON.parse(text), note: null }
  } catch {
    return { body: text, note }
  }
}
