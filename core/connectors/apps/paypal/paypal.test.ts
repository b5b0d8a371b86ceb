import { expect, it } from 'vitest'
import type { Json } from '../../../domain/values/json.ts'
import { lineOf, sentByTrigger, sentByUs } from '../../service/test-judge.ts'
import { paypal } from './paypal.app.ts'

const account = {
  type: 'paypal',
  secret: JSON.stringify({ where: 'sandbox', clientId: 'c', clientSecret: 's', accessToken: 'AT' }),
}
const answers = (): Json => ({ id: 'x1' })

/** As the maker’s reference has them, and where it has a library, as that sends them. */
it.each<[string, Record<string, Json>, ...unknown[]]>([
  [
    'create-order',
    { amount: '12.50', currency: 'EUR', reference: 'r' },
    'POST /v2/checkout/orders',
    { intent: 'CAPTURE', purchase_units: [{ amount: { currency_code: 'EUR', value: '12.50' }, custom_id: 'r' }] },
  ],
  ['capture-order', { order: 'o' }, 'POST /v2/checkout/orders/o/capture', {}],
  [
    'refund-capture',
    { capture: 'c', value: '1.00', currency: 'EUR' },
    'POST /v2/payments/captures/c/refund',
    { amount: { value: '1.00', currency_code: 'EUR' } },
  ],
  [
    'create-payout',
    { items: [{ receiver: 'a@b.c' }], subject: 's' },
    'POST /v1/payments/payouts',
    {
      sender_batch_header: { sender_batch_id: expect.stringMatching(/^[0-9a-f]{30}$/), email_subject: 's' },
      items: [{ receiver: 'a@b.c' }],
    },
  ],
  ['get-payout', { payout: 'p' }, 'GET /v1/payments/payouts/p'],
  ['get-payout-item', { item: 'i' }, 'GET /v1/payments/payouts-item/i'],
])('%s %j', async (uses, input, ...expected) => {
  const { sent } = await sentByUs(paypal, uses, input, { answers, account })
  expect(sent.map(lineOf)).toEqual([expected])
  expect(sent[0]?.authorization).toBe('Bearer AT')
})

it('what costs money carries a key, so that a repeat is none', async () => {
  const keys: unknown[] = []
  const world = {
    answers: (_: unknown, headers: Readonly<Record<string, string | undefined>>): Json => {
      keys.push(headers['paypal-request-id'] ?? headers['PayPal-Request-Id'])
      return {}
    },
    account,
  }
  await sentByUs(paypal, 'create-order', { amount: '1', currency: 'EUR' }, world)
  await sentByUs(paypal, 'create-payout', { items: [] }, world)
  expect(keys).toEqual([expect.stringMatching(/./), expect.stringMatching(/./)])
})

it('is told where to call, and to stop', async () => {
  const { sent } = await sentByTrigger(
    paypal,
    'payment-event',
    { event: '*' },
    { answers, account, doing: 'subscribe' },
  )
  expect(sent.map(lineOf)).toEqual([
    ['POST /v1/notifications/webhooks', { url: 'https://hooks.example/hooks/x', event_types: [{ name: '*' }] }],
    ['DELETE /v1/notifications/webhooks/x1'],
  ])
})
