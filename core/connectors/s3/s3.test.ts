import { randomBytes } from 'node:crypto'
import { appendFileSync, mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Json } from '../../domain/values/json.ts'
import { enableZap, runToEnd, testApp } from '../../test-app.ts'
import { partsOf } from './multipart.ts'
import { judge, SECRET, startStore } from './test-store.ts'

async function setUp(endpoint: string, more: Record<string, Json> = {}) {
  const { client, folder } = await testApp()
  const account = {
    endpoint,
    region: 'eu-central-1',
    bucket: 'reports',
    accessKeyId: 'AKIAADA',
    secretAccessKey: SECRET,
    ...more,
  }
  await client.credentials.set({ name: 'store', type: 's3', secret: JSON.stringify(account) })
  const zaps = new Map<string, string>()
  const run = async (uses: string, input: Record<string, Json>, event: Json = {}, after?: Record<string, Json>) => {
    const known = JSON.stringify([uses, input, after])
    const id =
      zaps.get(known) ??
      (await enableZap(client, {
        steps: [
          { id: 'go', uses: 'manual.run', input: {} },
          {
            id: 'do',
            uses,
            input: { account: { $credential: 'store' }, ...input },
            settings: { retry: { maxAttempts: 1 } },
          },
          ...(after === undefined ? [] : [{ id: 'then', uses: 'file.write', input: after }]),
        ],
        edges: [{ from: 'go', to: 'do' }, ...(after === undefined ? [] : [{ from: 'do', to: 'then' }])],
      }))
    zaps.set(known, id)
    const { steps } = await runToEnd(client, id, event)
    const step = steps.find((one) => one.step === 'do')
    return {
      output: step?.output as Record<string, Json>,
      error: step?.attempts.at(-1)?.error,
      text: JSON.stringify(steps),
    }
  }
  return { client, folder, run }
}

const ODD = [
  'a b',
  'a+b',
  "it's (1)!*",
  'ü/🎉/x',
  '100%',
  'a%2Fb',
  '?q=1&x',
  '#h',
  'a//b',
  '/lead',
  'trail/',
  '[x]{y}|z^`"<>\\',
  '~._-',
  'a:b;c,d=e@f$',
  '\u0001ctl',
  '%2e%2e/x',
]

test('objects go in, come back and are listed under every name, signed as Amazon signs', async () => {
  const { endpoint, objects } = await startStore()
  const { run } = await setUp(endpoint)
  for (const key of ODD) {
    const put = await run('s3.put', { key: '{{ go.key }}', content: { key: '{{ go.key }}' } }, { key })
    expect(put.error, key).toBeNull()
    expect(objects.has(key), key).toBe(true)
    const got = await run('s3.get', { key: '{{ go.key }}' }, { key })
    expect(got.output, key).toMatchObject({
      key,
      etag: 'abc',
      bytes: Buffer.byteLength(JSON.stringify({ key })),
      modifiedAt: '2026-11-26T09:30:00.000Z',
    })
  }
  const { output } = await run('s3.list', {})
  expect((output.objects as { key: string }[]).map(({ key }) => key)).toEqual([...objects.keys()].toSorted())
  expect(output).toMatchObject({ count: objects.size, more: false })
  expect((await run('s3.list', { prefix: 'a', limit: 3 })).output).toMatchObject({ count: 3, more: true })
  expect((await run('s3.delete', { key: 'a+b' })).output).toEqual({ bucket: 'reports', key: 'a+b' })
  expect(objects.has('a+b')).toBe(false)
  expect((await run('s3.delete', { key: 'a+b' })).error).toBeNull()
})

