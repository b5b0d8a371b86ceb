import type { IncomingMessage } from 'node:http'
import type { Json } from '../domain/values/json.ts'
import { isStorableAsSent, toStored } from '../domain/values/stored-json.ts'
import type { ParsedBody } from './parse-body.ts'
import { parseForm } from './parse-form.ts'

/** Path and query of a request line. */
export function splitUrl(url: string): [path: string, query: string] {
  const at = url.indexOf('?')
  return at < 0 ? [url, ''] : [url.slice(0, at), url.slice(at + 1)]
}

/**
 * Lower-case names; a header that came more than once is joined, as HTTP allows. Cookies of Hookline itself are left out: browsers send
 * those that an earlier version set on 127.0.0.1 to every port there.
 */
export function plainHeaders(request: Pick<IncomingMessage, 'headers'>): Record<string, string> {
  const headers: Record<string, string> = Object.create(null)
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value
  }
  if (headers.cookie?.includes(OWN_COOKIES)) {
    const foreign = headers.cookie.split(';').filter((cookie) => !cookie.trimStart().startsWith(OWN_COOKIES))
    if (foreign.length === 0) delete headers.cookie
    else headers.cookie = foreign.join(';').trimStart()
  }
  return headers
}

const OWN_COOKIES = 'hookline_'

/** A request as its trigger's output: as a value, and as the text that is stored. */
export type RequestEvent = {
  readonly data: Json
  /** What is stored of `data`: as `toStored` writes it, but for a body that can be stored as it was sent. */
  readonly json: string
  /** Whether `json` has exactly the bytes that were sent, so that they need not be kept twice. */
  readonly isReproducible: boolean
}

export function requestEvent(request: {
  method: string
  path: string
  query: string
  headers: Readonly<Record<string, string>>
  raw: Uint8Array
  parsed: ParsedBody
  receivedAt: number
  remoteAddress: string | null
}): RequestEvent {
  const { method, headers, remoteAddress, raw } = request
  const { body, note, rawBody, exactText, isFile = false } = request.parsed
  const head = { method, path: request.path.replace(/^\/hooks\//, ''), query: parseForm(request.query), headers }
  const tail = {
    ...(rawBody === undefined && note === null ? {} : { rawBody: rawBody ?? (typeof body === 'string' ? body : null) }),
    ...(note === null ? {} : { note }),
    receivedAt: new Date(request.receivedAt).toISOString(),
    remoteAddress,
  }
  // To write what was just read takes as long as to read it.
  const asSent = note === null && exactText !== undefined && isStorableAsSent(exactText) ? exactText : undefined
  const bodyJson = asSent ?? toStored(body)
  return {
    data: { ...head, body, ...tail },
    json: `${toStored(head).slice(0, -1)},"body":${bodyJson},${toStored(tail).slice(1)}`,
    isReproducible:
      isFile ||
      asSent !== undefined ||
      (body === null ? raw.length === 0 : isUtf8Of(typeof body === 'string' ? body : bodyJson, raw, exactText)),
  }
}

/** `exactText`: what the bytes are known to say; to compare texts takes a tenth of the time. */
function isUtf8Of(text: string, bytes: Uint8Array, exactText: string | undefined): boolean {
  if (exactText !== undefined) return text === exactText
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).equals(Buffer.from(text, 'utf8'))
}
