import { createHash, createPublicKey, verify } from 'node:crypto'
import { fieldOf, readFields } from './parse-form.ts'
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
import { bodyProof, ecdsaProof, genericProof } from './stated-proofs.ts'

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
      return genericProof(header, request, options)
    case 'in-body':
      return bodyProof(request, options)
    case 'ecdsa':
      return ecdsaProof(header, request, options)
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

/** Slack's, which Zoom took over: `v0:time:body`. */
function versionedProof(header: ReadHeader, body: Buffer, signature: string, time: string): Proof | NoProof {
  const timestamp = header(time)
  if (timestamp === '') return { missing: time, form: '<seconds since 1970>' }
  const content = ['v0:', timestamp, ':', body]
  return hmacProof(header, { header: signature, prefix: 'v0=', content, recipe: 'v0:{timestamp}:{body}', timestamp })
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

function isSignedBy(publicKey: string, content: Content, signature: Buffer): boolean {
  const raw = decode(publicKey.slice('whpk_'.length), 'base64')
  if (raw?.length !== 32) return false
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: raw.toString('base64url') }, format: 'jwk' })
  return verify(null, Buffer.concat(content.map((part) => Buffer.from(part))), key, signature)
}
