import { expect, test } from 'vitest'
import { testApp, testServer } from '../test-app.ts'

/** A server that knows one token, as ntfy's account page does. */
async function service(answer = { status: 200, body: '{"username":"ada"}', type: 'application/json' }) {
  const seen: (string | undefined)[] = []
  const url = await testServer(({ headers, path }, response) => {
    seen.push(`${path} ${headers.authorization}`)
    response.writeHead(answer.status, { 'content-type': answer.type }).end(answer.body)
  })
  return { url, seen }
}

async function stored(type: string, secret: string, hosts: string[] | null = null) {
  const { client } = await testApp()
  await client.credentials.set({ name: 'phone', type, secret, hosts })
  return client
}

test('a test tells whose the credential is, which goes to its own server alone', async () => {
  const { url, seen } = await service()
  const client = await stored('ntfy', JSON.stringify({ token: 'tk_0123456789', server: url }))
  expect(await client.credentials.test({ name: 'phone' })).toEqual({
    ok: true,
    isTestable: true,
    account: 'ada',
    message: 'The service takes it: it is that of ada.',
  })
  expect(seen).toEqual(['/v1/account Bearer tk_0123456789'])
})

test.each([
  [
    'a refusal',
    { status: 401, body: '{"error":"unauthorized"}', type: 'application/json' },
    /refuses it.*401.*replace/,
  ],
  ['no account behind it', { status: 200, body: '{"username":"*"}', type: 'application/json' }, /does not know this/],
  ['too many tests', { status: 429, body: '', type: 'text/plain' }, /429.*test it again later/],
  ['a page in place of an answer', { status: 200, body: '<h1>Sign in</h1>', type: 'text/html' }, /look at its address/],
])('a test says what is wrong and what to do: %s', async (_words, answer, expected) => {
  const { url } = await service(answer)
  const client = await stored('ntfy', JSON.stringify({ token: 'tk_0123456789', server: url }))
  const result = await client.credentials.test({ name: 'phone' })
  expect(result).toMatchObject({ ok: false, isTestable: true, account: null })
  expect(result.message).toMatch(expected)
})

test('a secret that a service sends back is in no word of the result', async () => {
  const { url } = await service({ status: 403, body: 'no tk_0123456789 here', type: 'text/plain' })
  const client = await stored('ntfy', JSON.stringify({ token: 'tk_0123456789', server: url }))
  const { message } = await client.credentials.test({ name: 'phone' })
  expect(message).toContain('[secret: phone]')
  expect(message).not.toContain('tk_0123456789')
})

test('a credential that is bound to other hosts is not sent', async () => {
  const { url, seen } = await service()
  const client = await stored('ntfy', JSON.stringify({ token: 'tk_0123456789', server: url }), ['ntfy.example'])
  expect((await client.credentials.test({ name: 'phone' })).message).toMatch(/for ntfy\.example alone/)
  expect(seen).toEqual([])
})

test('what is for no service in particular says so, and is tried at an address that is named', async () => {
  const { url, seen } = await service()
  const client = await stored('basic', 'ada:long-password')
  const untried = await client.credentials.test({ name: 'phone' })
  expect(untried).toMatchObject({ ok: false, isTestable: false })
  expect(untried.message).toMatch(/cannot be tested by itself.*name an address/)
  expect(seen).toEqual([])
  expect(await client.credentials.test({ name: 'phone', url: `${url}/me` })).toMatchObject({ ok: true, account: null })
  expect(seen).toEqual([`/me Basic ${Buffer.from('ada:long-password').toString('base64')}`])
})

test('there is no test of a credential that is not there, nor at what is no address', async () => {
  const client = await stored('basic', 'ada:long-password')
  await expect(client.credentials.test({ name: 'other' })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  await expect(client.credentials.test({ name: 'phone', url: 'file:///etc/passwd' })).rejects.toThrow()
  await expect(client.credentials.test({ name: 'phone', url: 'http://169.254.169.254/' })).resolves.toMatchObject({
    ok: false,
    message: expect.stringMatching(/refused/),
  })
})

test('a service that says nothing is given up, as is a test when Hookline stops', async () => {
  const url = await testServer(() => undefined)
  const { client, app } = await testApp()
  await client.credentials.set({
    name: 'phone',
    type: 'ntfy',
    secret: JSON.stringify({ token: 'tk_0123456789', server: url }),
  })
  const result = client.credentials.test({ name: 'phone' })
  await expect.poll(async () => (await client.credentials.list()).length).toBe(1)
  await app.stop()
  expect(await result).toMatchObject({ ok: false, message: 'Hookline was stopped.' })
})
