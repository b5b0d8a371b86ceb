import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import { OAuth2Server } from 'oauth2-mock-server'
import { expect, onTestFinished, test } from 'vitest'
import { manualClock, systemClock } from '../../domain/time/clock.ts'
import { enableZap, runToEnd, type TestClient, testApp, testServer } from '../../test-app.ts'

/** A provider that lets everyone in at once, and remembers what it was asked. */
async function provider(change: (body: Record<string, unknown>, asked: URLSearchParams) => void = () => undefined) {
  const server = new OAuth2Server()
  await server.issuer.keys.generate('RS256')
  await server.start(0, '127.0.0.1')
  onTestFinished(() => server.stop())
  const asked: URLSearchParams[] = []
  server.service.on('beforeResponse', (response, request) => {
    const { body } = request as unknown as { body: Record<string, string> }
    asked.push(new URLSearchParams(body))
    change(response.body as Record<string, unknown>, new URLSearchParams(body))
    if ((response.body as { error?: string }).error !== undefined) response.statusCode = 400
  })
  const url = String(server.issuer.url).replace('localhost', '127.0.0.1')
  return { authorizeUrl: `${url}/authorize`, tokenUrl: `${url}/token`, asked }
}

/** An ID token whose signature nothing looks at. */
const idToken = (claims: object): string => `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.`

const set = (client: TestClient, fields: Record<string, unknown>) =>
  client.credentials.set({ name: 'api', type: 'oauth2', secret: JSON.stringify({ clientId: 'hookline', ...fields }) })

const find = async (client: TestClient) => (await client.credentials.list()).find(({ name }) => name === 'api')

/** What a browser does: it opens an address and goes where it is sent. */
async function browse(url: string): Promise<{ status: number; text: string; at: string }> {
  const answer = await fetch(url)
  return { status: answer.status, text: await answer.text(), at: answer.url }
}

test('a person signs in with a browser: bound to this sign-in, stored, named, and used', async () => {
  const { asked, ...urls } = await provider((body) =>
    Object.assign(body, { scope: 'read', refresh_token: 'refresh-1', id_token: idToken({ email: 'ada@example.com' }) }),
  )
  const { client } = await testApp()
  await set(client, { ...urls, clientSecret: 'a-client-secret', scopes: 'read write' })
  expect(await find(client)).toMatchObject({ signIn: 'never', account: null, waitingRuns: 0 })

  const begun = await client.credentials.signIn.begin({ name: 'api' })
  const sent = new URL(begun.url).searchParams
  expect(Object.fromEntries(sent)).toMatchObject({
    response_type: 'code',
    client_id: 'hookline',
    scope: 'read write',
    code_challenge_method: 'S256',
    redirect_uri: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/oauth\/callback$/),
  })
  const page = await browse(begun.url)
  expect(page).toMatchObject({ status: 200, text: expect.stringContaining('Signed in as ada@example.com') })
  const ended = await client.credentials.signIn.get({ id: begun.id, waitMs: 5_000 })
  expect(ended.end).toEqual({ ok: true, account: 'ada@example.com', missing: ['write'] })
  expect(asked[0]?.get('code_verifier')).toMatch(/^[\w-]{43}$/)
  expect(asked[0]?.get('client_secret')).toBe('a-client-secret')
  expect(await find(client)).toMatchObject({ signIn: 'good', account: 'ada@example.com', granted: ['read'] })
  // The listener is gone, and the address is good for nothing more.
  await expect(fetch(page.at)).rejects.toThrow()

  const seen: (string | undefined)[] = []
  const url = await testServer(({ headers }, response) => {
    seen.push(headers.authorization)
    response.end('{}')
  })
  expect((await runToEnd(client, await enableZap(client, zapOf(url)), {})).run.status).toBe('succeeded')
  expect(seen[0]).toMatch(/^Bearer ey/)
})

