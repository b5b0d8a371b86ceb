import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { Readable } from 'node:stream'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { StepError } from '../../domain/runs/step-error.ts'
import type { Json } from '../../domain/values/json.ts'
import { enableZap, runToEnd, testApp } from '../../test-app.ts'
import { hasServer, startRedis } from '../../test-servers.ts'
import { redisCommand } from './command.action.ts'
import { createReplyReader, encodeCommand, jsonOfReply } from './resp.ts'

const PASSWORD = 'long-password'
let server: Awaited<ReturnType<typeof startRedis>> | undefined
beforeAll(async () => {
  if (hasServer.redis) server = await startRedis(PASSWORD)
})
afterAll(() => server?.stop())

async function setUp(more: Record<string, Json> = {}) {
  const { client } = await testApp()
  const secret = JSON.stringify({ host: '127.0.0.1', port: server?.port ?? 0, password: PASSWORD, ...more })
  await client.credentials.set({ name: 'cache', type: 'redis', secret })
  const run = async (command: string, args: Json[] = [], event: Json = {}) => {
    const id = await enableZap(client, {
      steps: [
        { id: 'go', uses: 'manual.run', input: {} },
        {
          id: 'ask',
          uses: 'redis.command',
          input: { account: { $credential: 'cache' }, command, args },
          settings: { retry: { maxAttempts: 1 } },
        },
      ],
      edges: [{ from: 'go', to: 'ask' }],
    })
    const { steps } = await runToEnd(client, id, event)
    const step = steps.find((one) => one.step === 'ask')
    return {
      result: (step?.output as { result?: Json } | null)?.result,
      error: step?.attempts.at(-1)?.error,
      text: JSON.stringify(steps),
    }
  }
  return { client, run }
}

