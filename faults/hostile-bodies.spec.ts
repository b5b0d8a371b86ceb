import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { request } from 'node:http'
import { createGzip, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib'
import type { RunningHost } from '../e2e/fixtures/headless-host.ts'
import { enableZap } from '../e2e/fixtures/seeded-runs.ts'
import { expect, test } from '../e2e/fixtures/test.ts'
import { relayZap } from '../e2e/fixtures/zap-files.ts'
import { post } from './senders.ts'

test.use({ shares: true })

const MB = 1_048_576

/** Sends bytes as they are, in pieces, and gives the status that comes back, however early. */
function send(
  host: RunningHost,
  headers: Record<string, string>,
  pieces: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request(`${host.hooks}/hooks/in`, { method: 'POST', headers }, (response) => {
      response.resume()
      resolve(response.statusCode ?? 0)
      isAnswered = true
    })
    let isAnswered = false
    // Who is refused in the middle of a body may find the connection closed: the answer came before.
    sent.on('error', (error) => (isAnswered ? undefined : reject(error)))
    const closed = new Promise((resolve) => sent.once('close', resolve))
    const write = async (): Promise<void> => {
      for await (const piece of pieces) {
        if (isAnswered || sent.destroyed) break
        if (!sent.write(piece)) await Promise.race([new Promise((resolve) => sent.once('drain', resolve)), closed])
      }
      sent.end()
    }
    write().catch(() => undefined)
  })
}

function* zeros(megabytes: number): Iterable<Uint8Array> {
  const piece = Buffer.alloc(MB, '0')
  for (let n = 0; n < megabytes; n++) yield piece
}

/** Most memory, in bytes, that the host's process ever had; Linux alone tells. */
function peakMemory(host: RunningHost): number {
  if (process.platform !== 'linux') return 0
  const status = readFileSync(`/proc/${host.child.pid}/status`, 'utf8')
  return Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) * 1_024
}

test.beforeEach(async ({ host, target }) => {
  await enableZap(host.dataDir, 'relay', relayZap('in', target.url))
})

test.afterEach(({ host }) => {
  expect(host.child.exitCode ?? host.child.signalCode).toBeNull()
})

test('bodies of 100 MB and bombs are refused, and are never in memory as a whole', async ({ host, target }) => {
  const json = { 'content-type': 'application/json' }
  const before = peakMemory(host)
  expect(await send(host, { ...json, 'content-length': String(100 * MB) }, zeros(100))).toBe(413)
  expect(await send(host, { ...json, 'transfer-encoding': 'chunked' }, zeros(100))).toBe(413)
  const bomb = createGzip()
  const unpacked = (async () => {
    for (const piece of zeros(1_024)) if (!bomb.write(piece)) await once(bomb, 'drain')
    bomb.end()
  })()
  expect(await send(host, { ...json, 'content-encoding': 'gzip', 'transfer-encoding': 'chunked' }, bomb)).toBe(413)
  bomb.resume()
  await unpacked
  // A bomb inside of a bomb is a body that is no text.
  const twice = gzipSync(gzipSync(Buffer.alloc(4 * MB)))
  expect(await send(host, { 'content-encoding': 'gzip' }, [twice])).toBe(200)
  expect(peakMemory(host) - before).toBeLessThan(100 * MB)
  expect(await post(host, 'in', { n: 1 })).toMatchObject({ status: 200 })
  await target.until((requests) => requests.some(({ body }) => body === '{"n":1}'))
})

/** Bodies that few senders send, with what the target gets of them. */
const odd: [what: string, headers: Record<string, string>, body: Uint8Array, status: number, arrives?: string][] = [
  ['that is empty', { 'content-type': 'application/json' }, Buffer.alloc(0), 200, ''],
  ['that is one NUL', { 'content-type': 'text/plain' }, Buffer.from([0]), 200, '\u0000'],
  ['with a byte order mark', { 'content-type': 'application/json' }, Buffer.from('\ufeff{"n":1}'), 200, '{"n":1}'],
  ['in UTF-16', { 'content-type': 'text/plain; charset=utf-16le' }, Buffer.from('héé', 'utf16le'), 200, 'héé'],
  ['in Latin-1', { 'content-type': 'text/plain; charset=iso-8859-1' }, Buffer.from([0xe9]), 200, 'é'],
  ['of a charset that does not exist', { 'content-type': 'text/plain; charset=klingon' }, Buffer.from('q'), 200, 'q'],
  // Its very bytes; the target reads them as UTF-8, which they are not.
  ['that is no UTF-8', { 'content-type': 'text/plain' }, Buffer.from([0xff, 0xfe, 0x41]), 200, '\ufffd\ufffdA'],
  ['with half a surrogate', { 'content-type': 'application/json' }, Buffer.from('"\\ud800"'), 200],
  ['that is deflated', { 'content-encoding': 'deflate' }, deflateSync('{"n":2}'), 200, '{"n":2}'],
  ['that says gzip and is not', { 'content-encoding': 'gzip' }, Buffer.from('{"n":3}'), 400],
  ['in an encoding that does not exist', { 'content-encoding': 'klingon' }, Buffer.from('{"n":4}'), 415],
  ['that is zipped in other words', { 'content-encoding': 'x-gzip' }, gzipSync('{"n":5}'), 200, '{"n":5}'],
  ['that is deflated raw', { 'content-encoding': 'deflate' }, deflateRawSync('{"n":6}'), 200, '{"n":6}'],
  ['that is zipped twice', { 'content-encoding': 'gzip, zstd' }, zstdCompressSync(gzipSync('{"n":7}')), 200, '{"n":7}'],
  ['whose coding is none', { 'content-encoding': 'utf-8' }, Buffer.from('{"n":8}'), 200, '{"n":8}'],
  ['with a number that no number is', { 'content-type': 'application/json' }, Buffer.from('1e999'), 200],
]

