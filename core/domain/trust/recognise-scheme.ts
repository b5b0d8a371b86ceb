/** How a request seems to prove who sent it. `verify` fits the field of the same name of `webhook.catch`, but for its secrets. */
export type SchemeProposal = {
  /** What the sender is called. */
  readonly sender: string
  /** The header that gives it away, in lower case. */
  readonly header: string
  readonly verify: { readonly scheme: string; readonly [option: string]: string }
}

/** Headers that only one scheme has, the surest first. */
const SIGNS: readonly (readonly [header: string, scheme: string, sender: string])[] = [
  ['stripe-signature', 'stripe', 'Stripe'],
  ['x-slack-signature', 'slack', 'Slack'],
  ['x-shopify-hmac-sha256', 'shopify', 'Shopify'],
  ['x-razorpay-signature', 'razorpay', 'Razorpay'],
  ['x-twilio-signature', 'twilio', 'Twilio'],
  ['x-zm-signature', 'zoom', 'Zoom'],
  ['calendly-webhook-signature', 'calendly', 'Calendly'],
  ['x-gitlab-token', 'gitlab', 'GitLab'],
  ['svix-signature', 'svix', 'Svix'],
  ['webhook-signature', 'standard-webhooks', 'Standard Webhooks'],
]

/** Names of headers under which others send a signature, or a secret. */
const SIGNATURE_NAME = /signature|hmac|(^|-)(sig|digest)(-|$)/
const SECRET_NAME = /api-?key|token|secret|password/

const HASHES = [
  { algorithm: 'sha1', bytes: 20 },
  { algorithm: 'sha256', bytes: 32 },
  { algorithm: 'sha512', bytes: 64 },
] as const

/** Recognises from its headers (lower-case names) how a request proves its sender; null when it offers nothing. */
export function recogniseScheme(headers: Readonly<Record<string, string>>): SchemeProposal | null {
  const hub = headers['x-hub-signature-256']
  if (hub !== undefined) {
    const isGithub = headers['x-github-event'] !== undefined || headers['x-github-delivery'] !== undefined
    return {
      sender: isGithub ? 'GitHub' : 'Meta',
      header: 'x-hub-signature-256',
      verify: { scheme: isGithub ? 'github' : 'meta' },
    }
  }
  for (const [header, scheme, sender] of SIGNS) {
    if (headers[header] !== undefined) return { sender, header, verify: { scheme } }
  }
  for (const [header, value] of Object.entries(headers)) {
    const signature = SIGNATURE_NAME.test(header) ? readSignature(value) : null
    if (signature !== null) {
      return { sender: 'a signature (HMAC)', header, verify: { scheme: 'hmac', header, ...signature } }
    }
  }
  const authorization = /^(basic|bearer)\b/i.exec(headers.authorization ?? '')?.[1]?.toLowerCase()
  if (authorization === 'basic') {
    return { sender: 'user and password', header: 'authorization', verify: { scheme: 'basic' } }
  }
  if (authorization === 'bearer') {
    return { sender: 'a bearer token', header: 'authorization', verify: { scheme: 'bearer' } }
  }
  const secret = Object.keys(headers).find((header) => SECRET_NAME.test(header))
  if (secret === undefined) return null
  return { sender: 'a secret in a header', header: secret, verify: { scheme: 'header', header: secret } }
}

/** A value that could be a HMAC, by its length: an optional prefix such as `sha256=`, then hex or base64. */
function readSignature(value: string): Readonly<Record<string, string>> | null {
  for (const { algorithm, bytes } of HASHES) {
    const hex = new RegExp(`^(.{0,20}?)[0-9a-f]{${bytes * 2}}$`, 'i').exec(value)
    const base64 = new RegExp(`^(.{0,20}?)[A-Za-z0-9+/]{${Math.ceil((bytes * 4) / 3)}}={0,2}$`).exec(value)
    const found = hex !== null && isPrefix(hex[1]) ? hex : base64 !== null && isPrefix(base64[1]) ? base64 : null
    if (found === null) continue
    const encoding = found === hex ? 'hex' : 'base64'
    const [, prefix = ''] = found
    return { algorithm, encoding, ...(prefix === '' ? {} : { prefix }) }
  }
  return null
}

/** A prefix ends with something that belongs to no signature, or the signature would be longer than it looks. */
function isPrefix(text: string | undefined): boolean {
  return text === '' || /[=:, ]$/.test(text ?? '')
}
