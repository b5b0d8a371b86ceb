import type { IncomingMessage } from 'node:http'
import { promisify } from 'node:util'
import { brotliDecompress, gunzip, inflate, inflateRaw, zstdDecompress } from 'node:zlib'

/** Takes note of bytes that are about to be held in memory; false when there is no room for them. */
export type TakeBytes = (bytes: number) => boolean

/** Why a body could not be read. `raw`: what came of it, where that is whole. */
export class BodyError extends Error {
  override readonly name = 'BodyError'
  readonly status: 400 | 413 | 415 | 503
  readonly raw: Uint8Array

  constructor(
    status: BodyError['status'],
    message: string,
    raw: Uint8Array = new Uint8Array(),
    options?: ErrorOptions,
  ) {
    super(message, options)
    this.status = status
    this.raw = raw
  }
}

/**
 * Whether a request's body can be read as it comes: its length is given and within `maxBytes`, and it is not compressed. Most webhooks
 * are like that.
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
    let whole: Buffer | undefined
    let length = 0
    request.on('data', (chunk: Buffer) => {
      // Nearly always one: then there is nothing to copy. Of many, as from a sender that sends byte by byte, none is kept by itself.
      if (whole === undefined) whole = chunk
      else {
        if (length === whole.length) whole = grown(whole, length, Number(request.headers['content-length']))
        chunk.copy(whole, length)
      }
      length += chunk.length
    })
    request.on('end', () => resolve(whole === undefined ? Buffer.alloc(0) : whole.subarray(0, length)))
    request.on('error', reject)
    request.on('close', () => {
      if (!request.readableEnded) reject(new BodyError(400, 'The sender broke off.'))
    })
  })
}

function grown(bytes: Buffer, length: number, size: number): Buffer {
  const larger = Buffer.allocUnsafe(size)
  bytes.copy(larger, 0, 0, length)
  return larger
}

/**
 * Reads any other body, and unpacks it. Neither what comes nor what it unpacks to is ever more than `maxBytes` in memory. Rejects with a
 * {@link BodyError}.
 */
export async function readCodedBody(request: IncomingMessage, maxBytes: number, take: TakeBytes): Promise<Buffer> {
  const announced = Number(request.headers['content-length'] ?? 0)
  if (announced > maxBytes) throw tooLarge()
  const codings = codingsOf(request.headers['content-encoding'])
  let raw = await gather(request, maxBytes, take)
  const came = raw
  for (const coding of codings.toReversed()) {
    const unpack = UNPACK.get(coding)
    if (unpack === undefined || codings.length > MAX_CODINGS) {
      throw new BodyError(415, `The content encoding "${codings.join(', ').slice(0, 100)}" is not known.`, came)
    }
    if (raw.length === 0) continue
    if (!take(maxBytes)) throw noRoom()
    raw = await unpack(raw, maxBytes).catch((error: unknown) => {
      if (hasCode(error, 'ERR_BUFFER_TOO_LARGE')) throw tooLarge()
      throw new BodyError(400, `The body is not valid ${coding}.`, came, { cause: error })
    })
  }
  return raw
}

/** Layers of compression that a body may have. */
const MAX_CODINGS = 3
/** Characters of the header that are read. */
const MAX_HEADER_CHARS = 1_000

/** The codings of a body in the order in which they were applied, without those that change nothing. */
export function codingsOf(header = ''): string[] {
  return header
    .slice(0, MAX_HEADER_CHARS)
    .toLowerCase()
    .split(',')
    .map((coding) => coding.trim().replace(/^x-/, ''))
    .filter((coding) => !NO_CODINGS.has(coding))
}

/** Words that senders put there though they name no compression. */
const NO_CODINGS = new Set(['', 'identity', 'none', 'null', 'utf-8', 'utf8', 'us-ascii', 'binary', '7bit', '8bit'])

type Unpack = (bytes: Buffer, maxBytes: number) => Promise<Buffer>

const UNPACK: ReadonlyMap<string, Unpack> = new Map([
  ['gzip', unpackWith(promisify(gunzip))],
  [
    'deflate',
    // Some senders leave out the two bytes before it, by which it is known (RFC 1950, section 2.2).
    (bytes, maxBytes) => unpackWith(promisify(isZlib(bytes) ? inflate : inflateRaw))(bytes, maxBytes),
  ],
  ['br', unpackWith(promisify(brotliDecompress))],
  ['zstd', unpackWith(promisify(zstdDecompress))],
])

function unpackWith(unpack: (bytes: Buffer, options: { maxOutputLength: number }) => Promise<unknown>): Unpack {
  // Without an encoding all of these answer with a Buffer.
  return (bytes, maxBytes) => unpack(bytes, { maxOutputLength: maxBytes }) as Promise<Buffer>
}

function isZlib(bytes: Uint8Array): boolean {
  const [method = 0, flags = 0] = bytes
  return (method & 0x0f) === 8 && (method * 256 + flags) % 31 === 0
}

/** A body that does not say how long it is. */
function gather(request: IncomingMessage, maxBytes: number, take: TakeBytes): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    let whole: Buffer = Buffer.alloc(0)
    let length = 0
    let chunks = 0
    function give(error: Error): void {
      request.off('data', add)
      reject(error)
    }
    function add(chunk: Buffer): void {
      if (length + chunk.length > maxBytes) {
        give(tooLarge())
        return
      }
      if (length + chunk.length > whole.length) {
        const size = Math.min(maxBytes, Math.max(FIRST_BYTES, 2 * (length + chunk.length)))
        if (!take(size - whole.length)) {
          give(noRoom())
          return
        }
        whole = grown(whole, length, size)
      }
      chunk.copy(whole, length)
      length += chunk.length
      if (++chunks % CHUNKS_IN_A_TURN === 0) {
        request.pause()
        setImmediate(() => request.resume())
      }
    }
    request.on('data', add)
    request.on('end', () => resolve(whole.subarray(0, length)))
    request.on('error', reject)
    request.on('close', () => {
      if (!request.readableEnded) reject(new BodyError(400, 'The sender broke off.'))
    })
  })
}

/** Chunks after which others get their turn: chunks of one byte come by the hundred thousand at a time. */
const CHUNKS_IN_A_TURN = 512

/** Bytes that are set aside for a body of unknown length at first. */
const FIRST_BYTES = 16_384

const tooLarge = (): BodyError => new BodyError(413, 'The body is too large.')
const noRoom = (): BodyError => new BodyError(503, 'Too much is being received at the moment.')

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
