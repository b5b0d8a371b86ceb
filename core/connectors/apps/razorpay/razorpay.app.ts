import type { Json } from '../../../domain/values/json.ts'
import { defineApp } from '../../define-app.ts'
import { basic, howTo, tokenAccount } from '../../service/accounts.ts'
import { choice, json, moment, number, pairs, text, yesNo } from '../../service/fields.ts'
import { handTrigger, keyOfSigned } from '../../service/hooks.ts'
import { newItemTrigger, operation } from '../../service/operation.ts'
import type { Pages } from '../../service/pages.ts'
import { hue, icon } from './logo.ts'

const ADDRESS = 'https://api.razorpay.com/v1'

const money = { min: 1, help: 'In the smallest coin: 49900 for ₹499.' }
const amount = number('Amount', { ...money })
const currency = text('Currency', { placeholder: 'INR' })
const notes = pairs('Notes', { optional: true, advanced: true, help: 'Up to fifteen, of 256 characters each.' })
const payment = text('Payment', { placeholder: 'pay_…' })
const pages: Pages = { items: 'items', size: { as: 'count', most: 100 }, next: { by: 'offset', as: 'skip' } }
const stored = {
  id: 'pay_29QQoUBi66xm2f',
  amount: 49_900,
  currency: 'INR',
  status: 'captured',
  order_id: 'order_9A33XWu170gUtm',
  method: 'upi',
  email: 'ada@example.com',
  contact: '+919900000000',
  created_at: 1_796_029_200,
}
const keywords = ['pay', 'money', 'india', 'upi']
/** What is switched on goes as true or false, or as 1 or 0. */
const asCount = (value: Json): Json => (value === true ? 1 : 0)

