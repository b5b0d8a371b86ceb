/** Bytes that are looked at to know the encoding. */
const LOOKED_AT = 65_536

/**
 * The text of content that comes in pieces: by the mark at its beginning UTF-8 or UTF-16, else UTF-8 and, where its beginning is not that,
 * Windows-1252, as tables of older programs are. The mark is left out.
 */
export async function* decodePieces(content: AsyncIterable<Uint8Array>): AsyncIterable<string> {
  let decoder: InstanceType<typeof TextDecoder> | undefined
  let waiting: Uint8Array[] = []
  let bytes = 0
  const flush = (isEnd: boolean): string => {
    const begin = Buffer.concat(waiting)
    waiting = []
    decoder = new TextDecoder(encodingOf(begin))
    return decoder.decode(begin, { stream: !isEnd })
  }
  for await (const piece of content) {
    if (decoder !== undefined) {
      yield decoder.decode(piece, { stream: true })
      continue
    }
    waiting.push(piece)
    bytes += piece.length
    if (bytes >= LOOKED_AT) yield flush(false)
  }
  yield decoder === undefined ? flush(true) : decoder.decode()
}

/** All of the text that {@link decodePieces} yields. */
export async function decodeWhole(content: AsyncIterable<Uint8Array>): Promise<string> {
  let text = ''
  for await (const piece of decodePieces(content)) text += piece
  return text
}

function encodingOf(begin: Uint8Array): string {
  const [first, second] = begin
  if (first === 0xff && second === 0xfe) return 'utf-16le'
  if (first === 0xfe && second === 0xff) return 'utf-16be'
  try {
    // The last character may be cut.
    new TextDecoder('utf-8', { fatal: true }).decode(begin, { stream: true })
    return 'utf-8'
  } catch {
    return 'windows-1252'
  }
}
