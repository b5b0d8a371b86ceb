import { createHash, createHmac, createPublicKey, timingSafeEqual, verify } from 'node:crypto'
import type { VerifyOptions } from '../connectors/kit/verify-options.ts'
import { fieldOf, readFields } from './parse-form.ts'

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

export type ProofOptions = Omit<VerifyOptions, 'secrets' | 'verifyToken'> & { readonly secrets: readonly string[] }

/** What a request offers as a proof of its sender. */
export type Proof = {
  /** The header that carries it. */
  readonly header: string
  /** The time that is signed, as it was sent; null where the scheme has none. */
  readonly timestamp: string | null
  readonly fits: (secret: string) => boolean
  /** How a signature comes about; null where the secret itself is sent. */
  readonly signing: Signing | null
}

/** What a report can tell of a signature. */
export type Signing = {
  /** What is signed, in words: `{timestamp}.{body}`. */
  readonly recipe: string
  readonly content: Content
  /** How it is signed: `HMAC-SHA256, in hex`. */
  readonly method: string
  readonly given: string
  /** What the header should hold with this secret; null when the secret is not of the right kind. */
  expected(secret: string): string | null
}

/** The header that a request lacks, or has in another form. */
export type NoProof = { readonly missing: string; readonly form: string }

export type Content = readonly (string | Buffer)[]
type ReadHeader = (name: string) => string
type Algorithm = 'sha1' | 'sha256' | 'sha512'
type Encoding = 'hex' | 'base64'

/** Looks for what the scheme of a webhook asks for. The schemes follow the makers' own documentation. */
export function proofOf(options: ProofOptions, request: SignedRequest): Proof | NoProof {
  const { rawBody: body } = request
  const header = (name: string) => request.headers[name.toLowerCase()] ?? ''
  switch (options.scheme) {
    case 'github':
    case 'meta':
      return hmacProof(header, { header: 'x-hub-signature-256', prefix: 'sha256=', content: [body], recipe: '{body}' })
    case 'shopify':
      return hmacProof(header, {
        header: 'x-shopify-hmac-sha256',
        encoding: 'base64',
        content: [body],
        recipe: '{body}',
      })
    case 'razorpay':
      return hmacProof(header, { header: 'x-razorpay-signature', content: [body], recipe: '{body}' })
    case 'slack':
      return versionedProof(header, body, 'x-slack-signature', 'x-slack-request-timestamp')
    case 'zoom':
      return versionedProof(header, body, 'x-zm-signature', 'x-zm-request-timestamp')
    case 'hmac':
      return genericProof(header, body, options)
    case 'stripe':
      return stripeProof('stripe-signature', header, body)
    case 'calendly':
      return stripeProof('calendly-webhook-signature', header, body)
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
      return bearerProof(header('authorization'))
    case 'header':
      return headerProof(options.header ?? '', header(options.header ?? ''))
  }
}

function hmacProof(
  header: ReadHeader,
  scheme: {
    header: string
    content: Content
    recipe: string
    prefix?: string | undefined
    algorithm?: Algorithm | undefined
    encoding?: Encoding | undefined
    timestamp?: string
  },
): Proof | NoProof {
  const { prefix = '', algorithm = 'sha256', encoding = 'hex', timestamp = null, content, recipe } = scheme
  const given = header(scheme.header)
  const signature = given.startsWith(prefix) ? decode(given.slice(prefix.length), encoding) : undefined
  if (signature === undefined) return { missing: scheme.header, form: `${prefix}<${encoding}>` }
  return {
    header: scheme.header,
    timestamp,
    fits: (secret) => sameBytes(hmac(algorithm, secret, content), signature),
    signing: {
      recipe,
      content,
      method: `HMAC-${algorithm.toUpperCase()}, in ${encoding}`,
      given,
      expected: (secret) => prefix + hmac(algorithm, secret, content).toString(encoding),
    },
  }
}

/** Slack's, which Zoom took over: `v0:time:body`. */
function versionedProof(header: ReadHeader, body: Buffer, signature: string, time: string): Proof | NoProof {
  const timestamp = header(time)
  if (timestamp === '') return { missing: time, form: '<seconds since 1970>' }
  const content = ['v0:', timestamp, ':', body]
  return hmacProof(header, { header: signature, prefix: 'v0=', content, recipe: 'v0:{timestamp}:{body}', timestamp })
}

