import { request } from 'node:http'
import { expect, test } from 'vitest'
import { enableZap, testApp } from '../test-app.ts'
import { isOwnHost } from './host-check.ts'

type Told = { status: number; headers: Record<string, string | string[] | undefined>; body: string }

/** Sends a request with any headers, `host` included, which `fetch` does not let through. */
function call(url: string, method: string, headers: Record<string, string> = {}, body = ''): Promise<Told> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers }, async (response) => {
      let text = ''
      for await (const chunk of response.setEncoding('utf8')) text += chunk
      resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text })
    })
    sent.on('error', reject).end(body)
  })
}

const hook = (id: string, input: Record<string, unknown>) => ({
  id,
  uses: 'webhook.catch',
  input: { path: id, ...input },
})

async function hooks() {
  const { app, client } = await testApp()
  const origins = ['https://Shop.example/', 'chrome-extension://abc', 'http://localhost:3000']
  await enableZap(client, {
    steps: [
      hook('closed', { methods: ['GET', 'POST'] }),
      hook('some', {
        methods: ['GET', 'PUT'],
        browsers: { origins },
        respond: { body: 'hi', headers: { 'access-control-allow-origin': '*' } },
      }),
      hook('any', { browsers: { origins: ['*'] } }),
    ],
    edges: [],
  })
  return { client, at: (path: string) => `${app.hooksUrl}/hooks/${path}`, host: new URL(app.hooksUrl).host }
}

