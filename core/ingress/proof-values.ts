import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { SenderProof } from '../connectors/kit/verify-options.ts'

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

export type ProofOptions = Omit<SenderProof, 'secrets' | 'verifyToken'> & { readonly secrets: readonly string[] }

/** What a request offers as a proof of its sender. */
export type Proof = {
  /** The header that carries it, or the field of the body. */
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

/** The header that a request lacks, or has in another form; or such a field of its body. */
export type NoProof = { readonly missing: string; readonly form: string; readonly isInBody?: true }

export type Content = readonly (string | Buffer)[]
export type ReadHeader = (name: string) => string
export type Algorithm = 'sha1' | 'sha256' | 'sha512'
export type Encoding = 'hex' | 'base64'

export function hmacProof(
  header: ReadHeader,
  scheme: {
    header: string
    content: Content
    recipe: string
    prefix?: string | undefined
    algorithm?: Algorithm | undefined
    encoding?: Encoding | undefined
    timestamp?: string
    secretIs?: 'base64' | undefined
  },
): Proof | NoProof {
  const { prefix = '', algorithm = 'sha256', encoding = 'hex', timestamp = null, content, recipe, secretIs } = scheme
  const given = header(scheme.header)
  // While a secret is replaced, some makers sign with both, and put a comma between.
  const signatures = given
    .split(',', MAX_SIGNATURES)
    .map((one, at) => (at === 0 ? one : one.trimStart()))
    .flatMap((one) => (one.startsWith(prefix) ? (decode(one.slice(prefix.length), encoding) ?? []) : []))
  if (signatures.length === 0) return { missing: scheme.header, form: `${prefix}<${encoding}>` }
  const signed = (secret: string): Buffer | undefined => {
    // What is no base64 would be an empty key, with which anyone could sign.
    const key = secretIs === 'base64' ? decode(secret.trim(), 'base64') : secret
    return key === undefined ? undefined : hmac(algorithm, key, content)
  }
  return {
    header: scheme.header,
    timestamp,
    fits: (secret) => {
      const expected = signed(secret)
      return expected !== undefined && signatures.some((signature) => sameBytes(expected, signature))
    },
    signing: {
      recipe,
      content,
      method: `HMAC-${algorithm.toUpperCase()}, in ${encoding}`,
      given,
      expected(secret) {
        const expected = signed(secret)
        return expected === undefined ? null : prefix + expected.toString(encoding)
      },
    },
  }
}

const MAX_SIGNATURES = 5

export function hmac(algorithm: Algorithm, key: string | Buffer, content: Content): Buffer {
  const mac = createHmac(algorithm, key)
  for (const part of content) mac.update(part)
  return mac.digest()
}

/** `Buffer.from` would stop in silence at the first character that does not belong, so the form is checked first. */
export function decode(text: string, encoding: Encoding): Buffer | undefined {
  const form = encoding === 'hex' ? /^(?:[0-9a-f]{2})+$/i : /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2,3}={0,2})?$/
  return text !== '' && form.test(text) ? Buffer.from(text, encoding) : undefined
}

export function sameBytes(expected: Buffer, given: Buffer): boolean {
  return expected.length === given.length && timingSafeEqual(expected, given)
}

/** Compares digests, so that neither content nor length of the secret shows in the time that it takes. */
export function sameText(given: string, expected: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text, 'utf8').digest()
  return timingSafeEqual(digest(given), digest(expected))
}

/** Seconds since 1970, as milliseconds; milliseconds where the number is too large for seconds; or a time of ISO 8601. */
export function readTimestamp(text: string): number | undefined {
  if (/^\d{4}-\d\d-\d\dT[\d:.]{5,15}(?:Z|[+-]\d\d:?\d\d)$/.test(text)) return Date.parse(text)
  if (!/^\d{1,13}$/.test(text)) return undefined
  const number = Number(text)
  return number >= 1e11 ? number : number * 1_000
}
