import { createHash, createHmac, createPublicKey, timingSafeEqual, verify } from 'node:crypto'
import type { VerifyOptions } from '../connectors/webhook/verify-options.ts'

/** A request as it came in. */
export type SignedRequest = {
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | undefined>>
  /** The bytes before any parsing: what is signed. */
  readonly rawBody: Buffer
  /** The whole public address with its query. */
  readonly url: string
  readonly method: string
}

export type Verdict = { readonly ok: true } | { readonly ok: false; readonly reason: string }

/** Milliseconds by which a signed time may differ from ours, either way: older ones may be a replay. */
const TOLERANCE_MS = 300_000

type Options = Omit<VerifyOptions, 'secrets'> & { readonly secrets: readonly string[] }

/**
 * Checks that a request comes from somebody who knows one of `secrets`. `reason` is a sentence for the inbox and never
 * holds a secret. The schemes follow the makers' own documentation; the tests hold their published vectors.
 */
export function verifySignature(options: Options, request: SignedRequest, nowMs: number): Verdict {
  // With an empty key anybody could sign.
  const secrets = options.secrets.map((secret) => secret.replace(/[\r\n]+$/, '')).filter((secret) => secret !== '')
  if (secrets.length === 0) return no('No secret is set for this webhook.')
  const proof = proofOf(options, request)
  if ('missing' in proof) return no(`The header "${proof.missing}" is missing or not in the form that it should have.`)
  if (proof.timestamp !== null) {
    const sentAt = readTimestamp(proof.timestamp)
    if (sentAt === undefined) return no('The time of the signature is not a number of seconds.')
    if (Math.abs(nowMs - sentAt) > TOLERANCE_MS) {
      return no('The signature is more than five minutes old or ahead; look at the clocks of both computers.')
    }
  }
  return secrets.some((secret) => proof.fits(secret)) ? { ok: true } : no('The signature does not fit the secret.')
}

const no = (reason: string): Verdict => ({ ok: false, reason })

/** What a request offers as a proof, or the header that it lacks. */
type Proof =
  | { readonly timestamp: string | null; readonly fits: (secret: string) => boolean }
  | { readonly missing: string }

function proofOf(options: Options, request: SignedRequest): Proof {
  const { rawBody: body } = request
  const header = (name: string) => request.headers[name.toLowerCase()] ?? ''
  switch (options.scheme) {
    case 'github':
      return hmacProof(header, { header: 'x-hub-signature-256', prefix: 'sha256=', content: body })
    case 'shopify':
      return hmacProof(header, { header: 'x-shopify-hmac-sha256', encoding: 'base64', content: body })
    case 'razorpay':
      return hmacProof(header, { header: 'x-razorpay-signature', content: body })
    case 'slack':
      return versionedProof(header, body, 'x-slack-signature', 'x-slack-request-timestamp')
    case 'zoom':
      return versionedProof(header, body, 'x-zm-signature', 'x-zm-request-timestamp')
    case 'hmac':
      return genericProof(header, body, options)
    case 'stripe':
      return stripeProof(header('stripe-signature'), body)
    case 'standard-webhooks':
    case 'svix':
      return standardProof(header, body, options.scheme === 'svix' ? ['svix', 'webhook'] : ['webhook', 'svix'])
    case 'twilio':
      return twilioProof(header('x-twilio-signature'), request, options.url)
    case 'gitlab':
      return tokenProof('x-gitlab-token', header('x-gitlab-token'))
    case 'basic':
      return basicProof(header('authorization'))
    case 'bearer':
      return tokenProof('authorization', /^Bearer +(\S+)$/i.exec(header('authorization'))?.[1] ?? '')
    case 'header':
      return headerProof(options.header ?? '', header(options.header ?? ''))
  }
}

type ReadHeader = (name: string) => string
type Algorithm = 'sha1' | 'sha256' | 'sha512'
type Encoding = 'hex' | 'base64'
type Content = readonly (string | Buffer)[]

