import {
  constants,
  createHmac,
  createPrivateKey,
  createPublicKey,
  type JsonWebKey,
  type KeyObject,
  sign,
  timingSafeEqual,
  verify,
} from 'node:crypto'
import { StepError } from '../../domain/runs/step-error.ts'
import { isJsonList, isJsonObject, type JsonObject, jsonSchema } from '../../domain/values/json.ts'

/** How tokens are signed (RFC 7518, section 3.1, and RFC 8037): with a secret that both sides have, or with a key of which one is public. */
export const ALGORITHMS = [
  'HS256',
  'HS384',
  'HS512',
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
] as const
export type Algorithm = (typeof ALGORITHMS)[number]

/** Characters of a token that is read. */
const LONGEST = 65_536
/** Bits of an RSA key that both rules and libraries ask for at least. */
const LEAST_RSA_BITS = 2_048
const CURVES: Readonly<Partial<Record<Algorithm, string>>> = {
  ES256: 'prime256v1',
  ES384: 'secp384r1',
  ES512: 'secp521r1',
}

const wrong = (message: string, cause?: unknown): StepError =>
  new StepError({ code: 'bad-input', message, retryable: false }, { cause })
const refused = (why: string): StepError =>
  new StepError({ code: 'bad-token', message: `The token is not good: ${why}.`, retryable: false })

const hashOf = (algorithm: Algorithm): string => `sha${algorithm.slice(2)}`
const isShared = (algorithm: Algorithm): boolean => algorithm.startsWith('HS')

/** Whether a text is a key, a certificate or a list of keys, as PEM, as JWK or as OpenSSH writes it. */
function isKey(text: string): boolean {
  if (
    /-----BEGIN [A-Z0-9 ]*(?:KEY|CERTIFICATE)-----/.test(text) ||
    /^\s{0,100}(?:ssh|ecdsa)-[a-z0-9-]{1,40} AAAA/.test(text)
  )
    return true
  try {
    const value = jsonSchema.parse(JSON.parse(text))
    return isJsonObject(value) && (value.kty !== undefined || value.keys !== undefined)
  } catch {
    return false
  }
}

/** The secret of a shared algorithm. A key of which one half is public is none: anyone could sign with that. */
export function sharedKey(text: string, as: 'text' | 'hex' | 'base64'): Uint8Array {
  if (isKey(text) || (as !== 'text' && isKey(Buffer.from(text.trim(), as).toString('latin1'))))
    throw wrong('HS256, HS384 and HS512 take a secret, and this is a key: choose an algorithm such as RS256 or ES256.')
  const bare = text.trim()
  const form = { text: /^/, hex: /^(?:[0-9a-f]{2})+$/i, base64: /^[A-Za-z0-9+/_-]+={0,2}$/ }[as]
  if (!form.test(bare) || text === '') throw wrong(`The secret is not written as ${as}.`)
  return as === 'text' ? Buffer.from(text, 'utf8') : Buffer.from(bare, as)
}

/** A key as PEM, as a JWK, or (to verify) one of a list of JWKs that has the id `kid`. Throws a StepError that says what is wrong with it. */
function keyOf(text: string, algorithm: Algorithm, use: 'sign' | 'verify', kid: string | undefined): KeyObject {
  const create = use === 'sign' ? createPrivateKey : createPublicKey
  let key: KeyObject
  try {
    const jwk = jwkIn(text, kid)
    // Where a line break cannot be entered, it is written as \n.
    key = jwk === null ? create(text.replaceAll('\\n', '\n').trim()) : create({ key: jwk, format: 'jwk' })
  } catch (cause) {
    if (cause instanceof StepError) throw cause
    const what = use === 'sign' ? 'a private key' : 'a public key, or a private one'
    throw wrong(`${algorithm} takes ${what} as PEM (-----BEGIN …) or JWK, and this is none.`, cause)
  }
  const { asymmetricKeyType: type, asymmetricKeyDetails: details = {} } = key
  const wanted = algorithm === 'EdDSA' ? 'ed25519' : algorithm.startsWith('ES') ? 'ec' : 'rsa'
  if (type !== wanted) throw wrong(`${algorithm} takes a key of the kind ${wanted}, and this is one of ${type}.`)
  if (wanted === 'ec' && details.namedCurve !== CURVES[algorithm])
    throw wrong(`${algorithm} takes a key on the curve ${CURVES[algorithm]}, and this is on ${details.namedCurve}.`)
  if (wanted === 'rsa' && (details.modulusLength ?? 0) < LEAST_RSA_BITS)
    throw wrong(`The RSA key has ${details.modulusLength} bits, and ${LEAST_RSA_BITS} are needed at least.`)
  return key
}

function jwkIn(text: string, kid: string | undefined): JsonWebKey | null {
  if (!text.trimStart().startsWith('{')) return null
  const read: unknown = JSON.parse(text)
  const value = jsonSchema.parse(read)
  const keys = isJsonObject(value) && isJsonList(value.keys ?? null) ? value.keys : null
  // What is no key, its maker says.
  if (keys === null || keys === undefined) return value as JsonWebKey
  const all = Array.isArray(keys) ? keys.filter(isJsonObject) : []
  const found = kid === undefined && all.length === 1 ? all[0] : all.find((one) => one.kid === kid)
  if (found === undefined) throw refused(`none of the keys has its id "${(kid ?? '').slice(0, 100)}"`)
  return found as JsonWebKey
}

