import { generateKeyPairSync, verify } from 'node:crypto'
import { Webhook } from 'standardwebhooks'
import { expect, onTestFinished, test } from 'vitest'
import { manualClock } from '../../domain/time/clock.ts'
import type { Json } from '../../domain/values/json.ts'
import { createGuardedFetch } from '../../engine/guarded-fetch.ts'
import { verifySignature } from '../../ingress/verify-signature.ts'
import { enableZap, type Received, runToEnd, testApp, testServer } from '../../test-app.ts'
import { runAction } from '../test-context.ts'
import { webhookSend } from './send.action.ts'

const SECRET = `whsec_${Buffer.from('0123456789abcdef01234567').toString('base64')}`
const NEXT = `whsec_${Buffer.from('the-next-secret-is-here!').toString('base64')}`

/** A receiver that refuses the first `failures` requests, and remembers all. */
async function receiver(failures = 0) {
  const received: Received[] = []
  const url = await testServer((request, response) => {
    received.push(request)
    response.statusCode = received.length <= failures ? 503 : 200
    response.setHeader('retry-after', '0')
    response.end('{"ok":true}')
  })
  return { url, received }
}

const textHeaders = ({ headers }: Received): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]))

/** Runs the action alone, with credentials by name. */
async function send(input: Record<string, Json>, secrets: Readonly<Record<string, string>>, now = Date.now()) {
  const guarded = createGuardedFetch()
  onTestFinished(() => guarded.close())
  return runAction(webhookSend, input, {
    fetch: guarded.fetch,
    clock: manualClock(now),
    idempotencyKey: 'run_1:send:3.0',
    credential: async ({ $credential }) => ({ type: 'secret', secret: secrets[$credential] ?? '' }),
  })
}

test('what is sent is believed by the standardwebhooks library; a repeat after a failure has the same id', async () => {
  const { url, received } = await receiver(1)
  const { client } = await testApp()
  await client.credentials.set({ name: 'out', secret: SECRET })
  const body = { type: 'order.paid', data: '{{ go }}' }
  const zapId = await enableZap(client, {
    steps: [
      { id: 'go', uses: 'manual.run', input: {} },
      { id: 'send', uses: 'webhook.send', input: { url, body, secrets: [{ $credential: 'out' }] } },
    ],
    edges: [{ from: 'go', to: 'send' }],
  })
  const { run, steps } = await runToEnd(client, zapId, { note: 'Grüße ✓' })
  expect(run.status).toBe('succeeded')
  expect(received).toHaveLength(2)
  for (const request of received) {
    expect(new Webhook(SECRET).verify(request.body, textHeaders(request))).toEqual({
      type: 'order.paid',
      data: { note: 'Grüße ✓' },
    })
    expect(request.headers['webhook-id']).toBe(`${run.id}:send`)
    expect(request.headers['idempotency-key']).toBe(`${run.id}:send`)
    expect(() => new Webhook(NEXT).verify(request.body, textHeaders(request))).toThrow()
  }
  expect(steps.find((step) => step.step === 'send')?.output).toMatchObject({ id: `${run.id}:send`, status: 200 })
  expect(JSON.stringify(steps)).not.toContain(SECRET)
})

test('while a secret is being replaced, receivers with either believe it; an id has no full stop', async () => {
  const { url, received } = await receiver()
  await send(
    { url, body: { a: 1 }, secrets: [{ $credential: 'old' }, { $credential: 'new' }] },
    { old: SECRET, new: NEXT },
  )
  const [request] = received
  if (request === undefined) throw new Error('nothing came')
  for (const secret of [SECRET, NEXT]) {
    expect(new Webhook(secret).verify(request.body, textHeaders(request))).toEqual({ a: 1 })
  }
  expect(request.headers['webhook-id']).toBe('run_1:send:3_0')
})

test('an Ed25519 key signs so that anybody with the public one can tell', async () => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const seed = Buffer.from(privateKey.export({ format: 'jwk' }).d ?? '', 'base64url')
  const { url, received } = await receiver()
  await send({ url, body: 'hello', secrets: [{ $credential: 'key' }] }, { key: `whsk_${seed.toString('base64')}` })
  const { headers = {}, body = '' } = received[0] ?? {}
  const [version, signature = ''] = String(headers['webhook-signature']).split(',')
  const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`
  expect(version).toBe('v1a')
  expect(verify(null, Buffer.from(signed), publicKey, Buffer.from(signature, 'base64'))).toBe(true)
  expect(headers['content-type']).toMatch(/^text\/plain/)
})

test('with a signature of one’s own, what is sent is what a webhook with the same options believes', async () => {
  const { url, received } = await receiver()
  const options = {
    header: 'X-Acme-Signature',
    algorithm: 'sha512',
    encoding: 'base64',
    prefix: 'v1=',
    signed: '{id}/{ts}/{body}',
    timestampHeader: 'X-Acme-Time',
    idHeader: 'X-Acme-Id',
  } as const
  const body = { note: '{ts} and {id} in a body are only text' }
  await send({ url, body, scheme: 'hmac', secrets: [{ $credential: 'k' }], ...options }, { k: 'sesame' })
  const [request] = received
  if (request === undefined) throw new Error('nothing came')
  const arrived = { headers: textHeaders(request), rawBody: Buffer.from(request.body), url, method: 'POST' }
  expect(verifySignature({ scheme: 'hmac', secrets: ['sesame'], ...options }, arrived, Date.now())).toMatchObject({
    ok: true,
  })
})

test('what cannot sign is named, and nothing is sent', async () => {
  const { url, received } = await receiver()
  await expect(send({ url, secrets: [{ $credential: 'k' }] }, { k: 'not base64!' })).rejects.toThrow(/must be base64/)
  await expect(send({ url, secrets: [] }, {})).rejects.toThrow()
  await expect(send({ url, scheme: 'hmac', secrets: [{ $credential: 'k' }] }, { k: 'x' })).rejects.toThrow()
  expect(received).toEqual([])
})
