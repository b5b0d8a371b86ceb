import { createHash, createHmac, generateKeyPairSync, sign } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { VerifyOptions } from '../connectors/kit/verify-options.ts'
import type { SignedRequest } from './proof-values.ts'
import { verifySignature } from './verify-signature.ts'

const NOW = Date.parse('2026-11-24T09:00:00Z')
const TS = String(NOW / 1_000)
const SECRET = 'It-is-a-secret'
const SVIX_SECRET = `whsec_${Buffer.from('0123456789abcdef01234567').toString('base64')}`
const BODY = '{"id":"ord_1","amount":75}'
const URL_ = 'https://example.com/hooks/x?a=1'

type Hash = 'sha1' | 'sha256' | 'sha512'
const mac = (key: string | Buffer, text: string, encoding: 'hex' | 'base64' = 'hex', hash: Hash = 'sha256') =>
  createHmac(hash, key).update(text).digest(encoding)

type Case = {
  options: Omit<VerifyOptions, 'secrets'>
  secret?: string
  body?: string
  url?: string
  /** Signs as the sender does, at a time in seconds. */
  headers: (secret: string, body: string, ts: string) => Record<string, string>
  timed?: boolean
  signsBody?: boolean
}

const svixKey = Buffer.from('0123456789abcdef01234567')
const ed25519 = generateKeyPairSync('ed25519')
const publicKey = `whpk_${Buffer.from(ed25519.publicKey.export({ format: 'jwk' }).x ?? '', 'base64url').toString('base64')}`

function standardHeaders(family: string, body: string, ts: string) {
  return {
    [`${family}-id`]: 'msg_1',
    [`${family}-timestamp`]: ts,
    [`${family}-signature`]: `v1,AAAA v1,${mac(svixKey, `msg_1.${ts}.${body}`, 'base64')}`,
  }
}

