import { expect, test } from 'vitest'
import { enableZap, type TestClient, testApp } from '../test-app.ts'

async function withHook(input: Record<string, unknown>) {
  const { app, client } = await testApp()
  await enableZap(client, {
    steps: [{ id: 'hook', uses: 'webhook.catch', input: { path: 'in', ...input } }],
    edges: [],
  })
  const send = (headers: Record<string, string> = {}) =>
    fetch(`${app.hooksUrl}/hooks/in`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: '{}',
    })
  return { client, send }
}

test('beyond the rate of a webhook senders are asked to come back, and when', async () => {
  const { client, send } = await withHook({ rateLimit: { max: 2, per: 'hour' } })
  expect([(await send()).status, (await send()).status]).toEqual([200, 200])
  const refused = await send()
  expect(refused.status).toBe(429)
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(1_700)
  expect((await client.inbox.list({ verdict: 'rate-limited' })).requests).toMatchObject([{ status: 429 }])
  await expect.poll(async () => (await client.runs.list({})).runs.length).toBe(2)
})

test('only the addresses of a webhook may call it', async () => {
  const { send } = await withHook({ allowFrom: ['127.0.0.0/8'] })
  expect((await send()).status).toBe(200)
  const other = await withHook({ allowFrom: ['203.0.113.7', '2001:db8::/32'] })
  expect((await other.send()).status).toBe(403)
  // Nobody said that something trustworthy forwards requests, so this is only the sender's own word.
  expect((await other.send({ 'x-forwarded-for': '203.0.113.7' })).status).toBe(403)
  const { requests } = await other.client.inbox.list({ verdict: 'not-allowed' })
  expect(requests[0]?.note).toContain('127.0.0.1 is not on this webhook')
})

test('behind a tunnel the address is the one that the tunnel adds, not those before it', async () => {
  const { client, send } = await withHook({ allowFrom: ['203.0.113.7'] })
  await client.inbox.setSettings({ keepDays: 30, perAddress: 3 })
  await openWay(client, 'X-Forwarded-For')
  expect((await send({ 'x-forwarded-for': '1.1.1.1, 203.0.113.7' })).status).toBe(200)
  expect((await send({ 'x-forwarded-for': '203.0.113.7, 1.1.1.1' })).status).toBe(403)
  expect((await client.inbox.list({})).requests[0]?.remoteAddress).toBe('1.1.1.1')
  // Its own limit, for every path: the third of one address in a minute still comes through, the fourth does not.
  await send({ 'x-forwarded-for': '203.0.113.7' })
  await send({ 'x-forwarded-for': '203.0.113.7' })
  const refused = await send({ 'x-forwarded-for': '203.0.113.7' })
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '20'])
  expect((await send({ 'x-forwarded-for': '1.1.1.1' })).status).toBe(403)
})

test('the public address is the one that Twilio signs', async () => {
  const { default: twilio } = await import('twilio')
  const { client, send } = await withHook({ verify: { scheme: 'twilio', secrets: [{ $credential: 'twilio' }] } })
  await client.credentials.set({ name: 'twilio', secret: 'auth-token' })
  const form = { '{}': '' }
  const publicUrl = (await client.system.info()).hooksUrl.replace('127.0.0.1', 'localhost')
  const signature = twilio.getExpectedTwilioSignature('auth-token', `${publicUrl}/hooks/in`, form)
  expect((await send({ 'x-twilio-signature': signature })).status).toBe(401)
  expect(await openWay(client)).toBe(publicUrl)
  expect((await send({ 'x-twilio-signature': signature })).status).toBe(200)
  const [zap] = await client.zaps.list()
  const { webhooks } = await client.zaps.get({ id: zap?.id ?? '' })
  expect(webhooks[0]?.publicUrl).toBe(`${publicUrl}/hooks/in`)
})

/** Says that this listener is reached as `localhost`, which is true, and waits until that was looked through. Gives that address. */
async function openWay(client: TestClient, addressHeader?: string): Promise<string> {
  const url = (await client.system.info()).hooksUrl.replace('127.0.0.1', 'localhost')
  const way = { provider: 'manual' as const, url, ...(addressHeader !== undefined && { addressHeader }) }
  await client.tunnel.configure({ isOn: true, way })
  await expect.poll(async () => (await client.system.status()).tunnel.state).toBe('open')
  return url
}