function hmacProof(
  header: ReadHeader,
  scheme: {
    header: string
    content: Buffer | Content
    prefix?: string | undefined
    algorithm?: Algorithm | undefined
    encoding?: Encoding | undefined
    timestamp?: string
  },
): Proof {
  const { prefix = '', algorithm = 'sha256', encoding = 'hex', timestamp = null } = scheme
  const text = header(scheme.header)
  const signature = text.startsWith(prefix) ? decode(text.slice(prefix.length), encoding) : undefined
  if (signature === undefined) return { missing: scheme.header }
  const content = Buffer.isBuffer(scheme.content) ? [scheme.content] : scheme.content
  return { timestamp, fits: (secret) => sameBytes(hmac(algorithm, secret, content), signature) }
}

/** Slack's, which Zoom took over: `v0:time:body`. */
function versionedProof(header: ReadHeader, body: Buffer, signature: string, time: string): Proof {
  const timestamp = header(time)
  if (timestamp === '') return { missing: time }
  return hmacProof(header, { header: signature, prefix: 'v0=', content: ['v0:', timestamp, ':', body], timestamp })
}

function genericProof(header: ReadHeader, body: Buffer, options: Options): Proof {
  const { signed = '{body}', timestampHeader, idHeader, prefix, algorithm, encoding } = options
  const timestamp = timestampHeader === undefined ? undefined : header(timestampHeader)
  if (timestampHeader !== undefined && timestamp === '') return { missing: timestampHeader }
  const id = idHeader === undefined ? '' : header(idHeader)
  if (idHeader !== undefined && id === '') return { missing: idHeader }
  const content = signed
    .split(/(\{body\}|\{ts\}|\{id\})/)
    .map((part) => (part === '{body}' ? body : part === '{ts}' ? (timestamp ?? '') : part === '{id}' ? id : part))
  const scheme = { header: options.header ?? '', prefix, algorithm, encoding, content }
  return hmacProof(header, timestamp === undefined ? scheme : { ...scheme, timestamp })
}

/** `t=…,v1=…[,v1=…]`; `v0` is a weaker test scheme and is ignored. The key is the whole `whsec_…`. */
function stripeProof(text: string, body: Buffer): Proof {
  const parts = text.split(',').map((part) => part.trim().split('=', 2))
  const timestamp = parts.find(([name]) => name === 't')?.[1]
  const signatures = parts.flatMap(([name, value]) => (name === 'v1' ? (decode(value ?? '', 'hex') ?? []) : []))
  if (timestamp === undefined || signatures.length === 0) return { missing: 'stripe-signature' }
  return {
    timestamp,
    fits: (secret) => {
      const expected = hmac('sha256', secret, [timestamp, '.', body])
      return signatures.some((signature) => sameBytes(expected, signature))
    },
  }
}

/** Standard Webhooks, and Svix, from whom it comes: `id.time.body`; `v1,` is HMAC, `v1a,` is Ed25519. */
function standardProof(header: ReadHeader, body: Buffer, names: readonly [string, string]): Proof {
  const family = names.find((name) => header(`${name}-signature`) !== '') ?? names[0]
  for (const part of ['id', 'timestamp', 'signature']) {
    if (header(`${family}-${part}`) === '') return { missing: `${family}-${part}` }
  }
  const timestamp = header(`${family}-timestamp`)
  const content: Content = [header(`${family}-id`), '.', timestamp, '.', body]
  const signatures = header(`${family}-signature`)
    .split(' ')
    .map((entry) => entry.split(',', 2))
  const of = (version: string) =>
    signatures.flatMap(([name, value]) => (name === version ? (decode(value ?? '', 'base64') ?? []) : []))
  const [macs, asymmetric] = [of('v1'), of('v1a')]
  return {
    timestamp,
    fits(secret) {
      if (secret.startsWith('whpk_')) return asymmetric.some((signature) => isSignedBy(secret, content, signature))
      const key = decode(secret.replace(/^whsec_/, ''), 'base64')
      if (key === undefined) return false
      const expected = hmac('sha256', key, content)
      return macs.some((signature) => sameBytes(expected, signature))
    },
  }
}

