import { expect, test } from 'vitest'
import type { InboxRequestDetail } from '../contract/values.ts'
import { enableZap, type TestClient, testApp } from '../test-app.ts'

const hook = { id: 'hook', uses: 'webhook.catch', input: { path: 'in' } }

const bodyOf = (request: InboxRequestDetail): string => Buffer.from(request.body ?? '', 'base64').toString('utf8')

const newest = async (client: TestClient) => {
  const { requests } = await client.inbox.list({ limit: 1 })
  return client.inbox.get({ id: requests[0]?.id ?? -1 })
}

test('an accepted request is shown as it was sent, with its run', async () => {
  const { app, client } = await testApp()
  await enableZap(client, { name: 'Orders', steps: [hook], edges: [] })
  const body = '{"n": 1,  "spaced": true}'
  await fetch(`${app.hooksUrl}/hooks/in?a=1&a=2&b=x%20y`, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', 'x-github-event': 'push' },
  })
  const request = await newest(client)
  expect(request).toMatchObject({
    method: 'POST',
    path: '/hooks/in',
    query: 'a=1&a=2&b=x+y',
    verdict: 'accepted',
    status: 200,
    zapName: 'Orders',
    sender: 'GitHub',
    bytes: body.length,
  })
  expect(request.headers['content-type']).toBe('application/json')
  expect(bodyOf(request)).toBe(body)
  await expect.poll(async () => (await client.runs.get({ id: request.runId ?? '' })).run.status).toBe('succeeded')
})

test('a body that the event gives back exactly is not kept twice, and is shown all the same', async () => {
  const { app, client } = await testApp()
  await enableZap(client, { steps: [hook], edges: [] })
  for (const [type, body] of [
    ['application/json', '{"n":1}'],
    ['text/plain', 'Grüße'],
    ['text/plain', ''],
  ] as const) {
    await fetch(`${app.hooksUrl}/hooks/in`, { method: 'POST', body, headers: { 'content-type': type } })
    expect(bodyOf(await newest(client))).toBe(body)
  }
})

test('what was refused is there with the reason, and is found by its verdict', async () => {
  const { app, client } = await testApp()
  await client.credentials.set({ name: 'key', secret: 'key-1' })
  const verify = { scheme: 'bearer', secrets: [{ $credential: 'key' }] }
  await enableZap(client, { steps: [{ ...hook, input: { path: 'in', verify } }], edges: [] })
  const post = (path: string, key: string, id: string) =>
    fetch(`${app.hooksUrl}/hooks/${path}`, {
      method: 'POST',
      body: 'hello',
      headers: { authorization: `Bearer ${key}`, 'idempotency-key': id },
    })
  await post('nowhere', 'key-1', '1')
  await post('in', 'another', '1')
  await post('in', 'key-1', '1')
  await post('in', 'key-1', '1')
  const verdicts = async (verdict?: 'refused' | 'duplicate' | 'accepted') =>
    (await client.inbox.list({ verdict })).requests.map((request) => request.verdict)
  expect(await verdicts()).toEqual(['duplicate', 'accepted', 'bad-signature', 'unknown-path'])
  expect(await verdicts('refused')).toEqual(['bad-signature', 'unknown-path'])
  expect(await verdicts('duplicate')).toEqual(['duplicate'])
  expect(await verdicts('accepted')).toEqual(['accepted'])
  const [duplicate, accepted, refused] = (await client.inbox.list({})).requests
  expect(duplicate?.runId).toBe(accepted?.runId)
  expect(refused).toMatchObject({ status: 401, runId: null })
  expect(refused?.note).toMatch(/\w/)
  expect(bodyOf(await client.inbox.get({ id: refused?.id ?? -1 }))).toBe('hello')
})

test('the inbox is read page by page', async () => {
  const { app, client } = await testApp()
  for (let n = 0; n < 5; n++) await fetch(`${app.hooksUrl}/hooks/${n}`)
  const seen: string[] = []
  for (let cursor: number | undefined; ; ) {
    const page = await client.inbox.list({ limit: 2, cursor })
    expect(page.requests.length).toBeLessThanOrEqual(2)
    seen.push(...page.requests.map((request) => request.path))
    if (page.next === null) break
    cursor = page.next
  }
  expect(seen).toEqual(['/hooks/4', '/hooks/3', '/hooks/2', '/hooks/1', '/hooks/0'])
})

test('whoever watches hears of a request', async () => {
  const { app, client } = await testApp()
  const events = await client.events.watch()
  await events.next()
  await fetch(`${app.hooksUrl}/hooks/nowhere`)
  for await (const event of events) if (event.type === 'inbox') break
  expect((await client.inbox.list({})).requests).toHaveLength(1)
})

test('a request that is not there says so', async () => {
  const { client } = await testApp()
  await expect(client.inbox.get({ id: 7 })).rejects.toThrow('no request 7')
})
