import { createHash } from 'node:crypto'
import { textOf } from '../../../domain/values/json.ts'
import type { CredentialFields } from '../../credential.ts'
import { defineApp } from '../../define-app.ts'
import { howTo, oauthAccount } from '../../service/accounts.ts'
import { choice, json, longText, text } from '../../service/fields.ts'
import { hookTrigger } from '../../service/hooks.ts'
import { operation } from '../../service/operation.ts'
import { textAt } from '../../service/parts.ts'
import { hue, icon } from './logo.ts'

const LIVE = 'https://api-m.paypal.com'
const SANDBOX = 'https://api-m.sandbox.paypal.com'
const address = ({ where }: CredentialFields): string => (where === 'sandbox' ? SANDBOX : LIVE)

const amount = text('Amount', { placeholder: '12.50' })
const currency = text('Currency', { placeholder: 'EUR' })
/** PayPal's header for what must not be done twice. */
const keyed = { effect: 'keyed', keyHeader: 'PayPal-Request-Id' } as const
const order = {
  id: '5O190127TN364715T',
  status: 'PAYER_ACTION_REQUIRED',
  links: [{ rel: 'payer-action', href: 'https://www.paypal.com/checkoutnow?token=5O190127TN364715T', method: 'GET' }],
}
const keywords = ['pay', 'money', 'checkout']

