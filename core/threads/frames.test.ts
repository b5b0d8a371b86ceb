import { duplexPair } from 'node:stream'
import { setImmediate } from 'node:timers/promises'
import { serialize } from 'node:v8'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { speak } from './frames.ts'

function heard() {
  const [near, far] = duplexPair()
  const messages: unknown[] = []
  let isNonsense = false
  speak(near, {
    message: (message) => messages.push(message),
    nonsense() {
      isNonsense = true
    },
  })
  return { far, messages, isNonsense: () => isNonsense }
}

const frame = (content: Buffer): Buffer => {
  const head = Buffer.alloc(4)
  head.writeUInt32BE(content.length)
  return Buffer.concat([head, content])
}

test('messages arrive whole and in order, however the pipe cuts them', async () => {
  const message = fc.oneof(
    fc.json().map((text) => JSON.parse(text) as unknown),
    fc.uint8Array(),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(message), fc.array(fc.nat(40)), async (given, cuts) => {
      const { far, messages } = heard()
      let rest = Buffer.concat(given.map((one) => frame(serialize(one))))
      for (const cut of [...cuts, rest.length]) {
        far.write(rest.subarray(0, cut))
        rest = rest.subarray(cut)
        await setImmediate()
      }
      await setImmediate()
      expect(messages).toEqual(given)
    }),
    { numRuns: 50 },
  )
})

test('both sides of a pipe hear what the other says', async () => {
  const [near, far] = duplexPair()
  const answered = Promise.withResolvers<unknown>()
  const nonsense = (): void => answered.reject(new Error('nonsense'))
  const answer = speak(far, { message: (message) => answer({ answer: message }), nonsense })
  const say = speak(near, { message: answered.resolve, nonsense })
  say({ text: 'x'.repeat(1_000_000), bytes: Buffer.from([1, 2, 3]) })
  expect(await answered.promise).toEqual({
    answer: { text: 'x'.repeat(1_000_000), bytes: Buffer.from([1, 2, 3]) },
  })
})

test.each([
  ['no value at all', frame(Buffer.alloc(100, 0x41))],
  ['an empty message', Buffer.alloc(4)],
  ['a message of four gigabytes', Buffer.alloc(4, 0xff)],
])('%s is nonsense, and what follows is not heard', async (_name, bytes) => {
  const { far, messages, isNonsense } = heard()
  far.write(Buffer.concat([frame(serialize('before')), bytes, frame(serialize('after'))]))
  await setImmediate()
  expect(isNonsense()).toBe(true)
  expect(messages).toEqual(['before'])
})
