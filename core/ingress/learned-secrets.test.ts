import { createHmac } from 'node:crypto'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { appHook } from '../connectors/app-triggers.ts'
import { createCatalogue, loadedList } from '../connectors/catalogue.ts'
import { builtInCredentialTypes } from '../connectors/credential-types.ts'
import { defineApp } from '../connectors/define-app.ts'
import { ownConnectors } from '../connectors/test-catalogue.ts'
import { enableZap, testApp, testServer } from '../test-app.ts'

const teller = defineApp({
  id: 'teller',
  title: 'Teller',
  icon: '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"></svg>',
  hue: 10,
  address: ({ server }) => String(server),
  actions: [],
  triggers: [
    appHook({
      name: 'item',
      title: 'New item',
      description: 'Starts for each item.',
      summary: '{server}',
      input: z.strictObject({ server: z.string().meta({ title: 'Server' }) }),
      output: z.object({ id: z.string() }),
      sample: { id: '1' },
      verify: { scheme: 'hmac', header: 'x-hook-signature' },
      handshake: ({ headers }) => {
        const secret = headers['x-hook-secret']
        return secret === undefined ? null : { status: 200, headers: { 'x-hook-secret': secret }, body: null, secret }
      },
      events: ({ body }) => [{ key: null, data: body }],
      async subscribe({ http, url }) {
        await http({ method: 'POST', path: 'subs', body: { callback: url } })
        return { subscription: 1 }
      },
      async unsubscribe() {},
    }),
  ],
})
/** Its calls carry the secret in their bodies. */
const caller = defineApp({
  id: 'caller',
  title: 'Caller',
  icon: '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"></svg>',
  hue: 10,
  address: ({ server }) => String(server),
  actions: [],
  triggers: [
    appHook({
      name: 'item',
      title: 'New item',
      description: 'Starts for each item.',
      summary: '{server}',
      input: z.strictObject({ server: z.string().meta({ title: 'Server' }) }),
      output: z.object({ id: z.string() }),
      sample: { id: '1' },
      verify: { scheme: 'in-body', at: 'token' },
      events: () => [{ key: null, data: { id: '1' } }],
      async subscribe({ http, url }) {
        await http({ method: 'POST', path: 'subs', body: { callback: url } })
        return { subscription: 1, secret: 's3cret' }
      },
      async unsubscribe() {},
    }),
  ],
})
const catalogue = createCatalogue([
  loadedList([...ownConnectors, ...teller.connectors, ...caller.connectors], builtInCredentialTypes),
])

test('a secret that a service says while it is told to call is the one by which it proves itself', async () => {
  let callback = ''
  const echoes: (string | null)[] = []
  const server = await testServer((request, response) => {
    const answer = async () => {
      callback = (JSON.parse(request.body) as { callback: string }).callback
      const told = await fetch(callback, { method: 'POST', headers: { 'x-hook-secret': 'theirs' } })
      echoes.push(told.headers.get('x-hook-secret'))
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
    }
    void answer()
  })
  const { app, client } = await testApp({ catalogue })
  await client.tunnel.configure({ isOn: true, way: { provider: 'manual', url: app.hooksUrl } })
  const id = await enableZap(client, {
    steps: [
      { id: 'new', uses: 'teller.item', input: { server } },
      { id: 'set', uses: 'data.set', input: { fields: { id: '{{ new.id }}' } } },
    ],
    edges: [{ from: 'new', to: 'set' }],
  })
  await expect.poll(() => client.zaps.subscriptions({ id })).toMatchObject([{ state: 'active' }])
  expect(echoes).toEqual(['theirs'])
  const call = (secret: string, more: Record<string, string> = {}) => {
    const body = '{"id":"a"}'
    const signature = createHmac('sha256', secret).update(body).digest('hex')
    const headers = { 'content-type': 'application/json', 'x-hook-signature': signature, ...more }
    return fetch(callback, { method: 'POST', body, headers })
  }
  expect((await call('theirs')).status).toBe(200)
  // Later none makes it another one, even with the address.
  expect((await call('mine', { 'x-hook-secret': 'mine' })).status).toBe(401)
  expect((await call('mine')).status).toBe(401)
  expect((await call('theirs')).status).toBe(200)
})

test('a secret that comes in the body of a call is not kept with it, whether it fits or not', async () => {
  let callback = ''
  const server = await testServer(({ body }, response) => {
    if (body !== '') callback = (JSON.parse(body) as { callback: string }).callback
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
  })
  const { app, client } = await testApp({ catalogue })
  await client.tunnel.configure({ isOn: true, way: { provider: 'manual', url: app.hooksUrl } })
  const id = await enableZap(client, {
    steps: [
      { id: 'new', uses: 'caller.item', input: { server } },
      { id: 'set', uses: 'data.set', input: { fields: { id: '{{ new.id }}' } } },
    ],
    edges: [{ from: 'new', to: 'set' }],
  })
  await expect.poll(() => client.zaps.subscriptions({ id })).toMatchObject([{ state: 'active' }])
  const call = (token: string) =>
    fetch(callback, {
      method: 'POST',
      body: JSON.stringify({ token, text: 'Hello' }),
      headers: { 'content-type': 'application/json' },
    })
  expect((await call('s3cret')).status).toBe(200)
  expect((await call('old-s3cret')).status).toBe(401)
  const { requests } = await client.inbox.list({})
  const kept = await Promise.all(requests.map((one) => client.inbox.get({ id: one.id })))
  expect(kept.map(({ verdict }) => verdict)).toEqual(['bad-signature', 'accepted'])
  for (const { body } of kept)
    expect(Buffer.from(body ?? '', 'base64').toString()).toBe('{"token":"(hidden)","text":"Hello"}')
})
