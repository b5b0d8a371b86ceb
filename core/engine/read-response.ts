import { pipeline } from 'node:stream'
import {
  type BrotliDecompress,
  createBrotliDecompress,
  createGunzip,
  createInflate,
  type Gunzip,
  type Inflate,
} from 'node:zlib'
import type { Dispatcher } from 'undici'
import type { FetchResponse } from '../connectors/define.ts'
import { StepError } from '../domain/step-error.ts'
import { gatherBytes } from './gather-bytes.ts'

const decoders: Readonly<Record<string, () => Gunzip | Inflate | BrotliDecompress>> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
}

/**
 * An answer with its whole body, unpacked. `from` is its address for messages.
 *
 * @throws StepError `too-large` or `bad-encoding`; what `lost` makes of it when the connection ends before the body does.
 */
export async function readResponse(
  response: Dispatcher.ResponseData,
  { maxBytes, from, lost }: { readonly maxBytes: number; readonly from: string; lost(error: unknown): unknown },
): Promise<Pick<FetchResponse, 'status' | 'headers' | 'body'>> {
  const headers = plainHeaders(response)
  const encoding = headers['content-encoding']?.trim().toLowerCase() ?? ''
  const decoder = decoders[encoding]?.()
  let isLost = false
  let isEmpty = true
  response.body.once('error', () => {
    isLost = true
  })
  // What goes wrong on the way through a decoder is heard of by whoever reads its result.
  const stream = decoder === undefined ? response.body : pipeline(response.body, noticed, decoder, () => undefined)
  // No answer is longer than it says: whoever lies about that is found out before it comes here.
  const announced = decoder === undefined ? Number(headers['content-length'] ?? maxBytes) : maxBytes
  const body = await gatherBytes(stream, Math.min(announced, maxBytes)).catch((error: unknown) => {
    if (decoder === undefined || isLost) throw lost(error)
    // Nothing at all, as after HEAD, is not a broken something.
    if (isEmpty) return new Uint8Array()
    const message = `The answer of ${from} is not valid ${encoding}.`
    throw new StepError({ code: 'bad-encoding', message, retryable: true }, { cause: error })
  })
  if (body === undefined) {
    response.body.destroy()
    const message = `The answer of ${from} is larger than the ${sizeText(maxBytes)} that the step takes.`
    throw new StepError({ code: 'too-large', message, retryable: false })
  }
  if (decoder !== undefined && body.length > 0) {
    delete headers['content-encoding']
    delete headers['content-length']
  }
  return { status: response.statusCode, headers, body }

  async function* noticed(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const piece of pieces) {
      isEmpty = false
      yield piece
    }
  }
}

function plainHeaders(response: Dispatcher.ResponseData): Record<string, string> {
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(response.headers)) {
    if (value !== undefined) headers[name] = typeof value === 'string' ? value : value.join(', ')
  }
  return headers
}

function sizeText(bytes: number): string {
  const [size, unit] = bytes >= 1_048_576 ? [bytes / 1_048_576, 'MB'] : [bytes / 1_024, 'KB']
  return `${Math.round(size * 10) / 10} ${unit}`
}
