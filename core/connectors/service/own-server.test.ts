import { createHmac } from 'node:crypto'
import { expect, test } from 'vitest'
import { enableZap, type Received, runToEnd, testApp, testServer } from '../../test-app.ts'

/** A shop of one's own, which calls those who subscribed. */
async function shop() {
  const seen: Received[] = []
  const hooks: { id: number; delivery_url: string; secret: string }[] = []
  const server = await testServer((request, response) => {
    seen.push(request)
    const { method, path, body } = request
    const answer = (value: unknown): void => {
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value))
    }
    if (!path.includes('/webhooks')) return answer({ id: 727, status: 'completed' })
    if (method === 'POST') {
      const made = { ...(JSON.parse(body) as { delivery_url: string; secret: string }), id: hooks.length + 1 }
      hooks.push(made)
      return answer(made)
    }
    if (method === 'DELETE') hooks.length = 0
    answer(hooks)
  })
  return { server, seen, hooks }
}

const account = { $credential: 'shop' }
const secretFor = (server: string): string => JSON.stringify({ server: `${server}/de`, key: 'ck', token: 'cs' })

test('a step goes to the server that its account names, also in a zap from elsewhere', async () => {
  const { server, seen } = await shop()
  const { client } = await testApp()
  await client.credentials.set({ name: 'shop', type: 'woocommerce', secret: secretFor(server) })
  expect(await client.credentials.test({ name: 'shop' })).toMatchObject({ ok: true, account: new URL(server).host })
  const content = {
    format: 'hookline/zap@1',
    name: 'From elsewhere',
    steps: [
      { id: 'go', uses: 'manual.run', input: {} },
      { id: 'call', uses: 'woocommerce.update-order', input: { account, order: '727', status: 'completed' } },
    ],
    edges: [{ from: 'go', to: 'call' }],
  }
  const { zaps } = await client.zaps.import({ files: [{ file: 'test', content, approval: { denied: [] } }] })
  const id = zaps[0]?.id ?? ''
  await client.zaps.setEnabled({ id, enabled: true })
  const { run, steps } = await runToEnd(client, id, {})
  expect(run.status).toBe('succeeded')
  expect(steps.find(({ step }) => step === 'call')?.output).toEqual({ id: 727, status: 'completed' })
  expect(seen.at(-1)).toMatchObject({ method: 'PUT', path: '/de/wp-json/wc/v3/orders/727' })
  expect(seen.at(-1)?.headers.authorization).toBe(`Basic ${Buffer.from('ck:cs').toString('base64')}`)
})

test('a service is told where to call, its calls prove themselves, and it is told to stop', async () => {
  const { server, hooks } = await shop()
  const { app, client } = await testApp()
  await client.tunnel.configure({ isOn: true, way: { provider: 'manual', url: app.hooksUrl } })
  await client.credentials.set({ name: 'shop', type: 'woocommerce', secret: secretFor(server) })
  const id = await enableZap(client, {
    steps: [
      { id: 'new', uses: 'woocommerce.topic', input: { account, topic: 'order.created' } },
      { id: 'set', uses: 'data.set', input: { fields: { total: '{{ new.total }}' } } },
    ],
    edges: [{ from: 'new', to: 'set' }],
  })
  await expect.poll(() => hooks).toMatchObject([{ topic: 'order.created', status: 'active' }])
  const [hook] = hooks
  const call = (body: string, headers: Record<string, string>, secret = hook?.secret ?? '') =>
    fetch(hook?.delivery_url ?? '', {
      method: 'POST',
      body,
      headers: { 'x-wc-webhook-signature': createHmac('sha256', secret).update(body).digest('base64'), ...headers },
    })
  // The first call is a form without a signature, by which a shop looks whether the address is there.
  const form = { 'content-type': 'application/x-www-form-urlencoded', 'x-wc-webhook-signature': '' }
  expect((await call('webhook_id=1', form)).status).toBe(200)
  const json = { 'content-type': 'application/json', 'x-wc-webhook-topic': 'order.created' }
  const order = JSON.stringify({ id: 1, total: '12.50' })
  expect((await call(order, { ...json, 'x-wc-webhook-delivery-id': 'd1' })).status).toBe(200)
  expect((await call(order, { ...json, 'x-wc-webhook-delivery-id': 'd1' })).status).toBe(200)
  expect((await call(order, { ...json, 'x-wc-webhook-delivery-id': 'd2' }, 'forged')).status).toBe(401)
  await expect
    .poll(async () => (await client.runs.list({ zapId: id })).runs.map(({ status }) => status))
    .toEqual(['succeeded'])
  await client.zaps.setEnabled({ id, enabled: false })
  await expect.poll(() => hooks).toEqual([])
})