/**
 * The public address, followed by the form's names and values in order of the names. A body that is no form is covered by
 * its hash in the address (`bodySHA256`).
 */
function twilioProof(text: string, request: SignedRequest, publicUrl: string | undefined): Proof {
  const signature = decode(text, 'base64')
  if (signature === undefined) return { missing: 'x-twilio-signature' }
  const arrived = URL.parse(request.url)
  const url =
    publicUrl === undefined ? request.url : publicUrl + (publicUrl.includes('?') ? '' : (arrived?.search ?? ''))
  const hash = URL.parse(url)?.searchParams.get('bodySHA256')
  if (typeof hash === 'string') {
    const claimed = decode(hash, 'hex')
    const isBody = claimed !== undefined && sameBytes(createHash('sha256').update(request.rawBody).digest(), claimed)
    return { timestamp: null, fits: (secret) => isBody && sameBytes(hmac('sha1', secret, [url]), signature) }
  }
  const form = new URLSearchParams(request.rawBody.toString('utf8'))
  const pairs = [...new Set(form.keys())]
    .sort()
    .flatMap((name) => [...new Set(form.getAll(name))].sort().map((value) => name + value))
  return { timestamp: null, fits: (secret) => sameBytes(hmac('sha1', secret, [url, ...pairs]), signature) }
}

function tokenProof(header: string, token: string): Proof {
  return token === '' ? { missing: header } : { timestamp: null, fits: (secret) => sameText(token, secret) }
}

/** The secret is `user:password`. */
function basicProof(text: string): Proof {
  const given = decode(/^Basic +(\S+)$/i.exec(text)?.[1] ?? '', 'base64')
  return given === undefined
    ? { missing: 'authorization' }
    : { timestamp: null, fits: (secret) => sameText(given.toString('utf8'), secret) }
}

/** The secret is the header's value, or `Name: value`, as credentials of type `header` are written. */
function headerProof(name: string, given: string): Proof {
  if (given === '') return { missing: name }
  const start = `${name.toLowerCase()}:`
  const expectedOf = (secret: string) =>
    secret.toLowerCase().startsWith(start) ? secret.slice(start.length).trim() : secret
  return { timestamp: null, fits: (secret) => sameText(given, expectedOf(secret)) }
}

function hmac(algorithm: Algorithm, key: string | Buffer, content: Content): Buffer {
  const mac = createHmac(algorithm, key)
  for (const part of content) mac.update(part)
  return mac.digest()
}

function isSignedBy(publicKey: string, content: Content, signature: Buffer): boolean {
  const raw = decode(publicKey.slice('whpk_'.length), 'base64')
  if (raw?.length !== 32) return false
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: raw.toString('base64url') }, format: 'jwk' })
  return verify(null, Buffer.concat(content.map((part) => Buffer.from(part))), key, signature)
}

/** `Buffer.from` would stop in silence at the first character that does not belong, so the form is checked first. */
function decode(text: string, encoding: Encoding): Buffer | undefined {
  const form = encoding === 'hex' ? /^(?:[0-9a-f]{2})+$/i : /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2,3}={0,2})?$/
  return text !== '' && form.test(text) ? Buffer.from(text, encoding) : undefined
}

function sameBytes(expected: Buffer, given: Buffer): boolean {
  return expected.length === given.length && timingSafeEqual(expected, given)
}

/** Compares digests, so that neither content nor length of the secret shows in the time that it takes. */
function sameText(given: string, expected: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text, 'utf8').digest()
  return timingSafeEqual(digest(given), digest(expected))
}

/** Seconds since 1970, as milliseconds; milliseconds where the number is too large for seconds. */
function readTimestamp(text: string): number | undefined {
  if (!/^\d{1,13}$/.test(text)) return undefined
  const number = Number(text)
  return number >= 1e11 ? number : number * 1_000
}