for (const [what, headers, body, status, arrives] of odd) {
  test(`a body ${what} is taken for what it is`, async ({ host, target }) => {
    expect(await send(host, { ...headers, 'content-length': String(body.length) }, [body])).toBe(status)
    if (status !== 200) {
      expect(await post(host, 'in', { n: 1 })).toMatchObject({ status: 200 })
      return
    }
    await target.until((requests) => requests.length === 1)
    if (arrives !== undefined) expect(target.requests[0]?.body).toBe(arrives)
  })
}

/** Longest time in milliseconds that another sender waits for its answer, from now until `over`, and a moment beyond. */
async function longestWait(host: RunningHost, over: Promise<unknown>): Promise<number> {
  let isOver = false
  const ended = over.finally(() => {
    isOver = true
  })
  let longest = 0
  for (let beyond = 0; beyond < 30; beyond += isOver ? 1 : 0) {
    const startedAt = performance.now()
    expect(await post(host, 'other', { n: 1 })).toMatchObject({ status: 200 })
    longest = Math.max(longest, performance.now() - startedAt)
  }
  await ended
  return longest
}

const json = { 'content-type': 'application/json' }
const form = { 'content-type': 'application/x-www-form-urlencoded' }
const filled = (unit: string, before = '[', after = '0]'): Buffer =>
  Buffer.from(before + unit.repeat(Math.floor((5 * MB - 100) / unit.length)) + after)
const names = (quote: string, after: string): string =>
  Array.from({ length: 350_000 }, (_, n) => `${quote}k${n}${quote}${after}`).join(after === '' ? '&' : ',')

/** Bodies of five megabytes, or heads of sixteen kilobytes, each of which once kept the host busy for seconds or minutes. */
const hostile: [what: string, headers: Record<string, string>, body: () => Uint8Array, status: number][] = [
  ['a form of names alone', form, () => filled('a&', '', ''), 200],
  ['a form of 350,000 names', form, () => Buffer.from(names('', '')), 200],
  ['a form with JSON in every field', form, () => filled('a={}&', '', ''), 200],
  ['a form that is JSON', form, () => filled('{},'), 200],
  ['a form with one field of JSON', form, () => filled('{},', 'payload=[', '0]'), 200],
  ['objects', json, () => filled('{},'), 200],
  ['lists', json, () => filled('[],'), 200],
  ['references of ours', json, () => filled('{"$blob":1},'), 200],
  ['350,000 members', json, () => Buffer.from(`{${names('"', ':0')}}`), 200],
  ['numbers that stay text', json, () => filled('1e999,'), 200],
  ['levels', json, () => filled('[', '', ''), 200],
  ['lists in lists', json, () => filled(`${'['.repeat(150)}${']'.repeat(150)},`), 200],
  ['levels that end', json, () => Buffer.from('['.repeat(2 * MB) + ']'.repeat(2 * MB)), 400],
  ['text that is JSON', { 'content-type': 'text/plain' }, () => filled('[],'), 200],
  ['lines of JSON', { 'content-type': 'application/x-ndjson' }, () => filled('{}\n', '', ''), 200],
  ['white space', {}, () => filled(' ', '', ''), 200],
  ['text in no charset', { 'content-type': 'text/plain' }, () => Buffer.alloc(5 * MB, 0xe9), 200],
  [
    'parts',
    { 'content-type': 'multipart/form-data; boundary=x' },
    () => filled('--x\r\ncontent-disposition: form-data; name="f"\r\n\r\na\r\n', '', '--x--'),
    200,
  ],
  [
    'what is nearly a boundary',
    { 'content-type': `multipart/form-data; boundary=${'a'.repeat(70)}` },
    () => filled(`\r\n--${'a'.repeat(69)}`, '', ''),
    200,
  ],
  [
    'a charset of spaces',
    { 'content-type': `text/plain; charset=${' '.repeat(12_000)}"a"b` },
    () => Buffer.from('x'),
    200,
  ],
  [
    'a content type of quotes',
    { 'content-type': `text/plain; ${'charset="'.repeat(1_300)}` },
    () => Buffer.from('x'),
    200,
  ],
  ['many codings', { 'content-encoding': 'gzip, '.repeat(1_500) }, () => Buffer.from('x'), 415],
]

test('while a hostile request is under way others are answered as if there were none', async ({ host, target }) => {
  test.setTimeout(180_000)
  await enableZap(host.dataDir, 'other', relayZap('other', target.url))
  const calm = await longestWait(host, new Promise((resolve) => setTimeout(resolve, 500)))
  for (const [what, headers, body, status] of hostile) {
    const content = body()
    const sent = send(host, { ...headers, 'content-length': String(content.length) }, [content])
    const longest = await longestWait(host, sent)
    expect(await sent, what).toBe(status)
    // What these once cost was more than a second each.
    expect(longest, what).toBeLessThan(Math.max(400, 10 * calm))
  }
  // The run of each, too, is over or under way in no time.
  expect(await longestWait(host, Promise.resolve())).toBeLessThan(Math.max(400, 10 * calm))
})
