import { expect, it } from 'vitest'
import type { Json } from '../../../domain/values/json.ts'
import { lineOf, sentByTrigger, sentByUs } from '../../service/test-judge.ts'
import { razorpay } from './razorpay.app.ts'

const account = { type: 'razorpay', secret: JSON.stringify({ keyId: 'k', token: 's' }) }
const answers = (): Json => ({ id: 'x1' })

/** As the maker’s reference has them, and where it has a library, as that sends them. */
it.each<[string, Record<string, Json>, ...unknown[]]>([
  [
    'create-order',
    { amount: 49_900, currency: 'INR', receipt: 'r' },
    'POST /v1/orders',
    { amount: 49_900, currency: 'INR', receipt: 'r' },
  ],
  [
    'create-payment-link',
    {
      amount: 100,
      currency: 'INR',
      name: 'Ada',
      sendMail: true,
      callback: 'https://a.example/x',
      until: '2026-12-01T00:00:00Z',
    },
    'POST /v1/payment_links',
    {
      amount: 100,
      currency: 'INR',
      customer: { name: 'Ada' },
      notify: { email: true },
      callback_url: 'https://a.example/x',
      callback_method: 'get',
      expire_by: 1_796_083_200,
    },
  ],
  ['get-payment', { payment: 'pay_1' }, 'GET /v1/payments/pay_1'],
  ['list-payments', { from: '2026-12-01T00:00:00Z', limit: 5 }, 'GET /v1/payments?count=5&from=1796083200'],
  [
    'capture-payment',
    { payment: 'pay_1', amount: 100, currency: 'INR' },
    'POST /v1/payments/pay_1/capture',
    { amount: 100, currency: 'INR' },
  ],
  ['refund-payment', { payment: 'pay_1' }, 'POST /v1/payments/pay_1/refund', { speed: 'normal' }],
  [
    'create-customer',
    { name: 'Ada', email: 'a@b.c' },
    'POST /v1/customers',
    { fail_existing: '0', name: 'Ada', email: 'a@b.c' },
  ],
  [
    'create-invoice',
    { customer: 'cust_1', items: '[{"name":"Tea"}]', sendMail: false },
    'POST /v1/invoices',
    { type: 'invoice', customer_id: 'cust_1', line_items: [{ name: 'Tea' }], email_notify: 0, sms_notify: 0 },
  ],
])('%s %j', async (uses, input, ...expected) => {
  const { sent } = await sentByUs(razorpay, uses, input, { answers, account })
  expect(sent.map(lineOf)).toEqual([expected])
  expect(sent[0]?.authorization).toBe(`Basic ${Buffer.from('k:s').toString('base64')}`)
})

it('a payment that changes its state is another event', async () => {
  const listed = (): Json => ({
    items: [
      { id: 'pay_1', status: 'authorized' },
      { id: 'pay_1', status: 'captured' },
    ],
  })
  const { events } = await sentByTrigger(razorpay, 'new-payment', {}, { answers: listed, account })
  expect(events.map(({ key }) => key)).toEqual(['pay_1 authorized', 'pay_1 captured'])
})
