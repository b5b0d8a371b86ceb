import { expect, it } from 'vitest'
import { verifySchema } from '../kit/verify-options.ts'
import { webhookCatch } from './catch.trigger.ts'

function endpoint(input: Record<string, unknown>) {
  if (webhookCatch.source.from !== 'webhook') throw new Error('not a webhook')
  return webhookCatch.source.endpoint(webhookCatch.input.parse(input))
}

it('takes POST at an unguessable address unless told otherwise', () => {
  expect(endpoint({})).toEqual({
    path: null,
    methods: ['POST'],
    verify: null,
    dedupeKey: null,
    response: null,
    holdMs: 10_000,
    rateLimit: null,
    allowFrom: [],
  })
})

it('says where it listens, whom it trusts and what it answers', () => {
  const verify = { scheme: 'razorpay', secrets: [{ $credential: 'razorpay-secret' }] }
  const input = {
    path: 'in/orders',
    methods: ['PUT'],
    verify,
    dedupeKey: '{{ hook.body.id }}',
    respond: { body: 'ok' },
    holdMs: 3_000,
    rateLimit: { max: 10, per: 'second' },
    allowFrom: ['203.0.113.7', '10.0.0.0/8'],
  }
  expect(endpoint(input)).toEqual({
    path: 'in/orders',
    methods: ['PUT'],
    verify,
    dedupeKey: '{{ hook.body.id }}',
    response: { status: 200, headers: {}, body: 'ok' },
    holdMs: 3_000,
    rateLimit: { max: 10, perMs: 1_000 },
    allowFrom: ['203.0.113.7', '10.0.0.0/8'],
  })
})

it.each(['/orders', 'orders/', 'a//b', 'a b', '..', 'a/../b', './a', 'ä', '{{ x }}', 'a?b', 'a%2fb', ''])(
  'does not listen at %j',
  (path) => {
    expect(webhookCatch.input.safeParse({ path }).success).toBe(false)
  },
)

it.each<[string, Record<string, unknown>, boolean]>([
  ['a general HMAC', { scheme: 'hmac', header: 'X-Sig' }, true],
  ['a time that is signed', { scheme: 'hmac', header: 'X-Sig', signed: '{ts}.{body}', timestampHeader: 'X-T' }, true],
  ['a time that is not signed', { scheme: 'hmac', header: 'X-Sig', timestampHeader: 'X-T' }, false],
  ['a signature over no body', { scheme: 'hmac', header: 'X-Sig', signed: '{ts}', timestampHeader: 'X-T' }, false],
  ['an id without its header', { scheme: 'hmac', header: 'X-Sig', signed: '{id}.{body}' }, false],
  ['no header', { scheme: 'header' }, false],
  ['an unknown scheme', { scheme: 'trust-me' }, false],
  ['a secret in the clear', { scheme: 'github', secrets: ['sesame'] }, false],
])('checks senders by %s: %s', (_name, options, valid) => {
  expect(verifySchema.safeParse({ secrets: [{ $credential: 'x' }], ...options }).success).toBe(valid)
})

it.each(['10.0.0.0/33', '300.1.1.1', 'example.com', '2001:db8::/129'])('does not take %j for addresses', (address) => {
  expect(webhookCatch.input.safeParse({ allowFrom: [address] }).success).toBe(false)
})