test('an object is copied by the store, looked at, linked to, and told of when it comes or changes', async () => {
  const { endpoint, objects } = await startStore()
  const { run, client } = await setUp(endpoint)
  await run('s3.put', { key: "it's ü.txt", content: 'hi', contentType: 'text/plain' })
  expect((await run('s3.copy', { from: "it's ü.txt", to: 'b' })).output).toEqual({
    bucket: 'reports',
    key: 'b',
    etag: 'cd',
  })
  expect(objects.get('b')?.body.toString()).toBe('hi')
  expect((await run('s3.copy', { from: 'none', to: 'c' })).error).toMatchObject({ code: 'no-file' })
  expect((await run('s3.copy', { from: 'b', to: 'late' })).error).toMatchObject({ code: 'busy' })
  expect((await run('s3.info', { key: 'b' })).output).toMatchObject({ exists: true, bytes: 2, etag: 'abc' })
  expect((await run('s3.info', { key: 'none' })).output).toMatchObject({ exists: false, bytes: null })
  const { output: link } = await run('s3.link', { key: 'b', lasts: '15m' })
  expect(link.url).toMatch(new RegExp(`^${endpoint}/reports/b\\?.*X-Amz-Expires=900&.*X-Amz-Signature=[0-9a-f]{64}$`))

  const id = await enableZap(client, {
    steps: [
      {
        id: 'new',
        uses: 's3.changed',
        input: { account: { $credential: 'store' }, prefix: '', every: '1s', first: 'all' },
      },
      { id: 'set', uses: 'data.set', input: { fields: { key: '{{ new.key }}' } } },
    ],
    edges: [{ from: 'new', to: 'set' }],
  })
  await expect
    .poll(async () => (await client.runs.list({ zapId: id })).runs.map(({ status }) => status))
    .toEqual(['succeeded', 'succeeded'])
})

test('an address that is signed is that which Amazon’s signer makes', async () => {
  const { signedQuery, uriEncode } = await import('./sign-request.ts')
  const now = Date.parse('2026-11-26T09:30:00Z')
  const signer = { region: 'eu-central-1', accessKeyId: 'AKIAADA', secretAccessKey: SECRET }
  const path = `/b/${uriEncode('ü (1)/x')}`
  const made = new URLSearchParams(signedQuery({ host: 'h:1', path, seconds: 900 }, signer, now))
  const payload = 'x-amz-content-sha256'
  const signed = await judge.presign(
    {
      method: 'GET',
      protocol: 'http:',
      hostname: 'h:1',
      path,
      headers: { host: 'h:1', [payload]: 'UNSIGNED-PAYLOAD' },
    },
    {
      signingDate: new Date(now),
      expiresIn: 900,
      unsignableHeaders: new Set([payload]),
      unhoistableHeaders: new Set([payload]),
    },
  )
  expect(Object.fromEntries(made)).toEqual(signed.query)
})

test('a file keeps its bytes, its type and its name', async () => {
  const { endpoint, objects } = await startStore()
  const { run, folder } = await setUp(endpoint)
  mkdirSync(join(folder, 'files'), { recursive: true })
  const content = Buffer.alloc(3_000_000, 'Grüße\0')
  writeFileSync(join(folder, 'files', 'Größe.csv'), content)
  const put = await run('s3.put', { from: 'Größe.csv', key: 'in/' })
  expect(put.output).toEqual({ bucket: 'reports', key: 'in/Größe.csv', bytes: content.length, etag: 'abc' })
  expect(objects.get('in/Größe.csv')).toMatchObject({ type: 'text/csv' })
  const got = await run('s3.get', { key: 'in/Größe.csv' }, {}, { path: 'back.csv', content: '{{ do.file }}' })
  expect(got.output).toMatchObject({ file: { filename: 'Größe.csv', contentType: 'text/csv', bytes: content.length } })
  expect(readFileSync(join(folder, 'files', 'back.csv')).equals(content)).toBe(true)
})

