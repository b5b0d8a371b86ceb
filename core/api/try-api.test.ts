import { expect, test } from 'vitest'
import { testApp, testServer } from '../test-app.ts'

const SECRET = 's3cret-token-1'
const PAGE = '<!DOCTYPE html><html><body>Sign in</body></html>'

/** Tries an API out whose one operation is answered like that; what is told, and what the server and another one were sent. */
async function tried(answer: 'data' | 'page' | 'elsewhere' | 'refusal', credential: string | null) {
  const { client } = await testApp()
  const sent: string[] = []
  const other = await testServer(({ headers }, response) => {
    sent.push(`other ${headers.authorization ?? 'none'}`)
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
  })
  const address = await testServer(({ headers }, response) => {
    sent.push(`own ${headers.authorization ?? 'none'}`)
    if (answer === 'data') response.writeHead(200, { 'content-type': 'application/json' }).end('{"ok":true}')
    else if (answer === 'page') response.writeHead(200, { 'content-type': 'text/html' }).end(PAGE)
    else if (answer === 'elsewhere') response.writeHead(302, { location: `${other}/x` }).end()
    else response.writeHead(401).end(headers.authorization)
  })
  if (credential !== null) await client.credentials.set({ name: credential, type: 'bearer', secret: SECRET })
  const description = {
    openapi: '3.1.0',
    info: { title: 'A', version: '1' },
    servers: [{ url: address }],
    paths: { '/me': { get: { responses: {} } } },
  }
  const { look } = await client.apps.read({ files: [{ path: 'a.json', text: JSON.stringify(description) }] })
  const { ok, message } = await client.apps.tryIt({ look, address, credential })
  return { ok, message, sent }
}

test.each([
  ['data', true, /answers\.$/, /takes it/],
  ['page', false, /A web page came in place of an answer/, /A web page came/],
  ['elsewhere', true, /answers\.$/, /led to .* where the credential does not go/],
  ['refusal', false, /answered 401/, /The service refuses it/],
] as const)('an API that is tried out and answers with %s', async (answer, isOk, says, saysOfKey) => {
  const plain = await tried(answer, null)
  expect(plain.ok).toBe(isOk)
  expect(plain.message).toMatch(says)
  const signedIn = await tried(answer, 'key')
  expect(signedIn.ok).toBe(answer === 'data')
  expect(signedIn.message).toMatch(saysOfKey)
  expect(signedIn.message).not.toContain(SECRET)
  expect(signedIn.sent).toContain(`own Bearer ${SECRET}`)
  expect(signedIn.sent).not.toContain(`other Bearer ${SECRET}`)
})
