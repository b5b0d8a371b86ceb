import { OAuth2Server } from 'oauth2-mock-server'
import { expect, onTestFinished, test } from 'vitest'
import { systemClock } from '../../domain/time/clock.ts'
import { enableZap, type Received, runToEnd, type TestClient, testApp, testServer } from '../../test-app.ts'
import { createTokenRequests } from './token-requests.ts'

const NOW = Date.now()

/** A clock that runs, and can be put ahead. */
function aheadClock(ms = 0) {
  let ahead = ms
  return {
    ...systemClock,
    now: () => systemClock.now() + ahead,
    advance(more: number) {
      ahead += more
    },
  }
}

/** A provider that gives tokens with numbers, and remembers what it was asked. */
async function provider(answer: (asked: number) => { status?: number; body?: Record<string, unknown> } = () => ({})) {
  const server = new OAuth2Server()
  await server.issuer.keys.generate('RS256')
  await server.start(0, '127.0.0.1')
  onTestFinished(() => server.stop())
  const asked: URLSearchParams[] = []
  server.service.on('beforeResponse', (response, request) => {
    const body = (request as unknown as { body: Record<string, string> }).body
    asked.push(new URLSearchParams(body))
    const { status, body: own = {} } = answer(asked.length)
    if (status !== undefined) {
      response.statusCode = status
      response.body = own
      return
    }
    Object.assign(
      response.body as object,
      { access_token: `access-token-${asked.length}`, refresh_token: `refresh-token-${asked.length}` },
      own,
    )
  })
  return { tokenUrl: `${server.issuer.url}/token`, asked }
}

/** An API that lets in whom a test says, and a zap that calls it. */
async function setUp(fields: Record<string, unknown>, lets: (token: string) => boolean = () => true) {
  const seen: Received[] = []
  const url = await testServer((request, response) => {
    seen.push(request)
    const token = (request.headers.authorization ?? '').replace('Bearer ', '')
    response.writeHead(lets(token) ? 200 : 401, { 'content-type': 'text/plain' }).end(`you are ${token}`)
  })
  const clock = aheadClock()
  const made = await testApp({ clock })
  await made.client.credentials.set({
    name: 'api',
    type: 'oauth2',
    secret: JSON.stringify({ clientId: 'hookline', authorizeUrl: 'https://example.com/authorize', ...fields }),
  })
  const id = await enableZap(made.client, zapOf(url))
  return { ...made, seen, clock, id, tokens: () => seen.map(({ headers }) => headers.authorization) }
}

const zapOf = (url: string) => ({
  steps: [
    { id: 'go', uses: 'manual.run', input: {} },
    {
      id: 'get',
      uses: 'http.request',
      input: { url, auth: { $credential: 'api' } },
      settings: { retry: { maxAttempts: 1 } },
    },
  ],
  edges: [{ from: 'go', to: 'get' }],
})

type Steps = Awaited<ReturnType<typeof runToEnd>>['steps']
const errorOf = (steps: Steps) => steps.find(({ step }) => step === 'get')?.attempts.at(-1)?.error

const run = (client: TestClient, id: string) => runToEnd(client, id, {})

test('a token that is about to end is renewed before it is used, once for all who need it, and stored first', async () => {
  const { tokenUrl, asked } = await provider()
  const { client, app, id, tokens, folder, seen } = await setUp({
    tokenUrl,
    clientSecret: 'a-client-secret',
    scopes: ['read', 'write'],
    refreshToken: 'refresh-token-0',
    accessToken: 'access-token-0',
    expiresAt: new Date(NOW + 60_000).toISOString(),
  })
  await Promise.all([1, 2, 3, 4].map(() => run(client, id)))
  expect(tokens()).toEqual(Array(4).fill('Bearer access-token-1'))
  expect(asked.map((one) => Object.fromEntries(one))).toEqual([
    {
      grant_type: 'refresh_token',
      refresh_token: 'refresh-token-0',
      client_id: 'hookline',
      client_secret: 'a-client-secret',
    },
  ])
  await app.stop()
  // The service made the old refresh token void: the new one outlives a restart, and so does its end.
  const again = await testApp({ dataDir: folder, clock: aheadClock(3_590_000) })
  await run(again.client, id)
  expect(asked.at(-1)?.get('refresh_token')).toBe('refresh-token-1')
  expect(seen.at(-1)?.headers.authorization).toBe('Bearer access-token-2')
})