test('the browser comes back to the address that the form shows, or to a free port where that is taken', async () => {
  const { authorizeUrl, tokenUrl } = await provider()
  const { client } = await testApp()
  await set(client, { authorizeUrl, tokenUrl })
  const types = await client.credentials.types()
  const shown = types.find(({ id }) => id === 'oauth2')?.redirect
  expect(shown).toEqual({ address: 'http://127.0.0.1:49321/oauth/callback', isOnly: false })
  // Whether this server has the port or another program had it before: it is taken.
  const other = createServer().listen(Number(new URL(shown?.address ?? '').port), '127.0.0.1')
  await once(other, 'listening').catch(() => undefined)
  onTestFinished(() => void other.close())
  const begun = await client.credentials.signIn.begin({ name: 'api' })
  expect(begun.redirectUri).not.toBe(shown?.address)
  expect((await browse(begun.url)).text).toContain('Signed in')
})

test('another account at the same service needs no client id of its own, and takes over no sign-in', async () => {
  const { asked, ...urls } = await provider((body) => Object.assign(body, { refresh_token: 'refresh-1' }))
  const { client } = await testApp()
  await set(client, { ...urls, clientSecret: 'a-client-secret', scopes: 'read' })
  const first = await client.credentials.signIn.begin({ name: 'api' })
  expect((await browse(first.url)).text).toContain('Signed in')

  expect(await client.credentials.addAccount({ name: 'second', of: 'api' })).toMatchObject({
    type: 'oauth2',
    signIn: 'never',
    account: null,
  })
  const begun = await client.credentials.signIn.begin({ name: 'second' })
  expect(Object.fromEntries(new URL(begun.url).searchParams)).toMatchObject({ client_id: 'hookline', scope: 'read' })
  expect((await browse(begun.url)).text).toContain('Signed in')
  expect(asked.map((one) => one.get('client_secret'))).toEqual(['a-client-secret', 'a-client-secret'])
  await expect(client.credentials.addAccount({ name: 'second', of: 'api' })).rejects.toThrow('exists')
  await expect(client.credentials.addAccount({ name: 'third', of: 'none' })).rejects.toThrow('no credential "none"')
  await client.credentials.set({ name: 'plain', type: 'bearer', secret: 'x' })
  await expect(client.credentials.addAccount({ name: 'third', of: 'plain' })).rejects.toThrow('as a whole')
})

test('a person signs in while zaps renew the tokens of the sign-in before; what is entered anew counts more', async () => {
  const { asked, ...urls } = await provider()
  const { client } = await testApp()
  const before = { ...urls, refreshToken: 'refresh-token-0' }
  await set(client, before)
  const url = await testServer((_, response) => response.end('{}'))
  const id = await enableZap(client, zapOf(url))
  const begun = await client.credentials.signIn.begin({ name: 'api' })
  expect((await runToEnd(client, id, {})).run.status).toBe('succeeded')
  expect(asked.map((one) => one.get('grant_type'))).toEqual(['refresh_token'])
  expect((await browse(begun.url)).text).toContain('Signed in')

  const second = await client.credentials.signIn.begin({ name: 'api' })
  await set(client, { ...before, scopes: 'more' })
  expect((await browse(second.url)).text).toContain('was changed meanwhile')
})

const zapOf = (url: string) => ({
  steps: [
    { id: 'go', uses: 'manual.run', input: {} },
    { id: 'get', uses: 'http.request', input: { url, auth: { $credential: 'api' } } },
  ],
  edges: [{ from: 'go', to: 'get' }],
})

