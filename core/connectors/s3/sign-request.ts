import { createHash, createHmac } from 'node:crypto'

/** By whom a request is signed, and where it counts. */
export type S3Signer = { readonly region: string; readonly accessKeyId: string; readonly secretAccessKey: string }

const sha256 = (data: string | Uint8Array): string => createHash('sha256').update(data).digest('hex')
const hmac = (key: string | Uint8Array, data: string): Buffer => createHmac('sha256', key).update(data).digest()

/** Text as S3 has it in an address: all but letters, digits and `-._~` in percents (AWS: “UriEncode”). */
export function uriEncode(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

/** A query in the order and the writing that are signed. */
export function canonicalQuery(query: Readonly<Record<string, string>>): string {
  return Object.entries(query)
    .map(([name, value]) => [uriEncode(name), uriEncode(value)] as const)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join('&')
}

/** When a request is signed, and for whom it counts. */
function scopeOf({ region, secretAccessKey }: S3Signer, now: number) {
  const time = new Date(now).toISOString().replace(/[-:]|\.\d{3}/g, '')
  const day = time.slice(0, 8)
  const scope = `${day}/${region}/s3/aws4_request`
  const key = [region, 's3', 'aws4_request'].reduce(hmac, hmac(`AWS4${secretAccessKey}`, day))
  const sign = (canonical: string): string =>
    hmac(key, ['AWS4-HMAC-SHA256', time, scope, sha256(canonical)].join('\n')).toString('hex')
  return { time, scope, sign }
}

/** The query of an address at which an object can be fetched by everyone for some seconds (AWS: “Authenticating Requests: Using Query Parameters”). */
export function signedQuery(
  { host, path, seconds }: { readonly host: string; readonly path: string; readonly seconds: number },
  signer: S3Signer,
  now: number,
): string {
  const { time, scope, sign } = scopeOf(signer, now)
  const query = {
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
    'X-Amz-Credential': `${signer.accessKeyId}/${scope}`,
    'X-Amz-Date': time,
    'X-Amz-Expires': String(seconds),
    'X-Amz-SignedHeaders': 'host',
  }
  const search = canonicalQuery(query)
  const canonical = ['GET', path, search, `host:${host}\n`, 'host', 'UNSIGNED-PAYLOAD'].join('\n')
  return `${search}&X-Amz-Signature=${sign(canonical)}`
}

/**
 * The headers of a request with its signature (AWS Signature Version 4, “Authenticating Requests: Using the Authorization Header”). `path` is that of
 * the address as it is sent, `now` in milliseconds.
 */
export function signedHeaders(
  request: {
    readonly method: string
    readonly host: string
    readonly path: string
    readonly query: Readonly<Record<string, string>>
    readonly headers: Readonly<Record<string, string>>
    readonly body: Uint8Array | null
  },
  signer: S3Signer,
  now: number,
): Record<string, string> {
  const { time, scope, sign } = scopeOf(signer, now)
  const content = sha256(request.body ?? '')
  const headers: Record<string, string> = { ...request.headers, 'x-amz-content-sha256': content, 'x-amz-date': time }
  const signed = Object.entries({ ...headers, host: request.host })
    .map(([name, value]) => [name.toLowerCase(), value.trim().replace(/ {2,}/g, ' ')] as const)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
  const names = signed.map(([name]) => name).join(';')
  const lines = signed.map(([name, value]) => `${name}:${value}\n`).join('')
  const canonical = [request.method, request.path, canonicalQuery(request.query), lines, names, content].join('\n')
  const signature = sign(canonical)
  const credential = `Credential=${signer.accessKeyId}/${scope}`
  return { ...headers, authorization: `AWS4-HMAC-SHA256 ${credential}, SignedHeaders=${names}, Signature=${signature}` }
}
