import type { Readable } from 'node:stream'

/** Bytes up to which pieces are put together at the end: with 50 MB that would hold the main thread up for 40 ms. */
const SMALL = 1_048_576

/**
 * All bytes of a stream, or undefined when there are more than `maxBytes`; the stream is not read on then. Those of a large one are put
 * in their place as they come. Rejects with the stream's error, also when it is closed before its end.
 */
export function gatherBytes(stream: Readable, maxBytes: number): Promise<Uint8Array | undefined> {
  const first: Uint8Array[] = []
  let whole: Uint8Array | null = null
  let size = 0
  // Listeners, as most answers are one small piece, for which an async iterator costs more than all the rest.
  return new Promise((resolve, reject) => {
    const take = (piece: Uint8Array): void => {
      if (size + piece.length > maxBytes) {
        stream.off('data', take)
        stream.pause()
        resolve(undefined)
        return
      }
      if (whole === null && size + piece.length > SMALL) {
        // What is never written to takes no memory.
        whole = Buffer.allocUnsafeSlow(maxBytes)
        whole.set(Buffer.concat(first))
      }
      if (whole === null) first.push(piece)
      else whole.set(piece, size)
      size += piece.length
    }
    stream.on('data', take)
    stream.once('end', () => {
      if (whole !== null) resolve(whole.subarray(0, size))
      else resolve(first.length === 1 && first[0] !== undefined ? first[0] : Buffer.concat(first))
    })
    stream.once('error', reject)
    stream.once('close', () => {
      if (!stream.readableEnded) reject(new Error('the stream was closed before its end'))
    })
  })
}
