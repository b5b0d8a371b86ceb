import { createHmac, generateKeyPairSync, sign as signWith } from 'node:crypto'
import * as octokit from '@octokit/webhooks-methods'
import Razorpay from 'razorpay'
import { Webhook as StandardWebhook } from 'standardwebhooks'
import Stripe from 'stripe'
import { Webhook as SvixWebhook } from 'svix'
import twilio from 'twilio'
import { describe, expect, it, test } from 'vitest'
import { systemClock } from '../domain/time/clock.ts'
import type { Json } from '../domain/values/json.ts'
import { enableZap, testApp } from '../test-app.ts'

/** A sender as its maker's own package signs; `at` is a time in seconds. */
type Maker = {
  readonly verify: Readonly<Record<string, Json>>
  readonly secret: string
  /** What is stored as the credential, where that is another text. */
  readonly stored?: string
  readonly wrong: string
  readonly body: string
  readonly contentType?: string
  readonly search?: (body: string) => string
  sign(request: {
    body: string
    secret: string
    at: number
    url: string
  }): Record<string, string> | Promise<Record<string, string>>
  readonly isTimed: boolean
  /** The header whose signature is cut short, in the middle of a byte. */
  readonly signature: string
}

const BODY = '{"event":"payment.captured","payload":{"amount":7500,"note":"Grüße ✓"}}'
const SVIX_KEY = `whsec_${Buffer.from('0123456789abcdef01234567').toString('base64')}`
const OTHER_KEY = `whsec_${Buffer.from('another-key-another-key!').toString('base64')}`
const stripe = new Stripe('sk_test_nothing')
const hmac = (secret: string, text: string, encoding: 'hex' | 'base64' = 'hex') =>
  createHmac('sha256', secret).update(text).digest(encoding)
const ed25519 = generateKeyPairSync('ed25519')
const other25519 = generateKeyPairSync('ed25519')
const publicKey = (pair: typeof ed25519) =>
  `whpk_${Buffer.from(pair.publicKey.export({ format: 'jwk' }).x ?? '', 'base64url').toString('base64')}`

const makers: Readonly<Record<string, Maker>> = {
  'GitHub, by @octokit/webhooks-methods': {
    verify: { scheme: 'github' },
    secret: "It's a Secret to Everybody",
    wrong: 'nobody',
    body: BODY,
    isTimed: false,
    signature: 'x-hub-signature-256',
    sign: async ({ body, secret }) => ({ 'x-hub-signature-256': await octokit.sign(secret, body) }),
  },
  'Stripe, by stripe': {
    verify: { scheme: 'stripe' },
    secret: 'whsec_test_secret',
    wrong: 'whsec_other_secret',
    body: BODY,
    isTimed: true,
    signature: 'stripe-signature',
    sign: ({ body, secret, at }) => ({
      'stripe-signature': stripe.webhooks.generateTestHeaderString({ payload: body, secret, timestamp: at }),
    }),
  },
  'Svix, by svix': {
    verify: { scheme: 'svix' },
    secret: SVIX_KEY,
    wrong: OTHER_KEY,
    body: BODY,
    isTimed: true,
    signature: 'svix-signature',
    sign: ({ body, secret, at }) => ({
      'svix-id': `msg_${at}_${body.length}`,
      'svix-timestamp': String(at),
      'svix-signature': new SvixWebhook(secret).sign(`msg_${at}_${body.length}`, new Date(at * 1_000), body),
    }),
  },
  'Standard Webhooks, by standardwebhooks': {
    verify: { scheme: 'standard-webhooks' },
    secret: SVIX_KEY,
    wrong: OTHER_KEY,
    body: BODY,
    isTimed: true,
    signature: 'webhook-signature',
    sign: ({ body, secret, at }) => ({
      'webhook-id': `msg_${at}_${body.length}`,
      'webhook-timestamp': String(at),
      'webhook-signature': new StandardWebhook(secret).sign(`msg_${at}_${body.length}`, new Date(at * 1_000), body),
    }),
  },
  // The package signs with HMAC alone; this is the asymmetric half of the same specification.
  'Standard Webhooks with Ed25519 (v1a)': {
    verify: { scheme: 'standard-webhooks' },
    secret: 'right',
    stored: publicKey(ed25519),
    wrong: 'wrong',
    body: BODY,
    isTimed: true,
    signature: 'webhook-signature',
    sign: ({ body, secret, at }) => ({
      'webhook-id': `msg_${at}_${body.length}`,
      'webhook-timestamp': String(at),
      'webhook-signature': `v1a,${signWith(
        null,
        Buffer.from(`msg_${at}_${body.length}.${at}.${body}`),
        (secret === 'right' ? ed25519 : other25519).privateKey,
      ).toString('base64')}`,
    }),
  },
  'Razorpay, checked by razorpay': {
    verify: { scheme: 'razorpay' },
    secret: 'rzp_webhook_secret',
    wrong: 'rzp_other_secret',
    body: BODY,
    isTimed: false,
    signature: 'x-razorpay-signature',
    sign: ({ body, secret }) => {
      const signature = hmac(secret, body)
      // Their package only checks: it must agree that this is what Razorpay sends.
      expect(Razorpay.validateWebhookSignature(body, signature, secret)).toBe(true)
      return { 'x-razorpay-signature': signature }
    },
  },
  'Twilio with a form, by twilio': {
    verify: { scheme: 'twilio' },
    secret: 'twilio-auth-token',
    wrong: 'other-auth-token',
    body: 'To=%2B15551234&From=%2B15554321&Body=h%C3%A9+y&NumMedia=0',
    contentType: 'application/x-www-form-urlencoded',
    isTimed: false,
    signature: 'x-twilio-signature',
    sign: ({ body, secret, url }) => ({
      'x-twilio-signature': twilio.getExpectedTwilioSignature(
        secret,
        url,
        Object.fromEntries(new URLSearchParams(body)),
      ),
    }),
  },
  'Twilio with JSON, by twilio': {
    verify: { scheme: 'twilio' },
    secret: 'twilio-auth-token',
    wrong: 'other-auth-token',
    body: BODY,
    search: (body) => `?bodySHA256=${twilio.getExpectedBodyHash(body)}`,
    isTimed: false,
    signature: 'x-twilio-signature',
    sign: ({ secret, url }) => ({ 'x-twilio-signature': twilio.getExpectedTwilioSignature(secret, url, {}) }),
  },
  // These three publish how they sign, and no package that does it.
  'Slack, as published': {
    verify: { scheme: 'slack' },
    secret: '8f742231b10e8888abcd99yyyzzz85a5',
    wrong: 'nobody',
    body: 'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&command=%2Fwebhook-collect',
    contentType: 'application/x-www-form-urlencoded',
    isTimed: true,
    signature: 'x-slack-signature',
    sign: ({ body, secret, at }) => ({
      'x-slack-request-timestamp': String(at),
      'x-slack-signature': `v0=${hmac(secret, `v0:${at}:${body}`)}`,
    }),
  },
  'Zoom, as published': {
    verify: { scheme: 'zoom' },
    secret: 'zoom-secret-token',
    wrong: 'nobody',
    body: BODY,
    isTimed: true,
    signature: 'x-zm-signature',
    sign: ({ body, secret, at }) => ({
      'x-zm-request-timestamp': String(at),
      'x-zm-signature': `v0=${hmac(secret, `v0:${at}:${body}`)}`,
    }),
  },
  'Shopify, as published': {
    verify: { scheme: 'shopify' },
    secret: 'shopify-client-secret',
    wrong: 'nobody',
    body: BODY,
    isTimed: false,
    signature: 'x-shopify-hmac-sha256',
    sign: ({ body, secret }) => ({ 'x-shopify-hmac-sha256': hmac(secret, body, 'base64') }),
  },
}

