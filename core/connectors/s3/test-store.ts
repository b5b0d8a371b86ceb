import { createHash, createHmac, type Hash, type Hmac } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { SignatureV4 } from '@smithy/signature-v4'
import { onTestFinished } from 'vitest'

/** The key of the account `AKIAADA` in `eu-central-1`, which has the bucket `reports`. */
export const SECRET = 'long-secret/access+key'

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

/** Amazon's own signer. */
export const judge = new SignatureV4({
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
export async function startStore() {
  const objects = new Map<string, { body: Buffer; type: string; etag?: string; encoding?: string }>()
  /** Where the parts began that were read. */
  const parts: number[] = []
  /** Is told of each. */
  const onPart = { heard: (_key: string): void => undefined }
  const waiting = new Set<() => void>()
  const uploads = new Map<string, { key: string; type: string; parts: Map<number, { body: Buffer; mark: string }> }>()
  /** What a test lets go wrong: the answer to a request that has it in its address, so many times. */
  const fails = { at: '', times: 0, status: 503, code: 'SlowDown', stalls: '', hasStalled: false }
  const server = createServer(async (request, response) => {
    const pieces: Buffer[] = []
    for await (const piece of request) pieces.push(piece)
    response.once('close', () => {
      for (const look of waiting) look()
    })
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
      if (key === 'late') return refuse(response, 200, 'InternalError')
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
      const { body, type, etag = '"abc"', encoding } = found
      const packed = encoding === undefined ? {} : { 'content-encoding': encoding }
      const facts = { ...packed, 'content-type': type, etag, 'last-modified': 'Thu, 26 Nov 2026 09:30:00 GMT' }
      const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? []
      if (from === undefined || to === undefined) return void response.writeHead(200, facts).end(body)
      if (request.headers['if-match'] !== undefined && request.headers['if-match'] !== etag)
        return refuse(response, 412, 'PreconditionFailed')
      if (Number(from) >= body.length) return refuse(response, 416, 'InvalidRange')
      parts.push(Number(from))
      onPart.heard(key)
      const part = body.subarray(Number(from), Number(to) + 1)
      const range = `bytes ${from}-${Number(from) + part.length - 1}/${body.length}`
      return void response.writeHead(206, { ...facts, 'content-range': range }).end(part)
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
  /** Resolves when the objects are as wanted. */
  const until = (isSo: () => boolean): Promise<void> =>
    new Promise((resolve) => {
      const look = (): void => {
        if (!isSo()) return
        waiting.delete(look)
        resolve()
      }
      waiting.add(look)
      look()
    })
  return {
    objects,
    parts,
    onPart,
    uploads,
    fails,
    until,
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
  } // it listens on a port
}
