import { isJsonObject, type Json, textOf } from '../../../domain/values/json.ts'
import { defineApp } from '../../define-app.ts'
import { readPath, valueAt } from '../../kit/path.ts'
import { bearer, howTo, tokenAccount, whoIs } from '../../service/accounts.ts'
import { choice, longText, moment, number, pairs, text, texts, yesNo } from '../../service/fields.ts'
import { hookTrigger } from '../../service/hooks.ts'
import { listOf, newItemTrigger, operation } from '../../service/operation.ts'
import { type Pages, readPages } from '../../service/pages.ts'
import { textAt } from '../../service/parts.ts'
import { pathPart } from '../../service/request.ts'
import { hue, icon } from './logo.ts'

const ADDRESS = 'https://api.stripe.com/v1'
const HEADERS = { 'stripe-version': '2026-10-28.endive' }

const pages: Pages = {
  items: 'data',
  size: { as: 'limit', most: 100 },
  end: { at: 'has_more', is: false },
  next: { by: 'last', at: 'id', as: 'starting_after' },
}
const price = text('Price', { placeholder: 'price_…', from: { list: 'prices' }, at: 'nowhere' })
const quantity = number('How many', { min: 1, optional: true, at: 'nowhere' })
const customer = text('Customer', { placeholder: 'cus_…', from: { list: 'customers' } })
const notes = pairs('Notes', {
  as: 'metadata',
  optional: true,
  advanced: true,
  help: 'Names and values that Stripe keeps with it.',
})
const currency = text('Currency', { placeholder: 'eur', send: (value) => textOf(value).toLowerCase() })
const amount = (title: string, more: { readonly as: string; readonly optional?: boolean }) =>
  number(title, { min: 0, help: 'In the smallest unit: 1250 is 12.50 €.', ...more })

/** What is bought, as Stripe has it. */
const items = ({ price: of, quantity: many }: Readonly<Record<string, Json | undefined>>): Json => [
  { price: of ?? '', quantity: many ?? 1 },
]

const storedCustomer = {
  id: 'cus_NffrFeUfNV2Hib',
  object: 'customer',
  email: 'ada@example.com',
  name: 'Ada Lovelace',
  created: 1_764_000_000,
}
const storedEvent = {
  id: 'evt_1NG8Du2eZvKYlo2CUI79vXWy',
  type: 'checkout.session.completed',
  created: 1_764_000_000,
  data: {
    object: {
      id: 'cs_test_a1',
      amount_total: 1_250,
      currency: 'eur',
      payment_status: 'paid',
      customer_details: { email: 'ada@example.com' },
    },
  },
}
const types = texts('Events', {
  as: 'types[]',
  placeholder: 'checkout.session.completed',
  help: 'One a line, such as invoice.paid or customer.subscription.deleted.',
})

