import { isJsonList, isJsonObject, type Json, textOf } from '../../../domain/values/json.ts'
import { defineApp } from '../../define-app.ts'
import { readPath, valueAt } from '../../kit/path.ts'
import { howTo, oauthAccount, serverField, serverOf, tokenAccount, whoIs } from '../../service/accounts.ts'
import type { Refusal } from '../../service/answers.ts'
import { choice, json, longText, moment, text } from '../../service/fields.ts'
import { hookTrigger, keyOfSigned } from '../../service/hooks.ts'
import { newItemTrigger, operation } from '../../service/operation.ts'
import type { Pages } from '../../service/pages.ts'
import { keyOfParts } from '../../service/parts.ts'
import { hue, icon } from './logo.ts'

/** A version is there for a year (https://shopify.dev/docs/api/usage/versioning). */
const API = '/admin/api/2026-10'
const shop = serverField('https://acme.myshopify.com', { title: 'Shop' })
const withToken = (token: string) => ({ headers: { 'x-shopify-access-token': token } })
const test = whoIs({
  address: (fields) => serverOf(fields, API),
  path: 'shop.json',
  name: ['shop.name', 'shop.myshopify_domain'],
})

const order = text('Order', { placeholder: '450789469', help: 'Its id, not the number that customers see.' })
const product = text('Product', { placeholder: '632910392', help: 'Its id.' })
const pagesOf = (items: string): Pages => ({ items, size: { as: 'limit', most: 250 }, next: { by: 'link' } })

const orderFields = {
  note: longText('Note', { as: 'order.note', optional: true }),
  tags: text('Tags', { as: 'order.tags', optional: true, placeholder: 'vip, gift', help: 'With commas between them.' }),
  email: text('E-mail', { as: 'order.email', optional: true, placeholder: 'ada@example.com' }),
}
const productFields = {
  text: longText('Description', { as: 'product.body_html', optional: true, help: 'HTML.' }),
  vendor: text('Vendor', { as: 'product.vendor', optional: true }),
  kind: text('Kind', { as: 'product.product_type', optional: true, advanced: true }),
  tags: text('Tags', { as: 'product.tags', optional: true, help: 'With commas between them.' }),
  status: choice(
    'State',
    { active: 'For sale', draft: 'Draft', archived: 'Put away' },
    { as: 'product.status', optional: true },
  ),
  variants: json('Variants', {
    as: 'product.variants',
    optional: true,
    placeholder: '[{"price":"12.50","sku":"A-1"}]',
  }),
  images: json('Images', {
    as: 'product.images',
    optional: true,
    advanced: true,
    placeholder: '[{"src":"https://example.com/a.png"}]',
  }),
}
const storedOrder = {
  id: 450_789_469,
  name: '#1001',
  email: 'ada@example.com',
  total_price: '12.50',
  currency: 'EUR',
  financial_status: 'paid',
  line_items: [{ id: 1, title: 'Engine', quantity: 1, price: '12.50' }],
  updated_at: '2026-11-30T09:00:00+01:00',
}
const storedProduct = {
  id: 632_910_392,
  title: 'Engine',
  handle: 'engine',
  status: 'active',
  variants: [{ id: 1, price: '12.50', sku: 'A-1' }],
}

/** Errors of the fields of a mutation, and those of a query, stand in a 200 (https://shopify.dev/docs/api/admin-graphql, "Status and error codes"). */
function refusalIn(body: Json): Refusal | null {
  if (!isJsonObject(body)) return null
  const errors = body.errors ?? null
  // The other API has texts by the names of fields here.
  if (isJsonObject(errors)) {
    const words = Object.entries(errors).map(
      ([name, why]) => `${name} ${isJsonList(why) ? why.map(textOf).join(', ') : textOf(why)}`,
    )
    return { says: words.join('; ') }
  }
  if (isJsonList(errors) && errors.length > 0) {
    const says = errors.map((one) => textOf(valueAt(one, readPath('message')) ?? one)).join('; ')
    const isLimit = errors.some((one) => valueAt(one, readPath('extensions.code')) === 'THROTTLED')
    return { says, ...(isObjectBody(body) && { status: isLimit ? 429 : 400 }) }
  }
  const data = isJsonObject(body.data ?? null) ? Object.values(Object(body.data)) : []
  const refused = data.flatMap((one): Json[] => {
    const found = isJsonObject(one as Json) ? (Object(one).userErrors ?? null) : null
    return isJsonList(found) ? [...found] : []
  })
  return refused.length === 0
    ? null
    : { says: refused.map((one) => textOf(valueAt(one, readPath('message')) ?? one)).join('; '), status: 422 }
}