test('the browser comes back to the page of the host where the screens are, and an address can be pasted', async () => {
  const { asked, ...urls } = await provider()
  const { client } = await testApp()
  await set(client, urls)
  const begun = await client.credentials.signIn.begin({ name: 'api', origin: 'http://127.0.0.1:4680' })
  expect(begun.redirectUri).toBe('http://127.0.0.1:4680/oauth/callback')
  const answer = await fetch(begun.url, { redirect: 'manual' })
  const address = answer.headers.get('location') ?? ''
  expect(address).toContain('http://127.0.0.1:4680/oauth/callback?code=')
  const paste = (text: string) => client.credentials.signIn.paste({ id: begun.id, address: text })
  await expect(paste('http://127.0.0.1:4680/')).rejects.toThrow(/Paste the whole address/)
  await expect(paste(address.replace(/state=[^&]+/, 'state=guessed'))).rejects.toThrow(/another sign-in/)
  expect((await paste(`  ${address}\n`)).end).toMatchObject({ ok: true })
  expect(asked).toHaveLength(1)
})

test.each([
  ['a person who says no', '?error=access_denied&error_description=The+user+said+no', 'access-denied', /said no/],
  ['a service that refuses the client', '?error=unauthorized_client', 'sign-in', /unauthorized_client/],
  ['an answer without any code', '?', 'sign-in', /code/],
  ['an answer of another service', '?code=1&iss=https%3A%2F%2Fevil.example', 'sign-in', /evil\.example/],
])('%s is told, on both sides, and nothing is stored', async (_words, query, code, message) => {
  const { asked, ...urls } = await provider()
  const { client } = await testApp()
  await set(client, urls)
  const begun = await client.credentials.signIn.begin({ name: 'api' })
  const state = new URL(begun.url).searchParams.get('state')
  const page = await browse(`${begun.redirectUri}${query}&state=${state}`)
  expect(page.status).toBe(400)
  expect(page.text).toContain('Not signed in')
  const { end } = await client.credentials.signIn.get({ id: begun.id })
  expect(end).toMatchObject({ ok: false, code, message: expect.stringMatching(message) })
  expect(asked).toEqual([])
  expect(await find(client)).toMatchObject({ signIn: 'never' })
})

test('a page that guesses, comes by another name or asks for something else gets nothing, and ends nothing', async () => {
  const { asked, ...urls } = await provider()
  const { client } = await testApp()
  await set(client, urls)
  const begun = await client.credentials.signIn.begin({ name: 'api' })
  const to = new URL(begun.redirectUri ?? '')
  expect((await browse(`${begun.redirectUri}?code=1&state=guessed`)).status).toBe(404)
  expect((await browse(`${to.origin}/`)).status).toBe(404)
  expect((await fetch(`${begun.redirectUri}?code=1`, { method: 'POST' })).status).toBe(404)
  const socket = connect(Number(to.port), '127.0.0.1')
  socket.end(`GET ${to.pathname}?code=1 HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n`)
  const [first] = await once(socket.setEncoding('utf8'), 'data')
  expect(first).toMatch(/^HTTP\/1\.1 404/)
  expect(asked).toEqual([])
  expect((await browse(begun.url)).text).toContain('Signed in')
})

test('a service that answers in its own way is understood: a form, an error in a 200, the secret in the header alone', async () => {
  const seen: string[] = []
  const tokenUrl = await testServer(({ body, headers }, response) => {
    seen.push(headers.authorization ?? 'in the body')
    if (headers.authorization === undefined) {
      response.writeHead(200, { 'content-type': 'text/html' }).end('error=invalid_client&error_description=use+Basic')
      return
    }
    expect(body).toContain('grant_type=authorization_code')
    response.end('access_token=from-a-form&scope=read%2Cwrite&token_type=bot')
  })
  const { client } = await testApp()
  await set(client, {
    tokenUrl,
    authorizeUrl: 'http://127.0.0.1:1/authorize',
    clientSecret: 'a secret: with signs',
    pkce: false,
  })
  const begun = await client.credentials.signIn.begin({ name: 'api' })
  expect(begun.url).not.toContain('code_challenge')
  const state = new URL(begun.url).searchParams.get('state')
  const page = await browse(`${begun.redirectUri}?code=1&state=${state}`)
  expect(page.text).toContain('Signed in')
  expect(seen).toEqual(['in the body', `Basic ${Buffer.from('hookline:a+secret%3A+with+signs').toString('base64')}`])
  expect(await find(client)).toMatchObject({ granted: ['read', 'write'] })
})