/** Stripe (https://docs.stripe.com/api). */
export const stripe = defineApp({
  id: 'stripe',
  title: 'Stripe',
  icon,
  hue,
  address: ADDRESS,
  account: 'needed',
  credentials: [
    tokenAccount({
      id: 'stripe',
      title: 'Stripe key',
      secret: { title: 'Secret or restricted key', placeholder: 'sk_live_… or rk_live_…' },
      help: howTo(
        'A key in two steps',
        {
          title: 'Create a restricted key',
          text: 'With the rights that your zaps need: Customers, Checkout Sessions, Webhook Endpoints, Events …',
          link: { title: 'API keys', url: 'https://dashboard.stripe.com/apikeys' },
        },
        { title: 'Paste it here', text: 'A key of the test mode works, too.' },
      ),
      signIn: bearer(),
      test: whoIs({
        address: ADDRESS,
        path: 'account',
        name: ['settings.dashboard.display_name', 'business_profile.name', 'email', 'id'],
        headers: HEADERS,
      }),
    }),
  ],
  answers: {
    says: ['error.message'],
    // A lock of an object is free again soon.
    means: (status, body) => (valueAt(body, readPath('error.code')) === 'lock_timeout' ? 503 : status),
  },
  lists: {
    prices: listOf({
      request: 'GET /prices?active=true&expand[]=data.product',
      headers: HEADERS,
      pages,
      value: 'id',
      label: (item) => {
        const [name, sum, of] = ['product.name', 'unit_amount', 'currency'].map((path) =>
          textOf(valueAt(item, readPath(path)) ?? ''),
        )
        return `${name} – ${Number(sum) / 100} ${of?.toUpperCase()}`
      },
    }),
    customers: listOf({
      request: 'GET /customers',
      headers: HEADERS,
      pages,
      value: 'id',
      label: 'email',
      hint: 'name',
    }),
    products: listOf({ request: 'GET /products?active=true', headers: HEADERS, pages, value: 'id', label: 'name' }),
  },
  triggers: [
    hookTrigger({
      name: 'event',
      title: 'Stripe tells of an event',
      description: 'Starts at once when something is paid, refunded, subscribed to and so on.',
      keywords: ['webhook', 'payment', 'checkout', 'subscription', 'invoice'],
      summary: '{types}',
      fields: { types },
      verify: { scheme: 'stripe' },
      headers: HEADERS,
      subscribe: 'POST /webhook_endpoints',
      bodyType: 'brackets',
      body: ({ url }, { types: wanted }) => ({ url, enabled_events: wanted ?? ['*'] }),
      id: 'id',
      secret: { in: 'answer', at: 'secret' },
      unsubscribe: 'DELETE /webhook_endpoints/{id}',
      events: ({ body }) => (isJsonObject(body) && typeof body.id === 'string' ? [{ key: body.id, data: body }] : []),
      // While Stripe cannot call, the same events are found in its list.
      poll: {
        request: 'GET /events',
        headers: HEADERS,
        pages,
        key: 'id',
      },
      sample: storedEvent,
    }),
    newItemTrigger({
      name: 'event-poll',
      title: 'New event at Stripe',
      description: 'Starts for each event of some kinds; Hookline asks for them now and then.',
      keywords: ['payment', 'checkout', 'subscription', 'invoice'],
      request: 'GET /events',
      headers: HEADERS,
      fields: { types },
      pages,
      key: 'id',
      sample: storedEvent,
    }),
  ],
  actions: [
    operation({
      name: 'get-balance',
      title: 'Get the balance of Stripe',
      description: 'Reads what is there, and what is on its way.',
      keywords: ['money', 'payment'],
      request: 'GET /balance',
      headers: HEADERS,
      sample: { available: [{ amount: 1_250, currency: 'eur' }], pending: [{ amount: 0, currency: 'eur' }] },
    }),
    operation({
      name: 'create-customer',
      title: 'Create a customer in Stripe',
      description: 'Adds a customer. A repeat is told by Stripe.',
      keywords: ['payment', 'contact', 'add'],
      request: 'POST /customers',
      headers: HEADERS,
      bodyType: 'brackets',
      effect: 'keyed',
      fields: {
        email: text('E-mail', { placeholder: 'ada@example.com' }),
        name: text('Name', { optional: true }),
        phone: text('Phone', { optional: true, advanced: true }),
        description: longText('Description', { optional: true, advanced: true }),
        notes,
      },
      sample: storedCustomer,
    }),
    operation({
      name: 'find-customer',
      title: 'Find customers in Stripe',
      description: 'Finds customers by their e-mail address, or by a query of Stripe’s.',
      keywords: ['payment', 'search', 'contact'],
      effect: 'none',
      fields: {
        email: text('E-mail', { optional: true, placeholder: 'ada@example.com' }),
        query: text('Query', {
          optional: true,
          advanced: true,
          placeholder: "metadata['order']:'42'",
          help: 'Finds what is a minute old; the e-mail address finds it at once.',
        }),
        limit: number('At most', { min: 1, max: 1_000, optional: true, advanced: true }),
      },
      sample: { items: [storedCustomer], count: 1, hasMore: false },
      async run({ http, input }) {
        const limit = Number(input.limit ?? 100)
        const { query, email } = input
        const found =
          query === undefined
            ? await readPages(
                http,
                { path: 'customers', headers: HEADERS, query: email === undefined ? {} : { email: textOf(email) } },
                pages,
                limit,
              )
            : await readPages(
                http,
                { path: 'customers/search', headers: HEADERS, query: { query: textOf(query) } },
                { ...pages, next: { by: 'cursor', at: 'next_page', as: 'page' } },
                limit,
              )
        return { items: found.items, count: found.items.length, hasMore: found.hasMore }
      },
    }),
    operation({
      name: 'list-charges',
      title: 'List payments of Stripe',
      description: 'Reads payments, the newest first.',
      keywords: ['charges', 'get many', 'money'],
      request: 'GET /charges',
      headers: HEADERS,
      fields: {
        customer: text('Customer', { optional: true, placeholder: 'cus_…', from: { list: 'customers' } }),
        since: moment('Since', { form: 's', as: 'created[gte]', optional: true, advanced: true }),
      },
      pages,
      sample: {
        items: [{ id: 'ch_3MmlLr', amount: 1_250, currency: 'eur', status: 'succeeded' }],
        count: 1,
        hasMore: false,
      },
    }),
    operation({
      name: 'create-checkout-session',
      title: 'Create a checkout of Stripe',
      description: 'Makes a page on which one person pays. A repeat is told by Stripe.',
      keywords: ['payment', 'pay', 'subscription'],
      summary: '{price}',
      request: 'POST /checkout/sessions',
      headers: HEADERS,
      bodyType: 'brackets',
      effect: 'keyed',
      fields: {
        price,
        quantity,
        mode: choice('Kind', { payment: 'Paid once', subscription: 'A subscription' }),
        success: text('Goes to when paid', { as: 'success_url', placeholder: 'https://example.com/thanks' }),
        cancel: text('Goes to when not', { as: 'cancel_url', optional: true, advanced: true }),
        email: text('E-mail', { as: 'customer_email', optional: true, advanced: true }),
        notes,
      },
      body: (body, entered) => ({ ...Object(body), line_items: items(entered) }),
      sample: { id: 'cs_test_a1', url: 'https://checkout.stripe.com/c/pay/cs_test_a1', payment_status: 'unpaid' },
    }),
    operation({
      name: 'create-payment-link',
      title: 'Create a payment link of Stripe',
      description: 'Makes an address at which anybody can pay, any number of times. A repeat is told by Stripe.',
      keywords: ['pay', 'checkout'],
      summary: '{price}',
      request: 'POST /payment_links',
      headers: HEADERS,
      bodyType: 'brackets',
      effect: 'keyed',
      fields: { price, quantity, notes },
      body: (body, entered) => ({ ...Object(body), line_items: items(entered) }),
      sample: { id: 'plink_1MoC3U', url: 'https://buy.stripe.com/test_a1', active: true },
    }),
    operation({
      name: 'create-product',
      title: 'Create a product in Stripe',
      description: 'Adds a product, with a price where there is one. A repeat is told by Stripe.',
      keywords: ['payment', 'add'],
      request: 'POST /products',
      headers: HEADERS,
      bodyType: 'brackets',
      effect: 'keyed',
      fields: {
        name: text('Name'),
        amount: amount('Price', { as: 'default_price_data.unit_amount', optional: true }),
        currency: text('Currency', { as: 'default_price_data.currency', optional: true, placeholder: 'eur' }),
        description: longText('Description', { optional: true, advanced: true }),
        notes,
      },
      sample: { id: 'prod_NWjs8kKbJWmuuc', name: 'Engine', default_price: 'price_1MoBy5' },
    }),
    operation({
      name: 'create-price',
      title: 'Create a price in Stripe',
      description: 'Adds a price to a product. A repeat is told by Stripe.',
      keywords: ['payment', 'add', 'subscription'],
      summary: '{product}',
      request: 'POST /prices',
      headers: HEADERS,
      bodyType: 'brackets',
      effect: 'keyed',
      fields: {
        product: text('Product', { placeholder: 'prod_…', from: { list: 'products' } }),
        amount: amount('Price', { as: 'unit_amount' }),
        currency,
        every: choice(
          'Paid every',
          { day: 'Day', week: 'Week', month: 'Month', year: 'Year' },
          { as: 'recurring.interval', optional: true, help: 'Once when empty.' },
        ),
        notes,
      },
      sample: { id: 'price_1MoBy5', unit_amount: 1_250, currency: 'eur' },
    }),
    operation({
      name: 'create-invoice',
      title: 'Create an invoice in Stripe',
      description:
        'Makes an invoice of a customer, with one line where there is an amount. Repeats are told by Stripe.',
      keywords: ['bill', 'payment'],
      summary: '{customer}',
      effect: 'keyed',
      fields: {
        customer,
        amount: amount('Amount', { as: 'amount', optional: true }),
        currency: text('Currency', { optional: true, placeholder: 'eur' }),
        description: text('What it is for', { optional: true }),
        how: choice('Paid', {
          send_invoice: 'By the person, who gets it',
          charge_automatically: 'By the card that Stripe has',
        }),
        days: number('Days to pay', { min: 1, max: 365, optional: true, advanced: true, help: '30 when empty.' }),
        finish: yesNo('Finish it at once', { help: 'It is a draft otherwise.' }),
      },
      sample: { id: 'in_1MtHbE', status: 'open', hosted_invoice_url: 'https://invoice.stripe.com/i/acct_1/test_a1' },
      async run({ http, input, idempotencyKey }) {
        // Each of the requests has a key of its own.
        const call = (path: string, what: string, body: Record<string, Json>) =>
          http({
            method: 'POST',
            path,
            headers: { ...HEADERS, 'idempotency-key': `${idempotencyKey}:${what}` },
            body,
            bodyType: 'form',
          })
        const {
          customer: of = '',
          amount: sum,
          currency: money = 'eur',
          description,
          how = 'send_invoice',
          days = 30,
          finish,
        } = input
        const made = await call('invoices', 'invoice', {
          customer: of,
          collection_method: how,
          ...(how === 'send_invoice' && { days_until_due: days }),
          auto_advance: finish === true,
        })
        const id = textAt(made.body, 'id')
        if (sum !== undefined)
          await call('invoiceitems', 'item', {
            customer: of,
            invoice: id,
            amount: sum,
            currency: textOf(money).toLowerCase(),
            ...(description !== undefined && { description }),
          })
        return finish === true
          ? (await call(`invoices/${pathPart('invoice', id)}/finalize`, 'finalize', {})).body
          : made.body
      },
    }),
    operation({
      name: 'refund',
      title: 'Pay back with Stripe',
      description: 'Pays back a payment, as a whole or a part of it. A repeat is told by Stripe.',
      keywords: ['refund', 'money', 'return'],
      request: 'POST /refunds',
      headers: HEADERS,
      bodyType: 'brackets',
      effect: 'keyed',
      fields: {
        payment: text('Payment', { at: 'nowhere', placeholder: 'pi_… or ch_…' }),
        amount: amount('Amount', { as: 'amount', optional: true }),
        reason: choice(
          'Because',
          {
            requested_by_customer: 'The customer asked for it',
            duplicate: 'It was paid twice',
            fraudulent: 'It was a fraud',
          },
          { optional: true, advanced: true },
        ),
      },
      body: (body, { payment = '' }) => ({
        ...Object(body),
        [textOf(payment).startsWith('ch_') ? 'charge' : 'payment_intent']: payment,
      }),
      sample: { id: 're_1Nispe', amount: 1_250, status: 'succeeded' },
    }),
  ],
})
