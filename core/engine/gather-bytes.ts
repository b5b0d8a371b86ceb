/** Bytes up to which pieces are put together at the end: with 50 MB that would hold the main thread up for 40 ms. */
const SMALL = 1_048_576

/**
 * All bytes of a stream, or undefined when there are more than `maxBytes`; the stream is not read on then. Those of a large one are put
 * in their place as they come.
 */
export async function gatherBytes(
  stream: AsyncIterable<Uint8Array>,
  maxBytes: number,
): Promise<Uint8Array | undefined> {
  const first: Uint8Array[] = []
  let whole: Uint8Array | null = null
  let size = 0
  for await (const piece of stream) {
    if (size + piece.length > maxBytes) return undefined
    if (whole === null && size + piece.length > SMALL) {
      // What is never written to takes no memory.
      whole = Buffer.allocUnsafeSlow(maxBytes)
      whole.set(Buffer.concat(first))
    }
    if (whole === null) first.push(piece)
    else whole.set(piece, size)
    size += piece.length
  }
  if (whole !== null) return whole.subarray(0, size)
  return first.length === 1 && first[0] !== undefined ? first[0] : Buffer.concat(first)
}