describe.skipIf(!hasServer.redis)('a real Redis', () => {
  test('values of every kind go in and come out as they are', async () => {
    const { run } = await setUp()
    const hostile = 'x\r\nFLUSHALL\r\n“ü” 🎉 $5'
    expect(await run('SET', ['k:{{ go.id }}', '{{ go.text }}'], { id: 7, text: hostile })).toMatchObject({
      result: 'OK',
    })
    expect((await run('GET', ['k:7'])).result).toBe(hostile)
    expect((await run('GET', ['missing'])).result).toBeNull()
    expect((await run('INCRBY', ['n', '9007199254740993'])).result).toBe('9007199254740993')
    expect((await run('INCR', ['small'])).result).toBe(1)
    await run('HSET', ['h', '__proto__', 'x', 'b', { a: [1] }])
    expect((await run('HGETALL', ['h'])).result).toEqual(JSON.parse('{"__proto__":"x","b":"{\\"a\\":[1]}"}'))
    await run('RPUSH', ['l', 'a', 'b', 3])
    expect((await run('LRANGE', ['l', 0, -1])).result).toEqual(['a', 'b', '3'])
    expect((await run('config get', ['maxmemory'])).result).toEqual(['maxmemory', '0'])
    const made = await run('EVAL', ["return {1, redis.error_reply('NO x'), string.char(255), false, {2, 'z'}}", 0])
    expect(made.result).toEqual([1, { error: 'NO x' }, { base64: '/w==' }, null, [2, 'z']])
    await run('SETRANGE', ['large', 5_000_000, 'x'])
    expect((await run('STRLEN', ['large'])).result).toBe(5_000_001)
  })

  test.each<[string, string, Json[], string, RegExp]>([
    ['a key of another kind', 'LPOP', ['text'], 'wrong-type', /of another kind/],
    ['no such command', 'NOSUCH', [], 'redis', /unknown command/],
    ['too few values', 'GET', [], 'redis', /wrong number of arguments/],
    ['a command that does not end', 'SUBSCRIBE', ['x'], 'bad-input', /does not end/],
  ])('%s is told', async (_words, command, args, code, message) => {
    const { run } = await setUp()
    await run('SET', ['text', 'x'])
    const tried = await run(command, args).catch((error: Error) => ({
      error: { code: 'bad-input', message: error.message },
    }))
    expect(tried.error).toMatchObject({ code, message: expect.stringMatching(message) })
  })

  test.each<[string, Record<string, Json>, string, RegExp]>([
    ['a wrong password', { password: 'another-password' }, 'sign-in', /enter them again/],
    ['no password', { password: null }, 'sign-in', /wants a password/],
    ['a user who may not', { user: 'reader' }, 'forbidden', /may not do that/],
    ['a database that is no number', { database: 'x' }, 'bad-credential', /it is a number/],
    ['a database that is not there', { database: 99 }, 'redis', /out of range/],
    ['an address of something else', { url: 'https://example.com' }, 'bad-credential', /redis:\/\//],
    ['a port where nothing is', { port: 9 }, 'network', /nothing listens there/],
  ])('%s is told with what to do, and no secret', async (_words, more, code, message) => {
    const { run } = await setUp(more)
    const { error, text } = await run('SET', ['a', 'b'])
    expect(error).toMatchObject({ code, message: expect.stringMatching(message) })
    expect(text).not.toMatch(/another-password|long-password/)
  })

  test('the account is tested, also over TLS and by one address', async () => {
    const { client } = await setUp({ user: 'reader' })
    expect(await client.credentials.test({ name: 'cache' })).toMatchObject({
      ok: true,
      account: expect.stringMatching(/^reader at 127\.0\.0\.1:\d+ \(Redis \d/),
    })
    const secured = await setUp({ port: server?.tlsPort ?? 0, tls: 'any' })
    expect((await secured.run('PING')).result).toBe('PONG')
    const wrong = await setUp({ port: server?.tlsPort ?? 0, tls: true })
    expect((await wrong.run('PING')).error).toMatchObject({ code: 'tls' })
    const byAddress = await setUp({ url: `redis://:${PASSWORD}@127.0.0.1:${server?.port}/3` })
    expect((await byAddress.run('PING')).result).toBe('PONG')
  })
})

test('what is no Redis, and one that breaks off, are told', async () => {
  const answer = { text: 'HTTP/1.1 400 Bad Request\r\n\r\n' }
  const fake = createServer((socket) => {
    socket.on('error', () => undefined)
    socket.once('data', () => socket.end(answer.text))
  }).listen(0, '127.0.0.1')
  await once(fake, 'listening')
  onTestFinished(() => void fake.close())
  const { port } = fake.address() as AddressInfo // it listens on a port
  const { run } = await setUp({ port, password: null })
  expect((await run('GET', ['a'])).error).toMatchObject({ code: 'no-redis' })
  answer.text = '$100\r\nshort'
  expect((await run('GET', ['a'])).error).toMatchObject({ code: 'network' })
  // Whether it was counted is not known, so nothing repeats it.
  expect((await run('INCR', ['a'])).error).toMatchObject({ code: 'connection-lost' })
})

test.each<[string, Json[], string]>([
  ['GET', ['a'], 'none'],
  ['set', ['a', 'b'], 'idempotent'],
  ['SET', ['a', 'b', 'NX'], 'unsafe'],
  ['INCR', ['a'], 'unsafe'],
  ['PUBLISH', ['a', 'b'], 'unsafe'],
])('%s %j is %s when it is repeated', (command, args, effect) => {
  const input = redisCommand.input.parse({ account: { $credential: 'a' }, command, args })
  expect(typeof redisCommand.effect === 'function' && redisCommand.effect(input)).toBe(effect)
})

test('replies are read however they are cut, and what is none is refused', async () => {
  const reply = '*5\r\n$3\r\na\r\n\r\n:-7\r\n$-1\r\n+OK\r\n*1\r\n-ERR x\r\n'
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 20 }), async (sizes) => {
      const pieces: Buffer[] = []
      const bytes = Buffer.from(reply)
      for (let at = 0, n = 0; at < bytes.length; n++) {
        const size = sizes[n % sizes.length] ?? 1
        pieces.push(bytes.subarray(at, at + size))
        at += size
      }
      const read = await createReplyReader(Readable.from(pieces)).next()
      expect(jsonOfReply(read)).toEqual(['a\r\n', -7, null, 'OK', [{ error: 'ERR x' }]])
    }),
    { numRuns: 60 },
  )
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 60 }), async (bytes) => {
      const error = await createReplyReader(Readable.from([Buffer.from(bytes)]))
        .next()
        .then(
          () => null,
          (thrown: unknown) => thrown,
        )
      expect(error === null || error instanceof StepError).toBe(true)
    }),
    { numRuns: 200 },
  )
  const deep = createReplyReader(Readable.from([Buffer.from('*1\r\n'.repeat(100_000))]))
  await expect(deep.next()).rejects.toThrow(/no Redis/)
  expect(encodeCommand(['SET', 'ü', Buffer.from([255])]).toString('latin1')).toBe(
    '*3\r\n$3\r\nSET\r\n$2\r\nÃ¼\r\n$1\r\n\xff\r\n',
  )
})
