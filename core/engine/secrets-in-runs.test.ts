import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { isJsonObject, type Json } from '../domain/values/json.ts'
import { enableZap, runToEnd, type TestClient, testApp, testServer } from '../test-app.ts'

const manual = { id: 'go', uses: 'manual.run', input: {} }
const SECRET = 'k3y-"of"/the shop'

/** Every file of a data folder, as one text. */
function everything(folder: string): string {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'))
    .join('\n')
}

async function setCredentials(client: TestClient): Promise<void> {
  await client.credentials.set({ name: 'shop', type: 'header', secret: `X-Shop: ${SECRET}` })
  await client.credentials.set({ name: 'login', type: 'basic', secret: 'ada:correct horse' })
}

const outputOf = (steps: readonly { step: string; output: Json }[], id: string): { readonly [key: string]: Json } => {
  const output = steps.find((row) => row.step === id)?.output ?? null
  return isJsonObject(output) ? output : {}
}

test('a target that echoes what it is sent puts no secret into the history, the files, the errors or the log', async () => {
  const log = { info: vi.fn(), warn: vi.fn(), error: vi.fn() }
  const { app, client, folder } = await testApp({ log })
  await setCredentials(client)
  const url = await testServer((request, response) => {
    const echo = { ...request.headers, nested: JSON.stringify(request.headers), body: request.body }
    if (request.path === '/large') response.end(`${'x'.repeat(5_000_000)}${JSON.stringify(echo)}`)
    else if (request.path === '/bytes') response.setHeader('content-type', 'image/png').end(JSON.stringify(echo))
    else if (request.path === '/fails') response.writeHead(500).end(JSON.stringify(echo))
    else response.setHeader('content-type', 'application/json').end(JSON.stringify(echo))
  })
  const step = (id: string, path: string, name: string) => ({
    id,
    uses: 'http.request',
    input: { url: `${url}${path}`, auth: { $credential: name } },
    settings: { retry: { maxAttempts: 1 }, onError: 'continue' as const },
  })
  const id = await enableZap(client, {
    steps: [
      manual,
      step('json', '/json', 'shop'),
      step('bytes', '/bytes', 'shop'),
      step('large', '/large', 'login'),
      step('fails', '/fails', 'login'),
      // What a step handed on holds no secret either, so it cannot be sent on.
      { id: 'on', uses: 'http.request', input: { method: 'POST', url, body: '{{ json.body }}' } },
    ],
    edges: [
      { from: 'go', to: 'json' },
      { from: 'json', to: 'bytes' },
      { from: 'bytes', to: 'large' },
      { from: 'large', to: 'fails' },
      { from: 'fails', to: 'on' },
    ],
  })
  const { run, steps } = await runToEnd(client, id, {})
  expect(run.status).toBe('succeeded')
  expect(outputOf(steps, 'json').body).toMatchObject({ 'x-shop': '[secret: shop]' })
  expect(Buffer.from(String(outputOf(steps, 'bytes').body), 'base64').toString()).toContain('"x-shop":"[secret: shop]"')
  expect(steps.find((row) => row.step === 'fails')?.attempts[0]?.error?.message).toContain('[secret: login]')
  expect(JSON.stringify(outputOf(steps, 'on').body)).toContain('[secret: shop]')
  await app.stop()

  const kept = everything(folder) + JSON.stringify([log.info.mock.calls, log.warn.mock.calls, log.error.mock.calls])
  // The test's box for secrets turns what it seals round.
  for (const secret of ['k3y-', 'correct horse', Buffer.from('ada:correct horse').toString('base64')]) {
    expect(kept).not.toContain(secret)
  }
})

test('a user and password in an address sign in, and stay out of the history', async () => {
  const { app, client, folder } = await testApp()
  const seen: (string | undefined)[] = []
  const url = await testServer((request, response) => {
    seen.push(request.headers.authorization)
    if (request.path === '/no') response.writeHead(401).end(`no: ${request.headers.authorization}`)
    else response.end(JSON.stringify(request.headers))
  })
  const at = (path: string) => `${url.replace('//', '//ada:{{ go.pass }}@')}${path}`
  const id = await enableZap(client, {
    steps: [
      manual,
      { id: 'get', uses: 'http.request', input: { url: at('/yes') } },
      { id: 'no', uses: 'http.request', input: { url: at('/no') }, settings: { onError: 'continue' } },
      {
        id: 'gone',
        uses: 'http.request',
        input: { url: 'http://ada:{{ go.pass }}@:0:0/' },
        settings: { onError: 'continue' },
      },
    ],
    edges: [
      { from: 'go', to: 'get' },
      { from: 'get', to: 'no' },
      { from: 'no', to: 'gone' },
    ],
  })
  const { steps } = await runToEnd(client, id, { pass: 'correct%20horse' })
  const basic = Buffer.from('ada:correct horse').toString('base64')
  expect(seen).toEqual([`Basic ${basic}`, `Basic ${basic}`])
  const shown = JSON.stringify(steps.slice(1))
  expect(outputOf(steps, 'get').url).toBe(`${url}/yes`)
  expect(steps.find((row) => row.step === 'get')?.input).toMatchObject({ url: `${url.replace('//', '//••••@')}/yes` })
  expect(shown).not.toContain('correct')
  expect(shown).not.toContain(basic)
  await app.stop()
  expect(everything(folder)).not.toContain(basic)
})

test('a credential that was changed is used and hidden from the next step on', async () => {
  const { client } = await testApp()
  const url = await testServer((request, response) => {
    response.end(request.headers.authorization)
  })
  const id = await enableZap(client, {
    steps: [manual, { id: 'get', uses: 'http.request', input: { url, auth: { $credential: 'k' } } }],
    edges: [{ from: 'go', to: 'get' }],
  })
  for (const secret of ['the-first-one', 'the-second-one']) {
    await client.credentials.set({ name: 'k', type: 'bearer', secret })
    const { steps } = await runToEnd(client, id, {})
    expect(outputOf(steps, 'get').body).toBe('[secret: k]')
  }
})
