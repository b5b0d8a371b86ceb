import Stripe from 'stripe'
import { expect, it } from 'vitest'
import type { Json } from '../../../domain/values/json.ts'
import { lineOf, type Sent, sentByLibrary, sentByTrigger, sentByUs } from '../../service/test-judge.ts'
import { stripe } from './stripe.app.ts'

const account = { type: 'stripe', secret: JSON.stringify({ token: 'sk_test_1' }) }
const answers = (): Json => ({ id: 'in_1', data: [{ id: 'evt_1' }], has_more: false })
/** The library asks for no amount of items unless it is told to. */
const clientAt = (address: string): Stripe => {
  const { hostname, port } = new URL(address)
  return new Stripe('sk_test_1', {
    host: hostname,
    port: Number(port),
    protocol: 'http',
    maxNetworkRetries: 0,
    telemetry: false,
  })
}
/** Lists may be `a[]` or `a[0]`. */
const said = (sent: readonly Sent[]) =>
  sent.map(({ query, ...rest }) => ({
    ...rest,
    query: query.map(([name, value]) => [name.replace(/\[\d+\]$/, '[]'), value]),
  }))

it.each<[string, Record<string, Json>, (client: Stripe) => Promise<unknown>]>([
  ['get-balance', {}, (client) => client.balance.retrieve()],
  [
    'create-customer',
    { email: 'a@b.c', notes: { order: 'x' } },
    (client) => client.customers.create({ email: 'a@b.c', metadata: { order: 'x' } }),
  ],
  ['find-customer', { email: 'a@b.c', limit: 5 }, (client) => client.customers.list({ email: 'a@b.c', limit: 5 })],
  [
    'find-customer',
    { query: "email:'a'", limit: 5 },
    (client) => client.customers.search({ query: "email:'a'", limit: 5 }),
  ],
  [
    'list-charges',
    { customer: 'cus_1', since: '1970-01-01T00:00:10Z', limit: 5 },
    (client) => client.charges.list({ customer: 'cus_1', created: { gte: 10 }, limit: 5 }),
  ],
  [
    'create-checkout-session',
    { price: 'price_1', quantity: 2, success: 'https://a.example' },
    (client) =>
      client.checkout.sessions.create({
        mode: 'payment',
        line_items: [{ price: 'price_1', quantity: 2 }],
        success_url: 'https://a.example',
      }),
  ],
  [
    'create-payment-link',
    { price: 'price_1' },
    (client) => client.paymentLinks.create({ line_items: [{ price: 'price_1', quantity: 1 }] }),
  ],
  [
    'create-product',
    { name: 'n', amount: 500, currency: 'eur' },
    (client) => client.products.create({ name: 'n', default_price_data: { unit_amount: 500, currency: 'eur' } }),
  ],
  [
    'create-price',
    { product: 'prod_1', amount: 500, currency: 'EUR', every: 'month' },
    (client) =>
      client.prices.create({ product: 'prod_1', unit_amount: 500, currency: 'eur', recurring: { interval: 'month' } }),
  ],
  ['refund', { payment: 'pi_1', amount: 5 }, (client) => client.refunds.create({ payment_intent: 'pi_1', amount: 5 })],
  [
    'create-invoice',
    { customer: 'cus_1', amount: 500, currency: 'eur', finish: true },
    async (client) => {
      await client.invoices.create({
        customer: 'cus_1',
        collection_method: 'send_invoice',
        days_until_due: 30,
        auto_advance: true,
      })
      await client.invoiceItems.create({ customer: 'cus_1', invoice: 'in_1', amount: 500, currency: 'eur' })
      await client.invoices.finalizeInvoice('in_1')
    },
  ],
])('%s as Stripe’s own library does: %j', async (uses, input, call) => {
  const theirs = await sentByLibrary((address) => call(clientAt(address)), answers)
  const { sent } = await sentByUs(stripe, uses, input, { answers, account })
  const bare = (all: readonly Sent[]) =>
    said(all).map(({ body, ...rest }) => ({ ...rest, body: body === null || body === '' ? {} : body }))
  expect(bare(sent)).toEqual(bare(theirs))
})

it('a webhook has the secret that Stripe made, and its events are found without it, too', async () => {
  const answer = () => ({ id: 'we_1', secret: 'whsec_1' })
  const input = { types: ['invoice.paid', 'charge.refunded'] }
  const { sent, subscribed } = await sentByTrigger(stripe, 'event', input, {
    answers: answer,
    account,
    doing: 'subscribe',
  })
  expect(subscribed).toEqual({ subscription: { id: 'we_1' }, secret: 'whsec_1' })
  expect(sent.map(lineOf)).toEqual([
    [
      'POST /v1/webhook_endpoints',
      {
        url: 'https://hooks.example/hooks/x',
        'enabled_events[0]': 'invoice.paid',
        'enabled_events[1]': 'charge.refunded',
      },
    ],
    ['DELETE /v1/webhook_endpoints/we_1'],
  ])
  for (const trigger of ['event', 'event-poll']) {
    const polled = await sentByTrigger(stripe, trigger, input, { answers, account })
    expect(polled.sent.map(lineOf)).toEqual([['GET /v1/events?limit=100&types[]=invoice.paid&types[]=charge.refunded']])
    expect(polled.events.map(({ key }) => key)).toEqual(['evt_1'])
  }
})
