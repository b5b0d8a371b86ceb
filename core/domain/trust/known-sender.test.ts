import { expect, test } from 'vitest'
import { guessSender } from './known-sender.ts'

test.each([
  [{ 'x-github-event': 'push', 'x-hub-signature-256': 'sha256=00' }, 'GitHub'],
  [{ 'x-hub-signature-256': 'sha256=00' }, 'Meta'],
  [{ 'stripe-signature': 't=1,v1=00' }, 'Stripe'],
  [{ 'svix-id': 'msg_1', 'webhook-id': 'msg_1' }, 'Svix'],
  [{ 'webhook-id': 'msg_1' }, 'Standard Webhooks'],
  [{ 'user-agent': 'curl/8.5.0' }, 'curl'],
  [{ 'user-agent': 'a curl lover' }, null],
  [{}, null],
])('%j is from %s', (headers, sender) => {
  expect(guessSender(headers)).toBe(sender)
})