function genericProof(header: ReadHeader, body: Buffer, options: ProofOptions): Proof | NoProof {
  const { signed = '{body}', timestampHeader, idHeader, prefix, algorithm, encoding } = options
  const timestamp = timestampHeader === undefined ? undefined : header(timestampHeader)
  if (timestampHeader !== undefined && timestamp === '') {
    return { missing: timestampHeader.toLowerCase(), form: '<seconds since 1970>' }
  }
  const id = idHeader === undefined ? '' : header(idHeader)
  if (idHeader !== undefined && id === '') return { missing: idHeader.toLowerCase(), form: '<id>' }
  const content = signed
    .split(/(\{body\}|\{ts\}|\{id\})/)
    .map((part) => (part === '{body}' ? body : part === '{ts}' ? (timestamp ?? '') : part === '{id}' ? id : part))
  const name = (options.header ?? '').toLowerCase()
  const scheme = { header: name, prefix, algorithm, encoding, content, recipe: signed }
  return hmacProof(header, timestamp === undefined ? scheme : { ...scheme, timestamp })
}

/** `t=…,v1=…[,v1=…]`; `v0` is a weaker test scheme and is ignored. The key is the whole `whsec_…`. Calendly took it over, in a header of its own. */
function stripeProof(name: string, header: ReadHeader, body: Buffer): Proof | NoProof {
  const text = header(name)
  const parts = text.split(',').map((part) => part.trim().split('=', 2))
  const timestamp = parts.find(([part]) => part === 't')?.[1]
  const signatures = parts.flatMap(([part, value]) => (part === 'v1' ? (decode(value ?? '', 'hex') ?? []) : []))
  if (timestamp === undefined || signatures.length === 0) {
    return { missing: name, form: 't=<seconds since 1970>,v1=<hex>' }
  }
  const content = [timestamp, '.', body]
  return {
    header: name,
    timestamp,
    fits: (secret) => {
      const expected = hmac('sha256', secret, content)
      return signatures.some((signature) => sameBytes(expected, signature))
    },
    signing: {
      recipe: '{timestamp}.{body}',
      content,
      method: 'HMAC-SHA256, in hex',
      given: text,
      expected: (secret) => `v1=${hmac('sha256', secret, content).toString('hex')}`,
    },
  }
}

/** Standard Webhooks, and Svix, from whom it comes: `id.time.body`; `v1,` is HMAC, `v1a,` is Ed25519. */
function standardProof(header: ReadHeader, body: Buffer, names: readonly [string, string]): Proof | NoProof {
  const family = names.find((name) => header(`${name}-signature`) !== '') ?? names[0]
  for (const [part, form] of [
    ['id', '<id>'],
    ['timestamp', '<seconds since 1970>'],
    ['signature', 'v1,<base64>'],
  ]) {
    if (header(`${family}-${part}`) === '') return { missing: `${family}-${part}`, form: form ?? '' }
  }
  const timestamp = header(`${family}-timestamp`)
  const content: Content = [header(`${family}-id`), '.', timestamp, '.', body]
  const given = header(`${family}-signature`)
  const signatures = given.split(' ').map((entry) => entry.split(',', 2))
  const of = (version: string) =>
    signatures.flatMap(([name, value]) => (name === version ? (decode(value ?? '', 'base64') ?? []) : []))
  const macs = of('v1')
  // Each of these is a calculation of its own over the whole body, so only as many are tried as an exchange of keys needs.
  const asymmetric = of('v1a')
    .filter(({ length }) => length === ED25519_BYTES)
    .slice(0, MAX_ASYMMETRIC)
  return {
    header: `${family}-signature`,
    timestamp,
    fits(secret) {
      if (isPublicKey(secret)) return asymmetric.some((signature) => isSignedBy(secret, content, signature))
      const expected = standardMac(secret, content)
      return expected !== undefined && macs.some((signature) => sameBytes(expected, signature))
    },
    signing: {
      recipe: '{id}.{timestamp}.{body}',
      content,
      method: 'HMAC-SHA256, in base64 (v1), or Ed25519 (v1a)',
      given,
      expected(secret) {
        const expected = isPublicKey(secret) ? undefined : standardMac(secret, content)
        return expected === undefined ? null : `v1,${expected.toString('base64')}`
      },
    },
  }
}

