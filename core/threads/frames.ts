import type { Duplex } from 'node:stream'
import { deserialize, serialize } from 'node:v8'

const HEAD_BYTES = 4
/** Bytes of one message: the largest file that a step reads whole, and what stands around it. */
const MOST_BYTES = 134_217_728

/**
 * Messages over a pipe between two processes: the length in four bytes, then a value as V8 writes it. Node's own channel between processes will not
 * do: what comes in by it may be meant for Node itself, or be no value at all, and either ends the process that hears it.
 */
export function speak(
  pipe: Duplex,
  on: { message(message: unknown): void; nonsense(): void },
): (message: unknown) => void {
  let parts: Buffer[] = []
  let have = 0
  let wanted = HEAD_BYTES
  let isHead = true
  let isNonsense = false

  /** The next whole frame of what has come; undefined when there is none yet. */
  function frame(): Buffer | undefined {
    if (have < wanted) return undefined
    const [only] = parts
    const all = parts.length === 1 && only !== undefined ? only : Buffer.concat(parts)
    parts = [all.subarray(wanted)]
    have = all.length - wanted
    return all.subarray(0, wanted)
  }

  /** What a message says, in a list, as a message may be undefined; undefined for nonsense. */
  function read(content: Buffer): [unknown] | undefined {
    try {
      return [deserialize(content)]
    } catch {
      return undefined
    }
  }

  pipe.on('data', (chunk: Buffer) => {
    if (isNonsense) return
    parts.push(chunk)
    have += chunk.length
    for (let next = frame(); next !== undefined && !isNonsense; next = frame()) {
      const message = isHead ? undefined : read(next)
      wanted = isHead ? next.readUInt32BE(0) : HEAD_BYTES
      isNonsense = isHead ? wanted > MOST_BYTES : message === undefined
      isHead = !isHead
      if (message !== undefined) on.message(message[0])
    }
    if (!isNonsense) return
    parts = []
    on.nonsense()
  })
  pipe.on('error', () => undefined) // its end is heard of by other ways
  return (message) => {
    const content = serialize(message)
    if (content.length > MOST_BYTES) throw new RangeError('The message to another process is too large.')
    const head = Buffer.alloc(HEAD_BYTES)
    head.writeUInt32BE(content.length)
    pipe.cork()
    pipe.write(head)
    pipe.write(content)
    pipe.uncork()
  }
}
