import { isJsonObject, textOf } from '../../../domain/values/json.ts'
import { defineApp } from '../../define-app.ts'
import { basic, howTo, serverField, serverOf, tokenAccount } from '../../service/accounts.ts'
import { choice, json, longText, moment, number, pairs, text, texts, yesNo } from '../../service/fields.ts'
import { hookTrigger, keyOfSigned } from '../../service/hooks.ts'
import { newItemTrigger, operation } from '../../service/operation.ts'
import type { Pages } from '../../service/pages.ts'
import { keyOfParts } from '../../service/parts.ts'
import { hue, icon } from './logo.ts'

const API = '/wp-json/wc/v3'
const STATES = {
  pending: 'Not paid yet',
  processing: 'In work',
  'on-hold': 'On hold',
  completed: 'Done',
  cancelled: 'Cancelled',
  refunded: 'Paid back',
  failed: 'Failed',
}
const order = text('Order', { placeholder: '727', help: 'Its number.' })
const product = text('Product', { placeholder: '794', help: 'Its number.' })
const meta = pairs('Custom fields', {
  as: 'meta_data',
  optional: true,
  advanced: true,
  send: (value) => Object.entries(Object(value)).map(([key, one]) => ({ key, value: textOf(one as string) })),
})
const productFields = {
  price: text('Price', { as: 'regular_price', optional: true, placeholder: '12.50' }),
  text: longText('Description', { as: 'description', optional: true, help: 'HTML.' }),
  sku: text('SKU', { optional: true }),
  status: choice(
    'State',
    { publish: 'For sale', draft: 'Draft', private: 'Private' },
    { optional: true, advanced: true },
  ),
  stock: number('In stock', { as: 'stock_quantity', optional: true, advanced: true }),
  counted: yesNo('The stock is counted', { as: 'manage_stock', advanced: true }),
  categories: texts('Categories', {
    optional: true,
    advanced: true,
    help: 'Numbers, one a line.',
    send: (value) => Object.values(Object(value)).map((id) => ({ id: Number(id) })),
  }),
  images: texts('Images', {
    optional: true,
    advanced: true,
    help: 'Addresses, one a line.',
    send: (value) => Object.values(Object(value)).map((src) => ({ src: String(src) })),
  }),
  meta,
}

const pages: Pages = { items: '', size: { as: 'per_page', most: 100 }, next: { by: 'link' } }
const stored = {
  id: 727,
  status: 'processing',
  total: '12.50',
  currency: 'EUR',
  date_created_gmt: '2026-11-30T09:00:00',
  date_modified_gmt: '2026-11-30T09:00:00',
  billing: { first_name: 'Ada', last_name: 'Lovelace', email: 'ada@example.com' },
  line_items: [{ id: 315, name: 'Engine', product_id: 794, quantity: 1, total: '12.50' }],
}
const storedProduct = {
  id: 794,
  name: 'Engine',
  permalink: 'https://example.com/product/engine/',
  sku: 'A-1',
  price: '12.50',
  stock_status: 'instock',
}

const TOPICS = {
  'order.created': 'An order is made',
  'order.updated': 'An order changes',
  'product.created': 'A product is created',
  'product.updated': 'A product changes',
  'customer.created': 'A customer is new',
  'customer.updated': 'A customer changes',
  'coupon.created': 'A coupon is created',
}