const cases: Record<string, Case> = {
  github: {
    options: { scheme: 'github' },
    headers: (secret, body) => ({ 'x-hub-signature-256': `sha256=${mac(secret, body)}` }),
  },
  'standard-webhooks': {
    options: { scheme: 'standard-webhooks' },
    secret: SVIX_SECRET,
    timed: true,
    headers: (_secret, body, ts) => standardHeaders('webhook', body, ts),
  },
  'standard-webhooks with Ed25519': {
    options: { scheme: 'standard-webhooks' },
    secret: publicKey,
    timed: true,
    headers: (_secret, body, ts) => ({
      'webhook-id': 'msg_1',
      'webhook-timestamp': ts,
      'webhook-signature': `v1a,${sign(null, Buffer.from(`msg_1.${ts}.${body}`), ed25519.privateKey).toString('base64')}`,
    }),
  },
  svix: {
    options: { scheme: 'svix' },
    secret: SVIX_SECRET,
    timed: true,
    headers: (_secret, body, ts) => standardHeaders('svix', body, ts),
  },
  stripe: {
    options: { scheme: 'stripe' },
    secret: 'whsec_stripe',
    timed: true,
    headers: (secret, body, ts) => ({
      'stripe-signature': `t=${ts},v1=${mac('old', `${ts}.${body}`)},v1=${mac(secret, `${ts}.${body}`)},v0=00`,
    }),
  },
  slack: {
    options: { scheme: 'slack' },
    timed: true,
    headers: (secret, body, ts) => ({
      'x-slack-signature': `v0=${mac(secret, `v0:${ts}:${body}`)}`,
      'x-slack-request-timestamp': ts,
    }),
  },
  shopify: {
    options: { scheme: 'shopify' },
    headers: (secret, body) => ({ 'x-shopify-hmac-sha256': mac(secret, body, 'base64') }),
  },
  razorpay: {
    options: { scheme: 'razorpay' },
    headers: (secret, body) => ({ 'x-razorpay-signature': mac(secret, body) }),
  },
  'twilio with a form': {
    options: { scheme: 'twilio' },
    body: 'To=%2B1555&From=%2B1777&Body=h%C3%A9+y',
    headers: (secret, body) => {
      const pairs = [...new URLSearchParams(body)].sort(([a], [b]) => (a < b ? -1 : 1)).map(([k, v]) => k + v)
      return { 'x-twilio-signature': mac(secret, URL_ + pairs.join(''), 'base64', 'sha1') }
    },
  },
  'twilio behind another address': {
    options: { scheme: 'twilio', url: 'https://tunnel.example/hooks/x' },
    body: 'A=1',
    headers: (secret) => ({
      'x-twilio-signature': mac(secret, 'https://tunnel.example/hooks/x?a=1A1', 'base64', 'sha1'),
    }),
    signsBody: false,
  },
  zoom: {
    options: { scheme: 'zoom' },
    timed: true,
    headers: (secret, body, ts) => ({
      'x-zm-signature': `v0=${mac(secret, `v0:${ts}:${body}`)}`,
      'x-zm-request-timestamp': ts,
    }),
  },
  calendly: {
    options: { scheme: 'calendly' },
    timed: true,
    headers: (secret, body, ts) => ({ 'calendly-webhook-signature': `t=${ts},v1=${mac(secret, `${ts}.${body}`)}` }),
  },
  gitlab: { options: { scheme: 'gitlab' }, headers: (secret) => ({ 'x-gitlab-token': secret }), signsBody: false },
  hmac: {
    options: {
      scheme: 'hmac',
      header: 'X-Sig',
      algorithm: 'sha512',
      encoding: 'base64',
      prefix: 'v9:',
      signed: '{id}/{ts}/{body}',
      timestampHeader: 'X-Time',
      idHeader: 'X-Id',
    },
    timed: true,
    headers: (secret, body, ts) => ({
      'x-sig': `v9:${mac(secret, `e1/${ts}/${body}`, 'base64', 'sha512')}`,
      'x-time': ts,
      'x-id': 'e1',
    }),
  },
  'hmac by default': {
    options: { scheme: 'hmac', header: 'X-Sig' },
    headers: (secret, body) => ({ 'x-sig': mac(secret, body) }),
  },
  basic: {
    options: { scheme: 'basic' },
    secret: 'ada:pä:ss',
    headers: (secret) => ({ authorization: `Basic ${Buffer.from(secret).toString('base64')}` }),
    signsBody: false,
  },
  bearer: {
    options: { scheme: 'bearer' },
    headers: (secret) => ({ authorization: `bearer ${secret}` }),
    signsBody: false,
  },
  header: {
    options: { scheme: 'header', header: 'X-Api-Key' },
    headers: (secret) => ({ 'x-api-key': secret }),
    signsBody: false,
  },
}

function requestOf(one: Case, ts = TS): SignedRequest & { headers: Record<string, string> } {
  const body = one.body ?? BODY
  const headers = one.headers(one.secret ?? SECRET, body, ts)
  return { headers, rawBody: Buffer.from(body), url: one.url ?? URL_, method: 'POST' }
}

const check = (one: Case, request: SignedRequest, secrets = [one.secret ?? SECRET], now = NOW) =>
  verifySignature({ ...one.options, secrets }, request, now)

