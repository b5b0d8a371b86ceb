import { createPublicKey, verify } from 'node:crypto'
import { fieldsAt } from './body-fields.ts'
import {
  type Content,
  decode,
  hmac,
  hmacProof,
  type NoProof,
  type Proof,
  type ProofOptions,
  type ReadHeader,
  type SignedRequest,
  sameBytes,
  sameText,
} from './proof-values.ts'

/** A signature of what a template says, in a header. */
export function genericProof(header: ReadHeader, request: SignedRequest, options: ProofOptions): Proof | NoProof {
  const { prefix, algorithm, encoding, secretIs } = options
  const told = toldIn(header, options)
  if ('missing' in told) return told
  const { timestamp } = told
  const { content, recipe } = contentOf(request, options, told)
  const name = (options.header ?? '').toLowerCase()
  const scheme = { header: name, prefix, algorithm, encoding, secretIs, content, recipe }
  return hmacProof(header, timestamp === undefined ? scheme : { ...scheme, timestamp })
}

/** The headers besides that of the signature: time and id, where they are signed. */
function toldIn(
  header: ReadHeader,
  { timestampHeader, idHeader }: ProofOptions,
): NoProof | { readonly timestamp: string | undefined; readonly id: string } {
  const timestamp = timestampHeader === undefined ? undefined : header(timestampHeader)
  if (timestampHeader !== undefined && timestamp === '') {
    return { missing: timestampHeader.toLowerCase(), form: '<seconds since 1970>' }
  }
  const id = idHeader === undefined ? '' : header(idHeader)
  if (idHeader !== undefined && id === '') return { missing: idHeader.toLowerCase(), form: '<id>' }
  return { timestamp, id }
}

/** What is signed, with the parts of the request in the places that are named for them. */
function contentOf(
  request: SignedRequest,
  { signed = '{body}' }: ProofOptions,
  { timestamp = '', id }: { readonly timestamp?: string | undefined; readonly id: string },
): { content: Content; recipe: string } {
  const parts = new Map<string, string | Buffer>([
    ['{body}', request.rawBody],
    ['{ts}', timestamp],
    ['{id}', id],
    ['{method}', request.method],
    ['{url}', request.url],
  ])
  const content = signed.split(/(\{(?:body|ts|id|method|url)\})/).map((part) => parts.get(part) ?? part)
  return { content, recipe: signed }
}

/** A secret, or a signature of other fields, in the JSON of the body. */
export function bodyProof({ rawBody }: SignedRequest, options: ProofOptions): Proof | NoProof {
  const { at = '', signed, timeAt, algorithm = 'sha256', encoding = 'hex' } = options
  const found = fieldsAt(rawBody, at)
  const form = signed === undefined ? '<the secret>' : `<${encoding}>`
  const [first] = found
  if (first === undefined) return { missing: at, form, isInBody: true }
  if (signed === undefined) {
    // Each of them, or what is not proved could travel with what is.
    const fits = (secret: string) => found.every((one) => sameText(one, secret))
    return { header: at, timestamp: null, fits, signing: null }
  }
  const timestamp = timeAt === undefined ? null : (fieldsAt(rawBody, timeAt)[0] ?? '')
  const content = signed
    .split(/\{body\.([\w.]{1,200})\}/)
    .map((part, index) => (index % 2 === 0 ? part : (fieldsAt(rawBody, part)[0] ?? '')))
  const signature = decode(first, encoding)
  if (signature === undefined) return { missing: at, form, isInBody: true }
  return {
    header: at,
    timestamp,
    fits: (secret) => sameBytes(hmac(algorithm, secret, content), signature),
    signing: {
      recipe: signed,
      content,
      method: `HMAC-${algorithm.toUpperCase()}, in ${encoding}`,
      given: first,
      expected: (secret) => hmac(algorithm, secret, content).toString(encoding),
    },
  }
}

/** Signed with a private key that the sender keeps (ECDSA, SHA-256, DER in base64); the secret here is its public key. */
export function ecdsaProof(header: ReadHeader, request: SignedRequest, options: ProofOptions): Proof | NoProof {
  const told = toldIn(header, options)
  if ('missing' in told) return told
  const name = (options.header ?? '').toLowerCase()
  const signature = decode(header(name), 'base64')
  if (signature === undefined) return { missing: name, form: '<base64>' }
  const { content, recipe } = contentOf(request, options, told)
  return {
    header: name,
    timestamp: told.timestamp ?? null,
    fits(secret) {
      const der = decode(secret.trim(), 'base64')
      if (der === undefined) return false
      try {
        const key = createPublicKey({ key: der, format: 'der', type: 'spki' })
        return verify('sha256', Buffer.concat(content.map((part) => Buffer.from(part))), key, signature)
      } catch {
        // What was entered is no public key.
        return false
      }
    },
    signing: { recipe, content, method: 'ECDSA, in base64', given: header(name), expected: () => null },
  }
}
