import { createHmac } from 'node:crypto'
import { expect, test } from 'vitest'
import type { Json } from '../domain/values/json.ts'
import { enableZap, testApp } from '../test-app.ts'

/** An app with a webhook at `/hooks/in` that checks its sender by a scheme, with the secret `the-secret`. */
async function withHook(verify: Readonly<Record<string, Json>> | null) {
  const { app, client } = await testApp()
  await client.credentials.set({ name: 'secret', secret: 'the-secret' })
  await client.credentials.set({ name: 'token', secret: 'the-token' })
  const input = {
    path: 'in',
    ...(verify === null ? {} : { verify: { ...verify, secrets: [{ $credential: 'secret' }] } }),
  }
  await enableZap(client, { steps: [{ id: 'hook', uses: 'webhook.catch', input }], edges: [] })
  const url = `${app.hooksUrl}/hooks/in`
  /** Verdicts in the inbox, the oldest first. Nothing may have run. */
  const verdicts = async () => {
    expect((await client.runs.list({})).runs).toEqual([])
    return (await client.inbox.list({})).requests.map((request) => request.verdict).reverse()
  }
  return { url, client, verdicts }
}

/** Signs as Slack and Zoom do. */
function signed(names: readonly [string, string], body: string, secret = 'the-secret'): Record<string, string> {
  const at = String(Math.floor(Date.now() / 1_000))
  const mac = createHmac('sha256', secret).update(`v0:${at}:${body}`).digest('hex')
  return { 'content-type': 'application/json', [names[0]]: `v0=${mac}`, [names[1]]: at }
}
const SLACK = ['x-slack-signature', 'x-slack-request-timestamp'] as const
const ZOOM = ['x-zm-signature', 'x-zm-request-timestamp'] as const

test('Slack gets its challenge back when it signed its question, and makes no run', async () => {
  const { url, verdicts } = await withHook({ scheme: 'slack' })
  const body = JSON.stringify({
    type: 'url_verification',
    token: 'x',
    challenge: '3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P',
  })
  const answer = await fetch(url, { method: 'POST', headers: signed(SLACK, body), body })
  expect(answer.status).toBe(200)
  expect(answer.headers.get('content-type')).toMatch(/^text\/plain/)
  expect(await answer.text()).toBe('3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P')
  const forged = await fetch(url, { method: 'POST', headers: signed(SLACK, body, 'wrong'), body })
  expect(forged.status).toBe(401)
  expect(await verdicts()).toEqual(['handshake', 'bad-signature'])
})

test('Zoom gets its token back, signed with the secret that its own signature fits', async () => {
  const { url, verdicts } = await withHook({ scheme: 'zoom' })
  const body = JSON.stringify({
    event: 'endpoint.url_validation',
    payload: { plainToken: 'qgg8vlvZRS6UYooatFL8Aw' },
    event_ts: 1,
  })
  const answer = await fetch(url, { method: 'POST', headers: signed(ZOOM, body), body })
  expect(await answer.json()).toEqual({
    plainToken: 'qgg8vlvZRS6UYooatFL8Aw',
    encryptedToken: createHmac('sha256', 'the-secret').update('qgg8vlvZRS6UYooatFL8Aw').digest('hex'),
  })
  expect(await verdicts()).toEqual(['handshake'])
})

test('Meta gets its challenge back as plain text for the right token alone, and the token is kept nowhere', async () => {
  const { url, client, verdicts } = await withHook({ scheme: 'meta', verifyToken: { $credential: 'token' } })
  const ask = (token: string) =>
    fetch(`${url}?hub.mode=subscribe&hub.verify_token=${token}&hub.challenge=<b>1158201444`)
  const answer = await ask('the-token')
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/plain; charset=utf-8'])
  expect(await answer.text()).toBe('<b>1158201444')
  for (const token of ['wrong', '']) expect((await ask(token)).status).toBe(403)
  expect((await fetch(url)).status).toBe(405)
  expect(await verdicts()).toEqual(['handshake', 'bad-signature', 'bad-signature', 'unknown-path'])
  const { requests } = await client.inbox.list({ verdict: 'handshake' })
  const kept = await client.inbox.get({ id: requests[0]?.id ?? 0 })
  expect(JSON.stringify(kept)).not.toContain('the-token')
})

test('without a verify token of ours nobody can subscribe Meta to this address', async () => {
  const { url } = await withHook({ scheme: 'meta' })
  expect((await fetch(`${url}?hub.mode=subscribe&hub.verify_token=&hub.challenge=1`)).status).toBe(403)
})

test('CloudEvents is told that it may send, and its callback address is not called', async () => {
  const { url, verdicts } = await withHook(null)
  const answer = await fetch(url, {
    method: 'OPTIONS',
    headers: {
      'webhook-request-origin': 'events.example.com',
      'webhook-request-rate': '120',
      // It is the listener itself: were it called, the inbox would have one more line.
      'webhook-request-callback': url,
    },
  })
  expect(answer.status).toBe(200)
  expect(answer.headers.get('webhook-allowed-origin')).toBe('events.example.com')
  expect(answer.headers.get('webhook-allowed-rate')).toBe('*')
  expect((await fetch(url, { method: 'OPTIONS' })).status).toBe(405)
  expect(await verdicts()).toEqual(['handshake', 'unknown-path'])
})

test('handshakes are found by their verdict, and are no refusals', async () => {
  const { url, client } = await withHook(null)
  await fetch(url, { method: 'OPTIONS', headers: { 'webhook-request-origin': 'events.example.com' } })
  await fetch(`${url}/elsewhere`)
  const list = async (verdict: 'handshake' | 'refused' | 'unknown-path') =>
    (await client.inbox.list({ verdict })).requests.map((request) => request.verdict)
  expect(await list('handshake')).toEqual(['handshake'])
  expect(await list('refused')).toEqual(['unknown-path'])
  expect(await list('unknown-path')).toEqual(['unknown-path'])
})