describe.each(Object.entries(cases))('%s', (_name, one) => {
  const request = requestOf(one)
  const wrong = one.secret?.startsWith('whsec_') ? `whsec_${Buffer.from('another').toString('base64')}` : 'another'

  it('accepts what its sender signs, with any of several secrets', () => {
    expect(check(one, request)).toMatchObject({ ok: true })
    expect(check(one, request, [wrong, one.secret ?? SECRET])).toMatchObject({ ok: true })
    expect(check(one, request, [`${one.secret ?? SECRET}\n`])).toMatchObject({ ok: true })
  })

  it('refuses another secret, an empty one, and none', () => {
    for (const secrets of [[wrong], [''], []]) {
      const verdict = check(one, request, secrets)
      expect(verdict.ok).toBe(false)
      expect(JSON.stringify(verdict)).not.toContain(one.secret ?? SECRET)
    }
  })

  if (one.signsBody !== false)
    it('refuses a body of which one byte was changed', () => {
      for (const at of [0, 5, request.rawBody.length - 1]) {
        const rawBody = Buffer.from(request.rawBody)
        rawBody[at] = (rawBody[at] ?? 0) ^ 1
        expect(check(one, { ...request, rawBody }).ok).toBe(false)
      }
    })

  it('refuses a request that lacks any of its headers, or cuts or garbles the last of them', () => {
    for (const [name, value] of Object.entries(request.headers)) {
      const { [name]: _, ...others } = request.headers
      expect(check(one, { ...request, headers: others }).ok, `without ${name}`).toBe(false)
      expect(check(one, { ...request, headers: { ...others, [name]: '' } }).ok, `empty ${name}`).toBe(false)
      if (one.options.scheme === 'stripe') continue // its v0 stands last and is ignored
      const cut = { ...others, [name]: value.slice(0, -3) }
      expect(check(one, { ...request, headers: cut }).ok, `cut ${name}`).toBe(false)
      const garbled = { ...others, [name]: `${value.slice(0, -1)}é` }
      expect(check(one, { ...request, headers: garbled }).ok, `garbled ${name}`).toBe(false)
    }
  })

  if (one.timed === true)
    it('refuses a time that is five minutes off either way, and one that is none', () => {
      expect(check(one, request, undefined, NOW + 299_000)).toMatchObject({ ok: true })
      expect(check(one, request, undefined, NOW - 299_000)).toMatchObject({ ok: true })
      expect(check(one, request, undefined, NOW + 301_000).ok).toBe(false)
      expect(check(one, request, undefined, NOW - 301_000).ok).toBe(false)
      for (const ts of ['soon', '-1', '1e9', '']) expect(check(one, requestOf(one, ts)).ok, ts).toBe(false)
    })
})

describe('published vectors', () => {
  it.each<[string, string, string, string]>([
    // GitHub: docs.github.com, "Validating webhook deliveries".
    [
      'github',
      "It's a Secret to Everybody",
      'Hello, World!',
      '757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17',
    ],
    // RFC 4231, case 2.
    [
      'hmac',
      'Jefe',
      'what do ya want for nothing?',
      '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
    ],
  ])('%s', (scheme, secret, body, signature) => {
    const request = { rawBody: Buffer.from(body), url: URL_, method: 'POST' }
    const options = scheme === 'github' ? ({ scheme: 'github' } as const) : ({ scheme: 'hmac', header: 'x-s' } as const)
    const headers = scheme === 'github' ? { 'x-hub-signature-256': `sha256=${signature}` } : { 'x-s': signature }
    const verify = (rawHeaders: Record<string, string>) =>
      verifySignature({ ...options, secrets: [secret] }, { ...request, headers: rawHeaders }, NOW)
    expect(verify(headers)).toMatchObject({ ok: true })
    // `Buffer.from(…, 'hex')` stops in silence at what is no hex: neither more nor less may pass.
    for (const tail of ['zz', 'é', ' ', '00']) {
      const longer = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, value + tail]))
      expect(verify(longer).ok).toBe(false)
    }
    const half = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, value.slice(0, -32)]))
    expect(verify(half).ok).toBe(false)
  })

  it('twilio: a body that is no form is covered by its hash in the address', () => {
    const rawBody = Buffer.from(BODY)
    const url = `https://example.com/calls?bodySHA256=${createHash('sha256').update(rawBody).digest('hex')}`
    const headers = { 'x-twilio-signature': mac(SECRET, url, 'base64', 'sha1') }
    const verify = (body: Buffer) =>
      verifySignature({ scheme: 'twilio', secrets: [SECRET] }, { headers, rawBody: body, url, method: 'POST' }, NOW)
    expect(verify(rawBody)).toMatchObject({ ok: true })
    expect(verify(Buffer.from('{}'))).toMatchObject({ ok: false })
  })
})