test('neither token is seen in what the run keeps, the new one either', async () => {
  const { tokenUrl } = await provider()
  const { client, id } = await setUp({ tokenUrl, refreshToken: 'refresh-token-0' })
  const { steps } = await run(client, id)
  const shown = JSON.stringify(steps)
  expect(shown).toContain('[secret: api]')
  expect(shown).not.toContain('access-token-1')
})

test('a token that the service refuses before its time is renewed, and the request sent once more', async () => {
  const { tokenUrl, asked } = await provider()
  const { client, id, tokens } = await setUp(
    { tokenUrl, refreshToken: 'refresh-token-0', accessToken: 'access-token-0', expiresAt: NOW + 3_600_000 },
    (token) => token !== 'access-token-0',
  )
  const { run: ended, steps } = await run(client, id)
  expect(ended.status).toBe('succeeded')
  expect(tokens()).toEqual(['Bearer access-token-0', 'Bearer access-token-1'])
  expect(JSON.stringify(steps)).not.toContain('access-token-1')
  await run(client, id)
  expect(asked).toHaveLength(1)
})

test('a sign-in that was withdrawn says so, asks once, and works again when another is entered', async () => {
  const { tokenUrl, asked } = await provider((n) =>
    n === 1 ? { status: 400, body: { error: 'invalid_grant', error_description: 'Token has been revoked' } } : {},
  )
  const fields = {
    clientId: 'hookline',
    tokenUrl,
    authorizeUrl: 'https://example.com/authorize',
    refreshToken: 'refresh-token-0',
  }
  const { client, id, seen } = await setUp(fields)
  // In a test nothing waits, so that the error is seen.
  const draft = { format: 'hookline/zap@1' as const, name: 'Draft', ...zapOf('http://127.0.0.1:1/') }
  const { id: draftId } = await client.zaps.create({ draft })
  const test = async () => {
    const { runId } = await client.zaps.run({ id: draftId, source: 'draft', input: {} })
    await expect.poll(async () => (await client.runs.get({ id: runId })).run.status).toBe('failed')
    return client.runs.get({ id: runId })
  }
  const first = await test()
  await test()
  expect(asked).toHaveLength(1)
  expect(seen).toEqual([])
  expect(errorOf(first.steps)).toMatchObject({
    code: 'reconnect',
    message: expect.stringMatching(/withdrawn.*revoked.*connect it again/),
  })
  await client.credentials.set({
    name: 'api',
    type: 'oauth2',
    secret: JSON.stringify({ ...fields, refreshToken: 'another' }),
  })
  expect((await run(client, id)).run.status).toBe('succeeded')
})

test('tokens that begin as those before them, or as the secret of the client, are kept whole', async () => {
  const { tokenUrl, asked } = await provider((n) =>
    n < 3
      ? { body: { access_token: `a-client-secret-${n}`, refresh_token: `refresh-token-0${n}`, expires_in: 600 } }
      : {
          status: 400,
          body: { error: 'invalid_grant', error_description: 'refresh-token-02 of a-client-secret is over' },
        },
  )
  const fields = { tokenUrl, clientSecret: 'a-client-secret', refreshToken: 'refresh-token-0' }
  const { client, id, tokens, clock } = await setUp(fields)
  await run(client, id)
  clock.advance(600_000)
  await run(client, id)
  expect(tokens()).toEqual(['Bearer a-client-secret-1', 'Bearer a-client-secret-2'])
  expect(asked.map((one) => one.get('refresh_token'))).toEqual(['refresh-token-0', 'refresh-token-01'])
  clock.advance(600_000)
  const tested = await client.credentials.test({ name: 'api' })
  expect(asked).toHaveLength(3)
  expect(JSON.stringify(tested)).not.toMatch(/refresh-token|a-client-secret/)
})

test('a renewal that is refused since a person signs in anew is no withdrawal of the new sign-in', async () => {
  const fields = { clientId: 'hookline', authorizeUrl: 'https://example.com/authorize' }
  let made: Awaited<ReturnType<typeof setUp>> | undefined
  const tokenUrl = await testServer((_, response) => {
    // The service makes what was before void at this moment.
    const secret = JSON.stringify({ ...fields, tokenUrl, refreshToken: 'another', accessToken: 'the-new-one' })
    const signedIn = made?.client.credentials.set({ name: 'api', type: 'oauth2', secret })
    void signedIn?.then(() => response.writeHead(400).end('{"error":"invalid_grant"}'))
  })
  made = await setUp({ ...fields, tokenUrl, refreshToken: 'refresh-token-0' })
  expect((await run(made.client, made.id)).run.status).toBe('succeeded')
  expect(made.tokens()).toEqual(['Bearer the-new-one'])
  expect(await made.client.credentials.list()).toMatchObject([{ signIn: 'good' }])
})

