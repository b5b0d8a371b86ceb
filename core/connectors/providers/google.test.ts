import { createVerify, generateKeyPairSync } from 'node:crypto'
import { expect, test } from 'vitest'
import { enableZap, runToEnd, testApp, testServer } from '../../test-app.ts'

const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 })
const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()

test('a service account signs claims with its key, once an hour, and is used like any account', async () => {
  const asked: URLSearchParams[] = []
  const tokenUri = await testServer(({ body }, response) => {
    asked.push(new URLSearchParams(body))
    response.setHeader('content-type', 'application/json')
    response.end('{"access_token":"ya29.service","expires_in":3600,"token_type":"Bearer"}')
  })
  const seen: (string | undefined)[] = []
  const url = await testServer(({ headers }, response) => {
    seen.push(headers.authorization)
    response.end('{}')
  })
  const { client } = await testApp()
  const key = JSON.stringify({
    client_email: 'bot@project.iam.gserviceaccount.com',
    private_key: pem,
    token_uri: tokenUri,
  })
  await client.credentials.set({ name: 'bot', type: 'google-service-account', secret: JSON.stringify({ key }) })
  const id = await enableZap(client, {
    steps: [
      { id: 'go', uses: 'manual.run', input: {} },
      { id: 'get', uses: 'http.request', input: { url, auth: { $credential: 'bot' } } },
    ],
    edges: [{ from: 'go', to: 'get' }],
  })
  for (const _ of [1, 2]) expect((await runToEnd(client, id, {})).run.status).toBe('succeeded')
  expect(seen).toEqual(['Bearer ya29.service', 'Bearer ya29.service'])
  expect(asked).toHaveLength(1)
  expect(asked[0]?.get('grant_type')).toBe('urn:ietf:params:oauth:grant-type:jwt-bearer')
  const [head = '', claims = '', signature = ''] = (asked[0]?.get('assertion') ?? '').split('.')
  expect(createVerify('RSA-SHA256').update(`${head}.${claims}`).verify(publicKey, signature, 'base64url')).toBe(true)
  const said = JSON.parse(Buffer.from(claims, 'base64url').toString('utf8'))
  expect(said).toMatchObject({
    iss: 'bot@project.iam.gserviceaccount.com',
    aud: tokenUri,
    scope: expect.stringContaining('/auth/spreadsheets'),
  })
  expect(said.exp - said.iat).toBe(3_600)
  expect(await client.credentials.test({ name: 'bot' })).toMatchObject({
    ok: true,
    account: 'bot@project.iam.gserviceaccount.com',
  })
})

test('what is not the key file of a service account says what to paste', async () => {
  const { client } = await testApp()
  await client.credentials.set({
    name: 'bot',
    type: 'google-service-account',
    secret: JSON.stringify({ key: 'no key' }),
  })
  const result = await client.credentials.test({ name: 'bot' })
  expect(result).toMatchObject({ ok: false, message: expect.stringMatching(/paste the whole file/) })
})