const ED25519_BYTES = 64
const MAX_ASYMMETRIC = 3

/** The key of Standard Webhooks is what the base64 text after `whsec_` stands for. */
function standardMac(secret: string, content: Content): Buffer | undefined {
  const key = decode(secret.replace(/^whsec_/, ''), 'base64')
  return key === undefined ? undefined : hmac('sha256', key, content)
}

const isPublicKey = (secret: string): boolean => secret.startsWith('whpk_')

/**
 * The public address, followed by the form's names and values in order of the names. A body that is no form is covered by
 * its hash in the address (`bodySHA256`).
 */
function twilioProof(given: string, request: SignedRequest, publicUrl: string | undefined): Proof | NoProof {
  const header = 'x-twilio-signature'
  const signature = decode(given, 'base64')
  if (signature === undefined) return { missing: header, form: '<base64>' }
  const arrived = URL.parse(request.url)
  const url =
    publicUrl === undefined ? request.url : publicUrl + (publicUrl.includes('?') ? '' : (arrived?.search ?? ''))
  const hash = fieldOf(readFields(URL.parse(url)?.search.slice(1) ?? ''), 'bodySHA256')
  const isHashed = hash !== undefined
  const content = isHashed ? [url] : [url, ...sortedPairs(request.rawBody.toString('utf8'))]
  const isBody = !isHashed || isHashOf(hash, request.rawBody)
  return {
    header,
    timestamp: null,
    fits: (secret) => isBody && sameBytes(hmac('sha1', secret, content), signature),
    signing: {
      recipe: isHashed ? '{address}, in which bodySHA256 is the hash of the body' : '{address}{sorted form fields}',
      content,
      method: 'HMAC-SHA1, in base64',
      given,
      expected: (secret) => hmac('sha1', secret, content).toString('base64'),
    },
  }
}

/** A form's names, each with its value behind it, in order. What comes twice counts once. Nothing of what is no form that anybody sends. */
function sortedPairs(text: string): string[] {
  const values = new Map<string, Set<string>>()
  for (const [name, value] of readFields(text, 'utf-8')?.fields ?? []) {
    const known = values.get(name)
    if (known === undefined) values.set(name, new Set([value]))
    else known.add(value)
  }
  return [...values.keys()].sort().flatMap((name) => [...(values.get(name) ?? [])].sort().map((value) => name + value))
}

function isHashOf(hash: string, body: Buffer): boolean {
  const claimed = decode(hash, 'hex')
  return claimed !== undefined && sameBytes(createHash('sha256').update(body).digest(), claimed)
}

function tokenProof(header: string, token: string): Proof | NoProof {
  if (token === '') return { missing: header, form: '<the secret>' }
  return { header, timestamp: null, fits: (secret) => sameText(token, secret), signing: null }
}

function bearerProof(text: string): Proof | NoProof {
  const token = /^Bearer +(\S+)$/i.exec(text)?.[1] ?? ''
  return token === '' ? { missing: 'authorization', form: 'Bearer <token>' } : tokenProof('authorization', token)
}

/** The secret is `user:password`. */
function basicProof(text: string): Proof | NoProof {
  const given = decode(/^Basic +(\S+)$/i.exec(text)?.[1] ?? '', 'base64')
  return given === undefined
    ? { missing: 'authorization', form: 'Basic <base64 of user:password>' }
    : tokenProof('authorization', given.toString('utf8'))
}

/** The secret is the header's value, or `Name: value`, as credentials of type `header` are written. */
function headerProof(name: string, given: string): Proof | NoProof {
  const header = name.toLowerCase()
  if (given === '') return { missing: header, form: '<the secret>' }
  const start = `${header}:`
  const expectedOf = (secret: string) =>
    secret.toLowerCase().startsWith(start) ? secret.slice(start.length).trim() : secret
  return { header, timestamp: null, fits: (secret) => sameText(given, expectedOf(secret)), signing: null }
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
export function sameText(given: string, expected: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text, 'utf8').digest()
  return timingSafeEqual(digest(given), digest(expected))
}

/** Seconds since 1970, as milliseconds; milliseconds where the number is too large for seconds. */
export function readTimestamp(text: string): number | undefined {
  if (!/^\d{1,13}$/.test(text)) return undefined
  const number = Number(text)
  return number >= 1e11 ? number : number * 1_000
}
