/** What is signed: the body as it is sent, the id that stays the same on every attempt, and the time in seconds since 1970. */
export type Message = { readonly id: string; readonly timestamp: string; readonly body: string }

/** How a signature is written into a header of the user's choice. */
export type HmacOptions = {
  readonly header: string
  readonly algorithm?: 'sha1' | 'sha256' | 'sha512' | undefined
  readonly encoding?: 'hex' | 'base64' | undefined
  readonly prefix?: string | undefined
  /** `{body}`, `{ts}` and `{id}` stand for the parts of the message. */
  readonly signed?: string | undefined
  readonly timestampHeader?: string | undefined
  readonly idHeader?: string | undefined
}

/** Ed25519 keys as PKCS #8 begin with these bytes (RFC 8410); the seed follows. */
const PKCS8_ED25519 = Buffer.from('302e020100300506032b657004220420', 'hex')

const HASHES = { sha1: 'SHA-1', sha256: 'SHA-256', sha512: 'SHA-512' } as const

/**
 * The headers of a message by Standard Webhooks: one signature a secret, so that a secret can be replaced while the receiver takes
 * both. `whsec_…` signs with HMAC (`v1`), `whsk_…` with Ed25519 (`v1a`). Rejects with an `Error` for a secret that is neither.
 */
export async function standardHeaders(
  { id, timestamp, body }: Message,
  secrets: readonly string[],
): Promise<Record<string, string>> {
  const signed = `${id}.${timestamp}.${body}`
  const signatures = await Promise.all(
    secrets.map(async (secret) =>
      secret.startsWith('whsk_')
        ? `v1a,${(await signEd25519(keyOf(secret, 'whsk_'), signed)).toString('base64')}`
        : `v1,${(await hmac('sha256', keyOf(secret, 'whsec_'), signed)).toString('base64')}`,
    ),
  )
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures.join(' ') }
}

/** The headers of a message that is signed as the user says. */
export async function hmacHeaders(
  message: Message,
  secret: string,
  options: HmacOptions,
): Promise<Record<string, string>> {
  const { algorithm = 'sha256', encoding = 'hex', prefix = '', signed = '{body}', timestampHeader, idHeader } = options
  const parts: Readonly<Record<string, string>> = {
    '{body}': message.body,
    '{ts}': message.timestamp,
    '{id}': message.id,
  }
  // Part by part: what looks like a placeholder inside the body is none.
  const content = signed
    .split(/(\{body\}|\{ts\}|\{id\})/)
    .map((part) => parts[part] ?? part)
    .join('')
  const mac = await hmac(algorithm, Buffer.from(secret, 'utf8'), content)
  return {
    [options.header.toLowerCase()]: prefix + mac.toString(encoding),
    ...(timestampHeader === undefined ? {} : { [timestampHeader.toLowerCase()]: message.timestamp }),
    ...(idHeader === undefined ? {} : { [idHeader.toLowerCase()]: message.id }),
  }
}

/** The bytes that a secret of Standard Webhooks stands for. */
function keyOf(secret: string, prefix: string): Buffer {
  const text = secret.startsWith(prefix) ? secret.slice(prefix.length) : secret
  const key = Buffer.from(text, 'base64')
  if (key.length === 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(text)) {
    throw new Error('it must be base64, mostly with "whsec_" before it')
  }
  return key
}

async function hmac(algorithm: keyof typeof HASHES, key: Uint8Array, content: string): Promise<Buffer> {
  const method = { name: 'HMAC', hash: HASHES[algorithm] }
  const imported = await crypto.subtle.importKey('raw', Uint8Array.from(key), method, false, ['sign'])
  return Buffer.from(await crypto.subtle.sign('HMAC', imported, Buffer.from(content, 'utf8')))
}

async function signEd25519(key: Uint8Array, content: string): Promise<Buffer> {
  // The seed, with or without the public key behind it.
  const pkcs8 = Uint8Array.from([...PKCS8_ED25519, ...key.subarray(0, 32)])
  const imported = await crypto.subtle.importKey('pkcs8', pkcs8, 'Ed25519', false, ['sign'])
  return Buffer.from(await crypto.subtle.sign('Ed25519', imported, Buffer.from(content, 'utf8')))
}