test('what a web page sends is refused unless the webhook lets pages call, and what programs send is taken', async () => {
  const { client, at, host } = await hooks()
  const refused: Record<string, string>[] = [
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { origin: 'http://localhost:3000', 'content-type': 'text/plain' },
    { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' },
    { 'sec-fetch-site': 'same-site' },
  ]
  for (const headers of refused) {
    const told = await call(at('closed'), 'POST', headers, 'a=1')
    expect(told.status, JSON.stringify(headers)).toBe(403)
    expect(JSON.parse(told.body)).toMatchObject({ error: { code: 'browser-not-allowed' } })
    expect(Object.keys(told.headers).filter((name) => name.startsWith('access-control'))).toEqual([])
  }
  expect((await client.runs.list({})).runs).toEqual([])
  const { requests } = await client.inbox.list({ verdict: 'not-allowed' })
  expect(requests).toHaveLength(refused.length)
  expect(requests.at(-1)?.note).toMatch(/https:\/\/evil\.example.*Browsers may call/)
  for (const headers of [
    {},
    { 'sec-fetch-site': 'none' },
    { 'sec-fetch-mode': 'cors' },
    { origin: `http://${host}` },
    { 'sec-fetch-site': 'same-origin' },
  ]) {
    expect((await call(at('closed'), 'GET', headers)).status, JSON.stringify(headers)).toBe(200)
  }
})

test('a page that is named may call and read the answer, and no other may', async () => {
  const { at } = await hooks()
  for (const origin of ['https://shop.example', 'chrome-extension://abc', 'http://localhost:3000']) {
    const told = await call(at('some'), 'PUT', { origin, 'sec-fetch-site': 'cross-site' })
    expect(told).toMatchObject({ status: 200, body: 'hi' })
    expect(told.headers).toMatchObject({ 'access-control-allow-origin': origin, vary: 'Origin' })
  }
  for (const origin of [
    'http://shop.example',
    'https://shop.example.evil.example',
    'https://shop.example:8443',
    'null',
  ]) {
    const told = await call(at('some'), 'PUT', { origin })
    expect(told.status, origin).toBe(403)
    expect(told.headers['access-control-allow-origin']).toBeUndefined()
  }
  // A link on the page, or a picture: only the referrer tells where it stands.
  const site = { 'sec-fetch-site': 'cross-site' }
  expect((await call(at('some'), 'GET', { ...site, referer: 'https://shop.example/cart?x' })).status).toBe(200)
  expect((await call(at('some'), 'GET', { ...site, referer: 'https://evil.example/' })).status).toBe(403)
  expect((await call(at('some'), 'GET', site)).status).toBe(403)
  const any = await call(at('any'), 'POST', { origin: 'null' })
  expect(any).toMatchObject({ status: 200, headers: { 'access-control-allow-origin': '*' } })
})

test('a browser that asks first is told what the webhook takes, and nothing runs of it', async () => {
  const { client, at } = await hooks()
  const ask = (path: string, method: string, origin: string) =>
    call(at(path), 'OPTIONS', {
      origin,
      'access-control-request-method': method,
      'access-control-request-headers': 'content-type,x-shop',
      'access-control-request-private-network': 'true',
    })
  const told = await ask('some', 'PUT', 'https://shop.example')
  expect(told.status).toBe(204)
  expect(told.headers).toMatchObject({
    'access-control-allow-origin': 'https://shop.example',
    'access-control-allow-methods': 'GET, PUT',
    'access-control-allow-headers': 'content-type,x-shop',
    'access-control-allow-private-network': 'true',
  })
  for (const [path, method, origin] of [
    ['some', 'POST', 'https://shop.example'],
    ['some', 'PUT', 'https://evil.example'],
    ['closed', 'POST', 'https://shop.example'],
    ['nowhere', 'POST', 'https://shop.example'],
  ] as const) {
    expect((await ask(path, method, origin)).status, `${path} ${method} ${origin}`).toBe(403)
  }
  expect((await client.runs.list({})).runs).toEqual([])
  // The question of CloudEvents has another header, and is no browser's.
  expect((await call(at('closed'), 'OPTIONS', { 'webhook-request-origin': 'events.example' })).status).toBe(200)
})

test('a name that was made to lead here is refused, and every name of this computer is taken', async () => {
  const { client, at, host } = await hooks()
  const [, port] = host.split(':')
  for (const name of [
    'evil.example',
    `evil.example:${port}`,
    `127.0.0.1.nip.io:${port}`,
    `localhost.evil.example:${port}`,
    `0.0.0.0:${port}`,
    'localhost:1',
  ]) {
    const told = await call(at('closed'), 'POST', {
      host: name,
      origin: `http://${name}`,
      'sec-fetch-site': 'same-origin',
    })
    expect(told.status, name).toBe(421)
  }
  expect((await client.runs.list({})).runs).toEqual([])
  for (const name of [
    `LOCALHOST:${port}`,
    `127.0.0.1:${port}`,
    `127.9.9.9:${port}`,
    `[::1]:${port}`,
    `localhost.:${port}`,
    `shop.localhost:${port}`,
  ]) {
    expect((await call(at('closed'), 'POST', { host: name })).status, name).toBe(200)
  }
  await client.inbox.setSettings({ ...(await client.inbox.settings()), hosts: ['Hooks.example.com'] })
  expect((await call(at('closed'), 'POST', { host: 'hooks.example.com' })).status).toBe(200)
  const hosts = new Set(['a.example'])
  expect(isOwnHost(undefined, 1, hosts)).toBe(true)
  for (const name of [
    'a.example@evil.example',
    'a.example.',
    'a.example:99999999',
    ' a.example',
    'a.example/',
    'x'.repeat(10_000),
  ]) {
    expect(isOwnHost(name, 1, hosts), name).toBe(name === 'a.example.')
  }
})

test('a webhook is found however its address is written', async () => {
  const { at, host } = await hooks()
  for (const path of [
    '/hooks/closed/',
    '/hooks/cl%6Fsed',
    '/hooks//closed',
    '//hooks/closed//',
    '/hooks/Closed',
    '/HOOKS/closed',
    `http://${host}/hooks/closed?a=1`,
  ]) {
    const told = await new Promise<number>((resolve, reject) => {
      const sent = request(at(''), { method: 'POST', path }, (response) => {
        response.resume()
        resolve(response.statusCode ?? 0)
      })
      sent.on('error', reject).end()
    })
    expect(told, path).toBe(200)
  }
  for (const path of ['closed/x', 'closed%2F', '%2e%2e/closed', 'close'])
    expect((await call(at(path), 'POST')).status, path).toBe(404)
})

test('a page in an answer can do nothing, unless its step says that scripts may run', async () => {
  const { app, client } = await testApp()
  const headers = {
    'Content-Type': 'text/html',
    'X-Content-Type-Options': 'off',
    'Content-Security-Policy': 'default-src *',
  }
  const page = (path: string, input: Record<string, unknown>) => hook(path, { methods: ['GET'], ...input })
  await enableZap(client, {
    steps: [
      page('own', { respond: { headers, body: '<script>1</script>' } }),
      page('trusted', { respond: { headers, body: 'x', allowScripts: true } }),
      page('step', {}),
      { id: 'answer', uses: 'webhook.respond', input: { headers, body: '<script>1</script>' } },
    ],
    edges: [{ from: 'step', to: 'answer' }],
  })
  for (const path of ['own', 'step']) {
    const told = await call(`${app.hooksUrl}/hooks/${path}`, 'GET')
    expect(told.headers).toMatchObject({
      'content-type': 'text/html',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "sandbox; frame-ancestors 'none', default-src *",
    })
  }
  const trusted = await call(`${app.hooksUrl}/hooks/trusted`, 'GET')
  expect(trusted.headers).toMatchObject({
    'x-content-type-options': 'nosniff',
    'content-security-policy': 'default-src *',
  })
  expect((await call(`${app.hooksUrl}/nowhere`, 'GET')).headers['x-content-type-options']).toBe('nosniff')
})
