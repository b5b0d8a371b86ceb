import { expect, it } from 'vitest'
import type { Json } from '../../../domain/values/json.ts'
import { lineOf, sentByTrigger, sentByUs } from '../../service/test-judge.ts'
import { woocommerce } from './woocommerce.app.ts'

const account = {
  type: 'woocommerce',
  secret: JSON.stringify({ server: 'https://shop.example', key: 'ck', token: 'cs' }),
}
const answers = (): Json => ({ id: 9 })
const api = '/wp-json/wc/v3'

/** As @woocommerce/woocommerce-rest-api 1.0.2 sends them. Values are our own; rows that were not seen there follow the maker’s reference. */
it.each<[string, Record<string, Json>, ...unknown[]]>([
  ['list-orders', { status: 'processing', limit: 5 }, `GET ${api}/orders?per_page=5&status=processing`],
  ['get-order', { order: 1 }, `GET ${api}/orders/1`],
  [
    'update-order',
    { order: 1, status: 'completed', meta: { a: 1 } },
    `PUT ${api}/orders/1`,
    { status: 'completed', meta_data: [{ key: 'a', value: '1' }] },
  ],
  [
    'create-order',
    { items: [{ product_id: 1, quantity: 2 }], email: 'a@b.c', billing: { city: 'L' }, paid: true },
    `POST ${api}/orders`,
    { line_items: [{ product_id: 1, quantity: 2 }], billing: { city: 'L', email: 'a@b.c' }, set_paid: true },
  ],
  [
    'create-product',
    { name: 'n', price: '5', categories: '3' },
    `POST ${api}/products`,
    { type: 'simple', name: 'n', regular_price: '5', categories: [{ id: 3 }] },
  ],
  ['update-product', { product: 1, stock: 3 }, `PUT ${api}/products/1`, { stock_quantity: 3 }],
  ['list-products', { sku: 'A', limit: 5 }, `GET ${api}/products?per_page=5&sku=A`],
  ['list-customers', { email: 'a@b.c', limit: 5 }, `GET ${api}/customers?email=a@b.c&per_page=5`],
])('%s %j', async (uses, input, ...expected) => {
  const { sent } = await sentByUs(woocommerce, uses, input, { answers, account })
  expect(sent.map(lineOf)).toEqual([expected])
  expect(sent[0]?.authorization).toBe(`Basic ${Buffer.from('ck:cs').toString('base64')}`)
})

it('a shop is told where to call, with a secret of ours', async () => {
  const { sent } = await sentByTrigger(
    woocommerce,
    'topic',
    { topic: 'order.created' },
    { answers, account, doing: 'subscribe' },
  )
  expect(sent.map(lineOf)).toEqual([
    [
      `POST ${api}/webhooks`,
      {
        name: 'Hookline',
        topic: 'order.created',
        delivery_url: 'https://hooks.example/hooks/x',
        secret: 'sh',
        status: 'active',
      },
    ],
    [`DELETE ${api}/webhooks/9?force=true`],
  ])
})