test('a provider that is down is no withdrawal: a token that is good for a while is used meanwhile', async () => {
  const { tokenUrl } = await provider(() => ({ status: 503, body: {} }))
  const base = { tokenUrl, refreshToken: 'refresh-token-0', accessToken: 'access-token-0' }
  const good = await setUp({ ...base, expiresAt: NOW + 60_000 })
  expect((await run(good.client, good.id)).run.status).toBe('succeeded')
  good.clock.advance(61_000)
  const late = await run(good.client, good.id)
  expect(errorOf(late.steps)).toMatchObject({ code: 'http-503' })
})

test('a client signs in by itself where no person does, and one without any token says what to do', async () => {
  const { tokenUrl, asked } = await provider()
  const own = await setUp({ tokenUrl, authorizeUrl: null, clientSecret: 'a-client-secret', scopes: 'read' })
  expect((await run(own.client, own.id)).run.status).toBe('succeeded')
  expect(asked[0]?.get('grant_type')).toBe('client_credentials')
  expect(asked[0]?.get('scope')).toBe('read')
  const none = await setUp({ tokenUrl })
  const { runId } = await none.client.zaps.run({ id: none.id, source: 'live', input: {} })
  await expect.poll(async () => (await none.client.runs.get({ id: runId })).run.waitsFor).toBe('account')
})

test('no secret goes along when a token address redirects elsewhere', async () => {
  const stolen: string[] = []
  const elsewhere = await testServer(({ body }, response) => {
    stolen.push(body)
    response.end('{}')
  })
  const tokenUrl = await testServer((_, response) => response.writeHead(307, { location: elsewhere }).end())
  const { client, id } = await setUp({ tokenUrl, refreshToken: 'refresh-token-0', clientSecret: 'a-client-secret' })
  const { steps } = await run(client, id)
  expect(errorOf(steps)).toMatchObject({ code: 'redirect-refused' })
  expect(stolen).toEqual([])
})

test.each([
  [
    'a page of the network',
    '<!doctype html><title>Free wifi</title>',
    /something else than a token.*look at the network/,
  ],
  ['nothing', '', /something else than a token/],
  ['half of an answer', '{"access_token":"abc', /something else than a token/],
  ['a token that no header could hold', JSON.stringify({ access_token: 'a'.repeat(300_000) }), /300000 characters/],
])('%s in place of a token is said, and ends nothing', async (_words, body, message) => {
  const tokenUrl = await testServer((_, response) => response.writeHead(200).end(body))
  const { client, id, seen } = await setUp({ tokenUrl, refreshToken: 'refresh-token-0' })
  const { steps } = await run(client, id)
  expect(errorOf(steps)?.message).toMatch(message)
  expect(seen).toEqual([])
  expect(await client.credentials.list()).toMatchObject([{ signIn: 'good' }])
})

test('tokens are read from a form too, and kept where a service gives none anew', async () => {
  const tokenUrl = await testServer((_, response) =>
    response
      .writeHead(200, { 'content-type': 'application/x-www-form-urlencoded' })
      .end('access_token=from-a-form&expires_in=60'),
  )
  const { client, id, tokens, clock } = await setUp({ tokenUrl, refreshToken: 'refresh-token-0' })
  await run(client, id)
  clock.advance(60_000)
  await run(client, id)
  expect(tokens()).toEqual(['Bearer from-a-form', 'Bearer from-a-form'])
})

test('a service that takes the client in the header alone is asked so at once', async () => {
  const sent: { headers: Readonly<Record<string, string>>; body: unknown }[] = []
  const requests = createTokenRequests({
    clock: systemClock,
    async fetch({ headers, body, url }) {
      sent.push({ headers, body })
      const answer = Buffer.from('{"access_token":"a","token_type":"bearer"}')
      return { status: 200, headers: {}, cookies: [], body: answer, url, isWithoutSecrets: false }
    },
  })
  const client = {
    tokenUrl: 'https://service.example/token',
    clientId: 'id',
    clientSecret: 'se',
    scopes: [],
    secretInHeader: true,
  }
  expect(await requests.byItself({ name: 'x', client, fields: {} })).toMatchObject({ accessToken: 'a' })
  expect(sent).toHaveLength(1)
  expect(sent[0]?.headers.authorization).toBe(`Basic ${Buffer.from('id:se').toString('base64')}`)
  expect(String(sent[0]?.body)).not.toContain('client_secret')
})
