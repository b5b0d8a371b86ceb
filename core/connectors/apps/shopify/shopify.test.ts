import { expect, it } from 'vitest'
import type { Json } from '../../../domain/values/json.ts'
import { lineOf, sentByTrigger, sentByUs } from '../../service/test-judge.ts'
import { shopify } from './shopify.app.ts'

const account = {
  type: 'shopify',
  secret: JSON.stringify({ server: 'https://acme.myshopify.com', token: 'shpat_1', appSecret: 'shpss' }),
}
const answers = (): Json => ({ order: { id: 1 }, product: { id: 1 }, orders: [], products: [] })
const api = '/admin/api/2026-10'

/** As @shopify/admin-api-client 2.0.0 sends them. Values are our own; rows that were not seen there follow the maker’s reference. */
it.each<[string, Record<string, Json>, ...unknown[]]>([
  ['list-orders', { limit: 250 }, `GET ${api}/orders.json?limit=250&status=any`],
  ['get-order', { order: 1 }, `GET ${api}/orders/1.json`],
  [
    'create-order',
    { items: [{ variant_id: 1, quantity: 2 }], email: 'a@b.c' },
    `POST ${api}/orders.json`,
    { order: { line_items: [{ variant_id: 1, quantity: 2 }], email: 'a@b.c' } },
  ],
  ['update-order', { order: 1, tags: 'x' }, `PUT ${api}/orders/1.json`, { order: { id: 1, tags: 'x' } }],
  ['list-products', { limit: 5 }, `GET ${api}/products.json?limit=5`],
  [
    'create-product',
    { title: 'T', variants: [{ price: '1.00' }] },
    `POST ${api}/products.json`,
    { product: { title: 'T', variants: [{ price: '1.00' }] } },
  ],
  ['update-product', { product: 1, title: 'x' }, `PUT ${api}/products/1.json`, { product: { id: 1, title: 'x' } }],
  ['graphql', { query: '{shop{name}}' }, `POST ${api}/graphql.json`, { query: '{shop{name}}' }],
])('%s %j', async (uses, input, ...expected) => {
  const { sent } = await sentByUs(shopify, uses, input, { answers, account })
  expect(sent.map(lineOf)).toEqual([expected])
})

it.each<[Json, string, RegExp]>([
  [
    { errors: [{ message: 'Throttled', extensions: { code: 'THROTTLED' } }], extensions: {} },
    'http-429',
    /asks to wait.*Throttled/,
  ],
  [
    { data: { productCreate: { userErrors: [{ field: ['title'], message: "Title can't be blank" }] } } },
    'http-422',
    /can't be blank/,
  ],
])('a refusal in a 200 is one: %j', async (answer, code, message) => {
  await expect(
    sentByUs(shopify, 'graphql', { query: '{a}' }, { answers: () => answer, account }),
  ).rejects.toMatchObject({
    details: { code, message: expect.stringMatching(message) },
  })
})

it('a webhook is proved by the secret of the app, and without that says so', async () => {
  const answer = () => ({ webhook: { id: 4 } })
  const subscribe = (own: typeof account) =>
    sentByTrigger(shopify, 'webhook', { topic: 'orders/paid' }, { answers: answer, account: own, doing: 'subscribe' })
  const { sent, subscribed } = await subscribe(account)
  expect(subscribed).toEqual({ subscription: { id: 4 }, secret: 'shpss' })
  expect(sent.map(lineOf)).toEqual([
    [
      `POST ${api}/webhooks.json`,
      { webhook: { topic: 'orders/paid', address: 'https://hooks.example/hooks/x', format: 'json' } },
    ],
    [`DELETE ${api}/webhooks/4.json`],
  ])
  const without = {
    type: 'shopify',
    secret: JSON.stringify({ server: 'https://acme.myshopify.com', token: 'shpat_1' }),
  }
  await expect(subscribe(without)).rejects.toThrow(/has no API secret key/)
})
