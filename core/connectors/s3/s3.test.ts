import { createHash, createHmac, type Hash, type Hmac } from 'node:crypto'
import { once } from 'node:events'
import { appendFileSync, mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { SignatureV4 } from '@smithy/signature-v4'
import fc from 'fast-check'
import { expect, onTestFinished, test } from 'vitest'
import type { Json } from '../../domain/values/json.ts'
import { enableZap, runToEnd, testApp } from '../../test-app.ts'
import { partsOf } from './multipart.ts'

const SECRET = 'long-secret/access+key'

/** SHA-256 as Amazon's signer asks for it. */
class Sha256 {
  private readonly hash: Hash | Hmac
  constructor(key?: string | ArrayBuffer | ArrayBufferView) {
    this.hash =
      key === undefined
        ? createHash('sha256')
        : createHmac('sha256', typeof key === 'string' ? key : Buffer.from(key as Uint8Array)) // the signer's own
  }
  update(data: string | ArrayBuffer | ArrayBufferView): void {
    this.hash.update(typeof data === 'string' ? data : Buffer.from(data as Uint8Array)) // as above
  }
  async digest(): Promise<Uint8Array> {
    return new Uint8Array(this.hash.digest())
  }
}

const judge = new SignatureV4({
  credentials: { accessKeyId: 'AKIAADA', secretAccessKey: SECRET },
  region: 'eu-central-1',
  service: 's3',
  sha256: Sha256,
  uriEscapePath: false,
})

/** Whether Amazon's own signer would have signed a request in this way. */
async function isSigned(request: IncomingMessage, body: Buffer): Promise<boolean> {
  const { headers, method = '', url = '' } = request
  const named = /SignedHeaders=([^,]+)/.exec(headers.authorization ?? '')?.[1]?.split(';') ?? []
  const [path = '', search = ''] = url.split('?')
  const time = String(headers['x-amz-date'])
  const signed = await judge.sign(
    {
      method,
      protocol: 'http:',
      hostname: String(headers.host),
      path,
      query: Object.fromEntries(
        search
          .split('&')
          .filter(Boolean)
          .map((pair) => pair.split('=').map(decodeURIComponent) as [string, string]),
      ),
      headers: Object.fromEntries(
        named.filter((name) => name !== 'x-amz-date').map((name) => [name, String(headers[name])]),
      ),
      body,
    },
    {
      signingDate: new Date(time.replace(/(....)(..)(..)T(..)(..)(..)Z/, '$1-$2-$3T$4:$5:$6Z')),
      signableHeaders: new Set(named),
    },
  )
  const isWhole = headers['x-amz-content-sha256'] === createHash('sha256').update(body).digest('hex')
  return isWhole && signed.headers.authorization === headers.authorization
}

const refuse = (response: ServerResponse, status: number, code: string): void =>
  void response
    .writeHead(status, { 'content-type': 'application/xml' })
    .end(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>No.</Message></Error>`)

/** A store in memory with one bucket, which takes what is signed rightly. */
async function store() {
  const objects = new Map<string, { body: Buffer; type: string }>()
  const uploads = new Map<string, { key: string; type: string; parts: Map<number, { body: Buffer; mark: string }> }>()
  /** What a test lets go wrong: the answer to a request that has it in its address, so many times. */
  const fails = { at: '', times: 0, status: 503, code: 'SlowDown', stalls: '', hasStalled: false }
  const server = createServer(async (request, response) => {
    const pieces: Buffer[] = []
    for await (const piece of request) pieces.push(piece)
    const body = Buffer.concat(pieces)
    if (!(await isSigned(request, body))) return refuse(response, 403, 'SignatureDoesNotMatch')
    const [path = '', search = ''] = (request.url ?? '').split('?')
    const [, bucket = '', ...rest] = path.split('/')
    if (bucket !== 'reports') return refuse(response, 404, 'NoSuchBucket')
    const key = rest.map(decodeURIComponent).join('/')
    const source = request.headers['x-amz-copy-source']
    if (request.method === 'PUT' && typeof source === 'string') {
      const from = objects.get(source.split('/').slice(2).map(decodeURIComponent).join('/'))
      // What goes wrong late is told inside a success.
      if (from === undefined) return refuse(response, 200, 'NoSuchKey')
      objects.set(key, from)
      return void response.writeHead(200).end('<CopyObjectResult><ETag>&quot;cd&quot;</ETag></CopyObjectResult>')
    }
    if (request.method === 'HEAD') {
      const found = objects.get(key)
      if (found === undefined) return void response.writeHead(404).end()
      return void response
        .writeHead(200, {
          'content-type': found.type,
          'content-length': found.body.length,
          etag: '"abc"',
          'last-modified': 'Thu, 26 Nov 2026 09:30:00 GMT',
        })
        .end()
    }
    const asked = new URLSearchParams(search)
    if (fails.times > 0 && search.includes(fails.at)) {
      fails.times--
      return refuse(response, fails.status, fails.code)
    }
    if (request.method === 'POST' && asked.has('uploads')) {
      const id = `up/${uploads.size}+=`
      uploads.set(id, { key, type: request.headers['content-type'] ?? '', parts: new Map() })
      const xml = `<InitiateMultipartUploadResult><Bucket>reports</Bucket><UploadId>${id}</UploadId></InitiateMultipartUploadResult>`
      return void response.writeHead(200).end(xml)
    }
    const upload = uploads.get(asked.get('uploadId') ?? '')
    if (asked.has('uploadId')) {
      if (upload?.key !== key) return refuse(response, 404, 'NoSuchUpload')
      if (fails.stalls !== '' && search.includes(fails.stalls)) {
        fails.hasStalled = true
        return
      }
      if (request.method === 'PUT') {
        const mark = `"${createHash('md5').update(body).digest('hex')}"`
        upload.parts.set(Number(asked.get('partNumber')), { body, mark })
        return void response.writeHead(200, { etag: mark }).end()
      }
      if (request.method === 'DELETE') {
        uploads.delete(asked.get('uploadId') ?? '')
        return void response.writeHead(204).end()
      }
      // As S3: in order, with the marks that it gave, and none but the last of less than 5 MB.
      const named = [
        ...body.toString().matchAll(/<Part><PartNumber>(\d+)<\/PartNumber><ETag>&quot;(\w+)&quot;<\/ETag><\/Part>/g),
      ].map(([, number, mark]) => ({ number: Number(number), mark: `"${mark}"` }))
      const found = named.map(({ number }) => upload.parts.get(number))
      const isRight = named.every(({ number, mark }, at) => number === at + 1 && found[at]?.mark === mark)
      if (!isRight || named.length !== upload.parts.size) return refuse(response, 400, 'InvalidPart')
      if (found.slice(0, -1).some((one) => (one?.body.length ?? 0) < 5_242_880))
        return refuse(response, 400, 'EntityTooSmall')
      objects.set(key, { body: Buffer.concat(found.map((one) => one?.body ?? Buffer.alloc(0))), type: upload.type })
      uploads.delete(asked.get('uploadId') ?? '')
      const xml = '<CompleteMultipartUploadResult><ETag>&quot;ab-13&quot;</ETag></CompleteMultipartUploadResult>'
      return void response.writeHead(200).end(xml)
    }
    if (request.method === 'PUT') {
      objects.set(key, { body, type: request.headers['content-type'] ?? '' })
      return void response.writeHead(200, { etag: '"abc"' }).end()
    }
    if (request.method === 'DELETE') {
      objects.delete(key)
      return void response.writeHead(204).end()
    }
    if (rest.length > 0) {
      const found = objects.get(key)
      if (found === undefined) return refuse(response, 404, 'NoSuchKey')
      return void response
        .writeHead(200, { 'content-type': found.type, etag: '"abc"', 'last-modified': 'Thu, 26 Nov 2026 09:30:00 GMT' })
        .end(found.body)
    }
    const query = new URLSearchParams(search)
    const [prefix, most] = [query.get('prefix') ?? '', Math.min(2, Number(query.get('max-keys')))]
    const keys = [...objects.keys()].filter((one) => one.startsWith(prefix)).toSorted()
    const from = Number(query.get('continuation-token') ?? 0)
    const encoded = (text: string): string => encodeURIComponent(text).replaceAll('%20', '+')
    const listed = keys
      .slice(from, from + most)
      .map(
        (one) =>
          `<Contents><Key>${encoded(one)}</Key><LastModified>2026-11-26T09:30:00.000Z</LastModified><ETag>&quot;abc&quot;</ETag><Size>${objects.get(one)?.body.length}</Size></Contents>`,
      )
    const more = from + most < keys.length
    response
      .writeHead(200)
      .end(
        `<?xml version="1.0"?><ListBucketResult><IsTruncated>${more}</IsTruncated>${more ? `<NextContinuationToken>${from + most}</NextContinuationToken>` : ''}${listed.join('')}</ListBucketResult>`,
      )
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return { objects, uploads, fails, endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}` } // it listens on a port
}

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
  const { endpoint, objects } = await store()
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
  const { endpoint, objects } = await store()
  const { run, client } = await setUp(endpoint)
  await run('s3.put', { key: "it's ü.txt", content: 'hi', contentType: 'text/plain' })
  expect((await run('s3.copy', { from: "it's ü.txt", to: 'b' })).output).toEqual({
    bucket: 'reports',
    key: 'b',
    etag: 'cd',
  })
  expect(objects.get('b')?.body.toString()).toBe('hi')
  expect((await run('s3.copy', { from: 'none', to: 'c' })).error).toMatchObject({ code: 'no-file' })
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
  const { endpoint, objects } = await store()
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
  const { endpoint } = await store()
  const { run } = await setUp(endpoint, account)
  const { error, text } = await run(uses, input)
  expect(error ?? JSON.parse(text).at(-1)?.output?.error).toMatchObject({
    code,
    message: expect.stringMatching(message),
  })
  expect(text).not.toMatch(/another-secret|long-secret/)
})

test('the account is tested by what it may see', async () => {
  const { endpoint } = await store()
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
  const { endpoint, objects, uploads, fails } = await store()
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

test('an upload in parts that is cancelled leaves none behind', async () => {
  const { endpoint, uploads, fails } = await store()
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
