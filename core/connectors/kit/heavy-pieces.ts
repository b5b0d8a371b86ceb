import { StepError } from '../../domain/runs/step-error.ts'
import { isJsonList, type Json } from '../../domain/values/json.ts'
import { holdsLarge, isLargeValue, LAZY_BYTES, type LargeValue } from '../../domain/values/large-value.ts'
import type { LargeValues } from '../action-context.ts'

type Pieces = AsyncIterable<string | Uint8Array>

/** Heavy work that yields text alone, as one text or, where it is large, as a large value of that type. */
export async function keepText(
  pieces: Pieces,
  type: 'text' | 'json',
  large: Pick<LargeValues, 'keep'>,
): Promise<{ text: string | LargeValue; rest: Uint8Array[] }> {
  const rest: Uint8Array[] = []
  let text = ''
  const more = pieces[Symbol.asyncIterator]()
  for (let next = await more.next(); next.done !== true; next = await more.next()) {
    if (typeof next.value !== 'string') rest.push(next.value)
    else text += next.value
    if (text.length > LAZY_BYTES) return { text: await large.keep(remaining(text, more, rest), type), rest }
  }
  return { text, rest }
}

async function* remaining(
  begin: string,
  more: AsyncIterator<string | Uint8Array>,
  rest: Uint8Array[],
): AsyncIterable<string> {
  yield begin
  for (let next = await more.next(); next.done !== true; next = await more.next()) {
    if (typeof next.value === 'string') yield next.value
    else rest.push(next.value)
  }
}

/** Heavy work that yields JSON, as its value; what is large becomes a file, of which templates read what they need. `rest` are the bytes among it. */
export async function keepJson(pieces: Pieces, large: LargeValues): Promise<{ value: Json; rest: Uint8Array[] }> {
  const { text, rest } = await keepText(pieces, 'json', large)
  if (typeof text !== 'string') return { value: text, rest }
  const read = await large.readJson(text)
  if (read.kind === 'json') return { value: read.value, rest }
  const why = read.kind === 'too-deep' ? 'it nests too deeply' : 'it has too many values'
  throw new StepError({ code: 'too-large', message: `What was read cannot be handed on: ${why}.`, retryable: false })
}

/** Texts as pieces that come one by one. */
export async function* textPieces(pieces: readonly string[]): AsyncIterable<string> {
  yield* pieces
}

/** Bytes as content that comes in pieces. */
export async function* piecesOf(content: string | Uint8Array): AsyncIterable<Uint8Array> {
  const bytes = typeof content === 'string' ? Buffer.from(content, 'utf8') : content
  for (let at = 0; at < bytes.length; at += 65_536) yield bytes.subarray(at, at + 65_536)
}

/** The JSON of a value, large or not, in pieces: what lists and texts in it stand for is in its place. */
export async function* jsonPieces(value: Json, large: LargeValues): AsyncIterable<Uint8Array> {
  for (const part of partsOf(value)) {
    if (typeof part === 'string') yield* piecesOf(part)
    else if (part.type === 'json') yield* large.stream(part)
    else if (part.type === 'value') yield* piecesOf(await large.read(part))
    else if (part.type === 'text') yield* piecesOf(JSON.stringify(Buffer.from(await large.read(part)).toString('utf8')))
    // What a file is made of goes by reference.
    else yield* piecesOf(JSON.stringify(part))
  }
}

/** The JSON text of a value, cut where large values stand. */
export function* partsOf(value: Json): Generator<string | LargeValue> {
  if (isLargeValue(value)) yield value
  else if (typeof value !== 'object' || value === null || !holdsLarge(value)) yield JSON.stringify(value)
  else {
    const isList = isJsonList(value)
    let before = isList ? '[' : '{'
    for (const [key, item] of Object.entries(value)) {
      yield isList ? before : `${before}${JSON.stringify(key)}:`
      yield* partsOf(item)
      before = ','
    }
    yield isList ? ']' : '}'
  }
}

/** Content in pieces as one. */
export async function gather(content: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const pieces: Uint8Array[] = []
  for await (const piece of content) pieces.push(piece)
  return Buffer.concat(pieces)
}

/** Heavy work that yields bytes alone. */
export async function* bytesOnly(pieces: Pieces): AsyncIterable<Uint8Array> {
  for await (const piece of pieces) yield typeof piece === 'string' ? Buffer.from(piece, 'utf8') : piece
}