/** WooCommerce (https://developer.woocommerce.com/docs/apis/rest-api). */
export const woocommerce = defineApp({
  id: 'woocommerce',
  title: 'WooCommerce',
  icon,
  hue,
  address: { ofAccount: (fields) => serverOf(fields, API) },
  account: 'needed',
  takesKey: false,
  credentials: [
    tokenAccount({
      id: 'woocommerce',
      title: 'WooCommerce shop',
      fields: [
        serverField('https://shop.example.com', { title: 'Shop', help: 'Its address; with https.' }),
        { name: 'key', title: 'Consumer key', placeholder: 'ck_…', isSecret: true },
      ],
      secret: { title: 'Consumer secret', placeholder: 'cs_…' },
      help: howTo(
        'A key in two steps',
        {
          title: 'Add a key',
          text: 'In the shop: WooCommerce → Settings → Advanced → REST API. Permissions: read and write.',
        },
        { title: 'Paste key and secret here', text: 'They are shown once.' },
      ),
      signIn: (secret, { key = '' }) => basic(key, secret),
      async test({ fields, at }) {
        await at(serverOf(fields, API))({ path: 'products', query: { per_page: 1 } })
        return new URL(serverOf(fields)).host
      },
    }),
  ],
  triggers: [
    newItemTrigger({
      name: 'order-updated',
      title: 'New or changed order in WooCommerce',
      description: 'Starts for each order that is made or changed.',
      keywords: ['shop', 'sale', 'purchase'],
      request: 'GET /orders?orderby=modified&order=desc',
      fields: { status: choice('State', STATES, { optional: true }) },
      summary: '{status}',
      pages,
      key: keyOfParts('id', 'date_modified_gmt'),
      sample: stored,
    }),
    hookTrigger({
      name: 'topic',
      title: 'WooCommerce tells of something',
      description: 'Starts at once when an order, a product or a customer is new or changed.',
      keywords: ['webhook', 'shop', 'order', 'sale', 'customer'],
      fields: { topic: choice('When', TOPICS) },
      verify: { scheme: 'hmac', header: 'X-WC-Webhook-Signature', algorithm: 'sha256', encoding: 'base64' },
      subscribe: 'POST /webhooks',
      body: ({ url, secret }, { topic }) => ({
        name: 'Hookline',
        topic: topic ?? '',
        delivery_url: url,
        secret,
        status: 'active',
      }),
      id: 'id',
      unsubscribe: 'DELETE /webhooks/{id}?force=true',
      all: { request: 'GET /webhooks', pages, url: 'delivery_url', id: 'id' },
      // The first call is a form with the number of the webhook, which is not signed.
      handshake: ({ headers, body }) =>
        headers['x-wc-webhook-topic'] === undefined && isJsonObject(body) && body.webhook_id !== undefined
          ? { status: 200, headers: {}, body: null }
          : null,
      events: ({ body }) => [{ key: keyOfSigned(body), data: body }],
      sample: stored,
    }),
  ],
  actions: [
    operation({
      name: 'list-orders',
      title: 'List orders of WooCommerce',
      description: 'Reads the orders of a shop, the newest first.',
      keywords: ['sales', 'get many', 'shop'],
      request: 'GET /orders',
      fields: {
        status: choice('State', STATES, { optional: true }),
        after: moment('Made after', { form: 'iso', optional: true, advanced: true }),
        changed: moment('Changed after', { form: 'iso', as: 'modified_after', optional: true, advanced: true }),
        customer: text('Customer', { optional: true, advanced: true, help: 'The number.' }),
        search: text('With the words', { optional: true, advanced: true }),
      },
      pages,
      sample: { items: [stored], count: 1, hasMore: false },
    }),
    operation({
      name: 'get-order',
      title: 'Get an order from WooCommerce',
      description: 'Reads one order.',
      keywords: ['sale', 'read', 'shop'],
      request: 'GET /orders/{order}',
      fields: { order },
      sample: stored,
    }),
    operation({
      name: 'update-order',
      title: 'Change an order in WooCommerce',
      description: 'Changes the state of an order, or its custom fields.',
      keywords: ['sale', 'edit', 'status', 'shop'],
      request: 'PUT /orders/{order}',
      fields: {
        order,
        status: choice('State', STATES, { optional: true }),
        note: longText('Note of the customer', { as: 'customer_note', optional: true, advanced: true }),
        meta,
      },
      sample: { ...stored, status: 'completed' },
    }),
    operation({
      name: 'create-order',
      title: 'Create an order in WooCommerce',
      description: 'Makes an order.',
      keywords: ['sale', 'add', 'shop'],
      request: 'POST /orders',
      fields: {
        items: json('Items', { as: 'line_items', placeholder: '[{"product_id":794,"quantity":1}]' }),
        email: text('E-mail', { as: 'billing.email', optional: true, placeholder: 'ada@example.com' }),
        first: text('First name', { as: 'billing.first_name', optional: true }),
        last: text('Last name', { as: 'billing.last_name', optional: true }),
        billing: json('More of the bill’s address', {
          at: 'nowhere',
          optional: true,
          advanced: true,
          placeholder: '{"city":"London","country":"GB"}',
        }),
        customer: number('Customer', { as: 'customer_id', optional: true, advanced: true, help: 'The number.' }),
        paid: yesNo('It is paid', { as: 'set_paid', advanced: true }),
      },
      body: (body, { billing }) => {
        const own = Object(body)
        return billing === undefined ? own : { ...own, billing: { ...Object(billing), ...Object(own.billing) } }
      },
      sample: stored,
    }),
    operation({
      name: 'create-product',
      title: 'Create a product in WooCommerce',
      description: 'Adds a product to a shop.',
      keywords: ['shop', 'add', 'catalogue'],
      request: 'POST /products',
      fields: { name: text('Name'), ...productFields },
      body: (body) => ({ type: 'simple', ...Object(body) }),
      sample: storedProduct,
    }),
    operation({
      name: 'update-product',
      title: 'Change a product in WooCommerce',
      description: 'Changes a product; what is left empty stays.',
      keywords: ['shop', 'edit', 'price', 'stock', 'catalogue'],
      request: 'PUT /products/{product}',
      fields: { product, name: text('Name', { optional: true }), ...productFields },
      sample: storedProduct,
    }),
    operation({
      name: 'list-products',
      title: 'List products of WooCommerce',
      description: 'Reads the products of a shop.',
      keywords: ['get many', 'search', 'shop', 'catalogue'],
      request: 'GET /products',
      fields: {
        search: text('With the words', { optional: true }),
        sku: text('SKU', { optional: true }),
        changed: moment('Changed after', { form: 'iso', as: 'modified_after', optional: true, advanced: true }),
      },
      pages,
      sample: { items: [storedProduct], count: 1, hasMore: false },
    }),
    operation({
      name: 'list-customers',
      title: 'Find customers in WooCommerce',
      description: 'Reads the customers of a shop, all or those that fit.',
      keywords: ['contacts', 'get many', 'search', 'shop'],
      request: 'GET /customers',
      fields: {
        email: text('E-mail', { optional: true, placeholder: 'ada@example.com' }),
        search: text('With the words', { optional: true }),
      },
      pages,
      sample: { items: [{ id: 25, email: 'ada@example.com', first_name: 'Ada' }], count: 1, hasMore: false },
    }),
  ],
})