function signatureOf(algorithm: Algorithm, data: string, key: Uint8Array | KeyObject): Buffer {
  if (key instanceof Uint8Array) return createHmac(hashOf(algorithm), key).update(data).digest()
  return sign(algorithm === 'EdDSA' ? null : hashOf(algorithm), Buffer.from(data), { key, ...formOf(algorithm) })
}

function isSignedBy(algorithm: Algorithm, data: string, signature: Buffer, key: Uint8Array | KeyObject): boolean {
  if (key instanceof Uint8Array) {
    const own = signatureOf(algorithm, data, key)
    return own.length === signature.length && timingSafeEqual(own, signature)
  }
  const hash = algorithm === 'EdDSA' ? null : hashOf(algorithm)
  return verify(hash, Buffer.from(data), { key, ...formOf(algorithm) }, signature)
}

function formOf(algorithm: Algorithm) {
  if (algorithm.startsWith('PS'))
    return { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }
  return algorithm.startsWith('ES') ? { dsaEncoding: 'ieee-p1363' as const } : {}
}

type Secret = { readonly text: string; readonly as: 'text' | 'hex' | 'base64' }

const part = (value: JsonObject): string => Buffer.from(JSON.stringify(value), 'utf8').toString('base64url')

/** Signs a token (RFC 7519). */
export function signToken(payload: JsonObject, header: JsonObject, algorithm: Algorithm, secret: Secret): string {
  const key = isShared(algorithm) ? sharedKey(secret.text, secret.as) : keyOf(secret.text, algorithm, 'sign', undefined)
  const data = `${part({ typ: 'JWT', ...header, alg: algorithm })}.${part(payload)}`
  return `${data}.${signatureOf(algorithm, data, key).toString('base64url')}`
}

/** What a token says, without a look at its signature. Throws a StepError `bad-token` for what is none. */
export function readToken(token: string) {
  const bare = token.trim().replace(/^Bearer /i, '')
  if (bare.length > LONGEST) throw refused(`it has more than ${LONGEST} characters`)
  const parts = bare.split('.')
  const [head = '', body = '', signature = ''] = parts
  if (parts.length !== 3) throw refused(parts.length === 5 ? 'it is encrypted' : 'it has not three parts')
  if (parts.some((one) => !/^[A-Za-z0-9_-]*$/.test(one))) throw refused('a part of it is not Base64')
  const header = objectIn(head, 'its header')
  return {
    header,
    payload: objectIn(body, 'what it says'),
    data: `${head}.${body}`,
    signature: Buffer.from(signature, 'base64url'),
  }
}

function objectIn(text: string, what: string): JsonObject {
  try {
    const value = jsonSchema.parse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')))
    if (isJsonObject(value)) return value
  } catch {
    // As below.
  }
  throw refused(`${what} is no JSON object`)
}

export type Expected = {
  readonly algorithm: Algorithm
  readonly issuer: string | undefined
  readonly audience: string | undefined
  /** Milliseconds by which clocks may differ. */
  readonly toleranceMs: number
  /** Milliseconds since 1970 UTC. */
  readonly now: number
}

/** What a token says that is signed, and good now. Throws a StepError `bad-token` that says why it is not. */
export function verifyToken(token: string, expected: Expected, secret: Secret) {
  const { algorithm, issuer, audience, toleranceMs, now } = expected
  const { header, payload, data, signature } = readToken(token)
  // The one that is expected, never the one that the token names: it could name "none".
  if (header.alg !== algorithm)
    throw refused(`it is signed with ${JSON.stringify(header.alg ?? null).slice(0, 50)}, and not with ${algorithm}`)
  if (header.crit !== undefined) throw refused('it asks for something that is not known here ("crit")')
  const kid = typeof header.kid === 'string' ? header.kid : undefined
  const key = isShared(algorithm) ? sharedKey(secret.text, secret.as) : keyOf(secret.text, algorithm, 'verify', kid)
  if (!isSignedBy(algorithm, data, signature, key)) throw refused('its signature does not fit')
  const { exp, nbf, iss, aud } = payload
  const at = (seconds: number): string => new Date(seconds * 1_000).toISOString()
  const isTime = (time: unknown): time is number => typeof time === 'number' && Math.abs(time) < 8.64e12
  if (exp !== undefined && !isTime(exp)) throw refused('its end ("exp") is no time')
  if (nbf !== undefined && !isTime(nbf)) throw refused('its start ("nbf") is no time')
  if (exp !== undefined && exp * 1_000 + toleranceMs <= now) throw refused(`it ended at ${at(exp)}`)
  if (nbf !== undefined && nbf * 1_000 - toleranceMs > now) throw refused(`it is good from ${at(nbf)} on`)
  if (issuer !== undefined && iss !== issuer) throw refused('another one issued it than is expected')
  const audiences = isJsonList(aud ?? null) ? Object.values(Object(aud)) : [aud]
  if (audience !== undefined && !audiences.includes(audience)) throw refused('it is for others')
  return { header, payload }
}
