import type { IncomingMessage } from 'node:http'
import type { Json } from '../domain/json.ts'

/** The address as the sender called it, as far as the tunnel tells. */
export function publicUrl(request: IncomingMessage): string {
  const protocol = request.headers['x-forwarded-proto'] === 'https' ? 'https' : 'http'
  return `${protocol}://${request.headers['x-forwarded-host'] ?? request.headers.host ?? ''}${request.url ?? ''}`
}

/** Path and query of a request line. */
export function splitUrl(url: string): [path: string, query: string] {
  const at = url.indexOf('?')
  return at < 0 ? [url, ''] : [url.slice(0, at), url.slice(at + 1)]
}

/** Lower-case names; a header that came more than once is joined, as HTTP allows. */
export function plainHeaders(request: IncomingMessage): Record<string, string> {
  const headers: Record<string, string> = Object.create(null)
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value
  }
  return headers
}

/** Whether the event's parsed body gives back exactly the bytes that were sent, so that they need not be kept twice. */
export function isReproducible(raw: Uint8Array, body: Json): boolean {
  if (body === null) return raw.length === 0
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  return Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength).equals(Buffer.from(text, 'utf8'))
}