describe.each(Object.entries(makers))('%s', (_name, maker) => {
  it('is believed when it is signed right, and answered 401 without a run when anything about it is wrong', async () => {
    const { app, client } = await testApp()
    await client.credentials.set({ name: 'old', secret: 'an-older-secret' })
    await client.credentials.set({ name: 'new', secret: maker.stored ?? maker.secret })
    const secrets = [{ $credential: 'old' }, { $credential: 'new' }]
    const hook = { id: 'hook', uses: 'webhook.catch', input: { path: 'in', verify: { ...maker.verify, secrets } } }
    await enableZap(client, { steps: [hook], edges: [] })
    const { body, secret, contentType = 'application/json' } = maker
    const now = Math.floor(Date.now() / 1_000)
    const url = `${app.hooksUrl}/hooks/in${maker.search?.(body) ?? ''}`
    const send = async (sent: string, headers: Record<string, string>) =>
      (await fetch(url, { method: 'POST', headers: { 'content-type': contentType, ...headers }, body: sent })).status
    const signed = await maker.sign({ body, secret, at: now, url })

    expect(await send(body, signed)).toBe(200)
    const changed = body.replace('e', 'f')
    expect(changed).not.toBe(body)
    expect(await send(changed, signed), 'one byte changed').toBe(401)
    expect(await send(body, await maker.sign({ body, secret: maker.wrong, at: now, url })), 'wrong secret').toBe(401)
    for (const name of Object.keys(signed)) {
      const { [name]: _, ...others } = signed
      expect(await send(body, others), `without ${name}`).toBe(401)
    }
    for (const cut of [1, 2]) {
      const truncated = {
        ...signed,
        [maker.signature]: (signed[maker.signature] ?? '').replace(/=*$/, '').slice(0, -cut),
      }
      expect(await send(body, truncated), `cut by ${cut}`).toBe(401)
    }
    if (maker.isTimed) {
      for (const off of [-301, 310]) {
        const late = await maker.sign({ body, secret, at: now + off, url })
        expect(await send(body, late), `${off} s off`).toBe(401)
      }
    }
    await expect.poll(async () => (await client.runs.list({})).runs.length).toBe(1)
    const { requests } = await client.inbox.list({})
    expect(requests.filter((request) => request.verdict === 'accepted')).toHaveLength(1)
    expect(new Set(requests.map((request) => request.verdict))).toEqual(new Set(['accepted', 'bad-signature']))
  })
})

test('the example that Slack publishes is believed at its time', async () => {
  // api.slack.com/authentication/verifying-requests-from-slack
  const at = 1_531_420_618
  const body =
    'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c'
  const { app, client } = await testApp({ clock: { ...systemClock, now: () => at * 1_000 } })
  await client.credentials.set({ name: 'slack', secret: '8f742231b10e8888abcd99yyyzzz85a5' })
  const verify = { scheme: 'slack', secrets: [{ $credential: 'slack' }] }
  await enableZap(client, { steps: [{ id: 'hook', uses: 'webhook.catch', input: { path: 'in', verify } }], edges: [] })
  const { status } = await fetch(`${app.hooksUrl}/hooks/in`, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'x-slack-request-timestamp': String(at),
      'x-slack-signature': 'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503',
    },
    body,
  })
  expect(status).toBe(200)
})
