import { Duplex, pipeline } from 'node:stream'
import { createBrotliDecompress, createGunzip, createInflate, createInflateRaw, createZstdDecompress } from 'node:zlib'
import type { Dispatcher } from 'undici'
import type { FetchResponse } from '../connectors/action-context.ts'
import { StepError } from '../domain/runs/step-error.ts'
import { gatherBytes } from './gather-bytes.ts'

const decoders: ReadonlyMap<string, () => Duplex> = new Map<string, () => Duplex>([
  ['gzip', createGunzip],
  ['x-gzip', createGunzip],
  ['deflate', () => Duplex.from(inflate)],
  ['br', createBrotliDecompress],
  ['zstd', createZstdDecompress],
])
const NOT_CODED = new Set(['', 'identity', 'none', 'utf-8'])
/** Codings of one answer: more would only serve to keep us busy. */
const MAX_CODINGS = 3

/** Many servers send deflate without the wrapper that RFC 9110, section 8.4.1.2 asks for: the first two bytes tell. */
async function* inflate(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const source = pieces[Symbol.asyncIterator]()
  let head = new Uint8Array()
  while (head.length < 2) {
    const { value, done } = await source.next()
    if (done === true) break
    head = Buffer.concat([head, value])
  }
  if (head.length === 0) return
  const [first = 0, second = 0] = head
  const isWrapped = (first & 0x0f) === 8 && ((first << 8) | second) % 31 === 0
  async function* whole(): AsyncGenerator<Uint8Array> {
    yield head
    yield* { [Symbol.asyncIterator]: () => source }
  }
  yield* pipeline(whole(), isWrapped ? createInflate() : createInflateRaw(), () => undefined)
}

/** What undoes the codings of an answer, the last one first; none where one of them is unknown. */
function decodersOf(encoding: string, from: string): readonly Duplex[] {
  const codings = encoding.split(',').map((coding) => coding.trim())
  const coded = codings.filter((coding) => !NOT_CODED.has(coding))
  if (coded.length > MAX_CODINGS) {
    const message = `The answer of ${from} is packed ${coded.length} times; ${MAX_CODINGS} are unpacked at most.`
    throw new StepError({ code: 'bad-encoding', message, retryable: false })
  }
  const known = coded.map((coding) => decoders.get(coding))
  return known.includes(undefined) ? [] : known.toReversed().flatMap((create) => create?.() ?? [])
}

/** Statuses that mean "not now", beside the 5xx ones: timeout, too early, too many requests. */
const LATER = new Set([408, 425, 429])

/**
 * An answer with its whole body, unpacked. `from` is its address for messages.
 *
 * @throws StepError `too-large`, or `http-…` for a refusal that is; `bad-encoding`; what `lost` makes of it when the connection ends before the body does.
 */
export async function readResponse(
  response: Dispatcher.ResponseData,
  { maxBytes, from, lost }: { readonly maxBytes: number; readonly from: string; lost(error: unknown): unknown },
): Promise<Pick<FetchResponse, 'status' | 'headers' | 'cookies' | 'body'>> {
  const headers = plainHeaders(response)
  const encoding = headers['content-encoding']?.trim().toLowerCase() ?? ''
  const coded = decodersOf(encoding, from)
  const isCoded = coded.length > 0
  let isLost = false
  let isEmpty = true
  response.body.once('error', () => {
    isLost = true
  })
  // What goes wrong on the way through a decoder reaches the reader of its result.
  const stream = coded.at(-1) ?? response.body
  if (isCoded) pipeline([response.body, Duplex.from(noticed), ...coded], () => undefined)
  // No answer is longer than it says: a length that lies is refused before it comes here.
  const announced = isCoded ? maxBytes : Number(headers['content-length'] ?? maxBytes)
  const body = await gatherBytes(stream, Math.min(announced, maxBytes)).catch((error: unknown) => {
    if (!isCoded || isLost) throw lost(error)
    // Nothing at all, as after HEAD, is not a broken something.
    if (isEmpty) return new Uint8Array()
    const message = `The answer of ${from} is not valid ${encoding}.`
    throw new StepError({ code: 'bad-encoding', message, retryable: true }, { cause: error })
  })
  if (body === undefined) {
    response.body.destroy()
    const { statusCode: status } = response
    if (status >= 400) {
      // What went wrong counts more than that too much is said about it: it may go by itself.
      const message = `${from} answered ${status}, and says more of it than the ${sizeText(maxBytes)} that the step takes.`
      throw new StepError({ code: `http-${status}`, message, retryable: status >= 500 || LATER.has(status) })
    }
    const message = `The answer of ${from} is larger than the ${sizeText(maxBytes)} that the step takes.`
    throw new StepError({ code: 'too-large', message, retryable: false })
  }
  if (isCoded && body.length > 0) {
    delete headers['content-encoding']
    delete headers['content-length']
  }
  return { status: response.statusCode, headers, cookies: listed(response.headers['set-cookie']), body }

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
    if (value !== undefined) headers[name] = typeof value === 'string' ? headerText(value) : listed(value).join(', ')
  }
  return headers
}

/** The values of a header, one or many. */
function listed(value: string | string[] | undefined): string[] {
  return value === undefined ? [] : [value].flat().map(headerText)
}

/** A header's value is read byte by byte; many servers write UTF-8 into it. */
export function headerText(value: string): string {
  if (!/[\x80-\xff]/.test(value)) return value
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(value, 'latin1'))
  } catch {
    return value
  }
}

function sizeText(bytes: number): string {
  const [size, unit] = bytes >= 1_048_576 ? [bytes / 1_048_576, 'MB'] : [bytes / 1_024, 'KB']
  return `${Math.round(size * 10) / 10} ${unit}`
}