test('another device signs in by a code that is typed there, in the service’s own time', async () => {
  const clock = manualClock(systemClock.now())
  const answers = [
    { error: 'authorization_pending' },
    { error: 'slow_down' },
    { access_token: 'by-code', expires_in: 60 },
  ]
  const asked: number[] = []
  const tokenUrl = await testServer(({ body }, response) => {
    asked.push(clock.now())
    expect(new URLSearchParams(body).get('device_code')).toBe('for-the-device')
    const answer = answers.shift() ?? {}
    response
      .writeHead('error' in answer ? 400 : 200, { 'content-type': 'application/json' })
      .end(JSON.stringify(answer))
  })
  const deviceUrl = await testServer((_, response) =>
    response.end(
      JSON.stringify({
        device_code: 'for-the-device',
        user_code: 'WDJB-MJHT',
        verification_url: 'https://example.com/device',
        expires_in: '1800',
        interval: 5,
      }),
    ),
  )
  const { client } = await testApp({ clock })
  await set(client, { tokenUrl, deviceUrl })
  const begun = await client.credentials.signIn.begin({ name: 'api', by: 'device' })
  expect(begun).toMatchObject({
    userCode: 'WDJB-MJHT',
    url: 'https://example.com/device',
    redirectUri: null,
    end: null,
  })
  const waiting = clock.waiting()
  for (const [after, ms] of [5_000, 5_000, 10_000].entries()) {
    // The answer has come, and with it how long to wait.
    await expect.poll(() => clock.waiting()).toBe(waiting)
    clock.advance(ms)
    await expect.poll(() => asked.length).toBe(after + 1)
  }
  await expect.poll(async () => (await client.credentials.signIn.get({ id: begun.id })).end).toMatchObject({ ok: true })
  expect(await find(client)).toMatchObject({ signIn: 'good' })
})

test('what cannot be begun says why', async () => {
  const { client } = await testApp()
  const begin = (name: string, by: 'browser' | 'device' = 'browser') => client.credentials.signIn.begin({ name, by })
  await expect(begin('none')).rejects.toThrow(/There is no credential "none"/)
  await client.credentials.set({ name: 'plain', type: 'bearer', secret: 'a-token-of-some-length' })
  await expect(begin('plain')).rejects.toThrow(/not one that a person signs in with/)
  await set(client, { tokenUrl: 'https://example.com/token' })
  await expect(begin('api')).rejects.toThrow(/no address at which a person signs in/)
  await expect(begin('api', 'device')).rejects.toThrow(/no sign-in by a code/)
})

test('a sign-in ends when it is cancelled, when another takes its place, and when nobody comes back', async () => {
  const clock = manualClock(systemClock.now())
  const { asked, ...urls } = await provider()
  const { client } = await testApp({ clock })
  await set(client, urls)
  const begin = () => client.credentials.signIn.begin({ name: 'api' })
  const end = async (id: string) => (await client.credentials.signIn.get({ id })).end
  const [first, second] = [await begin(), await begin()]
  expect(await end(first.id)).toMatchObject({ ok: false, message: expect.stringContaining('took its place') })
  await client.credentials.signIn.cancel({ id: second.id })
  expect(await end(second.id)).toMatchObject({ ok: false, code: 'cancelled' })
  const third = await begin()
  clock.advance(300_000)
  expect(await end(third.id)).toMatchObject({ ok: false, message: expect.stringContaining('never came back') })
  await expect(fetch(`${third.redirectUri}`)).rejects.toThrow()
  expect(asked).toEqual([])
})