/** PayPal (https://developer.paypal.com/api/rest). */
export const paypal = defineApp({
  id: 'paypal',
  title: 'PayPal',
  icon,
  hue,
  address: { ofAccount: address, known: [LIVE, SANDBOX] },
  account: 'needed',
  takesKey: false,
  credentials: [
    oauthAccount({
      id: 'paypal',
      title: 'PayPal app',
      // No person signs in: the app itself is who is asked for.
      tokenUrl: (fields) => `${address(fields)}/v1/oauth2/token`,
      scopes: [],
      more: { secretInHeader: true },
      fields: [
        {
          name: 'where',
          title: 'Where',
          isSecret: false,
          choices: [
            { value: 'live', label: 'PayPal' },
            { value: 'sandbox', label: 'The sandbox, with no real money' },
          ],
        },
      ],
      help: howTo(
        'An app in two steps',
        {
          title: 'Create an app',
          text: 'Switch to “Live” first, where real money is meant.',
          link: { title: 'Apps & credentials', url: 'https://developer.paypal.com/dashboard/applications' },
        },
        { title: 'Paste client id and secret here' },
      ),
      // PayPal does not say whose the account is.
      async test({ at, fields }) {
        await at(address(fields))({ path: 'v1/notifications/webhooks' })
        return fields.where === 'sandbox' ? 'Sandbox' : null
      },
    }),
  ],
  answers: { says: ['details[0].description', 'message'] },
  triggers: [
    hookTrigger({
      name: 'payment-event',
      title: 'PayPal tells of a payment',
      description: 'Starts at once when a payment, an order, a refund or a subscription changes.',
      keywords: [...keywords, 'webhook', 'order', 'refund'],
      fields: {
        event: text('When', { placeholder: 'PAYMENT.CAPTURE.COMPLETED', help: 'The name of an event, or * for all.' }),
      },
      // Their signature is of a certificate; PayPal says itself whether it is good.
      verify: null,
      async proves({ http, subscription, call: { headers, body } }) {
        const { body: answer } = await http({
          method: 'POST',
          path: 'v1/notifications/verify-webhook-signature',
          body: {
            auth_algo: headers['paypal-auth-algo'] ?? '',
            cert_url: headers['paypal-cert-url'] ?? '',
            transmission_id: headers['paypal-transmission-id'] ?? '',
            transmission_sig: headers['paypal-transmission-sig'] ?? '',
            transmission_time: headers['paypal-transmission-time'] ?? '',
            webhook_id: textAt(subscription, 'id'),
            webhook_event: body,
          },
        })
        return textAt(answer, 'verification_status') === 'SUCCESS'
      },
      subscribe: 'POST /v1/notifications/webhooks',
      body: ({ url }, { event }) => ({ url, event_types: [{ name: event ?? '*' }] }),
      id: 'id',
      unsubscribe: 'DELETE /v1/notifications/webhooks/{id}',
      all: { request: 'GET /v1/notifications/webhooks', pages: { items: 'webhooks' }, url: 'url', id: 'id' },
      events: ({ body }) => [{ key: textAt(body, 'id') || null, data: body }],
      sample: {
        id: 'WH-58D329510W468432D-8HN650336L201105X',
        event_type: 'PAYMENT.CAPTURE.COMPLETED',
        resource: { id: '42311647XV020574X', amount: { currency_code: 'EUR', value: '12.50' }, status: 'COMPLETED' },
      },
    }),
  ],
  actions: [
    operation({
      name: 'create-order',
      title: 'Create an order at PayPal',
      description: 'Begins a sale; the customer pays at an address that it names.',
      keywords,
      request: 'POST /v2/checkout/orders',
      ...keyed,
      fields: {
        amount: { ...amount, at: 'nowhere' },
        currency: { ...currency, at: 'nowhere' },
        intent: choice('The money is', { CAPTURE: 'Taken at once', AUTHORIZE: 'Set aside' }),
        reference: text('Reference', {
          optional: true,
          at: 'nowhere',
          help: 'Your own, such as the number of an invoice.',
        }),
        units: json('What is bought', {
          optional: true,
          advanced: true,
          at: 'nowhere',
          help: 'In place of amount and reference, as PayPal names it.',
          placeholder: '[{"amount":{"currency_code":"EUR","value":"12.50"}}]',
        }),
        back: text('Leads to afterwards', { optional: true, advanced: true, at: 'nowhere' }),
      },
      body: (body, { amount: value = '', currency: code = '', reference, units, back }) => ({
        ...Object(body),
        purchase_units: units ?? [
          {
            amount: { currency_code: code, value: textOf(value) },
            ...(reference !== undefined && { custom_id: textOf(reference) }),
          },
        ],
        ...(back !== undefined && {
          payment_source: { paypal: { experience_context: { return_url: back, cancel_url: back } } },
        }),
      }),
      sample: order,
    }),
    operation({
      name: 'capture-order',
      title: 'Capture an order at PayPal',
      description: 'Takes the money of an order that the customer agreed to.',
      keywords: [...keywords, 'charge'],
      request: 'POST /v2/checkout/orders/{order}/capture',
      ...keyed,
      body: {},
      fields: { order: text('Order', { placeholder: '{{ order.id }}' }) },
      sample: {
        id: order.id,
        status: 'COMPLETED',
        purchase_units: [{ payments: { captures: [{ id: '3C679366HH908993F', status: 'COMPLETED' }] } }],
      },
    }),
    operation({
      name: 'refund-capture',
      title: 'Refund at PayPal',
      description: 'Gives money back, all of what was taken or a part.',
      keywords: [...keywords, 'return'],
      request: 'POST /v2/payments/captures/{capture}/refund',
      ...keyed,
      fields: {
        capture: text('What was taken', { placeholder: '3C679366HH908993F', help: 'The id of the capture.' }),
        value: {
          ...text('Amount', { optional: true, placeholder: '12.50', help: 'All when empty.' }),
          as: 'amount.value',
        },
        currency: { ...text('Currency', { optional: true, placeholder: 'EUR' }), as: 'amount.currency_code' },
        note: text('Note', { as: 'note_to_payer', optional: true, most: 255 }),
      },
      sample: { id: '1JU08902781691411', status: 'COMPLETED' },
    }),
    operation({
      name: 'create-payout',
      title: 'Pay out by PayPal',
      description: 'Sends money to people.',
      keywords: [...keywords, 'send', 'salary'],
      effect: 'keyed',
      fields: {
        items: json('Payments', {
          placeholder:
            '[{"recipient_type":"EMAIL","receiver":"ada@example.com","amount":{"value":"12.50","currency":"EUR"}}]',
        }),
        subject: text('Subject of the mail', { optional: true }),
        note: longText('Text of the mail', { optional: true, advanced: true }),
      },
      async run({ http, input, idempotencyKey }) {
        const { items = [], subject, note } = input
        const header = {
          // A batch with the id of one before is refused.
          sender_batch_id: createHash('sha256').update(idempotencyKey).digest('hex').slice(0, 30),
          ...(subject !== undefined && { email_subject: subject }),
          ...(note !== undefined && { email_message: note }),
        }
        const body = { sender_batch_header: header, items }
        const headers = { 'paypal-request-id': idempotencyKey }
        return (await http({ method: 'POST', path: 'v1/payments/payouts', headers, body })).body
      },
      sample: { batch_header: { payout_batch_id: 'Y8TTWKZC9QN4U', batch_status: 'PENDING' } },
    }),
    operation({
      name: 'get-payout',
      title: 'Get a payout from PayPal',
      description: 'Reads how far payments are that were made together.',
      keywords: [...keywords, 'status'],
      request: 'GET /v1/payments/payouts/{payout}',
      fields: { payout: text('Payout', { placeholder: 'Y8TTWKZC9QN4U' }) },
      sample: { batch_header: { payout_batch_id: 'Y8TTWKZC9QN4U', batch_status: 'SUCCESS' }, items: [] },
    }),
    operation({
      name: 'get-payout-item',
      title: 'Get a payment of a payout from PayPal',
      description: 'Reads how far a single payment is.',
      keywords: [...keywords, 'status'],
      request: 'GET /v1/payments/payouts-item/{item}',
      fields: { item: text('Payment', { placeholder: '8AELMXH8UB2P8' }) },
      sample: { payout_item_id: '8AELMXH8UB2P8', transaction_status: 'SUCCESS' },
    }),
  ],
})