/** Razorpay (https://razorpay.com/docs/api). Amounts are whole numbers of the smallest coin. */
export const razorpay = defineApp({
  id: 'razorpay',
  title: 'Razorpay',
  icon,
  hue,
  address: ADDRESS,
  account: 'needed',
  takesKey: false,
  credentials: [
    tokenAccount({
      id: 'razorpay',
      title: 'Razorpay keys',
      fields: [{ name: 'keyId', title: 'Key id', placeholder: 'rzp_live_…', isSecret: false }],
      secret: { title: 'Key secret' },
      help: howTo(
        'Keys in two steps',
        {
          title: 'Generate a key',
          text: 'Account & Settings → API keys; one for tests works with no real money.',
          link: { title: 'API keys', url: 'https://dashboard.razorpay.com/app/website-app-settings/api-keys' },
        },
        { title: 'Paste id and secret here' },
      ),
      signIn: (secret, { keyId = '' }) => basic(keyId, secret),
      // Razorpay does not say whose the key is: the key itself says whether money is real.
      async test({ at, fields: { keyId = '' } }) {
        await at(ADDRESS)({ path: 'orders', query: { count: 1 } })
        return keyId.startsWith('rzp_test_') ? 'Test' : 'Live'
      },
    }),
  ],
  answers: { says: ['error.description'] },
  triggers: [
    newItemTrigger({
      name: 'new-payment',
      title: 'New payment at Razorpay',
      description: 'Starts for each payment, also one that failed or changed its state.',
      keywords,
      request: 'GET /payments',
      pages,
      key: (item) => {
        const { id, status } = Object(item)
        return `${id} ${status}`
      },
      sample: stored,
    }),
    handTrigger({
      name: 'payment-event',
      title: 'Razorpay tells of a payment',
      description: 'Starts at once when a payment, an order, a link, a refund or a subscription changes.',
      keywords: [...keywords, 'webhook', 'order'],
      where: 'at Razorpay under Account & Settings → Webhooks, with a secret of your own and the events that count',
      verify: { scheme: 'razorpay' },
      secret: 'The one that is entered there.',
      events: ({ body }) => [{ key: keyOfSigned(body), data: body }],
      sample: {
        entity: 'event',
        event: 'payment.captured',
        payload: { payment: { entity: stored } },
        created_at: 1_796_029_200,
      },
    }),
  ],
  actions: [
    operation({
      name: 'create-order',
      title: 'Create an order at Razorpay',
      description: 'Begins a sale, which a payment then belongs to.',
      keywords,
      request: 'POST /orders',
      fields: {
        amount,
        currency,
        receipt: text('Reference', { optional: true, most: 40, help: 'Your own.' }),
        notes,
        partial: yesNo('May be paid in parts', { as: 'partial_payment', advanced: true }),
      },
      sample: { id: 'order_9A33XWu170gUtm', amount: 49_900, currency: 'INR', status: 'created', amount_due: 49_900 },
    }),
    operation({
      name: 'create-payment-link',
      title: 'Create a payment link at Razorpay',
      description: 'Makes a page at which something is paid, and may send it to the customer.',
      keywords: [...keywords, 'invoice', 'request'],
      summary: '{description}',
      request: 'POST /payment_links',
      fields: {
        amount,
        currency,
        description: text('For', { optional: true, most: 2_048 }),
        name: text('Name of the customer', { as: 'customer.name', optional: true }),
        email: text('E-mail', { as: 'customer.email', optional: true }),
        phone: text('Phone', { as: 'customer.contact', optional: true }),
        sendMail: yesNo('Sent by mail', { as: 'notify.email', advanced: true }),
        sendSms: yesNo('Sent as SMS', { as: 'notify.sms', advanced: true }),
        reminds: yesNo('Reminds', { as: 'reminder_enable', advanced: true }),
        callback: text('Leads to afterwards', { as: 'callback_url', optional: true, advanced: true }),
        reference: text('Reference', { as: 'reference_id', optional: true, advanced: true, most: 40 }),
        until: moment('Until', { as: 'expire_by', form: 's', optional: true, advanced: true }),
        notes,
      },
      body: (body) => {
        const own = Object(body)
        return own.callback_url === undefined ? own : { ...own, callback_method: 'get' }
      },
      sample: { id: 'plink_ExjpAUN3gVHrPJ', short_url: 'https://rzp.io/i/nxrHnLJ', status: 'created' },
    }),
    operation({
      name: 'get-payment',
      title: 'Get a payment from Razorpay',
      description: 'Reads one payment.',
      keywords: [...keywords, 'read'],
      request: 'GET /payments/{payment}',
      fields: { payment },
      sample: stored,
    }),
    operation({
      name: 'list-payments',
      title: 'List payments of Razorpay',
      description: 'Reads payments, the newest first.',
      keywords: [...keywords, 'get many'],
      request: 'GET /payments',
      fields: {
        from: moment('From', { form: 's', optional: true }),
        to: moment('To', { form: 's', optional: true }),
      },
      pages,
      sample: { items: [stored], count: 1, hasMore: false },
    }),
    operation({
      name: 'capture-payment',
      title: 'Capture a payment at Razorpay',
      description: 'Takes the money that a payment has set aside. A second time it is refused.',
      keywords: [...keywords, 'charge'],
      request: 'POST /payments/{payment}/capture',
      effect: 'idempotent',
      fields: { payment, amount, currency },
      sample: stored,
    }),
    operation({
      name: 'refund-payment',
      title: 'Refund a payment at Razorpay',
      description: 'Gives money back, all of it or a part.',
      keywords: [...keywords, 'return'],
      request: 'POST /payments/{payment}/refund',
      fields: {
        payment,
        amount: number('Amount', { ...money, optional: true, help: 'In the smallest coin; all when empty.' }),
        speed: choice('How fast', { normal: 'Usual', optimum: 'At once where possible' }, { advanced: true }),
        receipt: text('Reference', { optional: true, advanced: true, most: 40 }),
        notes,
      },
      sample: { id: 'rfnd_FP8QHiV938haTz', payment_id: stored.id, amount: 49_900, status: 'processed' },
    }),
    operation({
      name: 'create-customer',
      title: 'Create a customer at Razorpay',
      description: 'Adds a customer. One of the same address and phone is the one that there is.',
      keywords: ['contact', 'person'],
      summary: '{name}',
      request: 'POST /customers',
      effect: 'idempotent',
      body: { fail_existing: '0' },
      fields: {
        name: text('Name'),
        email: text('E-mail', { optional: true }),
        contact: text('Phone', { optional: true }),
        notes,
      },
      sample: { id: 'cust_1Aa00000000004', name: 'Ada Lovelace', email: 'ada@example.com' },
    }),
    operation({
      name: 'create-invoice',
      title: 'Create an invoice at Razorpay',
      description: 'Writes an invoice with a page at which it is paid, and may send it.',
      keywords: ['bill', 'money'],
      request: 'POST /invoices',
      body: { type: 'invoice' },
      fields: {
        customer: text('Customer', { as: 'customer_id', placeholder: 'cust_…' }),
        items: json('Items', {
          as: 'line_items',
          placeholder: '[{"name":"Tea","amount":49900,"currency":"INR","quantity":1}]',
        }),
        currency: text('Currency', { optional: true, placeholder: 'INR' }),
        sendMail: yesNo('Sent by mail', { as: 'email_notify', initial: true, send: asCount }),
        sendSms: yesNo('Sent as SMS', { as: 'sms_notify', send: asCount }),
      },
      sample: { id: 'inv_E7q0tqkxBRzdau', short_url: 'https://rzp.io/i/tXvl0lY', status: 'issued' },
    }),
  ],
})
