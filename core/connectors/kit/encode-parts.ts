import { randomBytes } from 'node:crypto'
import type { FormPart } from '../app-request.ts'

/** Parts as `multipart/form-data` (RFC 7578), with a boundary that is in none of them. */
export function encodeParts(parts: readonly FormPart[]): { content: Uint8Array; contentType: string } {
  const boundary = `hookline-${randomBytes(18).toString('hex')}`
  const pieces = parts.flatMap((part) => {
    const isFile = 'content' in part
    const name = `form-data; name="${quoted(part.name)}"`
    const type = part.contentType === undefined ? '' : `\r\nContent-Type: ${part.contentType.replace(/[\r\n]/g, '')}`
    const head = `${name}${isFile ? `; filename="${quoted(part.filename)}"` : ''}${type}`
    const content = isFile ? part.content : Buffer.from(part.value, 'utf8')
    return [Buffer.from(`--${boundary}\r\nContent-Disposition: ${head}\r\n\r\n`, 'utf8'), content, Buffer.from('\r\n')]
  })
  return {
    content: Buffer.concat([...pieces, Buffer.from(`--${boundary}--\r\n`)]),
    contentType: `multipart/form-data; boundary=${boundary}`,
  }
}

/** As browsers write it (https://html.spec.whatwg.org/#multipart-form-data). */
function quoted(text: string): string {
  return text.replaceAll('"', '%22').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}