test.each<[string, Record<string, Json>, string, Record<string, Json>, string, RegExp]>([
  ['a wrong secret', { secretAccessKey: 'another-secret' }, 's3.get', { key: 'a' }, 'sign-in', /enter it again/],
  ['no such object', {}, 's3.get', { key: 'nowhere' }, 'no-file', /nowhere in reports/],
  ['no such bucket', {}, 's3.list', { bucket: 'others' }, 'no-bucket', /others/],
  ['a bucket that is no name', {}, 's3.list', { bucket: '../x' }, 'bad-input', /no name of a bucket/],
  ['no bucket', { bucket: null }, 's3.list', {}, 'bad-input', /name one in the step/],
  ['a key that leads away', {}, 's3.get', { key: 'a/../b' }, 'bad-input', /must not have a part/],
  ['an address of something else', { endpoint: 'ftp://x' }, 's3.list', {}, 'bad-credential', /must be one such as/],
  [
    'an address where nothing is',
    { endpoint: 'http://127.0.0.1:9' },
    's3.list',
    {},
    'network',
    /nothing listens there/,
  ],
  ['neither file nor text', {}, 's3.put', { key: 'a', from: '{{ go.none }}' }, 'template', /none/],
])('%s is told with what to do, and no secret', async (_words, account, uses, input, code, message) => {
  const { endpoint } = await startStore()
  const { run } = await setUp(endpoint, account)
  const { error, text } = await run(uses, input)
  expect(error ?? JSON.parse(text).at(-1)?.output?.error).toMatchObject({
    code,
    message: expect.stringMatching(message),
  })
  expect(text).not.toMatch(/another-secret|long-secret/)
})

test('the account is tested by what it may see', async () => {
  const { endpoint } = await startStore()
  const { client } = await setUp(endpoint)
  expect(await client.credentials.test({ name: 'store' })).toMatchObject({
    ok: true,
    account: expect.stringMatching(/^AKIAADA at 127\.0\.0\.1:\d+, bucket reports$/),
  })
  const wrong = await setUp(endpoint, { secretAccessKey: 'another-secret' })
  expect(await wrong.client.credentials.test({ name: 'store' })).toMatchObject({
    ok: false,
    message: expect.stringMatching(/enter it again/),
  })
})

test('whatever is in a key and a query, Amazon’s signer comes to the same signature', async () => {
  const { signedHeaders, canonicalQuery, uriEncode } = await import('./sign-request.ts')
  const word = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }).filter((text) => text.isWellFormed())
  await fc.assert(
    fc.asyncProperty(
      word,
      fc.dictionary(word, word, { maxKeys: 4 }),
      fc.uint8Array({ maxLength: 20 }),
      async (key, query, body) => {
        const path = `/b/${uriEncode(key)}`
        const now = Date.parse('2026-11-26T09:30:00Z')
        const signer = { region: 'eu-central-1', accessKeyId: 'AKIAADA', secretAccessKey: SECRET }
        const made = signedHeaders(
          { method: 'PUT', host: 'h:1', path, query, headers: { 'content-type': 'a/b' }, body },
          signer,
          now,
        )
        const signed = await judge.sign(
          {
            method: 'PUT',
            protocol: 'http:',
            hostname: 'h:1',
            path,
            query,
            headers: { host: 'h:1', 'content-type': 'a/b', 'x-amz-content-sha256': made['x-amz-content-sha256'] ?? '' },
            body: Buffer.from(body),
          },
          { signingDate: new Date(now) },
        )
        expect(made.authorization).toBe(signed.headers.authorization)
        expect(canonicalQuery(query).split('&').filter(Boolean)).toHaveLength(Object.keys(query).length)
      },
    ),
    { numRuns: 150 },
  )
})

test('a file of more than 100 MB goes in parts, each tried again, and leaves none behind where it fails', async () => {
  const { endpoint, objects, uploads, fails } = await startStore()
  const { folder, run } = await setUp(endpoint)
  mkdirSync(join(folder, 'files'), { recursive: true })
  const path = join(folder, 'files', 'large.csv')
  // Mostly a hole, which takes no room, with something in it that is to come out where it was.
  const bytes = 104_857_600 + 12_345
  writeFileSync(path, 'start')
  truncateSync(path, bytes)
  appendFileSync(path, 'end')
  fails.at = 'partNumber=3'
  fails.times = 2
  const put = await run('s3.put', { key: 'in/ü/', from: 'large.csv' })
  expect(put.error).toBeNull()
  expect(put.output).toEqual({ bucket: 'reports', key: 'in/ü/large.csv', bytes: bytes + 3, etag: 'ab-13' })
  const stored = objects.get('in/ü/large.csv')
  expect(stored?.type).toBe('text/csv')
  expect(stored?.body.length).toBe(bytes + 3)
  expect([stored?.body.subarray(0, 5).toString(), stored?.body.subarray(-3).toString()]).toEqual(['start', 'end'])

  Object.assign(fails, { at: 'partNumber=2', times: 9, status: 403, code: 'AccessDenied' })
  const refused = await run('s3.put', { key: 'no.csv', from: 'large.csv' })
  expect(refused.error).toMatchObject({ code: 'forbidden' })
  expect(uploads.size).toBe(0)
  expect(objects.has('no.csv')).toBe(false)
}, 60_000)