test('a run whose sign-in was withdrawn waits, is seen to wait, and goes on after a person signed in again', async () => {
  const { asked, ...urls } = await provider((body, sent) => {
    if (sent.get('grant_type') !== 'refresh_token') return
    for (const key of Object.keys(body)) delete body[key]
    Object.assign(body, { error: 'invalid_grant', error_description: 'Token has been revoked.' })
  })
  const { client } = await testApp()
  await set(client, { ...urls, refreshToken: 'refresh-token-0' })
  const url = await testServer((_, response) => response.end('{"done":true}'))
  const id = await enableZap(client, zapOf(url))
  const { runId } = await client.zaps.run({ id, source: 'live', input: {} })
  const seen = async () => client.runs.get({ id: runId })
  await expect.poll(async () => (await seen()).run.waitsFor).toBe('account')
  expect((await seen()).steps.find(({ step }) => step === 'get')).toMatchObject({ status: 'waiting', attempts: [] })
  expect(await find(client)).toMatchObject({ signIn: 'withdrawn', waitingRuns: 1 })
  await expect
    .poll(async () => (await client.incidents.list({})).map(({ message }) => message))
    .toEqual([expect.stringMatching(/withdrawn the sign-in of "api".*1 run waits for it/)])

  await browse((await client.credentials.signIn.begin({ name: 'api' })).url)
  await expect.poll(async () => (await seen()).run.status).toBe('succeeded')
  expect(await find(client)).toMatchObject({ signIn: 'good', waitingRuns: 0 })
  expect(asked.filter((one) => one.get('grant_type') === 'refresh_token')).toHaveLength(1)
})

test('a test of a step says at once that the sign-in was withdrawn: a person looks on', async () => {
  const { client } = await testApp()
  await set(client, { tokenUrl: 'http://127.0.0.1:1/token', authorizeUrl: 'http://127.0.0.1:1/authorize' })
  const { id } = await client.zaps.create({
    draft: { format: 'hookline/zap@1', name: 'x', ...zapOf('http://127.0.0.1:1/') },
  })
  const { runId } = await client.zaps.run({ id, source: 'draft', input: {} })
  await expect.poll(async () => (await client.runs.get({ id: runId })).run.status).toBe('failed')
  const { steps } = await client.runs.get({ id: runId })
  expect(steps.find(({ step }) => step === 'get')?.attempts.at(-1)?.error).toMatchObject({ code: 'reconnect' })
})

test.each(['javascript:alert(1)', 'file:///etc/passwd', 'no address'])(
  'a code of a device is typed at a web page alone, not at %s',
  async (address) => {
    const deviceUrl = await testServer((_, response) =>
      response.end(JSON.stringify({ device_code: 'd', user_code: 'AB-CD', verification_uri: address, expires_in: 60 })),
    )
    const { client } = await testApp()
    await set(client, { tokenUrl: deviceUrl, deviceUrl })
    await expect(client.credentials.signIn.begin({ name: 'api', by: 'device' })).rejects.toThrow(/which is no web page/)
  },
)

test('a run that waits for a sign-in looks for itself, should no word of it have come', async () => {
  const clock = manualClock(systemClock.now())
  let isWithdrawn = true
  const { asked, ...urls } = await provider((body, sent) => {
    if (sent.get('grant_type') !== 'refresh_token' || !isWithdrawn) return
    for (const key of Object.keys(body)) delete body[key]
    Object.assign(body, { error: 'invalid_grant' })
  })
  const { client, app, folder } = await testApp({ clock })
  await set(client, { ...urls, refreshToken: 'refresh-token-0' })
  const url = await testServer((_, response) => response.end('{}'))
  const id = await enableZap(client, zapOf(url))
  const { runId } = await client.zaps.run({ id, source: 'live', input: {} })
  await expect.poll(async () => (await client.runs.get({ id: runId })).run.waitsFor).toBe('account')
  await app.stop()
  isWithdrawn = false
  const again = await testApp({ dataDir: folder, clock })
  clock.advance(3_600_000)
  await expect.poll(async () => (await again.client.runs.get({ id: runId })).run.status).toBe('succeeded')
  expect(asked.length).toBeGreaterThan(1)
})
