import { finished, type Readable } from 'node:stream'

/** Bytes up to which pieces are put together at the end: with 50 MB that would hold the main thread up for 40 ms. */
const SMALL = 1_048_576

/**
 * All bytes of a stream, or undefined when there are more than `maxBytes`; the stream is destroyed then. Those of a large one are put
 * in their place as they come. Rejects with the stream's error, also when it is closed before its end.
 */
export function gatherBytes(stream: Readable, maxBytes: number): Promise<Uint8Array | undefined> {
  const first: Uint8Array[] = []
  let whole: Uint8Array | null = null
  let size = 0

  /** False when that are too many. */
  function take(piece: Uint8Array): boolean {
    if (size + piece.length > maxBytes) return false
    if (whole === null && size + piece.length > SMALL) {
      // What is never written to takes no memory.
      whole = Buffer.allocUnsafeSlow(maxBytes)
      whole.set(Buffer.concat(first))
    }
    if (whole === null) first.push(piece)
    else whole.set(piece, size)
    size += piece.length
    return true
  }

  function taken(): Uint8Array {
    if (whole !== null) return whole.subarray(0, size)
    return first.length === 1 && first[0] !== undefined ? first[0] : Buffer.concat(first)
  }

  // Listeners, as most answers are one small piece, for which an async iterator costs more than all the rest.
  return new Promise((resolve, reject) => {
    stream.on('data', (piece: Uint8Array) => {
      try {
        if (take(piece)) return
        resolve(undefined)
      } catch (error) {
        // What a listener throws would end the process.
        reject(error)
      }
      stream.destroy()
    })
    // Hears also of the end of one that was over before.
    finished(stream, { writable: false }, (error) => {
      if (error == null) resolve(taken())
      else reject(error)
    })
  })
}