test('an object of any size is read in parts of one version, each tried again', async () => {
  const { endpoint, objects, parts, onPart } = await startStore()
  const { folder, run } = await setUp(endpoint)
  const body = Buffer.alloc(104_857_600 + 12_345, 'x')
  body.write('start')
  body.write('end', body.length - 3)
  objects.set('large.csv', { body, type: 'text/csv' })
  const got = await run('s3.get', { key: 'large.csv' }, {}, { path: 'back.csv', content: '{{ do.file }}' })
  expect(got.error).toBeNull()
  expect(got.output).toMatchObject({ bytes: body.length, contentType: 'text/csv', etag: 'abc' })
  expect(readFileSync(join(folder, 'files', 'back.csv')).equals(body)).toBe(true)
  expect(parts).toEqual(Array.from({ length: 13 }, (_, n) => n * 8_388_608))

  onPart.heard = (key) => void objects.set(key, { body, type: 'text/csv', etag: '"another"' })
  const changed = await run('s3.get', { key: 'large.csv' })
  expect(changed.error).toMatchObject({ code: 'changed' })

  objects.set('empty.csv', { body: Buffer.alloc(0), type: 'text/csv' })
  expect((await run('s3.get', { key: 'empty.csv' })).output).toMatchObject({ bytes: 0 })
}, 60_000)

test.each([2, 20_000_000])(
  'an object of %i bytes that lies there packed is unpacked',
  async (bytes) => {
    const { endpoint, objects } = await startStore()
    const { folder, run } = await setUp(endpoint)
    // Of what has no pattern the packed form is as large.
    const body = randomBytes(bytes)
    objects.set('page.html', { body: gzipSync(body), type: 'text/html', encoding: 'gzip' })
    const got = await run('s3.get', { key: 'page.html' }, {}, { path: 'page.html', content: '{{ do.file }}' })
    expect(got.output).toMatchObject({ bytes })
    expect(readFileSync(join(folder, 'files', 'page.html')).equals(body)).toBe(true)
  },
  60_000,
)

test('an upload in parts that is cancelled leaves none behind', async () => {
  const { endpoint, uploads, fails } = await startStore()
  const { client, folder, run } = await setUp(endpoint)
  mkdirSync(join(folder, 'files'), { recursive: true })
  const path = join(folder, 'files', 'large.csv')
  writeFileSync(path, '')
  truncateSync(path, 104_857_601)
  fails.stalls = 'partNumber=2'
  const ended = run('s3.put', { key: 'no.csv', from: 'large.csv' })
  await expect.poll(() => fails.hasStalled, { timeout: 15_000 }).toBe(true)
  const [going] = (await client.runs.list({})).runs
  await client.runs.cancel({ id: going?.id ?? '' })
  await ended
  await expect.poll(() => uploads.size).toBe(0)
}, 60_000)

test('pieces of any size make parts of one size', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.uint8Array({ maxLength: 20 })),
      fc.integer({ min: 1, max: 30 }),
      async (pieces, size) => {
        async function* stream() {
          yield* pieces
        }
        const parts: Uint8Array[] = []
        for await (const part of partsOf(stream(), size)) parts.push(part)
        expect(Buffer.concat(parts)).toEqual(Buffer.concat(pieces))
        expect(parts.slice(0, -1).every((part) => part.length === size)).toBe(true)
        expect(parts.every((part) => part.length > 0 && part.length <= size)).toBe(true)
      },
    ),
  )
})
