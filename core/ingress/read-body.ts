import type { IncomingMessage } from 'node:http'

/**
 * Whether a request's body can be read as it comes: its length is given and within `maxBytes`, and it is not compressed. Most webhooks
 * are like that; whatever else there is, is Express's business.
 */
export function hasPlainBody(request: IncomingMessage, maxBytes: number): boolean {
  const { headers } = request
  const length = headers['content-length']
  return (
    length !== undefined &&
    Number(length) <= maxBytes &&
    headers['content-encoding'] === undefined &&
    headers['transfer-encoding'] === undefined &&
    headers.expect === undefined
  )
}

/** Reads a plain body whole. Rejects when the sender breaks off before its end. */
export function readPlainBody(request: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const [only] = chunks
      // Nearly always one: then there is nothing to copy.
      resolve(only !== undefined && chunks.length === 1 ? only : Buffer.concat(chunks))
    })
    request.on('error', reject)
    request.on('close', () => {
      if (!request.readableEnded) reject(new Error('the sender broke off'))
    })
  })
}
