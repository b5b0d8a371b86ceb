import { expect, test } from 'vitest'
import { recogniseScheme } from './recognise-scheme.ts'

const sha256 = '757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17'
const base64 = Buffer.from(sha256, 'hex').toString('base64')

test.each<[Record<string, string>, object]>([
  [{ 'x-hub-signature-256': 'sha256=00', 'x-github-event': 'push' }, { scheme: 'github' }],
  [{ 'x-hub-signature-256': 'sha256=00' }, { scheme: 'meta' }],
  [{ 'stripe-signature': 't=1,v1=00' }, { scheme: 'stripe' }],
  [{ 'x-slack-signature': 'v0=00' }, { scheme: 'slack' }],
  [{ 'x-shopify-hmac-sha256': base64 }, { scheme: 'shopify' }],
  [{ 'x-razorpay-signature': sha256 }, { scheme: 'razorpay' }],
  [{ 'x-twilio-signature': 'AA==' }, { scheme: 'twilio' }],
  [{ 'x-zm-signature': 'v0=00' }, { scheme: 'zoom' }],
  [{ 'calendly-webhook-signature': 't=1,v1=00' }, { scheme: 'calendly' }],
  [{ 'x-gitlab-token': '(hidden)' }, { scheme: 'gitlab' }],
  [{ 'svix-signature': 'v1,AA==' }, { scheme: 'svix' }],
  [{ 'webhook-signature': 'v1,AA==' }, { scheme: 'standard-webhooks' }],
  [
    { 'x-acme-signature': sha256 },
    { scheme: 'hmac', header: 'x-acme-signature', algorithm: 'sha256', encoding: 'hex' },
  ],
  [
    { 'x-acme-hmac': `sha256=${sha256}` },
    { scheme: 'hmac', header: 'x-acme-hmac', algorithm: 'sha256', encoding: 'hex', prefix: 'sha256=' },
  ],
  [{ 'x-sig': base64 }, { scheme: 'hmac', header: 'x-sig', algorithm: 'sha256', encoding: 'base64' }],
  [
    { 'x-signature': sha256.slice(0, 40) },
    { scheme: 'hmac', header: 'x-signature', algorithm: 'sha1', encoding: 'hex' },
  ],
  [{ 'x-signature': sha256 + sha256 }, { scheme: 'hmac', header: 'x-signature', algorithm: 'sha512', encoding: 'hex' }],
  [{ authorization: 'Basic (hidden)' }, { scheme: 'basic' }],
  [{ authorization: 'Bearer (hidden)' }, { scheme: 'bearer' }],
  [{ 'x-api-key': '(hidden)' }, { scheme: 'header', header: 'x-api-key' }],
])('%j is proved as %j', (headers, verify) => {
  expect(recogniseScheme({ 'content-type': 'application/json', ...headers })?.verify).toEqual(verify)
})

test('what is no signature is not taken for one', () => {
  for (const headers of [{}, { 'x-signature': 'yes' }, { 'x-designature-note': 'hello' }, { 'content-digest': 'x' }]) {
    expect(recogniseScheme(headers)).toBeNull()
  }
})
