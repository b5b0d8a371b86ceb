import { StepError } from '../../domain/runs/step-error.ts'
import { exactNumber } from '../../domain/values/decimal.ts'
import type { Json } from '../../domain/values/json.ts'

/** What Redis refused, as it says it. */
export class RedisError extends Error {}

/** A reply as it came: texts are bytes still. */
export type Reply = null | string | Buffer | RedisError | { readonly number: string } | readonly Reply[]

/** Bytes of one reply, and how deep lists in it may lie. */
const MOST_BYTES = 67_108_864
const MOST_DEPTH = 32

/** A command as the protocol has it (RESP): a list of texts. */
export function encodeCommand(parts: readonly (string | Uint8Array)[]): Buffer {
  const pieces: Buffer[] = [Buffer.from(`*${parts.length}\r\n`)]
  for (const part of parts) {
    const bytes = typeof part === 'string' ? Buffer.from(part, 'utf8') : Buffer.from(part)
    pieces.push(Buffer.from(`$${bytes.length}\r\n`), bytes, Buffer.from('\r\n'))
  }
  return Buffer.concat(pieces)
}

/** Reads replies (RESP 2) from a stream, one after the other. */
export type ReplyReader = { next(): Promise<Reply> }

/** Rejects with a {@link StepError} where what comes is no reply of Redis, or too much, and with `network` where the stream ends before. */
export function createReplyReader(stream: AsyncIterable<Uint8Array>): ReplyReader {
  const source = stream[Symbol.asyncIterator]()
  let buffer = Buffer.alloc(0)
  let pieces: Buffer[] = []
  let held = 0
  let taken = 0

  async function more(): Promise<void> {
    const { value, done } = await source.next()
    if (done === true) throw new StepError({ code: 'network', message: 'Redis ended the connection.', retryable: true })
    pieces.push(Buffer.from(value))
    held += value.length
    taken += value.length
    if (taken > MOST_BYTES) {
      const message = `Redis answers with more than ${MOST_BYTES / 1_048_576} MB: ask for less, such as with SCAN, LRANGE or GETRANGE.`
      throw new StepError({ code: 'too-large', message, retryable: false })
    }
  }
  function join(): void {
    if (pieces.length === 0) return
    buffer = Buffer.concat([buffer, ...pieces])
    pieces = []
    held = 0
  }
  async function bytes(count: number): Promise<Buffer> {
    while (buffer.length + held < count) await more()
    join()
    const part = buffer.subarray(0, count)
    buffer = buffer.subarray(count)
    return part
  }
  async function line(): Promise<string> {
    for (let from = 0; ; ) {
      join()
      const at = buffer.indexOf('\r\n', from)
      if (at >= 0) {
        const text = buffer.toString('utf8', 0, at)
        buffer = buffer.subarray(at + 2)
        return text
      }
      if (buffer.length > 65_536) throw noReply()
      from = Math.max(0, buffer.length - 1)
      await more()
    }
  }
  async function read(depth: number): Promise<Reply> {
    const text = await line()
    const rest = text.slice(1)
    switch (text[0]) {
      case '+':
        return rest
      case '-':
        return new RedisError(rest)
      case ':':
        if (!/^-?[0-9]{1,20}$/.test(rest)) throw noReply()
        return { number: rest }
      case '$': {
        const length = lengthOf(rest)
        if (length === null) return null
        const content = Buffer.from(await bytes(length))
        await bytes(2)
        return content
      }
      case '*': {
        const length = lengthOf(rest)
        if (length === null) return null
        if (depth >= MOST_DEPTH) throw noReply()
        const items: Reply[] = []
        for (let n = 0; n < length; n++) items.push(await read(depth + 1))
        return items
      }
      default:
        throw noReply()
    }
  }
  return {
    next() {
      taken = 0
      return read(0)
    },
  }
}

function lengthOf(text: string): number | null {
  if (text === '-1') return null
  if (!/^[0-9]{1,9}$/.test(text)) throw noReply()
  return Number(text)
}

const noReply = (): StepError =>
  new StepError({
    code: 'no-redis',
    message: 'What answers there is no Redis: look at server, port and encryption of the credential.',
    retryable: false,
  })

/** A reply as JSON. What is no UTF-8 is `{ base64 }`; a whole number that a double does not hold is its text; an error inside of a list `{ error }`. */
export function jsonOfReply(reply: Reply): Json {
  if (reply === null || typeof reply === 'string') return reply
  if (reply instanceof RedisError) return { error: reply.message }
  if (Buffer.isBuffer(reply)) {
    const text = reply.toString('utf8')
    return Buffer.from(text, 'utf8').equals(reply) ? text : { base64: reply.toString('base64') }
  }
  return 'number' in reply ? exactNumber(reply.number) : reply.map(jsonOfReply)
}