/** An answer of GraphQL; the status of the other API says enough. */
const isObjectBody = (body: Readonly<Record<string, Json>>): boolean => 'data' in body || 'extensions' in body

const TOPICS = {
  'orders/create': 'An order is made',
  'orders/paid': 'An order is paid',
  'orders/updated': 'An order changes',
  'orders/cancelled': 'An order is cancelled',
  'orders/fulfilled': 'An order is sent',
  'products/create': 'A product is created',
  'products/update': 'A product changes',
  'customers/create': 'A customer is new',
  'customers/update': 'A customer changes',
  'checkouts/create': 'A checkout begins',
  'refunds/create': 'Money is paid back',
}

/** Shopify's Admin API (https://shopify.dev/docs/api/admin). */
export const shopify = defineApp({
  id: 'shopify',
  title: 'Shopify',
  icon,
  hue,
  address: { ofAccount: (fields) => serverOf(fields, API), known: ['https://*.myshopify.com'] },
  account: 'needed',
  takesKey: false,
  credentials: [
    tokenAccount({
      id: 'shopify',
      title: 'Shopify app of the shop',
      fields: [
        shop,
        {
          name: 'appSecret',
          title: 'API secret key',
          help: 'By which calls of Shopify prove themselves; for triggers that start at once.',
          isSecret: true,
          isOptional: true,
        },
      ],
      secret: { title: 'Admin API access token', placeholder: 'shpat_…' },
      help: howTo(
        'A token in three steps',
        {
          title: 'Create an app',
          text: 'In the shop: Settings → Apps → Develop apps.',
          link: { title: 'Admin', url: 'https://admin.shopify.com' },
        },
        {
          title: 'Give it scopes',
          text: 'read_orders, write_orders, read_products, write_products, read_customers. Then install it.',
        },
        {
          title: 'Paste token and secret key here',
          text: 'Both stand under “API credentials”; the token is shown once.',
        },
      ),
      signIn: withToken,
      test,
    }),
    oauthAccount({
      id: 'shopify.app',
      title: 'Shopify app of the Dev Dashboard',
      tokenUrl: (fields) => serverOf(fields, '/admin/oauth/access_token'),
      scopes: [],
      fields: [shop],
      help: howTo(
        'A client id in two steps',
        {
          title: 'Create an app',
          text: 'Install it in a shop of the same organisation.',
          link: { title: 'Dev Dashboard', url: 'https://dev.shopify.com/dashboard' },
        },
        { title: 'Paste client id and secret here', text: 'Hookline gets its tokens by itself.' },
      ),
      signIn: withToken,
      test,
    }),
  ],
  answers: { refusal: refusalIn, says: ['errors', 'error_description'] },
  triggers: [
    newItemTrigger({
      name: 'order-updated',
      title: 'New or changed order in Shopify',
      description: 'Starts for each order that is made or changed.',
      keywords: ['shop', 'sale', 'purchase'],
      request: 'GET /orders.json?status=any&order=updated_at desc',
      fields: {},
      pages: pagesOf('orders'),
      most: 250,
      key: keyOfParts('id', 'updated_at'),
      sample: storedOrder,
    }),
    hookTrigger({
      name: 'webhook',
      title: 'Shopify tells of something',
      description: 'Starts at once when an order, a product or a customer is new or changed.',
      keywords: ['webhook', 'order', 'sale', 'paid', 'customer'],
      fields: { topic: choice('When', TOPICS) },
      verify: { scheme: 'shopify' },
      subscribe: 'POST /webhooks.json',
      body: ({ url }, { topic }) => ({ webhook: { topic: topic ?? '', address: url, format: 'json' } }),
      id: 'webhook.id',
      // All calls of an app are signed with its own secret.
      secret: { in: 'account', fields: ['appSecret', 'clientSecret'], title: 'API secret key' },
      unsubscribe: 'DELETE /webhooks/{id}.json',
      all: { request: 'GET /webhooks.json', pages: pagesOf('webhooks'), url: 'address', id: 'id' },
      events: ({ body }) => [{ key: keyOfSigned(body), data: body }],
      sample: storedOrder,
    }),
  ],
  actions: [
    operation({
      name: 'list-orders',
      title: 'List orders of Shopify',
      description: 'Reads the orders of a shop.',
      keywords: ['sales', 'get many', 'shop'],
      request: 'GET /orders.json',
      fields: {
        status: choice('State', { any: 'All', open: 'Open', closed: 'Closed', cancelled: 'Cancelled' }),
        updated: moment('Changed since', { form: 'iso', as: 'updated_at_min', optional: true, advanced: true }),
        created: moment('Made since', { form: 'iso', as: 'created_at_min', optional: true, advanced: true }),
        only: text('Fields to read', {
          as: 'fields',
          optional: true,
          advanced: true,
          placeholder: 'id,name,total_price',
        }),
      },
      pages: pagesOf('orders'),
      sample: { items: [storedOrder], count: 1, hasMore: false },
    }),
    operation({
      name: 'get-order',
      title: 'Get an order from Shopify',
      description: 'Reads one order.',
      keywords: ['sale', 'read', 'shop'],
      request: 'GET /orders/{order}.json',
      fields: { order },
      result: 'order',
      sample: storedOrder,
    }),
    operation({
      name: 'create-order',
      title: 'Create an order in Shopify',
      description: 'Makes an order.',
      keywords: ['sale', 'shop', 'add'],
      summary: '{email}',
      request: 'POST /orders.json',
      fields: {
        items: json('Items', { as: 'order.line_items', placeholder: '[{"variant_id":447654529,"quantity":1}]' }),
        ...orderFields,
        paid: choice(
          'Payment',
          { pending: 'Not paid yet', paid: 'Paid' },
          { as: 'order.financial_status', optional: true },
        ),
        customer: json('Customer', {
          as: 'order.customer',
          optional: true,
          advanced: true,
          placeholder: '{"id":207119551}',
        }),
        address: json('Sent to', { as: 'order.shipping_address', optional: true, advanced: true }),
      },
      result: 'order',
      sample: storedOrder,
    }),
    operation({
      name: 'update-order',
      title: 'Change an order in Shopify',
      description: 'Changes note, tags or e-mail address of an order.',
      keywords: ['sale', 'edit', 'shop'],
      request: 'PUT /orders/{order}.json',
      fields: {
        order,
        ...orderFields,
        attributes: json('More notes', {
          as: 'order.note_attributes',
          optional: true,
          advanced: true,
          placeholder: '[{"name":"gift","value":"yes"}]',
        }),
      },
      body: (body, { order: id }) => ({ order: { id: Number(id), ...Object(Object(body).order) } }),
      result: 'order',
      sample: storedOrder,
    }),
    operation({
      name: 'list-products',
      title: 'List products of Shopify',
      description: 'Reads the products of a shop.',
      keywords: ['get many', 'shop', 'catalogue'],
      request: 'GET /products.json',
      fields: {
        title: text('With the title', { optional: true }),
        updated: moment('Changed since', { form: 'iso', as: 'updated_at_min', optional: true, advanced: true }),
        only: text('Fields to read', {
          as: 'fields',
          optional: true,
          advanced: true,
          placeholder: 'id,title,variants',
        }),
      },
      pages: pagesOf('products'),
      sample: { items: [storedProduct], count: 1, hasMore: false },
    }),
    operation({
      name: 'create-product',
      title: 'Create a product in Shopify',
      description: 'Adds a product to a shop.',
      keywords: ['shop', 'add', 'catalogue'],
      summary: '{title}',
      request: 'POST /products.json',
      fields: { title: text('Title', { as: 'product.title' }), ...productFields },
      result: 'product',
      sample: storedProduct,
    }),
    operation({
      name: 'update-product',
      title: 'Change a product in Shopify',
      description: 'Changes a product; what is left empty stays.',
      keywords: ['shop', 'edit', 'price', 'catalogue'],
      request: 'PUT /products/{product}.json',
      fields: { product, title: text('Title', { as: 'product.title', optional: true }), ...productFields },
      body: (body, { product: id }) => ({ product: { id: Number(id), ...Object(Object(body).product) } }),
      result: 'product',
      sample: storedProduct,
    }),
    operation({
      name: 'graphql',
      title: 'Ask Shopify with GraphQL',
      description: 'Runs a query or a mutation of Shopify’s GraphQL API, in which everything new is.',
      keywords: ['query', 'mutation', 'api'],
      request: 'POST /graphql.json',
      fields: {
        query: longText('Query', { placeholder: '{ shop { name } }' }),
        variables: json('Variables', { optional: true, placeholder: '{"id":"gid://shopify/Product/1"}' }),
      },
      sample: { data: { shop: { name: 'Acme' } } },
    }),
  ],
})
